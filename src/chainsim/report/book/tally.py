"""Costs as rates × quantities, for the sheets on which rates can be changed: the same sums as their formulas."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from chainsim.places import ECHELON
from chainsim.report.facts import Facts, kind_words
from chainsim.report.names import shown
from chainsim.report.phrases import at_least
from chainsim.statistics import estimate

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Rate:
    """A rate as the tables have it. line: of the total cost; where: for people; counts: what a year's quantity counts."""

    line: str
    title: str
    where: str
    value: float
    unit: str
    counts: str

    @property
    def kind(self) -> str:
        """How its number is written, a key of the writer's formats."""
        return "factor" if self.unit.startswith("×") else "percent" if self.unit.startswith("of value") else "rate"


@dataclass(frozen=True)
class Tally:
    """rates: line by line; drivers: what each is charged on in a year [policies, replications, rates]."""

    facts: Facts
    rates: tuple[Rate, ...]
    drivers: Array

    @cached_property
    def lines(self) -> dict[str, range]:
        """The rates of each cost line that has any."""
        found: dict[str, range] = {}
        for i, rate in enumerate(self.rates):
            found[rate.line] = range(found[rate.line].start if rate.line in found else i, i + 1)
        return found

    @cached_property
    def values(self) -> Array:
        """Rates as run."""
        return np.array([rate.value for rate in self.rates])

    @cached_property
    def means(self) -> Array:
        """Quantities over replications [policies, rates]."""
        means: Array = self.drivers.mean(axis=1)
        return means

    @cached_property
    def totals(self) -> Array:
        """Total cost as run [policies, replications]."""
        totals: Array = (self.drivers * self.values).sum(axis=2)
        return totals

    def line(self, id: str) -> list[float]:
        """A cost line as run, by policy."""
        own = self.lines[id]
        return [float((means[own] * self.values[own]).sum()) for means in self.means]

    @cached_property
    def total(self) -> list[float]:
        """Total cost as run, by policy: the sum of its lines."""
        return [sum(own) for own in zip(*(self.line(id) for id in self.lines), strict=True)]

    def half_widths(self, *, against: int | None = None) -> list[float | None]:
        """Of total cost, or of its paired difference to a policy."""
        less = 0.0 if against is None else self.totals[against]
        return [estimate((own - less).tolist(), self.facts.level).half_width for own in self.totals]

    @cached_property
    def eligible(self) -> list[bool]:
        """Which policies meet the target on average; all where there is none."""
        target, facts = self.facts.target, self.facts
        return [target is None or at_least(facts.mean(p, "fill_rate"), target) for p in facts.policies]

    @cached_property
    def ranks(self) -> list[int | None]:
        """1 for the cheapest of those that are eligible."""
        known = [t for t, ok in zip(self.total, self.eligible, strict=True) if ok]
        return [1 + sum(k < t for k in known) if ok else None for t, ok in zip(self.total, self.eligible, strict=True)]


def tally(facts: Facts) -> Tally | None:
    """None where nothing is charged on anything, or the results have no such tables."""
    if not facts.has("rates.csv") or not len(facts.tables.rates):
        return None
    table = facts.tables.rates
    names = ("kpi", "title", "from", "to", "product", "value", "unit", "counts")
    rates = tuple(
        Rate(
            kpi,
            title,
            _where(origin, target, product),
            float(value),
            unit,
            f"{counts} a {facts.over}" if _flows(counts) else counts,
        )
        for kpi, title, origin, target, product, value, unit, counts in zip(
            *(table[c].tolist() for c in names), strict=True
        )
    )
    drivers = facts.tables.drivers["driver"].to_numpy(float)
    return Tally(facts, rates, drivers.reshape(len(facts.policies), -1, len(rates)))


def _flows(counts: str) -> bool:
    """Whether it is counted up over a year, and is no average."""
    return not counts.endswith("of stock")


def _where(origin: str, target: str, product: str) -> str:
    """The place of a rate for people: 'plant → DC, tea'."""
    ends = " → ".join(_names(end) for end in (origin, target) if end)
    return ", ".join(part for part in (ends, _names(product)) if part) or "everywhere"


def _names(text: str) -> str:
    names = [n for n in text.split("; ") if n]
    return " and ".join(kind_words(n.removeprefix(ECHELON)) if n.startswith(ECHELON) else shown(n, 30) for n in names)
