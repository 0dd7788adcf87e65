"""The compiled engine: the sample path of the simpy engine, event for event, some twenty to sixty times as fast.

Needs numba (`pip install "chainsim[fast]"`), which is loaded when this engine runs and not before.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chainsim.engines.books import backwards, count_good_buckets, endless, flows_per_bucket, without_places
from chainsim.engines.compiled.layout import BACKWARDS, ENDLESS, FINISHED, FULL
from chainsim.engines.compiled.loops import loop_for
from chainsim.engines.compiled.state import State
from chainsim.errors import BudgetError
from chainsim.plan.plan import Plan
from chainsim.record.record import Event, Record

SLICE = 1_000_000
"""Events after which the loop comes back for a moment, so that Ctrl-C is heard."""


def simulate(plan: Plan, replication: int, *, log: bool = False) -> Record:
    """Run one replication of a Plan and return its Record, bit for bit that of the simpy engine."""
    loop, rules = loop_for(plan.rules)
    return run(loop, State(plan, rules, logging=log), replication)


def replications(plan: Plan, first: int, count: int) -> Iterator[Record]:
    """Replications first … first + count − 1, one after the other in the same memory."""
    loop, rules = loop_for(plan.rules)
    state = State(plan, rules)
    for replication in range(first, first + count):
        yield run(loop, state, replication)


def run(loop: Any, state: State, replication: int) -> Record:
    """One replication in the memory of `state`."""
    state.restart(replication)
    while True:
        loop(state.address, state["events"] + SLICE)
        status = state["status"]
        if status == FINISHED:
            return record(state, replication)
        if status == FULL:
            state.grow()
        elif status == ENDLESS:
            raise BudgetError(endless(state.plan, state["now"], state["key"]))
        elif status == BACKWARDS:
            raise BudgetError(backwards(state.plan, state["now"]))


def record(state: State, replication: int) -> Record:
    """The Record of a replication that has ended."""
    arrays = state.arrays
    series = flows_per_bucket(arrays["series"])
    count_good_buckets(arrays["points"], series, state.full_buckets)
    tables = ("points", "lanes", "resources")
    lines = arrays["lines"][: state["lines_used"]]
    return Record(
        policy=state.plan.policy,
        replication=replication,
        opening=without_places({name: arrays[f"opening_{name}"] for name in tables}),
        closing=without_places({name: arrays[name] for name in tables}),
        series=series,
        edges=arrays["edges"],
        waiting=arrays["waiting"],
        waiting_time=arrays["waiting_time"],
        events=state["events"],
        log=tuple(Event(*line) for line in lines.tolist()) if state["logging"] else None,
    )
