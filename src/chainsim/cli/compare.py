"""`chainsim compare`: two results folders side by side."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from chainsim.cli import options
from chainsim.cli.console import note, say, table
from chainsim.cli.summary import plain
from chainsim.errors import UsageError

if TYPE_CHECKING:
    from chainsim.study.results import Results


def compare(
    first: Annotated[Path, typer.Argument(metavar="A", help="A results folder.", show_default=False)],
    second: Annotated[Path, typer.Argument(metavar="B", help="Another one.", show_default=False)],
    kpis: Annotated[
        Optional[str],  # noqa: UP045 (typer reads the annotation at run time)
        typer.Option("--kpis", metavar="A,B", help="Only these measures.  [default: all]", show_default=False),
    ] = None,
    policies: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(
            "--policies",
            metavar="A,B",
            help="This policy of A against that one of B.  [default: each against itself]",
            show_default=False,
        ),
    ] = None,
    json: options.Json = False,
) -> None:
    """Compare two results folders: B minus A, for every policy that both have, or one of each by name.

    Paired by replication when seed and number of replications agree, else as independent runs; the output says which.

    \b
    Example:
      chainsim compare results/before results/after --kpis fill_rate,total_cost
      chainsim compare results/shop results/shop --policies weekly,s_Q
    """
    import chainsim
    from chainsim.cli.failure import escaped
    from chainsim.study.results import Results

    pair = options.names_of(policies)
    if pair is not None and len(pair) != 2:
        raise UsageError("--policies takes two names here: one of A, one of B")
    before, after = Results.load(first), Results.load(second)
    difference = chainsim.compare(before, after, options.names_of(kpis), None if pair is None else (pair[0], pair[1]))
    if json:
        say(difference.to_json(orient="records", indent=2, force_ascii=False))
        return
    written = _Writer(before)
    rows = [
        [row["kpi"], escaped(row["policy"]), *written.row(row), row["verdict"]]
        for row in difference.to_dict(orient="records")
    ]
    say(table(["measure", "policy", "A", "B", "B - A", "B is"], rows))
    paired = set(difference["method"]) == {"paired"}
    reason = "same seed and replications" if paired else "seeds or numbers of replications differ"
    note(f"{'Paired by replication' if paired else 'As independent runs'} ({reason}).")


class _Writer:
    """Numbers of a comparison with their units, and no more digits than the interval allows."""

    def __init__(self, results: Results) -> None:
        # the report knows how numbers are written; it is slow to import
        from chainsim.report.numbers import Units

        self.currency, self.time = results.manifest["currency"], results.manifest["time"]["unit"]
        self.units = Units(self.currency)

    def row(self, row: Mapping[Any, Any]) -> list[str]:
        """A, B and B - A; the difference of two shares is in points."""
        from chainsim.kpis import KPIS

        unit = KPIS.get(row["kpi"]).unit_text(self.currency, self.time)
        width = _known(row["half_width"])
        ends = [self.units.value(unit, _known(row[key]), width) for key in ("first", "second")]
        change = self.units.interval(unit, _known(row["difference"]), width)
        return [plain(text) for text in (*ends, change.replace("%", "points") if unit == "share" else change)]


def _known(value: float | None) -> float | None:
    return None if value is None or value != value else value
