"""Replication 0 of a policy once more, with its event log: are cost and stock what the log says, and do the engines agree?

Always on the simpy engine, so that what is found does not depend on who ran the study.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from chainsim.engines.base import simulate
from chainsim.engines.parity import first_difference
from chainsim.errors import ConservationError
from chainsim.kpis import cost_lines, measure
from chainsim.plan.plan import Plan
from chainsim.record.record import Record
from chainsim.record.recount import LINES, recount, untold
from chainsim.record.stays import stays_difference, untold_stays

LIMIT = 1e-9
"""Relative difference allowed between what the log tells and the measure: of cost, and of stock."""
MOST_EVENTS = 200_000
FEWEST_REPLICATIONS = 5
"""A log is made when a replication is expected to have at most so many events, and the run has so many replications that
one more is little."""
IDENTICAL = "identical"


@dataclass(frozen=True)
class Inspection:
    """difference: |cost of the log − measure| ÷ the larger; None when not recounted, and `reason` says why.
    parity: 'identical', or why the engines were not compared.
    stays: the same for stock: how long units stayed ÷ time integral; None when not followed, and `unseen` says why."""

    difference: float | None
    reason: str
    parity: str
    stays: float | None
    unseen: str


def inspect(plan: Plan, replications: int, engine: str) -> Inspection:
    """Inspect a policy of a run of so many replications that `engine` made.

    Raises ConservationError when log and measures differ, or the engines do: either is a bug of ours.
    """
    skipped = ""
    if replications < FEWEST_REPLICATIONS:
        skipped = f"fewer than {FEWEST_REPLICATIONS} replications"
    elif plan.expected_events > MOST_EVENTS:
        skipped = f"more than {MOST_EVENTS:,} events expected in a replication"
    reason, unseen = skipped or uncounted() or untold(plan), skipped or untold_stays(plan)
    compared = engine == "compiled" and not skipped
    parity = IDENTICAL if compared else skipped if engine == "compiled" else f"ran on the {engine} engine"
    if reason and unseen and not compared:
        return Inspection(None, reason, parity, None, unseen)
    record = simulate(plan, 0, engine="simpy", log=True)
    stays = None if unseen else stock_difference(record, plan)
    difference = None if reason else cost_difference(record, plan)
    if compared:
        found = first_difference(record, simulate(plan, 0, engine=engine, log=True), plan)
        if found is None:  # and as the run itself had it: without a log the compiled engine takes short cuts
            found = first_difference(replace(record, log=None), simulate(plan, 0, engine=engine), plan)
        if found is not None:
            raise ConservationError(
                f"policy '{plan.policy}', replication 0: simpy and {engine} engine differ\n  {found}"
            )
    return Inspection(difference, reason, parity, stays, unseen)


def uncounted() -> str:
    """Why the total cost has a line that no log tells; '' when it has none."""
    names = [line.title.lower() for line in cost_lines() if line.id not in LINES]
    return f"the log does not tell {', '.join(names)}" if names else ""


def cost_difference(record: Record, plan: Plan) -> float:
    """Relative difference between the cost recounted from the log and the measure `total_cost`.

    Raises ConservationError when it is above `LIMIT`, ValueError when the log does not tell the cost.
    """
    counted = recount(record, plan)
    if counted.cost is None:
        raise ValueError(counted.reason)
    found = measure(record, plan, "network")
    measured = float(found.values[0, found.ids.index("total_cost")])
    larger = max(abs(counted.cost), abs(measured))
    difference = abs(counted.cost - measured) / larger if larger else 0.0
    if not difference <= LIMIT:
        raise ConservationError(
            f"policy '{plan.policy}', replication {record.replication}: the event log tells a total cost of "
            f"{counted.cost!r} per year, the measure says {measured!r}"
        )
    return difference


def stock_difference(record: Record, plan: Plan) -> float:
    """Little's law for stock (`record.stays`). Raises ConservationError when it does not hold to `LIMIT`."""
    difference = stays_difference(record, plan)
    if not difference <= LIMIT:
        raise ConservationError(
            f"policy '{plan.policy}', replication {record.replication}: the times units stayed on a shelf, by the event log, "
            f"and the time integral of its stock differ by a share of {difference:.3g}"
        )
    return difference
