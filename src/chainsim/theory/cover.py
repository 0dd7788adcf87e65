"""How many demands an order must cover, where demand comes once a period: whole demands, never parts of them.

An order that is placed at a review meets the demands at φ, φ + e, φ + 2e … after it: e the period of demand, φ the
*phase*. Receipts come before the demand of their instant, so that before its receipt at L an order waits for

    n(L) = max(⌈(L − φ) / e⌉, 0)

demands, and until the next review's order is received for n(L + R). φ = e where reviews come at the instants of demand
and after it, 0 where they come before it. An order meets whole demands, the rest is counting; compare Silver, Pyke &
Thomas, Inventory and Production Management in Supply Chains, 4th ed. (2017), §6.9, and P. Zipkin, Foundations of
Inventory Management (2000), chapter 9.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import gcd
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Integers = NDArray[np.int64]

EPS = 1e-9  # of a period: times are whole ticks, far apart on this scale
JUST_ABOVE_0 = 1e-6  # of a period: an order after demand never arrives before the demand it follows
STRIPS = 16  # phases that stand for all of them where they are equally likely
MOST_PHASES = 48  # more phases than these that come round are taken as equally likely


@dataclass(frozen=True)
class Rhythm:
    """When demand comes and when stock is reviewed.

    every: period of demand e (time).
    interval: time between two reviews that may order: R, or e where reviews are continuous or more frequent than demand.
    phases: times φ from such a review to the next demand, equally likely, each in [0, e].
    before: reviews come before the demand of their instant; else a lead time of 0 counts as just above 0.

    >>> daily = Rhythm.of(every=1.0, review=1.0)
    >>> daily.waited([2.0, 2.01, 2.5, 3.0]).tolist()  # reviews after demand: 2.01 days meet as many as 3
    [[1, 2, 2, 2]]
    >>> daily.until_next([2.0, 2.01]).tolist()  # L + R − 1 periods of whole L: no more, no less
    [[2, 3]]
    >>> Rhythm.of(every=1.0, review=1.0, before=True).until_next([2.0, 2.01]).tolist()
    [[3, 4]]
    """

    every: float
    interval: float
    phases: tuple[float, ...]
    before: bool = False

    @classmethod
    def of(cls, every: float, review: float = 0.0, before: bool = False) -> Rhythm:
        """Reviews at the instants of demand (or continuous: after each demand), after demand or `before` it."""
        if review < every * (1.0 - EPS):
            before = before and review > 0.0  # continuous review follows the demand it sees, under either convention
            return cls(every, every, (every - review if before else every,), before)
        return cls(every, review, (0.0 if before else every,), before)

    @property
    def per_interval(self) -> float:
        """Mean number of demands between two reviews that may order."""
        return self.interval / self.every

    def waited(self, leads: Any) -> Integers:
        """n(L), a row for each phase: demands after an order and before its receipt."""
        return self._count(np.asarray(leads, np.float64), 0.0)

    def until_next(self, leads: Any) -> Integers:
        """n(L + R), a row for each phase: demands after an order and before the receipt of the next review's order."""
        return self._count(np.asarray(leads, np.float64), self.interval)

    def between(self) -> Integers:
        """Demands between two reviews, one number for each phase; they differ where R is no multiple of e."""
        now = np.zeros(1)
        return np.asarray((self.until_next(now) - self.waited(now))[:, 0], np.int64)

    def _count(self, leads: Array, more: float) -> Integers:
        time = leads if self.before else np.maximum(leads, JUST_ABOVE_0 * self.every)
        phases = np.asarray(self.phases)[:, None]
        return np.asarray(np.maximum(np.ceil((time + more - phases) / self.every - EPS), 0.0), np.int64)


@lru_cache(maxsize=4096)
def phases_of(every: int, review: int, gap: int | None, before: bool) -> tuple[int, ...]:
    """The phases φ of reviews that are `gap` ticks after an instant of demand (None: at random), all times in whole ticks.

    Where R is a whole number of periods there is one phase; where R and e have a common measure they come round; else,
    and for a random gap, all are equally likely. Continuous review has `review` 0.

    >>> phases_of(10, 10, 0, before=False), phases_of(10, 10, 0, before=True), phases_of(10, 20, 4, before=False)
    ((10,), (0,), (6,))
    >>> phases_of(10, 15, 0, before=False)  # every other review comes between two demands
    (10, 5)
    >>> phases_of(10, 5, 2, before=False)  # reviews at 2 and 7: the first of them sees the demand of 0
    (8,)
    """
    if review == 0:
        return (every,)
    if review < every:  # demands look for the next review: at once, or so much later
        common = gcd(review, every)
        if gap is None or review // common > MOST_PHASES:
            return tuple(round(every - (k + 0.5) / STRIPS * review) for k in range(STRIPS))
        delays = [(gap - k * every) % review for k in range(review // common)]
        return tuple(every - (review if delay == 0 and before else delay) for delay in delays)
    common = gcd(review, every)
    if gap is None or every // common > MOST_PHASES:
        return tuple(round((k + 0.5) / STRIPS * every) for k in range(STRIPS))
    ages = [(gap + k * review) % every for k in range(every // common)]  # since the last demand
    return tuple((0 if before else every) if age == 0 else every - age for age in ages)


def moments_of(counts: Integers) -> tuple[float, float]:
    """Mean and standard deviation of equally likely counts.

    >>> moments_of(Rhythm.of(every=1.0, review=1.0).until_next([2.0, 3.0]))
    (2.5, 0.5)
    """
    return float(counts.mean()), float(counts.std())


def in_words(counts: Integers, noun: str = "demand") -> str:
    """'2 demands', '2 or 3 demands', '2 to 7 demands'.

    >>> in_words(np.array([2, 3])), in_words(np.array([1])), in_words(np.array([2, 5, 7]))
    ('2 or 3 demands', '1 demand', '2 to 7 demands')
    """
    low, high = int(counts.min()), int(counts.max())
    if low == high:
        return f"{low} {noun}{'' if low == 1 else 's'}"
    return f"{low} {'or' if high == low + 1 else 'to'} {high} {noun}s"
