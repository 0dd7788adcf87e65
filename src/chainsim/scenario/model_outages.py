"""Disruptions of supply: outages of sites and lanes, and what sets them off."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from chainsim.chance.base import Distribution
from chainsim.rules.choices import Choices
from chainsim.rules.outage import Stops

When = Literal["begins", "ends"]
WHEN = Choices(When)


@dataclass(frozen=True)
class After:
    """What sets an outage off: the outage with this label, when it begins or ends, with a probability, after a lag."""

    label: str
    when: When = "ends"
    probability: float = 1.0
    lag: Distribution | None = None


@dataclass(frozen=True)
class Outage:
    """A site, or lanes (origin, target, lane name), out of service: scheduled (start, duration, every), random, or set off by another."""

    label: str
    site: str | None
    lanes: tuple[tuple[str, str, str], ...] = ()
    start: float = 0.0
    duration: float | Distribution = 0.0
    every: float | None = None
    time_between: Distribution | None = None
    known: bool = False  # planners expect it
    stops: Stops = "shipments"
    destroys: float = 0.0  # share of the stock on hand that is lost when it begins
    stretches: float = 1.0  # factor of the lead times that begin meanwhile, on its lanes or those from its site
    holds: bool = False  # goods under way on these stand still
    after: After | None = None

    @property
    def of_supply(self) -> bool:
        """Whether it is about what leaves its site, or moves on its lanes."""
        return self.stops == "shipments" or self.stretches != 1.0 or self.holds

    @property
    def told(self) -> tuple[str, ...]:
        """What it is to a level that leaves it out, in words for a sentence."""
        words = {
            "outages": self.stops == "shipments",
            "disruptions": self.stops == "orders" or self.destroys > 0.0,
            "lead times that disruptions change": self.stretches != 1.0,
            "goods held on their way": self.holds,
        }
        return tuple(word for word, true in words.items() if true)

    def nowhere(self) -> Outage:
        """The same times, and nothing happens: it sets others off all the same."""
        return replace(self, site=None, lanes=(), destroys=0.0, stretches=1.0, holds=False)


def needed(outages: tuple[Outage, ...], kept: dict[str, Outage]) -> tuple[Outage, ...]:
    """Those of `outages` that are kept, as they are there, and nowhere what sets them off, directly or in turn; in their order."""
    by_label = {outage.label: outage for outage in outages}
    found = dict(kept)
    for outage in kept.values():
        cause = outage.after
        while cause is not None and cause.label not in found:
            found[cause.label] = by_label[cause.label].nowhere()
            cause = by_label[cause.label].after
    return tuple(found[outage.label] for outage in outages if outage.label in found)
