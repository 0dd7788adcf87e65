"""End customers: they arrive, are served from what is on hand, wait, or go."""

from __future__ import annotations

from typing import Literal

from chainsim.rules.allocate import FIRST_COME, PRIORITY
from chainsim.rules.choices import Choices
from chainsim.rules.grid import on_grid
from chainsim.rules.log import DEMANDED, GAVE_UP, LENT
from chainsim.rules.movement import leave_shelf
from chainsim.rules.phases import PATIENCE_ENDS
from chainsim.rules.queue import anybody_waits, leave, may_go, priority_of, serve_soon, step_in
from chainsim.rules.records import find_short
from chainsim.rules.rows import Customer, Point
from chainsim.rules.shelf import mark_down
from chainsim.rules.stock import advance, move_echelon, position_falls, tell
from chainsim.rules.world import World

Unmet = Literal["backorder", "lost", "patience", "emergency", "some_wait"]
UNMET = Choices(Unmet)
BACKORDER, LOST, PATIENCE, EMERGENCY, SOME_WAIT = range(5)  # CUSTOMER.unmet


def arrive(w: World, c: int, quantity: float) -> None:
    """Customer stream c brings an order of `quantity` units."""
    customer = w.customers[c]
    p = customer.point
    sp = w.points[p]
    if sp.whole == 0:
        quantity = on_grid(quantity)
    sp.demanded += quantity
    sp.recent_demand += quantity
    sp.lines += 1
    taken = quantity
    if sp.head >= 0 or sp.down > 0 or quantity > sp.on_hand:
        free = free_stock(w, sp, customer.priority)
        if quantity > free:
            taken = 0.0 if customer.all_or_nothing == 1 else free
    if taken > 0.0:
        if sp.ledger >= 0:
            mark_down(w, sp, taken)
        leave_shelf(w, sp, taken, -1)
        sp.filled += taken
    else:
        advance(sp, w.now)
    short = quantity - taken if sp.whole == 1 else on_grid(quantity - taken)
    kept = taken
    elsewhere = sp.emergency + sp.transshipped
    number = -1
    if short <= 0.0:
        sp.lines_filled += 1
    else:
        k = go_without(w, c, customer, p, sp, short)
        if k >= 0:
            kept += w.claims[k].quantity
            number = w.claims[k].number
    if w.now + customer.promise >= w.end:
        sp.undue += quantity
        sp.undue_met += taken + (sp.emergency + sp.transshipped - elsewhere)
    tell(w, p, sp, DEMANDED, -1, quantity, number, -1)
    if kept > 0.0:
        position_falls(w, p, sp, kept)
    if short > 0.0 and sp.ledger >= 0:
        find_short(w, sp, short)


def go_without(w: World, c: int, customer: Customer, p: int, sp: Point, short: float) -> int:
    """The shelf lacks `short` units: partners lend, and for the rest the customer does what it does. Returns the claim of a
    customer who waits; -1: nobody does."""
    if customer.partners > 0:
        short = ask_partners(w, customer, sp, short)
    if short <= 0.0:
        return -1
    if customer.unmet == LOST or (customer.unmet == SOME_WAIT and w.draw(customer.wait_stream) == 0.0):
        sp.lost += short
        sp.lost_since_receipt += short
        return -1
    if customer.unmet == EMERGENCY:  # handed over at once by a source outside: these units never enter stock
        sp.emergency += short
        sp.lost_since_receipt += short
        return -1
    return wait(w, c, customer, p, sp, short)


def ask_partners(w: World, customer: Customer, sp: Point, short: float) -> float:
    """Lateral transshipment in no time: partners hand over from their free stock, one after the other, and will order it
    again themselves (S. Axsäter 1990, Management Science 36(11)). Returns what is still lacking."""
    for i in range(customer.first_partner, customer.first_partner + customer.partners):
        q = w.partners[i]
        partner = w.points[q]
        lent = free_stock(w, partner, customer.priority)
        if lent > short:
            lent = short
        if lent > 0.0:
            lend(w, q, partner, lent)
            sp.transshipped += lent
            short = short - lent if sp.whole == 1 else on_grid(short - lent)
    return short


