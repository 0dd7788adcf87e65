"""Goods that do not last: stock as lots, usable for the stock point's lifetime from their receipt there.

A lot received at tick t is usable in [t, t + lifetime). At t + lifetime, in the environment phase, what is left of it is
thrown away, before anything else of that instant: a lifetime of m periods means m consecutive periods, and whoever reviews
sees usable stock only (S. Nahmias 2011, Perishable Inventory Systems, ch. 2). Lifetimes may be drawn at random, once for each
receipt: the n-th receipt of a stock point has the n-th draw of its stream, whatever policy ordered it. Customers and downstream sites get the lot first
that expires first, or last. The lots of a stock point are a chain in the order of expiry. Goods that keep their age when
they are shipped: `rules.ages`.
"""

from __future__ import annotations

from typing import Literal

from chainsim.rules.choices import Choices
from chainsim.rules.grid import on_grid
from chainsim.rules.log import OUTDATED
from chainsim.rules.phases import OUTDATE_DUE
from chainsim.rules.rows import Point
from chainsim.rules.stock import advance, position_falls, tell
from chainsim.rules.world import World

Issuing = Literal["fifo", "lifo"]
ISSUING = Choices(Issuing)
FIFO, LIFO = range(2)  # POINT.issuing


def stock_shelf(w: World, p: int) -> None:
    """The initial stock is fresh at time 0. Its life is drawn even if there is none, so that receipts have draws of their own."""
    sp = w.points[p]
    expires = w.now + life_of(w, sp)
    if sp.on_hand > 0.0:
        put_on_shelf(w, p, sp, sp.on_hand, expires)
        look_again(w, p, sp)


def life_of(w: World, sp: Point) -> int:
    """Ticks for which what is fresh now will be usable, at least one."""
    if sp.life_stream < 0:
        return sp.lifetime
    ticks = int(w.draw(sp.life_stream))
    return ticks if ticks > 1 else 1


def put_on_shelf(w: World, p: int, sp: Point, quantity: float, expires: int) -> None:
    """Units that expire at one instant: a lot, or a part of the one that does."""
    before = sp.last_lot
    while before >= 0 and w.lots[before].expires > expires:
        before = w.lots[before].previous
    if before >= 0 and w.lots[before].expires == expires:
        w.lots[before].quantity = total_of(sp, w.lots[before].quantity + quantity)
        return
    k = w.new_lot()
    lot = w.lots[k]
    lot.point = p
    lot.quantity = quantity
    lot.expires = expires
    lot.previous = before
    lot.next = sp.first_lot if before < 0 else w.lots[before].next
    if before < 0:
        sp.first_lot = k
    else:
        w.lots[before].next = k
    if lot.next < 0:
        sp.last_lot = k
    else:
        w.lots[lot.next].previous = k


def take_from_shelf(w: World, sp: Point, quantity: float, j: int) -> None:
    """Units leave stock, those first that expire first, or last; on lane j, or -1. Where goods keep their age, the lane's
    shipment takes the lots along: all of each, and a part of the last."""
    a = w.lanes[j].aging if j >= 0 else -1
    left = quantity
    k = sp.first_lot if sp.issuing == FIFO else sp.last_lot
    while left > 0.0 and k >= 0:
        lot = w.lots[k]
        if lot.quantity > left:
            lot.quantity = total_of(sp, lot.quantity - left)
            if a >= 0:
                w.agings[a].part = left
                w.agings[a].part_expires = lot.expires
            return
        left = total_of(sp, left - lot.quantity)
        remove_lot(w, sp, k)
        if a >= 0:
            load_lot(w, a, k)
        else:
            w.free_lot(k)
        k = sp.first_lot if sp.issuing == FIFO else sp.last_lot


def mark_down(w: World, sp: Point, quantity: float) -> None:
    """Customers are about to take so many units: those old enough are cheaper. The age of a unit is the lifetime here less what is left
    of its life."""
    ledger = w.ledgers[sp.ledger]
    if ledger.markdown < 0:
        return
    left = quantity
    k = sp.first_lot if sp.issuing == FIFO else sp.last_lot
    while left > 0.0 and k >= 0:
        lot = w.lots[k]
        taken = lot.quantity if lot.quantity < left else left
        if lot.expires - w.now <= ledger.markdown:
            ledger.marked_down = total_of(sp, ledger.marked_down + taken)
        left = total_of(sp, left - taken)
        k = lot.next if sp.issuing == FIFO else lot.previous


def load_lot(w: World, a: int, k: int) -> None:
    """Lot k goes with the next shipment to the stock point of row a, behind those issued before."""
    aging = w.agings[a]
    w.lots[k].previous = aging.last_lot
    w.lots[k].next = -1
    if aging.last_lot >= 0:
        w.lots[aging.last_lot].next = k
    else:
        aging.first_lot = k
    aging.last_lot = k


def outdate(w: World, p: int) -> None:
    """Throw away what has reached the end of its life."""
    sp = w.points[p]
    if sp.outdate_at != w.now:  # older goods came since this was put on the calendar: what expires now was looked at
        return
    sp.outdate_at = -1
    quantity = 0.0
    while sp.first_lot >= 0 and w.lots[sp.first_lot].expires <= w.now:
        k = sp.first_lot
        quantity = total_of(sp, quantity + w.lots[k].quantity)
        remove_lot(w, sp, k)
        w.free_lot(k)
    look_again(w, p, sp)
    if quantity > 0.0:
        throw_away(w, p, sp, quantity)


def throw_away(w: World, p: int, sp: Point, quantity: float) -> None:
    """Units whose life is over leave the stock on hand, and the positions that counted on them fall."""
    advance(sp, w.now)
    sp.on_hand -= quantity
    sp.outdated += quantity
    if sp.ledger >= 0 and 0 <= w.ledgers[sp.ledger].ends <= w.now:
        w.ledgers[sp.ledger].left_over += quantity
    tell(w, p, sp, OUTDATED, -1, quantity, -1, -1)
    position_falls(w, p, sp, quantity)


def look_again(w: World, p: int, sp: Point) -> None:
    """Put the end of the life of what expires first on the calendar, if nothing as early is there yet."""
    if sp.first_lot >= 0:
        first = w.lots[sp.first_lot].expires
        if sp.outdate_at < 0 or first < sp.outdate_at:
            sp.outdate_at = first
            w.expect(OUTDATE_DUE, first, p)


def remove_lot(w: World, sp: Point, k: int) -> None:
    """Take lot k out of the chain."""
    lot = w.lots[k]
    if lot.previous < 0:
        sp.first_lot = lot.next
    else:
        w.lots[lot.previous].next = lot.next
    if lot.next < 0:
        sp.last_lot = lot.previous
    else:
        w.lots[lot.next].previous = lot.previous


def total_of(sp: Point, quantity: float) -> float:
    """A sum of quantities, without the crumbs of divisible ones."""
    return quantity if sp.whole == 1 else on_grid(quantity)
