"""When the next customer of a stream comes, and how much it asks for.

`next_customer` (kind ARRIVALS) and `next_period` (all other kinds) advance a row of CUSTOMER to its next arrival: they
set `next_at` (ticks) and `next_quantity`. Quantities of 0 are passed over, their draws taken. A `next_at` from `w.end` on
means that nobody comes any more.
"""

from __future__ import annotations

from chainsim.rules.grid import tick_at
from chainsim.rules.rows import Customer
from chainsim.rules.world import World

PER_PERIOD, ARRIVALS, AR1, REPLAY, FLOW = 0, 1, 2, 3, 4  # CUSTOMER.kind
CELL = 3  # numbers of a cell in w.warp: start, customers' clock at the start, factor


def next_period(w: World, c: Customer) -> None:
    """The next period with any demand: period k is at start + k × every, a product, so that nothing adds up."""
    c.next_quantity = 0.0
    while c.next_quantity <= 0.0:
        c.next_at = tick_at(c.start, c.every, c.every_rest, c.count)
        if c.next_at >= w.end:
            return
        if c.kind == PER_PERIOD:
            c.next_quantity = w.draw(c.size)
        elif c.kind == AR1:
            c.next_quantity = autoregressive_quantity(w, c)
        elif c.count < c.values_count:
            c.next_quantity = w.values[c.values_first + c.count]
        c.count += 1


def autoregressive_quantity(w: World, c: Customer) -> float:
    """One step of the latent recursion, from its steady state at step 0; then level, cut at 0 and rounding."""
    shock: float = w.draw(c.size)
    if c.count == 0:
        c.state = c.sd * shock
    else:
        c.state = c.rho * c.state + c.shock_sd * shock
    quantity: float = c.mean + c.state
    if c.values_first >= 0:
        quantity = quantity * w.values[c.values_first + c.count]
    if quantity <= 0.0:
        return 0.0
    if c.whole == 1:
        quantity = float(int(quantity + 0.5))
    return quantity


def next_customer(w: World, c: Customer) -> None:
    """The next customer that asks for anything: gaps add up on the customers' own clock, in whole ticks."""
    c.next_quantity = 0.0
    while c.next_quantity <= 0.0:
        c.clock += int(w.draw(c.gap))
        c.next_quantity = w.draw(c.size)
        c.count += 1
        c.next_at = c.clock if c.warp_first < 0 else calendar_tick(w, c)
        if c.next_at >= w.end:
            return


def calendar_tick(w: World, c: Customer) -> int:
    """The tick at which the customers' clock, the integral of the level, shows `clock`."""
    cell = c.warp_first + c.cell * CELL
    while w.warp[cell] < w.end and c.clock >= w.warp[cell + CELL + 1]:
        c.cell += 1
        cell += CELL
    start = int(w.warp[cell])
    if start >= w.end:
        return start
    at = start + int((c.clock - w.warp[cell + 1]) / w.warp[cell + 2])
    last = int(w.warp[cell + CELL]) - 1
    return at if at < last else last  # rounding must not carry a customer into the next cell
