"""A Plan with one more outage: all else is shared, so that hundreds of outages cost one compilation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from chainsim.plan.ground import Ground
from chainsim.plan.plan import Plan, frozen
from chainsim.plan.supply import compile_outages
from chainsim.scenario.model_outages import Outage


def with_outage(plan: Plan, ground: Ground, outage: Outage) -> Plan:
    """The Plan that the scenario of this ground, with a scheduled outage more, compiles to at the same levels.

    Raises ValueError for an outage by chance, which has streams of its own.
    """
    if outage.time_between is not None or outage.after is not None:
        raise ValueError("only a scheduled outage can be put into a plan")
    alone = replace(ground.scenario, outages=(outage,))
    row, lanes = compile_outages(alone, ground.network, ground.book, ground.clock)
    labels = sorted(known.label for known in ground.scenario.outages)
    place = sum(label <= outage.label for label in labels)
    rows = np.concatenate([plan.outages[:place], row, plan.outages[place:]])
    before = int(plan.outages["lanes"][:place].sum())
    rows["first_lane"] = np.cumsum(rows["lanes"]) - rows["lanes"]
    rows["after"] += rows["after"] >= place
    return replace(
        plan,
        outages=frozen(rows),
        outage_lanes=frozen(np.concatenate([plan.outage_lanes[:before], lanes, plan.outage_lanes[before:]])),
    )
