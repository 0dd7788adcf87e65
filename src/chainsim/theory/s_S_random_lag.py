"""Periodic (s, S) with customers in continuous time and deliveries after a random lag: Law & Kelton's inventory system.

At times 0, 1, 2 …: if the level I is below s (strictly), order S − I; it is delivered after a lag uniform on [low, high],
high ≤ 1, hence before the next review. Customers come as a Poisson process and take several units; backorders. Costs: K
per order, c per unit ordered, h and b per unit and period, integrated over time.

Source: Law, Simulation Modeling and Analysis, 5th ed. (2015), §1.5. The values are exact; the book's table shows one run
of 120 months each.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np

from chainsim.theory.compound_poisson import compound_poisson
from chainsim.theory.lattice import Array, Lattice
from chainsim.theory.s_S import renewal_density

NODES = 20  # of Gauss-Legendre integration on each side of a kink


class Costs(NamedTuple):
    """Mean costs per period: ordering, holding, backorders."""

    order: float
    holding: float
    backorder: float

    @property
    def total(self) -> float:
        return sum(self)


@dataclass(frozen=True)
class RandomLag:
    """The system but for its policy. rate: customers per period; sizes[j] = P(a customer wants j + 1 units); lag: (low,
    high) in periods.

    >>> book = RandomLag(10.0, (0.167, 0.333, 0.333, 0.167), (0.5, 1.0), 32.0, 3.0, 1.0, 5.0)
    >>> round(book.long_run(20, 40).total, 3), round(book.first_periods(20, 40, level=60, periods=120).total, 3)
    (126.599, 125.125)
    """

    rate: float
    sizes: tuple[float, ...]
    lag: tuple[float, float]
    order_cost: float
    unit_cost: float
    holding_cost: float
    backorder_cost: float

    def long_run(self, s: int, S: int) -> Costs:
        """Long-run mean costs: levels after the review have the renewal distribution of a period's demand."""
        density = np.asarray(renewal_density(list(map(float, self._period.mass)), S - s + 1))
        after = Lattice(1.0, s, density[::-1] / density.sum())
        return self._costs(after.plus(self._period.negative()), s, S)

    def first_periods(self, s: int, S: int, level: int, periods: int) -> Costs:
        """Mean costs of the first periods, from a level at the review at time 0 and nothing on order; the run ends before
        the next review."""
        now = Lattice.point(float(level))
        total = np.zeros(3)
        for _ in range(periods):
            total += self._costs(now, s, S)
            ordered = now.probability_up_to(s - 1)
            kept = now.mass[now.values >= s]
            first = max(now.first, s)
            after = np.zeros(max(first + len(kept), S + 1) - s)
            after[first - s : first - s + len(kept)] = kept
            after[S - s] += ordered
            now = Lattice(1.0, s, after).plus(self._period.negative())
        return Costs(*map(float, total / periods))

    @cached_property
    def _period(self) -> Lattice:
        return compound_poisson(self.rate, self.sizes)

    def _costs(self, review: Lattice, s: int, S: int) -> Costs:
        """Mean costs of a period whose level at the review is distributed as `review`."""
        orders = review.probability_up_to(s - 1)
        below = review.values < s
        units = float((S - review.values[below]) @ review.mass[below])
        waiting: Array = np.where(below, review.mass, 0.0)  # an order is under way
        low = min(review.first, S)
        demand, delivered, owed, once_in = _integrals(self.rate, self.sizes, self.lag, low, max(review.last, S))
        at = slice(review.first - low, review.last - low + 1)
        full = float(once_in[S - low])  # what an order that is in leaves short
        short = float(review.mass @ owed[at] - waiting @ once_in[at]) + orders * full
        on_hand = review.mean + delivered * units - demand + short
        return Costs(
            self.order_cost * orders + self.unit_cost * units,
            self.holding_cost * on_hand,
            self.backorder_cost * short,
        )


@lru_cache(maxsize=512)
def _integrals(
    rate: float, sizes: tuple[float, ...], lag: tuple[float, float], first: int, last: int
) -> tuple[float, float, Array, Array]:
    """Over one period: mean demand so far, share of time an order is in, and for levels first … last the integrals of
    E[(D(u) − x)⁺] and of the same times P(delivered by u)."""
    low, high = lag
    if not 0.0 <= low < high <= 1.0:
        raise ValueError("the lag must lie within one period")
    x, w = np.polynomial.legendre.leggauss(NODES)
    demand = share = 0.0
    owed, once_in = np.zeros(last - first + 1), np.zeros(last - first + 1)
    for start, end in ((0.0, low), (low, high), (high, 1.0)):
        for node, weight in zip(x, (end - start) / 2.0 * w, strict=True):
            time = float(start + (end - start) * (node + 1.0) / 2.0)
            delivered = min(max((time - low) / (high - low), 0.0), 1.0)
            so_far = compound_poisson(rate * time, sizes)
            short = so_far.shortages(first, last)
            demand += weight * so_far.mean
            share += weight * delivered
            owed += weight * short
            once_in += weight * delivered * short
    return float(demand), float(share), owed, once_in
