"""`chainsim sweep`: a scenario at every combination of some values, as a quick table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from chainsim.cli import options
from chainsim.cli.console import note
from chainsim.errors import UsageError

Values = Annotated[
    Optional[list[str]],  # noqa: UP045 (typer reads the annotation at run time)
    typer.Option(
        "--set",
        metavar="PATH=VALUES",
        help="a:b:n for n values from a to b, or a list 1,2,3; one value holds throughout. May be repeated.",
        show_default=False,
    ),
]
Folder = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option("--out", metavar="DIR", help="Also write tables and a page there.", show_default=False),
]
Measures = Annotated[
    str, typer.Option("--kpis", metavar="A,B", help="Measures to show (chainsim list kpis).")
]  # fmt: skip


def sweep(
    file: Annotated[
        str, typer.Argument(metavar="SCENARIO", help="A YAML file, or the name of a shipped one.", show_default=False)
    ],
    values: Values = None,
    out: Folder = None,
    kpis: Measures = "total_cost,fill_rate",
    replications: options.Replications = None,
    jobs: options.Jobs = None,
    engine: options.Engine = None,
    seed: options.Seed = None,
    policies: options.Policies = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    open_page: options.Open = False,
    overwrite: options.Overwrite = False,
    resume: options.Resume = False,
    allow_plugins: options.Plugins = False,
    files_anywhere: options.FilesAnywhere = False,
) -> None:
    """Simulate a scenario at every combination of some values.

    \b
    Example:
      chainsim sweep grocer.yaml --set "lanes[plant->dc].lead_time.cv=0.1:0.9:5" --policies s_Q
      chainsim sweep grocer --set "costs.carrying_rate=15%,25%,35% per year" --replications 10 --out results/rates
    """
    from chainsim.cli.experiment import tell
    from chainsim.cli.progress import progress
    from chainsim.cli.study import load
    from chainsim.data import scenario_names, scenario_path
    from chainsim.experiments.running import run_experiment
    from chainsim.experiments.sweeping import sweep_of, values_in

    given = {}
    for one in values or ():
        path, equals, text = one.partition("=")
        if not equals or not path.strip():
            raise UsageError(f"--set takes PATH=VALUES, such as costs.carrying_rate=15%,25% per year, not '{one}'")
        given[path.strip()] = values_in(text)
    if seed is not None:
        given["seed"] = seed
    place = Path(file) if Path(file).exists() or file not in scenario_names() else scenario_path(file)
    study = load(place, allow_plugins=allow_plugins, files_anywhere=files_anywhere)
    asked = sweep_of(study, given, replications, options.names_of(policies), options.names_of(kpis, "--kpis") or [])
    if not quiet:
        note(f"{len(asked.points())} points × {len(asked.alternatives)} policies × {asked.replications} replications")
    with progress(quiet, "points") as hook:
        results = run_experiment(
            asked, out=out, jobs=jobs, engine=engine or "auto", progress=hook, overwrite=overwrite, resume=resume,
        )  # fmt: skip
    if out is not None:
        results.report()
    tell(results, json=json, quiet=quiet, open_page=open_page)
