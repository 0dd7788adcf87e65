"""Autocorrelated demand: a quantity per period that remembers the last one."""

from __future__ import annotations

import math
from dataclasses import dataclass

from chainsim.chance.base import Problem
from chainsim.chance.facts import EventLaw
from chainsim.chance.families import Normal
from chainsim.demand.base import DEMANDS, DemandContext, DemandFacts, Periodic, used_moments
from chainsim.fields import field_of
from chainsim.rules.arrivals import AR1


@DEMANDS.register("ar1")
@dataclass(frozen=True, kw_only=True)
class AutoRegressive(Periodic):
    """AR(1): x_k = μ + ρ (x_{k−1} − μ) + ε_k with normal shocks, begun in its steady state.

    The recursion is not rounded; the quantity asked for is x_k times the level, cut at 0 and rounded. `sd` is the
    standard deviation of x itself; the shocks' is sd √(1 − ρ²).
    Source: Box, Jenkins & Reinsel, "Time Series Analysis", 4th ed. (2008), section 3.2.3; in supply chains Lee,
    Padmanabhan & Whang, Management Science 43 (1997), 546–558.
    """

    mean: float = field_of("number", "Mean per period.", unit="units", symbol="μ", least=0, example=100)
    sd: float = field_of("number", "Standard deviation per period.", unit="units", symbol="σ", least=0, example=20)
    rho: float = field_of(
        "number", "Correlation of one period with the next.", symbol="ρ", above=-1, below=1, example=0.7
    )

    def problems(self) -> list[Problem]:
        found = super().problems()
        for name in ("mean", "sd"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value >= 0):
                found.append((name, f"must be at least 0, found {value:g}", ""))
        if not -1 < self.rho < 1:
            found.append(("rho", f"must be above -1 and below 1, found {self.rho:g}", "At ±1 demand wanders off."))
        return found

    def facts(self, here: DemandContext) -> DemandFacts:
        levels = self.known_level_counts(here)
        moments = [
            (used_moments(Normal(mean=self.mean * level, sd=self.sd * level), here.whole), n)
            for level, n in levels.items()
        ]
        mean = math.fsum(mean * n for (mean, _), n in moments) / levels.total()
        variance = math.fsum(sd**2 * n for (_, sd), n in moments) / levels.total()
        level = math.fsum(level * n for level, n in levels.items()) / levels.total()
        unknown = here.season() if self.rho == 0.0 else (*here.season(), "autocorrelation")
        law = EventLaw(Normal(mean=self.mean, sd=self.sd), level, self.every, self.offset, unknown=unknown)
        return DemandFacts(
            mean / self.every, variance / self.every, self.every, mean, math.sqrt(variance), False, law,
            self.foreseen(here),
        )  # fmt: skip

    def columns(self, here: DemandContext) -> dict[str, float | int]:
        seasonal = any(level != 1.0 for level in self.level_counts(here))
        levels = self.levels(here) if seasonal else []
        shocks = here.book.stream((*here.name, "shock"), Normal(mean=0.0, sd=1.0), expected=self.periods(here))
        return {
            "kind": AR1,
            "size": shocks,
            "mean": self.mean,
            "sd": self.sd,
            "rho": self.rho,
            "shock_sd": self.sd * math.sqrt(1.0 - self.rho**2),
            "values_first": here.store_values(levels) if seasonal else -1,
            "values_count": len(levels),
            **self.calendar(here),
        }
