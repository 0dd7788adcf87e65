"""Service targets: where the safety stock of a policy comes from when its levels are not given.

The chain: what the policy says (`fill_rate`, else `service_level`); else the scenario's target fill rate; else the
newsvendor ratio b / (b + h) when waiting costs money; else 0.95. Policies with levels are set at least cost in place of that
ratio (`policies.cheapest`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from chainsim.fields import field_of
from chainsim.policies.base import PointFacts, Policy

USUAL_SERVICE = 0.95
RATIO, RATIO_OF_LOST_SALES = "newsvendor ratio", "critical ratio"


@dataclass(frozen=True)
class Target:
    """A service to plan for. kind: 'service' (probability of no stock-out per cycle or period) or 'fill_rate'.
    `origin` says where it comes from, for the report."""

    kind: Literal["service", "fill_rate"]
    value: float
    origin: str

    @property
    def from_prices(self) -> bool:
        """Whether nobody asked for it: it is what prices say, a means to least cost."""
        return self.origin.startswith((RATIO, RATIO_OF_LOST_SALES))

    @property
    def symbol(self) -> str:
        return "α" if self.kind == "service" else "β"

    def __str__(self) -> str:
        noun = "service level" if self.kind == "service" else "fill rate"
        return f"{noun} {self.symbol} = {self.value:.4g} ({self.origin})"


@dataclass(frozen=True, kw_only=True)
class ServiceDriven(Policy):
    """Base of the policies whose safety stock follows from a service target."""

    service_level: float | None = field_of(
        "fraction",
        "Probability of getting through a replenishment cycle (or review period) without a stock-out. Left out: the "
        "scenario's target fill rate, else least expected cost where stock and waiting (or lost sales) have prices (forecasting "
        "policies and multi_echelon: the newsvendor ratio b / (b + h)), else 0.95.",
        default=None,
        symbol="α",
        example=0.95,
        above=0,
        below=1,
    )
    fill_rate: float | None = field_of(
        "fraction",
        "Share of units to be served from stock at once; takes the place of service_level.",
        default=None,
        symbol="β",
        example=0.98,
        above=0,
        below=1,
    )

    derivation: str = field_of(
        "choice",
        "How levels are derived. auto: by the model's own laws of demand, lead time and undershoot, so that the target is "
        "delivered. textbook: normal demand over the mean time an order covers, as in class.",
        default="auto",
        choices=("auto", "textbook"),
        example="textbook",
    )

    def target(self, point: PointFacts) -> Target:
        """The service this policy plans for at a stock point."""
        if self.fill_rate is not None:
            return Target("fill_rate", self.fill_rate, "given")
        if self.service_level is not None:
            return Target("service", self.service_level, "given")
        return default_target(point)

    def asks(self, point: PointFacts) -> bool:
        """Whether somebody asked for a service, so that it does not follow from prices."""
        return not (self.fill_rate is None and self.service_level is None and point.target_fill_rate is None)


def has_prices(point: PointFacts) -> bool:
    """Whether holding has a price, and so has waiting, or a sale that is lost where unmet demand is lost."""
    return point.holding_cost > 0.0 and (point.lost_sale_cost if point.lost_sales else point.backorder_cost) > 0.0


def default_target(point: PointFacts) -> Target:
    """The service to plan for when the policy says nothing."""
    if point.target_fill_rate is not None:
        return Target("fill_rate", point.target_fill_rate, "the scenario's target")
    b, h = point.backorder_cost, point.holding_cost
    if point.lost_sales and point.lost_sale_cost > 0.0 and h > 0.0:
        return _critical_ratio_of_lost_sales(point)
    if b > 0.0 and h > 0.0:
        return Target("service", b / (b + h), f"{RATIO} b / (b + h) = {b:.4g} / ({b:.4g} + {h:.4g})")
    return Target("service", USUAL_SERVICE, "usual value; no target and no backorder cost are given")


def _critical_ratio_of_lost_sales(point: PointFacts) -> Target:
    """p / (p + h·T), T the time between orders: a unit more is kept for a cycle, or a sale is lost at its end. Hadley &
    Whitin, Analysis of Inventory Systems (1963), eq. 4-77."""
    p, h, d = point.lost_sale_cost, point.holding_cost, point.demand_mean
    lot = (2.0 * point.order_cost * d / h) ** 0.5
    cycle = max(point.review_interval, point.demand_interval, lot / d, point.demand_size_mean / d)
    ratio = p / (p + h * cycle)
    text = f"{RATIO_OF_LOST_SALES} p / (p + h·T) = {p:.4g} / ({p:.4g} + {h:.4g}·{cycle:.4g})"
    return Target("service", ratio, text)


@dataclass(frozen=True, kw_only=True)
class LevelDriven(ServiceDriven):
    """Base of the policies whose levels are read from the service they give."""

    levels: str = field_of(
        "choice",
        "Where demand has a known season or step. seasonal: derived levels follow it, each for the demand that an order of "
        "that time must cover. mean: one level throughout, for the mean of the run's demand. Given levels never move.",
        default="seasonal",
        choices=("seasonal", "mean"),
        example="mean",
    )
    extra: float | None = field_of(
        "units",
        "Units on top of every derived level, in each page of a season: what tuning writes where levels follow a season, "
        "and no single number could be given. Such levels are not corrected by short simulations.",
        default=None,
        unit="units",
        example=12,
    )

    lead_time_demand: str = field_of(
        "choice",
        "With derivation: textbook: the distribution of demand over the protection interval. auto: poisson where "
        "demand is Poisson and the lead time constant, else normal.",
        default="auto",
        example="gamma",
        choices=("auto", "normal", "poisson", "negative_binomial", "gamma"),
    )


def without_target(fields: Iterable[str]) -> dict[str, Any]:
    """Fields about a derivation at their defaults, for a policy whose numbers are given."""
    usual = {f.name: f.default for f in dataclasses.fields(LevelDriven)}
    return {name: usual[name] for name in fields if name in usual}
