"""What an order must cover, season by season: the known demand ahead of each review, as a multiple of its mean.

An order that is placed at t must last until the receipt of the next one, at t + L + R. Where demand comes once per period,
it meets whole demands, those in (t, t + L + R), or from t on where reviews come before the demand of their instant: their
own levels count, so that in a weekly season it matters which days they are. Customers in continuous time: the mean level
over (t, t + L + R]. Random lead times weigh each demand with the chance that it comes before the receipt.

A stock point above others meets their orders. Where their levels follow the season, a shop orders at t what its customers
will want from t + L on, so that the demand above comes earlier by the lead times below.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import ceil, log
from typing import Any

import numpy as np

from chainsim.chance.facts import lead_times
from chainsim.demand.base import DemandFacts
from chainsim.demand.level import Foreseen, Level
from chainsim.plan.plan import Array, Clock
from chainsim.policies.base import PointFacts
from chainsim.rules.grid import tick_at

GRID = 1.02
"""Factors are rounded up to powers of this, so that equal ones share a derivation."""
LEAST = 0.01
"""The lowest factor: with next to nothing ahead, levels are those of so much."""
MOST_PAGES = 2000
PER_COVER = 8
"""How often in the time an order covers the level ahead is looked at, where no calendar says when."""
PHASES = 4
"""Places between two demands that stand for a review at random."""
STRIPS = 16
"""Equally likely lead times that stand for all."""
SEEN = 200_000
"""Reviews looked at, at most; beyond that every other one, and so on."""


def season_ahead(
    point: PointFacts, met: Sequence[tuple[DemandFacts, float, float]], offset: float | str, clock: Clock
) -> tuple[tuple[float, float], ...]:
    """(time, factor) from which on an order must cover `factor` times what it covers on average; () where demand is level.

    met: streams of end customers, with the share that reaches the stock point, and how much earlier than they buy.
    offset: of its reviews, or 'random'.
    """
    streams: dict[tuple[Foreseen | None, int], float] = {}
    for facts, share, earlier in met:
        if facts.mean_rate > 0.0:
            lag = clock.ticks(earlier)
            if facts.interval > 0.0 and facts.foreseen is not None:
                lag = lag // facts.foreseen.every * facts.foreseen.every  # whole periods
            key = (facts.foreseen, lag if facts.foreseen else 0)
            streams[key] = streams.get(key, 0.0) + share * facts.mean_rate
    if not any(foreseen is not None for foreseen, _ in streams):
        return ()
    return _pages(tuple(streams.items()), point.leads, point.review_interval, point.before_demand, offset, clock)


@lru_cache(maxsize=256)
def _pages(
    streams: tuple[tuple[tuple[Foreseen | None, int], float], ...],
    laws: Any,
    review: float,
    before: bool,
    offset: float | str,
    clock: Clock,
) -> tuple[tuple[float, float], ...]:
    leads = _leads(laws) * clock.ticks_per_unit
    every = min((f.every for (f, _), _ in streams if f is not None and f.every > 0), default=0)
    interval = max(review * clock.ticks_per_unit, float(every))
    horizon = clock.end + int(leads.max() + interval) + 2 * every + 1
    times, looks_ahead = _reviews(streams, review, offset, float(leads.mean()) + interval, every, clock)
    total = sum(weight for _, weight in streams)
    factors = np.zeros(len(times))
    later = [0.0]  # reviews at random: some time between two demands
    if isinstance(offset, str) and review > 0.0:
        later = [(k + 0.5) / PHASES * every for k in range(PHASES)]
    for (foreseen, lag), weight in streams:
        for more in later:
            at = times + int(more)
            ahead = 1.0 if foreseen is None else _ahead(foreseen, lag, at, leads, interval, before, horizon)
            factors += weight / total / len(later) * ahead
    if looks_ahead:  # a page lasts until the next: what is covered at its end counts as well
        factors[:-1] = np.maximum(factors[:-1], factors[1:])
    return _merged(times, factors, clock)


def _leads(laws: Any) -> Array:
    times = lead_times(laws) if laws else np.zeros(1)
    if len(times) <= STRIPS:
        return times
    return np.quantile(times, (np.arange(STRIPS) + 0.5) / STRIPS)


def _reviews(
    streams: Sequence[tuple[tuple[Foreseen | None, int], float]],
    review: float,
    offset: float | str,
    cover: float,
    every: int,
    clock: Clock,
) -> tuple[Array, bool]:
    """Ticks from which on another level may count, and whether orders may be placed at any time between them."""
    if review > 0.0 and not isinstance(offset, str):
        start, step, rest, between = clock.ticks(offset), clock.ticks(review), clock.rest(review), False
    elif every > 0:
        first = next(f for (f, _), _ in streams if f is not None and f.every == every)
        start, step, rest, between = first.start, every, first.rest, False
    else:
        start, step, rest, between = 0, max(1, int(cover / PER_COVER)), 0.0, True
    count = max(1, int((clock.end - start) / (step + rest)) + 1)
    stride = ceil(count / SEEN)
    times = np.array([tick_at(start, step, rest, k) for k in range(0, count, stride)], np.int64)
    return times, between or stride > 1


def _ahead(
    foreseen: Foreseen, lag: int, times: Array, leads: Array, interval: float, before: bool, horizon: int
) -> Array:
    """The mean level, relative to that of the run, of what orders placed at these times must cover."""
    mean = foreseen.mean
    demanded, covered = np.zeros(len(times)), np.zeros(len(times))
    if foreseen.every == 0:
        starts, done = _integral(foreseen.level, horizon + lag)
        begun = times + lag
        before_it = np.interp(begun, starts, done)
        for lead in leads:
            length = max(lead + interval, 1.0)
            demanded += np.interp(begun + length, starts, done) - before_it
            covered += length
        return np.asarray(demanded / covered / mean)
    instants, done = _demands(foreseen, horizon + lag)
    instants = instants - lag
    first = np.searchsorted(instants, times, "left" if before else "right")
    for lead in leads:
        last = np.maximum(np.searchsorted(instants, times + max(lead + interval, 1.0) - 0.5, "left"), first)
        demanded += done[last] - done[first]
        covered += last - first
    none = covered == 0.0  # no demand until the next order's receipt: then the next one
    following = np.minimum(first + 1, len(instants))
    demanded[none], covered[none] = (done[following] - done[first])[none], 1.0
    return np.asarray(demanded / covered / mean)


@lru_cache(maxsize=256)
def _demands(foreseen: Foreseen, horizon: int) -> tuple[Array, Array]:
    """Instants of demand, and the sum of the levels of those before each."""
    count = max(1, int((horizon - foreseen.start) / (foreseen.every + foreseen.rest)) + 2)
    instants = [tick_at(foreseen.start, foreseen.every, foreseen.rest, k) for k in range(count)]
    levels = [foreseen.level.at(tick) for tick in instants]
    return np.array(instants, np.int64), np.concatenate(([0.0], np.cumsum(levels)))


@lru_cache(maxsize=256)
def _integral(level: Level, horizon: int) -> tuple[Array, Array]:
    """Ticks at which the level changes, and its integral until then."""
    cells = level.cells(horizon)
    starts = np.array([start for start, _ in cells] + [horizon], np.float64)
    factors = np.array([factor for _, factor in cells])
    return starts, np.concatenate(([0.0], np.cumsum(factors * np.diff(starts))))


def _merged(times: Array, factors: Array, clock: Clock) -> tuple[tuple[float, float], ...]:
    """Factors on the grid, equal neighbours once; where there are too many still, the highest of each few."""
    least = round(log(LEAST) / log(GRID))
    steps = np.ceil(np.log(np.maximum(factors, LEAST)) / log(GRID) - 1e-6).astype(np.int64)
    steps = np.maximum(steps, least)
    while True:
        fresh = np.concatenate(([True], steps[1:] != steps[:-1]))
        if fresh.sum() <= MOST_PAGES:
            break
        if len(steps) % 2:
            steps, times = np.append(steps, steps[-1]), np.append(times, times[-1])
        steps, times = steps.reshape(-1, 2).max(axis=1), times[::2]
    starts, kept = times[fresh].tolist(), steps[fresh].tolist()
    starts[0] = 0
    return tuple((at / clock.ticks_per_unit, GRID**step) for at, step in zip(starts, kept, strict=True))
