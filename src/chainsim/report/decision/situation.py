"""Who is recommended, against whom, and what there is to say: looked up once for all parts of the first screen."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from chainsim.report.facts import Array, Facts, Policy
from chainsim.report.risk import month_noun
from chainsim.report.verdict import Choice, Narrative
from chainsim.statistics import Comparison

HAIR = 1e-12
"""A share that equals its target but for rounding meets it."""


class Situation:
    """A recommendation and the facts behind it."""

    def __init__(self, facts: Facts, narrative: Narrative) -> None:
        self.facts, self.narrative = facts, narrative

    @property
    def choice(self) -> Choice:
        return self.narrative.choice

    @property
    def chosen(self) -> Policy:
        """The policy that is recommended, or that comes closest."""
        return self.facts.policies[self.choice.best]

    @property
    def baseline(self) -> Policy:
        return self.facts.baseline

    @property
    def runner_up(self) -> Policy | None:
        """With whom the choice is compared first."""
        return None if self.choice.runner_up is None else self.facts.policies[self.choice.runner_up]

    @property
    def changes(self) -> bool:
        """Whether the choice is another policy than the baseline."""
        return self.chosen.index != self.baseline.index

    @cached_property
    def money(self) -> bool:
        """Whether anything costs anything."""
        return any(self.facts.mean(p, "total_cost") for p in self.facts.policies)

    @property
    def year(self) -> str:
        """What a replication is called."""
        return self.facts.replication

    @property
    def month(self) -> str:
        """What the parts of a year are called of which the worst is told."""
        return month_noun(self.facts)

    def cost_gap(self, other: Policy) -> Comparison:
        """What the other costs more than the choice, replication by replication; of who cannot be told apart from it with the interval
        that says so, which holds for all of them at once."""
        level = self.choice.level if other.index in self.choice.ties else None
        return self.facts.paired(other, self.chosen, "total_cost", level)

    def fills(self, policy: Policy) -> Array:
        """Fill rates of the replications in which anything was demanded."""
        values = self.facts.samples(policy, "fill_rate")
        return values[~np.isnan(values)]

    @cached_property
    def _months(self) -> dict[str, Array]:
        if not self.facts.has("months.csv"):
            return {}
        table = self.facts.tables.months
        table = table[table["demanded"] > 0]
        return {str(name): own["fill_rate"].to_numpy(float) for name, own in table.groupby("policy", sort=False)}

    def months(self, policy: Policy) -> Array:
        """Fill rates of every month of every replication in which anything was demanded; none where months were not kept."""
        return self._months.get(policy.name, np.empty(0))

    def below(self, values: Array) -> int:
        """How many of them miss the target."""
        target = self.facts.target
        return 0 if target is None else int((values < target - HAIR).sum())
