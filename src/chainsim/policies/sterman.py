"""Anchoring and adjustment: how people order in the beer game."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from chainsim.fields import field_of
from chainsim.policies.base import POLICIES, Derived, PointFacts, Settings
from chainsim.policies.knobs import Knobs, on_the_logit
from chainsim.policies.levels import given
from chainsim.policies.service import ServiceDriven
from chainsim.policies.textbook import in_whole_periods, order_up_to_level
from chainsim.rules.position import inventory_level


def order_quantity(stock: Any, p: Sequence[float], memory: list[float]) -> float:
    """Order F + α·(S' − level − β·on order). p = (α, β, θ, S', reviews that order F only); memory = [reviews, F]."""
    if memory[0] > 0.0:
        memory[1] += p[2] * (stock.recent_demand - memory[1])
    memory[0] += 1.0
    quantity = memory[1]
    if memory[0] > p[4]:
        quantity += p[0] * (p[3] - inventory_level(stock) - p[1] * stock.on_order)
    return quantity if quantity > 0.0 else 0.0


@POLICIES.register("sterman")
@dataclass(frozen=True, kw_only=True)
class Sterman(ServiceDriven):
    """Anchoring and adjustment: at each review order the expected demand F and a share α of what the stock lacks, of which
    the supply line is seen only in part: F + α·(S' − level − β·on order). People forget what they have ordered (β < 1), and
    so order it again: that makes the bullwhip of the beer game. β = 1 is proportional order-up-to.

    Symbols: F expected demand per review interval R, θ weight of the newest demand in it, S' desired stock and seen supply
    line. S' = s + β·d·(M − R): s the stock an order-up-to level leaves on average, d·(M − R) the supply line at a review, M
    protection interval (time). The defaults of α, β and θ are the means of Sterman's players. Orders are never negative.

    Source: Sterman (1989), Management Science 35:321-339, eq. 5-11 and table 2.

    Expected 4, S' = 28, everything seen. At net stock 8 with 12 on order 8 are missing: order 4 + 8. A player who sees a
    third of the supply line orders 20:

    >>> from chainsim.plan.tables import POINT
    >>> stock = POINT.row(whole=1, on_hand=8.0, on_order=12.0, backorders=0.0, recent_demand=8.0)
    >>> order_quantity(stock, (1.0, 1.0, 0.0, 28.0, 0.0), [1.0, 4.0])
    12.0
    >>> round(order_quantity(stock, (1.0, 1 / 3, 0.0, 28.0, 0.0), [1.0, 4.0]))
    20
    """

    title = "Anchoring and adjustment (Sterman)"
    summary = "At each review, order the expected demand and a share of the gap, forgetting part of the supply line."
    source = "Sterman (1989): O = F + α·(S' − level − β·on order)"
    review = "periodic"
    rule = staticmethod(order_quantity)
    knobs = Knobs(on_the_logit, lambda policy, known: replace(policy, desired_stock=known.p[3]), "desired_stock")

    review_interval: float = field_of("duration", "Time between reviews.", symbol="R", example="1 week", above=0)
    adjustment: float = field_of(
        "fraction", "Share of the gap closed at each review.", default=0.26, symbol="α", example=0.26, above=0, most=1
    )
    supply_line: float = field_of(
        "fraction", "Share of what is on order that is taken into account.", default=0.34, symbol="β", example=0.34
    )
    smoothing: float = field_of(
        "fraction",
        "Weight of the newest demand in the expected demand; 0 keeps it as it is.",
        default=0.36,
        symbol="θ",
        example=0.36,
    )
    desired_stock: float | None = field_of(
        "units",
        "Desired stock and seen supply line together. Left out: derived from the service target.",
        default=None,
        unit="units",
        symbol="S'",
        example=28,
    )
    expected: float | None = field_of(
        "units",
        "Demand per review interval expected at the start. Left out: the scenario's mean.",
        default=None,
        unit="units",
        symbol="F",
        example=4,
        least=0,
    )
    hold: int = field_of(
        "count", "So many reviews at the start order the expected demand only.", default=0, example=4, least=0
    )

    def settings(self, point: PointFacts) -> Settings:
        mean = point.demand_mean * point.review_interval
        forecast = mean if self.expected is None else self.expected
        if self.desired_stock is not None:
            aim = given("desired_stock", "S'", self.desired_stock)
            start = max(self.desired_stock, 0.0)
        else:
            met = in_whole_periods(point) if self.derivation == "auto" else point
            level = order_up_to_level(met, self.target(point), "normal")
            interval = level.inputs["M"]
            stock = level.exact - point.demand_mean * interval
            line = max(point.demand_mean * interval - mean, 0.0)
            exact = stock + self.supply_line * line
            formula = f"S' = S − d·M + β·d·(M − R); {level.formula}"
            inputs = {**level.inputs, "R": point.review_interval, "β": self.supply_line}
            aim = Derived("desired_stock", "S'", exact, exact, "units", formula, inputs)
            start = level.exact
        return Settings(
            (self.adjustment, self.supply_line, self.smoothing, aim.value, float(self.hold)),
            order_up_to=start,
            derived=(aim,),
            memory=(0.0, forecast),
        )
