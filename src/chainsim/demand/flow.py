"""Demand that flows: a constant rate in continuous time, without customers."""

from __future__ import annotations

import math
from dataclasses import dataclass

from chainsim.chance.base import Problem
from chainsim.demand.base import DEMANDS, DemandContext, DemandFacts, DemandProcess
from chainsim.fields import field_of
from chainsim.rules.arrivals import FLOW


@DEMANDS.register("flow")
@dataclass(frozen=True, kw_only=True)
class Flow(DemandProcess):
    """A constant rate in continuous time, as in the economic order quantity: stock falls along a straight line.

    The product must be `divisible`, and the stock point serves nobody else. Unmet demand waits or is lost. There are no
    single orders of customers, so measures that count them are undefined here.
    Source: Harris (1913), Factory 10:135-136, 152; Snyder & Shen, "Fundamentals of Supply Chain Theory", 2nd ed. (2019),
    section 3.2.
    """

    rate: float = field_of("rate", "Units per time.", unit="units", symbol="D", above=0, example="1300 per year")

    def problems(self) -> list[Problem]:
        if not (math.isfinite(self.rate) and self.rate > 0):
            return [("rate", f"must be above 0, found {self.rate:g}", "")]
        return []

    def problems_at(self, here: DemandContext) -> list[Problem]:
        if here.whole:
            return [("type", f"a flow of '{here.product}', which comes in whole units", "say divisible: true")]
        if here.mean_level() != 1.0 or here.level.cells(here.end) != [(0, 1.0)]:
            return [("type", "a flow keeps its rate: no season, step or surge", "use type: per_period or arrivals")]
        return []

    def facts(self, here: DemandContext) -> DemandFacts:
        return DemandFacts(self.rate, 0.0, interval=0.0, size_mean=0.0, size_sd=0.0, poisson=False)

    def columns(self, here: DemandContext) -> dict[str, float | int]:
        return {"kind": FLOW, "start": here.end}  # the first customer would come when all is over
