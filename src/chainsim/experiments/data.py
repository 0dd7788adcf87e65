"""What an experiment found, as samples: which point, which alternative, which response."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from chainsim.experiments.job import Found
from chainsim.experiments.model import Experiment, Point, Response
from chainsim.experiments.told import in_short
from chainsim.kpis import KPIS
from chainsim.statistics import Estimate, Sample, estimate


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

    def warnings(self, full: str = "warnings.csv") -> list[str]:
        """What points were warned of, in short. full: where it stands one by one."""
        return in_short(self.asked, self.found, full)

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
