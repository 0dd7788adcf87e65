"""Base stock: order back to S whenever stock is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from chainsim.fields import field_of, info_of
from chainsim.policies.base import POLICIES, Derived, PointFacts, Promise, Settings
from chainsim.policies.cheapest import cheapest_base_stock, least_cost
from chainsim.policies.knobs import Knobs, on_the_logit
from chainsim.policies.levels import derived_level, echelon_needs, given
from chainsim.policies.service import LevelDriven, without_target
from chainsim.rules.position import watched_quantity


def order_quantity(stock: Any, p: Sequence[float], memory: list[float]) -> float:
    """Order S − what is watched. p = (S,)."""
    gap = p[0] - watched_quantity(stock)
    return gap if gap > 0.0 else 0.0


@POLICIES.register("base_stock")
@dataclass(frozen=True, kw_only=True)
class BaseStock(LevelDriven):
    """Base stock (S): order S − position at every review; with continuous review the (S − 1, S) policy.

    Symbols: S order-up-to level (units), D(n(L)) demand at the instants an order meets before its receipt, U the demand it
    replaces, α service level, β fill rate. Derived: the smallest S with P(U + D(n(L)) ≤ S) ≥ α, or that reaches β, by the
    model's own laws; orders that cross by the units outstanding. `derivation: textbook`: S = d·M + z·√(M·σ² + d²·σ_L²).

    Source: Zipkin, Foundations of Inventory Management (2000), §6 and ch. 9; Palm's theorem for one-for-one ordering
    (Feeney & Sherbrooke 1966). Textbook: Silver, Pyke & Thomas, Inventory and Production Management in Supply Chains, 4th
    ed. (2017), §6.9.

    With S = 18 and a position of 11 + 5 − 2 = 14, order 4:

    >>> from chainsim.plan.tables import POINT
    >>> order_quantity(POINT.row(watch=0, whole=1, on_hand=11.0, on_order=5.0, backorders=2.0), (18.0,), [])
    4.0
    """

    title = "Base stock (S)"
    summary = "Order back up to S at every review; one for one under continuous review."
    source = "Silver, Pyke & Thomas (2017), §6.9: S = d·M + z·√(M·σ² + d²·σ_L²); Feeney & Sherbrooke (1966)"
    rule = staticmethod(order_quantity)
    knobs = Knobs(on_the_logit, lambda policy, known: up_to(policy, known), "order_up_to_level")

    order_up_to_level: float | None = field_of(
        "units",
        "Position to order up to; of the echelon where that is watched. Left out: derived from the service target.",
        default=None,
        unit="units",
        symbol="S",
        example=120,
    )
    review_interval: float | None = field_of(
        "duration",
        "Time between reviews. Left out: continuous review.",
        default=None,
        symbol="R",
        example="1 week",
        above=0,
    )

    watch: str = field_of(
        "choice",
        "What is brought up to S: the stock point's own inventory position, or its echelon's (own position + all that is in "
        "transit to or on hand at stock points downstream − end customers' backorders there).",
        default="position",
        choices=("position", "echelon"),
    )

    def problems(self) -> list[tuple[str, str, str]]:
        return echelon_needs(self.watch, self.order_up_to_level, "order_up_to_level")

    def reads_prices(self, point: PointFacts) -> bool:
        return self.order_up_to_level is None and not self.asks(point)

    def settings(self, point: PointFacts) -> Settings:
        if self.order_up_to_level is not None:
            level: Derived = given("order_up_to_level", "S", self.order_up_to_level)
            promise: Promise | None = None
            warnings: tuple[str, ...] = ()
        elif least_cost(self, point):
            level, promise, warnings = cheapest_base_stock(self, point)
        else:
            level, promise, warnings = derived_level(self, point, "S")
        return Settings(
            (level.value,),
            order_up_to=level.value,
            derived=(level,),
            wake_at=level.value,
            warnings=warnings,
            promise=promise,
        )


def up_to(policy: BaseStock, known: Settings) -> BaseStock:
    """The policy with this level. Levels that follow a season go on being derived, with nothing on top."""
    if known.pages:
        return replace(policy, extra=policy.extra or 0.0)
    return replace(policy, **without_target(info_of(type(policy))), order_up_to_level=known.p[0])
