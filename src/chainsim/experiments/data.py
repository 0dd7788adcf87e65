"""What an experiment found, as samples: which point, which alternative, which response."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from chainsim.experiments.job import Found
from chainsim.experiments.model import Experiment, Point, Response
from chainsim.kpis import KPIS
from chainsim.statistics import Estimate, Sample, estimate
from chainsim.study.telling import told_once


@dataclass(frozen=True)
class Data:
    """points and what came of each, in the same order."""

    asked: Experiment
    points: Sequence[Point]
    found: Sequence[Found]

    @cached_property
    def good(self) -> list[int]:
        """Places of the points that were simulated."""
        return [i for i, found in enumerate(self.found) if not found.failure]

    @property
    def level(self) -> float:
        """Confidence of all intervals."""
        return self.asked.base.scenario.confidence

    def warnings(self) -> list[str]:
        """What points were warned of: a policy that runs as it is beside tuned ones, a level that leaves something out. What is said
        of several stock points or points is told once, with its numbers as ranges."""
        scenario = self.asked.base.scenario
        suppliers = {site.name for site in scenario.sites if site.kind == "supplier"}
        ordering = [point for point in scenario.points if point.site not in suppliers]
        names = {name for point in ordering for name in (point.site, point.product)}
        by_policy: dict[str, list[str]] = {}
        other: list[str] = []
        for text in dict.fromkeys(text for found in self.found for text in found.warnings):
            policy, _, words = text.partition(": ")
            of_places = policy in self.asked.alternatives and " / " in words.partition(": ")[0]
            (by_policy.setdefault(policy, []) if of_places else other).append(words if of_places else text)
        for policy, said in by_policy.items():
            other += (f"{policy}: {text}" for text in told_once(said, of=len(ordering), names=names, full="points.csv"))
        return other

    def sample(self, i: int, alternative: str, response: Response) -> Sample | None:
        """One value per replication; None where the point failed or has no such place."""
        found = self.found[i]
        where = (response.site, response.product)
        if found.numerators is None or found.denominators is None or where not in found.scopes:
            return None
        a, s, k = found.alternatives.index(alternative), found.scopes.index(where), KPIS.names().index(response.kpi)
        above, below = found.numerators[a, :, s, k], found.denominators[a, :, s, k]
        return Sample.of(above.tolist(), below.tolist(), KPIS.get(response.kpi).unit)

    def estimate(self, i: int, alternative: str, response: Response) -> Estimate:
        """The response with its interval; undefined where there is none."""
        sample = self.sample(i, alternative, response)
        if sample is None:
            return Estimate(None, None, self.level, 0, "no such place at this point")
        return estimate(sample, self.level)
