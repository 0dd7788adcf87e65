"""Demand over an interval as probabilities on a lattice: whole units, or a fine grid for continuous demand.

The multi-echelon recursions add, shift and cut such distributions, which closed forms do not survive.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import ceil, floor, log, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from chainsim.theory.positions import convolved

Array = NDArray[np.float64]
Integers = NDArray[np.int64]

TAIL = 1e-12  # probability left out at each end
FAR = -float(special.ndtri(TAIL))
FEW_PRODUCTS = 200_000
MOST_POINTS, MOST_IN_BATCH = 50_000.0, 4_000.0
MOST_WHOLE = 20_000.0  # larger mean demands are put on a coarser grid than single units
SHORT_WINDOW = 32  # means over longer windows are differences of running sums
LARGE_CV = 0.5  # above this a normal demand would be negative too often: Silver, Pyke & Thomas (2017) §6.7.14


@dataclass(frozen=True)
class Lattice:
    """A random quantity X with P(X = (first + k)·step) = mass[k].

    >>> two = Lattice.poisson(2.0)
    >>> round(two.mean, 6), two.quantile(0.95), round(two.shortage(3.0), 4)
    (2.0, 5.0, 0.218)
    """

    step: float
    first: int
    mass: Array

    @classmethod
    def point(cls, value: float, step: float = 1.0) -> Lattice:
        """A constant, rounded to the lattice."""
        return cls(step, round(value / step), np.ones(1))

    @classmethod
    def poisson(cls, mean: float) -> Lattice:
        """Poisson distributed whole units."""
        last = ceil(float(special.pdtrik(1.0 - TAIL, mean)))
        k = np.arange(last + 1)
        return cls(1.0, 0, _whole(np.exp(special.xlogy(k, mean) - special.gammaln(k + 1.0) - mean)))

    @classmethod
    def negative_binomial(cls, mean: float, sd: float) -> Lattice:
        """Whole units with variance above the mean: negative binomial with these two moments.

        Its probabilities by their ratios (k + r)(1 − p) / (k + 1), in logarithms: a search asks for thousands of them, and
        a general library takes twenty times as long.
        """
        p = mean / sd**2
        r = mean * p / (1.0 - p)
        most = ceil(mean + 8.0 * sd + 30.0 / p)  # beyond it less than TAIL: a bell, then a geometric tail
        k = np.arange(most)
        logs = np.concatenate(([0.0], np.cumsum(np.log((k + r) / (k + 1.0) * (1.0 - p))))) + r * log(p)
        mass = np.exp(logs)
        last = most - int(np.searchsorted(np.cumsum(mass[::-1]), TAIL))
        return cls(1.0, 0, _whole(mass[: last + 1]))

    @classmethod
    def normal(cls, mean: float, sd: float, step: float) -> Lattice:
        """Normal, each lattice value standing for the cell around it."""
        reach = FAR * sd
        first, last = floor((mean - reach) / step), ceil((mean + reach) / step)
        return cls._cells(lambda edges: special.ndtr((edges - mean) / sd), first, last, step)

    @classmethod
    def gamma(cls, mean: float, sd: float, step: float) -> Lattice:
        """Gamma with these two moments, each lattice value standing for the cell around it."""
        shape, scale = (mean / sd) ** 2, sd**2 / mean
        last = ceil(scale * float(special.gammainccinv(shape, TAIL)) / step)
        return cls._cells(
            lambda edges: np.asarray(special.gammainc(shape, np.maximum(edges, 0.0) / scale), np.float64), 0, last, step
        )

    @classmethod
    def demand(cls, mean: float, sd: float, step: float, whole: bool) -> Lattice:
        """Demand with this mean and standard deviation.

        Whole units: Poisson when the variance is the mean, negative binomial when it is larger, else normal (Axsäter,
        Inventory Control, 3rd ed. 2015, §5.1). Otherwise normal, or gamma when sd / mean exceeds one half.
        """
        return _demand(mean, sd, step, whole)

    @classmethod
    def _cells(cls, cdf: Callable[[Array], Array], first: int, last: int, step: float) -> Lattice:
        edges = (np.arange(first, last + 2, dtype=np.float64) - 0.5) * step
        return cls(step, first, _whole(np.diff(cdf(edges))))

    @property
    def last(self) -> int:
        return self.first + len(self.mass) - 1

    @cached_property
    def values(self) -> Array:
        return np.asarray(np.arange(self.first, self.last + 1) * self.step, np.float64)

    @cached_property
    def mean(self) -> float:
        return _sum(self.values, self.mass)

    @cached_property
    def variance(self) -> float:
        off = self.values - self.mean
        return _sum(off * off, self.mass)

    def probability_up_to(self, level: float) -> float:
        """P(X ≤ level)."""
        return float(self.mass[self.values <= level + 1e-9 * self.step].sum())

    def quantile(self, probability: float) -> float:
        """Smallest lattice value x with P(X ≤ x) ≥ probability."""
        k = int(np.searchsorted(np.cumsum(self.mass), probability - TAIL))
        return (self.first + min(k, len(self.mass) - 1)) * self.step

    def shortage(self, level: float) -> float:
        """E[(X − level)⁺], the loss function."""
        return _sum(np.maximum(self.values - level, 0.0), self.mass)

    def shortages(self, first: int, last: int) -> Array:
        """E[(X − n·step)⁺] for n = first … last at once."""
        beyond = 1.0 - np.concatenate(([0.0], np.cumsum(self.mass)))  # P(X ≥ (first + k)·step)
        tail = np.concatenate((np.cumsum(beyond[::-1])[::-1] * self.step, [0.0]))  # E[(X − (first + k − 1)·step)⁺]
        n = np.arange(first, last + 1)
        below = self.mean - n * self.step
        inside = tail[np.clip(n - self.first + 1, 0, len(tail) - 1)]
        return np.where(n < self.first, below, np.maximum(inside, 0.0))

    def plus(self, other: Lattice) -> Lattice:
        """The sum with an independent quantity on the same lattice."""
        few = len(self.mass) * len(other.mass) <= FEW_PRODUCTS
        mass = np.convolve(self.mass, other.mass) if few else convolved(self.mass, other.mass)
        return Lattice(self.step, self.first + other.first, _whole(np.maximum(mass, 0.0)))

    def negative(self) -> Lattice:
        """−X."""
        return Lattice(self.step, -self.last, self.mass[::-1])


@dataclass(frozen=True)
class DemandEvent:
    """One demand event as a fill rate sees it: its size in units, and the part of the protection interval it takes.

    `time` is 0 for single arrivals in continuous time; for demand that is served once per period, or reviewed once per
    interval, it is that length, and `mean` and `sd` are of the demand over it.
    """

    mean: float = 1.0
    sd: float = 0.0
    time: float = 0.0

    def size(self, step: float, whole: bool) -> Lattice:
        size = Lattice.demand(self.mean, self.sd, step, whole)
        return size if size.mean > 0.0 else Lattice.point(step, step)  # less than half a step of a coarse lattice


def step_for(means: Sequence[float], sds: Sequence[float], whole: bool, batches: Sequence[float] = ()) -> float:
    """A lattice step for demands with these moments, ordered in batches: one unit where units are few, else a hundredth
    of the smallest sd; but no more than 50 000 points in all and 4 000 in a batch, so that no cost or spread makes a
    lattice without end.

    >>> step_for([40.0], [8.0], whole=True), step_for([40.0], [8.0], whole=False)
    (1.0, 0.08)
    >>> step_for([40.0], [8.0], True, [1e6])
    250.0
    """
    reach = sum(means) + 14.0 * sqrt(sum(sd**2 for sd in sds))
    tail = 30.0 * max((sd**2 / mean for mean, sd in zip(means, sds, strict=True) if mean > 0.0), default=0.0)
    least = max(max(reach, tail) / MOST_POINTS, max(batches, default=0.0) / MOST_IN_BATCH)
    if whole and sum(means) <= MOST_WHOLE and least <= 1.0:
        return 1.0
    positive = [sd for sd in sds if sd > 0.0]
    if not positive:
        return 1.0 if reach <= 0.0 else reach / 10_000.0
    return max(min(positive) / 100.0, least)


def fill_rate(net_stock: Lattice, event: Lattice) -> float:
    """Share of units served from stock at once: 1 − {E[(Z − IL)⁺] − E[(−IL)⁺]} / E[Z], Z the size of one demand event
    and IL the net stock just before it (independent of each other).

    For unit demands this is P(IL > 0).

    >>> level = Lattice.point(3.0)
    >>> round(fill_rate(level.plus(Lattice.poisson(2.0).negative()), Lattice.point(1.0)), 4)
    0.6767
    """
    owed = net_stock.negative()
    return 1.0 - (owed.plus(event).shortage(0.0) - owed.shortage(0.0)) / event.mean


def mean_shortage(outstanding: Lattice, level: float, batch: float) -> float:
    """E[backorders], the position spread evenly over level … level + batch − one step: (r, nQ) with r one step below.

    >>> round(mean_shortage(Lattice.poisson(2.0), 3.0, 1.0), 4)
    0.218
    """
    low, size = round(level / outstanding.step), max(1, round(batch / outstanding.step))
    return float(outstanding.shortages(low, low + size - 1).mean())


@dataclass(frozen=True)
class Curve:
    """Service by level, rising: share[k] is what the level (first + k)·step serves. Reading it for another target costs nothing."""

    step: float
    first: int
    share: Array

    def level(self, target: float) -> float:
        """Smallest level ≥ 0 at which the service reaches `target`; the highest there is where none does."""
        reached = np.flatnonzero(self.share >= target - TAIL)
        found = int(reached[0]) if len(reached) else len(self.share) - 1
        return max((self.first + found) * self.step, 0.0)


def probability_curve(outstanding: Lattice, batch: float) -> Curve:
    """P(nothing is owed) by level, averaged over a position spread evenly over level … level + batch − one step."""
    size = max(1, round(batch / outstanding.step))
    up_to = np.concatenate((np.zeros(size), np.cumsum(outstanding.mass), np.ones(size)))
    return Curve(outstanding.step, outstanding.first - size, moving_mean(up_to, size))


def fill_rate_curve(outstanding: Lattice, event: Lattice, batch: float) -> Curve:
    """Fill rate by level from 0 to where nobody is ever owed, the position spread evenly over level … level + batch − one step.
    With unit Poisson demand this is 1 − [G(r) − G(r + Q)] / Q (Silver, Pyke & Thomas 2017, §6.7.8)."""
    size = max(1, round(batch / outstanding.step))
    owed_after = outstanding.plus(event)
    last = max(owed_after.last, 0)
    short = owed_after.shortages(0, last + size) - outstanding.shortages(0, last + size)
    return Curve(outstanding.step, 0, 1.0 - moving_mean(short, size)[: last + 1] / event.mean)


def level_for_probability(outstanding: Lattice, target: float, batch: float) -> float:
    """Smallest level ≥ 0 at which nothing is owed with probability `target` (`probability_curve`). For a batch of one step this
    is the quantile.

    >>> level_for_probability(Lattice.poisson(10.0), 0.95, 1.0), level_for_probability(Lattice.poisson(10.0), 0.95, 8.0)
    (15.0, 13.0)
    """
    return probability_curve(outstanding, batch).level(target)


def level_for_fill_rate(outstanding: Lattice, event: Lattice, target: float, batch: float) -> float:
    """Smallest level ≥ 0 at which the fill rate reaches `target` (`fill_rate_curve`).

    >>> level_for_fill_rate(Lattice.poisson(2.0), Lattice.point(1.0), 0.95, batch=1.0)
    6.0
    """
    return fill_rate_curve(outstanding, event, batch).level(target)


def moving_mean(values: Array, size: int) -> Array:
    """The mean over every `size` neighbours. Long windows take running sums, since products take time of their square.

    >>> moving_mean(np.array([1.0, 2.0, 6.0]), 2).tolist()
    [1.5, 4.0]
    """
    if size == 1:
        return values
    if size <= SHORT_WINDOW:
        return np.convolve(values, np.ones(size) / size, mode="valid")
    sums = np.concatenate(([0.0], np.cumsum(values)))
    means: Array = (sums[size:] - sums[:-size]) / size
    return means


@lru_cache(maxsize=64)  # a search asks for the same demand again and again
def _demand(mean: float, sd: float, step: float, whole: bool) -> Lattice:
    if mean <= 0.0 or sd <= 1e-9 * mean:
        return Lattice.point(mean, step)
    ratio = sd**2 / mean
    if whole and step == 1.0 and abs(ratio - 1.0) < 1e-9:
        return Lattice.poisson(mean)
    if whole and step == 1.0 and ratio > 1.0:
        return Lattice.negative_binomial(mean, sd)
    return Lattice.normal(mean, sd, step) if sd <= LARGE_CV * mean else Lattice.gamma(mean, sd, step)


def _whole(mass: Any) -> Array:
    """Probabilities that sum to exactly one."""
    array: Array = np.asarray(mass, np.float64)
    return np.asarray(array / array.sum(), np.float64)


def _sum(values: Array, mass: Array) -> float:
    """Σ values·mass. Not by `@`: a library of linear algebra shares long vectors among threads, which takes longer than the sum,
    and its last digit would depend on their number."""
    return float(np.add.reduce(values * mass))
