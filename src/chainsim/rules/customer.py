"""End customers: they arrive, are served from what is on hand, wait, or go."""

from __future__ import annotations

from typing import Any, Literal

from chainsim.rules.allocate import FIRST_COME, PRIORITY
from chainsim.rules.choices import Choices
from chainsim.rules.grid import on_grid
from chainsim.rules.phases import PATIENCE_ENDS
from chainsim.rules.queue import anybody_waits, leave, may_go, priority_of, serve_soon, step_in
from chainsim.rules.shelf import take_from_shelf
from chainsim.rules.stock import advance, move_echelon, settle, wake

Unmet = Literal["backorder", "lost", "patience", "emergency"]
UNMET = Choices(Unmet)
BACKORDER, LOST, PATIENCE, EMERGENCY = range(4)  # CUSTOMER.unmet


def arrive(w: Any, c: int, quantity: float) -> None:
    """Customer stream c brings an order of `quantity` units."""
    customer = w.customers[c]
    p = customer.point
    sp = w.points[p]
    if sp.whole == 0:
        quantity = on_grid(quantity)
    advance(sp, w.now)
    sp.demanded += quantity
    sp.recent_demand += quantity
    sp.lines += 1
    taken = quantity
    if sp.head >= 0 or sp.down > 0 or quantity > sp.on_hand:
        free = free_stock(w, sp, customer.priority)
        if quantity > free:
            taken = 0.0 if customer.all_or_nothing == 1 else free
    if taken > 0.0:
        sp.on_hand -= taken
        if sp.lifetime > 0:
            take_from_shelf(w, sp, taken)
        sp.shipped += taken
        sp.filled += taken
    short = quantity - taken if sp.whole == 1 else on_grid(quantity - taken)
    kept = taken
    if short <= 0.0:
        sp.lines_filled += 1
    else:
        kept += go_without(w, c, customer, p, sp, short)
    if sp.whole == 0:
        settle(sp)
    if w.logging:
        w.log(3, p, -1, quantity)
    if kept > 0.0:
        if sp.ancestors > 0:
            move_echelon(w, sp.first_ancestor, sp.ancestors, -kept)
        wake(w, p, sp)


def go_without(w: Any, c: int, customer: Any, p: int, sp: Any, short: float) -> float:
    """The shelf lacks `short` units: partners lend, and for the rest the customer does what it does. Returns what is owed."""
    if customer.partners > 0:
        short = ask_partners(w, customer, sp, short)
    if short <= 0.0:
        return 0.0
    if customer.unmet == LOST:
        sp.lost += short
        sp.lost_since_receipt += short
        return 0.0
    if customer.unmet == EMERGENCY:  # handed over at once by a source outside: these units never enter stock
        sp.emergency += short
        sp.lost_since_receipt += short
        return 0.0
    wait(w, c, customer, p, sp, short)
    return short


def ask_partners(w: Any, customer: Any, sp: Any, short: float) -> float:
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


def lend(w: Any, q: int, partner: Any, quantity: float) -> None:
    """Units leave the stock of q for a customer of another stock point."""
    advance(partner, w.now)
    partner.on_hand -= quantity
    if partner.lifetime > 0:
        take_from_shelf(w, partner, quantity)
    partner.shipped += quantity
    partner.lent += quantity
    if partner.whole == 0:
        settle(partner)
    if w.logging:
        w.log(8, q, -1, quantity)
    if partner.ancestors > 0:
        move_echelon(w, partner.first_ancestor, partner.ancestors, -quantity)
    wake(w, q, partner)


def free_stock(w: Any, sp: Any, priority: int) -> float:
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


def wait(w: Any, c: int, customer: Any, p: int, sp: Any, quantity: float) -> None:
    """The customer waits for `quantity` units, at most the length of its patience if it has one."""
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


def lose_patience(w: Any, k: int) -> None:
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
    if claim.joined < w.warm_up and w.now >= w.warm_up:
        sp.lost_early += quantity
    leave(w, sp, k)
    w.free_claim(k)
    if sp.whole == 0:
        settle(sp)
    if w.logging:
        w.log(4, p, -1, quantity)
    if sp.head >= 0 and sp.on_hand > 0.0:  # it may have stood before others whom the stock would serve
        serve_soon(w, p, sp)
    if sp.ancestors > 0:
        move_echelon(w, sp.first_ancestor, sp.ancestors, quantity)


def note_waiting(w: Any, p: int) -> None:
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
        w.waiting[p] += sp.customer_backorders - w.flows[sp.flow].early
        w.waiting_time[p] += w.flows[sp.flow].waited
