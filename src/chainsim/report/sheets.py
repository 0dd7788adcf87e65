"""Sheets of a workbook: typed cells with formats by unit, a frozen head, and pages that print: landscape, as wide as one page,
the head on each."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from chainsim.report.names import shown

FORMATS = {
    "share": "0.0%", "ratio": "0.00", "money": "#,##0", "units": "#,##0.0", "": "#,##0.00", "count": "0",
}  # fmt: skip
UNITS = "Unit"
"""Head of the column that says the unit of its row's numbers."""
_A4 = 9


@dataclass(frozen=True)
class Column:
    """head: its name; width: characters; wrap: long texts on several lines; unit: of its numbers, where a row does not say."""

    head: str
    width: int
    wrap: bool = False
    unit: str = ""


class Writer:
    """Writes sheets into a book. is_money: whether a unit is an amount of money."""

    def __init__(self, book: Any, is_money: Callable[[str], bool]) -> None:
        self.book, self.is_money = book, is_money
        self.note = book.add_format({"text_wrap": True, "valign": "top"})
        self.title = book.add_format({"bold": True, "font_size": 13})
        self.head = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1, "bg_color": "#EEF3F1"}
        )
        self._formats: dict[tuple[str, bool, bool], Any] = {}

    def table(
        self,
        name: str,
        columns: Sequence[Column],
        rows: Iterator[Sequence[object]],
        notes: Sequence[str] = (),
        *,
        filtered: bool = True,
        strong: int | None = None,
        pages: int = 1,
    ) -> None:
        """A sheet: notes on top, then a head and the rows. strong: a column to stand out; pages: how many wide it prints."""
        sheet = self.book.add_worksheet(name)
        width = sum(c.width for c in columns)
        for row, text in enumerate(notes):
            self._note(sheet, row, text, len(columns), width, first=name == "Overview" and row == 0)
        top = len(notes) + 1 if notes else 0
        for place, column in enumerate(columns):
            head = f"{column.head}, {column.unit}" if column.unit else column.head
            sheet.write_string(top, place, head, self.head)
            sheet.set_column(place, place, column.width)
        lines = max(math.ceil((len(c.head) + len(c.unit) + 2) / c.width) for c in columns)
        sheet.set_row(top, 15 * max(lines, 1))
        in_row = next((i for i, c in enumerate(columns) if c.head == UNITS), None)
        last = top
        for last, values in enumerate(rows, start=top + 1):
            unit = str(values[in_row]) if in_row is not None else ""
            for place, value in enumerate(values):
                column = columns[place]
                self._cell(sheet, last, place, value, column.unit or unit, wrap=column.wrap, bold=place == strong)
        fixed = in_row + 1 if in_row is not None else 0
        sheet.freeze_panes(top + 1, fixed)
        if filtered:
            sheet.autofilter(top, 0, last, len(columns) - 1)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.set_margins(0.4, 0.4, 0.5, 0.5)
        sheet.print_area(0, 0, last, len(columns) - 1)
        sheet.fit_to_pages(pages, 0)
        sheet.repeat_rows(top)
        if pages > 1:
            sheet.repeat_columns(0, 1)
        sheet.set_footer("&L&A&RPage &P of &N")

    def _note(self, sheet: Any, row: int, text: str, columns: int, width: int, *, first: bool) -> None:
        """A line over the whole width of a screen, as high as its text needs."""
        over = min(columns - 1, 7)
        if over > 0:
            sheet.merge_range(row, 0, row, over, "", self.note)
        sheet.write_string(row, 0, shown(text, 32_000), self.title if first else self.note)
        room = max(40, min(width, 110))
        sheet.set_row(row, 20 if first else 15 * math.ceil(len(text) / room))

    def _cell(self, sheet: Any, row: int, place: int, value: object, unit: str, *, wrap: bool, bold: bool) -> None:
        """One cell by its type; what is undefined stays empty."""
        if isinstance(value, str):
            sheet.write_string(row, place, shown(value, 32_000), self._format("text", wrap, bold))
        elif value is None or value != value:
            sheet.write_blank(row, place, None, self._format("text", wrap, bold))
        elif isinstance(value, bool):
            sheet.write_boolean(row, place, value)
        else:
            kind = "money" if self.is_money(unit) else unit if unit in FORMATS else ""
            number = float(value)  # type: ignore[arg-type]
            if isinstance(value, int):
                kind = "count"
            elif kind in ("", "units", "money") and 0 < abs(number) < 10:
                kind = "small" if abs(number) >= 0.01 else "tiny"
            sheet.write_number(row, place, number, self._format(kind, False, bold))

    def _format(self, kind: str, wrap: bool, bold: bool) -> Any:
        key = (kind, wrap, bold)
        if key not in self._formats:
            look: dict[str, Any] = {"valign": "top"}
            if wrap:
                look["text_wrap"] = True
            if bold:
                look |= {"bold": True, "bg_color": "#F0F8F5"}
            code = {**FORMATS, "small": "0.00", "tiny": "0.0E+00"}.get(kind)
            if code:
                look["num_format"] = code
            self._formats[key] = self.book.add_format(look)
        return self._formats[key]
