"""Choosing an engine: what it can do is asked before running (`Support`), never found out half way."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from chainsim.errors import MissingPartError, UsageError
from chainsim.plan.plan import Plan
from chainsim.record.record import Record
from chainsim.registry import did_you_mean


class Support(NamedTuple):
    """The answer to "can you run this plan?": false, and says why."""

    ok: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.ok


def simpy_support(plan: Plan | None = None) -> Support:
    """The reference engine runs everything."""
    return Support(True)


def compiled_support(plan: Plan | None = None) -> Support:
    """The compiled engine is not part of this version."""
    return Support(False, "the compiled engine is not part of this version of chainsim; use --engine simpy")


ENGINES: dict[str, Callable[[Plan | None], Support]] = {"simpy": simpy_support, "compiled": compiled_support}


def choose_engine(name: str, plan: Plan | None = None) -> str:
    """The engine that will run: 'auto' takes the fastest that can. Raises when the one asked for cannot."""
    if name == "auto":
        return "simpy"
    if name not in ENGINES:
        raise UsageError(
            f"unknown engine '{name}'{did_you_mean(name, list(ENGINES))}; known: auto, {', '.join(ENGINES)}"
        )
    support = ENGINES[name](plan)
    if not support:
        raise MissingPartError(support.reason)
    return name


def simulate(plan: Plan, replication: int, *, engine: str = "auto", log: bool = False) -> Record:
    """One replication of a Plan on the chosen engine."""
    choose_engine(engine, plan)
    from chainsim.engines.simpy_engine import simulate as run  # the engine is loaded when it runs

    return run(plan, replication, log=log)
