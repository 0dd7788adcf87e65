"""How time advances in the compiled engine: take the next event, let its rule happen, again.

The counterpart of `engines.processes`: what each kind of happening does, and when it comes again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chainsim.engines.compiled.ahead import after_review, catch_up, let_arrive_before, next_arrival
from chainsim.engines.compiled.hooks import INDEX_MASK, KIND_BITS, KIND_MASK, NUMBER_MASK, NUMBER_SHIFT, close_hole
from chainsim.engines.compiled.layout import ENDLESS, FINISHED, FRESH, FULL, PAUSED
from chainsim.engines.compiled.memory import copy_row
from chainsim.engines.pools import POOLS
from chainsim.record.record import SERIES
from chainsim.rules.assembly import advance_assembly
from chainsim.rules.bucket import is_full, note_bucket
from chainsim.rules.calendar import looks_at_every_shelf
from chainsim.rules.customer import arrive, lose_patience, note_waiting
from chainsim.rules.dock import advance_dock
from chainsim.rules.flow import carry_all, expect_bend
from chainsim.rules.grid import tick_after
from chainsim.rules.happenings import HAPPENINGS
from chainsim.rules.ladders import written
from chainsim.rules.make import CAPACITY, advance_resource, renew_capacity
from chainsim.rules.move import advance_lane
from chainsim.rules.openings import first_review, next_review
from chainsim.rules.order import review
from chainsim.rules.outage import await_outage
from chainsim.rules.phases import (
    BUCKET_ENDS,
    CAPACITY_DUE,
    CUSTOMER_DUE,
    DEMAND,
    LEVELS_DUE,
    PATIENCE_ENDS,
    PERIODIC_REVIEW_DUE,
    REVIEW_DUE,
    WARM_UP_ENDS,
    phase_of,
)
from chainsim.rules.records import advance_ledger
from chainsim.rules.season import turn_page
from chainsim.rules.start import open_point, order_earlier, ship_earlier
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
NAMES = len(SERIES)


def advance_time(w: Any, stop: int) -> None:
    """Carry out a replication, part after part, to its end or until something needs attention: `w.status`."""
    if w.status == FRESH:
        begin(w)
    w.status = FINISHED
    while True:
        advance_part(w, stop)
        if w.status == FINISHED and not all_arrive(w, w.end - 1):
            w.status = FULL
        if w.status != FINISHED:
            return
        advance_all(w, w.end)
        for i in range(w.points_from[w.part], w.points_from[w.part + 1]):
            note_waiting(w, w.points_by_part[i])
        close_bucket(w, len(w.edges) - 2)
        if w.part + 1 == w.parts:
            return
        turn_to_next_part(w)
        begin(w)


def advance_part(w: Any, stop: int) -> None:
    """Carry out the events of a part in the order of the calendar."""
    while True:
        if w.hole == 1:
            close_hole(w)
        if w.calendar_used == 0:
            return
        event = w.calendar[0]
        if event.at >= w.end:
            return
        if no_room(w) or (closes_books(event) and not all_arrive(w, event.at - 1)):
            w.status = FULL
            return
        if w.events >= stop:
            w.status = PAUSED
            return
        if event.at != w.instant:
            w.now = w.instant = event.at
            w.limit = w.events + w.instant_limit
        w.key = event.key
        if phase_of(event.key) > DEMAND:
            w.demand_over = event.at
        w.events += 1
        if w.events > w.limit:
            w.status = ENDLESS
            return
        w.hole = 1
        happen(w, event.what)
        if w.status != FINISHED:
            return


def turn_to_next_part(w: Any) -> None:
    """Back to time 0, with an empty calendar and empty pools."""
    w.part += 1
    w.now = 0
    w.instant = -1
    w.demand_over = -1
    w.hole = 0
    empty_pools(w)


def empties_pools() -> Callable[[Any], None]:
    """`empty_pools(w)`: no row is in use. Claims are numbered on, as lines of the log are: there is one part with a log."""
    emptied = [name for pool in POOLS if pool.name != "lines" for name in pool.counts if not name.endswith("_numbers")]
    return written(__name__, ["def empty_pools(w):", *(f"    w.{name} = 0" for name in emptied)], {})


empty_pools = empties_pools()


def looks_for_room() -> Callable[[Any], bool]:
    """`no_room(w)`: true when the next event might need more rows than the pools have."""
    lines = ["def no_room(w):", "    claims = w.claims_used - w.free_claims_used"]
    lines.append("    jobs = claims if len(w.desks) > 0 else 0")
    for pool in POOLS:
        rows = f"w.{pool.name}_used + w.{pool.needed}" + (f" + {pool.per_claim} * claims" if pool.per_claim else "")
        rows += f" + {pool.per_job} * jobs" if pool.per_job else ""
        rows += " + len(w.inputs) * jobs" if pool.per_input else ""
        lines.append(f"    if {rows} > len(w.{pool.name}){f' and w.{pool.when} == 1' if pool.when else ''}:")
        lines.append("        return True")
    return written(__name__, [*lines, "    return False"], {})


no_room = looks_for_room()


def closes_books(event: Any) -> bool:
    """True for an event that looks at every stock point."""
    return looks_at_every_shelf(event.what & KIND_MASK)


def all_arrive(w: Any, at: int) -> bool:
    """All customers of this part who come up to tick `at` arrive; False when there is no room for so many."""
    for i in range(w.points_from[w.part], w.points_from[w.part + 1]):
        if no_room(w):
            return False
        catch_up(w, w.points_by_part[i], at)
    return True


def begin(w: Any) -> None:
    """Everything of this part that is on the calendar before anything happens."""
    part = w.part
    for i in range(w.first_shipments_from[part], w.first_shipments_from[part + 1]):
        ship_earlier(w, w.first_shipments[w.first_shipments_by_part[i]])
    for i in range(w.first_orders_from[part], w.first_orders_from[part + 1]):
        order_earlier(w, w.first_orders[w.first_orders_by_part[i]])
    for i in range(len(w.flows)):  # with flows everything is one part
        expect_bend(w, w.flows[i].point, w.points[w.flows[i].point])
    if len(w.edges) > 2:
        w.expect(BUCKET_ENDS, w.edges[1], 0)
    w.expect(WARM_UP_ENDS, w.warm_up, 0)
    for i in range(w.outages_from[part], w.outages_from[part + 1]):
        await_outage(w, w.outages_by_part[i])
    for i in range(w.resources_from[part], w.resources_from[part + 1]):
        r = w.resources_by_part[i]
        if w.resources[r].kind == CAPACITY:
            w.expect(CAPACITY_DUE, 0, r)
    for i in range(w.points_from[part], w.points_from[part + 1]):
        begin_point(w, w.points_by_part[i])
    for i in range(w.customers_from[part], w.customers_from[part + 1]):
        next_arrival(w, w.customers_by_part[i])


def begin_point(w: Any, p: int) -> None:
    """The shelf and the first review of a stock point."""
    sp = w.points[p]
    open_point(w, p)
    if sp.pages > 1:
        w.expect(LEVELS_DUE, w.pages[sp.first_page + 1].at, p)
    if sp.policy >= 0 and sp.review_interval > 0:
        if sp.offset < 0:
            sp.offset = int(w.draw(sp.offset_stream)) % sp.review_interval
        w.expect(PERIODIC_REVIEW_DUE, first_review(w, sp), p)
    elif sp.policy >= 0:
        sp.review_at = sp.offset
        w.expect(REVIEW_DUE, sp.offset, p)


def customer_comes(w: Any, c: int) -> None:
    """A customer, and the next of its stream."""
    arrive(w, c, w.customers[c].next_quantity)
    next_arrival(w, c)


def review_on_watch(w: Any, p: int) -> None:
    """A continuous review; then it can be foreseen anew how far customers may run ahead."""
    review(w, p, 0)
    after_review(w, p)


def review_by_calendar(w: Any, p: int) -> None:
    """A periodic review, and the next."""
    sp = w.points[p]
    review(w, p, sp.before_demand)
    due = next_review(w, sp, w.now)
    if due < w.end:
        w.expect(PERIODIC_REVIEW_DUE, due, p)


def patience_ends(w: Any, k: int, number: int) -> None:
    """The customer with this claim leaves, if it still waits and not another in its row."""
    if w.claims[k].number >= 0 and w.claims[k].number & NUMBER_MASK == number:
        lose_patience(w, k)


def levels_change(w: Any, p: int) -> None:
    """A page of levels comes into force, and later the next."""
    turn_page(w, p)
    sp = w.points[p]
    if sp.page + 1 < sp.first_page + sp.pages:
        w.expect(LEVELS_DUE, w.pages[sp.page + 1].at, p)


def bucket_ends(w: Any, b: int) -> None:
    """A bucket is closed, and later the next."""
    count_once(w)
    carry_all(w, w.now)
    close_bucket(w, b)
    if b + 3 < len(w.edges):
        w.expect(BUCKET_ENDS, w.edges[b + 2], b + 1)


def warm_up_ends(w: Any, _: int) -> None:
    """The window opens."""
    count_once(w)
    advance_all(w, w.now)
    open_window(w)


def capacity_is_new(w: Any, r: int) -> None:
    """A capacity period begins, and later the next."""
    renew_capacity(w, r)
    begins = tick_after(w.now, 0, w.resources[r].period, w.resources[r].period_rest)
    if begins < w.end:
        w.expect(CAPACITY_DUE, begins, r)


AGAIN: dict[int, Callable[..., None]] = {
    CUSTOMER_DUE: customer_comes,
    REVIEW_DUE: review_on_watch,
    PERIODIC_REVIEW_DUE: review_by_calendar,
    LEVELS_DUE: levels_change,
    BUCKET_ENDS: bucket_ends,
    WARM_UP_ENDS: warm_up_ends,
    CAPACITY_DUE: capacity_is_new,
}
"""What this engine does in its own way: each puts the next of its kind on the calendar."""


def lets_happen() -> Callable[[Any, int], None]:
    """`happen(w, what)`: one happening, by the table; those who come before it arrive first."""
    lines = ["def happen(w, what):", f"    kind = what & {KIND_MASK}", f"    i = what >> {KIND_BITS} & {INDEX_MASK}"]
    lines.append("    let_arrive_before(w, kind, i)")
    names: dict[str, Any] = {"let_arrive_before": let_arrive_before, "patience_ends": patience_ends}
    for n, row in enumerate(HAPPENINGS):
        call = f"patience_ends(w, i, what >> {NUMBER_SHIFT})"
        if row.kind != PATIENCE_ENDS:
            rule = names[f"rule_{n}"] = row.rule or AGAIN[row.kind]
            call = f"rule_{n}({', '.join(map(str, ('w', 'i', *row.arguments)))})  # {rule.__name__}"
        lines += [f"    {'el' if n else ''}if kind == {row.kind}:", f"        {call}"]
    return written(__name__, lines, names)


happen = lets_happen()


def count_once(w: Any) -> None:
    """What every part must do at this moment is one event all the same."""
    if w.part > 0:
        w.events -= 1


def open_window(w: Any) -> None:
    """Remember the totals of this part as they stand at the end of the warm-up."""
    part = w.part
    for i in range(w.points_from[part], w.points_from[part + 1]):
        p = w.points_by_part[i]
        copy_row(w.opening_points[p], w.points[p])
    for i in range(w.lanes_from[part], w.lanes_from[part + 1]):
        j = w.lanes_by_part[i]
        copy_row(w.opening_lanes[j], w.lanes[j])
        t = w.lanes[j].terms
        if t >= 0:
            copy_row(w.opening_terms[t], w.terms[t])
    for i in range(w.resources_from[part], w.resources_from[part + 1]):
        r = w.resources_by_part[i]
        copy_row(w.opening_resources[r], w.resources[r])
    for i in range(w.assemblies_from[part], w.assemblies_from[part + 1]):
        a = w.assemblies_by_part[i]
        copy_row(w.opening_assemblies[a], w.assemblies[a])
    for i in range(w.agings_from[part], w.agings_from[part + 1]):
        a = w.agings_by_part[i]
        copy_row(w.opening_agings[a], w.agings[a])
    for i in range(w.ledgers_from[part], w.ledgers_from[part + 1]):
        k = w.ledgers_by_part[i]
        copy_row(w.opening_ledgers[k], w.ledgers[k])


def advance_all(w: Any, now: int) -> None:
    """Add up every time integral of this part."""
    carry_all(w, now)
    part = w.part
    for i in range(w.points_from[part], w.points_from[part + 1]):
        advance(w.points[w.points_by_part[i]], now)
    for i in range(w.lanes_from[part], w.lanes_from[part + 1]):
        lane = w.lanes[w.lanes_by_part[i]]
        advance_lane(lane, now)
        if lane.terms >= 0:
            advance_dock(lane, w.terms[lane.terms], now)
    for i in range(w.resources_from[part], w.resources_from[part + 1]):
        advance_resource(w.resources[w.resources_by_part[i]], now)
    for i in range(w.assemblies_from[part], w.assemblies_from[part + 1]):
        advance_assembly(w.assemblies[w.assemblies_by_part[i]], now)
    for i in range(w.ledgers_from[part], w.ledgers_from[part + 1]):
        advance_ledger(w, w.ledgers_by_part[i], now)


def close_bucket(w: Any, b: int) -> None:
    """Note levels, and flows since time 0, as they stand at the end of bucket b: `series` is [names, rows, buckets]."""
    buckets = len(w.edges) - 1
    step = len(w.series) // NAMES
    full = is_full(w, b)
    part = w.part
    for i in range(w.points_from[part], w.points_from[part + 1]):
        p = w.points_by_part[i]
        sp = w.points[p]
        note_bucket(sp, full)
        place = sp.series_row * buckets + b
        w.series[ON_HAND * step + place] += sp.on_hand
        w.series[BACKORDERS * step + place] += sp.backorders
        w.series[CUSTOMER_BACKORDERS * step + place] += sp.customer_backorders
        w.series[DEMANDED * step + place] += sp.demanded
        w.series[REQUESTED * step + place] += sp.requested
        w.series[ORDERED * step + place] += sp.ordered
        w.series[RECEIVED * step + place] += sp.received
        w.series[SHIPPED * step + place] += sp.shipped
        w.series[LOST * step + place] += sp.lost
        w.series[FILLED * step + place] += sp.filled
        w.series[EMERGENCY * step + place] += sp.emergency
    for i in range(w.lanes_from[part], w.lanes_from[part + 1]):
        lane = w.lanes[w.lanes_by_part[i]]
        w.series[IN_TRANSIT * step + w.points[lane.target].series_row * buckets + b] += lane.in_transit
