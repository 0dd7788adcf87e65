"""Which policy is best at each point, and where a choice that was made would not be made again."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from chainsim.experiments.data import Data
from chainsim.kpis import KPIS
from chainsim.statistics import Sample, Standing, compare_with_best


@dataclass(frozen=True)
class Stand:
    """A policy at a point. value: of the objective. standing: against the best of those that may be chosen there; None where it
    may not. chosen: it has the best mean of them. meets: the constraint; True where there is none."""

    policy: str
    value: float | None
    meets: bool
    standing: Standing | None
    chosen: bool


@dataclass(frozen=True)
class Choices:
    """How every policy stands at every good point, by place of the point."""

    data: Data
    stands: dict[int, list[Stand]]

    @classmethod
    def of(cls, data: Data) -> Choices:
        """All comparisons: at each point for all policies at once, with the confidence of the scenario (Hsu 1984)."""
        return cls(data, {i: _stands(data, i) for i in data.good})

    @cached_property
    def counts(self) -> Counter[str]:
        """At how many points each policy is chosen."""
        return Counter(stand.policy for stands in self.stands.values() for stand in stands if stand.chosen)

    @cached_property
    def choice(self) -> str:
        """The policy whose futures are looked at: the one asked for, else the one chosen at most points, the first of equals."""
        asked = self.data.asked
        return asked.choice or max(asked.alternatives, key=lambda p: (self.counts[p], -asked.alternatives.index(p)))

    @property
    def breakable(self) -> bool:
        """Whether anything could break the choice: another policy, or a constraint."""
        return len(self.data.asked.alternatives) > 1 or self.data.asked.constraint is not None

    def why_broken(self, i: int) -> str:
        """Why the choice would not be made at a point: 'misses' the constraint, or another is 'better'; '' where it would."""
        stand = next(s for s in self.stands[i] if s.policy == self.choice)
        if not stand.meets:
            return "misses"
        return "better" if stand.standing is not None and stand.standing.place == "not best" else ""


def _stands(data: Data, i: int) -> list[Stand]:
    asked = data.asked
    held, samples = {}, {}
    for policy in asked.alternatives:
        limit = asked.constraint
        held[policy] = limit is None or limit.holds(data.estimate(i, policy, limit.response).mean)
        samples[policy] = data.sample(i, policy, asked.objective) or Sample([])
    runners = [policy for policy in asked.alternatives if held[policy]]
    direction = KPIS.get(asked.objective.kpi).direction
    direction = "lower" if direction == "none" else direction
    found = compare_with_best([samples[p] for p in runners], data.level, direction) if runners else []
    standings = dict(zip(runners, found, strict=True))
    means = {p: data.estimate(i, p, asked.objective).mean for p in asked.alternatives}
    sign = 1.0 if direction == "lower" else -1.0
    known = [p for p in runners if means[p] is not None]
    best = min(known, key=lambda p: (sign * (means[p] or 0.0), asked.alternatives.index(p)), default=None)
    return [Stand(p, means[p], held[p], standings.get(p), p == best) for p in asked.alternatives]
