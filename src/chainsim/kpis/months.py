"""Service month by month: a good year may hide a bad month.

A month is as many whole buckets as come closest to a twelfth of a year: four weeks, thirty days; a bucket where buckets are longer
than that, or a year is not known by its months. What is left over at the end of the window is no month.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from chainsim.kpis.view import View
from chainsim.plan.buckets import full_buckets
from chainsim.plan.plan import Clock
from chainsim.record.stack import add_up

Array = np.ndarray[Any, Any]
MONTHLY = ("demanded", "filled")
"""What is kept of every month: units end customers demanded, and of these filled at once."""


class Months(NamedTuple):
    """buckets: numbers of the first bucket of each month, and after the last; each: buckets in a month; length: time units."""

    buckets: Array
    each: int
    length: float

    def __len__(self) -> int:
        return len(self.buckets) - 1

    @classmethod
    def of(cls, edges: Array, clock: Clock) -> Months:
        """The months of a run's buckets.

        >>> months = Months.of(np.arange(0, 400, 7), Clock(28, 393, 7, 1, 365.0, "day"))
        >>> len(months), months.each, months.length, months.buckets[:2].tolist()
        (13, 4, 28.0, [4, 8])
        """
        inside = np.flatnonzero(full_buckets(edges, clock))
        width = clock.bucket / clock.ticks_per_unit
        each = max(1, round(clock.units_per_year / 12.0 / width))
        first = int(inside[0]) if len(inside) else 0
        return cls(first + each * np.arange(len(inside) // each + 1), each, each * width)


def months_block(view: View) -> Array:
    """Units of the whole network [replications, MONTHLY, months]."""
    months = Months.of(np.asarray(view.records.edges), view.plan.clock)
    return np.stack([units_by_month(view, name, months) for name in MONTHLY], axis=1)


def units_by_month(view: View, name: str, months: Months) -> Array:
    """Units of a series over the whole network [replications, months], added up in the order of time."""
    inside = np.arange(months.buckets[0], months.buckets[-1])
    by_bucket = np.add.reduce(view.series(name), axis=1).take(inside, axis=1)
    return add_up((inside - months.buckets[0]) // months.each, by_bucket, len(months))
