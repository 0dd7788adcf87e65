"""Sheets of a workbook: typed cells with formats by unit, a frozen head, and pages that print: landscape, as wide as one page,
the head on each."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from chainsim.report.names import shown

FORMATS = {
    "share": "0.0%", "ratio": "0.00", "money": "#,##0", "cents": "#,##0.00", "units": "#,##0.0", "": "#,##0.00", "count": "#,##0",
    "small": "0.00", "tiny": "0.0E+00", "rate": "#,##0.00##", "percent": "0.00%", "factor": '"×"0.00', "exact": "General",
}  # fmt: skip
UNITS = "Unit"
"""Head of the column that says the unit of its row's numbers."""
LONGEST = 1_048_576
"""Rows of a sheet in Excel."""
PALE, STRONG, INPUT, EDGE = "#EEF3F1", "#F0F8F5", "#FFF4CC", "#B8860B"
_A4 = 9


@dataclass(frozen=True)
class Column:
    """head: its name; width: characters; wrap: long texts on several lines; unit: of its numbers, where a row does not
    say; kind: how they are written (a key of FORMATS), where that is not for the unit to say."""

    head: str
    width: int
    wrap: bool = False
    unit: str = ""
    kind: str = ""


@dataclass
class Listed:
    """A sheet in the table of contents: what is on it, how many rows it has, and where the rest is."""

    name: str
    about: str
    rows: int | None = None
    rest: str = ""


class Writer:
    """Writes sheets into a book, in the order in which they are asked for. is_money: whether a unit is an amount of money."""

    def __init__(self, book: Any, is_money: Callable[[str], bool]) -> None:
        self.book, self.is_money = book, is_money
        self.contents: list[Listed] = []
        self._formats: dict[tuple[object, ...], Any] = {}

    def sheet(self, name: str, about: str) -> Any:
        """A new sheet, listed in the contents."""
        self.contents.append(Listed(name, about))
        return self.book.add_worksheet(name)

    def look(self, kind: str = "", **look: Any) -> Any:
        """A format: of numbers of that kind (a key of FORMATS; '' for text), with these properties of xlsxwriter."""
        key = (kind, *sorted(look.items()))
        if key not in self._formats:
            code = {"num_format": FORMATS[kind]} if kind in FORMATS and kind else {}
            self._formats[key] = self.book.add_format({"valign": "top", **code, **look})
        return self._formats[key]

    @property
    def head(self) -> Any:
        """The look of column heads."""
        return self.look(bold=True, text_wrap=True, valign="bottom", bottom=1, bg_color=PALE)

    def table(
        self,
        name: str,
        about: str,
        columns: Sequence[Column],
        rows: Iterator[Sequence[object]],
        notes: Sequence[str] = (),
        *,
        strong: int | None = None,
        pages: int = 1,
        rest: str = "",
    ) -> None:
        """A sheet: notes on top, then a head and the rows. strong: a column to stand out; pages: how many wide it prints; rest: where
        what is not here can be found."""
        sheet = self.sheet(name, about)
        width = sum(c.width for c in columns)
        for row, text in enumerate(notes):
            self.note(sheet, row, text, len(columns), width)
        top = len(notes) + 1 if notes else 0
        self.heads(sheet, top, columns)
        in_row = next((i for i, c in enumerate(columns) if c.head == UNITS), None)
        last = top
        for last, values in enumerate(rows, start=top + 1):
            unit = str(values[in_row]) if in_row is not None else ""
            for place, value in enumerate(values):
                column = columns[place]
                kind = column.kind or self.kind(value, column.unit or unit)
                self.cell(sheet, last, place, value, kind, wrap=column.wrap, bold=place == strong)
        sheet.freeze_panes(top + 1, in_row + 1 if in_row is not None else 0)
        sheet.autofilter(top, 0, last, len(columns) - 1)
        self.printed(sheet, last, len(columns) - 1, wide=pages)
        sheet.repeat_rows(top)
        if pages > 1:
            sheet.repeat_columns(0, 1)
        self.contents[-1].rows, self.contents[-1].rest = last - top, rest

    def heads(self, sheet: Any, top: int, columns: Sequence[Column]) -> None:
        """A row of column heads, as high as its texts need."""
        for place, column in enumerate(columns):
            head = f"{column.head}, {column.unit}" if column.unit else column.head
            sheet.write_string(top, place, head, self.head)
            sheet.set_column(place, place, column.width)
        lines = max(math.ceil((len(c.head) + len(c.unit) + 2) / c.width) for c in columns)
        sheet.set_row(top, 15 * max(lines, 1))

    def printed(self, sheet: Any, last_row: int, last_column: int, *, wide: int = 1, high: int = 0) -> None:
        """What is printed, landscape, on so many pages (0: as many as it takes)."""
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.set_margins(0.4, 0.4, 0.5, 0.5)
        sheet.print_area(0, 0, last_row, last_column)
        sheet.fit_to_pages(wide, high)
        sheet.set_footer("&L&A&RPage &P of &N")

    def note(self, sheet: Any, row: int, text: str, columns: int, width: int) -> None:
        """A line over the whole width of a screen, as high as its text needs."""
        look = self.look(text_wrap=True)
        over = min(columns - 1, 7)
        if over > 0:
            sheet.merge_range(row, 0, row, over, "", look)
        sheet.write_string(row, 0, shown(text, 32_000), look)
        sheet.set_row(row, 15 * math.ceil(len(text) / max(40, min(width, 110))))

    def cell(
        self, sheet: Any, row: int, place: int, value: object, kind: str, *, wrap: bool = False, bold: bool = False
    ) -> None:
        """One cell by its type, a number in the format of its kind; what is undefined stays empty."""
        strong: dict[str, Any] = {"bold": True, "bg_color": STRONG} if bold else {}
        text = self.look(**strong, text_wrap=True) if wrap else self.look(**strong)
        if isinstance(value, str):
            sheet.write_string(row, place, shown(value, 32_000), text)
        elif value is None or value != value:
            sheet.write_blank(row, place, None, text)
        elif isinstance(value, bool):
            sheet.write_boolean(row, place, value)
        else:
            sheet.write_number(row, place, float(value), self.look(kind, **strong))  # type: ignore[arg-type]

    def kind(self, value: object, unit: str) -> str:
        """The format of a number of that unit; '' of what is none."""
        if isinstance(value, str | bool) or value is None:
            return ""
        if isinstance(value, int):
            return "count"
        kind = "money" if self.is_money(unit) else unit if unit in FORMATS else ""
        size = abs(float(value))  # type: ignore[arg-type]
        if kind in ("", "units", "money") and 0 < size < 10:
            return "small" if size >= 0.01 else "tiny"
        return kind or "cents"
