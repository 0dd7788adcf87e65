"""What came of a run: tables, manifest, and the way to the report. In memory or in a results folder, the same bytes."""

from __future__ import annotations

import hashlib
import io
import json
import logging
import math
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chainsim.errors import OutputError, UsageError
from chainsim.kpis import KPIS
from chainsim.statistics import Estimate, Sample
from chainsim.study import store
from chainsim.study.csvtext import text_of
from chainsim.study.opening import AGAIN, check_columns, check_manifest, read_file
from chainsim.version import __version__

if TYPE_CHECKING:
    import pandas as pd

log = logging.getLogger(__name__)
TEXT = frozenset(
    [
        "policy",
        "site",
        "product",
        "kpi",
        "unit",
        "method",
        "baseline",
        "kind",
        "origin",
        "by",
        "why",
        "verdict",
        "place",
        "rival",
        "statistic",
        "name",
        "symbol",
        "formula",
        "inputs",
        "check",
        "meaning",
    ]
)
WHOLE, FLAGS = frozenset({"replication", "n", "bucket"}), frozenset({"given", "passed"})
"""Columns that hold text, whole numbers, and true, false or nothing; all others hold numbers, NaN where empty."""


class Results:
    """The results of one run. Tables are pandas DataFrames, made when first asked for; undefined numbers are NaN."""

    def __init__(
        self,
        manifest: Mapping[str, Any],
        files: Mapping[str, bytes],
        folder: Path | None = None,
        tables: Mapping[str, bytes] | None = None,
    ) -> None:
        """tables: the scenario's own small tables, kept beside the results of a folder (`Folder.keep`)."""
        self.manifest, self.files, self.folder = dict(manifest), dict(files), folder
        self.tables = dict(tables or {})

    @classmethod
    def load(cls, folder: str | Path) -> Results:
        """Read a results folder, checking every file against its manifest. Raises OutputError when incomplete."""
        folder = Path(folder)
        manifest = store.read_manifest(folder)
        if manifest is None:
            state = "is not a results folder (it has no manifest.json)"
            if (folder / store.BLOCKS).is_dir():
                state = "holds a run that is not finished: run it again with --resume"
            raise OutputError(f"{folder} {state}.")
        check_manifest(folder, manifest)
        files = {}
        for name, expected in manifest["files"].items():
            try:
                files[name] = read_file(folder / name)
            except FileNotFoundError as error:
                raise OutputError(f"{folder / name} is missing. {AGAIN}") from error
            if hashlib.sha256(files[name]).hexdigest() != expected:
                raise OutputError(
                    f"{folder / name} was changed or damaged after the run. Run the scenario again with --overwrite; "
                    "keep your own notes outside the folder."
                )
        if manifest["chainsim"] != __version__:
            log.warning("%s was written by chainsim %s; this is %s", folder, manifest["chainsim"], __version__)
        return cls(manifest, files, folder)

    @property
    def policies(self) -> list[str]:
        """Names of the policies, the baseline first."""
        return [policy["name"] for policy in self.manifest["policies"]]

    @cached_property
    def replications(self) -> pd.DataFrame:
        """policy, replication, site, product, kpi, value; of a ratio numerator and denominator as well."""
        return self._table("replications.csv")

    @cached_property
    def summary(self) -> pd.DataFrame:
        """policy, site, product, kpi, unit, mean, half_width, low, high, level, n, method."""
        return self._table("summary.csv")

    @cached_property
    def comparison(self) -> pd.DataFrame:
        """kpi, policy, baseline, difference, half_width, verdict, n."""
        return self._table("comparison.csv")

    @cached_property
    def best(self) -> pd.DataFrame:
        """kpi, policy, place, rival, gap, low, high, n: each policy against the best of the others, all at once."""
        return self._table("best.csv")

    @cached_property
    def series(self) -> pd.DataFrame:
        """policy, site, product, bucket, start, statistic and one column per series."""
        return self._table("series.csv")

    @cached_property
    def derived(self) -> pd.DataFrame:
        """Every parameter each policy ran with, with its formula and inputs."""
        return self._table("derived.csv")

    @cached_property
    def delivered(self) -> pd.DataFrame:
        """What was asked of stock points, groups and the network, what was delivered, and why they differ: policy, site,
        product, kind, asked, kpi, delivered, half_width, n, verdict, expected, one_less, origin, by, formula, why.

        Raises OutputError when the results were made before chainsim wrote this table.
        """
        if "delivered.csv" not in self.files:
            raise OutputError(
                "these results have no delivered.csv: an earlier chainsim made them. Run the scenario again to compare "
                "what was asked with what was delivered."
            )
        return self._table("delivered.csv")

    @cached_property
    def audit(self) -> pd.DataFrame:
        """policy, check, value, limit, passed, meaning."""
        return self._table("audit.csv")

    @cached_property
    def network(self) -> dict[str, Any]:
        """Sites with their kinds, echelons, products, lanes and where customers buy."""
        try:
            return dict(json.loads(self.files["network.json"]))
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            raise OutputError(f"network.json is missing or cannot be read. {AGAIN}") from error

    def estimate(self, policy: str, kpi: str, site: str = "", product: str = "") -> Estimate:
        """One measure of one policy, with its interval. Raises UsageError when there is no such row."""
        table = self.summary
        rows = table[
            (table.policy == policy) & (table.kpi == kpi) & (table.site == site) & (table["product"] == product)
        ]
        if rows.empty:
            raise UsageError(
                f"no measure '{kpi}' of policy '{policy}' at site '{site}', product '{product}' in these results"
            )
        row = rows.iloc[0]
        mean, half_width, low, high = (None if v != v else float(v) for v in row[["mean", "half_width", "low", "high"]])
        return Estimate(
            mean,
            half_width,
            float(row["level"]),
            int(row["n"]),
            str(row["method"]),
            self.manifest["replications"] - int(row["n"]),
            None if low is None or high is None else (low, high),
        )

    def sample(self, policy: str, kpi: str, site: str = "", product: str = "") -> Sample:
        """One measure of one policy in every replication, to estimate from. Raises UsageError when the tables do not have it."""
        table = self.replications
        here = (table.policy == policy) & (table.kpi == kpi) & (table.site == site) & (table["product"] == product)
        rows = table[here].sort_values("replication", kind="stable")
        if rows.empty:
            raise UsageError(
                f"no replications of measure '{kpi}' of policy '{policy}' at site '{site}', product '{product}' in these results"
            )
        denominators = rows["denominator"].tolist()
        is_ratio = not all(math.isnan(d) for d in denominators)
        return Sample.of(rows["numerator" if is_ratio else "value"].tolist(), denominators, KPIS.get(kpi).unit)

    def save(self, folder: str | Path, *, overwrite: bool = False) -> Results:
        """Write these results as a folder of their own. Raises OutputError."""
        with store.opened(Path(folder)) as place:
            place.begin(self.manifest["identity"], self.manifest["replications"], overwrite=overwrite, resume=False)
            manifest = {**self.manifest, "tables": place.keep(self.tables, self.files)}
            place.commit(self.files, manifest)
        return Results(manifest, self.files, Path(folder), self.tables)

    def report(self, folder: str | Path | None = None) -> Path:
        """Write page, workbook and charts beside the tables; returns the page's path.

        folder: for results in memory, where to; default results/<scenario>.
        """
        # drawing is slow to import and only wanted here
        from chainsim.report import write_report

        results = self
        if results.folder is None:
            results = self.save(folder or Path("results") / (self.manifest["scenario"]["name"] or "scenario"))
        elif folder is not None and Path(folder) != results.folder:
            results = self.save(folder)
        assert results.folder is not None
        made = dict(write_report(results))
        kept = {name: data for name, data in results.files.items() if name not in self.manifest.get("report", [])}
        results.files = {**kept, **made}
        results.manifest = {**results.manifest, "report": sorted(made), "files": file_hashes(results.files)}
        with store.opened(results.folder) as place:
            place.commit(made, results.manifest)
        self.files, self.manifest, self.folder = results.files, results.manifest, results.folder
        return results.folder / "report.html"

    def _table(self, name: str) -> pd.DataFrame:
        # pandas is slow to import; whoever only runs does without
        import pandas as pd

        if name not in self.files:
            raise OutputError(f"these results have no {name}. {AGAIN}")
        try:
            cells = pd.read_csv(io.BytesIO(self.files[name]), dtype=str, na_filter=False)
            check_columns(name, [str(column) for column in cells])
            return pd.DataFrame({column: _read(column, cells[column].tolist()) for column in map(str, cells)})
        except (ValueError, UnicodeError) as error:  # pandas' own errors are ValueErrors, too
            raise OutputError(f"{name} cannot be read as a table: {error}. {AGAIN}") from error


def _read(column: str, cells: Sequence[str]) -> list[Any]:
    """The values of a column; Python's own float reads back every bit."""
    if column in TEXT:
        texts = {cell: text_of(cell) for cell in set(cells)}  # few texts, many cells
        return [texts[cell] for cell in cells]
    if column in WHOLE:
        return [int(cell) for cell in cells]
    if column in FLAGS:
        return [None if cell == "" else cell == "true" for cell in cells]
    return [float(cell) if cell else math.nan for cell in cells]


def file_hashes(files: Mapping[str, bytes]) -> dict[str, str]:
    """sha256 of every file, in order of name."""
    return {name: store.sha256(files[name]) for name in sorted(files)}
