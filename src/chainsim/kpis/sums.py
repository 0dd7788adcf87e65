"""Sums over groups of stock points, for a block of replications at once.

The members of a group are added one after the other, from 0 on, in the order given: a number does not depend on how
many replications, groups or buckets are added up together.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from chainsim.record.stack import add_up

Array = np.ndarray[Any, Any]


class Sums:
    """Sums over `count` groups, given as pairs (group, stock point).

    >>> sums = Sums(np.array([0, 0, 1]), np.array([0, 2, 1]), 2)
    >>> sums(np.array([[1.0, 2.0, 4.0]]))
    array([[5., 2.]])
    """

    def __init__(self, group: Array, point: Array, count: int) -> None:
        self.group, self.point, self.count = group, point, count

    def __call__(self, values: Array) -> Array:
        """Sums of values [replications, points] or [replications, points, more]: the same with groups for points."""
        if values.ndim == 2:
            return add_up(self.group, values.take(self.point, axis=1), self.count)
        if values.shape[2] == 1:
            return self(values[:, :, 0])[:, :, None]
        out = np.zeros((len(values), self.count, values.shape[2]))
        for groups, members in self._by_size:
            # along any axis but the last NumPy adds in order (along the last one it would add in pairs)
            out[:, groups] = np.add.reduce(values.take(members, axis=1), axis=2, initial=0.0)
        return out

    @cached_property
    def _by_size(self) -> list[tuple[Array, Array]]:
        """Groups of the same number of members: which they are, and their members [groups, members]."""
        size = np.bincount(self.group, minlength=self.count)
        order = np.argsort(self.group, kind="stable")
        found = []
        for n in np.unique(size[size > 0]).tolist():
            groups = np.flatnonzero(size == n)
            found.append((groups, self.point[order][size[self.group[order]] == n].reshape(len(groups), n)))
        return found


class RowSums(Sums):
    """Sums over groups of stock points, of what is kept of rows, each of several stock points: NaN where a group has a row in part only.

    >>> sums = RowSums.of(np.array([0, 0, 1]), np.array([0, 1, 0]), 2, row=np.array([0, 0, 1]))
    >>> sums(np.array([[3.0, 4.0]]))
    array([[ 3., nan]])
    """

    def __init__(self, group: Array, row: Array, count: int, broken: Array) -> None:
        super().__init__(group, row, count)
        self.broken = broken

    @classmethod
    def of(cls, group: Array, point: Array, count: int, row: Array) -> RowSums:
        """From pairs (group, stock point). row: of each stock point."""
        size = np.bincount(row)
        pair, members = np.unique(group * len(size) + row[point], return_counts=True)
        groups, rows = pair // len(size), pair % len(size)
        broken = np.bincount(groups, members < size[rows], count) > 0
        return cls(groups, rows, count, broken)

    def __call__(self, values: Array) -> Array:
        """Sums of values [replications, rows] or [replications, rows, more]: the same with groups for rows."""
        out = super().__call__(values)
        out[:, self.broken] = np.nan
        return out
