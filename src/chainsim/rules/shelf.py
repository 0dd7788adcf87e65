"""Goods that do not last: stock as lots, usable for the stock point's lifetime from their receipt there.

A lot received at tick t is usable in [t, t + lifetime). At t + lifetime, in the environment phase, what is left of it is
thrown away, before anything else of that instant: a lifetime of m periods means m consecutive periods, and whoever reviews
sees usable stock only (S. Nahmias 2011, Perishable Inventory Systems, ch. 2). Customers and downstream sites get the oldest
lot first, or the newest. The lots of a stock point are a chain in order of receipt, which is the order of expiry.
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
    """The initial stock is fresh at time 0."""
    sp = w.points[p]
    if sp.on_hand > 0.0:
        put_on_shelf(w, p, sp, sp.on_hand)


def put_on_shelf(w: World, p: int, sp: Point, quantity: float) -> None:
    """Units received now: a lot, or a part of one received at the same instant."""
    expires = w.now + sp.lifetime
    k = sp.last_lot
    if k < 0 or w.lots[k].expires != expires:
        k = w.new_lot()
        lot = w.lots[k]
        lot.point = p
        lot.quantity = 0.0
        lot.expires = expires
        lot.previous = sp.last_lot
        lot.next = -1
        if sp.last_lot >= 0:
            w.lots[sp.last_lot].next = k
        else:
            sp.first_lot = k
        sp.last_lot = k
    w.lots[k].quantity = total_of(sp, w.lots[k].quantity + quantity)
    look_again(w, p, sp)


def take_from_shelf(w: World, sp: Point, quantity: float) -> None:
    """Units leave stock, from the oldest lot on or from the newest back."""
    left = quantity
    k = sp.first_lot if sp.issuing == FIFO else sp.last_lot
    while left > 0.0 and k >= 0:
        lot = w.lots[k]
        if lot.quantity > left:
            lot.quantity = total_of(sp, lot.quantity - left)
            return
        left = total_of(sp, left - lot.quantity)
        remove_lot(w, sp, k)
        k = sp.first_lot if sp.issuing == FIFO else sp.last_lot


def outdate(w: World, p: int) -> None:
    """Throw away what has reached the end of its life."""
    sp = w.points[p]
    sp.outdate_at = -1
    quantity = 0.0
    while sp.first_lot >= 0 and w.lots[sp.first_lot].expires <= w.now:
        quantity = total_of(sp, quantity + w.lots[sp.first_lot].quantity)
        remove_lot(w, sp, sp.first_lot)
    look_again(w, p, sp)
    if quantity <= 0.0:
        return
    advance(sp, w.now)
    sp.on_hand -= quantity
    sp.outdated += quantity
    tell(w, p, sp, OUTDATED, -1, quantity, -1, -1)
    position_falls(w, p, sp, quantity)


def look_again(w: World, p: int, sp: Point) -> None:
    """Put the end of the oldest lot's life on the calendar, if nothing is there yet."""
    if sp.outdate_at < 0 and sp.first_lot >= 0:
        sp.outdate_at = w.lots[sp.first_lot].expires
        w.expect(OUTDATE_DUE, sp.outdate_at, p)


def remove_lot(w: World, sp: Point, k: int) -> None:
    """Take lot k out of the chain; its row is free again."""
    lot = w.lots[k]
    if lot.previous < 0:
        sp.first_lot = lot.next
    else:
        w.lots[lot.previous].next = lot.next
    if lot.next < 0:
        sp.last_lot = lot.previous
    else:
        w.lots[lot.next].previous = lot.previous
    w.free_lot(k)


def total_of(sp: Point, quantity: float) -> float:
    """A sum of quantities, without the crumbs of divisible ones."""
    return quantity if sp.whole == 1 else on_grid(quantity)
