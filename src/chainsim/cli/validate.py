"""`chainsim validate`: every error and warning of a scenario file, and nothing run."""

from __future__ import annotations

from typing import Annotated

import typer

from chainsim.cli import options
from chainsim.cli.console import counted, note, say


def validate(
    file: options.ScenarioFile,
    parameters: Annotated[
        bool, typer.Option("--parameters", help="Also show every policy parameter with its formula.")
    ] = False,
    quiet: options.Quiet = False,
    allow_plugins: options.Plugins = False,
    files_anywhere: options.FilesAnywhere = False,
    max_scenario_mb: options.MaxMegabytes = options.MAX_MEGABYTES,
) -> None:
    """Check a scenario file, all of it at once; nothing is run.

    \b
    Example:
      chainsim validate grocer.yaml --parameters
    """
    from chainsim.cli.failure import escaped, findings_text
    from chainsim.cli.study import load
    from chainsim.study.manifest import lanes_of

    study = load(file, allow_plugins=allow_plugins, files_anywhere=files_anywhere, max_scenario_mb=max_scenario_mb)
    scenario = study.scenario
    if scenario.warnings and not quiet:
        note(findings_text(scenario.warnings, ran=True))
    # parameters are derived here too, so that what `validate` accepts, `run` starts
    derived = study.explain_policies()
    if parameters:
        for policy, points in derived.items():
            for (site, product), rows in points.items():
                for row in rows:
                    formula = "given" if row.given else row.formula
                    number = f"{row.symbol or row.name} = {row.value:g} {row.unit}"
                    say(escaped(f"{policy}: {site}, {product}: {number}; {formula}"))
    if not quiet:
        lanes = lanes_of((lane.origin, lane.target) for lane in scenario.lanes)
        policies = len(scenario.alternatives)
        say(
            f"{escaped(str(file))}: no errors. {counted(len(scenario.sites), 'site')}, "
            f"{counted(len(scenario.products), 'product')}, {counted(lanes, 'lane')}, "
            f"{policies} {'policy' if policies == 1 else 'policies'}."
        )
        for name, reasons in study.engine_support().items():
            say(f"engine {name}: " + ("; ".join(reasons) or "runs it"))
