"""A random number of events, on an even grid of counts: as many terms as are enough, however many counts there are.

A count between two points of the grid is shared between them so that the mean is kept; where counts span few, the grid is
the counts themselves and nothing is lost. Over a span of n cells the variance grows by at most (span / 2n)², 4·10⁻⁶ of span².
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, floor
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

CELLS = 256


class Counts(NamedTuple):
    """P(N = first + k·step) = shares[k].

    >>> Counts.of(np.array([2, 5]), np.array([1.0, 3.0]))
    Counts(first=2, step=1, shares=array([0.25, 0.  , 0.  , 0.75]))
    >>> many = Counts.of(np.arange(100_000), np.ones(100_000))
    >>> len(many.shares), round(many.mean, 6)
    (257, 49999.5)
    """

    first: int
    step: int
    shares: Array

    @classmethod
    def of(cls, values: Any, weights: Any) -> Counts:
        """Counts with these weights; a mean count of 2.5 is 2 or 3."""
        first, step, cells = _grid(floor(np.min(values)), ceil(np.max(values)))
        place = (np.asarray(values) - first) / step
        below = np.minimum(place.astype(np.int64), max(cells - 1, 0))
        part = place - below
        shares = np.bincount(below, weights * (1.0 - part), cells + 2) + np.bincount(
            below + 1, weights * part, cells + 2
        )
        return cls(first, step, np.asarray(shares[: cells + 1] / np.sum(weights), np.float64))

    @classmethod
    def of_loss(cls, low: int, high: int, loss: Callable[[int], float]) -> Counts:
        """Counts from `low` to `high` with E[(N − k)⁺] = loss(k), up to a factor: a share is a second difference of it,
        which is what sharing between two neighbours gives.

        >>> Counts.of_loss(0, 2, lambda k: 0.5 * max(2 - k, 0) + 0.5 * max(1 - k, 0)).shares.tolist()
        [0.0, 0.5, 0.5]
        """
        first, step, cells = _grid(low, high)
        known = np.array([loss(first + k * step) for k in range(-1, cells + 2)])
        shares = np.maximum(known[:-2] - 2.0 * known[1:-1] + known[2:], 0.0)
        return cls(first, step, np.asarray(np.trim_zeros(shares, "b") / shares.sum(), np.float64))

    @property
    def mean(self) -> float:
        """E[N]."""
        return self.first + self.step * float(np.arange(len(self.shares)) @ self.shares)


def _grid(low: int, high: int) -> tuple[int, int, int]:
    """First point, step and cells."""
    step = max(-(-(high - low) // CELLS), 1)
    return low, step, -(-(high - low) // step)


def polynomial(shares: Array, x: Any) -> Any:
    """Σ shares[k]·xᵏ at every x, by Horner's rule.

    >>> polynomial(np.array([1.0, 2.0, 3.0]), np.array([0.0, 1.0, 2.0])).tolist()
    [1.0, 6.0, 17.0]
    """
    total = np.full_like(x, shares[-1])
    for share in shares[-2::-1]:
        total *= x
        total += share
    return total
