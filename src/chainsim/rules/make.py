"""Production: jobs wait for the site's resource, then for the lead time.

A resource is shared by the products of its site. With `machines` each unit takes one machine for its unit time; with
`capacity` so many units may start in each period; at a `rate` one lot after the other flows into stock as it is made;
otherwise everything starts at once. Jobs go first come, first served. Machines, and a rate, may need a set-up (`rules.setups`).
"""

from __future__ import annotations

from chainsim.rules.assembly import begin_work
from chainsim.rules.flow import carry, expect_bend
from chainsim.rules.grid import lots_in, on_grid
from chainsim.rules.log import RECEIVED
from chainsim.rules.move import depart, end_cycle, ship, travel
from chainsim.rules.openings import after_work
from chainsim.rules.phases import EARLY_WORK_DUE, UNIT_DONE, WORK_DUE
from chainsim.rules.queue import append, leave
from chainsim.rules.rows import Flow, Point, Resource
from chainsim.rules.setups import end_order, set_up, stay_ready
from chainsim.rules.stock import tell
from chainsim.rules.world import World

UNLIMITED, MACHINES, CAPACITY, RATE = 0, 1, 2, 3  # RESOURCE.kind
A_PART = 3
"""CLAIM.fresh of a part of a job that is at the plant while the rest of it still waits for components."""


def advance_resource(resource: Resource, now: int) -> None:
    """Add up machine time in work; called before the number of busy machines changes."""
    elapsed = now - resource.since
    if elapsed > 0:
        resource.working_time += (resource.machines - resource.free) * elapsed
        resource.since = now


def queue_job(w: World, r: int, k: int, early: int) -> None:
    """A production order joins the resource's queue; jobs start in the dispatch phase of this instant."""
    resource = w.resources[r]
    w.claims[k].joined = w.now
    w.claims[k].fresh = 0
    append(w, resource, k)
    if early == 1:
        if resource.early_work_at != w.now:
            resource.early_work_at = w.now
            w.expect(EARLY_WORK_DUE, w.now, r)
    else:
        ask_for_work(w, r)


def ask_for_work(w: World, r: int) -> None:
    """Put the start of waiting jobs on the calendar, once an instant."""
    resource = w.resources[r]
    if resource.head >= 0 and resource.work_at != w.now:
        resource.work_at = w.now
        w.expect(WORK_DUE, w.now, r)


def work(w: World, r: int, early: int) -> None:
    """The dispatch phase of a resource."""
    resource = w.resources[r]
    if early == 1:
        resource.early_work_at = -1
    else:
        resource.work_at = -1
    start_jobs(w, r)


def start_jobs(w: World, r: int) -> None:
    """Start whatever may start now, oldest job first."""
    resource = w.resources[r]
    if resource.setup_until >= 0:
        end_setup(w, resource)
    while resource.head >= 0 and resource.down == 0:
        k = resource.head
        claim = w.claims[k]
        quantity = claim.remaining
        if resource.kind == MACHINES:
            if resource.free == 0:
                return
            quantity = 1.0 if quantity > 1.0 else quantity
            advance_resource(resource, w.now)
            resource.free -= 1
            if w.lanes[claim.lane].assembly >= 0:
                begin_work(w, claim.lane, quantity)
            s = w.new_shipment()
            unit = w.shipments[s]
            unit.lane = claim.lane
            unit.quantity = quantity
            unit.left = w.now
            days = w.lanes[claim.lane].transport_days
            ticks = int(w.draw(resource.unit_stream))
            if resource.setup > 0:
                ticks += set_up(w, resource, claim)
                unit.number = resource.run
            unit.due = after_work(w, days, w.now, ticks)
            depart(w, claim.lane, quantity)  # what a machine has in work is in process, as what has left it is
            w.lanes[claim.lane].lead_ticks += quantity * (unit.due - w.now)
            w.expect(UNIT_DONE, unit.due, s)
        elif resource.kind == RATE:
            if resource.free == 0 or (resource.setup > 0 and begin_setup(w, r, resource, k)):
                return
            start_lot(w, resource, claim.lane, quantity)
        else:
            if resource.kind == CAPACITY:
                if quantity > resource.left:
                    quantity = resource.left
                    if w.points[w.lanes[claim.lane].target].whole == 1:
                        quantity = lots_in(quantity, 1.0)
                if quantity <= 0.0:
                    return
                resource.left -= quantity
            if w.lanes[claim.lane].assembly >= 0:
                begin_work(w, claim.lane, quantity)
            ship(w, claim.lane, quantity)
        resource.started += quantity
        w.lanes[claim.lane].wait_ticks += quantity * (w.now - claim.joined)
        claim.remaining -= quantity
        if w.points[w.lanes[claim.lane].target].whole == 0:
            claim.remaining = on_grid(claim.remaining)
            resource.left = on_grid(resource.left)
        if claim.remaining <= 0.0:
            if w.now > claim.joined and claim.fresh != A_PART:
                w.lanes[claim.lane].orders_waited += 1
            leave(w, resource, k)
            w.free_claim(k)
            end_order(resource)


def finish_unit(w: World, s: int) -> None:
    """A machine finishes a unit, which goes on into its lead time; the machine takes the next."""
    unit = w.shipments[s]
    j = unit.lane
    quantity = unit.quantity
    r = w.points[w.lanes[j].target].resource
    advance_resource(w.resources[r], w.now)
    w.resources[r].free += 1
    if w.resources[r].setup > 0:
        stay_ready(w.resources[r], unit.number)
    w.free_shipment(s)
    travel(w, j, quantity)
    start_jobs(w, r)


def begin_setup(w: World, r: int, resource: Resource, k: int) -> bool:
    """Set up for the lot of job k, if that takes time; the lot starts in the dispatch phase of the instant it ends."""
    ticks = set_up(w, resource, w.claims[k])
    if ticks == 0:
        return False
    advance_resource(resource, w.now)
    resource.free -= 1
    resource.setup_until = w.now + ticks
    w.expect(WORK_DUE, resource.setup_until, r)
    return True


def end_setup(w: World, resource: Resource) -> None:
    """The set-up for a lot made at a rate is over, unless it is too early to say so."""
    if resource.setup_until <= w.now:
        advance_resource(resource, w.now)
        resource.setup_until = -1
        resource.free += 1
        resource.ready += 1


def start_lot(w: World, resource: Resource, j: int, quantity: float) -> None:
    """A lot goes into production; its units arrive as they are made."""
    lane = w.lanes[j]
    sp = w.points[lane.target]
    carry(w, sp, w.now)
    advance_resource(resource, w.now)
    resource.free -= 1
    flow = w.flows[sp.flow]
    flow.lot = quantity
    flow.left = quantity
    flow.made = 0.0
    lane.shipments += 1
    end_cycle(w, sp)
    expect_bend(w, lane.target, sp)


def finish_lot(w: World, p: int, sp: Point, flow: Flow) -> None:
    """The last of a lot was made; the next lot starts."""
    resource = w.resources[sp.resource]
    advance_resource(resource, w.now)
    resource.free += 1
    stay_ready(resource, resource.run)
    tell(w, p, sp, RECEIVED, flow.lane, flow.lot, -1, w.lanes[flow.lane].shipments)
    flow.lot = 0.0
    start_jobs(w, sp.resource)


def renew_capacity(w: World, r: int) -> None:
    """A capacity period begins: what was not used is gone; waiting jobs start in the dispatch phase."""
    w.resources[r].left = w.resources[r].capacity
    ask_for_work(w, r)
