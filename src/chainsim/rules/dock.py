"""The dock of a lane: goods that are ready wait there until a load is large enough, or the first of them has waited long
enough; then all that is there leaves as one shipment, in as many vehicles as it takes.

The quantity, time, and time-and-quantity policies of shipment consolidation: J. Higginson & J. Bookbinder (1994), Policy
recommendations for a shipment-consolidation program, Journal of Business Logistics 15(1):87-112; S. Çetinkaya & C.-Y. Lee (2000),
Stock replenishment and shipment scheduling for vendor-managed inventory systems, Management Science 46(2):217-232.
"""

from __future__ import annotations

from chainsim.rules.grid import lots_covering, on_grid
from chainsim.rules.phases import LOAD_DUE
from chainsim.rules.rows import Lane, Terms
from chainsim.rules.world import World

LOADED = 2  # LANE.timed


def put_on_dock(w: World, lane: Lane, quantity: float) -> bool:
    """Units of a lane are ready to leave. True if they wait; else they leave now, in vehicles of their own."""
    terms = w.terms[lane.terms]
    if terms.gathers == 0:
        count_vehicles(terms, quantity)
        return False
    advance_dock(lane, terms, w.now)
    if terms.at_dock == 0.0 and 0 <= terms.longest < w.end - w.now:
        let_leave(w, lane.terms, terms, w.now + terms.longest)
    terms.at_dock += quantity
    if w.points[lane.target].whole == 0:
        terms.at_dock = on_grid(terms.at_dock)
    if terms.at_dock >= terms.until:
        let_leave(w, lane.terms, terms, w.now)
    return True


def let_leave(w: World, t: int, terms: Terms, at: int) -> None:
    """What will be at the dock then leaves at tick `at`, after all else of that instant."""
    if terms.leave_at != at:
        terms.leave_at = at
        w.expect(LOAD_DUE, at, t)


def take_from_dock(w: World, t: int) -> float:
    """The load that leaves now; 0 if none does: it left earlier, or the lane or its origin is down."""
    terms = w.terms[t]
    lane = w.lanes[terms.lane]
    if terms.leave_at != w.now or lane.down > 0 or w.points[lane.origin].down > 0:
        return 0.0
    advance_dock(lane, terms, w.now)
    quantity = terms.at_dock
    terms.at_dock = 0.0
    terms.leave_at = -1
    count_vehicles(terms, quantity)
    return quantity


def count_vehicles(terms: Terms, quantity: float) -> None:
    """A shipment leaves, in as few vehicles as can carry it."""
    terms.carried += quantity
    terms.loads += 1
    if terms.capacity > 0.0:
        terms.vehicles += lots_covering(quantity, terms.capacity)


def reopen(w: World, t: int) -> None:
    """A lane or its origin is up again: what should have left leaves now."""
    terms = w.terms[t]
    if 0 <= terms.leave_at < w.now:
        let_leave(w, t, terms, w.now)


def advance_dock(lane: Lane, terms: Terms, now: int) -> None:
    """Add up the time integral of what waits; the wait is a part of the lead time."""
    elapsed = now - terms.since
    if elapsed > 0:
        terms.dock_time += terms.at_dock * elapsed
        lane.lead_ticks += terms.at_dock * elapsed
        terms.since = now
