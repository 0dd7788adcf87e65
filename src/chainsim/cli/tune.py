"""`chainsim tune`: bring every policy to the same target at least cost, and write the tuned scenario."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from chainsim.cli import options
from chainsim.cli.shard import share_of

if TYPE_CHECKING:
    from chainsim.tune.results import Tuned

To = Annotated[
    Optional[str],  # noqa: UP045 (typer reads the annotation at run time)
    typer.Option(
        "--to",
        metavar="SERVICE=SHARE",
        help="fill_rate, cycle_service_level or ready_rate, such as fill_rate=97%; cost for least cost.  [default: the scenario's target]",
        show_default=False,
    ),
]
Text = Optional[str]  # noqa: UP045
Free = Annotated[
    Text,
    typer.Option(
        "--free",
        metavar="WHAT",
        help="service, levels, or levels and lots.  [default: levels and lots]",
        show_default=False,
    ),
]
Within = Annotated[
    Text,
    typer.Option("--within", metavar="POINTS", help="Tolerance, such as 0.2%.  [default: 0.2%]", show_default=False),
]
Hold = Annotated[
    Text,
    typer.Option(
        "--hold", metavar="HOW", help="exactly or at_least the target.  [default: exactly]", show_default=False
    ),
]
At = Annotated[
    Text,
    typer.Option(
        "--at",
        metavar="WHERE",
        help="network, kind, site, or a group of sites: each at least.  [default: network]",
        show_default=False,
    ),
]
Groups = Annotated[
    Text,
    typer.Option(
        "--groups", metavar="HOW", help="Moved together: kind, site, stock_point, or one group of sites.  [default: kind]",
        show_default=False,
    ),
]  # fmt: skip
Indifference = Annotated[
    Text,
    typer.Option(
        "--indifference",
        metavar="MONEY",
        help="Not worth more replications: 150, or 0.5%.  [default: 0.5%]",
        show_default=False,
    ),
]
Evaluations = Annotated[
    Optional[int],  # noqa: UP045
    typer.Option(
        "--evaluations", metavar="N", help="At most so many for each policy; then it says so.", show_default=False
    ),
]
Out = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option(
        "--out",
        metavar="DIR",
        help="Folder for what came of it.  [default: results/<scenario>-tuned]",
        show_default=False,
    ),
]


def tune(
    file: options.ScenarioFile,
    to: To = None,
    free: Free = None,
    policies: options.Policies = None,
    within: Within = None,
    hold: Hold = None,
    at: At = None,
    groups: Groups = None,
    indifference: Indifference = None,
    evaluations: Evaluations = None,
    changes: options.Set = None,
    out: Out = None,
    jobs: options.Jobs = None,
    engine: options.Engine = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    open_page: options.Open = False,
    overwrite: options.Overwrite = False,
    shard: options.Shard = None,
    executor: options.Where = "local",
    scheduler: options.Scheduler = None,
    allow_plugins: options.Plugins = False,
    files_anywhere: options.FilesAnywhere = False,
    max_scenario_mb: options.MaxMegabytes = options.MAX_MEGABYTES,
) -> None:
    """Bring every policy to the same service at least cost; write the tuned scenario, its tables and a page.

    \b
    Example:
      chainsim tune grocer.yaml --to fill_rate=97% --free service --policies s_Q,multi_echelon
      chainsim tune grocer.yaml --to fill_rate=97% --out results/equal --open
      chainsim tune grocer.yaml --to fill_rate=97% --shard 3/20 --out shared
    """
    from chainsim.cli.cluster import executor_of
    from chainsim.cli.console import note, say
    from chainsim.cli.study import load, tell

    shared = None if shard is None else share_of(shard, out, overwrite=overwrite, json=json, open_page=open_page)
    study = load(
        file,
        allow_plugins=allow_plugins,
        files_anywhere=files_anywhere,
        max_scenario_mb=max_scenario_mb,
        changes=options.changes_of(changes),
    )
    if not quiet:
        tell(study.scenario, options.names_of(policies))
    aim: dict[str, Any] = {
        **target_of(to), "free": free, "policies": options.names_of(policies), "within": within, "hold": hold, "at": at,
        "groups": groups, "indifference": indifference, "evaluations": evaluations,
    }  # fmt: skip
    folder = out if out is not None else Path("results") / f"{study.scenario.name or 'scenario'}-tuned"
    with executor_of(executor, scheduler, jobs, quiet=quiet) as cluster:
        how: dict[str, Any] = {"jobs": jobs, "engine": engine, "tell": None if quiet else note, "executor": cluster}
        if shared is not None:
            from chainsim.tune.sharding import run_share

            typed = {"to": to, **{k: v for k, v in aim.items() if k not in target_of(to)}, "policies": policies}
            say(str(run_share(study, *shared, aim, typed, **how)))
            return
        tuned = study.tune(out=folder, overwrite=overwrite, **how, **aim)
    told(tuned, folder, json=json, quiet=quiet, open_page=open_page)


def told(tuned: Tuned, folder: Path, *, json: bool, quiet: bool, open_page: bool) -> None:
    """What came of it, and where it lies."""
    from chainsim.cli.console import note, say
    from chainsim.cli.study import show

    if json:
        from chainsim.study.store import json_bytes

        say(json_bytes(tuned.facts).decode().rstrip())
    else:
        say("\n".join([*([tuned.headline] if tuned.headline else []), tuned.statement, *tuned.notes, "", *tuned.lines]))
    if not quiet:
        name = f"{tuned.study.scenario.name}.tuned.yaml"
        note(f"Results: {folder}   Tuned scenario: {folder / name}   Page: {folder / 'tune.html'}")
    if open_page:
        show(folder / "tune.html")


def target_of(to: str | None) -> dict[str, Any]:
    """Measure and share of 'fill_rate=97%'; what cannot be told is left to who knows the measures.

    >>> target_of("fill_rate=97%"), target_of(None), target_of("cost")
    ({'fill_rate': '97%'}, {}, {'least_cost': True})
    """
    from chainsim.errors import UsageError

    if to is None:
        return {}
    if to.strip() == "cost":
        return {"least_cost": True}
    name, equals, value = to.partition("=")
    if not equals:
        from chainsim.registry import did_you_mean
        from chainsim.tune.aim import MEASURES

        raise UsageError(
            f"--to takes SERVICE=SHARE, such as fill_rate=97%, with one of {', '.join(MEASURES)}, or cost for least cost; "
            f"not '{to}'{did_you_mean(to.strip(), [*MEASURES, 'cost'])}"
        )
    return {name.strip(): value.strip()}
