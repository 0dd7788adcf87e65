"""`chainsim verify`: does this installation give the right numbers?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from chainsim.cli import options
from chainsim.cli.console import note, say
from chainsim.errors import UsageError

if TYPE_CHECKING:
    from chainsim.verify.rows import Row

Folder = Annotated[
    Optional[Path],  # noqa: UP045 (typer reads the annotation at run time)
    typer.Option(
        "--out", metavar="DIR", help="Where table and page go.  [default: results/verify]", show_default=False
    ),
]
Engine = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option(
        "--engine",
        metavar="NAME",
        help="simpy, compiled or all.  [default: the fastest; --full: all]",
        show_default=False,
    ),
]
Names = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Argument(metavar="CASE", help="Only these: P-RQ-1, or P-BW-* for a family.", show_default=False),
]


def verify(
    names: Names = None,
    quick: Annotated[bool, typer.Option("--quick", help="Under a minute: wide intervals, no slow cases.")] = False,
    full: Annotated[bool, typer.Option("--full", help="Every case at full precision on every engine.")] = False,
    engine: Engine = None,
    out: Folder = None,
    jobs: options.Jobs = None,
    scenarios: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--scenarios", metavar="DIR", help="Copy the scenarios of the cases there; nothing is run."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but failures.")] = False,
) -> None:
    """Check this installation against models whose right answer is known.

    \b
    Example:
      chainsim verify --quick            every family of cases, in under a minute
      chainsim verify 'P-PALM-*'         one family, at default precision
      chainsim verify --full             everything at full precision, on every engine installed

    Prints a table of known answers and simulated means, writes it as verify.csv and verify.html, and ends with 1 when a number is wrong.
    """
    from chainsim.cli.progress import progress
    from chainsim.study import disk
    from chainsim.verify import choose, summarise
    from chainsim.verify import verify as compare
    from chainsim.verify.rows import FAILURES

    if quick and full:
        raise UsageError("--quick and --full cannot go together")
    chosen = choose(names or [])
    if scenarios is not None:
        _copy_scenarios([name for case in chosen for name in case.scenarios], scenarios)
        return
    level = "quick" if quick else "full" if full else "default"
    engines = _engines(engine, level)
    folder = out if out is not None else Path("results") / "verify"
    disk.check_writable(folder)
    with progress(quiet) as hook:
        rows = compare(chosen, level, engines, jobs, hook)  # type: ignore[arg-type]
    summary = summarise(rows)
    _write(rows, level, engines, folder)
    if quiet:
        rows = [row for row in rows if row.verdict in FAILURES]
    if rows:
        say(_as_text(rows))
        say()
        say(summary.sentence())
    if not quiet:
        note(f"\nTable: {folder / 'verify.csv'}   Page: {folder / 'verify.html'}")
    if summary.failures:
        sys.exit(1)


def _engines(asked: str | None, level: str) -> list[str]:
    """Names of the engines to verify. Raises UsageError or MissingPartError for one that cannot run."""
    from chainsim.engines.base import ENGINES, choose_engine

    installed = [name for name, engine in ENGINES.items() if engine.support(None)]
    if asked == "all" or (asked is None and level == "full"):
        return installed
    if asked not in (None, "auto"):
        return [choose_engine(str(asked))]
    # a quick check should not wait for a compiler
    return ["simpy"] if level == "quick" or "compiled" not in installed else ["compiled"]


def _as_text(rows: list[Row]) -> str:
    """Failures and simulated numbers line by line; formulas that agree by their count."""
    from chainsim.cli.console import table
    from chainsim.verify.rows import digits

    formulas: dict[str, int] = {}
    lines = []
    for row in rows:
        if row.how == "theory" and row.verdict == "passed":
            formulas[row.case] = formulas.get(row.case, 0) + 1
            continue
        name = f"{row.quantity} ({row.where})" if row.where else row.quantity
        numbers = [digits(row.known), digits(row.mean)] if row.how else ["", ""]
        half_width = "" if row.half_width is None else digits(row.half_width, 3)
        z = "" if row.z is None else f"{row.z:+.2f}".replace("-", "−")
        verdict = f"{row.verdict} ({row.note})" if row.note else row.verdict
        lines.append([row.case, name, row.engine or row.how, *numbers, half_width, z, verdict])
    head = ["case", "quantity", "by", "known answer", "mean", "half-width", "z", "verdict"]
    cases = f"{len(formulas)} case{'' if len(formulas) == 1 else 's'}"
    told = [f"{sum(formulas.values())} numbers of {cases} agree with their formulas."] if formulas else []
    return "\n\n".join([*([table(head, lines)] if lines else []), *told])


def _write(rows: list[Row], level: str, engines: list[str], folder: Path) -> None:
    from chainsim.report.verification import page
    from chainsim.study import disk
    from chainsim.verify import as_csv

    for name, data in (("verify.csv", as_csv(rows)), ("verify.html", page(rows, level, engines).encode())):
        with disk.told_as_output_error(folder / name, len(data)):
            folder.mkdir(parents=True, exist_ok=True)
            disk.write_file(folder / name, data)


def _copy_scenarios(names: list[str], folder: Path) -> None:
    from chainsim.report.numbers import several
    from chainsim.study import disk
    from chainsim.verify.cases import HERE, scenario_path

    if not names:
        say("These cases have no scenario: they are formulas only.")
        return
    files = {f"{name}.yaml": scenario_path(name).read_bytes() for name in sorted(set(names))}
    scenarios = len(files)
    for table in (HERE / "scenarios").glob("*.csv"):
        if any(table.name.encode() in data for data in files.values()):
            files[table.name] = table.read_bytes()
    for name, data in files.items():
        with disk.told_as_output_error(folder / name, len(data), "--scenarios"):
            disk.write_file(folder / name, data)
    say(f"{several(scenarios, 'scenario')} in {folder}; try: chainsim run {folder / names[0]}.yaml")
