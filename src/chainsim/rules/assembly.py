"""Jobs that are made of components: how many units wait for them, and how many are released and wait for the plant."""

from __future__ import annotations

from chainsim.rules.grid import on_grid
from chainsim.rules.rows import Assembly
from chainsim.rules.world import World


def begin_work(w: World, j: int, quantity: float) -> None:
    """Released units of lane j get their machine or capacity: from now on they are in transit."""
    row = w.assemblies[w.lanes[j].assembly]
    advance_assembly(row, w.now)
    row.at_plant -= quantity
    if w.points[w.lanes[j].target].whole == 0:
        settle_assembly(row)


def advance_assembly(row: Assembly, now: int) -> None:
    """Add up the time integrals of jobs; called before what waits changes."""
    elapsed = now - row.since
    if elapsed > 0:
        row.waiting_time += row.waiting * elapsed
        row.at_plant_time += row.at_plant * elapsed
        row.since = now


def settle_assembly(row: Assembly) -> None:
    """The crumbs of divisible quantities, as in `stock.settle`."""
    row.waiting = on_grid(row.waiting)
    row.at_plant = on_grid(row.at_plant)
