"""`chainsim compare`: two results folders side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from chainsim.cli import options
from chainsim.cli.console import note, say, table

NUMBERS = ("first", "second", "difference", "half_width")


def compare(
    first: Annotated[Path, typer.Argument(metavar="A", help="A results folder.", show_default=False)],
    second: Annotated[Path, typer.Argument(metavar="B", help="Another one.", show_default=False)],
    kpis: Annotated[
        Optional[str],  # noqa: UP045 (typer reads the annotation at run time)
        typer.Option("--kpis", metavar="A,B", help="Only these measures.  [default: all]", show_default=False),
    ] = None,
    json: options.Json = False,
) -> None:
    """Compare two results folders: B minus A, for every policy that both have.

    Paired by replication when seed and number of replications agree, else as independent runs; the output says which.

    \b
    Example:
      chainsim compare results/before results/after --kpis fill_rate,total_cost
    """
    import chainsim
    from chainsim.cli.failure import escaped
    from chainsim.study.results import Results

    difference = chainsim.compare(Results.load(first), Results.load(second), options.names_of(kpis))
    if json:
        say(difference.to_json(orient="records", indent=2, force_ascii=False))
        return
    rows = [
        [row["kpi"], escaped(row["policy"]), *map(_number, (row[c] for c in NUMBERS)), row["verdict"]]
        for row in difference.to_dict(orient="records")
    ]
    say(table(["measure", "policy", "A", "B", "B - A", "±", "B is"], rows))
    paired = set(difference["method"]) == {"paired"}
    reason = "same seed and replications" if paired else "seeds or numbers of replications differ"
    note(f"\n{'Paired by replication' if paired else 'As independent runs'} ({reason}).")


def _number(value: float | None) -> str:
    return "–" if value is None or value != value else f"{value:.6g}"
