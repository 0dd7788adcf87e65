"""The newsvendor: one order before one random demand. Leftovers cost c_o each, shortages c_u each.

The same ratio fixes the level of any base-stock policy with backorders, with c_u = b and c_o = h.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from chainsim.theory.lead_time_demand import SURE, LeadTimeDemand


class Newsvendor(NamedTuple):
    """Order-up-to level, mean leftover, mean shortage (units), mean cost of the period, P(no shortage), fill rate."""

    level: float
    leftover: float
    shortage: float
    cost: float
    no_stockout: float
    fill_rate: float


def critical_ratio(underage: float, overage: float) -> float:
    """c_u / (c_u + c_o), the best probability of not running short. Arrow, Harris & Marschak (1951), Econometrica 19.

    >>> round(critical_ratio(0.70, 0.18), 4)
    0.7955
    """
    if underage <= 0.0 or overage <= 0.0:
        raise ValueError("the newsvendor ratio c_u / (c_u + c_o) needs both costs above 0")
    return underage / (underage + overage)


def newsvendor(demand: LeadTimeDemand, underage: float, overage: float) -> Newsvendor:
    """S* = F⁻¹(c_u / (c_u + c_o)) (smallest such S for whole units). Snyder & Shen (2019), §4.3.

    >>> best = newsvendor(LeadTimeDemand(50, 8), 0.70, 0.18)  # Snyder & Shen, Example 4.1
    >>> round(best.level, 1), round(best.cost, 4)
    (56.6, 1.9976)
    >>> newsvendor(LeadTimeDemand(18, 0, "poisson"), 270, 200).level  # Snyder & Shen, Problem 4.8(a)
    19.0
    """
    level = demand.quantile(critical_ratio(underage, overage))
    shortage = demand.loss(level)
    leftover = level - demand.mean - demand.added + shortage
    cost = overage * leftover + underage * shortage
    return Newsvendor(level, leftover, shortage, cost, demand.cdf(level), _served(shortage, demand.mean + demand.added))


def newsvendor_discrete(probabilities: Mapping[float, float], underage: float, overage: float) -> Newsvendor:
    """The newsvendor for demand with any discrete distribution: value → probability.

    >>> odds = {1: 0.25, 2: 0.05, 3: 0.1, 4: 0.2, 5: 0.15, 6: 0.1, 7: 0.1, 8: 0.05}
    >>> best = newsvendor_discrete(odds, 1_000_000, 500_000)  # Snyder & Shen, Problem 4.7(b)
    >>> best.level, round(best.leftover, 2), round(best.shortage, 2)
    (5, 1.55, 0.45)
    """
    if abs(sum(probabilities.values()) - 1.0) > 1e-9 or min(probabilities.values()) < 0.0:
        raise ValueError("probabilities must not be negative and must sum to 1")
    ratio = critical_ratio(underage, overage)
    below = 0.0
    level = max(probabilities)
    for value in sorted(probabilities):
        below += probabilities[value]
        if below >= ratio - SURE:
            level = value
            break
    leftover = sum(p * max(level - value, 0.0) for value, p in probabilities.items())
    shortage = sum(p * max(value - level, 0.0) for value, p in probabilities.items())
    cost = overage * leftover + underage * shortage
    no_stockout = sum(p for value, p in probabilities.items() if value <= level)
    mean = sum(p * value for value, p in probabilities.items())
    return Newsvendor(level, leftover, shortage, cost, no_stockout, _served(shortage, mean))


def _served(shortage: float, mean: float) -> float:
    """Share of units served; demand that never comes is served."""
    return 1.0 - shortage / mean if mean > 0.0 else 1.0
