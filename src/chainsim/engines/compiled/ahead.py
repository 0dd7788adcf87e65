"""Run-ahead: customers who touch nothing but their own shelf need no place on the calendar.

Whatever a continuous review watches falls by no more than what is demanded. So the next customers of such a stock point
are drawn ahead, as far as the first who might wake the planner; he alone goes on the calendar. Those before him arrive,
each at his own instant, just before anything else happens at that stock point (`catch_up`). Nobody can tell: every draw
and total belongs to one stock point or one stream, and each of these goes through the same things in the same order.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chainsim.plan.plan import Plan
from chainsim.rules.arrivals import ARRIVALS, next_customer, next_period
from chainsim.rules.calendar import shelf_of
from chainsim.rules.customer import arrive
from chainsim.rules.happenings import HAPPENINGS
from chainsim.rules.phases import CUSTOMER_DUE, DEMAND, phase_of
from chainsim.rules.position import watched_quantity

FAR = 24
"""Customers drawn ahead at most."""


def customers_ahead(plan: Plan) -> np.ndarray[Any, Any]:
    """By stock point: the stream of customers that may run ahead; -1: none.

    It is the only one there, and no happening disturbs it (`rules.happenings`). Whole units only: the fall is then foreseen
    exactly.
    """
    points, customers = plan.points, plan.customers
    may = (points["whole"] == 1) & (points["unlimited"] == 0)
    for row in HAPPENINGS:
        may[row.disturbs(plan)] = False
    found = np.full(len(points), -1, np.int64)
    found[customers["point"]] = np.arange(len(customers))
    found[~may] = -1
    return found


def next_arrival(w: Any, c: int) -> None:
    """Draw the next customer of a stream, and put on the calendar the next one who belongs there."""
    customer = w.customers[c]
    draw_next(w, customer)
    if w.runs_ahead[customer.point] < 0:
        if customer.next_at < w.end:
            w.expect(CUSTOMER_DUE, customer.next_at, c)
        return
    sp = w.points[customer.point]
    if sp.review_at == w.now < customer.next_at:
        w.ahead[c].held = 1  # how far can be foreseen better once the planner has ordered
    else:
        look_ahead(w, c, customer, sp)


def after_review(w: Any, p: int) -> None:
    """The planner of stock point p has ordered, or not."""
    c = w.runs_ahead[p]
    if c >= 0 and w.ahead[c].held == 1:
        look_ahead(w, c, w.customers[c], w.points[p])


def look_ahead(w: Any, c: int, customer: Any, sp: Any) -> None:
    """Note the next customers as far as the first who might wake the planner, and put that one on the calendar."""
    room = watched_quantity(sp) - sp.wake_at
    noted = 0
    while customer.next_at < w.end:
        room -= customer.next_quantity
        if room <= 0.0 or noted == FAR:
            w.expect(CUSTOMER_DUE, customer.next_at, c)
            break
        w.ahead_at[c * FAR + noted] = customer.next_at
        w.ahead_quantity[c * FAR + noted] = customer.next_quantity
        noted += 1
        draw_next(w, customer)
    row = w.ahead[c]
    row.held = 0
    row.arrived = 0
    row.noted = noted


def draw_next(w: Any, customer: Any) -> None:
    """When the next customer of a stream comes, and what for."""
    if customer.kind == ARRIVALS:
        next_customer(w, customer)
    else:
        next_period(w, customer)


def let_arrive_before(w: Any, kind: int, i: int) -> None:
    """Those who come before this happening arrive, where it looks at their shelf."""
    p = shelf_of(w, kind, i)
    if p < 0:
        return
    # goods may be sent after an instant's demand and be there at once: received, in that phase, after its customers
    after_demand = phase_of(w.key) >= DEMAND or w.demand_over == w.now
    catch_up(w, p, w.now if after_demand else w.now - 1)


def catch_up(w: Any, p: int, at: int) -> None:
    """Those who come to stock point p up to tick `at` arrive."""
    c = w.runs_ahead[p]
    if c < 0:
        return
    row = w.ahead[c]
    now = w.now
    while row.arrived < row.noted and w.ahead_at[c * FAR + row.arrived] <= at:
        i = c * FAR + row.arrived
        row.arrived += 1
        w.now = w.ahead_at[i]
        w.events += 1
        arrive(w, c, w.ahead_quantity[i])
    w.now = now
