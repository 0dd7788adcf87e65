"""Two engines on one replication: the simpy engine is the reference, the compiled one must not be told from it."""

from __future__ import annotations

from dataclasses import replace

from chainsim.engines import compiled_engine, simpy_engine
from chainsim.engines.parity import Difference, first_difference
from chainsim.plan.plan import Plan


def difference(plan: Plan, replication: int = 0) -> Difference | None:
    """Where the compiled engine's Record first parts from the simpy engine's: with the event log, and without."""
    reference = simpy_engine.simulate(plan, replication, log=True)
    found = first_difference(reference, compiled_engine.simulate(plan, replication, log=True), plan)
    if found is not None:
        return found
    return first_difference(replace(reference, log=None), compiled_engine.simulate(plan, replication), plan)


def check(plan: Plan, replication: int = 0) -> None:
    """Fails, telling where they part, unless both engines give identical Records."""
    found = difference(plan, replication)
    assert found is None, f"policy '{plan.policy}', replication {replication}: {found}"
