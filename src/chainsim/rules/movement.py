"""Units enter a shelf or leave it.

Whoever moves units calls one of these, changes totals of its own, then `stock.tell`, and `stock.position_falls` where nobody
waited for the units. Each step keeps something true that the next one, or the audit, relies on.
"""

from __future__ import annotations

from chainsim.rules.rows import Point
from chainsim.rules.shelf import put_on_shelf, take_from_shelf
from chainsim.rules.stock import advance
from chainsim.rules.world import World


def leave_shelf(w: World, sp: Point, quantity: float) -> None:
    """Units leave the stock on hand, for a customer or a site."""
    take_off(w, sp, quantity)
    sp.shipped += quantity


def take_off(w: World, sp: Point, quantity: float) -> None:
    """Units are taken off the shelf, whatever becomes of them."""
    advance(sp, w.now)
    sp.on_hand -= quantity
    if sp.lifetime > 0:
        take_from_shelf(w, sp, quantity)


def enter_shelf(w: World, p: int, sp: Point, quantity: float) -> None:
    """Units are added to the stock on hand."""
    advance(sp, w.now)
    sp.on_hand += quantity
    if sp.lifetime > 0:
        put_on_shelf(w, p, sp, quantity)
