"""Periodic (s, S) with customers in continuous time and deliveries after a random lag: Law & Kelton's inventory system.

At times 0, 1, 2 …: if the level I is below s (strictly), order S − I; it is delivered after a lag uniform on [low, high],
high ≤ 1, hence before the next review. Customers come as a Poisson process and take several units; backorders. Costs: K
per order, c per unit ordered, h and b per unit and period, integrated over time.

Source: Law, Simulation Modeling and Analysis, 5th ed. (2015), §1.5. The values are exact; the book's table shows one run
of 120 months each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
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
    sizes: Sequence[float]
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

    @cached_property
    def _instants(self) -> list[tuple[float, float, Lattice]]:
        """(weight, P(delivered by then), demand by then) at the nodes of the integration over one period."""
        low, high = self.lag
        if not 0.0 <= low < high <= 1.0:
            raise ValueError("the lag must lie within one period")
        x, w = np.polynomial.legendre.leggauss(NODES)
        found = []
        for start, end in ((0.0, low), (low, high), (high, 1.0)):
            for node, weight in zip(x, w, strict=True):
                time = float(start + (end - start) * (node + 1.0) / 2.0)
                delivered = min(max((time - low) / (high - low), 0.0), 1.0)
                if end > start:
                    demand = compound_poisson(self.rate * time, self.sizes)
                    found.append((float(weight) * (end - start) / 2.0, delivered, demand))
        return found

    def _costs(self, review: Lattice, s: int, S: int) -> Costs:
        """Mean costs of a period whose level at the review is distributed as `review`."""
        orders = review.probability_up_to(s - 1)
        below = np.maximum(s - 1 - review.values, 0.0) + (S - s + 1)
        units = float((below * review.mass)[review.values < s].sum())
        waiting: Array = np.where(review.values < s, review.mass, 0.0)  # an order is under way
        on_hand = backorders = 0.0
        for weight, delivered, demand in self._instants:
            owed = demand.shortages(review.first, review.last)
            owed_at_S = demand.shortage(S)
            short = review.mass @ owed - delivered * (waiting @ owed - orders * owed_at_S)
            level = review.mean + delivered * units - demand.mean
            backorders += weight * float(short)
            on_hand += weight * (level + float(short))
        return Costs(
            self.order_cost * orders + self.unit_cost * units,
            self.holding_cost * on_hand,
            self.backorder_cost * backorders,
        )
