"""Lanes that leave at departures, a ship by the calendar, a lorry when it happens to come, or on days when people work.

Everything ready by then leaves with the next departure and arrives together; no shipment takes an earlier departure than
one dispatched before it. The n-th random departure of a lane is the same whatever was ordered: its times are drawn one
after the other, also of those that leave empty. With exponential gaps the wait is exponential and equal for simultaneous
orders: the "sequential" lead time of P. Zipkin (2000), Foundations of Inventory Management, §6.2.
"""

from __future__ import annotations

from chainsim.rules.grid import tick_at
from chainsim.rules.openings import after_work, next_open
from chainsim.rules.rows import Lane
from chainsim.rules.world import World

NEVER = 1152921504606846976.0
"""2⁶⁰ ticks: more than a run has, and sums of a few still fit where ticks are counted."""


def ticks_by_timetable(w: World, lane: Lane) -> int:
    """How long a shipment that is sent now takes until it is received: prepared in working time, it leaves on a shipping day or with a
    departure, and is received on a working day. A departure is a timetable of its own: shipping days say nothing of it."""
    ready = w.now
    if lane.processing_stream >= 0:
        ready = after_work(w, lane.working_days, ready, stretched(lane, int(w.draw(lane.processing_stream))))
    travel = 0
    if lane.departure_every > 0 or lane.departure_stream >= 0:
        take_departure(w, lane, ready)
        ready, travel = lane.next_departure, lane.departure_travel
    else:
        ready = next_open(w, lane.shipping_days, ready)
        if lane.transport_stream >= 0:
            travel = stretched(lane, int(w.draw(lane.transport_stream)))
    return next_open(w, lane.receiving_days, after_work(w, lane.transport_days, ready, travel)) - w.now


def take_departure(w: World, lane: Lane, ready: int) -> None:
    """A shipment ready at tick `ready` takes the next departure; one ready at the very tick of a departure leaves with it. The
    transport time of a departure is drawn once, and stretched if it is when its first goods are sent."""
    wait_for_departure(w, lane, ready)
    if lane.transport_stream >= 0 and lane.last_departure != lane.next_departure:
        lane.last_departure = lane.next_departure
        lane.departure_travel = stretched(lane, int(w.draw(lane.transport_stream)))


def stretched(lane: Lane, ticks: int) -> int:
    """A time that begins now on a lane, in ticks: as drawn, or so many times as long in a disruption. What is longer than any run never
    comes, and needs no number beyond those that ticks are counted with."""
    return ticks if lane.stretch == 1.0 else int((min(ticks * lane.stretch, NEVER) + 0.5) // 1.0)


def wait_for_departure(w: World, lane: Lane, ready: int) -> None:
    """Move on to the first departure at or after `ready`, never back."""
    if lane.departure_every > 0:
        if lane.next_departure < ready:
            first, every, rest = lane.first_departure, lane.departure_every, lane.departure_rest
            k = int((ready - first) / (every + rest)) - 1  # a quotient may be one too high
            while lane.next_departure < ready:
                k += 1
                lane.next_departure = tick_at(first, every, rest, k)
    else:
        while lane.departures == 0 or lane.next_departure < ready:
            lane.next_departure += int(w.draw(lane.departure_stream))
            lane.departures += 1
