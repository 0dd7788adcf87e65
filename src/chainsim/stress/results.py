"""What came of a stress test: rows, the same as tidy CSV, as DataFrames and on the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chainsim.scenario.model import Scenario
from chainsim.showing import as_html
from chainsim.stress.library import Stood
from chainsim.stress.manifest import OWN, manifest_of, own_file
from chainsim.stress.outages import Moment
from chainsim.stress.reverse import Mildest
from chainsim.stress.tables import Felt, Row, Survived, choice_rows, csv_of, place_rows, reverse_rows, shock_rows
from chainsim.study import disk
from chainsim.study.store import json_bytes

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, repr=False)
class Stress:
    """A finished stress test.

    felt: every site and lane out, by policy. stood: how each policy stood each shock. mildest: of the reverse test. A part
    that was not asked for is empty. remarks: what the numbers do not say, in words. asked: options of the command line, None where
    nothing was asked. own: what own shocks change, path by path.
    """

    scenario: Scenario
    moment: Moment
    replications: int
    felt: Sequence[Felt]
    stood: Sequence[Stood]
    mildest: Sequence[Mildest]
    survived: Sequence[Survived]
    remarks: Sequence[str]
    engine: str
    asked: Mapping[str, Any] = field(default_factory=dict)
    own: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @cached_property
    def rows(self) -> Mapping[str, Sequence[Row]]:
        """The rows of each table, by file name; those of parts not asked for are left out."""
        made = {
            "stress.csv": shock_rows(self.stood, self.scenario),
            "nodes.csv": place_rows(self.felt, self.moment, self.scenario),
            "reverse.csv": reverse_rows(self.mildest),
            "choice.csv": choice_rows(self.survived),
        }
        return {name: rows for name, rows in made.items() if rows}

    @property
    def shocks(self) -> pd.DataFrame:
        """stress.csv: policy × shock × levels × measure."""
        return self._frame("stress.csv")

    @property
    def nodes(self) -> pd.DataFrame:
        """nodes.csv: policy × site or lane."""
        return self._frame("nodes.csv")

    @property
    def reverse(self) -> pd.DataFrame:
        """reverse.csv: policy × kind of shock."""
        return self._frame("reverse.csv")

    @property
    def choice(self) -> pd.DataFrame:
        """choice.csv: in how many shocks each policy meets the target, and is the cheapest that does."""
        return self._frame("choice.csv")

    @cached_property
    def files(self) -> dict[str, bytes]:
        """The tables as CSV, own shocks and the page, by file name."""
        from chainsim.report.stress import page

        found = {name: csv_of(rows) for name, rows in self.rows.items()}
        if self.own:
            found[OWN] = own_file(self.own)
        return {**found, "stress.html": page(self).encode()}

    def save(self, folder: str | Path) -> Path:
        """Write tables, page and a manifest; returns the page's path. Raises OutputError."""
        place = Path(folder)
        manifest = json_bytes(manifest_of(self, self.files))
        for name, data in {**self.files, "manifest.json": manifest}.items():
            with disk.told_as_output_error(place / name, len(data)):
                disk.write_file(place / name, data)
        return place / "stress.html"

    def _frame(self, name: str) -> pd.DataFrame:
        import pandas as pd

        return pd.DataFrame(self.rows.get(name, []))

    def __repr__(self) -> str:
        return f"<Stress test of {self.scenario.title!r}: {', '.join(self.rows) or 'nothing'}>"

    def _repr_html_(self) -> str:
        from chainsim.report.stress import glance

        told: Any = glance(self)
        return as_html(told.sentences, told.columns, told.rows)
