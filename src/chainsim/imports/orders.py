"""Orders of customers become a table of past demand: date, site, product, quantity."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from datetime import date, timedelta

from chainsim.errors import Place
from chainsim.imports.book import Books, Line
from chainsim.scenario.render import escape
from chainsim.showing import counted

SHORTEST = 30
"""Days within which the same orders do not come again."""
_NO_DEMAND = ("canceled", "cancelled", "quote", "inquiry")
Point = tuple[str, str]
"""Item and location."""


@dataclass
class Orders:
    """Units by date for each item at each location, and where an order for it stands first."""

    units: dict[Point, dict[date, float]] = field(default_factory=dict)
    first: dict[Point, Place] = field(default_factory=dict)
    start: date = date.max
    end: date = date.min

    @property
    def fractional(self) -> set[str]:
        """Items of which parts of units are ordered."""
        return {item for (item, _), days in self.units.items() if any(units % 1 for units in days.values())}

    def table(self) -> str:
        """As CSV. Rows of 0 at both ends of the time say how long it lasts."""
        rows = [(day, where, item, units) for (item, where), days in self.units.items() for day, units in days.items()]
        item, where = min(self.units)
        given = {row[:3] for row in rows}
        rows += [(day, where, item, 0.0) for day in {self.start, self.end} if (day, where, item) not in given]
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(("date", "site", "product", "quantity"))
        writer.writerows((day.isoformat(), *names, f"{units:.12g}") for day, *names, units in sorted(rows))
        return out.getvalue()


def orders_of(books: Books) -> Orders:
    """The demand of a book; refused where there is none."""
    told, found = books.told, Orders()
    lines = books.of("demand")
    if not lines:
        told.refuse(
            books.place, "no sheet of orders ('sales order' or 'demand') with a row", "nobody buys anything without"
        )
        return found
    closed = [line for line in lines if line.text("status").lower() == "closed"]
    taken = closed or [line for line in lines if line.text("status").lower() not in _NO_DEMAND]
    if closed and len(closed) < len(lines):
        told.guess(
            f"demand is that of the {counted(len(closed), 'closed order')}; {len(lines) - len(closed)} others are left out"
        )
    elif len(taken) < len(lines):
        told.leave_out(f"{counted(len(lines) - len(taken), 'order')} canceled or asked about only")
    places = [line.text("name") for line in books.of("location")]
    for line in taken:
        _take(books, found, line, places)
    if found.units:
        _span(books, found, bool(closed))
    elif not told.refused:
        told.refuse(taken[0].at() if taken else books.place, "no order with a quantity above 0")
    return found


def _take(books: Books, found: Orders, line: Line, places: list[str]) -> None:
    told = books.told
    item, where = line.text("item"), line.text("location")
    units = line.number_in("quantity", told, 1.0)
    day = line.date_in("due", told)
    if not item:
        told.refuse(line.at("item"), "the order names no item")
        return
    if not where and len(places) == 1:
        where = places[0]
        told.guess(f"orders without a location are for '{escape(where[:40])}', the only one", line.at("location"))
    if not where:
        told.refuse(line.at("location") if "location" in line.columns else line.at(), "the order names no location")
        return
    if not line.text("quantity"):
        told.guess("an order without a quantity is for 1 unit", line.at("quantity"))
    if units < 0:
        told.refuse(line.at("quantity"), f"is {units:g} but must be at least 0")
    elif day is not None and units > 0:
        days = found.units.setdefault((item, where), {})
        days[day] = days.get(day, 0.0) + units
        found.first.setdefault((item, where), line.at("item"))
        found.start, found.end = min(found.start, day), max(found.end, day)


def _span(books: Books, found: Orders, history: bool) -> None:
    """From when to when the orders are, so that they can come again."""
    today = books.parameter("currentdate")[:10].replace("/", "-")
    if not history:
        try:
            found.start = min(found.start, date.fromisoformat(today))
        except ValueError:
            books.told.guess("the book says no date of the plan: time begins at the first order")
    if (found.end - found.start).days + 1 < SHORTEST:
        found.end = found.start + timedelta(days=SHORTEST - 1)
        books.told.guess(
            f"all orders fall within less than {SHORTEST} days: they are taken to come again every {SHORTEST} days"
        )
    books.told.guess(
        f"customers of every year are those of {found.start} to {found.end}, over and over, whatever the year; all of them wait"
        " (`unmet: backorder`)"
    )
