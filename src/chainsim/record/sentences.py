"""What happened, in words: a sentence for every kind of line in the event log.

`SENTENCES` is the one table of them; a kind of line without a sentence fails a test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chainsim.plan.plan import Plan
from chainsim.record.record import EVENT_KINDS, Event
from chainsim.rules.grid import on_grid


def over(plan: Plan, p: int, tick: int) -> bool:
    """Whether the life of stock point p's product has ended by a tick."""
    row = plan.points["ledger"][p]
    return bool(row >= 0 and 0 <= plan.ledgers["ends"][row] <= tick)


@dataclass(frozen=True)
class Line:
    """A line of the log with what stood before it, and what the lines around it tell.

    on_hand, owed: of its stock point, before. helped: units that partners just handed over for the customer of this line.
    at_once: units of this request that are shipped at its own instant. unseen: units that the books had and the shelf had not.
    """

    event: Event
    plan: Plan
    on_hand: float
    owed: float
    helped: float = 0.0
    at_once: float = 0.0
    unseen: float = 0.0

    @property
    def taken(self) -> float:
        """Units that left the shelf."""
        return on_grid(self.on_hand - self.event.on_hand)

    @property
    def waits(self) -> float:
        """Units that are owed since this line, more than before."""
        return on_grid(self.event.backorders - self.owed)

    @property
    def gone(self) -> float:
        """Units of a demand that nobody here serves, now or later, and no partner did: lost, or bought in emergency."""
        return on_grid(self.event.quantity - self.taken - self.waits - self.helped)

    @property
    def site(self) -> str:
        layout = self.plan.layout
        return str(layout.sites[layout.site[self.event.point]])

    @property
    def origin(self) -> str:
        """Where the line's lane begins; '' for production."""
        return self._end("origin")

    @property
    def target(self) -> str:
        """Where the line's lane leads."""
        return self._end("target")

    def _end(self, end: str) -> str:
        layout, point = self.plan.layout, int(self.plan.lanes[end][self.event.lane])
        return layout.sites[layout.site[point]] if point >= 0 else ""


def sentence_of(line: Line) -> str:
    """What the line tells, without its time."""
    return SENTENCES[EVENT_KINDS[line.event.kind]](line)


def _receive(line: Line) -> str:
    event, good = line.event, on_grid(line.event.on_hand - line.on_hand)
    what = (
        f"receives {n(event.quantity)} from {line.origin}" if line.origin else f"finishes a lot of {n(event.quantity)}"
    )
    useless = on_grid(event.quantity - good)
    spoilt = (
        f", {n(useless)} of them of no use"
        if useless > 0
        else f", {n(-useless)} more than expected"
        if useless < 0
        else ""
    )
    return f"{line.site} {what}{spoilt}; {n(event.on_hand)} on hand"


def _ship(line: Line) -> str:
    event = line.event
    rest = f"; {n(event.backorders)} still to be handed over" if event.backorders > 0 else ""
    return f"{line.site} ships {n(event.quantity)} to {line.target} for order {event.claim}{rest}; {n(event.on_hand)} on hand"


def _backfill(line: Line) -> str:
    who = f"customer {line.event.claim}, who waited, gets" if line.event.claim >= 0 else "customers who waited get"
    return f"{who} {n(line.event.quantity)} at {line.site}; {n(line.event.on_hand)} on hand, {n(line.event.backorders)} owed"


def _demand(line: Line) -> str:
    event, parts = line.event, []
    if line.taken > 0:
        parts.append(f"takes {n(line.taken)}")
    if line.helped > 0:
        parts.append(f"gets {n(line.helped)} from a neighbour")
    if line.waits > 0:
        parts.append(f"waits for {n(line.waits)} as customer {event.claim}")
    if line.gone > 0:
        parts.append(f"goes without {n(line.gone)} of the shelf")
    return f"a customer of {line.site} wants {n(event.quantity)}: {' and '.join(parts) or 'nothing'}; {n(event.on_hand)} on hand"


def _give_up(line: Line) -> str:
    return f"customer {line.event.claim} of {line.site} gives up waiting for {n(line.event.quantity)}"


def _order(line: Line) -> str:
    after = on_grid(line.event.on_hand + line.unseen + line.event.on_order - line.event.backorders)
    before = on_grid(after - line.event.quantity)
    return f"{line.site} orders {n(line.event.quantity)}: its position goes from {n(before)} to {n(after)}"


def _request(line: Line) -> str:
    event, short = line.event, on_grid(line.event.quantity - line.at_once)
    waits = f" waits there, {n(short)} short" if short > 0 else " can be shipped at once"
    return f"order {event.claim} of {line.target} for {n(event.quantity)} reaches {line.site} and{waits}"


def _outdate(line: Line) -> str:
    if over(line.plan, line.event.point, line.event.tick):
        product = line.plan.layout.products[line.plan.layout.product[line.event.point]]
        return f"nobody wants {product} any more: {n(line.event.quantity)} are left over at {line.site}; {n(line.event.on_hand)} on hand"
    return f"{n(line.event.quantity)} reach the end of their life at {line.site}; {n(line.event.on_hand)} on hand"


def _consume(line: Line) -> str:
    event = line.event
    return f"{line.site} takes {n(event.quantity)} as components for job {event.claim}; {n(event.on_hand)} on hand, {n(event.backorders)} owed"


def _lend(line: Line) -> str:
    return f"{line.site} hands {n(line.event.quantity)} over for a customer of a neighbour; {n(line.event.on_hand)} on hand"


def _shrink(line: Line) -> str:
    return f"{n(line.event.quantity)} are lost unseen at {line.site}; {n(line.event.on_hand)} on hand, and the books do not know"


def _decay(line: Line) -> str:
    return f"{n(line.event.quantity)} decay at {line.site}; {n(line.event.on_hand)} on hand"


def _destroy(line: Line) -> str:
    return f"{n(line.event.quantity)} are destroyed at {line.site}; {n(line.event.on_hand)} on hand"


def _depart(line: Line) -> str:
    return f"a load of {n(line.event.quantity)} leaves {line.site} for {line.target}"


def _misbook(line: Line) -> str:
    by = line.event.quantity
    return f"{line.site} books the receipt wrongly, {n(abs(by))} too {'many' if by > 0 else 'few'}"


def _count(line: Line) -> str:
    by = line.event.quantity
    found = f"the books {'rise' if by > 0 else 'fall'} by {n(abs(by))}" if by else "the books are right"
    return f"{line.site} counts its shelf: {found}; {n(line.event.on_hand)} on hand"


SENTENCES: dict[str, Callable[[Line], str]] = {
    "receive": _receive,
    "ship": _ship,
    "backfill": _backfill,
    "demand": _demand,
    "give_up": _give_up,
    "order": _order,
    "request": _request,
    "outdate": _outdate,
    "lend": _lend,
    "consume": _consume,
    "shrink": _shrink,
    "misbook": _misbook,
    "count": _count,
    "decay": _decay,
    "destroy": _destroy,
    "depart": _depart,
}


def n(quantity: float) -> str:
    """A quantity as a person writes it.

    >>> n(12.0), n(0.1 + 0.2), n(1234567.0)
    ('12', '0.3', '1234567')
    """
    return f"{quantity:.0f}" if quantity == round(quantity) else f"{quantity:.6g}"
