"""Who is best among policies, who may be as good, and how far apart two of them are, replication by replication.

Among the policies whose fill rate meets the target, the cheapest; without costs the one of most service. Differences are paired by
replication (common random numbers). The best was picked among several, so it is compared with all of them at once (multiple
comparisons with the best); whom it does not surely beat then cannot be told apart from it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from chainsim.report.phrases import at_least
from chainsim.report.verdict import Option
from chainsim.statistics import Estimate, compare, compare_with_best, estimate, judge


class Ranking:
    """Options in their order, the first the baseline, by cost and by service.

    target: the fill rate wanted, None when there is none. material: measure → difference that begins to matter. money: whether anything costs anything. eligible: places of those that
    meet the target on average, all when there is none.
    """

    def __init__(
        self, options: Sequence[Option], target: float | None, level: float, material: Mapping[str, float] | None = None
    ) -> None:
        self.options, self.target, self.level = options, target, level
        self.n = len(options[0].costs)
        self.cost = [estimate(o.costs, level) for o in options]
        self.fill = [estimate(o.fills, level) for o in options]
        self.money = any(any(c for c in o.costs) for o in options)
        self.material = (material or {}).get("total_cost" if self.money else "fill_rate", 0.0)
        self.all = range(len(options))
        self.eligible = [i for i in self.all if target is None or at_least(self.fill[i].mean, target)]

    def ranked(self, places: Sequence[int]) -> list[int]:
        """Places from the best on."""
        return sorted(places, key=self.by_cost if self.money else self.by_service)

    def rivals(self, best: int, others: Sequence[int]) -> list[int]:
        """Who may be as good as the best: picked among several, it is compared with all of them at once."""
        among = [best, *others]
        if self.money:
            standings = compare_with_best([self.options[i].costs for i in among], self.level, "lower")
        else:
            standings = compare_with_best([self.options[i].fills for i in among], self.level, "higher")
        return [i for i, told in zip(among, standings, strict=True) if i != best and told.place != "not best"]

    def equal(self, best: int, others: Sequence[int]) -> list[int]:
        """Who is as good as the best for practical purposes: differences that surely do not matter, all at once."""
        at_once = self.at_once(len(others))
        found = {i: judge(self.gap(best, i, at_once), "none", self.material) for i in others}
        return [i for i in others if found[i] == "equal for practical purposes"]

    def at_once(self, pairs: int) -> float:
        """The level of each of so many intervals that hold together."""
        return 1.0 - (1.0 - self.level) / max(pairs, 1)

    def near(self, first: int) -> list[int]:
        """Those whose service cannot be told apart from that one's, itself included."""
        return [i for i in self.all if i == first or not self.surely(self.service_gap(first, i))]

    def misses(self) -> tuple[list[int], list[int]]:
        """Who misses the target surely, and who on average only."""
        if self.target is None:
            return [], []
        target = self.target
        missing = [i for i in self.all if i not in self.eligible and self.fill[i].mean is not None]
        unsure = [i for i in missing if at_least(self.fill[i].high, target)]
        return [i for i in missing if i not in unsure], unsure

    def gap(self, best: int, other: int, level: float | None = None) -> Estimate:
        """How much better `best` is than `other`: money saved, or service gained; paired."""
        a, b = (self.options[i] for i in (best, other))
        pair = (b.costs, a.costs) if self.money else (a.fills, b.fills)
        return compare(*pair, level or self.level).difference

    def service_gap(self, best: int, other: int) -> Estimate:
        """How much more service `best` gives than `other`; paired."""
        a, b = (self.options[i].fills for i in (best, other))
        return compare(a, b, self.level).difference

    def surely(self, gap: Estimate) -> bool:
        """Whether a difference is established."""
        return gap.mean is not None and gap.half_width is not None and abs(gap.mean) > gap.half_width

    def by_cost(self, i: int) -> tuple[float, int]:
        """For order: the cheapest first."""
        mean = self.cost[i].mean
        return (math.inf if mean is None else mean, i)

    def by_service(self, i: int) -> tuple[float, int]:
        """For order: the most service first."""
        mean = self.fill[i].mean
        return (math.inf if mean is None else -mean, i)
