"""Goods that keep their age: a shipment takes the lots it is made of along, each with its own expiry.

Whole lots change hands as they are, in the order in which they were issued; of the last one, a part may go and the rest stay.
What expires under way is thrown away at receipt. Age begins at the first stock point with a lifetime: what comes from
elsewhere is fresh there. Nobody keeps goods longer than its own lifetime, however young they come.
"""

from __future__ import annotations

from chainsim.rules.rows import Aging, Point, Shipment
from chainsim.rules.shelf import look_again, put_on_shelf, total_of
from chainsim.rules.world import World


def seal(w: World, a: int, shipment: Shipment) -> None:
    """What was issued for a shipment leaves with it."""
    aging = w.agings[a]
    shipment.first_lot = aging.first_lot
    shipment.part = aging.part
    shipment.part_expires = aging.part_expires
    aging.first_lot = -1
    aging.last_lot = -1
    aging.part = 0.0


def unload(w: World, p: int, sp: Point, a: int, s: int) -> float:
    """The good units of shipment s go onto the shelf with the life they have left: those issued first, and units beyond what
    was sent are as old as the last; all fresh where they had no age. Returns those that expired under way."""
    aging = w.agings[a]
    shipment = w.shipments[s]
    fresh = w.now + sp.lifetime
    left = shipment.good
    expires = fresh
    spoiled = 0.0
    k = shipment.first_lot
    while k >= 0:
        lot = w.lots[k]
        expires = min(lot.expires, fresh)
        units = min(lot.quantity, left)
        following = lot.next
        w.free_lot(k)
        left = total_of(sp, left - units)
        spoiled = total_of(sp, spoiled + shelve(w, p, sp, aging, units, expires))
        k = following
    if shipment.part > 0.0:
        expires = min(shipment.part_expires, fresh)
    spoiled = total_of(sp, spoiled + shelve(w, p, sp, aging, left, expires))
    look_again(w, p, sp)
    return spoiled


def shelve(w: World, p: int, sp: Point, aging: Aging, units: float, expires: int) -> float:
    """Units of one expiry are received. Returns them if they are of no use any more, else 0."""
    if units <= 0.0:
        return 0.0
    aging.arrived += units
    if expires <= w.now:
        aging.spoiled += units
        return units
    aging.life += units * (expires - w.now)
    put_on_shelf(w, p, sp, units, expires)
    return 0.0
