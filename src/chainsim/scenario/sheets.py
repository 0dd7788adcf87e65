"""One sheet of a workbook (.xlsx, .xlsm) as rows of text, read strictly.

`book.xlsx!Items` is the sheet Items; a book of one sheet needs no name. Read are values: formulas as the spreadsheet
last worked them out, dates as ISO dates, durations as hours:minutes:seconds, numbers with 15 digits. Refused, with the
cell: a formula without a worked-out value, an error such as #N/A, merged cells within the table. Macros are never run.

Reading is done by python-calamine (extra `excel`). A book may come from a stranger, so it is unfolded here first, within
bounds, and what the library sees is no larger than that.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.etree import ElementTree

from chainsim.errors import BudgetError, MissingPartError, letters_of
from chainsim.registry import did_you_mean
from chainsim.scenario.dialect import LONGEST_CELL, Lines, Unreadable
from chainsim.scenario.render import escape

MOST_UNFOLDED = 256_000_000
"""Bytes of a book's parts together."""
MOST_CELLS, MOST_ROWS = 4_000_000, 200_000
"""Of a sheet, from A1 to its last cell: so much memory is taken whatever stands in them."""
_NO_ZIP = (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError, ValueError)
"""What unfolding bytes that are damaged, packed in another way or under a password ends with."""
_CELL = re.compile(rb"""<(?:[a-z]+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:[a-z]+:)?c>)""", re.DOTALL)
_PLACE = re.compile(rb"""\br=["']\$?([A-Za-z]{1,3})\$?([0-9]{1,9})["']""")
_VALUE = re.compile(rb"<(?:[a-z]+:)?(?:v|t)\b[^>]*>[^<]")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class Book:
    """A workbook that was unfolded. Raises Unreadable, BudgetError, MissingPartError (the library is not there)."""

    def __init__(self, data: bytes) -> None:
        calamine = _library()
        self._parts = _unfolded(data)
        self._broken: type[Exception] = calamine.CalamineError
        try:
            self._book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(_folded(self._parts)))
            about = self._book.sheets_metadata
        except self._broken as error:
            raise _unread(error) from None
        self.names: list[str] = [one.name for one in about if one.typ == calamine.SheetTypeEnum.WorkSheet]

    def lines(self, name: str) -> Lines:
        """The rows of one of its sheets, from A1."""
        _refuse_unworked(self._parts, name)
        try:
            read = self._book.get_sheet_by_name(name)
            values = read.to_python(skip_empty_area=False)
            merged = read.merged_cell_ranges or []
        except self._broken as error:
            raise _unread(error) from None
        lines: Lines = [(i, tuple(map(_text, row))) for i, row in enumerate(values, start=1)]
        _refuse_merged(lines, merged)
        long = next(((i, cell) for i, cells in lines for cell in cells if len(cell) > LONGEST_CELL), None)
        if long is not None:
            raise Unreadable(long[0], f"a cell is longer than {LONGEST_CELL:,} characters")
        return lines


def sheet_lines(data: bytes, sheet: str) -> tuple[str, Lines]:
    """The name of a book's sheet ('': its only one) and its rows, from A1. Raises as `Book`."""
    book = Book(data)
    name = _chosen(sheet, book.names)
    return name, book.lines(name)


def _unread(error: Exception) -> Unreadable:
    return Unreadable(0, f"cannot be read as a workbook: {escape(str(error)[:80])}", "save it again")


def _library() -> Any:
    try:
        import python_calamine
    except ImportError:
        raise MissingPartError(
            "Reading workbooks needs python-calamine: pip install 'chainsim[excel]'. Or save the sheet as CSV."
        ) from None
    return python_calamine


def _unfolded(data: bytes) -> dict[str, bytes]:
    """The parts of a book by name, as many bytes as it says and no more than are allowed."""
    if data[:4] == b"\xd0\xcf\x11\xe0":
        raise Unreadable(0, "is an old .xls or has a password", "save it as .xlsx without a password")
    parts: dict[str, bytes] = {}
    left = MOST_UNFOLDED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            for about in book.infolist():
                if not about.filename.endswith((".xml", ".rels")):
                    continue  # pictures, macros
                with book.open(about) as part:
                    content = part.read(left + 1)
                left -= len(content)
                if left < 0:
                    raise BudgetError(f"the workbook unfolds to more than {MOST_UNFOLDED // 1_000_000:,} MB")
                parts[about.filename] = content
    except _NO_ZIP as error:
        told = escape(str(error)[:80])
        raise Unreadable(0, f"is no workbook that can be read: {told}", "save it again as .xlsx") from None
    for name, content in parts.items():
        if re.search(rb"<!(?:DOCTYPE|ENTITY)", content[:10_000]):
            raise Unreadable(0, f"has declarations of its own in {escape(name[:60])}, as no spreadsheet writes them")
        if "worksheets/" in name:
            _bound(content)
    return parts


