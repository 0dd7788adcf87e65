"""How time advances in the compiled engine: take the next event, let its rule happen, again.

The counterpart of `engines.processes`: what each kind of happening does, and when it comes again.
"""

from __future__ import annotations

from typing import Any

from chainsim.engines.compiled.hooks import INDEX_MASK, KIND_BITS, KIND_MASK, NUMBER_MASK, NUMBER_SHIFT, close_hole
from chainsim.engines.compiled.layout import ENDLESS, FINISHED, FRESH, FULL, PAUSED
from chainsim.engines.compiled.memory import copy_rows
from chainsim.record.record import SERIES
from chainsim.rules.arrivals import ARRIVALS, next_customer, next_period
from chainsim.rules.customer import arrive, lose_patience
from chainsim.rules.flow import run_all
from chainsim.rules.make import CAPACITY, advance_resource, finish_unit, renew_capacity, work
from chainsim.rules.move import advance_lane, receive
from chainsim.rules.order import join, review
from chainsim.rules.outage import begin_outage, end_outage, next_start
from chainsim.rules.phases import (
    BUCKET_ENDS,
    CAPACITY_DUE,
    CUSTOMER_DUE,
    DISPATCH_DUE,
    EARLY_DISPATCH_DUE,
    EARLY_WORK_DUE,
    FLOW_DUE,
    ORDER_DUE,
    OUTAGE_BEGINS,
    OUTAGE_ENDS,
    OUTDATE_DUE,
    PATIENCE_ENDS,
    PERIODIC_REVIEW_DUE,
    REVIEW_DUE,
    SERVE_DUE,
    SHIPMENT_DUE,
    UNIT_DONE,
    WARM_UP_ENDS,
    WORK_DUE,
)
from chainsim.rules.reach import reach
from chainsim.rules.serve import dispatch, serve
from chainsim.rules.shelf import outdate, stock_shelf
from chainsim.rules.start import put_under_way
from chainsim.rules.stock import advance

(
    ON_HAND,
    BACKORDERS,
    CUSTOMER_BACKORDERS,
    IN_TRANSIT,
    DEMANDED,
    REQUESTED,
    ORDERED,
    RECEIVED,
    SHIPPED,
    LOST,
    FILLED,
    EMERGENCY,
) = range(len(SERIES))


def advance_time(w: Any, stop: int) -> None:
    """Carry out events in the order of the calendar until the end, or until something needs attention: `w.status`."""
    if w.status == FRESH:
        begin(w)
    w.status = FINISHED
    while True:
        if w.hole == 1:
            close_hole(w)
        if w.calendar_used == 0:
            break
        event = w.calendar[0]
        if event.at >= w.end:
            break
        if no_room(w):
            w.status = FULL
            return
        if w.events >= stop:
            w.status = PAUSED
            return
        if event.at != w.instant:
            w.now = w.instant = event.at
            w.limit = w.events + w.instant_limit
        w.key = event.key
        w.events += 1
        if w.events > w.limit:
            w.status = ENDLESS
            return
        w.hole = 1
        happen(w, event.what)
        if w.status != FINISHED:
            return
    advance_all(w, w.end)
    note_waiting(w)
    close_bucket(w, len(w.edges) - 2)


def ask(w: Any, p: int) -> float:
    """What the policy of a stock point orders."""
    quantity: float = w.order_quantity(p)
    return quantity


def no_room(w: Any) -> bool:
    """True when the next event might need more rows than the pools have."""
    claims = w.claims_used - w.free_claims_used
    return (
        w.claims_used + w.claims_needed > len(w.claims)
        or w.shipments_used + claims + w.shipments_needed > len(w.shipments)
        or w.lots_used + 1 > len(w.lots)  # one event makes one lot at most
        or w.calendar_used + claims + w.calendar_needed > len(w.calendar)
        or (w.logging == 1 and w.lines_used + 2 * claims + w.lines_needed > len(w.lines))
    )


def begin(w: Any) -> None:
    """Everything that is on the calendar before anything happens."""
    put_under_way(w)
    if len(w.edges) > 2:
        w.expect(BUCKET_ENDS, w.edges[1], 0)
    w.expect(WARM_UP_ENDS, w.warm_up, 0)
    for u in range(len(w.outages)):
        outage = w.outages[u]
        w.expect(OUTAGE_BEGINS, int(w.draw(outage.up_stream)) if outage.up_stream >= 0 else outage.start, u)
    for r in range(len(w.resources)):
        if w.resources[r].kind == CAPACITY:
            w.expect(CAPACITY_DUE, 0, r)
    for p in range(len(w.points)):
        sp = w.points[p]
        if sp.lifetime > 0:
            stock_shelf(w, p)
        if sp.policy >= 0 and sp.review_interval > 0:
            offset = sp.offset
            if offset < 0:
                offset = int(w.draw(sp.offset_stream)) % sp.review_interval
            w.expect(PERIODIC_REVIEW_DUE, offset, p)
        elif sp.policy >= 0:
            sp.review_at = 0
            w.expect(REVIEW_DUE, 0, p)
    for c in range(len(w.customers)):
        next_arrival(w, c)


def next_arrival(w: Any, c: int) -> None:
    """Put the next customer of a stream on the calendar."""
    customer = w.customers[c]
    if customer.kind == ARRIVALS:
        next_customer(w, customer)
    else:
        next_period(w, customer)
    if customer.next_at < w.end:
        w.expect(CUSTOMER_DUE, customer.next_at, c)


