"""One stock point with unlimited supply, as plain arrays: its demand events, its lead time, its reviews.

All laws are probabilities on a lattice of steps (units, or parts of one for divisible products). Sums of n events are
powers of the event's transform, compound Poisson demand over a time t is exp(λt(f − 1)), mixtures are weighted sums of
transforms: no recursion, no underflow. H. Tijms 2003, A First Course in Stochastic Models, §1.2 and appendix D.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import ceil, log2
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from chainsim.theory.counts import Counts, polynomial
from chainsim.theory.cover import Rhythm
from chainsim.theory.crossing import FEW, few, in_order_of_placement, in_order_of_receipt

Array = NDArray[np.float64]
Transform = NDArray[Any]
Orders = Literal["cross", "queue", "keep"]

JUST = 1e-9
FEW_HELD = 8  # transforms of a stock point, and lead times in order of receipt, that are held for other lots
FEW_COUNTS = 8  # random counts told apart one by one
FEW_TIMES, GRID_TIMES = 8, 128  # random times told apart one by one, and cells that many are put into
SPREADS = 12.0  # standard deviations of demand that the lattice reaches beyond its mean


@dataclass(frozen=True)
class Stage:
    """A stock point by itself.

    size: P(one demand event wants k steps), k = 0, 1, 2 …
    leads: equally likely lead times of one order, drawn independently.
    rhythm: when demand comes and is reviewed, for demand once a period; None: customers in continuous time.
    rate: customers per time unit in continuous time; review: time between reviews there (0: continuous review).
    dispersion: variance ÷ mean of the number of customers over long times; 1 is Poisson.
    orders: 'cross' (each has its own lead time), 'queue' (the later waits for the earlier), 'keep' (the lead times are
        such that none overtakes, as with departures).
    lost: unmet demand is lost.

    >>> stage = Stage(size=np.array([0.0, 1.0]), leads=np.array([2.0]), rate=3.0)
    >>> stage.per_time, stage.between_mean
    (3.0, 1.0)
    """

    size: Array
    leads: Array
    rhythm: Rhythm | None = None
    rate: float = 0.0
    review: float = 0.0
    dispersion: float = 1.0
    orders: Orders = "cross"
    lost: bool = False

    @cached_property
    def event_mean(self) -> float:
        """Steps of one event."""
        return float(np.arange(len(self.size)) @ self.size)

    @cached_property
    def event_square(self) -> float:
        """Mean square of one event."""
        return float(np.arange(len(self.size)) ** 2 @ self.size)

    @property
    def per_time(self) -> float:
        """Steps per time unit."""
        return self.event_mean / self.rhythm.every if self.rhythm else self.event_mean * self.rate

    @property
    def variance_per_time(self) -> float:
        """Steps² per time unit."""
        if self.rhythm:
            return (self.event_square - self.event_mean**2) / self.rhythm.every
        return self.rate * (self.event_square + (self.dispersion - 1.0) * self.event_mean**2)

    @property
    def interval(self) -> float:
        """Time between two reviews that may order; 0 for customers one by one."""
        return self.rhythm.interval if self.rhythm else self.review

    @property
    def between_mean(self) -> float:
        """Mean demand between two reviews; of one customer, where each is reviewed."""
        if self.rhythm:
            return self.rhythm.per_interval * self.event_mean
        return self.per_time * self.review or self.event_mean

    @cached_property
    def random_lead(self) -> bool:
        """Whether lead times differ."""
        return float(np.ptp(self.leads)) > JUST

    @cached_property
    def sorted_leads(self) -> Array:
        """Lead times in rising order."""
        return np.sort(self.leads)

    @cached_property
    def few_leads(self) -> bool:
        """Whether lead times are of a lattice of few values, such as whole days."""
        return len(np.unique(self.leads)) <= FEW

    def leads_of_orders(self, order: float) -> Array:
        """Lead times as receipts see them, for orders of this mean size (steps)."""
        if not self.random_lead or self.orders == "keep":
            return self.leads
        spacing = max(order / self.per_time, self.interval)
        found = self._latest.get(spacing)  # a curve and its cost ask in turn
        if found is None:
            if len(self._latest) >= FEW_HELD:
                self._latest.clear()
            ranked = in_order_of_placement if self.orders == "queue" else in_order_of_receipt
            found = self._latest[spacing] = ranked(self.leads, spacing)
        return found

    @cached_property
    def _latest(self) -> dict[float, Array]:
        return {}

    def sums(self, reach: int) -> Sums:
        """Transforms that hold a level of so many steps: lots of about the same size share them."""
        length = length_for(reach)
        found = self._sums.get(length)
        if found is None:
            if len(self._sums) >= FEW_HELD:
                self._sums.clear()
            found = self._sums[length] = Sums(self, reach)
        return found

    @cached_property
    def _sums(self) -> dict[int, Sums]:
        return {}

    def reach(self, lot: int) -> int:
        """A level (steps) that no demand over an order's cover will pass."""
        horizon = float(self.leads.max()) + self.interval + (2.0 * self.rhythm.every if self.rhythm else 0.0)
        if self.rhythm:
            variance = self.variance_per_time * horizon
        else:
            variance = self.event_square * self.rate * max(self.dispersion, 1.0) * horizon
        spread = SPREADS * variance**0.5
        return int(self.per_time * horizon + spread + len(self.size) + lot + 20)


