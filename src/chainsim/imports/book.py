"""Planners' workbooks as lines of sheets, each value with its cell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from chainsim.errors import Finding, Place, ScenarioError
from chainsim.imports.told import Told
from chainsim.imports.vocabulary import IDLE_COLUMNS, LEFT_OUT, MEANINGFUL, SHEETS, kind_of
from chainsim.scenario.dialect import Lines, Unreadable
from chainsim.scenario.files import MAX_TABLE_BYTES, Refused, read_regular
from chainsim.scenario.render import escape
from chainsim.scenario.sheets import Book
from chainsim.scenario.tables import NUMBER
from chainsim.scenario.trade import plain

MOST_LINES = 200_000
_DATE = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})(?:[T ].*)?")
_CLOCK = re.compile(r"(?:([0-9]+) )?([0-9]{1,6}):([0-9]{2}):([0-9]{2}(?:\.[0-9]+)?)")


@dataclass(frozen=True)
class Line:
    """A row of a sheet: its values by the plain names of their columns."""

    file: str
    number: int
    values: dict[str, str]
    columns: dict[str, int]

    def at(self, column: str = "") -> Place:
        return Place(self.file, self.number, self.columns.get(column, 0))

    def text(self, column: str) -> str:
        """What a cell says; '' for a blank one, or a column that is not there."""
        return self.values.get(column, "")

    def number_in(self, column: str, told: Told, default: float = 0.0) -> float:
        """A number; the default where the cell is blank. Refused otherwise."""
        text = self.text(column)
        if not text:
            return default
        if not NUMBER.fullmatch(text) or abs(float(text)) > 1e15:
            told.refuse(self.at(column), f"expected a number such as 12 or 3.5, got '{escape(text[:40])}'")
            return default
        return float(text)

    def date_in(self, column: str, told: Told) -> date | None:
        text = self.text(column)
        found = _DATE.fullmatch(text)
        try:
            if found:
                return date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            pass
        got = f"'{escape(text[:40])}'" if text else "nothing"
        told.refuse(self.at(column), f"expected a date such as 2024-01-31, got {got}", "format the cell as a date")
        return None


@dataclass
class Books:
    """All sheets of one or several workbooks, by kind."""

    names: list[str]
    lines: dict[str, list[Line]] = field(default_factory=dict)
    told: Told = field(default_factory=Told)

    def of(self, kind: str) -> list[Line]:
        return self.lines.get(kind, [])

    def parameter(self, name: str) -> str:
        """The value of a parameter of the planning tool; '' where the book does not give it."""
        return next((line.text("value") for line in self.of("parameter") if line.text("name").lower() == name), "")

    @property
    def place(self) -> Place:
        return Place(self.names[0])


def read_books(paths: Sequence[Path]) -> Books:
    """The sheets of workbooks. Raises ScenarioError, BudgetError, MissingPartError."""
    books = Books([path.name for path in paths])
    for path in paths:
        try:
            book = Book(read_regular(path, path.name, MAX_TABLE_BYTES))
        except (Refused, Unreadable) as error:
            raise ScenarioError([Finding("error", Place(path.name), "", error.message, error.cure)]) from None
        for name in book.names:
            _add(books, book, path.name, name)
    return books


def _add(books: Books, book: Book, file: str, name: str) -> None:
    kind, place = kind_of(plain(name)), f"{file}!{name}"
    if kind not in SHEETS:
        words = f"sheet '{escape(name[:40])}': {LEFT_OUT[kind]}" if kind else f"sheet '{escape(name[:40])}': not known"
        books.told.leave_out(words)
        return
    try:
        lines = [(number, cells) for number, cells in book.lines(name) if any(cell.strip() for cell in cells)]
    except Unreadable as error:
        books.told.refuse(Place(place, error.line), error.message, error.cure)
        return
    if len(lines) > MOST_LINES:
        books.told.refuse(Place(place), f"{len(lines):,} rows; at most {MOST_LINES:,} are read", "split the book")
    elif lines:
        books.lines.setdefault(kind, []).extend(_lines(place, lines, kind, books.told))


def _lines(place: str, lines: Lines, kind: str, told: Told) -> Iterator[Line]:
    header = [plain(cell) for cell in lines[0][1]]
    columns = {name: i + 1 for i, name in reversed(list(enumerate(header))) if name}
    for name, column in columns.items():
        if header.count(name) > 1:
            told.refuse(Place(place, lines[0][0], column), f"two columns are called '{escape(name[:40])}'")
    for number, cells in lines[1:]:
        values = {name: cells[i - 1].strip() for name, i in columns.items()}
        yield Line(place, number, values, columns)
    for name in (
        name for name in columns if name in MEANINGFUL and not (kind == "operation material" and name == "operation")
    ):
        first = next((number for number, cells in lines[1:] if cells[columns[name] - 1].strip()), None)
        if first is not None and name not in IDLE_COLUMNS:
            told.leave_out(MEANINGFUL[name], Place(place, first, columns[name]))


def seconds_or_days(books: Books) -> float:
    """How many days a bare number of a duration is: what the book's parameter says, else what makes sense of the largest."""
    said = books.parameter("excel_duration_in_days").lower()
    if said in ("true", "false"):
        return 1.0 if said == "true" else 1 / 86400
    cells = [
        (float(line.text(column)), line.at(column))
        for kind in ("item supplier", "item distribution", "operation")
        for line in books.of(kind)
        for column in ("lead time", "duration", "duration per unit")
        if NUMBER.fullmatch(line.text(column))
    ]
    if not cells:
        return 1.0
    largest, at = max(cells, key=lambda cell: cell[0])
    if largest > 3650:
        books.told.guess(f"durations are in seconds: {largest:,.0f} days would be {largest / 365:,.0f} years", at)
        return 1 / 86400
    books.told.guess("durations are in days: the book does not say", at)
    return 1.0


def duration(line: Line, column: str, unit: float, told: Told) -> float:
    """A duration in days; 0 for a blank cell. unit: days in a bare number."""
    text = line.text(column)
    clock = _CLOCK.fullmatch(text)
    if clock:
        return int(clock[1] or 0) + int(clock[2]) / 24 + int(clock[3]) / 1440 + float(clock[4]) / 86400
    if text and not NUMBER.fullmatch(text):
        told.refuse(line.at(column), f"expected a duration such as 7 or 24:00:00, got '{escape(text[:40])}'")
        return 0.0
    value = line.number_in(column, told) * unit
    if value < 0:
        told.refuse(line.at(column), f"is {value:g} days but must be at least 0")
    return max(value, 0.0)
