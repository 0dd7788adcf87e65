"""What came of an experiment: tables as frames, in memory or in a folder, the same bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chainsim.experiments.data import Data
from chainsim.experiments.job import Found
from chainsim.experiments.model import Experiment, Point
from chainsim.showing import counted
from chainsim.study.frames import frame_of

if TYPE_CHECKING:
    import pandas as pd


class ExperimentResults:
    """The results of one experiment. Tables are pandas DataFrames, made when first asked for; undefined numbers are NaN."""

    def __init__(
        self,
        asked: Experiment,
        points: Sequence[Point],
        found: Sequence[Found],
        files: Mapping[str, bytes],
        manifest: Mapping[str, Any],
        folder: Path | None = None,
    ) -> None:
        self.asked, self.folder = asked, folder
        self.data = Data(asked, points, found)
        self.files, self.manifest = dict(files), dict(manifest)

    def __repr__(self) -> str:
        where = "in memory" if self.folder is None else f"in {self.folder}"
        n, policies = len(self.data.points), ", ".join(self.asked.alternatives)
        return f"<Results of the experiment {self.asked.title!r}: {counted(n, 'point')}, {policies}; {where}>"

    @cached_property
    def points(self) -> pd.DataFrame:
        """point, every factor, status, events, message."""
        return self._frame("points.csv")

    @cached_property
    def results(self) -> pd.DataFrame:
        """point, every factor, policy, site, product, kpi, unit, value, half_width, low, high, level, n."""
        return self._frame("results.csv")

    @cached_property
    def replications(self) -> pd.DataFrame:
        """point, every factor, policy, replication, site, product, kpi, value; of a ratio numerator and denominator as well."""
        return self._frame("replications.csv")

    @cached_property
    def differences(self) -> pd.DataFrame:
        """point, every factor, policy, baseline, site, product, kpi, difference, half_width, verdict, n."""
        return self._frame("differences.csv")

    def failures(self) -> list[str]:
        """Points that could not be, each with its factors' values and why."""
        told = zip(self.data.points, self.data.found, strict=True)
        return [f"{point.told(self.asked.factors)}: {found.failure}" for point, found in told if found.failure]

    def _frame(self, name: str) -> pd.DataFrame:
        texts = [factor.name for factor in self.asked.factors if not factor.numeric]
        return frame_of(self.files, name, texts=texts)
