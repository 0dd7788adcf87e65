"""From what customers order back to where it comes from: the part of a planner's workbook that a scenario needs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from chainsim.imports.book import Books, Line, duration, seconds_or_days
from chainsim.imports.operations import BILLS, Made, operations_of
from chainsim.imports.orders import Orders, Point
from chainsim.scenario.render import escape


@dataclass(frozen=True)
class Way:
    """How an item gets to a location: from a source that never runs out, or from another location.

    bounds: smallest order, multiple, largest order; 0 where there is none.
    """

    origin: str
    unlimited: bool
    days: float
    priority: float
    line: Line
    share: float | None = None
    bounds: tuple[float, float, float] = (0.0, 0.0, 0.0)
    parts: dict[str, float] | None = None
    """Made at the location itself, of these."""


@dataclass
class Network:
    """Every item at every location that is needed, with its ways there, the best first."""

    ways: dict[Point, list[Way]] = field(default_factory=dict)

    @property
    def items(self) -> list[str]:
        return list(dict.fromkeys(item for item, _ in self.ways))

    @property
    def locations(self) -> list[str]:
        return list(dict.fromkeys(where for _, where in self.ways))

    @property
    def sources(self) -> list[str]:
        return list(dict.fromkeys(way.origin for ways in self.ways.values() for way in ways if way.unlimited))


def network_of(books: Books, orders: Orders) -> Network:
    """What is needed for the orders; refused where something comes from nowhere."""
    unit = seconds_or_days(books)
    table = _Table(books, unit)
    found = Network()
    waiting = list(orders.first.items())
    while waiting:
        point, at = waiting.pop()
        if point in found.ways:
            continue
        ways = found.ways[point] = table.ways(point)
        if not ways:
            item, where = (escape(name[:40]) for name in point)
            books.told.refuse(at, f"nothing brings '{item}' to '{where}'",
                              "add a row to 'item supplier', 'item distribution' or 'operation'")  # fmt: skip
        for way in ways:
            if way.parts is not None:
                waiting += [((part, point[1]), way.line.at("name")) for part in way.parts]
            elif not way.unlimited:
                waiting.append(((point[0], way.origin), way.line.at("origin")))
    found.ways = dict(sorted(found.ways.items()))
    _idle(books, found)
    return found


class _Table:
    """The rows that bring items to locations, by item."""

    def __init__(self, books: Books, unit: float) -> None:
        self.books, self.unit = books, unit
        self.owners = {
            kind: {line.text("name"): line.text("owner") for line in books.of(kind)} for kind in ("item", "location")
        }
        self.bought: dict[str, list[Line]] = defaultdict(list)
        self.moved: dict[str, list[Line]] = defaultdict(list)
        self.made: dict[str, list[Made]] = defaultdict(list)
        for line in books.of("item supplier"):
            self.bought[line.text("item")].append(line)
        for line in books.of("item distribution"):
            self.moved[line.text("item")].append(line)
        for made in operations_of(books, unit):
            self.made[made.item].append(made)

    def ways(self, point: Point) -> list[Way]:
        item, where = point
        names, places = self._above("item", item), self._above("location", where)
        found = [
            way
            for name in names
            for line in self.bought.get(name, ())
            if not line.text("location") or line.text("location") in places
            for way in self._bought(line)
        ]
        found += [
            way
            for name in names
            for line in self.moved.get(name, ())
            if (not line.text("location") or line.text("location") in places) and line.text("origin") != where
            for way in self._moved(line)
        ]
        found += [self._made(made) for name in names for made in self.made.get(name, ()) if made.location in places]
        if any(way.parts is not None for way in found):  # production is one way, whatever operations there are
            made = [way for way in found if way.parts is not None]
            for more in made[1:]:
                self.books.told.leave_out(
                    "second operations that make the same thing at one place", more.line.at("name")
                )
            found = [way for way in found if way.parts is None or way is made[0]]
        return sorted(found, key=lambda way: way.priority)

    def _above(self, kind: str, name: str) -> list[str]:
        """A name and its owners, the nearest first."""
        found = [name]
        while (owner := self.owners[kind].get(found[-1], "")) and owner not in found:
            found.append(owner)
        return found

    def _bought(self, line: Line) -> list[Way]:
        told, supplier = self.books.told, line.text("supplier")
        if not supplier:
            told.refuse(line.at("supplier") if "supplier" in line.columns else line.at(), "the row names no supplier")
            return []
        if line.text("cost"):
            told.leave_out("what suppliers charge: an item is worth its cost in sheet 'item'", line.at("cost"))
        return self._way(line, supplier, True)

    def _moved(self, line: Line) -> list[Way]:
        if not line.text("origin"):
            at = line.at("origin") if "origin" in line.columns else line.at()
            self.books.told.refuse(at, "the row names no origin")
            return []
        return self._way(line, line.text("origin"), False)

    def _way(self, line: Line, origin: str, unlimited: bool) -> list[Way]:
        told = self.books.told
        priority = line.number_in("priority", told, 1.0)
        if priority == 0:
            told.leave_out("sources of priority 0, which are not planned", line.at("priority"))
            return []
        days = duration(line, "lead time", self.unit, told)
        if not line.text("lead time"):
            told.guess("a blank lead time is 0", line.at("lead time"))
        minimum, multiple, maximum = (
            line.number_in(f"size {name}", told) for name in ("minimum", "multiple", "maximum")
        )
        return [Way(origin, unlimited, days, priority, line, bounds=(minimum, multiple, maximum))]

    def _made(self, made: Made) -> Way:
        if BILLS:
            return Way(made.location, False, made.days, made.priority, made.line, parts=made.parts)
        self.books.told.guess(
            "what an operation makes comes from a source of its name that never runs out, after the operation's time",
            made.line.at("name"),
        )
        return Way(made.name, True, made.days, made.priority, made.line, made.share)


def _idle(books: Books, found: Network) -> None:
    """Says what nobody asks for."""
    for kind, used in (("item", {*found.items}), ("location", {*found.locations})):
        owners = {line.text("owner") for line in books.of(kind)}
        for line in books.of(kind):
            name = line.text("name")
            if name and name not in used and name not in owners:
                books.told.leave_out(f"{kind}s that no order needs", line.at("name"))
    needed = {(item, where) for item, where in found.ways}
    for line in books.of("buffer"):
        if (line.text("item"), line.text("location")) not in needed and line.number_in("onhand", books.told) > 0:
            books.told.leave_out("stock that no order needs", line.at("onhand"))
