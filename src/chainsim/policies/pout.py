"""Proportional order-up-to: order the forecast, and close only part of the gap to the target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chainsim.fields import field_of
from chainsim.policies.base import POLICIES, Derived, PointFacts, Settings
from chainsim.policies.knobs import Knobs, on_the_logit
from chainsim.policies.service import ServiceDriven
from chainsim.policies.textbook import by_two_moments, in_whole_periods, order_up_to_level
from chainsim.rules.position import inventory_position


def order_quantity(stock: Any, p: Sequence[float], memory: list[float]) -> float:
    """Order F + φ·(S − F − position), S = F·(M/R) + safety stock. p = (φ, a, M/R, safety stock); memory = [reviews, F]."""
    if memory[0] > 0.0:
        memory[1] += p[1] * (stock.recent_demand - memory[1])
    memory[0] += 1.0
    level = memory[1] * p[2] + p[3]
    quantity = memory[1] + p[0] * (level - memory[1] - inventory_position(stock))
    return quantity if quantity > 0.0 else 0.0


@POLICIES.register("pout")
@dataclass(frozen=True, kw_only=True)
class Proportional(ServiceDriven):
    """Proportional order-up-to (order smoothing): at each review order F + φ·(S − F − position): the forecast and a share
    φ of the gap. φ = 1 is order-up-to S; a smaller φ sends steadier orders upstream and needs more stock.

    Symbols: F forecast of demand per review interval R, S = F·(M/R) + safety stock, M protection interval (time), safety
    stock = z·√(M·σ² + d²·σ_L² + V), V = R·σ²·(1 − φ)²/(1 − (1 − φ)²) what smoothing adds to the variance of net stock.
    F is the scenario's mean unless `smoothing` lets it follow demand. Orders are never negative.

    Source: Dejonckheere, Disney, Lambrecht & Towill (2003), European Journal of Operational Research 147:567-590; Disney
    & Towill (2003), Omega 31:157-167 (variance of net stock). Bullwhip at a constant forecast: φ/(2 − φ).

    F = 10, S = 30, φ = 0.25. After a demand of 18 the position is 12, 8 below S − F: order 10 + 8/4:

    >>> from chainsim.plan.tables import POINT
    >>> order_quantity(POINT.row(whole=1, on_hand=12.0, on_order=0.0, backorders=0.0, recent_demand=18.0), (0.25, 0.0, 3.0, 0.0), [1.0, 10.0])
    12.0
    """

    title = "Proportional order-up-to (POUT)"
    summary = "At each review, order the forecast plus a share of the gap between target and position."
    source = "Dejonckheere, Disney, Lambrecht & Towill (2003): O = F + φ·(S − F − position)"
    review = "periodic"
    rule = staticmethod(order_quantity)
    # its level moves with the forecast: the service it plans for is its knob, for each group its own
    knobs = Knobs(on_the_logit)

    review_interval: float = field_of("duration", "Time between reviews.", symbol="R", example="1 week", above=0)
    proportion: float = field_of(
        "fraction",
        "Share of the gap closed at each review; 1 is order-up-to.",
        default=0.25,
        symbol="φ",
        example=0.25,
        above=0,
        most=1,
    )
    smoothing: float = field_of(
        "fraction",
        "Weight of the newest observation in the forecast; 0 keeps the scenario's mean.",
        default=0.0,
        symbol="a",
        example=0.2,
    )

    def settings(self, point: PointFacts) -> Settings:
        from chainsim.theory.bullwhip import net_stock_amplification

        target = self.target(point)
        if self.derivation == "auto":
            point = in_whole_periods(point)
        variance = point.demand_sd**2 * point.review_interval
        added = variance * net_stock_amplification(0.0, self.proportion)
        level = order_up_to_level(point, target, "normal", more_variance=added)
        interval = level.inputs["M"]
        forecast = point.demand_mean * point.review_interval
        formula = level.formula.replace("d²·σ_L²", "d²·σ_L² + V") + "; V = R·σ²·(1 − φ)²/(1 − (1 − φ)²)"
        inputs = {**level.inputs, "R": point.review_interval, "φ": self.proportion, "V": added}
        # not rounded: the target moves with the forecast, and orders are rounded when they are placed
        shown = Derived("order_up_to_level", "S", level.exact, level.exact, "units", formula, inputs)
        return Settings(
            (
                self.proportion,
                self.smoothing,
                interval / point.review_interval,
                level.exact - point.demand_mean * interval,
            ),
            order_up_to=level.exact,
            derived=(shown,),
            memory=(0.0, forecast),
            promise=by_two_moments(self, point, target),
        )
