"""How a CSV was written: what separates its columns, and whether its decimals have a comma.

Read is what can mean one thing only. Columns are separated by commas unless only semicolons or only tabs make every row
as long as the header. A decimal comma is one when a number of the table could not be written with commas between its
thousands; `1,000` alone is refused, since it may be one or a thousand.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

from chainsim.scenario.render import escape

LONGEST_CELL = 10_000
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}
_SAID = re.compile(r'"?sep=(.)"?\r?\n', re.IGNORECASE)
_WITH_COMMA = re.compile(r"[+-]?(?:[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+),[0-9]+")
_WITH_POINT = re.compile(r"[+-]?[0-9]+\.[0-9]+")
_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+")
THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")
"""A number with commas between its thousands."""
_SURELY = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:(?:,[0-9]{3})+\.[0-9]+|(?:,[0-9]{3}){2,})")
_PRICE = re.compile(r"([$€£¥]|[A-Z]{3} )? ?([0-9][0-9.,]*) ?([$€£¥]| [A-Z]{3})?")
_POINTS = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:\.[0-9]{3})+")
_BOTH = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:\.[0-9]{3})+,[0-9]+")
Lines = list[tuple[int, tuple[str, ...]]]
"""Cells of each row, with the line of the file the row ends at."""


class Unreadable(ValueError):
    """A text that is no table, or that may be two: the line, why, and what to do."""

    def __init__(self, line: int, message: str, cure: str = "") -> None:
        self.line, self.message, self.cure = line, message, cure
        super().__init__(message)


def separate(text: str) -> tuple[Lines, str]:
    """The rows of a CSV, and what separates their columns. Raises Unreadable.

    >>> separate("date;tea, green\\n2024-01-01;45\\n")
    ([(1, ('date', 'tea, green')), (2, ('2024-01-01', '45'))], ';')
    """
    said = _SAID.match(text)
    if said:  # the line a spreadsheet writes for other spreadsheets
        rows = _rows(text, said[1])[1:]
        return rows, said[1]
    fitting: dict[str, Lines] = {}
    trouble: Unreadable | None = None
    head = text[:LONGEST_CELL].partition("\n")[0]
    for separator in [s for s in SEPARATORS if s in head] or [","]:
        try:
            rows = _rows(text, separator)
        except Unreadable as error:
            trouble = trouble or error
            continue
        if _regular(rows):
            fitting[separator] = rows
    if len(fitting) > 1:
        ways = " or by ".join(f"{SEPARATORS[separator]}s" for separator in fitting)
        raise Unreadable(1, f"columns may be separated by {ways}", "quote the names and cells that hold one of them")
    if fitting:
        return next((rows, separator) for separator, rows in fitting.items())
    if trouble is not None:
        raise trouble
    best = max(SEPARATORS, key=head.count)  # to be told, by the longest header, which rows do not fit
    return _rows(text, best), best


def decimal_comma(cells: Iterable[tuple[int, str]]) -> bool:
    """Do the numbers among the cells (line, text) have a decimal comma? Raises Unreadable where they may or may not.

    Points between thousands are read where some number, such as 1.240,5, leaves no doubt.

    >>> decimal_comma([(2, "4,5"), (3, "1,000")]), decimal_comma([(2, "4.5")]), decimal_comma([(2, "1.240,5"), (3, "2.100")])
    (True, False, True)
    """
    unsure: tuple[int, str] | None = None
    pointed: tuple[int, str] | None = None
    found = False
    cells = list(cells)
    both = any(_BOTH.fullmatch(cell) for _, cell in cells)
    for line, cell in cells:
        if both and _POINTS.fullmatch(cell):
            continue
        if _WITH_POINT.fullmatch(cell):
            pointed = pointed or (line, cell)
        elif _THOUSANDS.fullmatch(cell):
            unsure = unsure or (line, cell)
        elif _WITH_COMMA.fullmatch(cell):
            found = True
    if found and pointed is not None:
        message = f"'{escape(pointed[1][:40])}' has a point where other numbers of the table have a decimal comma"
        raise Unreadable(pointed[0], message, "write all numbers alike, such as 12 or 3.5")
    if unsure is not None and not found:
        line, cell = unsure
        message = f"'{escape(cell[:40])}' may be {cell.replace(',', '')[:40]} or {cell.replace(',', '.', 1)[:40]}"
        raise Unreadable(line, message, "write numbers like 12 or 3.5, without commas")
    return found


def thousands(cells: Iterable[str]) -> bool:
    """Do the numbers among the cells have commas between their thousands? Some must leave no doubt, and none contradict.

    >>> thousands(["1,234.50", "12,500"]), thousands(["12,500"]), thousands(["1,234.50", "4,5"])
    (True, False, False)
    """
    sure = False
    for cell in map(without_currency, cells):
        if _WITH_COMMA.fullmatch(cell) and not _THOUSANDS.fullmatch(cell):
            return False
        sure = sure or _SURELY.fullmatch(cell) is not None
    return sure


def without_currency(cell: str) -> str:
    """An amount of money without the sign or the code of its currency; any other text as it is.

    >>> without_currency("$1,234.50"), without_currency("12 EUR"), without_currency("AB12")
    ('1,234.50', '12', 'AB12')
    """
    found = _PRICE.fullmatch(cell)
    return found[2] if found and (found[1] is None or found[3] is None) else cell


def with_point(cell: str) -> str:
    """A number with a decimal comma (and points between its thousands) as one with a point; any other text as it is.

    >>> with_point("1.234,5"), with_point("2.100"), with_point("7"), with_point("soup")
    ('1234.5', '2100', '7', 'soup')
    """
    if _POINTS.fullmatch(cell):
        return cell.replace(".", "")
    return cell.replace(".", "").replace(",", ".") if _WITH_COMMA.fullmatch(cell) else cell


def _rows(text: str, separator: str) -> Lines:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=separator)
    rows: Lines = []
    try:
        for cells in reader:
            if cells and max(map(len, cells)) > LONGEST_CELL:
                raise Unreadable(reader.line_num, f"a cell is longer than {LONGEST_CELL:,} characters")
            if cells:
                rows.append((reader.line_num, tuple(cells)))
    except csv.Error as error:
        cure = "look for a quote that is not closed"
        raise Unreadable(reader.line_num, f"not valid CSV: {error}", cure) from None
    return rows


def _regular(rows: Lines) -> bool:
    """Two columns at least, and every row as long as the first."""
    return bool(rows) and len(rows[0][1]) > 1 and all(len(cells) == len(rows[0][1]) for _, cells in rows)
