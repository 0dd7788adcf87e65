"""Ordering: a review asks the policy, the quantity is adjusted, split over sources, and placed."""

from __future__ import annotations

from typing import Literal

from chainsim.rules.choices import Choices
from chainsim.rules.flow import carry, expect_bend
from chainsim.rules.grid import lots_covering, lots_in, on_grid, whole_units
from chainsim.rules.log import ORDERED, REQUESTED
from chainsim.rules.make import queue_job
from chainsim.rules.move import settle_lane
from chainsim.rules.phases import DISPATCH_DUE, EARLY_DISPATCH_DUE, ORDER_DUE
from chainsim.rules.position import inventory_level, on_hand_in_books
from chainsim.rules.queue import append, step_in
from chainsim.rules.release import can_make, queue_at_desk
from chainsim.rules.rows import Lane, Point
from chainsim.rules.stock import advance, tell, wake
from chainsim.rules.terms import buy, may_order, weight_of
from chainsim.rules.world import World

Sourcing = Literal["first", "priority", "split", "expedite", "cheapest", "fastest"]
SOURCING = Choices(Sourcing)
FIRST, PRIORITY_SOURCE, SPLIT, EXPEDITE, CHEAPEST, FASTEST = range(6)  # POINT.sourcing
TIE = 1e-9  # sources whose weights differ by less, relatively, weigh the same


def review(w: World, p: int, early: int) -> None:
    """The planner of stock point p decides. `early`: a periodic review before the demand of this instant."""
    sp = w.points[p]
    sp.review_at = -1
    if sp.flow >= 0:
        carry(w, sp, w.now)
    if sp.sourcing == EXPEDITE:
        expedite(w, p, sp, early)
    quantity = adjust(sp, w.order_quantity(p))
    sp.recent_demand = 0.0
    if quantity > 0.0 and may_order(w, sp):
        place(w, p, sp, quantity, early)
    if sp.flow >= 0:
        expect_bend(w, p, sp)


def adjust(sp: Point, quantity: float) -> float:
    """Whole units, then minimum, multiple (up), maximum (down to a multiple). Never negative.

    >>> from chainsim.plan.tables import POINT
    >>> adjust(POINT.row(whole=1, minimum=10.0, multiple=6.0, maximum=20.0), 3.2)
    12.0
    """
    quantity = whole_units(quantity) if sp.whole == 1 else on_grid(quantity)
    if quantity <= 0.0:
        return 0.0
    if quantity < sp.minimum:
        quantity = sp.minimum
    if sp.multiple > 0.0:
        quantity = lots_covering(quantity, sp.multiple) * sp.multiple
    if 0.0 < sp.maximum < quantity:
        quantity = sp.maximum
        if sp.multiple > 0.0:
            quantity = lots_in(sp.maximum, sp.multiple) * sp.multiple
    return quantity if sp.whole == 1 else on_grid(quantity)


def expedite(w: World, p: int, sp: Point, early: int) -> None:
    """Dual sourcing: before the policy is asked, the first lane, the quick one, brings what is on hand and due on it up to
    the expedite level. The policy's own order then goes to the second, and sees the expedited units in its position: with
    an order-up-to rule the dual-index policy (S. Veeraraghavan & A. Scheller-Wolf 2008, Operations Research 56(4)), with
    constant orders tailored base-surge (G. Allon & J. Van Mieghem 2010, Management Science 56(1))."""
    j = w.sources[sp.first_source]
    quantity = adjust(sp, sp.expedite_up_to - inventory_level(sp) - w.lanes[j].on_order)
    if quantity > 0.0 and may_order(w, sp):
        enter(w, p, sp, quantity)
        order_from(w, j, quantity, early)


def place(w: World, p: int, sp: Point, quantity: float, early: int) -> None:
    """Place an order with one source, or split it over several."""
    enter(w, p, sp, quantity)
    if sp.sourcing == SPLIT and sp.sources > 1:
        split(w, sp, quantity, early)
    else:
        order_from(w, choose_source(w, sp, quantity), quantity, early)


def enter(w: World, p: int, sp: Point, quantity: float) -> None:
    """An order is placed: it counts as on order from now on."""
    sp.orders += 1
    sp.ordered += quantity
    sp.on_order += quantity
    sp.echelon_position += quantity
    tell(w, p, sp, ORDERED, -1, quantity, -1, -1)


