"""Goods on the move: a shipment leaves, travels and arrives."""

from __future__ import annotations

from chainsim.rules.ages import seal
from chainsim.rules.departures import stretched, ticks_by_timetable
from chainsim.rules.dock import put_on_dock, take_from_dock
from chainsim.rules.flow import carry, pour
from chainsim.rules.grid import on_grid, part_beyond, whole_units
from chainsim.rules.log import DEPARTED, RECEIVED
from chainsim.rules.movement import clear, enter_shelf
from chainsim.rules.phases import SHIPMENT_DUE
from chainsim.rules.queue import serve_soon
from chainsim.rules.records import book_receipt
from chainsim.rules.rows import Lane, Point
from chainsim.rules.shelf import throw_away
from chainsim.rules.stock import move_echelon, position_falls, tell
from chainsim.rules.terms import look_again
from chainsim.rules.world import World


def advance_lane(lane: Lane, now: int) -> None:
    """Add up the time integral of what is in transit; called before it changes."""
    elapsed = now - lane.since
    if elapsed > 0:
        lane.in_transit_time += lane.in_transit * elapsed
        lane.since = now


def settle_lane(lane: Lane) -> None:
    """The crumbs of divisible quantities, as in `stock.settle`."""
    lane.in_transit = on_grid(lane.in_transit)
    lane.on_order = on_grid(lane.on_order)


def ship(w: World, j: int, quantity: float) -> int:
    """A shipment leaves on lane j. Returns its number on the lane."""
    depart(w, j, quantity)
    return travel(w, j, quantity)


def depart(w: World, j: int, quantity: float) -> None:
    """Units leave the stock of the lane's origin, or production of them starts: from now on they are in transit."""
    lane = w.lanes[j]
    advance_lane(lane, w.now)
    lane.in_transit += quantity
    if w.points[lane.target].whole == 0:
        settle_lane(lane)
    lane.shipped += quantity
    if lane.gains > 0:  # stock from outside an echelon enters it when it is shipped
        move_echelon(w, lane.first_gain, lane.gains, quantity)


def travel(w: World, j: int, quantity: float) -> int:
    """A shipment of lane j is under way, or waits at the dock. Processing and transport times are drawn per shipment, by its
    number on the lane, which is returned."""
    lane = w.lanes[j]
    if lane.timed == 0:
        ticks = ticks_under_way(w, lane)
    elif lane.timed == 1:
        ticks = ticks_by_timetable(w, lane)
    elif put_on_dock(w, lane, quantity):
        return int(lane.shipments + 1)
    else:
        ticks = ticks_once_loaded(w, lane)
    send(w, j, lane, quantity, ticks)
    return int(lane.shipments)


def leave(w: World, t: int) -> None:
    """What waits at the dock of the lane with terms t leaves, if it is time."""
    quantity = take_from_dock(w, t)
    if quantity > 0.0:
        j = w.terms[t].lane
        lane = w.lanes[j]
        send(w, j, lane, quantity, ticks_once_loaded(w, lane))
        tell(w, lane.origin, w.points[lane.origin], DEPARTED, j, quantity, -1, lane.shipments)


def ticks_once_loaded(w: World, lane: Lane) -> int:
    """How long what has been loaded takes."""
    return ticks_by_timetable(w, lane) if w.terms[lane.terms].by_calendar == 1 else ticks_under_way(w, lane)


def send(w: World, j: int, lane: Lane, quantity: float, ticks: int) -> None:
    """A shipment of lane j is under way for so many ticks, at least; they count from when it may move."""
    due = max(w.now, lane.still_until) + ticks
    if due < lane.last_arrival:
        if lane.no_crossing == 1:
            lane.held_ticks += lane.last_arrival - due
            due = lane.last_arrival
        else:
            lane.overtook += 1
    if due > lane.last_arrival:
        lane.last_arrival = due
    lane.shipments += 1
    lane.lead_ticks += quantity * (due - w.now)
    s = w.new_shipment()
    shipment = w.shipments[s]
    shipment.lane = j
    shipment.quantity = quantity
    shipment.number = lane.shipments
    shipment.good = draw_good(w, lane, quantity) if lane.yields == 1 else quantity
    shipment.left = w.now
    shipment.due = due
    shipment.standstill = lane.standstill
    if lane.aging >= 0:
        seal(w, lane.aging, shipment)
    w.expect(SHIPMENT_DUE, due, s)


