"""A flow: demand at a constant rate in continuous time, and production that brings its goods as they are made.

Between two moments of the calendar a flowing stock point moves along straight lines, or along the curve of stock that decays
(`rules.fade`), so that nothing need happen there:
`carry` brings it from the last tick to this one, with exact time integrals, and `expect_bend` puts the next bend on the calendar
(it runs dry, its backlog is worked off, its position reaches the level to wake the planner at, a lot ends). A bend falls
between two ticks and is dealt with at the later one; what came due by then, less than one tick's flow, is carried over
in `flow.due`, so that nothing adds up and running dry at the instant of a receipt is no shortage.

A flowing stock point serves nobody else. Its backlog is `customer_backorders`: at a constant rate d the oldest of B
units has waited B ÷ d.
"""

from __future__ import annotations

from chainsim.rules.fade import area_under
from chainsim.rules.grid import on_grid
from chainsim.rules.log import BACKFILLED
from chainsim.rules.phases import FLOW_DUE
from chainsim.rules.position import inventory_position
from chainsim.rules.rows import Flow, Point
from chainsim.rules.stock import tell
from chainsim.rules.world import World

NEVER = 1 << 62
CRUMBS = 2e-9  # of the grid: one of demand, one of production
BLUR = 1e-14  # relative error of a quotient in floating point


def carry_all(w: World, now: int) -> None:
    """Carry every flow to tick `now`."""
    for i in range(len(w.flows)):
        carry(w, w.points[w.flows[i].point], now)


def carry(w: World, sp: Point, now: int) -> None:
    """Carry the flow of a stock point to tick `now`. Called before anybody looks at it or changes it."""
    elapsed = now - sp.since
    if elapsed <= 0:
        return
    flow = w.flows[sp.flow]
    stock = sp.on_hand
    owed = sp.customer_backorders
    made = produce(w, sp, flow, elapsed)
    wanted = flow.rate * elapsed + flow.due
    there = stock + made if sp.ledger < 0 else melt(w, sp, flow, stock, made, elapsed)
    free = there
    if sp.down > 0 or owed > 0.0 or (stock <= 0.0 and flow.lost == 0 and flow.supply < flow.rate):
        free = 0.0  # nobody overtakes those who wait, and behind a supply that is too slow everybody does
    taken = free
    short = 0.0
    if wanted <= free:
        taken = min(on_grid(wanted), free)
    elif wanted - free >= flow.rate:
        short = on_grid(wanted - free)
    flow.due = wanted - taken - short
    left = on_grid(there - taken)
    backlog = owed
    if flow.lost == 0:
        backlog = on_grid(owed + short)
        sp.backorders = backlog
        sp.customer_backorders = backlog
    else:
        sp.lost += short
        sp.lost_since_receipt += short
    served = 0.0
    if sp.down == 0 and backlog > 0.0 and left > 0.0:
        served = min(backlog, left)
    sp.on_hand = on_grid(left - served)
    sp.demanded += taken + short
    sp.recent_demand += taken + short
    sp.filled += taken
    sp.shipped += taken
    add_up(sp, flow, elapsed, stock, owed, on_grid(backlog - served))
    if served > 0.0:
        backfill(sp, flow, owed, on_grid(backlog - served), served)
    sp.since = now
    if now <= w.warm_up:
        flow.early = sp.customer_backorders


def melt(w: World, sp: Point, flow: Flow, stock: float, made: float, elapsed: int) -> float:
    """Some of the stock decays while it falls: adds up its time integral, that of a curve, and returns what is left of it and of
    what was made. Rounding is carried over. What is owed does not decay."""
    ledger = w.ledgers[sp.ledger]
    drain = -made / elapsed
    if sp.down == 0:
        drain += flow.rate
    if sp.down > 0 or sp.customer_backorders <= 0.0:
        area = max(area_under(stock, drain, ledger.decay, elapsed), 0.0)
        sp.on_hand_time += area
        ledger.decay_due += ledger.decay * area
    gone = min(max(on_grid(ledger.decay_due), 0.0), stock + made)
    ledger.decay_due -= gone
    ledger.decayed += gone
    return on_grid(stock + made - gone)


def add_up(sp: Point, flow: Flow, elapsed: int, stock: float, owed: float, still_owed: float) -> None:
    """The time integrals of straight lines: from `stock` to what is on hand now, from `owed` to `still_owed`."""
    if max(stock, sp.on_hand) > flow.rate + flow.supply + CRUMBS:  # what is made or asked within a tick is no stock
        if sp.ledger < 0:
            sp.on_hand_time += 0.5 * (stock + sp.on_hand) * elapsed
        sp.stocked_time += elapsed
    waiting = 0.5 * (owed + still_owed) * elapsed
    sp.backorder_time += waiting
    sp.customer_backorder_time += waiting
    flow.waited += waiting


