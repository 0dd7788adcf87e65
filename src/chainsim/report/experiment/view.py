"""What words, charts and tables of an experiment share: names of policies, units, estimates."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from chainsim.experiments.findings import Findings
from chainsim.experiments.model import Response, named
from chainsim.experiments.tables import unit_of
from chainsim.report.intervals import in_words
from chainsim.report.numbers import HARD, Units


@dataclass(frozen=True)
class View:
    """An experiment's findings as people read them."""

    found: Findings

    @cached_property
    def units(self) -> Units:
        """How its quantities are written."""
        return Units(self.found.data.asked.base.scenario.currency)

    @cached_property
    def labels(self) -> dict[str, str]:
        """What each alternative is called on the page."""
        asked = self.found.data.asked
        known = {a.name: a.label or a.name for a in asked.base.scenario.alternatives}
        kept = {
            policy: f"{known[policy]}, levels kept" if len(asked.levels) > 1 else known[policy]
            for policy in asked.policies
        }
        return {
            named(policy, kind, asked.levels): kept[policy] if kind == "kept" else known[policy]
            for kind in asked.levels
            for policy in asked.policies
        }

    @cached_property
    def random(self) -> bool:
        """Whether anything has an interval: replications differ."""
        data = self.found.data
        told = (
            data.estimate(i, p, r) for i in data.good for p in data.asked.alternatives for r in data.asked.responses
        )
        return any(e.half_width for e in told)

    def place(self, policy: str) -> int:
        """Its place in the order of policies, which gives its look."""
        return self.found.data.asked.alternatives.index(policy)

    def unit(self, response: Response) -> str:
        """The unit of a response as the tables have it."""
        return unit_of(self.found.data, response.kpi)

    def told(self, i: int, policy: str, response: Response) -> str:
        """A response at a point in a sentence."""
        return in_words(self.units, self.unit(response), self.found.data.estimate(i, policy, response))

    def change(self, response: Response, amount: float, half_width: float | None) -> str:
        """A change of a response with its interval; of shares in percentage points."""
        text = self.units.interval(self.unit(response), amount, half_width)
        return text.replace("%", "points") if self.unit(response) == "share" else text

    def values(self, i: int) -> str:
        """The factors' values of a point in a sentence: 'cv = 0.5, rate = 25% per year'."""
        point, factors = self.found.data.points[i], self.found.data.asked.factors
        return ", ".join(f"{f.name}{HARD}={HARD}{f.label(v)}" for f, v in zip(factors, point.values, strict=True))
