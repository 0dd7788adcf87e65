"""Demand: who buys how much and when, as described processes and a season that multiplies them.

Importing this package registers every demand process of ours.
"""

from chainsim.demand import per_period, arrivals, ar1, history, flow  # noqa: I001 (the order of registration is that of lists and tables)
from chainsim.demand.base import DEMANDS, DemandContext, DemandFacts, DemandProcess
from chainsim.demand.level import Level

__all__ = [
    "DEMANDS",
    "DemandContext",
    "DemandFacts",
    "DemandProcess",
    "Level",
    "ar1",
    "arrivals",
    "flow",
    "history",
    "per_period",
]
