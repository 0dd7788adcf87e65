"""The compiled engine: the sample path of the simpy engine, event for event, some twenty to sixty times as fast.

Needs numba (`pip install "chainsim[fast]"`), which is loaded when this engine runs and not before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from chainsim.engines.books import backwards, endless, flows_per_bucket, without_places
from chainsim.engines.compiled.layout import BACKWARDS, ENDLESS, FINISHED, FULL
from chainsim.engines.compiled.loops import loop_for
from chainsim.engines.compiled.state import State
from chainsim.engines.pools import POOLS
from chainsim.errors import BudgetError
from chainsim.plan.plan import Plan
from chainsim.record.record import Event, Record
from chainsim.record.stack import Records
from chainsim.record.totals import TOTALS

SLICE = 1_000_000
"""Events after which the loop comes back for a moment, so that Ctrl-C is heard."""


def simulate(plan: Plan, replication: int, *, log: bool = False) -> Record:
    """Run one replication of a Plan and return its Record, bit for bit that of the simpy engine."""
    loop, rules = loop_for(plan.rules)
    state = State(plan, rules, logging=log)
    run(loop, state, replication)
    lines = state.arrays["lines"][: state["lines_used"]]
    return replace(
        read(state, replication).record(0), log=tuple(Event(*line) for line in lines.tolist()) if log else None
    )


def replications(plan: Plan, first: int, count: int) -> Iterator[Records]:
    """Replications first … first + count − 1 in stacks, one after the other in the same memory. When one fails, those
    before it come first."""
    return Runner()(plan, first, count)


class Runner:
    """`replications` of one Plan after the other, in the same memory as long as they differ in their levels only."""

    def __init__(self) -> None:
        self._loop: Any = None
        self._state: State | None = None

    def __call__(self, plan: Plan, first: int, count: int) -> Iterator[Records]:
        """What was yielded stays as it is. No two threads may ask at the same time."""
        state = self._state
        if state is None or not state.turn_to(plan):
            self._loop, rules = loop_for(plan.rules)
            state = self._state = State(plan, rules)
        state.places = min(count, State.room(plan))
        end = first + count
        while first < end:
            state.clear()
            try:
                for place in range(min(state.places, end - first)):
                    run(self._loop, state, first + place, place)
            except BudgetError:
                if place > 0:
                    yield read(state, first, place)
                raise
            yield read(state, first, place + 1)
            first += place + 1


def run(loop: Any, state: State, replication: int, place: int = 0) -> None:
    """One replication, kept at a place of the memory of `state`."""
    state.restart(replication, place)
    while True:
        loop(state.address, state["events"] + SLICE)
        status = state["status"]
        if status == FINISHED:
            state.events[place] = state["events"]
            return
        if status == FULL:
            if not state.grow():  # for ever, otherwise
                raise RuntimeError(stuck(state))
        elif status == ENDLESS:
            raise BudgetError(endless(state.plan, state["now"], state["key"]))
        elif status == BACKWARDS:
            raise BudgetError(backwards(state.plan, state["now"]))


def stuck(state: State) -> str:
    """What to say when the loop asks for room and no pool seems full: a fault of the engine."""
    rows = ", ".join(f"{pool.name} {state[f'{pool.name}_used']} of {len(state.arrays[pool.name])}" for pool in POOLS)
    return (
        f"policy '{state.plan.policy}': the compiled engine asks for room at tick {state['now']}, and no pool is full ({rows}). "
        "This is a fault of chainsim: please report it; --engine simpy runs the same replication."
    )


def read(state: State, first: int, count: int = 1) -> Records:
    """What was kept of replications first … first + count − 1."""
    kept = {name: array[:count] for name, array in state.kept.items()}
    series = flows_per_bucket(kept["series"])
    return Records(
        policy=state.plan.policy,
        replications=np.arange(first, first + count),
        opening=without_places({name: kept[f"opening_{name}"] for name in TOTALS}),
        closing=without_places({name: kept[name] for name in TOTALS}),
        series=series,
        edges=state.arrays["edges"],
        waiting=kept["waiting"],
        waiting_time=kept["waiting_time"],
        events=state.events[:count],
    )
