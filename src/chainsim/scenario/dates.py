"""Dates of a column, in whatever one way all of it can be read: days, or months.

ISO dates (2024-01-31) and months (2024-01) first; then years first with slashes or none (2024/1/31, 20240131, 202401),
day and month in figures (31/01/2024, 31.1.2024, 1/31/2024, 01/2024) and with the month's English name (31 Jan 2024,
January 2024). A column that can be read in two ways is refused, never guessed.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

_MONTHS = {
    word: number
    for number, name in enumerate(
        ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
         "december"), start=1
    )
    for word in (name, name[:3])
}  # fmt: skip
Parts = tuple[int, int, int]  # year, month, day (0: the month as a whole)


@dataclass(frozen=True)
class Dates:
    """Days as day numbers, or months as 12 × year + month − 1; which of the two; how they were written."""

    values: tuple[int, ...]
    monthly: bool
    form: str


class Undated(ValueError):
    """A column that cannot be read as dates: the index of the cell, why, and what to do."""

    def __init__(self, index: int, message: str, cure: str = "") -> None:
        self.index, self.message, self.cure = index, message, cure
        super().__init__(message)


def read_dates(cells: Sequence[str]) -> Dates:
    """The dates of a column. Days that are all the first (or all the last) of a month are months. Raises Undated.

    >>> read_dates(["31/01/2024", "01/02/2024"])
    Dates(values=(738916, 738917), monthly=False, form='day/month/year')
    >>> read_dates(["2024-01-01", "2024-02-01"]).monthly
    True
    """
    unique = list(dict.fromkeys(cells))
    tried = [form for form, parse in FORMS.items() if parse(unique[0]) is not None]
    read = {form: {cell: FORMS[form](cell) for cell in unique} for form in tried}
    whole = [form for form, parts in read.items() if None not in parts.values()]
    if not whole:
        wrong = [next(cell for cell, parts in read[form].items() if parts is None) for form in tried] or unique
        cell = max(wrong, key=unique.index) if tried else unique[0]
        message = "expected a date such as 2024-01-31 or a month such as 2024-01"
        raise Undated(cells.index(cell), f"{message}, got '{cell[:40]}'")
    for other in whole[1:]:
        for cell in unique:
            one, two = read[whole[0]][cell], read[other][cell]
            if one and two and one != two:
                message = f"'{cell[:40]}' may be {_iso(one)} or {_iso(two)}, and no other row tells"
                raise Undated(cells.index(cell), message, "write dates like 2024-01-31, months like 2024-01")
    known = read[whole[0]]
    parts = [p for p in (known[cell] for cell in cells) if p is not None]
    if _monthly(parts):
        return Dates(tuple(12 * year + month - 1 for year, month, _ in parts), True, whole[0])
    return Dates(tuple(date(*p).toordinal() for p in parts), False, whole[0])


def name_of(value: int, monthly: bool) -> str:
    """A day or a month as ISO writes it.

    >>> name_of(12 * 2024 + 1, True), name_of(738916, False)
    ('2024-02', '2024-01-31')
    """
    return f"{value // 12:04d}-{value % 12 + 1:02d}" if monthly else date.fromordinal(value).isoformat()


def _monthly(parts: Sequence[Parts]) -> bool:
    """Months as such; or days in several months, each the first of its month, or each the last, or thrice the same."""
    if parts[0][2] == 0:
        return True
    distinct = set(parts)
    months = {(year, month) for year, month, _ in distinct}
    if len(months) < 2 or len(months) < len(distinct):
        return False
    days = {day for *_, day in distinct}
    lasts = all(day == monthrange(year, month)[1] for year, month, day in distinct)
    return days == {1} or lasts or (len(days) == 1 and len(months) > 2)


def _iso(parts: Parts) -> str:
    year, month, day = parts
    return f"{year:04d}-{month:02d}" + (f"-{day:02d}" if day else "")


def _valid(year: int, month: int, day: int) -> Parts | None:
    if not (1 <= year <= 9999 and 1 <= month <= 12):
        return None
    return (year, month, day) if 0 <= day <= monthrange(year, month)[1] else None


def _figures(pattern: str, order: str) -> Callable[[str], Parts | None]:
    compiled = re.compile(pattern, re.ASCII)

    def parse(cell: str) -> Parts | None:
        found = compiled.fullmatch(cell)
        if not found:
            return None
        held = dict(zip(order, found.groups(), strict=True))
        day = int(held["d"]) if "d" in held else 0
        if "d" in held and day == 0:
            return None
        return _valid(int(held["y"]), int(held["m"]), day)

    return parse


def _named(pattern: str, order: str) -> Callable[[str], Parts | None]:
    compiled = re.compile(pattern, re.ASCII)

    def parse(cell: str) -> Parts | None:
        found = compiled.fullmatch(cell)
        held = dict(zip(order, found.groups(), strict=True)) if found else {}
        month = _MONTHS.get(held.get("m", "").lower())
        day = int(held["d"]) if "d" in held else 0
        if month is None or ("d" in held and day == 0):
            return None
        return _valid(int(held["y"]), month, day)

    return parse


FORMS: dict[str, Callable[[str], Parts | None]] = {
    "ISO": _figures(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", "ymd"),
    "year-month": _figures(r"([0-9]{4})[-/.]([0-9]{1,2})", "ym"),
    "year/month/day": _figures(r"([0-9]{4})[/.]([0-9]{1,2})[/.]([0-9]{1,2})", "ymd"),
    "yyyymmdd": _figures(r"([12][0-9]{3})([0-9]{2})([0-9]{2})", "ymd"),
    "yyyymm": _figures(r"([12][0-9]{3})([0-9]{2})", "ym"),
    "day/month/year": _figures(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})", "dmy"),
    "month/day/year": _figures(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})", "mdy"),
    "month/year": _figures(r"([0-9]{1,2})[/.-]([0-9]{4})", "my"),
    "day month-name year": _named(r"([0-9]{1,2})[ -]([A-Za-z]+)\.?[ -]([0-9]{4})", "dmy"),
    "month-name day year": _named(r"([A-Za-z]+)\.? ([0-9]{1,2}),? ([0-9]{4})", "mdy"),
    "month-name year": _named(r"([A-Za-z]+)\.?[ -]([0-9]{4})", "my"),
    "year month-name": _named(r"([0-9]{4})[ -]([A-Za-z]+)", "ym"),
}
