"""Risk pooling: one stock for several places instead of one stock each."""

from __future__ import annotations

from math import exp, pi, sqrt
from typing import NamedTuple

from chainsim.theory.newsvendor import critical_ratio
from chainsim.theory.reorder_point import safety_factor


class Pooling(NamedTuple):
    """Costs per period of separate stocks and of one pooled stock; level and safety stock of each; level of the pool."""

    separate_cost: float
    pooled_cost: float
    level_each: float
    safety_stock_each: float
    pooled_level: float

    @property
    def ratio(self) -> float:
        """Pooled over separate cost: √((1 + (n − 1)ρ)/n), the square-root law when ρ = 0."""
        return self.pooled_cost / self.separate_cost


def risk_pooling(
    places: int,
    mean: float,
    sd: float,
    correlation: float,
    lead_time: int,
    holding_cost: float,
    backorder_cost: float,
) -> Pooling:
    """Base stock each period for normal demand (mean, sd per place and period, every pair equally correlated).

    Ordering before demand, so that L + 1 periods are covered; S = (L + 1)μ + zσ√(L + 1), cost (h + b)φ(z)σ√(L + 1) per
    stock. Eppen (1979), Management Science 25:498-501.

    >>> pool = risk_pooling(4, 100, 20, 0.0, lead_time=2, holding_cost=1, backorder_cost=9)
    >>> round(pool.separate_cost, 3), round(pool.pooled_cost, 3), round(pool.ratio, 6)
    (243.178, 121.589, 0.5)
    """
    if not -1.0 <= (places - 1) * correlation <= places - 1:
        raise ValueError("so many places cannot all be correlated like this")
    z = safety_factor(critical_ratio(backorder_cost, holding_cost))
    covered = lead_time + 1
    spread = sd * sqrt(covered)
    pooled_spread = spread * sqrt(places * (1.0 + (places - 1) * correlation))
    unit_cost = (holding_cost + backorder_cost) * exp(-z * z / 2.0) / sqrt(2.0 * pi)
    return Pooling(
        places * unit_cost * spread,
        unit_cost * pooled_spread,
        covered * mean + z * spread,
        z * spread,
        places * covered * mean + z * pooled_spread,
    )
