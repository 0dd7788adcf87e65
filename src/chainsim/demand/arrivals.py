"""Single customers in continuous time, each with an order."""

from __future__ import annotations

import math
from dataclasses import dataclass

from chainsim.chance.base import Distribution, Problem
from chainsim.chance.facts import EventLaw
from chainsim.chance.families import Constant, Exponential
from chainsim.chance.moments import moments_after
from chainsim.demand.base import DEMANDS, DemandContext, DemandFacts, DemandProcess, used_moments
from chainsim.fields import field_of
from chainsim.rules.arrivals import ARRIVALS


@DEMANDS.register("arrivals")
@dataclass(frozen=True, kw_only=True)
class Arrivals(DemandProcess):
    """Customers one after the other with random gaps, the first after the first gap; each orders a random size.

    `rate` is short for exponential gaps: a (compound) Poisson process. With a season, step or surge the customers'
    own clock runs faster or slower, which with exponential gaps is exactly a non-homogeneous Poisson process.
    Source of the time change: Çinlar, "Introduction to Stochastic Processes" (1975), section 4.7.
    """

    gap: Distribution | None = field_of(
        "duration_distribution",
        "Time between customers. Give this or `rate`.",
        default=None,
        example={"dist": "gamma", "mean": 0.5, "cv": 0.5},
    )
    rate: float | None = field_of(
        "rate",
        "Customers per time, arriving at random (Poisson).",
        symbol="λ",
        default=None,
        above=0,
        example="40 per day",
    )
    size: Distribution = field_of(
        "distribution",
        "Units a customer orders.",
        default=Constant(value=1.0),
        example={"dist": "discrete_uniform", "low": 1, "high": 4},
    )

    def problems(self) -> list[Problem]:
        if (self.gap is None) == (self.rate is None):
            found = "both" if self.gap is not None else "neither"
            return [("gap", f"expected gap or rate, found {found}", "Give one of them.")]
        if self.gap is not None and self.gap.expectation() <= 0.0:
            return [("gap", "has mean 0: customers without number at one instant", "Give a mean above 0.")]
        if self.rate is not None and not (math.isfinite(self.rate) and self.rate > 0):
            return [("rate", f"must be above 0, found {self.rate:g}", "")]
        return []

    def problems_at(self, here: DemandContext) -> list[Problem]:
        if self._gap().expectation() * here.ticks_per_unit < 1.0:
            return [("gap", "is shorter than the clock's tick on average", "Give demand per period instead.")]
        return []

    def facts(self, here: DemandContext) -> DemandFacts:
        gap = self._gap()
        rate = here.known_level() / gap.expectation()
        size_mean, size_sd = used_moments(self.size, here.whole)
        gap_cv = gap.standard_deviation() / gap.expectation()
        poisson = isinstance(gap, Exponential)
        unknown = here.season() if poisson else (*here.season(), "gaps between customers that are not exponential")
        return DemandFacts(
            mean_rate=rate * size_mean,
            variance_rate=rate * (size_sd**2 + (gap_cv * size_mean) ** 2),  # long-run variance of a renewal process
            interval=0.0,
            size_mean=size_mean,
            size_sd=size_sd,
            poisson=poisson and (size_mean, size_sd) == (1.0, 0.0),
            law=EventLaw(self.size, rate=rate, dispersion=1.0 if poisson else gap_cv**2, unknown=unknown),
            foreseen=here.foreseen(),
        )

    def expected_units(self, here: DemandContext, start: int) -> float | None:
        """Of a (compound) Poisson process; how many customers a renewal process has from its start on, no short formula says."""
        gap = self._gap()
        if not isinstance(gap, Exponential):
            return None
        customers = here.level.between(start, here.end) / here.ticks_per_unit / gap.expectation()
        return customers * moments_after(self.size, here.whole)[0]

    def columns(self, here: DemandContext) -> dict[str, float | int]:
        gap = self._gap()
        expected = 1.1 * here.mean_level() * here.end / here.ticks_per_unit / gap.expectation() + 10.0
        return {
            "kind": ARRIVALS,
            "whole": int(here.whole),
            "gap": here.book.stream(
                (*here.name, "gap"), gap, unit=here.ticks_per_unit, rounding="ticks", expected=expected
            ),
            "size": here.book.stream(
                (*here.name, "size"), self.size, rounding="whole" if here.whole else "none", expected=expected
            ),
            "warp_first": here.store_warp(),
        }

    def _gap(self) -> Distribution:
        return self.gap if self.gap is not None else Exponential(rate=self.rate)
