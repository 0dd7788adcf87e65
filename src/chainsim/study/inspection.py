"""Replication 0 of a policy once more, with its event log: is the cost what the log says, and do the engines agree?

Always on the simpy engine, so that what is found does not depend on who ran the study.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from chainsim.engines.base import simulate
from chainsim.engines.parity import first_difference
from chainsim.errors import ConservationError
from chainsim.kpis import KPIS, measure
from chainsim.plan.plan import Plan
from chainsim.record.record import Record
from chainsim.record.recount import recount, untold

LIMIT = 1e-9
"""Relative difference allowed between the cost of the log and the measure."""
MOST_EVENTS = 200_000
FEWEST_REPLICATIONS = 5
"""A log is made when a replication is expected to have at most so many events, and the run has so many replications that
one more is little."""
IDENTICAL = "identical"


@dataclass(frozen=True)
class Inspection:
    """difference: |cost of the log − measure| ÷ the larger; None when not recounted, and `reason` says why.
    parity: 'identical', or why the engines were not compared."""

    difference: float | None
    reason: str
    parity: str


def inspect(plan: Plan, replications: int, engine: str) -> Inspection:
    """Inspect a policy of a run of so many replications that `engine` made.

    Raises ConservationError when the costs differ, or when the engines do: either is a bug of ours.
    """
    skipped = ""
    if replications < FEWEST_REPLICATIONS:
        skipped = "few replications"
    elif plan.expected_events > MOST_EVENTS:
        skipped = f"more than {MOST_EVENTS:,} events expected in a replication"
    reason = skipped or untold(plan)
    compared = engine == "compiled" and not skipped
    parity = IDENTICAL if compared else skipped if engine == "compiled" else f"ran on the {engine} engine"
    if reason and not compared:
        return Inspection(None, reason, parity)
    record = simulate(plan, 0, engine="simpy", log=True)
    difference = None if reason else cost_difference(record, plan)
    if compared:
        found = first_difference(record, simulate(plan, 0, engine=engine, log=True), plan)
        if found is None:  # and as the run itself had it: without a log the compiled engine takes short cuts
            found = first_difference(replace(record, log=None), simulate(plan, 0, engine=engine), plan)
        if found is not None:
            raise ConservationError(
                f"policy '{plan.policy}', replication 0: simpy and {engine} engine differ\n  {found}"
            )
    return Inspection(difference, reason, parity)


def cost_difference(record: Record, plan: Plan) -> float:
    """Relative difference between the cost recounted from the log and the measure `total_cost`.

    Raises ConservationError when it is above `LIMIT`, ValueError when the log does not tell the cost.
    """
    counted = recount(record, plan)
    if counted.cost is None:
        raise ValueError(counted.reason)
    measured = float(measure(record, plan, "network").values[0, KPIS.names().index("total_cost")])
    larger = max(abs(counted.cost), abs(measured))
    difference = abs(counted.cost - measured) / larger if larger else 0.0
    if not difference <= LIMIT:
        raise ConservationError(
            f"policy '{plan.policy}', replication {record.replication}: the event log tells a total cost of "
            f"{counted.cost!r} per year, the measure says {measured!r}"
        )
    return difference
