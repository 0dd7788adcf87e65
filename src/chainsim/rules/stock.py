"""Stock: adding up its time integrals, and waking the planner when it falls."""

from __future__ import annotations

from chainsim.rules.grid import on_grid
from chainsim.rules.phases import REVIEW_DUE
from chainsim.rules.position import watched_quantity
from chainsim.rules.rows import Point
from chainsim.rules.world import World


def settle(sp: Point) -> None:
    """Take the rounding crumbs of divisible quantities away; called after every change. Whole units have none."""
    sp.on_hand = on_grid(sp.on_hand)
    sp.on_order = on_grid(sp.on_order)
    sp.backorders = on_grid(sp.backorders)
    sp.customer_backorders = on_grid(sp.customer_backorders)
    sp.echelon_position = on_grid(sp.echelon_position)


def advance(sp: Point, now: int) -> None:
    """Add up the time integrals to now; called before any change of on hand or backorders."""
    elapsed = now - sp.since
    if elapsed > 0:
        if sp.on_hand > 0.0:
            sp.on_hand_time += sp.on_hand * elapsed
            sp.stocked_time += elapsed
        if sp.backorders > 0.0:
            sp.backorder_time += sp.backorders * elapsed
            sp.customer_backorder_time += sp.customer_backorders * elapsed
            if sp.desk >= 0 and sp.backorders > sp.on_hand:
                sp.short_time += (sp.backorders - sp.on_hand) * elapsed
        sp.since = now


def tell(w: World, p: int, sp: Point, kind: int, lane: int, quantity: float, claim: int, shipment: int) -> None:
    """A change is complete: the crumbs go, and the log tells it. `kind`: see `log`; claim and shipment: their numbers."""
    if sp.whole == 0:
        settle(sp)
    if w.logging:
        w.log(kind, p, lane, quantity, claim, shipment)


def position_falls(w: World, p: int, sp: Point, quantity: float) -> None:
    """Units went that the planner counted on: the positions of the stock point and of its echelons fall."""
    if sp.ancestors > 0:
        move_echelon(w, sp.first_ancestor, sp.ancestors, -quantity)
    wake(w, p, sp)


def wake(w: World, p: int, sp: Point) -> None:
    """What is watched fell: put a continuous review on the calendar, once an instant, if the rule might order."""
    if watched_quantity(sp) <= sp.wake_at and sp.review_at != w.now:
        sp.review_at = w.now
        w.expect(REVIEW_DUE, w.now, p)


def move_echelon(w: World, first: int, count: int, quantity: float) -> None:
    """Change the echelon position of the stock points ancestors[first : first + count] by what each holds of so many units; wake
    those that fell."""
    for i in range(first, first + count):
        a = w.ancestors[i]
        up = w.points[a]
        up.echelon_position += quantity * w.contents[i]
        if up.whole == 0:
            settle(up)
        if quantity < 0.0:
            wake(w, a, up)