def choose_source(w: World, sp: Point, quantity: float) -> int:
    """`first`: the first lane. `priority`: the first, by priority, that is open and can ship the order complete from
    free stock, or has the components of all of it; if none can, the first. `expedite`: the second, since the first is for expediting only.
    `cheapest`, `fastest`: see `lightest`."""
    best = w.sources[sp.first_source]
    if sp.sourcing == EXPEDITE:
        return w.sources[sp.first_source + 1]
    if sp.sourcing == FIRST or sp.sources == 1:
        return best
    if sp.sourcing == CHEAPEST or sp.sourcing == FASTEST:
        return lightest(w, sp, quantity)
    for i in range(sp.first_source, sp.first_source + sp.sources):
        j = w.sources[i]
        lane = w.lanes[j]
        if not is_up(w, sp, lane):
            continue
        if lane.origin < 0:
            if can_make(w, lane, quantity) >= quantity:
                return j
        else:
            supplier = w.points[lane.origin]
            if supplier.unlimited == 1 or on_hand_in_books(supplier) - supplier.backorders >= quantity:
                return j
    return best


def is_up(w: World, sp: Point, lane: Lane) -> bool:
    """Whether goods may leave for stock point sp on a lane: neither the lane nor the place they come from is down."""
    if lane.down > 0:
        return False
    return w.resources[sp.resource].down == 0 if lane.origin < 0 else w.points[lane.origin].down == 0


def lightest(w: World, sp: Point, quantity: float) -> int:
    """`cheapest`, `fastest`: of the sources that are up the one on which this order weighs least (`terms.weight_of`), of all of
    them where none is up; ties go to the first by priority."""
    best = -1
    best_up = False
    least = 0.0
    for i in range(sp.first_source, sp.first_source + sp.sources):
        j = w.sources[i]
        up = is_up(w, sp, w.lanes[j])
        weighs = weight_of(w, w.terms[w.lanes[j].terms], quantity)
        if best < 0 or (up and not best_up) or (up == best_up and weighs < least - TIE * least):
            best, best_up, least = j, up, weighs
    return best


def split(w: World, sp: Point, quantity: float, early: int) -> None:
    """Fixed shares of all units ordered so far: every lane stays within one unit of its share, however small the
    orders. Whole units go to the lane furthest behind, ties to the first."""
    last = sp.first_source + sp.sources
    total = 0.0
    for i in range(sp.first_source, last):
        total += w.lanes[w.sources[i]].ordered
    total += quantity
    left = quantity
    for i in range(sp.first_source, last):
        lane = w.lanes[w.sources[i]]
        part = lane.share * total - lane.ordered
        if sp.whole == 1:
            part = lots_in(part, 1.0)
        if sp.whole == 0:
            part = left if i == last - 1 else on_grid(part)
        if part > left:
            part = left
        lane.part = part if part > 0.0 else 0.0
        left -= lane.part
    while left > 0.0:
        best = -1
        behind = 0.0
        for i in range(sp.first_source, last):
            lane = w.lanes[w.sources[i]]
            gap = lane.share * total - lane.ordered - lane.part
            if best < 0 or gap > behind:
                best, behind = w.sources[i], gap
        unit = 1.0 if left >= 1.0 else left
        w.lanes[best].part += unit
        left -= unit
    for i in range(sp.first_source, last):
        j = w.sources[i]
        if w.lanes[j].part > 0.0:
            order_from(w, j, w.lanes[j].part, early)


def order_from(w: World, j: int, quantity: float, early: int) -> None:
    """Send an order down lane j: as information that takes time, or straight into the supplier's queue."""
    lane = w.lanes[j]
    lane.orders += 1
    lane.ordered += quantity
    lane.on_order += quantity
    if w.points[lane.target].whole == 0:
        settle_lane(lane)
    if lane.terms >= 0:
        buy(w, lane, quantity)
    k = w.new_claim()
    claim = w.claims[k]
    claim.point = lane.origin
    claim.lane = j
    claim.customer = -1
    claim.quantity = quantity
    claim.remaining = quantity
    if lane.assembly >= 0:
        queue_at_desk(w, k, early)
    elif lane.origin < 0:
        queue_job(w, w.points[lane.target].resource, k, early)
    elif lane.lag_stream >= 0:
        w.expect(ORDER_DUE, w.now + int(w.draw(lane.lag_stream)), k)
    else:
        join(w, k, early)


def join(w: World, k: int, early: int) -> None:
    """An order reaches its supplier: from now on the supplier owes it."""
    claim = w.claims[k]
    p = claim.point
    sp = w.points[p]
    advance(sp, w.now)
    claim.joined = w.now
    if early == 1:
        claim.fresh = 2
        step_in(w, sp, k)
    else:
        claim.fresh = 1
        append(w, sp, k)
    sp.backorders += claim.quantity
    sp.requested += claim.quantity
    sp.requests += 1
    sp.recent_demand += claim.quantity
    tell(w, p, sp, REQUESTED, claim.lane, claim.quantity, claim.number, -1)
    if early == 1:
        if sp.early_dispatch_at != w.now:
            sp.early_dispatch_at = w.now
            w.expect(EARLY_DISPATCH_DUE, w.now, p)
    elif sp.dispatch_at != w.now:
        sp.dispatch_at = w.now
        w.expect(DISPATCH_DUE, w.now, p)
    wake(w, p, sp)
