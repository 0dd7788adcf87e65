"""Terms of supply: what an order costs by its size, what it weighs among several sources, and one open order at a time."""

from __future__ import annotations

from chainsim.rules.grid import lots_covering
from chainsim.rules.rows import Lane, Point, Terms
from chainsim.rules.stock import wake
from chainsim.rules.world import World


def may_order(w: World, sp: Point) -> bool:
    """Whether a stock point may place an order: not while its orders are paused, and not while one is open, where that is agreed
    (G. Hadley & T. Whitin 1963, Analysis of Inventory Systems, §4-11)."""
    t = w.lanes[w.sources[sp.first_source]].terms
    return t < 0 or (w.terms[t].paused == 0 and (w.terms[t].one_open == 0 or sp.on_order <= 0.0))


def pause(w: World, p: int, sp: Point, change: int) -> None:
    """One more reason not to order, or one less; when it was the last, a planner on watch looks."""
    if sp.sources == 0:
        return
    terms = w.terms[w.lanes[w.sources[sp.first_source]].terms]
    terms.paused += change
    if terms.paused == 0:
        wake(w, p, sp)


def look_again(w: World, p: int, sp: Point, t: int) -> None:
    """A shipment came on terms t. The last of the open order wakes a planner who had to wait for it."""
    if w.terms[t].one_open == 1 and sp.on_order <= 0.0:
        wake(w, p, sp)


def buy(w: World, lane: Lane, quantity: float) -> None:
    """An order is placed on a lane with terms: it costs what its size says."""
    terms = w.terms[lane.terms]
    if terms.breaks > 0:
        terms.purchases += cost_of(w, terms, quantity)


def cost_of(w: World, terms: Terms, quantity: float) -> float:
    """What an order of so many units costs."""
    i = terms.first_break + terms.breaks - 1
    while w.breaks[i].start > quantity:  # the first starts at 0
        i -= 1
    if terms.incremental == 1:
        return w.breaks[i].below + w.breaks[i].price * (quantity - w.breaks[i].start)
    return w.breaks[i].price * quantity


def weight_of(w: World, terms: Terms, quantity: float) -> float:
    """What an order of so many units weighs when its source is chosen: landed cost under `cheapest`, mean lead time under `fastest`."""
    weighs = terms.weight + terms.weight_a_unit * quantity
    if terms.weight_of_price > 0.0:
        weighs += terms.weight_of_price * cost_of(w, terms, quantity)
    if terms.weight_a_vehicle > 0.0:
        weighs += terms.weight_a_vehicle * lots_covering(quantity, terms.capacity)
    return weighs
