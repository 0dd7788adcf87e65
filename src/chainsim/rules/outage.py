"""Outages. Nothing leaves a site that is down, nothing is dispatched on a lane that is down, no job starts at a plant
that is down; what waits at its dock stays there. Receipts, orders and what is already under way go on. Days without work stop jobs from starting, and nothing else.
An outage of the orders of a site is another: there planners look and place nothing, and all else goes on. Any may begin with a
loss: a share of the stock on hand is destroyed; stretch the lead times that begin in it; hold what is under way where it is; and set
off others. When the life of a product ends the orders of all its stock points end, and what nobody is owed is thrown away."""

from __future__ import annotations

from typing import Literal

from chainsim.rules.choices import Choices
from chainsim.rules.dock import reopen
from chainsim.rules.flow import carry, pour
from chainsim.rules.grid import on_grid, tick_after, whole_units
from chainsim.rules.log import DESTROYED
from chainsim.rules.make import ask_for_work
from chainsim.rules.move import stand_still
from chainsim.rules.movement import clear, take_off
from chainsim.rules.phases import OUTAGE_BEGINS, OUTAGE_ENDS
from chainsim.rules.queue import serve_soon
from chainsim.rules.rows import Outage, Point
from chainsim.rules.stock import position_falls, tell
from chainsim.rules.terms import pause
from chainsim.rules.world import World

Stops = Literal["shipments", "orders", "nothing"]
STOPS = Choices(Stops)
SHIPMENTS, ORDERS, NOTHING = range(3)  # OUTAGE.stops
WORK = len(STOPS)  # and of a day without work: no job starts


def await_outage(w: World, u: int) -> None:
    """Put the first beginning of outage u on the calendar, unless it is for another to set it off."""
    outage = w.outages[u]
    if outage.up_stream >= 0:
        w.expect(OUTAGE_BEGINS, w.now + int(w.draw(outage.up_stream)), u)
    elif outage.after < 0:
        w.expect(OUTAGE_BEGINS, outage.start, u)


def begin_outage(w: World, u: int) -> None:
    """Outage u begins, and it is known when it will end. Outages of one place may overlap: it is up again when the last one ends."""
    outage = w.outages[u]
    outage.began = w.now
    outage.in_force += 1
    length = outage.duration if outage.down_stream < 0 else int(w.draw(outage.down_stream))
    w.expect(OUTAGE_ENDS, w.now + length, u)
    if outage.product >= 0:
        for p in range(len(w.points)):
            if is_struck(outage, w.points[p]) and w.points[p].ledger >= 0:
                clear(w, p, w.points[p])
    if outage.destroys > 0.0:
        for p in range(len(w.points)):
            if w.points[p].site == outage.site and w.points[p].ledger >= 0:
                destroy(w, p, w.points[p], outage.destroys)
    mark(w, u, 1)
    if outage.holds == 1:
        for i in range(outage.first_lane, outage.first_lane + outage.lanes):
            lane = w.lanes[w.outage_lanes[i]]
            if lane.origin >= 0:  # work in a plant goes on
                stand_still(w, lane, w.now + length)
    set_off(w, u, 0)


def destroy(w: World, p: int, sp: Point, share: float) -> None:
    """A share of what is on hand is lost; of whole units the nearest number. Everybody knows of it."""
    if sp.flow >= 0:
        carry(w, sp, w.now)
    quantity = whole_units(share * sp.on_hand) if sp.whole == 1 else on_grid(share * sp.on_hand)
    if quantity > 0.0:
        take_off(w, sp, quantity, -1)
        w.ledgers[sp.ledger].destroyed += quantity
        tell(w, p, sp, DESTROYED, -1, quantity, -1, -1)
        position_falls(w, p, sp, quantity)
    if sp.flow >= 0:
        pour(w, p, sp)


def is_struck(outage: Outage, sp: Point) -> bool:
    """Whether it is about a stock point: of its site, or of its product."""
    return sp.product == outage.product if outage.product >= 0 else sp.site == outage.site


def end_outage(w: World, u: int) -> None:
    """Outage u ends; those who waited for it are served at this instant. One that comes back is awaited again."""
    outage = w.outages[u]
    outage.in_force -= 1
    mark(w, u, -1)
    if outage.up_stream >= 0:
        await_outage(w, u)
    elif outage.every > 0:
        w.expect(OUTAGE_BEGINS, next_start(outage, w.now), u)
    set_off(w, u, 1)


def next_start(outage: Outage, now: int) -> int:
    """When a repeated outage begins again: on its calendar, but never before it has ended."""
    at = tick_after(outage.began, outage.start, outage.every, outage.every_rest)
    while at < now:
        at = tick_after(at, outage.start, outage.every, outage.every_rest)
    return at


def set_off(w: World, u: int, by_end: int) -> None:
    """What the beginning of outage u, or its end, sets off begins after its lag, if chance will have it."""
    for v in range(len(w.outages)):
        other = w.outages[v]
        if other.after != u or other.by_end != by_end:
            continue
        if other.chance_stream < 0 or w.draw(other.chance_stream) == 1.0:
            lag = 0 if other.lag_stream < 0 else int(w.draw(other.lag_stream))
            w.expect(OUTAGE_BEGINS, w.now + lag, v)


def mark(w: World, u: int, change: int) -> None:
    """Count the outages in force up or down."""
    outage = w.outages[u]
    if outage.stretches != 1.0:
        for i in range(outage.first_lane, outage.first_lane + outage.lanes):
            stretch(w, w.outage_lanes[i])
    if outage.stops == NOTHING:
        return
    if outage.stops == ORDERS:
        for p in range(len(w.points)):
            if is_struck(outage, w.points[p]):
                pause(w, p, w.points[p], change)
        return
    if outage.site < 0:
        for i in range(outage.first_lane, outage.first_lane + outage.lanes):
            lane = w.lanes[w.outage_lanes[i]]
            lane.down += change  # up: its orders are served; down: those who stood behind them are
            serve_soon(w, lane.origin, w.points[lane.origin])
            if lane.terms >= 0:
                reopen(w, lane.terms)
        return
    if outage.stops == SHIPMENTS:
        mark_shelves(w, outage.site, change)
        for t in range(len(w.terms)):
            lane = w.lanes[w.terms[t].lane]
            if lane.origin >= 0 and w.points[lane.origin].site == outage.site:
                reopen(w, t)
    for r in range(len(w.resources)):
        if w.resources[r].site == outage.site:
            w.resources[r].down += change
            if w.resources[r].down == 0:
                ask_for_work(w, r)


def stretch(w: World, j: int) -> None:
    """The factor of lead times that begin now on lane j: the product of those of all outages in force, in the order of their rows,
    so that it is 1 again when they are over."""
    factor = 1.0
    for v in range(len(w.outages)):
        other = w.outages[v]
        if other.in_force > 0 and other.stretches != 1.0:
            for i in range(other.first_lane, other.first_lane + other.lanes):
                if w.outage_lanes[i] == j:
                    factor *= other.stretches
    w.lanes[j].stretch = factor


def mark_shelves(w: World, site: int, change: int) -> None:
    """The same of the stock points of a site."""
    for p in range(len(w.points)):
        sp = w.points[p]
        if sp.site == site:
            if sp.flow >= 0:
                carry(w, sp, w.now)
            sp.down += change
            if sp.flow >= 0:
                pour(w, p, sp)
            if sp.down == 0:
                serve_soon(w, p, sp)
