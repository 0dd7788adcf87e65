"""Service targets: where the safety stock of a policy comes from when its levels are not given.

The chain: what the policy says (`fill_rate`, else `service_level`); else the scenario's target fill rate; else the
newsvendor ratio b / (b + h) when waiting costs money; else 0.95.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from chainsim.fields import field_of
from chainsim.policies.base import PointFacts, Policy

USUAL_SERVICE = 0.95


@dataclass(frozen=True)
class Target:
    """A service to plan for. kind: 'service' (probability of no stock-out per cycle or period) or 'fill_rate'.
    `origin` says where it comes from, for the report."""

    kind: Literal["service", "fill_rate"]
    value: float
    origin: str

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
        "scenario's target fill rate, else the newsvendor ratio b / (b + h), else 0.95.",
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

    def target(self, point: PointFacts) -> Target:
        """The service this policy plans for at a stock point."""
        if self.fill_rate is not None:
            return Target("fill_rate", self.fill_rate, "given")
        if self.service_level is not None:
            return Target("service", self.service_level, "given")
        return default_target(point)


def default_target(point: PointFacts) -> Target:
    """The service to plan for when the policy says nothing."""
    if point.target_fill_rate is not None:
        return Target("fill_rate", point.target_fill_rate, "the scenario's target")
    b, h = point.backorder_cost, point.holding_cost
    if b > 0.0 and h > 0.0:
        return Target("service", b / (b + h), f"newsvendor ratio b / (b + h) = {b:.4g} / ({b:.4g} + {h:.4g})")
    return Target("service", USUAL_SERVICE, "usual value; no target and no backorder cost are given")


@dataclass(frozen=True, kw_only=True)
class LevelDriven(ServiceDriven):
    """Base of the policies whose levels are quantiles of the demand over the protection interval."""

    lead_time_demand: str = field_of(
        "choice",
        "Distribution of demand over the protection interval, from which derived levels are taken. auto: poisson where "
        "demand is Poisson and the lead time constant, else normal.",
        default="auto",
        example="gamma",
        choices=("auto", "normal", "poisson", "negative_binomial", "gamma"),
    )
