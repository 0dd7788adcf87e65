"""Calendars: the next opening, and work that goes on in open time only.

A calendar is the index of its first row in `w.openings`; -1 is one that never closes. It is open at the tick it opens and
closed at the tick it closes. What ends with the last tick of an opening ends when the next one begins: two working days from
Thursday morning are Monday morning.
"""

from __future__ import annotations

from chainsim.rules.grid import tick_after, tick_at
from chainsim.rules.rows import Point
from chainsim.rules.world import World


def next_open(w: World, calendar: int, tick: int) -> int:
    """The first tick from `tick` on at which a calendar is open."""
    if calendar < 0:
        return tick
    opens = w.openings[opening_at(w, calendar, tick)].opens
    return opens if opens > tick else tick


def after_work(w: World, calendar: int, tick: int, ticks: int) -> int:
    """The tick at which so many open ticks have passed from `tick` on."""
    if calendar < 0:
        return tick + ticks
    low = opening_at(w, calendar, tick)
    row = w.openings[low]
    done = row.before + ticks
    if tick > row.opens:
        done += tick - row.opens
    high = row.last
    while low < high:  # the last opening with no more open time before it
        middle = (low + high + 1) >> 1
        if w.openings[middle].before <= done:
            low = middle
        else:
            high = middle - 1
    return int(w.openings[low].opens + done - w.openings[low].before)


def opening_at(w: World, calendar: int, tick: int) -> int:
    """The row of the opening at `tick`, or else of the next one."""
    low = calendar
    high = w.openings[calendar].last
    while low < high:
        middle = (low + high) >> 1
        if w.openings[middle].closes > tick:
            high = middle
        else:
            low = middle + 1
    return low


def first_review(w: World, sp: Point) -> int:
    """The tick of the first periodic review: one on a closed day moves to the next opening."""
    return next_open(w, sp.order_days, sp.offset)


def next_review(w: World, sp: Point, now: int) -> int:
    """The tick of the periodic review after the one at `now`. Reviews that move to the same opening are one."""
    if sp.order_days < 0:
        return tick_after(now, sp.offset, sp.review_interval, sp.review_rest)
    k = int((now - sp.offset) / (sp.review_interval + sp.review_rest)) - 1  # a quotient may be one too high
    at = now
    while at <= now:
        k += 1
        at = tick_at(sp.offset, sp.review_interval, sp.review_rest, k)
    return next_open(w, sp.order_days, at)
