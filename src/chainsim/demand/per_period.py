"""A quantity per period, drawn anew each period."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from chainsim.chance.base import Distribution
from chainsim.chance.facts import EventLaw
from chainsim.chance.families import Poisson
from chainsim.chance.moments import moments_after
from chainsim.demand.base import DEMANDS, DemandContext, DemandFacts, Periodic, used_moments
from chainsim.fields import field_of
from chainsim.rules.arrivals import PER_PERIOD
from chainsim.rules.grid import tick_at


@DEMANDS.register("per_period")
@dataclass(frozen=True, kw_only=True)
class PerPeriod(Periodic):
    """Each period one order of a random quantity; a quantity of 0 is no order.

    With a season, step or surge the period's distribution is scaled to the level at that time: Poisson stays Poisson,
    negative binomial keeps its dispersion, others are multiplied.
    """

    quantity: Distribution = field_of(
        "distribution", "Quantity asked for in a period.", example={"dist": "poisson", "mean": 20}
    )

    def facts(self, here: DemandContext) -> DemandFacts:
        return here.once(("facts", self, here.level, here.whole), lambda: self._facts(here))

    def _facts(self, here: DemandContext) -> DemandFacts:
        levels = self.known_level_counts(here)
        moments = [(used_moments(self.quantity.scaled(level), here.whole), n) for level, n in levels.items()]
        mean = math.fsum(mean * n for (mean, _), n in moments) / levels.total()
        variance = math.fsum(sd**2 * n for (_, sd), n in moments) / levels.total()
        poisson = isinstance(self.quantity, Poisson)
        level = math.fsum(level * n for level, n in levels.items()) / levels.total()
        law = EventLaw(self.quantity, level, self.every, self.offset, unknown=here.season())
        return DemandFacts(
            mean / self.every, variance / self.every, self.every, mean, math.sqrt(variance), poisson, law,
            self.foreseen(here),
        )  # fmt: skip

    def expected_units(self, here: DemandContext, start: int) -> float | None:
        first, every, rest = self._calendar(here)
        met = (level for k, level in enumerate(self.levels(here)) if tick_at(first, every, rest, k) >= start)
        counted = Counter(met)
        return math.fsum(moments_after(self.quantity.scaled(level), here.whole)[0] * n for level, n in counted.items())

    def columns(self, here: DemandContext) -> dict[str, float | int]:
        seasonal = any(level != 1.0 for level in self.level_counts(here))
        size = here.book.stream(
            (*here.name, "quantity"),
            self.quantity,
            rounding="whole" if here.whole else "none",
            profile=here.once(("profile", self, here.level), lambda: self._profile(self.levels(here)))
            if seasonal
            else None,
            expected=self.periods(here),
        )
        return {"kind": PER_PERIOD, "size": size, **self.calendar(here)}

    def _profile(self, levels: list[float]) -> list[Distribution]:
        """The distribution of each period; equal levels share one object."""
        scaled = {level: self.quantity.scaled(level) for level in dict.fromkeys(levels)}
        return [scaled[level] for level in levels]
