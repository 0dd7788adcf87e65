"""`chainsim merge`: what shards left in one folder or several, as one machine would have given it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from chainsim.cli import options
from chainsim.cli.console import note
from chainsim.errors import OutputError, UsageError

if TYPE_CHECKING:
    from chainsim.study.shards import Gathered

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
    if not quiet:
        note(f"{found.request.shards} shards of `{found.request.command}`")
    verb(
        found, out or folders[0], engine,
        page=not no_report, json=json, quiet=quiet, open_page=open_page, allow_plugins=allow_plugins,
    )  # fmt: skip


def _run(found: Gathered, out: Path, engine: str | None, *, allow_plugins: bool, quiet: bool, **shown: Any) -> None:
    from chainsim.cli.study import load, told
    from chainsim.study.sharding import KEPT, merged_run

    given = found.request.options
    study = load(found.file, allow_plugins=allow_plugins, changes=given.get("changes"))
    asked = {name: given[name] for name in KEPT if name in given}
    results = merged_run(study, found, out, hold=given.get("hold") is True, engine=engine, **asked)
    told(results, out, quiet=quiet, **shown)


def _experiment(
    found: Gathered,
    out: Path,
    engine: str | None,
    *,
    page: bool,
    allow_plugins: bool,
    json: bool,
    quiet: bool,
    open_page: bool,
) -> None:
    from chainsim.cli.experiment import tell
    from chainsim.experiments.reading import read_experiment
    from chainsim.experiments.running import run_experiment

    if allow_plugins:
        import chainsim

        chainsim.allow_plugins()
    asked = read_experiment(found.file)
    results = run_experiment(asked, out=out, resume=True, engine=engine or "auto", gathered=found)
    if page:
        results.report()
    tell(results, json=json, quiet=quiet, open_page=open_page)


def _stress(
    found: Gathered,
    out: Path,
    engine: str | None,
    *,
    page: bool,
    allow_plugins: bool,
    json: bool,
    quiet: bool,
    open_page: bool,
) -> None:
    from chainsim.cli.stress import own_shocks, told
    from chainsim.cli.study import load
    from chainsim.stress.sharding import merged_test

    _with_its_page(page)
    given = found.request.options
    study = load(found.file, allow_plugins=allow_plugins, changes=given.get("changes"))
    shocks = own_shocks(found.copy(given["shocks"]) if given.get("shocks") else None)
    told(merged_test(study, found, shocks, engine), out, json=json, quiet=quiet, open_page=open_page)


def _tune(
    found: Gathered,
    out: Path,
    engine: str | None,
    *,
    page: bool,
    allow_plugins: bool,
    json: bool,
    quiet: bool,
    open_page: bool,
) -> None:
    from chainsim.cli.study import load
    from chainsim.cli.tune import told
    from chainsim.tune.sharding import merged_tuning

    _with_its_page(page)
    study = load(found.file, allow_plugins=allow_plugins, changes=found.request.options.get("changes"))
    tuned = merged_tuning(study, found, out, engine=engine, overwrite=True, tell=None if quiet else note)
    told(tuned, out, json=json, quiet=quiet, open_page=open_page)


def _with_its_page(page: bool) -> None:
    if not page:
        raise UsageError(
            "--no-report is for runs and experiments: a stress test and a tuning are their page and its tables"
        )


MERGES = {"run": _run, "experiment": _experiment, "stress": _stress, "tune": _tune}
