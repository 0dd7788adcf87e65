"""Units enter a shelf or leave it.

Whoever moves units calls one of these, changes totals of its own, then `stock.tell`, and `stock.position_falls` where nobody
waited for the units. Each step keeps something true that the next one, or the audit, relies on.
"""

from __future__ import annotations

from chainsim.rules.ages import unload
from chainsim.rules.rows import Point
from chainsim.rules.shelf import life_of, look_again, put_on_shelf, take_from_shelf, throw_away, total_of
from chainsim.rules.stock import advance
from chainsim.rules.world import World


def leave_shelf(w: World, sp: Point, quantity: float, j: int) -> None:
    """Units leave the stock on hand, for a site on lane j; -1: for a customer or a job."""
    take_off(w, sp, quantity, j)
    sp.shipped += quantity


def take_off(w: World, sp: Point, quantity: float, j: int) -> None:
    """Units are taken off the shelf, whatever becomes of them."""
    advance(sp, w.now)
    sp.on_hand -= quantity
    if sp.lifetime > 0:
        take_from_shelf(w, sp, quantity, j)


def clear(w: World, p: int, sp: Point) -> None:
    """Nobody wants the product any more: what is on the shelf beyond what somebody who waits is owed is thrown away."""
    quantity = total_of(sp, sp.on_hand - sp.backorders)
    if quantity > 0.0:
        if sp.lifetime > 0:
            take_from_shelf(w, sp, quantity, -1)
        throw_away(w, p, sp, quantity)


def enter_shelf(w: World, p: int, sp: Point, s: int) -> float:
    """The good units of shipment s are added to the stock on hand. Returns those that are to be thrown away at once."""
    shipment = w.shipments[s]
    advance(sp, w.now)
    sp.on_hand += shipment.good
    if sp.lifetime > 0:
        a = w.lanes[shipment.lane].aging
        if a >= 0:
            return unload(w, p, sp, a, s)
        put_on_shelf(w, p, sp, shipment.good, w.now + life_of(w, sp))
        look_again(w, p, sp)
    return 0.0
