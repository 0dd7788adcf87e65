"""CSV tables, read strictly: one header line, every row as long as the header, UTF-8.

Errors name file, row (line of the file) and column. Nothing is guessed: a blank cell is not 0, `1,000` is not 1000.
Another separator than the comma, or a decimal comma, is read where it can be nothing else (`dialect`); what was
understood is kept in `understood`, to be said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chainsim.errors import Finding, Place, ScenarioError
from chainsim.registry import did_you_mean
from chainsim.scenario.dialect import SEPARATORS, Lines, Unreadable, decimal_comma, separate, with_point
from chainsim.scenario.elsewhere import said_of_column
from chainsim.scenario.files import Files, Refused
from chainsim.scenario.render import escape
from chainsim.showing import counted

NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
MOST_FINDINGS = 20


@dataclass(frozen=True)
class Row:
    line: int
    cells: tuple[str, ...]


class Table:
    """A CSV's header and rows. Findings about it are gathered in `findings`.

    comma: its numbers have a decimal comma. understood: what was read otherwise than plainly, in words.
    """

    def __init__(self, file: str, header: tuple[str, ...], rows: list[Row], *, comma: bool = False) -> None:
        self.file, self.header, self.rows, self.comma = file, header, rows, comma
        self.findings: list[Finding] = []
        self.understood: list[str] = []

    def note(self, line: int, column: str, message: str, cure: str = "") -> None:
        """Add an error about a cell (line 0: the file, column '': the row)."""
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(table_finding(self.file, line, column, message, cure))

    def number(self, row: Row, i: int) -> float | None:
        """The number of a cell; None after noting that it is none."""
        cell = self.plain(row.cells[i].strip())
        if not NUMBER.fullmatch(cell):
            what = f"'{escape(cell[:40])}'" if cell else "nothing"
            self.note(row.line, self.header[i], f"expected a number such as 12 or 3.5, got {what}")
            return None
        value = float(cell)
        if not -1e15 <= value <= 1e15:
            self.note(row.line, self.header[i], f"is {value:g}; numbers go up to 1e15")
            return None
        return value

    def plain(self, cell: str) -> str:
        """A cell's text, its number (if it is one) with a decimal point."""
        return with_point(cell) if self.comma else cell

    def move_first(self, i: int, name: str) -> None:
        """Put a column first, under this name."""
        order = [i, *(k for k in range(len(self.header)) if k != i)]
        self.header = (name, *(self.header[k] for k in order[1:]))
        self.rows = [Row(row.line, tuple(row.cells[k] for k in order)) for row in self.rows]

    def number_rows(self, name: str) -> None:
        """Put a first column before the others that counts the rows from 0."""
        self.header = (name, *self.header)
        self.rows = [Row(row.line, (str(i), *row.cells)) for i, row in enumerate(self.rows)]

    def require(self, known: Sequence[str], needed: Sequence[str]) -> bool:
        """Are all columns known, and those needed there? Notes what is not."""
        for name in self.header:
            if name not in known:
                said = said_of_column(escape(name[:60]))
                if said is not None:
                    self.note(1, name, *said)
                    continue
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
    try:
        lines, separator = separate(text)
    except Unreadable as error:
        raise stop(error.line, error.message, error.cure) from None
    if not lines:
        raise stop(0, "the file is empty", "the first line names the columns")
    said = [] if separator == "," else [f"{SEPARATORS.get(separator, escape(separator))}-separated"]
    lines, dropped = _without_blanks(lines)
    rows = [Row(line, cells) for line, cells in lines]
    header = tuple(cell.strip() for cell in rows[0].cells)
    table = Table(file, header, rows[1:])
    for i, name in enumerate(table.header):
        if not name:
            table.note(1, "", f"column {i + 1} has no name; found columns {table.columns()}")
        elif name in table.header[:i]:
            table.note(1, name, f"two columns are called '{escape(name)}'")
    ragged = [row for row in table.rows if len(row.cells) != len(table.header)]
    if ragged:
        more = (
            f"; {counted(len(ragged) - 1, 'more row is', 'more rows are')} not as long as the header either"
            if len(ragged) > 1
            else ""
        )
        message = f"the row has {len(ragged[0].cells)} cells, the header {len(table.header)}{more}"
        cure = "separate columns by commas, and quote cells that hold a comma"
        table.note(ragged[0].line, "", message, cure)
    if not table.rows:
        table.note(1, "", "there is a header but no row")
    if table.findings:
        raise ScenarioError(table.findings)
    if separator != ",":
        try:
            table.comma = decimal_comma((row.line, cell.strip()) for row in table.rows for cell in row.cells)
        except Unreadable as error:
            raise stop(error.line, error.message, error.cure) from None
    table.understood = said + (["decimal comma"] if table.comma else []) + dropped
    return table


def _without_blanks(lines: Lines) -> tuple[Lines, list[str]]:
    """Rows of blank cells only, and nameless columns of blank cells at the end, are what a spreadsheet leaves over."""
    head, *rest = lines
    kept = [head, *((line, cells) for line, cells in rest if any(cell.strip() for cell in cells))]
    said = [f"{counted(len(lines) - len(kept), 'blank row')} left out"] if len(kept) < len(lines) else []
    width = len(head[1])
    while width > 1 and all(len(cells) == len(head[1]) and not cells[width - 1].strip() for _, cells in kept):
        width -= 1
    if width < len(head[1]):
        kept = [(line, cells[:width]) for line, cells in kept]
        said.append(f"{counted(len(head[1]) - width, 'blank column')} left out")
    return kept, said
