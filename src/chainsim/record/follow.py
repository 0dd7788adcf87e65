"""One stock point of one replication, followed through the event log: its sentences, and a table that can be checked by hand.

Two sums hold in every row of the table, and are checked: what is on the shelf at the end is what was there before, plus what
came, less what went; and what was asked for was handed over, is owed, was lost or came from elsewhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from math import isclose

from chainsim.errors import ConservationError, UsageError
from chainsim.plan.plan import Plan
from chainsim.record.record import Event, Record
from chainsim.record.sentences import Line, sentence_of
from chainsim.rules.customer import EMERGENCY, LOST, SOME_WAIT
from chainsim.rules.grid import on_grid
from chainsim.rules.log import (
    BACKFILLED,
    CONSUMED,
    COUNTED,
    DECAYED,
    DEMANDED,
    DEPARTED,
    DESTROYED,
    GAVE_UP,
    LENT,
    MISBOOKED,
    ORDERED,
    OUTDATED,
    RECEIVED,
    REQUESTED,
    SHIPPED,
    SHRUNK,
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """When (time units since the start of the run), whether it is after the warm-up, and what happened."""

    time: float
    measured: bool
    words: str


@dataclass
class Period:
    """A row of the table: units, of the periods from `start` until the next row's.

    opening, closing: on hand. received: of use. demand: asked for, by customers or by sites downstream. sold: handed over to
    these, at once or later. lost: gone without, or given up. elsewhere: supplied by partners or in emergency. outdated, lent:
    left the shelf for neither. shrunk: lost unseen. decayed, destroyed: lost, and everybody knows. books: what the books have beyond the shelf at the end (below 0: less). owed, on_order, position: at the end; the position is closing + books + on_order − owed. ordered: in
    the period. useless: received but of no use (below 0: more came than was ordered).
    """

    start: float
    measured: bool
    opening: float
    received: float = 0.0
    demand: float = 0.0
    sold: float = 0.0
    lost: float = 0.0
    elsewhere: float = 0.0
    outdated: float = 0.0
    lent: float = 0.0
    shrunk: float = 0.0
    decayed: float = 0.0
    destroyed: float = 0.0
    books: float = 0.0
    closing: float = 0.0
    owed: float = 0.0
    ordered: float = 0.0
    useless: float = 0.0
    on_order: float = 0.0
    position: float = 0.0

    def add(self, column: str, quantity: float) -> None:
        setattr(self, column, on_grid(getattr(self, column) + quantity))


COLUMNS = tuple(f.name for f in fields(Period))
SELDOM = ("lost", "elsewhere", "outdated", "lent", "shrunk", "decayed", "destroyed", "books", "useless")
"""Columns that are shown to people only where something stands in them."""


@dataclass
class Followed:
    """What was told of one stock point, and its table."""

    told: list[Told] = field(default_factory=list)
    periods: list[Period] = field(default_factory=list)


def follow(record: Record, plan: Plan, p: int, until: int, every: int) -> Followed:
    """Follow stock point p to tick `until`, a row of the table for `every` ticks.

    Raises UsageError where its log cannot be read as events (`untraced`), ConservationError when a row does not add up.
    """
    reason = untraced(plan, p)
    if reason:
        raise UsageError(reason)
    book = _Book(plan, p, every)
    for line in _lines(record, plan, p, until):
        event = line.event
        book.until(event.tick)
        book.found.told.append(
            Told(event.tick / plan.clock.ticks_per_unit, event.tick >= plan.clock.warm_up, sentence_of(line))
        )
        if event.point == p:
            book.enter(line)
    book.until(until, last=True)
    return book.found


def untraced(plan: Plan, p: int) -> str:
    """Why a stock point cannot be followed event by event; '' when it can."""
    layout, sp = plan.layout, plan.points[p]
    site = layout.sites[layout.site[p]]
    if sp["unlimited"]:
        return f"'{site}' has unlimited stock, so nothing happens to it: trace a site that it supplies"
    if sp["flow"] >= 0:
        return (
            f"goods flow at '{site}' without events, so there is nothing to step through: give demand a `quantity` for every "
            "period instead of a rate, and production a lead time, and it can be traced"
        )
    unmet = set(plan.customers["unmet"][plan.customers["point"] == p].tolist())
    if EMERGENCY in unmet and unmet & {LOST, SOME_WAIT}:
        return f"some customers of '{site}' are lost and others supplied in emergency, and the event log does not tell which"
    return ""


def _lines(record: Record, plan: Plan, p: int, until: int) -> Iterator[Line]:
    """The lines that are about p: its own, and those of its suppliers about its orders and shipments."""
    log: Sequence[Event] = [event for event in record.log or () if event.tick < until]
    targets = plan.lanes["target"].tolist()
    at_once: dict[tuple[int, int], float] = defaultdict(float)
    for event in log:
        if event.kind == SHIPPED:
            at_once[event.claim, event.tick] += event.quantity
    on_hand, owed = plan.points["on_hand"].tolist(), plan.points["backorders"].tolist()
    unseen = [0.0] * len(on_hand)
    lent = 0.0
    for event in log:
        here = event.point
        if here == p or (event.lane >= 0 and targets[event.lane] == p and event.kind in (SHIPPED, REQUESTED, DEPARTED)):
            helped = lent if event.kind == DEMANDED else 0.0
            sent = at_once.get((event.claim, event.tick), 0.0)
            yield Line(event, plan, on_hand[here], owed[here], helped, sent, unseen[here])
        if event.kind in (SHRUNK, MISBOOKED, COUNTED):
            unseen[here] = on_grid(unseen[here] + event.quantity)
        lent = lent + event.quantity if event.kind == LENT else 0.0
        on_hand[here], owed[here] = event.on_hand, event.backorders


class _Book:
    """The rows, filled as lines are read."""

    def __init__(self, plan: Plan, p: int, every: int) -> None:
        self.plan, self.every, self.found = plan, every, Followed()
        first = plan.points[p]
        self.on_hand, self.on_order, self.owed = (float(first[c]) for c in ("on_hand", "on_order", "backorders"))
        for under_way in (plan.first_shipments, plan.first_orders):
            self.on_order += float(under_way["quantity"][plan.lanes["target"][under_way["lane"]] == p].sum())
        self.emergency = EMERGENCY in plan.customers["unmet"][plan.customers["point"] == p].tolist()
        self.begun, self.most, self.unseen = 0, 0.0, 0.0
        self.row = self._begin()

    def _begin(self) -> Period:
        clock = self.plan.clock
        self.before = (self.on_hand, self.on_order, self.owed)
        return Period(self.begun / clock.ticks_per_unit, self.begun >= clock.warm_up, self.on_hand)

    def until(self, tick: int, *, last: bool = False) -> None:
        """Close the rows that end by this tick, and at last the one that is open."""
        while self.begun + self.every <= tick or (last and self.begun < tick):
            self._close()
            self.begun += self.every
            self.row = self._begin()

    def enter(self, line: Line) -> None:
        """One line of the stock point itself."""
        event, row = line.event, self.row
        quantity, taken = event.quantity, line.taken
        self.most = max(self.most, quantity, event.on_order)  # sums of trillions lose their last places
        if event.kind == RECEIVED:
            row.add("received", -taken)
            row.add("useless", quantity + taken)
            self.on_order = on_grid(self.on_order - quantity)
        elif event.kind in (SHIPPED, BACKFILLED, CONSUMED):
            row.add("sold", quantity)
        elif event.kind == DEMANDED:
            row.add("demand", quantity)
            row.add("sold", taken)
            row.add("elsewhere", line.helped + (line.gone if self.emergency else 0.0))
            row.add("lost", 0.0 if self.emergency else line.gone)
        elif event.kind == REQUESTED:
            row.add("demand", quantity)
        elif event.kind == GAVE_UP:
            row.add("lost", quantity)
        elif event.kind == ORDERED:
            row.add("ordered", quantity)
            self.on_order = on_grid(self.on_order + quantity)
        elif event.kind == OUTDATED:
            row.add("outdated", quantity)
        elif event.kind == LENT:
            row.add("lent", quantity)
        elif event.kind == SHRUNK:
            row.add("shrunk", quantity)
        elif event.kind == DECAYED:
            row.add("decayed", quantity)
        elif event.kind == DESTROYED:
            row.add("destroyed", quantity)
        if event.kind in (SHRUNK, MISBOOKED, COUNTED):
            self.unseen = on_grid(self.unseen + quantity)
        self.on_hand, self.owed = event.on_hand, event.backorders
        self._check("on order", self.on_order, event.on_order)

    def _close(self) -> None:
        row = self.row
        on_hand, _, owed = self.before
        row.closing, row.owed, row.on_order = self.on_hand, self.owed, self.on_order
        row.books = self.unseen
        row.position = on_grid(row.closing + row.books + row.on_order - row.owed)
        gone = row.outdated + row.lent + row.shrunk + row.decayed + row.destroyed
        shelf = on_grid(on_hand + row.received - row.sold - gone)
        debt = on_grid(owed + row.demand - row.sold - row.lost - row.elsewhere)
        self._check("on hand", shelf, row.closing)
        self._check("owed", debt, row.owed)
        self.found.periods.append(row)

    def _check(self, what: str, table: float, log: float) -> None:
        if not isclose(table, log, rel_tol=1e-12, abs_tol=1e-6 + 1e-15 * self.most):
            start = f"{self.plan.clock.unit} {self.row.start:g}"
            raise ConservationError(
                f"the trace does not add up in the row that starts at {start}: {table!r} {what} by the table, {log!r} by the log"
            )