def _folded(parts: dict[str, bytes]) -> bytes:
    """The parts as a book again, stored as they are."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as book:
        for name, content in parts.items():
            book.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


def _bound(content: bytes) -> None:
    """Refuses a sheet whose last cell is so far away that the table would not fit."""
    rows = columns = 0
    for letters, row in _PLACE.findall(content):
        rows, columns = max(rows, int(row)), max(columns, _column(letters))
    if rows > MOST_ROWS or rows * columns > MOST_CELLS:
        where = f"{letters_of(columns)}{rows}"
        message = (
            f"a sheet of the workbook reaches to {where}; at most {MOST_ROWS:,} rows and {MOST_CELLS:,} cells are read"
        )
        raise BudgetError(f"{message}: delete what stands far from the table, or save the table as CSV")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - 64
    return number


def _chosen(wanted: str, names: list[str]) -> str:
    if wanted in names:
        return wanted
    if not names:
        raise Unreadable(0, "lists no sheet", "save it again as .xlsx")
    listed = ", ".join(f"'{escape(name[:40])}'" for name in names[:12])
    if wanted:
        hint = did_you_mean(wanted, names)
        raise Unreadable(0, f"has no sheet '{escape(wanted[:40])}'{hint}", f"its sheets: {listed}")
    if len(names) == 1:
        return names[0]
    raise Unreadable(0, f"has {len(names)} sheets", f"say which, as in `file: book.xlsx!{names[0]}`: {listed}")


def _refuse_unworked(parts: dict[str, bytes], name: str) -> None:
    """The library reads a formula that was never worked out, and an error, as a blank cell; here they are told."""
    content = parts.get(_part_of(parts, name), b"")
    if b"<f" not in content and b":f" not in content and b't="e"' not in content and b"t='e'" not in content:
        return
    for about, inner in _CELL.findall(content):
        place = _PLACE.search(about)
        cell = (place[1] + place[2]).decode() if place else "a cell"
        line = int(place[2]) if place else 0
        if re.search(rb"""\bt=["']e["']""", about):
            told = re.search(rb">(#[^<]{1,20})<", inner)
            shown = told[1].decode("utf-8", "replace") if told else "an error"
            raise Unreadable(line, f"{cell} holds {escape(shown)}", "mend the formula, or leave the cell blank")
        if re.search(rb"<(?:[a-z]+:)?f\b", inner) and not _VALUE.search(inner):
            cure = "open the book in a spreadsheet, let it calculate, save it"
            raise Unreadable(line, f"{cell} holds a formula whose value was never worked out", cure)


def _part_of(parts: dict[str, bytes], name: str) -> str:
    """The part that holds a sheet; '' where the book does not say."""
    try:
        book = ElementTree.fromstring(parts["xl/workbook.xml"])
        links = ElementTree.fromstring(parts["xl/_rels/workbook.xml.rels"])
    except (KeyError, ElementTree.ParseError):
        return ""
    wanted = next((held.get(_RELATION) for held in _sheets(book) if held.get("name") == name), None)
    target = next((link.get("Target", "") for link in links if link.get("Id") == wanted), "")
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _sheets(book: ElementTree.Element) -> Iterator[ElementTree.Element]:
    return (held for held in book.iter() if held.tag.endswith("}sheet"))


def _refuse_merged(lines: Lines, merged: list[Any]) -> None:
    """Merged cells hold one value and blanks; in a title above the table they do no harm."""
    top = next((line for line, cells in lines if sum(bool(cell.strip()) for cell in cells) > 1), 0)
    for (row, column), (last_row, last_column) in merged:
        if last_row + 1 >= top:
            where = f"{letters_of(column + 1)}{row + 1}:{letters_of(last_column + 1)}{last_row + 1}"
            raise Unreadable(row + 1, f"the cells {where} are merged", "unmerge them, and write the value into each")


def _text(value: Any) -> str:
    """A cell as text that the readers of CSV tables know."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta | time):
        seconds = _seconds(value)
        return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return "" if value is None else str(value)


def _seconds(value: timedelta | time) -> int:
    if isinstance(value, time):
        return value.hour * 3600 + value.minute * 60 + value.second
    return round(value.total_seconds())
