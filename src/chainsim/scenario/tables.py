"""CSV tables, read strictly: comma separated, one header line, every row as long as the header, UTF-8.

Errors name file, row (line of the file) and column. Nothing is guessed: a blank cell is not 0, `1,000` is not 1000.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from chainsim.errors import Finding, Place, ScenarioError
from chainsim.registry import did_you_mean
from chainsim.scenario.files import Files, Refused
from chainsim.scenario.render import escape

NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
MOST_FINDINGS = 20
LONGEST_CELL = 10_000


@dataclass(frozen=True)
class Row:
    line: int
    cells: tuple[str, ...]


class Table:
    """A CSV's header and rows. Findings about it are gathered in `findings`."""

    def __init__(self, file: str, header: tuple[str, ...], rows: list[Row]) -> None:
        self.file, self.header, self.rows = file, header, rows
        self.findings: list[Finding] = []

    def note(self, line: int, column: str, message: str, cure: str = "") -> None:
        """Add an error about a cell (line 0: the file, column '': the row)."""
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(table_finding(self.file, line, column, message, cure))

    def number(self, row: Row, i: int) -> float | None:
        """The number of a cell; None after noting that it is none."""
        cell = row.cells[i].strip()
        if not NUMBER.fullmatch(cell):
            what = f"'{escape(cell[:40])}'" if cell else "nothing"
            self.note(row.line, self.header[i], f"expected a number such as 12 or 3.5, got {what}")
            return None
        value = float(cell)
        if not -1e15 <= value <= 1e15:
            self.note(row.line, self.header[i], f"is {value:g}; numbers go up to 1e15")
            return None
        return value

    def require(self, known: Sequence[str], needed: Sequence[str]) -> bool:
        """Are all columns known, and those needed there? Notes what is not."""
        for name in self.header:
            if name not in known:
                hint = did_you_mean(name, list(known))
                self.note(
                    1, name, f"unknown column '{escape(name)}'{hint}", "" if hint else f"known: {', '.join(known)}"
                )
        for name in needed:
            if name not in self.header:
                self.note(1, "", f"no column '{name}'; found columns {self.columns()}")
        return not self.findings

    def columns(self) -> str:
        return ", ".join(f"'{escape(name[:40])}'" for name in self.header[:20]) + (
            " …" if len(self.header) > 20 else ""
        )


def table_finding(file: str, line: int, column: str, message: str, cure: str = "") -> Finding:
    return Finding("error", Place(file, line), escape(column[:60]), message, cure)


def read_table(files: Files, name: str) -> Table:
    """A table by its name in the scenario. Raises Refused (the file), ScenarioError (its text)."""
    if not name.lower().endswith((".csv", ".txt")):
        raise Refused("only .csv tables are read")
    return parse_table(files.read(name), name)


def parse_table(data: bytes, file: str) -> Table:
    """Header and rows of a CSV. Raises ScenarioError.

    >>> parse_table(b"period,soup\\n0,4\\n", "d.csv").rows
    [Row(line=2, cells=('0', '4'))]
    """

    def stop(line: int, message: str, cure: str = "") -> ScenarioError:
        return ScenarioError([table_finding(file, line, "", message, cure)])

    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise stop(line, f"not UTF-8 at byte {error.start}", "save the table as CSV UTF-8") from None
    if "\x00" in text:
        raise stop(text[: text.index("\x00")].count("\n") + 1, "a NUL character is not text")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    try:
        for cells in reader:
            if cells and max(map(len, cells)) > LONGEST_CELL:
                raise stop(reader.line_num, f"a cell is longer than {LONGEST_CELL:,} characters")
            if cells:
                rows.append(Row(reader.line_num, tuple(cells)))
    except csv.Error as error:
        raise stop(reader.line_num, f"not valid CSV: {error}", "look for a quote that is not closed") from None
    if not rows:
        raise stop(0, "the file is empty", "the first line names the columns")
    table = Table(file, tuple(cell.strip() for cell in rows[0].cells), rows[1:])
    if len(table.header) == 1 and re.search(r"[;\t]", table.header[0]):
        raise stop(1, f"found columns {table.columns()}", "separate columns by commas")
    for i, name in enumerate(table.header):
        if not name:
            table.note(1, "", f"column {i + 1} has no name; found columns {table.columns()}")
        elif name in table.header[:i]:
            table.note(1, name, f"two columns are called '{escape(name)}'")
    for row in table.rows:
        if len(row.cells) != len(table.header):
            table.note(row.line, "", f"the row has {len(row.cells)} cells, the header {len(table.header)}")
    if not table.rows:
        table.note(0, "", "there is a header but no row")
    if table.findings:
        raise ScenarioError(table.findings)
    return table
