"""Laws by their distributions, frozen: what policies may know of demand and of lead times. Arrays are made when asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from chainsim.chance.base import Array, Distribution
from chainsim.chance.law import equally_likely, times_of

SEASON, STEPS = "a season", "demand that steps"
"""What a level for the mean of demand leaves out of its known course, in words."""

MIXED = 1 << 12  # equally likely lead times of several sources together


@dataclass(frozen=True)
class EventLaw:
    """One stream of demand events as a law.

    quantity: of one event, at level 1 (of a season, a step); level: the mean of the level that is known beforehand.
    every, offset: period and time of the first event, time units; every 0: customers in continuous time.
    rate: customers per time unit at the mean level; dispersion: variance ÷ mean of their number over long times.
    share: part of each event that is passed on upstream.
    unknown: what of the stream this law leaves out, in words ('a season', 'autocorrelation').
    """

    quantity: Distribution
    level: float = 1.0
    every: float = 0.0
    offset: float = 0.0
    rate: float = 0.0
    dispersion: float = 1.0
    share: float = 1.0
    unknown: tuple[str, ...] = ()

    @property
    def event(self) -> Distribution:
        """The quantity of one event at the mean level."""
        return self.quantity.scaled(self.level) if self.every > 0.0 else self.quantity


@dataclass(frozen=True)
class LeadLaw:
    """The nominal lead time of one source: the sum of its parts (order lag, processing, transport, production), and the
    wait for a departure: fixed ones `departures` apart, or gaps at random. `share`: part of the orders."""

    parts: tuple[Distribution, ...]
    share: float = 1.0
    departures: float = 0.0
    gap: Distribution | None = None


@lru_cache(maxsize=1024)
def lead_times(laws: tuple[LeadLaw, ...]) -> Array:
    """Equally likely lead times of one order; sources mixed by their shares.

    >>> from chainsim.chance.simple import Constant
    >>> float(lead_times((LeadLaw((Constant(value=2.0),), departures=7.0),)).mean())  # half a week until the lorry leaves
    5.5
    """
    found = [(_times(law), law.share) for law in laws]
    if len(found) == 1:
        return found[0][0]
    total = sum(share for _, share in found)
    parts = []
    for times, share in found:
        n = max(1, round(MIXED * share / total))
        parts.append(np.quantile(times, (np.arange(n) + 0.5) / n, method="inverted_cdf"))
    return np.sort(np.concatenate(parts))


def _times(law: LeadLaw) -> Array:
    times = times_of(law.parts)
    if law.gap is None and law.departures <= 0.0:
        return times
    u = (np.arange(128) + 0.5) / 128
    if law.gap is None:
        wait = law.departures * u
    else:  # the gap that a moment falls into is picked by its length, the moment anywhere in it
        gaps = np.sort(np.maximum(equally_likely(law.gap), 0.0))
        beyond = np.concatenate(([0.0], np.cumsum(gaps)))
        inside = np.searchsorted(beyond, u * beyond[-1], "right") - 1
        wait = np.sort(np.multiply.outer(gaps[inside], u).ravel())[64::128]
    short = times if len(times) <= 128 else np.sort(times)[: len(times) // 128 * 128].reshape(128, -1).mean(axis=1)
    return np.sort(np.add.outer(short, wait).ravel())
