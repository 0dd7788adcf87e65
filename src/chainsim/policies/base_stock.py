"""Base stock: order back to S whenever stock is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chainsim.fields import field_of
from chainsim.policies.base import POLICIES, PointFacts, Settings
from chainsim.policies.levels import echelon_needs, given, order_up_to_level, where
from chainsim.policies.service import LevelDriven
from chainsim.rules.position import watched_quantity


def order_quantity(stock: Any, p: Sequence[float], memory: list[float]) -> float:
    """Order S − what is watched. p = (S,)."""
    gap = p[0] - watched_quantity(stock)
    return gap if gap > 0.0 else 0.0


@POLICIES.register("base_stock")
@dataclass(frozen=True, kw_only=True)
class BaseStock(LevelDriven):
    """Base stock (S): order S − position at every review; with continuous review the (S − 1, S) policy.

    Symbols: S order-up-to level (units), d and σ mean and standard deviation of demand per time unit, M protection
    interval (time), σ_L standard deviation of the lead time, α service level. Derived: S = d·M + z·√(M·σ² + d²·σ_L²),
    z = Φ⁻¹(α), or the α-quantile of another distribution, or the smallest S that reaches a fill rate.

    Source: Silver, Pyke & Thomas, Inventory and Production Management in Supply Chains, 4th ed. (2017), §6.9; Palm's
    theorem for one-for-one ordering (Feeney & Sherbrooke 1966).

    With S = 18 and a position of 11 + 5 − 2 = 14, order 4:

    >>> from types import SimpleNamespace as Row
    >>> order_quantity(Row(watch=0, whole=1, on_hand=11.0, on_order=5.0, backorders=2.0), (18.0,), [])
    4.0
    """

    title = "Base stock (S)"
    summary = "Order back up to S at every review; one for one under continuous review."
    source = "Silver, Pyke & Thomas (2017), §6.9: S = d·M + z·√(M·σ² + d²·σ_L²); Feeney & Sherbrooke (1966)"
    rule = staticmethod(order_quantity)

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

    def settings(self, point: PointFacts) -> Settings:
        if self.order_up_to_level is not None:
            level = given("order_up_to_level", "S", self.order_up_to_level)
        else:
            level = order_up_to_level(
                point, self.target(point), self.lead_time_demand, one_for_one=point.review_interval == 0
            )
            refuse_empty_shelf(point, level.value)
        return Settings((level.value,), order_up_to=level.value, derived=(level,), wake_at=level.value)


def refuse_empty_shelf(point: PointFacts, level: float) -> None:
    """A derived level of 0 where unmet demand is lost would never sell anything: refuse it."""
    if level <= 0.0 and point.lost_sales:
        raise ValueError(
            f"{where(point)}: the derived order-up-to level is {level:g}, so every customer would be lost (an order covers "
            f"a time of {point.protection_interval:g}); give the level, a longer review interval or a lead time"
        )
