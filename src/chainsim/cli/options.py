"""The options that several commands share: one name, one meaning, one help text."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Optional

import typer

from chainsim.errors import UsageError

ScenarioFile = Annotated[Path, typer.Argument(metavar="FILE", help="The scenario, a YAML file.", show_default=False)]
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="A results folder.", show_default=False)]
Out = Annotated[
    Optional[Path],  # noqa: UP045 (typer reads the annotation at run time)
    typer.Option("--out", metavar="DIR", help="Results folder.  [default: results/<scenario>]", show_default=False),
]
Replications = Annotated[
    Optional[int],  # noqa: UP045
    typer.Option("--replications", metavar="N", help="Instead of the scenario's number.", show_default=False),
]
Precision = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option(
        "--precision",
        metavar="AMOUNTS",
        help="Replications until half-widths are this narrow: '1% of total_cost, 0.5 points of fill_rate'.",
        show_default=False,
    ),
]
MaxReplications = Annotated[
    Optional[int],  # noqa: UP045
    typer.Option(
        "--max-replications",
        metavar="N",
        help="With a precision: no more than these.  [default: 1000]",
        show_default=False,
    ),
]
Material = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option(
        "--material",
        metavar="AMOUNTS",
        help="Differences that begin to matter, such as 1% (of total cost); smaller ones count as equal.",
        show_default=False,
    ),
]
Variance = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option(
        "--variance",
        metavar="METHOD",
        help="control: also tell cost and service with demand as control variate, and what that gains.",
        show_default=False,
    ),
]
Jobs = Annotated[
    Optional[int],  # noqa: UP045
    typer.Option("--jobs", metavar="N", help="Workers; -1 for all cores.  [default: by size]", show_default=False),
]
Engine = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option(
        "--engine", metavar="NAME", help="auto, simpy or compiled.  [default: the scenario's]", show_default=False
    ),
]
Seed = Annotated[
    Optional[int],  # noqa: UP045
    typer.Option("--seed", metavar="N", help="Instead of the scenario's seed.", show_default=False),
]
Set = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help="Another value at a path, such as policies.s_Q.fill_rate=0.99, or a factor: 'demand[*]=*1.2'; may be repeated.",
        show_default=False,
    ),
]
Hold = Annotated[
    bool,
    typer.Option(
        "--hold", help="Policies keep the numbers they had: they do not know of what --set changes, but of themselves."
    ),
]
Policies = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--policies", metavar="A,B", help="Only these; the first is the baseline.", show_default=False),
]
Json = Annotated[bool, typer.Option("--json", help="Results as JSON on stdout.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Results and errors only: no progress, no notes.")]
Open = Annotated[bool, typer.Option("--open", help="Open the page in the browser.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace what is there.")]
Resume = Annotated[bool, typer.Option("--resume", help="Keep the finished part of an interrupted run.")]
Plugins = Annotated[
    bool,
    typer.Option("--allow-plugins", help="Load policies and measures of other installed packages (runs their code)."),
]
MaxEvents = Annotated[
    float,
    typer.Option(
        "--max-events",
        metavar="N",
        help="Refuse a run of more events than this.  [default: 200 million]",
        show_default=False,
    ),
]
DetailLevel = Annotated[
    str,
    typer.Option(
        "--detail",
        metavar="LEVEL",
        help="How far down the tables go: network, echelon, site, stock_point, or auto: as far as they stay small.",
    ),
]
Lean = Annotated[
    bool,
    typer.Option(
        "--lean",
        help="A small folder: no rows by replication of parts of the network, no series of sites; the page is the same.",
    ),
]
NoReport = Annotated[bool, typer.Option("--no-report", help="Tables only: no page, workbook or charts.")]
Decide = Annotated[
    bool,
    typer.Option(
        "--decide",
        help="Tune every policy and try shocks as well: the page says what to order by, against today’s policy, and what the choice survives.",
    ),
]
Shard = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option(
        "--shard",
        metavar="K/N",
        help="Only share K of N (0 … N − 1), kept in --out for `chainsim merge`; any number of machines.",
        show_default=False,
    ),
]
Where = Annotated[
    str,
    typer.Option("--executor", metavar="NAME", help="Where is simulated: local, or dask with --scheduler."),
]
Scheduler = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option(
        "--scheduler",
        metavar="ADDRESS",
        help="Of a Dask cluster, such as tcp://host:8786; its workers have the same chainsim.",
        show_default=False,
    ),
]
FilesAnywhere = Annotated[
    bool, typer.Option("--files-anywhere", help="Let `file:` in the scenario name files outside its folder.")
]
MaxMegabytes = Annotated[
    float,
    typer.Option(
        "--max-scenario-mb", metavar="N", help="Refuse a larger scenario file.  [default: 4]", show_default=False
    ),
]

MAX_EVENTS = 2e8
MAX_MEGABYTES, MOST_MEGABYTES = 4.0, 1000.0


def names_of(text: str | None, option: str = "--policies") -> list[str] | None:
    """The names in 'a,b'; None where the option was not given. Raises UsageError for a list without a name.

    >>> names_of("jit, eoq"), names_of(None)
    (['jit', 'eoq'], None)
    """
    if text is None:
        return None
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names:
        raise UsageError(f"{option} has no name in '{text}': write names with commas between them, or leave it out")
    return names


def changes_of(given: list[str] | None) -> dict[str, Any]:
    """Path → value of what `--set` was given, the values read as YAML. Raises UsageError, ScenarioError.

    >>> changes_of(["seed=2", "lanes[0].lead_time={dist: gamma, mean: 3, cv: 0.5}", "title=A shop", "demand[*]=*1.2"])
    {'seed': 2, 'lanes[0].lead_time': {'dist': 'gamma', 'mean': 3, 'cv': 0.5}, 'title': 'A shop', 'demand[*]': '*1.2'}
    """
    if not given:
        return {}
    from chainsim.scenario.change import value_of  # slow to import

    changes = {}
    for one in given:
        path, equals, value = one.partition("=")
        if not equals or not path.strip():
            raise UsageError(f"--set takes PATH=VALUE, such as policies.s_Q.fill_rate=0.99, not '{one}'")
        changes[path.strip()] = value_of(value, f"--set {path.strip()}")
    return changes


def refuse_beside(context: typer.Context, option: str, names: Iterable[str], why: str) -> None:
    """Raise UsageError where one of these parameters was given, which would have no effect beside an option."""
    given = [
        max(parameter.opts, key=len)
        for parameter in context.command.params
        if parameter.name in names and _is_written(context, parameter.name)
    ]
    if given:
        raise UsageError(f"{option} cannot go with {', '.join(given)}: {why}")


def _is_written(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"