def produce(w: World, sp: Point, flow: Flow, elapsed: int) -> float:
    """What the lot in production brings in `elapsed` ticks: shipped and received at once."""
    if flow.left <= 0.0:
        return 0.0
    come = flow.supply * elapsed + flow.made
    made = on_grid(come)
    flow.made = come - made
    if made >= flow.left:
        made = flow.left
        flow.made = 0.0
    flow.left = on_grid(flow.left - made)
    lane = w.lanes[flow.lane]
    lane.on_order = on_grid(lane.on_order - made)
    lane.shipped += made
    lane.received += made
    sp.on_order = on_grid(sp.on_order - made)
    sp.received += made
    return made


def pour(w: World, p: int, sp: Point) -> None:
    """Goods arrived all at once, or the site is open again: those who wait are served, and the flow goes on."""
    owed = sp.customer_backorders
    if sp.down == 0 and owed > 0.0 and sp.on_hand > 0.0:
        served = min(owed, sp.on_hand)
        sp.on_hand = on_grid(sp.on_hand - served)
        backfill(sp, w.flows[sp.flow], owed, on_grid(owed - served), served)
        tell(w, p, sp, BACKFILLED, -1, served, -1, -1)
    expect_bend(w, p, sp)


def backfill(sp: Point, flow: Flow, first: float, last: float, quantity: float) -> None:
    """The oldest of the backlog get their units, while it goes from `first` to `last`; a unit served at a backlog of b
    has waited b ÷ rate. Those demanded in the warm-up are the oldest."""
    still = 0.5 * last * last / flow.rate
    waits = flow.waited - still
    flow.waited = still
    early = min(quantity, flow.early)
    flow.early = on_grid(flow.early - early)
    bend = first + (last - first) * early / quantity
    sp.customer_backorders = on_grid(sp.customer_backorders - quantity)
    sp.backorders = sp.customer_backorders
    sp.shipped += quantity
    sp.backfilled += quantity
    sp.backfilled_early += early
    sp.waited_all += waits
    if early < quantity:
        sp.waited += max(waits - 0.5 * early * (first + bend) / flow.rate, 0.0)
        sp.on_time += (quantity - early) * share_below(flow.promise * flow.rate, bend, last)


def share_below(limit: float, a: float, b: float) -> float:
    """The share of the stretch from a to b that is at or below the limit.

    >>> share_below(3.0, 5.0, 1.0)
    0.5
    """
    low = min(a, b)
    high = max(a, b)
    if high <= limit:
        return 1.0
    if low >= limit:
        return 0.0
    return (limit - low) / (high - low)


def expect_bend(w: World, p: int, sp: Point) -> None:
    """Put the next bend on the calendar. One already there that comes too early finds nothing to do and looks anew."""
    flow = w.flows[sp.flow]
    ticks = next_bend(w, sp, flow)
    if ticks < w.end - w.now and (flow.next_at < w.now or w.now + ticks < flow.next_at):
        flow.next_at = w.now + ticks
        w.expect(FLOW_DUE, flow.next_at, p)


def next_bend(w: World, sp: Point, flow: Flow) -> int:
    """Ticks until something changes, if nothing comes between. Stock that decays falls ever more slowly: then they are too few."""
    supply = flow.supply if flow.left > 0.0 else 0.0
    fading = w.ledgers[sp.ledger].decay * sp.on_hand if sp.ledger >= 0 else 0.0
    best = NEVER
    if flow.left > 0.0:
        best = ticks_until(flow.left - flow.made, supply)
    if sp.down == 0 and sp.customer_backorders > 0.0:
        best = min(best, ticks_until(sp.customer_backorders + flow.due, supply - flow.rate))
    elif sp.down == 0 and sp.on_hand > 0.0:
        best = min(best, ticks_until(sp.on_hand - flow.due, flow.rate - supply + fading))
    if sp.review_at != w.now:  # else the planner is about to change the position
        falling = flow.rate
        if flow.lost == 1 and sp.down > 0:
            falling = 0.0  # lost sales never enter the position
        elif flow.lost == 1 and sp.on_hand <= 0.0:
            falling = min(flow.rate, supply)
        if sp.ledger >= 0 and w.ledgers[sp.ledger].decay > 0.0:
            falling += max(
                fading, supply
            )  # the most that can decay: no more stock can be kept up than what comes makes good
        best = min(best, ticks_until(inventory_position(sp) - sp.wake_at - flow.due, falling))
    return best


def ticks_until(distance: float, speed: float) -> int:
    """Whole ticks, at least 1, until `distance` units have passed at `speed` units per tick.

    >>> ticks_until(1.0, 0.4), ticks_until(1.0, 0.5), ticks_until(1.0, -0.5) == NEVER
    (3, 2, True)
    """
    if speed <= 0.0 or distance >= 4e18 * speed:
        return NEVER
    exact = distance / speed * (1.0 - BLUR)
    ticks = int(exact)
    if ticks < exact:
        ticks += 1
    return max(ticks, 1)
