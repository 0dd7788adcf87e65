"""What planners foresee of calendars: when they may order, and how long what they order then is under way.

Where orders, shipments or receipts keep a calendar, the time that an order must cover varies from one to the next: an order of
Thursday lasts until that of Monday is received. It is looked at order by order over the run. What of it goes beyond the mean time
between two orders stands for the lead time, and its law is how often each comes up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from chainsim.chance.base import Distribution
from chainsim.chance.facts import LeadLaw
from chainsim.chance.law import equally_likely
from chainsim.chance.lists import Discrete
from chainsim.plan.network import Network
from chainsim.plan.openings import openings_of
from chainsim.plan.plan import Array, Clock
from chainsim.rules.grid import tick_at
from chainsim.scenario.model import Alternative, Departures, Lane, PointPolicy, Production
from chainsim.scenario.model_calendars import Calendar, Timetable

MOST = 1 << 12
"""Orders looked at, at most."""
STRIPS = 16
"""Equally likely values that stand for each random part of a lead time."""
EVEN = 1.5
"""Longest time between receipts ÷ the mean up to which the mean stands for all of them: what is short before an order comes is counted
as if it had been on its way for its cover less that mean."""
TURNS = (1, 7, 11)
"""Multipliers that pair the values of one part with those of others, each value as often."""


@dataclass(frozen=True)
class Cover:
    """What stock point i can foresee. governed: its policy with reviews at the shortest distance that the calendar makes of them;
    interval: their mean distance, time units; leads: by its ways, those that a calendar changes; sure: nothing but the calendar makes
    them vary, so that no order overtakes another; uneven: receipts come at distances so different that their mean tells little."""

    governed: PointPolicy
    interval: float
    leads: Mapping[int, LeadLaw]
    sure: bool
    uneven: bool


class _Covers(NamedTuple):
    """law: of times from an order to the receipt of the next one; for continuous review, from the need for an order to its receipt,
    whenever the need arises. apart: share of orders that are not received together with the next. longest: time between two receipts,
    the longest ÷ the mean."""

    law: Discrete
    apart: float
    longest: float


def covers_of(network: Network, alternative: Alternative, clock: Clock) -> dict[int, Cover]:
    """By stock point, where a calendar says anything."""
    found = {}
    for i in network.replenished:
        point = network.points[i]
        governed = alternative.rules.get((point.site, point.product))
        if governed is None or not (point.order_days or any(_timed(network, j) for j in network.lanes_to[i])):
            continue
        review = float(getattr(governed.policy, "review_interval", None) or 0.0)
        offset = 0.0 if isinstance(governed.offset, str) else governed.offset
        times = _reviews(review, offset, point.order_days, clock) if review > 0.0 else None
        interval = review
        if times is not None and len(times) > 1 and point.order_days is not None:
            gaps = np.diff(times) / clock.ticks_per_unit
            interval, first = float(gaps.mean()), float(times[0]) / clock.ticks_per_unit
            policy = replace(governed.policy, review_interval=float(gaps.min()))  # type: ignore[type-var]
            governed = replace(governed, policy=policy, offset=first)
        covers = {j: _cover(network, j, review, offset, point.order_days, clock) for j in network.lanes_to[i]}
        interval /= max((one.apart for one in covers.values()), default=1.0)
        interval = min([interval, *(one.law.lowest() for one in covers.values())])
        leads = {j: _lead_law(network, j, _shorter(one.law, interval)) for j, one in covers.items()}
        sure = all(_sure(network, j) for j in network.lanes_to[i])
        together = (
            review <= 0.0 and point.order_days is not None and not sure
        )  # what waited for one day shares one lead time
        uneven = together or any(one.longest > EVEN for one in covers.values())
        found[i] = Cover(governed, interval, leads, sure, uneven)
    return found


def seen_by(alternative: Alternative, network: Network, covers: Mapping[int, Cover]) -> Alternative:
    """The alternative with reviews as calendars have them."""
    if not covers:
        return alternative
    changed = {(network.points[i].site, network.points[i].product): cover.governed for i, cover in covers.items()}
    return replace(alternative, rules={**alternative.rules, **changed})


def _timed(network: Network, j: int) -> bool:
    way = network.ways[j]
    return bool((way.lane and way.lane.timetable) or (way.production and way.production.working_days))


def _sure(network: Network, j: int) -> bool:
    way = network.ways[j]
    lane, made = way.lane, way.production
    parts = (lane.order_lag, lane.processing, lane.lead_time) if lane else (made.lead_time,) if made else ()
    constant = all(part is None or part.lowest() == part.highest() for part in parts)
    return constant and not (lane and lane.departures and lane.departures.gap)


@lru_cache(maxsize=256)
def _reviews(review: float, offset: float, order_days: Calendar | None, clock: Clock) -> Array:
    """Ticks of the reviews within the run, each moved to the next order day."""
    every, rest, first = clock.ticks(review), clock.rest(review), clock.ticks(offset)
    count = max(int((clock.end - first) / (every + rest)) + 1, 2)
    step = max(count // (4 * MOST), 1)
    if step > 1:  # so many that a stretch of the run stands for all of it
        count = 4 * MOST
    times = np.array([tick_at(first, every, rest, k) for k in range(count)], np.int64)
    if order_days is not None:
        times = openings_of(order_days, clock).next_open(times)
    return np.unique(times)


def _shorter(law: Discrete, by: float) -> Discrete:
    values = np.round(np.array(law.values) - by, 9)
    return replace(law, values=tuple(np.maximum(values, 0.0).tolist()))


def _lead_law(network: Network, j: int, law: Distribution) -> LeadLaw:
    lane = network.ways[j].lane
    return LeadLaw((law,), network.share_in_use(j), gap=lane.departures.gap if lane and lane.departures else None)


def _cover(
    network: Network, j: int, review: float, offset: float, order_days: Calendar | None, clock: Clock
) -> _Covers:
    way = network.ways[j]
    lane: Lane | Production = way.lane or way.production  # type: ignore[assignment]
    if isinstance(lane, Lane):
        parts, timetable, departures = (
            (lane.order_lag, lane.processing, lane.lead_time),
            lane.timetable,
            lane.departures,
        )
    else:
        parts, timetable, departures = (None, None, lane.lead_time), Timetable(transport=lane.working_days), None
    return _law(parts, timetable or Timetable(), departures, review, offset, order_days, clock)


@lru_cache(maxsize=1024)
def _law(
    parts: tuple[Distribution | None, ...],
    timetable: Timetable,
    departures: Departures | None,
    review: float,
    offset: float,
    order_days: Calendar | None,
    clock: Clock,
) -> _Covers:
    """Orders received together with the next end no cycle and are left out."""
    if review > 0.0:
        ordered = _reviews(review, offset, order_days, clock)
        ordered, following = ordered[:-1], ordered[1:]
        if len(ordered) > MOST:
            chosen = np.linspace(0, len(ordered) - 1, MOST).astype(int)
            ordered, following = ordered[chosen], following[chosen]
    else:
        ordered = np.arange(MOST, dtype=np.int64) * (clock.end // MOST) if clock.end >= MOST else np.arange(clock.end)
        following = _next(order_days, ordered, clock)
    arrives = _arrivals(following, parts, timetable, departures, clock)
    covers, apart, longest = arrives - ordered, np.array(True), 1.0
    if review > 0.0:
        later = arrives - _arrivals(ordered, parts, timetable, departures, clock)
        apart = later > 0
        longest = float(later.max() / later[apart].mean()) if apart.any() else 1.0
        apart = apart if apart.any() else np.array(True)
    values, counts = np.unique(covers[np.broadcast_to(apart, covers.shape)], return_counts=True)
    law = Discrete(
        values=tuple((values / clock.ticks_per_unit).tolist()), probabilities=tuple((counts / counts.sum()).tolist())
    )
    return _Covers(law, float(apart.mean()), longest)


def _arrivals(
    ordered: Array,
    parts: tuple[Distribution | None, ...],
    timetable: Timetable,
    departures: Departures | None,
    clock: Clock,
) -> Array:
    """Ticks at which orders of these ticks are received: [luck, order]."""
    lag, processing, transport = (_values(part, turn, clock) for part, turn in zip(parts, TURNS, strict=True))
    ready = _work(timetable.working, ordered[None, :] + lag, processing, clock)
    if departures is not None:
        if departures.every:
            first, every = clock.ticks(departures.offset), clock.ticks(departures.every)
            ready = first + np.maximum(-((first - ready) // every), 0) * every
    else:
        ready = _next(timetable.shipping, ready, clock)
    return _next(timetable.receiving, _work(timetable.transport, ready, transport, clock), clock)


def _values(part: Distribution | None, turn: int, clock: Clock) -> Array:
    """Equally likely ticks of a part of the lead time, as a column; one of a constant."""
    if part is None:
        return np.zeros((1, 1), np.int64)
    values = equally_likely(part, STRIPS) if part.lowest() < part.highest() else np.array([part.expectation()])
    ticks = np.maximum(np.round(values * clock.ticks_per_unit), 0).astype(np.int64)[:, None]
    return ticks[np.arange(len(ticks)) * turn % len(ticks)]


def _next(calendar: Calendar | None, ticks: Array, clock: Clock) -> Array:
    return ticks if calendar is None else openings_of(calendar, clock).next_open(ticks)


def _work(calendar: Calendar | None, ticks: Array, work: Array, clock: Clock) -> Array:
    return ticks + work if calendar is None else openings_of(calendar, clock).after_work(ticks, work)


def moments(law: LeadLaw) -> tuple[float, float]:
    """Mean and standard deviation of a lead time that a calendar changes."""
    known: Any = [(part.expectation(), part.standard_deviation()) for part in law.parts]
    if law.gap is not None:
        known.append(Departures(gap=law.gap).wait())
    return sum(mean for mean, _ in known), float(sum(sd**2 for _, sd in known) ** 0.5)
