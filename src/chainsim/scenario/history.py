"""Tables of past demand.

Wide: `date` or `period` (a whole number), then one column per product or other name. Long: `date` or `period`, `site`
and `product` (either may be left out), `quantity`. Rows come in order of time. Days step by the largest number of days
that fits every distance, months likewise (with `gaps: zero` by one month); periods step by 1. What is missing in
between is an error, or 0 with `gaps: zero`; so is a blank cell. A table without a column of time is read row by row
where every entry that names it says which `column` it means. What was understood is told in words.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import gcd

from chainsim.errors import ScenarioError
from chainsim.registry import did_you_mean
from chainsim.scenario.dates import Undated, name_of, read_dates
from chainsim.scenario.model import HistoryTable
from chainsim.scenario.render import escape
from chainsim.scenario.tables import Row, Table
from chainsim.showing import counted

MOST_PERIODS = 1_000_000
DAYS_IN_MONTH = 365 / 12  # a year is 365 days
_TIMES = ("date", "month", "period")
_LONG = ("site", "product", "quantity")
Cells = dict[str, dict[int, float]]


@dataclass
class _Read:
    """A table while it is read: its gaps rule, the time of each row, the columns of quantities."""

    table: Table
    zero: bool
    what: str = "period"  # what a row is about: a date, a month, a period
    times: list[int | None] = field(default_factory=list)
    columns: Cells = field(default_factory=dict)
    lines: dict[int, int] = field(default_factory=dict)  # time -> line
    blanks: list[tuple[Row, int]] = field(default_factory=list)

    def name(self, time: int) -> str:
        return str(time) if self.what == "period" else name_of(time, self.what == "month")


def read_history(
    table: Table, *, known: Iterable[str], gaps: str, named: bool = False, sha256: str = ""
) -> tuple[HistoryTable, float | None]:
    """The table of demand and the days between its rows (None for periods).

    known: names a column may have (products, and what the scenario's `column` keys name). named: every entry says which
    `column` it means, so that others may stand beside them. A long table's columns are 'site / product', 'product' or
    'quantity'. Raises ScenarioError.
    """
    read = _Read(table, gaps == "zero")
    said = list(table.understood)
    known = set(known)
    long = "quantity" in table.header and "quantity" not in known
    said += _columns(table, known, named=named, long=long)
    _stop(table)
    said += _times(read)
    _stop(table)
    (_long if long else _wide)(read, known)
    _stop(table)
    if read.blanks and not read.zero:
        row, i = read.blanks[0]
        more = (
            f"; {counted(len(read.blanks) - 1, 'more cell is', 'more cells are')} blank" if len(read.blanks) > 1 else ""
        )
        message = f"expected a number such as 12 or 3.5, got nothing{more}"
        table.note(row.line, table.header[i], message, "fill them in, or say gaps: zero")
        _stop(table)
    step = _step(sorted(read.lines), read)
    first, last = min(read.lines), max(read.lines)
    length = (last - first) // step + 1
    if length > MOST_PERIODS:
        table.note(0, table.header[0], f"{length:,} periods from first to last; at most {MOST_PERIODS:,}")
        _stop(table)
    wanted = range(first, last + 1, step)
    filled = {}
    for name, cells in read.columns.items():
        if not read.zero and len(cells) < length:
            _note_gap(read, name, cells, wanted, long)
        filled[name] = tuple(cells.get(t, 0.0) for t in wanted)
    _stop(table)
    said.append(_rows(read, step, wanted))
    said += [f"{length - len(read.lines)} without a row taken as 0"] if length > len(read.lines) else []
    said += [f"{counted(len(read.blanks), 'blank cell')} taken as 0"] if read.blanks else []
    days = None if read.what == "period" else step * (DAYS_IN_MONTH if read.what == "month" else 1.0)
    return HistoryTable(filled, read.name(first), sha256, ", ".join(said), read.what == "month"), days


def _stop(table: Table) -> None:
    if table.findings:
        raise ScenarioError(table.findings)


def _columns(table: Table, known: set[str], *, named: bool, long: bool) -> list[str]:
    """Put the column of time first, and check the names; what was understood."""
    said = []
    found = [i for i, name in enumerate(table.header) if name.lower() in _TIMES and name not in known]
    near = [name for name in table.header if did_you_mean(name, list(_TIMES))]
    if len(found) == 1:
        at = found[0]
        table.move_first(at, table.header[at].lower())
    elif named and not found and not near and known & set(table.header):
        said.append("no column 'date' or 'period': one row a period, in their order")
        table.number_rows("period")
    else:
        name = table.header[0]
        hint = did_you_mean(name, list(_TIMES[::2]))
        wrong = "only one column may be" if found else "the first column must be"
        message = f"{wrong} 'date' or 'period'{hint}; found columns {table.columns()}"
        table.note(1, "", message, "name the column of dates `date`, or number the rows in a column `period`")
        return said
    time = table.header[0]
    if long:
        table.require((time, *_LONG), (time, "quantity"))
    elif len(table.header) == 1:
        table.note(1, "", f"no column of quantities; found columns {table.columns()}")
    elif named and known & set(table.header):
        others = [name for name in table.header[1:] if name not in known]
        said += [f"{counted(len(others), 'other column')} not used"] if others else []
    else:
        table.require((time, *sorted(known)), (time,))
    return said


def _times(read: _Read) -> list[str]:
    """The date (as a number of days or months) or period of every row; notes what is wrong with them."""
    table = read.table
    said: list[str] = []
    what = table.header[0]
    cells = [row.cells[0].strip() for row in table.rows]
    if what == "period":
        read.times = [int(cell) if re.fullmatch(r"[0-9]{1,15}", cell, re.ASCII) else None for cell in cells]
        wrong = [i for i, time in enumerate(read.times) if time is None]
        if wrong:
            cell = escape(cells[wrong[0]][:40])
            more = f"; {counted(len(wrong) - 1, 'more row is', 'more rows are')} not either" if len(wrong) > 1 else ""
            table.note(table.rows[wrong[0]].line, what, f"expected a whole number, got '{cell}'{more}")
    else:
        try:
            dates = read_dates(cells)
        except Undated as error:
            table.note(table.rows[error.index].line, what, escape(error.message), error.cure)
            return said
        read.times, read.what = list(dates.values), "month" if dates.monthly else "date"
        said += [f"dates as {dates.form}"] if dates.form not in ("ISO", "year-month") else []
    return said


def _in_order(read: _Read, i: int, before: int | None, *, equal: bool) -> int | None:
    """The time of row i, if it comes after the one before."""
    table, now, row = read.table, read.times[i], read.table.rows[i]
    if now is None or before is None:
        return now
    cell, what = row.cells[0].strip(), table.header[0]
    if now < before:
        table.note(row.line, what, f"{cell} comes after a later {what}", "sort the rows by time")
        return None
    if now == before and not equal:
        table.note(row.line, what, f"{cell} is given twice", "keep one row of it")
        return None
    return now


def _quantity(read: _Read, row: Row, i: int) -> float | None:
    table = read.table
    if not row.cells[i].strip():
        read.blanks.append((row, i))
        return None
    value = table.number(row, i)
    if value is not None and value < 0:
        table.note(row.line, table.header[i], f"is {value:g} but must be at least 0")
        return None
    return value


def _wide(read: _Read, known: set[str]) -> None:
    table = read.table
    read.columns = {name: {} for name in table.header[1:] if name in known}
    before: int | None = None
    for k, row in enumerate(table.rows):
        now = _in_order(read, k, before, equal=False)
        before = before if now is None else now
        if now is not None:
            read.lines[now] = row.line
        for i, name in enumerate(table.header[1:], start=1):
            value = _quantity(read, row, i) if name in known else None
            if now is not None and value is not None:
                read.columns[name][now] = value


def _long(read: _Read, known: set[str]) -> None:
    table = read.table
    at = {name: i for i, name in enumerate(table.header)}
    before: int | None = None
    for k, row in enumerate(table.rows):
        now = _in_order(read, k, before, equal=True)
        before = before if now is None else now
        value = _quantity(read, row, at["quantity"])
        parts = [row.cells[at[name]].strip() for name in ("site", "product") if name in at]
        name = " / ".join(parts) or "quantity"
        if now is None:
            continue
        read.lines[now] = row.line
        cells = read.columns.setdefault(name, {})
        if value is None:
            continue
        if now in cells:
            table.note(
                row.line, "", f"{table.header[0]} {row.cells[0].strip()} of '{escape(name)}' is given twice", "keep one"
            )
        cells[now] = value


def _step(times: list[int], read: _Read) -> int:
    """Periods step by 1. Days and months by the largest number that fits every distance; a month with gaps: zero."""
    if read.what == "period" or len(times) < 2 or (read.what == "month" and read.zero):
        return 1
    return gcd(*(b - a for a, b in itertools.pairwise(times)))


def _rows(read: _Read, step: int, wanted: range) -> str:
    """What the rows are, in words: 'monthly from 2024-01 to 2024-12 (12 rows)'."""
    every = {
        "period": "periods",
        "date": {1: "daily", 7: "weekly"}.get(step, f"every {step} days"),
        "month": {1: "monthly", 12: "yearly"}.get(step, f"every {step} months"),
    }[read.what]
    rows = counted(len(read.lines), "row")
    return f"{every} from {read.name(wanted[0])} to {read.name(wanted[-1])} ({rows})"


def _note_gap(read: _Read, name: str, cells: dict[int, float], wanted: range, long: bool) -> None:
    missing = next(t for t in wanted if t not in cells)
    line = next((read.lines[t] for t in sorted(read.lines) if t > missing), 0)
    about = f" of '{escape(name)}'" if long else ""
    read.table.note(
        line, read.table.header[0], f"{read.what} {read.name(missing)}{about} is missing", "add it, or say gaps: zero"
    )
