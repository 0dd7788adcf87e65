"""Choosing an engine: what it can do is asked before running (`Support`), never found out half way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal, NamedTuple

from chainsim.errors import MissingPartError, UsageError
from chainsim.plan.plan import Plan
from chainsim.record.record import Record
from chainsim.record.stack import Records
from chainsim.registry import did_you_mean

SIMPY_SECONDS = 5e-6
"""What an event takes the simpy engine, roughly."""
START_SECONDS, COMPILE_SECONDS = 1.0, 10.0
"""Work of the simpy engine from which the compiled one pays: when it was compiled before, and when it was not."""


class Support(NamedTuple):
    """The answer to "can you run this plan?": false, and says why."""

    ok: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.ok


@dataclass(frozen=True)
class Engine:
    """An engine by name. Its module offers `simulate(plan, replication, log=)`, `replications(plan, first, count)`, and
    `Runner()`, to be called as `replications` for one Plan after the other."""

    name: str
    summary: str
    module: str
    workers: Literal["processes", "threads"]  # what lets it use several cores
    support: Callable[[Plan | None], Support]

    def load(self) -> Any:
        """The module; only now are simpy or numba imported."""
        return import_module(self.module)


def simpy_support(plan: Plan | None = None) -> Support:
    """The reference engine runs everything."""
    return Support(True)


def compiled_support(plan: Plan | None = None) -> Support:
    """The compiled engine needs numba, and rules that numba can compile."""
    from chainsim.engines.compiled.loops import refusal

    reason = refusal(plan.rules if plan is not None else ())
    return Support(not reason, reason)


ENGINES: dict[str, Engine] = {
    "simpy": Engine(
        "simpy", "the reference: processes one can read", "chainsim.engines.simpy_engine", "processes", simpy_support
    ),
    "compiled": Engine(
        "compiled",
        "the same sample paths, many times as fast",
        "chainsim.engines.compiled_engine",
        "threads",
        compiled_support,
    ),
}


def choose_engine(name: str, plans: Sequence[Plan] = (), *, events: float = 0.0, workers: int = 1) -> str:
    """The name of the engine that will run these plans.

    'auto' takes the compiled engine when it is installed, supports every plan, and pays: `events` expected in all, on so
    many `workers`. Raises UsageError for an unknown name, MissingPartError when the one asked for cannot run a plan.
    """
    if name == "auto":
        return "compiled" if _compiled_pays(plans, events, workers) else "simpy"
    if name not in ENGINES:
        raise UsageError(
            f"unknown engine '{name}'{did_you_mean(name, list(ENGINES))}; known: auto, {', '.join(ENGINES)}"
        )
    for plan in plans or (None,):
        support = ENGINES[name].support(plan)
        if not support:
            raise MissingPartError(support.reason)
    return name


def _compiled_pays(plans: Sequence[Plan], events: float, workers: int) -> bool:
    seconds = events * SIMPY_SECONDS / workers
    if seconds < START_SECONDS or not all(compiled_support(plan) for plan in plans or (None,)):
        return False
    from chainsim.engines.compiled.loops import compiled_before

    return seconds >= COMPILE_SECONDS or all(compiled_before(plan.rules) for plan in plans)


def simulate(plan: Plan, replication: int, *, engine: str = "auto", log: bool = False) -> Record:
    """One replication of a Plan on the chosen engine; the Record is the same on all of them.

    Raises as `choose_engine` does, and BudgetError when one instant never ends.
    """
    record: Record = ENGINES[choose_engine(engine, (plan,))].load().simulate(plan, replication, log=log)
    return record


def replications(plan: Plan, first: int, count: int, *, engine: str) -> Iterator[Records]:
    """Replications first … first + count − 1 by the engine of that name, in order, some at a time. When one fails, those
    before it come first."""
    records: Iterator[Records] = ENGINES[engine].load().replications(plan, first, count)
    return records


def runner(engine: str) -> Callable[[Plan, int, int], Iterator[Records]]:
    """What gives replications first … first + count − 1 of one Plan after the other: of Plans that differ in their levels
    only, an engine keeps its memory. A runner for each thread."""
    made: Callable[[Plan, int, int], Iterator[Records]] = ENGINES[engine].load().Runner()
    return made
