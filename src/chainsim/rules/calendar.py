"""The order of events at one instant: the key of everything that can be put on the calendar.

What happens again and again has one key for ever; what happens once is numbered by the counter of its stock point, so
that no key depends on who put what on the calendar first.
"""

from __future__ import annotations

from chainsim.rules.phases import (
    BUCKET_ENDS,
    CAPACITY_DUE,
    CUSTOMER_DUE,
    DEMAND,
    DISPATCH,
    DISPATCH_DUE,
    EARLY_DISPATCH,
    EARLY_DISPATCH_DUE,
    EARLY_JOBS_DUE,
    EARLY_REVIEW,
    EARLY_WORK_DUE,
    ENVIRONMENT,
    FLOW_DUE,
    JOBS_DUE,
    JOBS_SERVED,
    LEVELS_DUE,
    ORDER_DUE,
    OUTDATE_DUE,
    PATIENCE_ENDS,
    PERIODIC_REVIEW_DUE,
    RECEIVE,
    REVIEW,
    REVIEW_DUE,
    SERVE,
    SERVE_DUE,
    SHIPMENT_DUE,
    UNIT_DONE,
    WARM_UP_ENDS,
    WORK_DUE,
    event_key,
)
from chainsim.rules.rows import Point
from chainsim.rules.world import World

BOOKS, WARM_UP, OUTAGES, RESOURCES = 2, 3, 4, 1 << 30
"""Sequence numbers within the environment phase; those of resources also keep clear of stock points' own numbers. 0 and 1
are left to an engine's own housekeeping."""

SHELVES = 1 << 31
"""Sequence number of outdating within the environment phase, at the rank of its stock point; new levels come next."""

DESKS = 1 << 32
"""Sequence numbers of desks: behind every stock point of their rank."""

CUSTOMERS = 1 << 39
"""Sequence numbers of customers start here: at one stock point and instant those whose patience ends come first."""


def key_of(w: World, kind: int, index: int) -> int:
    """The key of a happening: its phase, the rank of its place, its number there; `index` names a row."""
    if kind in (SHIPMENT_DUE, UNIT_DONE):
        return numbered(RECEIVE, w.points[w.lanes[w.shipments[index].lane].target])
    if kind == ORDER_DUE:
        return numbered(RECEIVE, w.points[w.claims[index].point])
    if kind == PATIENCE_ENDS:
        return numbered(DEMAND, w.points[w.claims[index].point])
    if kind == CUSTOMER_DUE:
        customer = w.customers[index]
        return event_key(DEMAND, w.points[customer.point].rank, CUSTOMERS + customer.rank)
    if kind == FLOW_DUE:
        return event_key(DEMAND, w.points[index].rank, CUSTOMERS)
    if kind == SERVE_DUE:
        return event_key(SERVE, w.points[index].rank, 0)
    if kind == REVIEW_DUE:
        return event_key(REVIEW, w.points[index].rank, 0)
    if kind == PERIODIC_REVIEW_DUE:
        sp = w.points[index]
        return event_key(EARLY_REVIEW if sp.before_demand == 1 else REVIEW, sp.rank, 0)
    if kind == EARLY_DISPATCH_DUE:
        return event_key(EARLY_DISPATCH, w.points[index].rank, 0)
    if kind == DISPATCH_DUE:
        return event_key(DISPATCH, w.points[index].rank, 0)
    if kind == EARLY_WORK_DUE:
        return event_key(EARLY_DISPATCH, w.resources[index].rank, RESOURCES + index)
    if kind == WORK_DUE:
        return event_key(DISPATCH, w.resources[index].rank, RESOURCES + index)
    if kind == JOBS_SERVED:
        return event_key(SERVE, w.desks[index].rank, DESKS + index)
    if kind == JOBS_DUE:
        return event_key(DISPATCH, w.desks[index].rank, DESKS + index)
    if kind == EARLY_JOBS_DUE:
        return event_key(EARLY_DISPATCH, w.desks[index].rank, DESKS + index)
    if kind == OUTDATE_DUE:
        return event_key(ENVIRONMENT, w.points[index].rank, SHELVES)
    if kind == LEVELS_DUE:
        return event_key(ENVIRONMENT, w.points[index].rank, SHELVES + 1)
    return event_key(ENVIRONMENT, 0, environment_number(kind, index))


def environment_number(kind: int, index: int) -> int:
    """Buckets close before the window opens, before outages begin and end, before capacity is renewed."""
    if kind == BUCKET_ENDS:
        return BOOKS
    if kind == WARM_UP_ENDS:
        return WARM_UP
    if kind == CAPACITY_DUE:
        return RESOURCES + index
    return OUTAGES + index


def numbered(phase: int, sp: Point) -> int:
    """The key of a single happening at a stock point, numbered by the stock point's own counter."""
    sp.sequence += 1
    return event_key(phase, sp.rank, sp.sequence)