def happen(w: Any, what: int) -> None:
    """Let one happening happen, and put it on the calendar again if it recurs."""
    kind = what & KIND_MASK
    i = what >> KIND_BITS & INDEX_MASK
    if kind == CUSTOMER_DUE:
        arrive(w, i)
        next_arrival(w, i)
    elif kind == REVIEW_DUE:
        review(w, i, 0)
    elif kind == DISPATCH_DUE:
        dispatch(w, i, 0)
    elif kind == SHIPMENT_DUE:
        receive(w, i)
    elif kind == SERVE_DUE:
        serve(w, i)
    elif kind == PERIODIC_REVIEW_DUE:
        sp = w.points[i]
        review(w, i, sp.before_demand)
        if w.now + sp.review_interval < w.end:
            w.expect(PERIODIC_REVIEW_DUE, w.now + sp.review_interval, i)
    elif kind == ORDER_DUE:
        join(w, i, 0)
    elif kind == PATIENCE_ENDS:
        if w.claims[i].number >= 0 and w.claims[i].number & NUMBER_MASK == what >> NUMBER_SHIFT:
            lose_patience(w, i)
    elif kind == EARLY_DISPATCH_DUE:
        dispatch(w, i, 1)
    elif kind == UNIT_DONE:
        finish_unit(w, i)
    elif kind == WORK_DUE:
        work(w, i, 0)
    elif kind == EARLY_WORK_DUE:
        work(w, i, 1)
    elif kind == FLOW_DUE:
        reach(w, i)
    else:
        environment(w, kind, i)


def environment(w: Any, kind: int, i: int) -> None:
    """Happenings of the environment phase."""
    if kind == OUTDATE_DUE:
        outdate(w, i)
        return
    if kind == BUCKET_ENDS:
        run_all(w, w.now)
        close_bucket(w, i)
        if i + 3 < len(w.edges):
            w.expect(BUCKET_ENDS, w.edges[i + 2], i + 1)
    elif kind == WARM_UP_ENDS:
        advance_all(w, w.now)
        copy_rows(w.opening_points, w.points)
        copy_rows(w.opening_lanes, w.lanes)
        copy_rows(w.opening_resources, w.resources)
    elif kind == CAPACITY_DUE:
        renew_capacity(w, i)
        if w.now + w.resources[i].period < w.end:
            w.expect(CAPACITY_DUE, w.now + w.resources[i].period, i)
    elif kind == OUTAGE_BEGINS:
        outage = w.outages[i]
        begin_outage(w, i)
        outage.start = w.now
        length = outage.duration if outage.down_stream < 0 else int(w.draw(outage.down_stream))
        w.expect(OUTAGE_ENDS, w.now + length, i)
    else:
        outage = w.outages[i]
        end_outage(w, i)
        if outage.up_stream >= 0:
            w.expect(OUTAGE_BEGINS, w.now + int(w.draw(outage.up_stream)), i)
        elif outage.every > 0:
            w.expect(OUTAGE_BEGINS, next_start(outage, outage.start, w.now - outage.start), i)


def advance_all(w: Any, now: int) -> None:
    """Add up every time integral."""
    run_all(w, now)
    for p in range(len(w.points)):
        advance(w.points[p], now)
    for j in range(len(w.lanes)):
        advance_lane(w.lanes[j], now)
    for r in range(len(w.resources)):
        advance_resource(w.resources[r], now)


def note_waiting(w: Any) -> None:
    """Customers who still wait at the end: their units, if demanded in the window, and how long they have waited."""
    for k in range(w.claims_used):
        claim = w.claims[k]
        if claim.number >= 0 and claim.customer >= 0:
            w.waiting_time[claim.point] += claim.remaining * (w.end - claim.joined)
            if claim.joined >= w.warm_up:
                w.waiting[claim.point] += claim.remaining
    for i in range(len(w.flows)):
        flow = w.flows[i]
        w.waiting[flow.point] += w.points[flow.point].customer_backorders - flow.early
        w.waiting_time[flow.point] += flow.waited


def close_bucket(w: Any, b: int) -> None:
    """Note levels, and flows since time 0, as they stand at the end of bucket b: `series` is [names, points, buckets]."""
    points = len(w.points)
    buckets = len(w.edges) - 1
    place = b
    for p in range(points):
        sp = w.points[p]
        step = points * buckets
        w.series[ON_HAND * step + place] = sp.on_hand
        w.series[BACKORDERS * step + place] = sp.backorders
        w.series[CUSTOMER_BACKORDERS * step + place] = sp.customer_backorders
        w.series[DEMANDED * step + place] = sp.demanded
        w.series[REQUESTED * step + place] = sp.requested
        w.series[ORDERED * step + place] = sp.ordered
        w.series[RECEIVED * step + place] = sp.received
        w.series[SHIPPED * step + place] = sp.shipped
        w.series[LOST * step + place] = sp.lost
        w.series[FILLED * step + place] = sp.filled
        w.series[EMERGENCY * step + place] = sp.emergency
        place += buckets
    for j in range(len(w.lanes)):
        lane = w.lanes[j]
        w.series[(IN_TRANSIT * points + lane.target) * buckets + b] += lane.in_transit
