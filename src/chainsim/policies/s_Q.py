"""(s, Q): at or below s, order as many whole lots Q as bring the position above s."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chainsim.fields import field_of, info_of
from chainsim.policies.base import POLICIES, Derived, PointFacts, Settings
from chainsim.policies.cheapest import cheapest_lots, chosen_lot, least_cost
from chainsim.policies.knobs import Knobs, on_the_logit
from chainsim.policies.levels import Levelled, derived_level, echelon_needs, economic_lot, given
from chainsim.policies.lots import choose_lot
from chainsim.policies.service import LevelDriven, without_target
from chainsim.rules.grid import lots_covering, lots_in
from chainsim.rules.position import watched_quantity


def order_quantity(stock: Any, p: Sequence[float], memory: list[float]) -> float:
    """Order n·Q. p = (s, Q, 1 if only below s)."""
    short = p[0] - watched_quantity(stock)
    if short < 0.0:
        return 0.0
    # ending at s is too little, unless only below s counts
    lots = lots_in(short, p[1]) + 1.0 if p[2] == 0.0 else lots_covering(short, p[1])
    return lots * p[1]


@dataclass(frozen=True, kw_only=True)
class ReorderPoint(LevelDriven):
    """Base of the policies with a reorder point s: what triggers an order, and how s is derived."""

    review_interval: float | None = field_of(
        "duration",
        "Time between reviews. Left out: continuous review.",
        default=None,
        symbol="R",
        example="1 day",
        above=0,
    )
    trigger: str = field_of(
        "choice",
        "Order when what is watched is at or below s, or only when it is below.",
        default="at_or_below",
        choices=("at_or_below", "below"),
    )
    watch: str = field_of(
        "choice",
        "What is compared with s: the inventory position (on hand + on order − backorders), the inventory level (on hand − "
        "backorders), or the echelon's position (own position + all that is in transit to or on hand at stock points "
        "downstream − end customers' backorders there).",
        default="position",
        choices=("position", "level", "echelon"),
    )

    def only_below(self) -> float:
        """1 if only a position below s triggers an order, as the rules read it."""
        return float(self.trigger == "below")

    def derive_reorder_point(self, point: PointFacts, lot: float, *, up_to: bool = False) -> Levelled:
        """s for the service target, with lots of this size; `up_to`: orders up to S, which is `lot` above s."""
        return derived_level(self, point, "sS" if up_to else "sQ", lot, trigger=self.trigger)


@POLICIES.register("s_Q")
@dataclass(frozen=True, kw_only=True)
class FixedQuantity(ReorderPoint):
    """Reorder point, fixed quantity (s, Q): when the position is at or below s, order the smallest n·Q that brings it
    above s. Also called (R, Q) or (r, Q), where R is the reorder point.

    Symbols: s reorder point, Q order quantity (units), α service level, β fill rate, U undershoot of s when an order is
    placed, D(L) demand before its receipt (whole demands, where it comes once a period). Derived: Q and s of least
    expected cost where no service is asked and prices are given; else Q the cheapest lot whose level delivers, s the smallest with P(U + D(L) ≤ s) ≥ α, or that reaches β, by the model's own laws. `derivation: textbook`:
    s = d·M + z·√(M·σ² + d²·σ_L²), or the smallest s with 1 − [G(s) − G(s + Q)] / Q ≥ β.

    Source: Hadley & Whitin, Analysis of Inventory Systems (1963), chapters 4 and 5; Silver, Pyke & Thomas (2017), §6.7.

    With s = 5 and Q = 3, at position 4 − 8 = −4: one lot to −1, 2, 5 is not above 5, so four lots:

    >>> from chainsim.plan.tables import POINT
    >>> order_quantity(POINT.row(watch=0, whole=1, on_hand=4.0, on_order=0.0, backorders=8.0), (5.0, 3.0, 0.0), [])
    12.0
    """

    title = "Reorder point, fixed quantity (s, Q)"
    summary = "When the position is at or below s, order as many whole lots of Q as bring it above s."
    source = "Hadley & Whitin (1963), ch. 4; Silver, Pyke & Thomas (2017), §6.7: 1 − [G(s) − G(s + Q)] / Q ≥ β"
    rule = staticmethod(order_quantity)
    knobs = Knobs(
        on_the_logit, lambda policy, known: fixed_quantity(policy, known), "reorder_point", lot="order_quantity"
    )

    reorder_point: float | None = field_of(
        "units",
        "Position at which to order. Left out: derived from the service target.",
        default=None,
        unit="units",
        symbol="s",
        example=60,
    )
    order_quantity: float | None = field_of(
        "units",
        "Size of one lot. Left out: of least expected cost, or the cheapest whose level delivers the service asked.",
        default=None,
        unit="units",
        symbol="Q",
        example=200,
        above=0,
        lot=True,
    )

    def problems(self) -> list[tuple[str, str, str]]:
        return echelon_needs(self.watch, self.reorder_point, "reorder_point")

    def reads_prices(self, point: PointFacts) -> bool:
        return self.order_quantity is None or (self.reorder_point is None and not self.asks(point))

    def settings(self, point: PointFacts) -> Settings:
        lot = given("order_quantity", "Q", self.order_quantity or 0.0)
        if self.reorder_point is None and least_cost(self, point):
            found, chosen = cheapest_lots(self, point, "sQ", self.order_quantity, self.trigger)
            if self.order_quantity is None:
                lot = chosen_lot(point, "sQ", chosen, found.level.value)
            return lot_settings(self, found, lot)
        if self.order_quantity is None:
            lot = choose_lot(self, point, "sQ") if self.reorder_point is None else economic_lot(point)
        if self.reorder_point is not None:
            return lot_settings(self, Levelled(given("reorder_point", "s", self.reorder_point)), lot)
        return lot_settings(self, self.derive_reorder_point(point, lot.value), lot)


def lot_settings(policy: ReorderPoint, found: Levelled, lot: Derived) -> Settings:
    """What a stock point runs with that orders lots at a reorder point."""
    s = found.level
    return Settings(
        (s.value, lot.value, policy.only_below()),
        order_up_to=s.value + lot.value,
        derived=(s, lot),
        wake_at=s.value,
        warnings=found.warnings,
        promise=found.promise,
    )


def fixed_quantity(policy: Any, known: Settings, watch: str | None = None) -> FixedQuantity:
    """The (s, Q) policy with these numbers, reviewed as the policy they come from. Levels that follow a season go on being
    derived, with nothing on top. watch: what its settings say is watched."""
    own = {name: getattr(policy, name) for name in info_of(FixedQuantity) if hasattr(policy, name)}
    own["order_quantity"] = known.p[1]
    if watch is not None:
        own["watch"] = watch
    if known.pages:
        return FixedQuantity(**{**own, "extra": own.get("extra") or 0.0})
    return FixedQuantity(**{**own, **without_target(own), "reorder_point": known.p[0]})
