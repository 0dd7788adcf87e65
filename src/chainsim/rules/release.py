"""Bills of materials: jobs wait for their components, which leave stock together; then the job goes to the plant.

A job (a production order) is owed its components from the moment it is placed: they are backorders of their stock points,
and its planners see them. Jobs of one desk are released oldest first, as many units as all components are there for (or
complete, or not at all); one that lacks a component holds nobody up ("no holdback": Y. Lu, J.-S. Song, Y. Zhao 2010,
Operations Research 58(3)). Whoever waits for a component itself, a customer or a site downstream, comes before the jobs.
"""

from __future__ import annotations

from chainsim.rules.assembly import advance_assembly, settle_assembly
from chainsim.rules.grid import down_to_grid, lots_in, on_grid
from chainsim.rules.log import CONSUMED, REQUESTED
from chainsim.rules.make import A_PART, UNLIMITED, start_jobs
from chainsim.rules.move import ship
from chainsim.rules.movement import leave_shelf
from chainsim.rules.phases import EARLY_JOBS_DUE, JOBS_DUE
from chainsim.rules.position import ON_HAND
from chainsim.rules.queue import anybody_waits, append, leave, step_in
from chainsim.rules.rows import Assembly, Claim, Desk, Lane, Point
from chainsim.rules.stock import advance, tell, wake
from chainsim.rules.world import World


def queue_at_desk(w: World, k: int, early: int) -> None:
    """A job is placed: its components are owed to it from now on, and their planners may see it at this instant."""
    claim = w.claims[k]
    row = w.assemblies[w.lanes[claim.lane].assembly]
    desk = w.desks[row.desk]
    claim.joined = w.now
    claim.fresh = 2 if early == 1 else 1
    if early == 1:
        step_in(w, desk, k)
    else:
        append(w, desk, k)
    advance_assembly(row, w.now)
    row.waiting += claim.quantity
    for i in range(row.first_input, row.first_input + row.inputs):
        p = w.inputs[i].point
        sp = w.points[p]
        quantity = units_of(sp, w.inputs[i].per, claim.quantity)
        advance(sp, w.now)
        sp.backorders += quantity
        sp.requested += quantity
        sp.requests += 1
        sp.recent_demand += quantity
        tell(w, p, sp, REQUESTED, claim.lane, quantity, claim.number, -1)
        wake(w, p, sp)
    if early == 1:
        if desk.early_dispatch_at != w.now:
            desk.early_dispatch_at = w.now
            w.expect(EARLY_JOBS_DUE, w.now, row.desk)
    elif desk.dispatch_at != w.now:
        desk.dispatch_at = w.now
        w.expect(JOBS_DUE, w.now, row.desk)


def release_waiting(w: World, d: int) -> None:
    """Components came, or an outage ended: release who already waited."""
    w.desks[d].serve_at = -1
    release(w, d, 0)


def release_new(w: World, d: int, early: int) -> None:
    """New jobs joined at this instant: they are released with those who waited."""
    desk = w.desks[d]
    if early == 1:
        desk.early_dispatch_at = -1
    else:
        desk.dispatch_at = -1
    due = 2 if early == 1 else 1
    release(w, d, due)
    k = desk.tail
    while k >= 0 and w.claims[k].fresh > 0:
        if w.claims[k].fresh == due:
            w.claims[k].fresh = 0
        k = w.claims[k].previous


def release(w: World, d: int, fresh_too: int) -> None:
    """Release what can be, oldest job first; `fresh_too` as in `serve.serve_queue`."""
    desk = w.desks[d]
    k = desk.head
    while k >= 0:
        claim = w.claims[k]
        following = claim.next  # the desk's queue: a release changes no other claim of it
        if claim.fresh == 0 or fresh_too == 1 or claim.fresh == fresh_too:
            lane = w.lanes[claim.lane]
            units = can_make(w, lane, claim.remaining)
            if units >= claim.remaining or (units > 0.0 and lane.all_or_nothing == 0):
                let_go(w, desk, k, units)
        k = following


def can_make(w: World, lane: Lane, units: float) -> float:
    """Of so many units made on a lane, those for which all components are on hand and free."""
    target = w.points[lane.target]
    if target.down > 0:
        return 0.0
    if lane.assembly < 0:
        return units
    row = w.assemblies[lane.assembly]
    for i in range(row.first_input, row.first_input + row.inputs):
        sp = w.points[w.inputs[i].point]
        if sp.on_hand <= 0.0 or anybody_waits(w, sp):
            return 0.0
        per = w.inputs[i].per
        enough = lots_in(sp.on_hand, per) if target.whole == 1 else down_to_grid(sp.on_hand / per)
        if enough < units:
            units = enough
    return units


def let_go(w: World, desk: Desk, k: int, units: float) -> None:
    """So many units of a job are released: their components leave stock, and they go to the plant."""
    claim = w.claims[k]
    j = claim.lane
    lane = w.lanes[j]
    row = w.assemblies[lane.assembly]
    whole = w.points[lane.target].whole == 1
    left = claim.remaining - units if whole else on_grid(claim.remaining - units)
    for i in range(row.first_input, row.first_input + row.inputs):
        p = w.inputs[i].point
        sp = w.points[p]
        per = w.inputs[i].per
        # what is owed before less what is owed after, so that the parts of a job add up to all of it
        consume(w, claim, p, sp, units_of(sp, per, claim.remaining) - units_of(sp, per, left), left)
    advance_assembly(row, w.now)
    row.waiting -= units
    row.released += units
    claim.remaining = left
    if not whole:
        settle_assembly(row)
    if left <= 0.0:
        leave(w, desk, k)
    to_the_plant(w, k, claim, lane, row, units)


def consume(w: World, claim: Claim, p: int, sp: Point, quantity: float, left: float) -> None:
    """The components of a release leave stock, and are owed no longer."""
    taken = quantity if quantity <= sp.on_hand else sp.on_hand  # by a crumb of divisible units
    leave_shelf(w, sp, taken, -1)
    sp.backorders -= quantity
    sp.consumed += taken
    if claim.fresh > 0:
        sp.requested_filled += quantity
        if left <= 0.0 and claim.remaining == claim.quantity:
            sp.requests_filled += 1
    tell(w, p, sp, CONSUMED, claim.lane, taken, claim.number, -1)
    if sp.watch == ON_HAND:
        wake(w, p, sp)


def to_the_plant(w: World, k: int, claim: Claim, lane: Lane, row: Assembly, units: float) -> None:
    """Released units start at once where nothing is limited, else they queue for machines or capacity."""
    r = w.points[lane.target].resource
    resource = w.resources[r]
    done = claim.remaining <= 0.0
    if resource.kind == UNLIMITED:
        resource.started += units
        lane.wait_ticks += units * (w.now - claim.joined)
        if done:
            if w.now > claim.joined:
                lane.orders_waited += 1
            w.free_claim(k)
        ship(w, claim.lane, units)
        return
    joined = claim.joined
    j = claim.lane
    if not done:  # a part goes, the job keeps the rest
        k = w.new_claim()
    part = w.claims[k]
    part.point = -1
    part.lane = j
    part.customer = -1
    part.quantity = units
    part.remaining = units
    part.joined = joined
    part.fresh = 0 if done else A_PART
    row.at_plant += units
    append(w, resource, k)
    start_jobs(w, r)


def units_of(sp: Point, per: float, units: float) -> float:
    """Units of a component in so many units."""
    return per * units if sp.whole == 1 else on_grid(per * units)
