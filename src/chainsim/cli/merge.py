"""`chainsim merge`: what shards left in one folder or several, as one machine would have given it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from chainsim.cli import options
from chainsim.cli.console import note
from chainsim.errors import OutputError, UsageError

if TYPE_CHECKING:
    from chainsim.study.loading import Study
    from chainsim.study.shards import Gathered

T = TypeVar("T")
Folders = Annotated[
    list[Path],
    typer.Argument(metavar="DIR…", help="Folders that shards were kept in (--out).", show_default=False),
]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="DIR", help="Results folder.  [default: the first of the folders]", show_default=False
    ),
]


def merge(
    folders: Folders,
    out: Out = None,
    engine: options.Engine = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    open_page: options.Open = False,
    no_report: options.NoReport = False,
    lean: options.Lean = False,
    overwrite: options.Overwrite = False,
    allow_plugins: options.Plugins = False,
) -> None:
    """Put shards together: tables, page and workbook as one machine gives them. Names the shards that are missing.

    \b
    Example:
      chainsim run study.yaml --shard 0/2 --out shared     on one machine
      chainsim run study.yaml --shard 1/2 --out shared     on another, or later
      chainsim merge shared --open
      chainsim merge from-anna from-ben --out results/together
    """
    from chainsim.study.shards import gathered

    found = gathered(folders)
    verb = MERGES.get(found.request.verb)
    if verb is None:
        raise OutputError(
            f"{folders[0]} holds shards of '{found.request.verb}', which this chainsim cannot put together."
        )
    if no_report and verb in (_stress, _tune):
        raise UsageError(
            "--no-report is for runs and experiments: a stress test and a tuning are their page and its tables"
        )
    if lean and verb is not _run:
        raise UsageError("--lean is for runs: the other commands keep no rows by replication of every stock point")
    if not quiet:
        note(f"{found.request.shards} shards of `{found.request.command}`")
    verb(
        _Merge(found, out or folders[0], engine, overwrite, allow_plugins, lean),
        page=not no_report, json=json, quiet=quiet, open_page=open_page,
    )  # fmt: skip


@dataclass(frozen=True)
class _Merge:
    """What is put together, where to, and how."""

    found: Gathered
    out: Path
    engine: str | None
    overwrite: bool
    allow_plugins: bool
    lean: bool = False

    @property
    def study(self) -> Study:
        """The study that was shared, with its changes."""
        from chainsim.cli.study import load

        return load(self.found.file, allow_plugins=self.allow_plugins, changes=self.option("changes", dict))

    def option(self, name: str, kind: type[T]) -> T | None:
        """An option of the command that was shared. Raises OutputError where it is not of its kind."""
        value = self.found.request.options.get(name)
        if value is not None and not isinstance(value, kind):
            raise OutputError(
                f"{self.found.folders[0]} is damaged: '{name}' of its shards. Run one of its shards again."
            )
        return value


def _run(merged: _Merge, *, quiet: bool, **shown: Any) -> None:
    from chainsim.cli.study import told
    from chainsim.study.sharding import KEPT, merged_run

    by = merged.found.engine
    if merged.engine not in (None, "auto", by) and by:
        raise UsageError(
            f"--engine {merged.engine}: these shards were simulated by {by}, and putting a run together simulates nothing: leave --engine out"
        )
    given = merged.found.request.options
    asked = {name: given[name] for name in KEPT if name in given}
    if merged.lean:
        asked["lean"] = True
    hold = merged.option("hold", bool) is True
    results = merged_run(
        merged.study, merged.found, merged.out, hold=hold, overwrite=merged.overwrite, engine=merged.engine, **asked,
    )  # fmt: skip
    told(results, merged.out, quiet=quiet, **shown)


def _experiment(merged: _Merge, *, page: bool, **shown: Any) -> None:
    from chainsim.cli.experiment import tell
    from chainsim.experiments.reading import read_experiment
    from chainsim.experiments.running import run_experiment

    if merged.allow_plugins:
        import chainsim

        chainsim.allow_plugins()
    results = run_experiment(
        read_experiment(merged.found.file), out=merged.out, resume=True, overwrite=merged.overwrite,
        engine=merged.engine or "auto", gathered=merged.found,
    )  # fmt: skip
    if page:
        results.report()
    tell(results, **shown)


def _stress(merged: _Merge, *, page: bool, **shown: Any) -> None:
    from chainsim.cli.stress import own_shocks, told
    from chainsim.stress.sharding import merged_test

    name = merged.option("shocks", str)
    shocks = own_shocks(None if name is None else merged.found.copy(name))
    told(merged_test(merged.study, merged.found, shocks, merged.engine), merged.out, **shown)


def _tune(merged: _Merge, *, page: bool, quiet: bool, **shown: Any) -> None:
    from chainsim.cli.tune import told
    from chainsim.tune.sharding import merged_tuning

    tuned = merged_tuning(
        merged.study, merged.found, merged.option("aim", dict) or {}, merged.out,
        engine=merged.engine, overwrite=merged.overwrite, tell=None if quiet else note,
    )  # fmt: skip
    told(tuned, merged.out, quiet=quiet, **shown)


MERGES: dict[str, Callable[..., None]] = {"run": _run, "experiment": _experiment, "stress": _stress, "tune": _tune}
