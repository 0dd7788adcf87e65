"""`chainsim stress`: shocks, every place out, and the mildest shock that breaks the target."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from chainsim.cli import options
from chainsim.cli.console import note, say, table
from chainsim.cli.shard import share_of
from chainsim.errors import UsageError

if TYPE_CHECKING:
    from chainsim.stress.results import Stress

Out = Annotated[
    Optional[Path],  # noqa: UP045 (typer reads the annotation at run time)
    typer.Option(
        "--out", metavar="DIR", help="Results folder.  [default: results/<scenario>-stress]", show_default=False
    ),
]
Only = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option(
        "--only", metavar="A,B", help="Some of nodes, lanes, library, reverse.  [default: all]", show_default=False
    ),
]
Days = Annotated[
    Optional[float],  # noqa: UP045
    typer.Option("--days", metavar="N", help="How long each place is out.  [default: 30]", show_default=False),
]
Library = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option(
        "--library",
        metavar="A,B",
        help="Shocks of the library, also for the reverse test (chainsim list shocks).  [default: all]",
        show_default=False,
    ),
]
Levels = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option(
        "--levels",
        metavar="WHICH",
        help="Under shocks: 'both', today's and derived again, or 'unchanged'.  [default: both]",
        show_default=False,
    ),
]
Buffers = Annotated[
    Optional[bool],  # noqa: UP045
    typer.Option(
        "--buffers/--no-buffers", help="Look for the cheapest buffers.  [default: --buffers]", show_default=False
    ),
]
Start = Annotated[
    Optional[float],  # noqa: UP045
    typer.Option(
        "--start",
        metavar="TIME",
        help="When it goes out, from the start of the run, warm-up included.  [default: a quarter into what is measured]",
        show_default=False,
    ),
]
Shocks = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option(
        "--shocks",
        metavar="FILE",
        help="Own shocks: a YAML file of names and the paths each changes.",
        show_default=False,
    ),
]

MaxEvents = Annotated[
    float,
    typer.Option(
        "--max-events",
        metavar="N",
        help="Refuse a test of more events than this.  [default: 1 billion]",
        show_default=False,
    ),
]


def stress(
    file: options.ScenarioFile,
    changes: options.Set = None,
    out: Out = None,
    policies: options.Policies = None,
    days: Days = None,
    start: Start = None,
    only: Only = None,
    library: Library = None,
    levels: Levels = None,
    shocks: Shocks = None,
    buffers: Buffers = None,
    replications: options.Replications = None,
    jobs: options.Jobs = None,
    engine: options.Engine = None,
    seed: options.Seed = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    open_page: options.Open = False,
    shard: options.Shard = None,
    executor: options.Where = "local",
    scheduler: options.Scheduler = None,
    allow_plugins: options.Plugins = False,
    max_events: MaxEvents = 1e9,
    files_anywhere: options.FilesAnywhere = False,
    max_scenario_mb: options.MaxMegabytes = options.MAX_MEGABYTES,
) -> None:
    """Stress a scenario: every site and lane out for a while, a library of shocks, and the mildest shock that breaks the target.

    \b
    Example:
      chainsim stress grocer.yaml --days 30 --open
      chainsim stress grocer.yaml --policies s_Q --only nodes,lanes --replications 20
      chainsim stress grocer.yaml --shard 3/20 --out shared

    Says how long customers notice nothing (time to survive), how long until they are served again (time to recover), what it
    costs, and the cheapest stock with which nobody would notice. Writes tidy tables and stress.html. What the options do not say the
    scenario's `stress:` does.
    """
    from chainsim.cli.cluster import executor_of
    from chainsim.cli.progress import progress
    from chainsim.cli.study import load, tell
    from chainsim.study import disk

    shared = None if shard is None else share_of(shard, out, json=json, open_page=open_page)
    study = load(
        file,
        allow_plugins=allow_plugins,
        files_anywhere=files_anywhere,
        max_scenario_mb=max_scenario_mb,
        changes=options.changes_of(changes),
    )
    folder = out if out is not None else Path("results") / f"{study.scenario.name or 'scenario'}-stress"
    disk.check_writable(folder)
    names = options.names_of(policies)
    asked: dict[str, Any] = {
        "policies": names, "days": days, "start": start, "only": options.names_of(only, "--only"), "library": options.names_of(library, "--library"), "levels": levels, "buffers": buffers,
        "replications": replications, "seed": seed,
    }  # fmt: skip
    own = own_shocks(shocks)
    if not quiet:
        tell(study.scenario, names)
    with executor_of(executor, scheduler, jobs, quiet=quiet) as cluster, progress(quiet) as hook:
        how: dict[str, Any] = {
            "shocks": own, "jobs": jobs, "engine": engine, "executor": cluster, "progress": hook, "tell": None if quiet else note,
        }  # fmt: skip
        if shared is not None:
            from chainsim.stress.sharding import run_share

            say(str(run_share(study, *shared, asked, shocks, max_events=max_events, **how)))
            return
        found = study.stress(max_events=max_events, **asked, **how)
    told(found, folder, json=json, quiet=quiet, open_page=open_page)


def told(found: Stress, folder: Path, *, json: bool, quiet: bool, open_page: bool) -> None:
    """Write what came of it into a folder, and say it."""
    from chainsim.cli.study import show
    from chainsim.cli.summary import plain
    from chainsim.report.stress import glance

    page = found.save(folder)
    if json:
        say(as_json(found))
    else:
        said = glance(found)
        lines = table([*said.columns], [[*map(plain, row)] for row in said.rows]) if said.rows else ""
        say("\n\n".join(filter(None, [*map(plain, said.sentences), lines])))
    if not quiet:
        note(f"Results: {folder}   Page: {page}")
    if open_page:
        show(page)


def own_shocks(file: Path | None) -> dict[str, dict[str, Any]]:
    """Name → path → value, of a YAML file. Raises UsageError, and ScenarioError for what is no YAML."""
    if file is None:
        return {}
    from chainsim.scenario.read import MAX_BYTES, decode, read_yaml

    try:
        data = file.read_bytes()
    except OSError as error:
        raise UsageError(f"--shocks: cannot read {file}: {error.strerror or error}") from None
    given = read_yaml(decode(data, str(file), MAX_BYTES), str(file)).root.plain()
    if not isinstance(given, dict) or not all(isinstance(changes, dict) and changes for changes in given.values()):
        raise UsageError(
            f"--shocks: {file} must be names, each with the paths it changes and their values, such as "
            "dear_transport: {lanes[*].unit_cost: 2}"
        )
    return given


def as_json(found: Any) -> str:
    """All tables as one JSON object; what is undefined is null."""
    import json
    from math import isfinite

    def cell(value: Any) -> Any:
        return None if isinstance(value, float) and not isfinite(value) else value

    content = {
        name.removesuffix(".csv"): [{key: cell(value) for key, value in row.items()} for row in rows]
        for name, rows in found.rows.items()
    }
    return json.dumps({**content, "remarks": list(found.remarks)}, indent=2, ensure_ascii=False, allow_nan=False)
