"""What came of an experiment: tables as frames, in memory or in a folder, the same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chainsim.errors import UsageError
from chainsim.experiments.data import Data
from chainsim.experiments.findings import Findings
from chainsim.experiments.job import Found
from chainsim.experiments.model import Experiment, Point
from chainsim.showing import as_html, counted
from chainsim.study import arguments, store
from chainsim.study.frames import frame_of
from chainsim.study.results import file_hashes

if TYPE_CHECKING:
    import pandas as pd

    from chainsim.report.glance import Glance
    from chainsim.report.inline import InlineChart

TEXTS = ("breaks", "factor", "other", "from", "to", "values", "words")
"""Columns of text of the tables that only experiments have."""
MOST_ROWS = 60
"""Lines that a notebook shows; the frames have all."""


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
        self.findings = Findings(self.data)
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

    @cached_property
    def best(self) -> pd.DataFrame:
        """point, every factor, policy, kpi, value, meets, chosen, place, rival, gap, low, high, breaks: every policy against the best."""
        return self._frame("best.csv")

    @cached_property
    def effects(self) -> pd.DataFrame:
        """policy, site, product, kpi, kind, factor, other, from, to, effect, low, high, share, method."""
        return self._frame("effects.csv")

    @cached_property
    def breaks(self) -> pd.DataFrame:
        """box, policy, factor, low, high, values, chance, points, broken, density, coverage, words: futures that break the choice."""
        return self._frame("breaks.csv")

    def _repr_html_(self) -> str:
        told = self.glance()
        return as_html(told.paragraphs, told.columns, told.rows[:MOST_ROWS])

    def glance(self) -> Glance:
        """The answer in a few sentences, and a line per point and policy."""
        from chainsim.report.experiment.glance import glance

        return glance(self.findings)

    def as_json(self) -> str:
        """The answer, the responses of every point, and the effects, as one JSON object; undefined numbers are null."""
        told = self.glance()
        wanted = {(r.kpi, r.site, r.product) for r in self.asked.watched}
        rows = [row for row in _records(self.results) if (row["kpi"], row["site"], row["product"]) in wanted]
        content = {
            "experiment": self.manifest["experiment"],
            "answer": list(told.paragraphs[1:]),
            "replications": self.asked.replications,
            "results": rows,
            "best": _records(self.best),
            "effects": _records(self.effects),
            "failed": self.failures(),
        }
        return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)

    def report(self, folder: str | Path | None = None) -> Path:
        """Write the page and its charts beside the tables; returns the page's path.

        folder: where to, with the tables; results in memory need one. Raises UsageError without, OutputError.
        """
        from chainsim.report.experiment.page import write_experiment

        place = self.folder if folder is None else arguments.place("folder", folder)
        if place is None:
            raise UsageError(
                "these results are in memory: name the folder to write to, as in results.report('results/sweep')"
            )
        made = write_experiment(self.findings)
        self.files = {**self.files, **made}
        self.manifest = {**self.manifest, "files": file_hashes(self.files)}
        with store.opened(place) as there:
            if place != self.folder:
                there.begin(self.manifest["identity"], self.asked.replications, overwrite=False, resume=False)
            there.commit(self.files, self.manifest)
        self.folder = place
        return place / "experiment.html"

    def chart(self, name: str | None = None) -> InlineChart:
        """A chart of the page by its name ('curve-1-cv', 'effects', 'best'), the first one without a name; a notebook shows it.

        Raises UsageError that names those there are.
        """
        from chainsim.report.experiment.inline import chart_of

        return chart_of(self.findings, name)

    def failures(self) -> list[str]:
        """Points that could not be, each with its factors' values and why."""
        told = zip(self.data.points, self.data.found, strict=True)
        return [f"{point.told(self.asked.factors)}: {found.failure}" for point, found in told if found.failure]

    def warnings(self) -> list[str]:
        """What points were warned of, each kind once for all stock points and points that it is said of; one by one in warnings.csv."""
        return self.data.warnings("warnings.csv" if self.folder else "warnings.csv of a results folder (--out)")

    def _frame(self, name: str) -> pd.DataFrame:
        names = [factor.name for factor in self.asked.factors if not factor.numeric]
        return frame_of(self.files, name, texts=[*names, *TEXTS])


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {str(key): None if value != value else value for key, value in row.items()}
        for row in frame.to_dict(orient="records")
    ]
