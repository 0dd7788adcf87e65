"""`chainsim validate`: every error and warning of a scenario file, and nothing run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from chainsim.cli import options
from chainsim.cli.console import say

if TYPE_CHECKING:
    from chainsim.scenario.model import Scenario


def validate(
    file: options.ScenarioFile,
    changes: options.Set = None,
    hold: options.Hold = False,
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
    from chainsim.cli.failure import escaped
    from chainsim.cli.study import announce, load, tell

    study = load(
        file,
        allow_plugins=allow_plugins,
        files_anywhere=files_anywhere,
        max_scenario_mb=max_scenario_mb,
        changes=options.changes_of(changes),
    )
    scenario = study.scenario
    if not quiet:
        tell(scenario)
        announce(study)
    # parameters are derived here too, so that what `validate` accepts, `run` starts
    derived = study.explain_policies(hold=hold)
    if parameters:
        for policy, points in derived.items():
            for (site, product), rows in points.items():
                for row in rows:
                    formula = "given" if row.given else row.formula
                    number = f"{row.symbol or row.name} = {row.value:g} {row.unit}"
                    say(escaped(f"{policy}: {site}, {product}: {number}; {formula}"))
    if not quiet:
        say(f"{escaped(str(file))}: no errors. {', '.join(_counts(scenario))}.")
        for name, reasons in study.engine_support().items():
            say(f"engine {name}: " + ("; ".join(reasons) or "runs it"))


def _counts(scenario: Scenario) -> Iterator[str]:
    """How much there is of everything; a lane is counted once, whatever it carries."""
    from chainsim.scenario.summary import lanes_of

    lanes = lanes_of((lane.origin, lane.target) for lane in scenario.lanes)
    made = sum(len(centre.products) for site in scenario.sites for centre in site.production)
    for things, one, many in (
        (len(scenario.sites), "site", "sites"),
        (len(scenario.products), "product", "products"),
        (lanes, "lane", "lanes"),
        (made, "product made at a site", "products made at sites"),
        (len(scenario.alternatives), "policy", "policies"),
    ):
        if things or one != "product made at a site":
            yield f"{things} {one if things == 1 else many}"
