"""`chainsim experiment`: simulate a designed experiment and write its results folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from chainsim.cli import options
from chainsim.cli.cluster import executor_of
from chainsim.cli.console import note, say, table, warn
from chainsim.cli.failure import escaped
from chainsim.cli.progress import progress
from chainsim.cli.shard import share_of
from chainsim.cli.summary import plain

if TYPE_CHECKING:
    from chainsim.experiments.results import ExperimentResults

MOST_ROWS = 60


def experiment(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A YAML file, or the name of a shipped one.", show_default=False)
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="DIR", help="Results folder.  [default: results/experiments/<name>]", show_default=False
        ),
    ] = None,
    jobs: options.Jobs = None,
    engine: options.Engine = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    open_page: options.Open = False,
    no_report: options.NoReport = False,
    overwrite: options.Overwrite = False,
    resume: options.Resume = False,
    shard: options.Shard = None,
    executor: options.Where = "local",
    scheduler: options.Scheduler = None,
    allow_plugins: options.Plugins = False,
) -> None:
    """Simulate every point of an experiment: what is varied, over which values, and when the choice changes.

    \b
    Example:
      chainsim experiment eoq_curve --open       one that comes with chainsim, and its page
      chainsim experiment mine.yaml --jobs -1 --out results/mine --resume
      chainsim experiment mine.yaml --shard 3/50 --out shared
      chainsim list experiments                  all that come with chainsim
    """
    from chainsim.experiments.reading import file_of, read_experiment
    from chainsim.experiments.running import run_experiment
    from chainsim.experiments.sharding import run_share

    if allow_plugins:
        import chainsim

        for name in chainsim.allow_plugins():
            note(f"loaded {name}")
    asked = read_experiment(file)
    folder = out if out is not None else Path("results") / "experiments" / asked.name
    if not quiet:
        note(
            f"{escaped(asked.title)}: {len(asked.points())} points × {len(asked.alternatives)} policies × {asked.replications} replications"
        )
    shared = None if shard is None else share_of(shard, out, overwrite=overwrite, json=json, open_page=open_page)
    with executor_of(executor, scheduler, jobs, quiet=quiet) as cluster, progress(quiet, "points") as hook:
        how: dict[str, Any] = {"jobs": jobs, "engine": engine or "auto", "progress": hook, "executor": cluster}
        if shared is not None:
            say(str(run_share(asked, file_of(file), *shared, **how)))
            return
        results = run_experiment(asked, out=folder, overwrite=overwrite, resume=resume, **how)
    if not no_report:
        results.report()
    tell(results, json=json, quiet=quiet, open_page=open_page)


def tell(results: ExperimentResults, *, json: bool, quiet: bool, open_page: bool = False) -> None:
    """What came of it: a sentence and a table on stdout, failures and places of files beside."""
    if json:
        say(results.as_json())
    else:
        told = results.glance()
        say("\n\n".join(escaped(plain(text)) for text in told.paragraphs))
        say()
        say(table([*told.columns], [[plain(cell) for cell in row] for row in told.rows[:MOST_ROWS]]))
        if len(told.rows) > MOST_ROWS:
            say(f"… and {len(told.rows) - MOST_ROWS} more lines, in results.csv")
    for text in results.failures():
        warn(escaped(text))
    if not quiet:
        for text in results.warnings()[:MOST_ROWS]:
            warn(escaped(text))
    if results.folder is not None and not quiet:
        page = results.folder / "experiment.html"
        note(f"Results: {results.folder}{f'   Page: {page}' if page.exists() else ''}")
        if open_page and page.exists():
            from chainsim.cli.study import show

            show(page)
