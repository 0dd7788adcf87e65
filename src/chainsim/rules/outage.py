"""Outages. Nothing leaves a site that is down, nothing is dispatched on a lane that is down, no job starts at a plant
that is down; what waits at its dock stays there. Receipts, orders and what is already under way go on. Days without work stop jobs from starting, and nothing else.
An outage of the orders of a site is another: there planners look and place nothing, and all else goes on. Either may begin with a
loss: a share of the stock on hand is destroyed. When the life of a product ends the orders of all its stock points end, and what nobody is
owed is thrown away."""

from __future__ import annotations

from typing import Literal

from chainsim.rules.choices import Choices
from chainsim.rules.dock import reopen
from chainsim.rules.flow import carry, pour
from chainsim.rules.grid import on_grid, tick_after, whole_units
from chainsim.rules.log import DESTROYED
from chainsim.rules.make import ask_for_work
from chainsim.rules.movement import clear, take_off
from chainsim.rules.queue import serve_soon
from chainsim.rules.rows import Outage, Point
from chainsim.rules.stock import position_falls, tell
from chainsim.rules.terms import pause
from chainsim.rules.world import World

Stops = Literal["shipments", "orders", "nothing"]
STOPS = Choices(Stops)
SHIPMENTS, ORDERS, NOTHING = range(3)  # OUTAGE.stops
WORK = len(STOPS)  # and of a day without work: no job starts


def begin_outage(w: World, u: int) -> None:
    """Outage u begins. Outages of one place may overlap: it is up again when the last one ends."""
    if w.outages[u].product >= 0:
        for p in range(len(w.points)):
            if is_struck(w.outages[u], w.points[p]) and w.points[p].ledger >= 0:
                clear(w, p, w.points[p])
    if w.outages[u].destroys > 0.0:
        for p in range(len(w.points)):
            if w.points[p].site == w.outages[u].site and w.points[p].ledger >= 0:
                destroy(w, p, w.points[p], w.outages[u].destroys)
    mark(w, u, 1)


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
    """Outage u ends; those who waited for it are served at this instant."""
    mark(w, u, -1)


def next_start(outage: Outage, start: int, length: int) -> int:
    """When a repeated outage begins again: on its calendar, but never before it has ended."""
    at = tick_after(start, outage.first_start, outage.every, outage.every_rest)
    while at < start + length:
        at = tick_after(at, outage.first_start, outage.every, outage.every_rest)
    return at


def mark(w: World, u: int, change: int) -> None:
    """Count the outages in force up or down."""
    outage = w.outages[u]
    if outage.stops == NOTHING:
        return
    if outage.stops == ORDERS:
        for p in range(len(w.points)):
            if is_struck(outage, w.points[p]):
                pause(w, p, w.points[p], change)
        return
    for i in range(outage.first_lane, outage.first_lane + outage.lanes):
        lane = w.lanes[w.outage_lanes[i]]
        lane.down += change  # up: its orders are served; down: those who stood behind them are
        serve_soon(w, lane.origin, w.points[lane.origin])
        if lane.terms >= 0:
            reopen(w, lane.terms)
    if outage.site < 0:
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
