"""Tables of past demand.

Wide: `date` (ISO) or `period` (a whole number), then one column per product or other name. Long: `date` or `period`,
`site` and `product` (either may be left out), `quantity`. Rows come in order of time. The step is the smallest
distance between two dates; periods step by 1. What is missing in between is an error, or 0 with `gaps: zero`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from datetime import date
from math import gcd

from chainsim.errors import ScenarioError
from chainsim.registry import did_you_mean
from chainsim.scenario.model import HistoryTable
from chainsim.scenario.render import escape
from chainsim.scenario.tables import Row, Table

MOST_PERIODS = 1_000_000
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONG = ("site", "product", "quantity")
Cells = dict[str, dict[int, float]]


def read_history(table: Table, *, known: Iterable[str], gaps: str, sha256: str = "") -> tuple[HistoryTable, int]:
    """The table of demand and the step between its rows (days for dates, else 1).

    known: names a column may have (products, and what the scenario's `column` keys name). A long table's columns are
    'site / product', 'product' or 'quantity'. Raises ScenarioError.
    """
    time = table.header[0]
    if time not in ("date", "period"):
        hint = did_you_mean(time, ["date", "period"])
        table.note(1, "", f"the first column must be 'date' or 'period'{hint}; found columns {table.columns()}")
        raise ScenarioError(table.findings)
    long = "quantity" in table.header and "quantity" not in known
    if long:
        table.require((time, *_LONG), (time, "quantity"))
    else:
        table.require((time, *sorted(known)), (time,))
        if len(table.header) == 1:
            table.note(1, "", f"no column of quantities; found columns {table.columns()}")
    if table.findings:
        raise ScenarioError(table.findings)
    columns, times = (_long if long else _wide)(table)
    if table.findings:
        raise ScenarioError(table.findings)
    step = _step(sorted(times), time)
    first, last = min(times), max(times)
    length = (last - first) // step + 1
    if length > MOST_PERIODS:
        table.note(0, time, f"{length:,} periods from first to last; at most {MOST_PERIODS:,}")
        raise ScenarioError(table.findings)
    filled = {}
    for name, cells in columns.items():
        if gaps == "error" and len(cells) < length:
            _note_gap(table, time, name, cells, times, range(first, last + 1, step), long)
        filled[name] = tuple(cells.get(t, 0.0) for t in range(first, last + 1, step))
    if table.findings:
        raise ScenarioError(table.findings)
    return HistoryTable(filled, table.rows[0].cells[0].strip(), sha256), step


def _time(table: Table, row: Row, before: int | None, *, equal: bool) -> int | None:
    """A row's date (as a day number) or period; notes what is wrong with it."""
    cell, what = row.cells[0].strip(), table.header[0]
    if what == "date":
        try:
            if not _DATE.fullmatch(cell):
                raise ValueError
            now = date.fromisoformat(cell).toordinal()
        except ValueError:
            table.note(row.line, what, f"expected a date such as 2024-01-31, got '{escape(cell[:40])}'")
            return None
    elif re.fullmatch(r"[0-9]{1,15}", cell, re.ASCII):
        now = int(cell)
    else:
        table.note(row.line, what, f"expected a whole number, got '{escape(cell[:40])}'")
        return None
    if before is not None and now < before:
        table.note(row.line, what, f"{cell} comes after a later {what}", "sort the rows by time")
        return None
    if before is not None and now == before and not equal:
        table.note(row.line, what, f"{cell} is given twice")
        return None
    return now


def _quantity(table: Table, row: Row, i: int) -> float | None:
    value = table.number(row, i)
    if value is not None and value < 0:
        table.note(row.line, table.header[i], f"is {value:g} but must be at least 0")
        return None
    return value


def _wide(table: Table) -> tuple[Cells, dict[int, int]]:
    columns: Cells = {name: {} for name in table.header[1:]}
    times: dict[int, int] = {}
    before: int | None = None
    for row in table.rows:
        now = _time(table, row, before, equal=False)
        before = before if now is None else now
        for i, name in enumerate(table.header[1:], start=1):
            value = _quantity(table, row, i)
            if now is not None and value is not None:
                columns[name][now] = value
                times[now] = row.line
    return columns, times


def _long(table: Table) -> tuple[Cells, dict[int, int]]:
    at = {name: i for i, name in enumerate(table.header)}
    columns: Cells = {}
    times: dict[int, int] = {}
    before: int | None = None
    for row in table.rows:
        now = _time(table, row, before, equal=True)
        before = before if now is None else now
        value = _quantity(table, row, at["quantity"])
        parts = [row.cells[at[name]].strip() for name in ("site", "product") if name in at]
        name = " / ".join(parts) or "quantity"
        if now is None or value is None:
            continue
        times[now] = row.line
        cells = columns.setdefault(name, {})
        if now in cells:
            table.note(row.line, "", f"{table.header[0]} {row.cells[0].strip()} of '{escape(name)}' is given twice")
        cells[now] = value
    return columns, times


def _step(times: list[int], what: str) -> int:
    """Periods step by 1. Dates step by the largest number of days that fits every distance."""
    if what == "period" or len(times) < 2:
        return 1
    return gcd(*(b - a for a, b in itertools.pairwise(times)))


def _note_gap(
    table: Table, what: str, name: str, cells: dict[int, float], times: dict[int, int], wanted: range, long: bool
) -> None:
    missing = next(t for t in wanted if t not in cells)
    text = date.fromordinal(missing).isoformat() if what == "date" else str(missing)
    line = next((times[t] for t in sorted(times) if t > missing), 0)
    about = f" of '{escape(name)}'" if long else ""
    table.note(line, what, f"{what} {text}{about} is missing", "add it, or say gaps: zero")
