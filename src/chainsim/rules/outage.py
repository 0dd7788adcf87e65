"""Outages. Nothing leaves a site that is down, nothing is dispatched on a lane that is down, no job starts at a plant
that is down. Receipts, orders and what is already under way go on."""

from __future__ import annotations

from typing import Any

from chainsim.rules.make import ask_for_work
from chainsim.rules.phases import SERVE_DUE


def begin_outage(w: Any, u: int) -> None:
    """Outage u begins. Outages of one place may overlap: it is up again when the last one ends."""
    mark(w, u, 1)


def end_outage(w: Any, u: int) -> None:
    """Outage u ends; those who waited for it are served at this instant."""
    mark(w, u, -1)


def mark(w: Any, u: int, change: int) -> None:
    """Count the outages in force up or down."""
    outage = w.outages[u]
    for i in range(outage.first_lane, outage.first_lane + outage.lanes):
        lane = w.lanes[w.outage_lanes[i]]
        lane.down += change
        if lane.down == 0:
            serve_soon(w, lane.origin)
    if outage.site >= 0:
        for p in range(len(w.points)):
            sp = w.points[p]
            if sp.site == outage.site:
                sp.down += change
                if sp.down == 0:
                    serve_soon(w, p)
        for r in range(len(w.resources)):
            if w.resources[r].site == outage.site:
                w.resources[r].down += change
                if w.resources[r].down == 0:
                    ask_for_work(w, r)


def serve_soon(w: Any, p: int) -> None:
    """Serve stock point p in the serve phase of this instant, if anybody waits."""
    sp = w.points[p]
    if sp.head >= 0 and sp.serve_at != w.now:
        sp.serve_at = w.now
        w.expect(SERVE_DUE, w.now, p)