def ticks_under_way(w: World, lane: Lane) -> int:
    """How long a shipment of a lane takes that leaves when it is ready and is received when it is there."""
    ticks = 0
    if lane.processing_stream >= 0:
        ticks += int(w.draw(lane.processing_stream))
    if lane.transport_stream >= 0:
        ticks += int(w.draw(lane.transport_stream))
        if lane.transport_rest > 0.0:
            sp = w.points[lane.target]
            if sp.review_interval > 0 and sp.review_rest != 0.0:  # sent at a review that was rounded to a tick
                beyond = part_beyond(w.now, sp.offset, sp.review_interval, sp.review_rest)
                ticks += int((lane.transport_rest + beyond + 0.5) // 1.0)
    return stretched(lane, ticks)


def stand_still(w: World, lane: Lane, until: int) -> None:
    """What is under way on a lane stays where it is until then, and goes on with what is left of its lead time. What waits at the dock
    is not under way."""
    more = until - max(w.now, lane.still_until)
    if more <= 0:
        return
    lane.still_until = until
    lane.standstill += more
    if lane.last_arrival >= w.now:
        lane.last_arrival += more
    at_dock = w.terms[lane.terms].at_dock if lane.terms >= 0 else 0.0
    lane.lead_ticks += (lane.in_transit - at_dock) * more


def receive(w: World, s: int) -> None:
    """A shipment arrives: it is added to stock, and those who wait will be served once all of this instant is in. One that stood still
    since it was expected arrives as much later."""
    shipment = w.shipments[s]
    lane = w.lanes[shipment.lane]
    if shipment.standstill < lane.standstill:
        shipment.due += lane.standstill - shipment.standstill
        shipment.standstill = lane.standstill
        w.expect(SHIPMENT_DUE, shipment.due, s)
        return
    p = lane.target
    sp = w.points[p]
    quantity = shipment.quantity
    good = shipment.good
    if sp.flow >= 0:
        carry(w, sp, w.now)
    advance_lane(lane, w.now)
    lane.in_transit -= quantity
    lane.on_order -= quantity
    lane.received += quantity
    end_cycle(w, sp)
    spoiled = enter_shelf(w, p, sp, s)
    sp.on_order -= quantity
    sp.received += quantity
    if sp.whole == 0:
        settle_lane(lane)
    tell(w, p, sp, RECEIVED, shipment.lane, quantity, -1, shipment.number)
    if lane.yields == 1:
        scrap(w, p, sp, quantity - good)
    if spoiled > 0.0:
        throw_away(w, p, sp, spoiled)
    if sp.ledger >= 0:
        book_receipt(w, p, sp)
        if 0 <= w.ledgers[sp.ledger].ends <= w.now:
            clear(w, p, sp)
    w.free_shipment(s)
    if sp.flow >= 0:
        pour(w, p, sp)
    if lane.terms >= 0:
        look_again(w, p, sp, lane.terms)
    serve_soon(w, p, sp)


def end_cycle(w: World, sp: Point) -> None:
    """A replenishment cycle ends with a receipt: one, however many shipments come at this instant."""
    if sp.last_receipt != w.now:
        sp.cycles += 1
        if sp.backorders > 0.0 or sp.lost_since_receipt > 0.0:
            sp.cycles_failed += 1
        sp.lost_since_receipt = 0.0
        sp.last_receipt = w.now


def draw_good(w: World, lane: Lane, quantity: float) -> float:
    """How much of a shipment will go into stock, drawn by its number on the lane: a fraction of it, less units lost, more
    units extra. Never negative; whole products are rounded half up."""
    good = quantity
    if lane.fraction_stream >= 0:
        good *= w.draw(lane.fraction_stream)
    if lane.lost_stream >= 0:
        good -= w.draw(lane.lost_stream)
    if lane.extra_stream >= 0:
        good += w.draw(lane.extra_stream)
    if good <= 0.0:
        return 0.0
    if w.points[lane.target].whole == 1:
        return whole_units(good)
    return on_grid(good)


def scrap(w: World, p: int, sp: Point, quantity: float) -> None:
    """Units of a receipt that were counted on and are of no use: the position falls (or rises) now."""
    sp.scrapped += quantity
    position_falls(w, p, sp, quantity)