def lend(w: World, q: int, partner: Point, quantity: float) -> None:
    """Units leave the stock of q for a customer of another stock point."""
    leave_shelf(w, partner, quantity, -1)
    partner.lent += quantity
    tell(w, q, partner, LENT, -1, quantity, -1, -1)
    position_falls(w, q, partner, quantity)


def free_stock(w: World, sp: Point, priority: int) -> float:
    """What a customer arriving now may take: nobody overtakes those who wait, except by priority."""
    if sp.down > 0:
        return 0.0
    if sp.unlimited == 1:
        return 1e300
    if not anybody_waits(w, sp):
        return sp.on_hand
    if sp.allocation == FIRST_COME:
        return 0.0
    if sp.allocation == PRIORITY:
        k = sp.head
        while k >= 0:
            claim = w.claims[k]
            if may_go(w, claim) and priority_of(w, claim) <= priority:
                return 0.0
            k = claim.next
    return sp.on_hand


def wait(w: World, c: int, customer: Customer, p: int, sp: Point, quantity: float) -> int:
    """The customer waits for `quantity` units, at most the length of its patience if it has one. Returns its claim."""
    k = w.new_claim()
    claim = w.claims[k]
    claim.point = p
    claim.lane = -1
    claim.customer = c
    claim.quantity = quantity
    claim.remaining = quantity
    claim.joined = w.now
    claim.fresh = 0
    step_in(w, sp, k)
    sp.backorders += quantity
    sp.customer_backorders += quantity
    if customer.unmet == PATIENCE:
        w.expect(PATIENCE_ENDS, w.now + customer.patience, k)
    return k


def lose_patience(w: World, k: int) -> None:
    """A waiting customer leaves; what was not served is lost."""
    claim = w.claims[k]
    p = claim.point
    sp = w.points[p]
    advance(sp, w.now)
    quantity = claim.remaining
    sp.backorders -= quantity
    sp.customer_backorders -= quantity
    sp.lost += quantity
    sp.lost_since_receipt += quantity
    sp.waited_all += quantity * (w.now - claim.joined)
    sp.waited_lost += quantity * (w.now - claim.joined)
    if claim.joined < w.warm_up and w.now >= w.warm_up:
        sp.lost_early += quantity
    tell(w, p, sp, GAVE_UP, -1, quantity, claim.number, -1)
    leave(w, sp, k)
    w.free_claim(k)
    if (
        sp.head >= 0 or sp.desk >= 0
    ) and sp.on_hand > 0.0:  # it may have stood before others whom the stock would serve
        serve_soon(w, p, sp)
    if sp.ancestors > 0:
        move_echelon(w, sp.first_ancestor, sp.ancestors, quantity)


def note_waiting(w: World, p: int) -> None:
    """Customers who still wait at the end: their units, if demanded in the window, and how long they have waited. Added up
    along the queue: which rows of the pool they have means nothing."""
    sp = w.points[p]
    k = sp.head
    while k >= 0:
        claim = w.claims[k]
        if claim.customer >= 0:
            w.waiting_time[p] += claim.remaining * (w.end - claim.joined)
            if claim.joined >= w.warm_up:
                w.waiting[p] += claim.remaining
        k = claim.next
    if sp.flow >= 0:
        flow = w.flows[sp.flow]
        w.waiting[p] += sp.customer_backorders - flow.early
        w.waiting_time[p] += flow.waited
        if flow.lost == 0:  # the last to come are the last in the backlog
            ticks = flow.promise if flow.promise < w.end - w.warm_up else w.end - w.warm_up
            sp.undue = flow.rate * ticks
            sp.undue_met = sp.undue - min(sp.customer_backorders, sp.undue)
