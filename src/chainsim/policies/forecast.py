"""What the forecast-driven order-up-to policies share: S_t = forecast over the protection interval + z·σ̂·√(intervals).

Demand is observed per review interval R. An order covers M / R of them, M the protection interval, so that
S_t = F_t·(M/R) + z·σ̂_t·√(M/R), with F_t the forecast and σ̂_t the standard deviation, both per review interval. The first
review is not taken as an observation: less than a review interval may have passed.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from chainsim.fields import field_of
from chainsim.policies.base import Derived, PointFacts
from chainsim.policies.service import ServiceDriven
from chainsim.policies.textbook import in_whole_periods, inputs_of, least_cover, order_up_to_level, protected_demand


@dataclass(frozen=True)
class Cover:
    """What an order covers. Per review interval: mean, sd of demand; intervals: M / R; safety: z·√(M/R), so that the
    safety stock is safety × sd; level: S at the scenario's own mean and sd."""

    mean: float
    sd: float
    intervals: float
    safety: float
    level: Derived


@dataclass(frozen=True, kw_only=True)
class CoverDriven(ServiceDriven):
    """Base of order-up-to policies whose level follows a forecast; reviewed periodically."""

    review_interval: float = field_of("duration", "Time between reviews.", symbol="R", example="1 week", above=0)

    def cover(self, point: PointFacts) -> Cover:
        """Safety factor and interval of a stock point. z is what the service target asks of a normal demand."""
        target = self.target(point)
        if self.derivation == "auto":
            point = in_whole_periods(point)
        demand = protected_demand(point, "normal", least_cover(point, target))
        level = order_up_to_level(point, target, "normal")
        z = (level.exact - demand.mean) / demand.sd if demand.sd > 0.0 else 0.0
        intervals = demand.mean / (point.demand_mean * point.review_interval)
        mean = point.demand_mean * point.review_interval
        # a lead time that varies is part of the uncertainty: put into the sd per interval, known or by its ratio
        plain = point.demand_sd * sqrt(point.review_interval * intervals)
        inflated = z * sqrt(intervals) * (demand.sd / plain if plain > 0.0 else 1.0)
        shown = Derived(
            "order_up_to_level", "S", level.exact, level.exact, "units",
            f"at the start of S_t = F_t·M/R + z·σ̂·√(M/R): F₀ = d·R, σ̂₀ = σ·√R, z = {z:.4g} for {target}",
            {**inputs_of(point, demand, target), "R": point.review_interval, "z": z},
        )  # fmt: skip
        return Cover(mean, point.demand_sd * sqrt(point.review_interval), intervals, inflated, shown)


@dataclass(frozen=True, kw_only=True)
class ForecastDriven(CoverDriven):
    """Base of those that learn the standard deviation too."""

    deviation: str = field_of(
        "choice",
        "Standard deviation in the safety stock: estimated from what was observed, or known from the scenario.",
        default="estimated",
        choices=("estimated", "known"),
    )
