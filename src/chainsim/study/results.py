"""What came of a run: tables, manifest, and the way to the report. In memory or in a results folder, the same bytes."""

from __future__ import annotations

import hashlib
import json
import logging
import math
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chainsim.errors import OutputError, UsageError
from chainsim.kpis import KPIS
from chainsim.registry import did_you_mean
from chainsim.showing import as_html, counted
from chainsim.statistics import Estimate, Sample
from chainsim.study import arguments, store
from chainsim.study.frames import frame_of
from chainsim.study.opening import AGAIN, check_manifest, read_file
from chainsim.version import __version__

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from chainsim.plan.plan import Plan
    from chainsim.record.record import Record
    from chainsim.report.inline import InlineChart
    from chainsim.study.calibration import Calibrated

log = logging.getLogger(__name__)
WITHOUT = (
    ", which are lean: rows by replication are of the whole network only. Run the same again with --resume and without --lean "
    "(in Python resume=True): nothing is simulated again"
)


class Results:
    """The results of one run. Tables are pandas DataFrames, made when first asked for; undefined numbers are NaN."""

    def __init__(
        self,
        manifest: Mapping[str, Any],
        files: Mapping[str, bytes],
        folder: Path | None = None,
        tables: Mapping[str, bytes] | None = None,
        plans: Sequence[Plan] = (),
        calibration: Calibrated | None = None,
    ) -> None:
        """tables: the scenario's own small tables, kept beside the results of a folder (`Folder.keep`). plans: what was
        simulated, and calibration: the levels it ran with, where they are known."""
        self.manifest, self.files, self.folder = dict(manifest), dict(files), folder
        self.tables = dict(tables or {})
        self._plans = {plan.policy: plan for plan in plans}
        self.calibration = calibration
        self.origin: Any = None
        """The `Study` that was run (which makes Results, and so is not named as a type here), where these are results of `Study.run` in this process."""

    def __repr__(self) -> str:
        title, n = self.manifest["scenario"]["title"], self.manifest["replications"]
        where = "in memory" if self.folder is None else f"in {self.folder}"
        return f"<Results of {title!r}: {', '.join(self.policies)}; {counted(n, 'replication')}, {where}>"

    def _repr_html_(self) -> str:
        from chainsim.report.glance import glance

        told = glance(self)
        return as_html((*told.paragraphs, told.year), told.columns, told.rows)

    @classmethod
    def load(cls, folder: str | Path) -> Results:
        """Read a results folder, checking every file against its manifest. Raises OutputError when incomplete."""
        folder = Path(folder)
        return store.read_whole(folder, lambda: cls._load(folder))

    @classmethod
    def _load(cls, folder: Path) -> Results:
        manifest = store.read_manifest(folder)
        if manifest is None:
            state = "is not a results folder (it has no manifest.json)"
            if (folder / store.BLOCKS).is_dir():
                state = "holds a run that is not finished: run it again with --resume"
            raise OutputError(f"{folder} {state}.")
        if manifest.get("kind") == "experiment":
            raise OutputError(
                f"{folder} holds an experiment, not a run: its page is experiment.html, its tables are CSV files."
            )
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
        return frame_of(self.files, "replications.csv")

    @cached_property
    def summary(self) -> pd.DataFrame:
        """policy, site, product, kpi, unit, mean, half_width, low, high, level, n, method."""
        return frame_of(self.files, "summary.csv")

    @cached_property
    def comparison(self) -> pd.DataFrame:
        """kpi, policy, baseline, difference, half_width, verdict, n, material, settles."""
        return frame_of(self.files, "comparison.csv")

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """kpi, first, second, difference, half_width, level, verdict, p_value, n, material, settles: all pairs, with intervals that
        hold together."""
        return frame_of(self.files, "pairs.csv")

    @cached_property
    def risk(self) -> pd.DataFrame:
        """policy, kpi, statistic, value, low, high, level, n, target: what means hide (`study.risk` says which statistics)."""
        return frame_of(self.files, "risk.csv")

    @cached_property
    def months(self) -> pd.DataFrame:
        """policy, replication, month, start, demanded, filled, fill_rate, of the whole network."""
        return frame_of(self.files, "months.csv")

    @cached_property
    def lanes(self) -> pd.DataFrame:
        """policy, from, to, lane, product, kpi, unit, mean, half_width, low, high, level, n, method."""
        return frame_of(self.files, "lanes.csv")

    @cached_property
    def rates(self) -> pd.DataFrame:
        """rate, kpi, title, from, to, product, value, unit, counts: every rate, as run, and what it is charged on."""
        return frame_of(self.files, "rates.csv", ("rate", "title", "counts"))

    @cached_property
    def drivers(self) -> pd.DataFrame:
        """policy, replication, rate, driver: how many of what the rate counts, a year, in the whole network."""
        return frame_of(self.files, "drivers.csv", ("rate",))

    @cached_property
    def warm_up(self) -> pd.DataFrame:
        """policy, state, warm_up, cut, at, change, excess, sure, checked, buckets, until, cycle (`study.starting` says what they are)."""
        return frame_of(self.files, "warm_up.csv")

    @cached_property
    def best(self) -> pd.DataFrame:
        """kpi, policy, place, rival, gap, low, high, n: each policy against the best of the others, all at once."""
        return frame_of(self.files, "best.csv")

    @cached_property
    def series(self) -> pd.DataFrame:
        """policy, site, product, bucket, start, statistic and one column per series."""
        return frame_of(self.files, "series.csv")

    @cached_property
    def derived(self) -> pd.DataFrame:
        """Every parameter each policy ran with, with its formula and inputs."""
        return frame_of(self.files, "derived.csv")

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
        return frame_of(self.files, "delivered.csv")

    @cached_property
    def audit(self) -> pd.DataFrame:
        """policy, check, value, limit, passed, meaning."""
        return frame_of(self.files, "audit.csv")

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
        if site and product and self._one_product:  # its rows are those of the site
            there = (table.site == site) & (table["product"] == product)
            product = product if there.any() or product != self.network["products"][0] else ""
        here = (table.policy == policy) & (table.kpi == kpi) & (table.site == site) & (table["product"] == product)
        rows = table[here].sort_values("replication", kind="stable")
        if rows.empty:
            raise UsageError(
                f"no replications of measure '{kpi}' of policy '{policy}' at site '{site}', product '{product}' in these results"
                + self._why_not(kpi)
            )
        denominators = rows["denominator"].tolist()
        is_ratio = not all(math.isnan(d) for d in denominators)
        return Sample.of(rows["numerator" if is_ratio else "value"].tolist(), denominators, KPIS.get(kpi).unit)

    def _why_not(self, kpi: str) -> str:
        """Why there are no replications of a measure, where that was a choice."""
        measures = self.manifest["detail"].get("measures")
        if measures is not None and kpi in KPIS.names():
            return f": of so many replications there are {', '.join(measures)} of the whole network only"
        return WITHOUT if self.manifest["detail"].get("lean") else ""

    @property
    def _one_product(self) -> bool:
        return bool(self.manifest["counts"].get("products") == 1)

    def save(self, folder: str | Path, *, overwrite: bool = False) -> Results:
        """Write these results as a folder of their own. Raises OutputError."""
        with store.opened(Path(folder)) as place:
            place.begin(self.manifest["identity"], self.manifest["replications"], overwrite=overwrite, resume=False)
            manifest = {**self.manifest, "tables": place.keep(self.tables, self.files)}
            place.commit(self.files, manifest)
        saved = Results(manifest, self.files, Path(folder), self.tables, list(self._plans.values()), self.calibration)
        saved.origin = self.origin
        return saved

    def add(self, files: Mapping[str, bytes], *, command: str | None = None) -> None:
        """Put further tables beside these, such as those of a tuning and of a stress test, for the page to tell. command: what makes
        all of it again. Raises OutputError."""
        self.files = {**self.files, **files}
        self.manifest = {
            **self.manifest,
            "files": file_hashes(self.files),
            "command": command or self.manifest["command"],
        }
        if self.folder is not None:
            with store.opened(self.folder) as place:
                place.commit(files, self.manifest)

    def report(self, folder: str | Path | None = None) -> Path:
        """Write page, workbook and charts beside the tables; returns the page's path.

        folder: where to, with the tables; results in memory need one, since nothing is written where nobody asked for it.
        Raises UsageError without.
        """
        # drawing is slow to import and only wanted here
        from chainsim.report import write_report

        results = self
        if results.folder is None and folder is None:
            name = self.manifest["scenario"]["name"] or "scenario"
            raise UsageError(
                f"these results are in memory: name the folder to write to, as in results.report('results/{name}'). To look at "
                "them without writing: results.summary, results.chart('cost-service')"
            )
        if folder is not None and Path(folder) != results.folder:
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

    def chart(self, name: str) -> InlineChart:
        """A chart of the page by its name ('cost-service'; `chainsim list charts` names them all), which a notebook shows.

        It has `title`, `caption`, `alt`, `svg` and `save(path)`; nothing is written before that. Raises UsageError for a name
        that is none, and for a chart that has nothing to show here.
        """
        from chainsim.report.inline import chart_of

        return chart_of(self, arguments.text("name", name, "cost-service"))

    def plan_of(self, policy: str) -> Plan:
        """What a policy was simulated with; of results of a folder it is compiled again. Raises as `log` does."""
        # only this method and `log` need the compiler
        from chainsim.study import event_log

        known = self._plans.get(policy)
        return event_log.plan_again(self.files, self.manifest, self.folder, policy) if known is None else known

    @property
    def warm_engine(self) -> str:
        """The engine that another replication should run on: the one that these were run on in this process, else whichever is quickest."""
        return "auto" if self.origin is None else str(self.manifest["engine"])

    def log(self, policy: str, replication: int = 0, *, start: str | date | None = None) -> pd.DataFrame:
        """What happened in one replication of a policy, event by event, in the order in which it happened.

        | column | what |
        |---|---|
        | time | time units since the start of the run, warm-up included |
        | date | only with a date of time 0: `start`, or `time.start` of the scenario |
        | measured | whether it is after the warm-up |
        | phase, event | what phase of the instant it is in, and what happens (`chainsim.rules.log.LOG_KINDS` says it in a sentence) |
        | site, product | the stock point it happens at |
        | quantity | units |
        | from_site, to_site | ends of the lane it is about (twice the same: production), missing without a lane |
        | on_hand, on_order, backorders | of the stock point, after the event |
        | claim, shipment | numbers of who waits, and of the shipment on its lane (0: under way at the start), missing without |

        The replication is simulated again on its own random numbers; runs keep no logs. Of results read from a folder it is
        checked that it is the same one. Raises UsageError for a policy or a replication that these results do not have, and for
        a `start` where time is in abstract periods; OutputError when it is not the same.
        """
        from chainsim.study import event_log

        return event_log.as_table(*self._again(policy, replication), start)

    def trace(
        self,
        policy: str,
        site: str,
        product: str | None = None,
        *,
        until: float | str | None = None,
        every: float | str = 1,
        replication: int = 0,
    ) -> pd.DataFrame:
        """One stock point of one replication, period by period, to check by hand: closing = opening + received − sold − outdated
        − lent, position = closing + on_order − owed (`chainsim.record.follow.Period` says what every column is). What happened in
        words, event by event: `chainsim trace`, or `Study.trace`.

        until, every: how far from the start of the run, and the length of a row: numbers of time units (30 and 1) or texts such as
        '4 weeks'. Simulates and raises as `log` does; UsageError too where a stock point has no events to follow.
        """
        from chainsim.study.tracing import traced

        return traced(*self._again(policy, replication), site, product, until, every).table()

    def _again(self, policy: str, replication: int) -> tuple[Record, Plan]:
        """A replication once more, with its event log. Raises as `log` does."""
        from chainsim.study import event_log  # brings the engines along

        known, n = self.policies, self.manifest["replications"]
        if policy not in known:
            raise UsageError(f"unknown policy '{policy}'{did_you_mean(str(policy), known)}; known: {', '.join(known)}")
        if arguments.whole("replication", replication, 0) >= n:
            raise UsageError(f"replication must be below {n}: these results have {counted(n, 'replication')}, from 0")
        plan = self.plan_of(policy)
        record = event_log.logged(plan, int(replication))
        if policy not in self._plans:
            table = self.replications
            here = (
                (table.policy == policy)
                & (table.replication == replication)
                & (table.site == "")
                & (table["product"] == "")
            )
            event_log.check_same(record, plan, dict(zip(table.kpi[here], table.value[here], strict=True)))
            self._plans[policy] = plan
        return record, plan


def file_hashes(files: Mapping[str, bytes]) -> dict[str, str]:
    """sha256 of every file, in order of name."""
    return {name: store.sha256(files[name]) for name in sorted(files)}
