"""(T, Q): every T, order the same quantity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chainsim.fields import field_of
from chainsim.policies.base import POLICIES, Derived, PointFacts, Policy, Settings
from chainsim.policies.knobs import Knobs
from chainsim.policies.levels import given
from chainsim.policies.service import default_target
from chainsim.policies.textbook import order_up_to_level
from chainsim.rules.grid import lots_in


def order_quantity(stock: Any, p: Sequence[float], memory: list[float]) -> float:
    """Order Q, whole units when p[1] is 1: what is left of a unit goes with a later order. p = (Q, 1 if whole units);
    memory: the orders so far, so that nothing adds up."""
    if p[1] == 0.0:
        return p[0]
    orders = memory[0]
    memory[0] = orders + 1.0
    return lots_in((orders + 1.0) * p[0], 1.0) - lots_in(orders * p[0], 1.0)


@POLICIES.register("T_Q")
@dataclass(frozen=True, kw_only=True)
class ConstantOrder(Policy):
    """Constant order (T, Q): every T time units order Q, whatever the stock.

    Symbols: T review interval (time), Q order quantity (units), d mean demand per time unit. Derived: Q = d·T, not
    rounded up (that would pile up stock): a fraction of a unit is carried to the next order. Nothing in the rule looks
    at stock, so under random demand it wanders without limit, and lost sales add to it.

    Source: Rosenshine & Obee (1976), Operations Research 24:1154-1171 (standing orders); Q = d·T by conservation.

    Demand of 2.5 a week, an order each week: 2, then 3 units:

    >>> memory = [0.0]
    >>> [order_quantity(None, (2.5, 1.0), memory) for _ in range(4)]
    [2.0, 3.0, 2.0, 3.0]
    """

    title = "Constant order (T, Q)"
    summary = "Every T time units, order the same quantity Q."
    source = "Rosenshine & Obee (1976): standing orders, Q = d·T"
    review = "periodic"
    rule = staticmethod(order_quantity)
    knobs = Knobs(
        refusal="orders the same quantity whatever the stock: Q = d·T is what comes in balancing what goes out, so another "
        "Q lets stock grow or run out without end, and no service can be held"
    )

    review_interval: float = field_of("duration", "Time between orders.", symbol="T", example="1 week", above=0)
    order_quantity: float | None = field_of(
        "units",
        "Size of each order. Left out: mean demand over T.",
        default=None,
        unit="units",
        symbol="Q",
        example=140,
        above=0,
    )

    def settings(self, point: PointFacts) -> Settings:
        warnings: tuple[str, ...] = ()
        if self.order_quantity is not None:
            quantity = given("order_quantity", "Q", self.order_quantity)
        else:
            mean = point.demand_mean * point.review_interval
            inputs = {"d": point.demand_mean, "T": point.review_interval}
            quantity = Derived("order_quantity", "Q", mean, mean, "units", "Q = d·T", inputs)
            if point.demand_sd > 0.0:
                warnings = ("T_Q never looks at stock: under random demand its stock wanders without limit",)
        start = order_up_to_level(point, default_target(point), "normal")  # only a sensible stock to begin with
        return Settings(
            (quantity.value, float(point.whole)),
            order_up_to=max(start.value, quantity.value),
            derived=(quantity,),
            memory=(0.0,),
            warnings=warnings,
        )
