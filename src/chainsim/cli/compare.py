"""`chainsim compare`: two results folders side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    first: Annotated[str, typer.Argument(metavar="A", help="A results folder, or folder:policy.", show_default=False)],
    second: Annotated[str, typer.Argument(metavar="B", help="Another one, or the same.", show_default=False)],
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
    material: options.Material = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also measures that are 0 or undefined on both sides.")
    ] = False,
    json: options.Json = False,
) -> None:
    """Compare two results folders: B minus A, for every policy that both have, or one of each by name.

    Paired by replication when both have the same seed, else as independent runs; the output says which. Measures that are 0 or
    undefined on both sides are counted, not listed; --all, --kpis and --json have them.

    \b
    Example:
      chainsim compare results/before results/after --kpis fill_rate,total_cost
      chainsim compare results/shop:weekly results/shop:s_Q --material 1%
    """
    import chainsim
    from chainsim.cli.failure import escaped
    from chainsim.study.results import Results

    (one, own), (other, theirs) = place_and_policy(first), place_and_policy(second)
    pair = options.names_of(policies)
    if pair is not None and len(pair) != 2:
        raise UsageError("--policies takes two names here: one of A, one of B")
    if own or theirs:
        if pair is not None:
            raise UsageError("name the policies once: A:policy and B:policy, or --policies A,B")
        pair = [own or theirs, theirs or own]
    before, after = Results.load(one), Results.load(other)
    difference = chainsim.compare(
        before, after, options.names_of(kpis, "--kpis"), None if pair is None else (pair[0], pair[1]), material
    )
    if json:
        say(difference.to_json(orient="records", indent=2, force_ascii=False))
        return
    written, found = _Writer(before), difference.to_dict(orient="records")
    empty = set() if everything or kpis is not None else measures_without_news(found)
    rows = [
        [row["kpi"], escaped(row["policy"]), *written.row(row), plain(in_full(row))]
        for row in found
        if row["kpi"] not in empty
    ]
    say(table(["measure", "policy", "A", "B", "B - A", "B is"], rows))
    if empty:
        note(f"{left_out(len(empty))}: --all shows them.")
    paired = set(difference["method"]) == {"paired"}
    note(f"{'Paired by replication' if paired else 'As independent runs (Welch)'}: {difference.attrs['why']}.")


def place_and_policy(text: str) -> tuple[Path, str]:
    """A folder, or a folder and one of its policies after a colon.

    >>> place_and_policy("results/shop:s_Q")[1], place_and_policy("results/shop")[1]
    ('s_Q', '')
    """
    folder, colon, policy = text.rpartition(":")
    if not colon or not folder or Path(text).exists() or "/" in policy or "\\" in policy:
        return Path(text), ""
    if not policy:
        raise UsageError(f"no policy behind the colon of '{text}': write {folder}:POLICY, or {folder} for all policies")
    return Path(folder), policy


def measures_without_news(rows: Sequence[Mapping[Any, Any]]) -> set[str]:
    """Measures that are 0 or undefined in A and in B, whatever the policy.

    >>> measures_without_news([{"kpi": "yield", "first": None, "second": 0.0}, {"kpi": "cost", "first": 0.0, "second": 2.0}])
    {'yield'}
    """
    told = {row["kpi"] for row in rows if _known(row["first"]) or _known(row["second"])}
    return {row["kpi"] for row in rows} - told


def left_out(count: int) -> str:
    """How many measures are not listed."""
    return f"{count} more measure{'s are' if count > 1 else ' is'} 0 or undefined on both sides"


def in_full(row: Mapping[Any, Any]) -> str:
    """The verdict, and how many replications would settle what is open."""
    from chainsim.report.precision import replications

    needed = _known(row["settles"])
    return str(row["verdict"]) if needed is None else f"{row['verdict']}; {replications(int(needed))} would settle it"


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
