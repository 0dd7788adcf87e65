"""CSV tables and sheets of workbooks, read strictly: one header line, every row as long as the header, UTF-8.

Errors name file, row (line of the file) and column, or the cell of a sheet. Nothing is guessed: a blank cell is not 0,
`1,000` is not 1000. Another separator than the comma, a decimal comma, or commas between thousands are read where they
can be nothing else (`dialect`); what was understood is kept in `understood`, to be said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from chainsim.errors import SHEET, BudgetError, Finding, Place, ScenarioError
from chainsim.registry import did_you_mean
from chainsim.scenario.dialect import (
    SEPARATORS,
    THOUSANDS,
    Lines,
    Unreadable,
    decimal_comma,
    separate,
    thousands,
    with_point,
)
from chainsim.scenario.files import Files, Refused, book_of, sheet_of
from chainsim.scenario.render import escape
from chainsim.scenario.sheets import sheet_lines
from chainsim.showing import counted

NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
MOST_FINDINGS = 20


@dataclass(frozen=True)
class Row:
    line: int
    cells: tuple[str, ...]


class Table:
    """A table's header and rows. Findings about it are gathered in `findings`.

    line: where the header stands. left: blank columns before the first. comma: its numbers have a decimal comma.
    thousands: … commas between their thousands. understood: what was read otherwise than plainly, in words.
    """

    def __init__(
        self, file: str, header: tuple[str, ...], rows: list[Row], *, line: int = 1, left: int = 0, comma: bool = False
    ) -> None:
        self.file, self.header, self.rows, self.line, self.comma = file, header, rows, line, comma
        self.thousands = False
        self.places = [left + i + 1 if SHEET.search(file) else 0 for i in range(len(header))]
        """Number of each column of a sheet, from 1; 0 where columns have no place of their own."""
        self.findings: list[Finding] = []
        self.understood: list[str] = []

    def note(self, line: int, column: str, message: str, cure: str = "") -> None:
        """Add an error about a cell (line 0: the file, column '': the row)."""
        if len(self.findings) < MOST_FINDINGS:
            found = table_finding(self.file, self.line if line == 1 else line, column, message, cure)
            if column in self.header:
                found = replace(found, where=replace(found.where, column=self.places[self.header.index(column)]))
            self.findings.append(found)

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
        """A cell's text, its number (if it is one) with a decimal point and nothing between thousands."""
        if self.thousands and THOUSANDS.fullmatch(cell):
            return cell.replace(",", "")
        return with_point(cell) if self.comma else cell

    def move_first(self, i: int, name: str) -> None:
        """Put a column first, under this name."""
        order = [i, *(k for k in range(len(self.header)) if k != i)]
        self.header = (name, *(self.header[k] for k in order[1:]))
        self.places = [self.places[k] for k in order]
        self.rows = [Row(row.line, tuple(row.cells[k] for k in order)) for row in self.rows]

    def number_rows(self, name: str) -> None:
        """Put a first column before the others that counts the rows from 0."""
        self.header, self.places = (name, *self.header), [0, *self.places]
        self.rows = [Row(row.line, (str(i), *row.cells)) for i, row in enumerate(self.rows)]

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
    file = book_of(name)
    if file.lower().endswith((".xlsx", ".xlsm")):
        return parse_sheet(files.read(name), file, sheet_of(name))
    if not name.lower().endswith((".csv", ".txt")):
        raise Refused("only .csv, .txt, .xlsx and .xlsm tables are read", "save the table as one of these")
    return parse_table(files.read(name), name)


def parse_sheet(data: bytes, file: str, sheet: str = "") -> Table:
    """Header and rows of a workbook's sheet ('': its only one). Raises ScenarioError, BudgetError, MissingPartError."""
    try:
        name, lines = sheet_lines(data, sheet)
    except Unreadable as error:
        where = f"{file}!{sheet}" if sheet and error.line else file
        raise ScenarioError([table_finding(where, error.line, "", error.message, error.cure)]) from None
    except BudgetError as error:
        raise BudgetError(f"{file}: {error}") from None
    return _table(f"{file}!{name}", lines, [])


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
    said = [] if separator == "," else [f"{SEPARATORS.get(separator, escape(separator))}-separated"]
    return _table(file, lines, said, pointed=separator == ",")


def _table(file: str, lines: Lines, said: list[str], *, pointed: bool = False) -> Table:
    """A table of lines, once they are a header and rows as long as it. pointed: commas separate, so none is a decimal one."""
    lines, left, dropped = _tidied(lines)
    if not lines:
        cure = "the first line names the columns"
        raise ScenarioError(
            [table_finding(file, 0, "", f"the {'sheet' if SHEET.search(file) else 'file'} is empty", cure)]
        )
    rows = [Row(line, cells) for line, cells in lines]
    header = tuple(cell.strip() for cell in rows[0].cells)
    table = Table(file, header, rows[1:], line=rows[0].line, left=left)
    for i, name in enumerate(table.header):
        if not name:
            table.note(1, "", f"column {i + 1} has no name; found columns {table.columns()}")
        elif name in table.header[:i]:
            table.note(1, name, f"two columns are called '{escape(name)}'", "rename one, or take it out")
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
    cells = [(row.line, cell.strip()) for row in table.rows for cell in row.cells if "," in cell or "." in cell]
    table.thousands = thousands(cell for _, cell in cells)
    if not table.thousands and not pointed:
        try:
            table.comma = decimal_comma(cells)
        except Unreadable as error:
            raise ScenarioError([table_finding(file, error.line, "", error.message, error.cure)]) from None
    told = ["commas between thousands"] if table.thousands else ["decimal comma"] if table.comma else []
    table.understood = said + told + dropped
    return table


def _tidied(lines: Lines) -> tuple[Lines, int, list[str]]:
    """Without what a spreadsheet leaves over: rows of blank cells, a title above the table, nameless columns of blank cells at
    both ends. Also how many columns fell away at the left, and what is to be said."""
    kept = [(line, cells) for line, cells in lines if any(cell.strip() for cell in cells)]
    blank = sum(line > kept[0][0] for line, _ in lines) - len(kept) + 1 if kept else 0
    said = [f"{counted(blank, 'blank row')} left out"] if blank else []
    titles = 0
    while len(kept) > titles + 2 and _is_title(kept[titles][1]) and _is_header(kept[titles + 1][1]):
        titles += 1
    if titles:
        said.append(f"what stands above the table left out: '{escape(kept[0][1][0].strip()[:40])}'")
        kept = kept[titles:]
    if not kept or any(len(cells) != len(kept[0][1]) for _, cells in kept):
        return kept, 0, said
    used = [any(cells[i].strip() for _, cells in kept) for i in range(len(kept[0][1]))]
    first, end = used.index(True), len(used) - used[::-1].index(True)
    if end - first < len(used):
        kept = [(line, cells[first:end]) for line, cells in kept]
        said.append(f"{counted(len(used) - end + first, 'blank column')} left out")
    return kept, first, said


def _is_title(cells: tuple[str, ...]) -> bool:
    """One text, at the left of a row that is otherwise blank."""
    return len(cells) > 1 and bool(cells[0].strip()) and not any(cell.strip() for cell in cells[1:])


def _is_header(cells: tuple[str, ...]) -> bool:
    """Could this be the row that names the columns? None is a number; or a second line of a title."""
    given = [cell.strip() for cell in cells if cell.strip()]
    return not any(NUMBER.fullmatch(cell) for cell in given)