def length_for(reach: int) -> int:
    """Points of a transform that holds a level of so many steps."""
    return 1 << ceil(log2(max(1.3 * reach, 64.0)))


class Sums:
    """Demand over events and times as transforms of one length; `mass` makes a law of one."""

    def __init__(self, stage: Stage, reach: int) -> None:
        self.stage = stage
        self.length = length_for(reach)
        self.one: Transform = self.transform(stage.size)
        self.none: Transform = np.ones_like(self.one)

    def transform(self, mass: Array) -> Transform:
        """The transform of a law that begins at 0."""
        return np.asarray(np.fft.rfft(mass[: self.length], self.length))

    def mass(self, transform: Transform) -> Array:
        """The law of a transform, noise below 0 cut."""
        return np.asarray(np.maximum(np.fft.irfft(transform, self.length), 0.0), np.float64)

    def events(self, counts: Any) -> Transform:
        """The sum of n events; of a random number, where `counts` are equally likely."""
        values, weights = np.unique(np.asarray(counts, np.int64), return_counts=True)
        if len(values) > FEW_COUNTS:
            return self.counted(Counts.of(values, weights))
        total = sum(w * self._of(int(k)) for k, w in zip(values, weights, strict=True))
        return np.asarray(total / weights.sum())

    def _of(self, count: int) -> Transform:
        """The sum of so many events."""
        found = self._powers.get(count)
        if found is None:
            found = self._powers[count] = self.one**count
        return found

    @cached_property
    def _powers(self) -> dict[int, Transform]:
        return {}

    def counted(self, counts: Counts) -> Transform:
        """The sum of a random number of events."""
        return np.asarray(polynomial(counts.shares, self.one**counts.step) * self.one**counts.first)

    def over(self, times: Any) -> Transform:
        """Demand in continuous time over a time, or over equally likely times.

        Many times are put on an even grid t_0 + jΔ, each shared between its neighbours so that the mean is kept; then
        Σ w_j·exp((t_0 + jΔ)·u) is a polynomial in exp(Δ·u), a tenth of the work.
        """
        if isinstance(times, float):  # np.float64 too
            return self._customers(times)
        given = np.atleast_1d(np.asarray(times, np.float64))
        low, high = float(given.min()), float(given.max())
        if high - low > JUST and len(given) > FEW_TIMES and self.stage.dispersion >= 1.0 - JUST:
            cells = (given - low) * (GRID_TIMES / (high - low))
            below = np.minimum(cells.astype(np.int64), GRID_TIMES - 1)
            part = cells - below
            shares = np.bincount(below, 1.0 - part, GRID_TIMES + 1) + np.bincount(below + 1, part, GRID_TIMES + 1)
            mixed = polynomial(np.asarray(shares, np.float64), self._customers((high - low) / GRID_TIMES))
            return np.asarray(mixed * self._customers(low) / len(given))
        values, weights = np.unique(few(given), return_counts=True)
        total = sum(w * self._customers(float(t)) for t, w in zip(values, weights, strict=True))
        return np.asarray(total / weights.sum())

    def waited(self, leads: Array) -> Transform:
        """Demand after an order and before its receipt, D(n(L)) or D(L)."""
        return self._waited if leads is self.stage.leads else self._waited_of(leads)

    @cached_property
    def _waited(self) -> Transform:
        return self._waited_of(self.stage.leads)

    def _waited_of(self, leads: Array) -> Transform:
        rhythm = self.stage.rhythm
        return self.events(rhythm.waited(leads)) if rhythm else self.over(leads)

    def until_next(self, leads: Array) -> Transform:
        """Demand until the next order's receipt, D(n(L + R)) or D(L + R); under continuous review, one customer more."""
        return self._until_next if leads is self.stage.leads else self._until_next_of(leads)

    @cached_property
    def _until_next(self) -> Transform:
        return self._until_next_of(self.stage.leads)

    def _until_next_of(self, leads: Array) -> Transform:
        rhythm, review = self.stage.rhythm, self.stage.review
        if rhythm:
            return self.events(rhythm.until_next(leads))
        return self.over(leads + review) if review else np.asarray(self.over(leads) * self.one)

    @cached_property
    def law_between(self) -> Array:
        """The law of demand between two reviews."""
        return self.mass(self.between())

    def between(self) -> Transform:
        """Demand between two reviews, B; one customer, where each is reviewed."""
        if self.stage.rhythm:
            return self.events(self.stage.rhythm.between())
        return self.over(self.stage.review) if self.stage.review else self.one

    @cached_property
    def above_none(self) -> Transform:
        """f − 1, of one event."""
        return np.asarray(self.one - 1.0)

    @cached_property
    def _remembered(self) -> Transform:
        """Of negative binomial counts, what is the same over any time."""
        return np.asarray(np.log(1.0 - (self.stage.dispersion - 1.0) * self.above_none))

    def _customers(self, time: float) -> Transform:
        """(a, b, 0) counts of customers: binomial, Poisson or negative binomial by their dispersion."""
        mean, more = self.stage.rate * time, self.stage.dispersion - 1.0
        if mean <= 0.0:
            return self.none
        if abs(more) < JUST:
            return np.asarray(np.exp(mean * self.above_none))
        if more > 0.0:
            return np.asarray(np.exp(-mean / more * self._remembered))
        trials = max(1, ceil(mean / -more - JUST))
        return np.asarray((1.0 + mean / trials * self.above_none) ** trials)
