"""Scenario discovery: which futures break a choice, as boxes of the factors' values that a person can read.

The patient rule induction method (J. H. Friedman and N. I. Fisher, Bump hunting in high-dimensional data, Statistics and
Computing 9, 1999, 123-143), used for this by B. P. Bryant and R. J. Lempert (Thinking inside the box: a participatory,
computer-assisted approach to scenario discovery, Technological Forecasting and Social Change 77, 2010, 34-49). From the box of all
points a thin slice is peeled off again and again, each time the one that leaves the largest share of broken points. Of all boxes on
the way the one with the greatest harmonic mean of coverage and density is kept; limits that do not help it are dropped, and each one
left is told with the chance that a box without it would look as good (their quasi-p-value, a binomial tail).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import comb
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
PEEL = 0.1
"""Share of the points in a box that a slice may hold, unless one value alone holds more."""
FEWEST = 2
MOST_BOXES = 3
LEFT = 0.1
"""Further boxes are looked for while so large a share of the broken points is in none."""


@dataclass(frozen=True)
class Axis:
    """A factor: its value at every point, as numbers, or as the place of a name."""

    name: str
    values: Array
    numeric: bool


@dataclass(frozen=True)
class Limit:
    """What a box says of a factor: values of at least low, of at most high, or these names. chance: quasi-p-value of the limit."""

    axis: int
    low: float
    high: float
    kept: frozenset[float] = frozenset()
    chance: float = 1.0


@dataclass(frozen=True)
class Box:
    """points: how many lie in it; broken: of these. density: broken ÷ points; coverage: broken ÷ all broken."""

    limits: tuple[Limit, ...]
    points: int
    broken: int
    coverage: float

    @property
    def density(self) -> float:
        """Share of its points that are broken."""
        return self.broken / self.points


def discover(axes: Sequence[Axis], broken: Sequence[bool]) -> list[Box]:
    """Boxes that hold the broken points, the best first; none where no point is broken, or all are.

    >>> x = Axis("x", np.array([0.0, 1, 2, 3, 4, 5]), True)
    >>> [box] = discover([x], [False, False, False, False, True, True])
    >>> box.limits[0].low, box.density, box.coverage
    (4.0, 1.0, 1.0)
    """
    bad = np.asarray(broken, bool)
    free = np.ones(len(bad), bool)
    boxes: list[Box] = []
    total = int(bad.sum())
    while axes and 0 < total < len(bad) and len(boxes) < MOST_BOXES and (bad & free).sum() > LEFT * total:
        members, box = _best(axes, bad, free, total)
        if box is None or box.density <= (bad & free).sum() / free.sum():
            break
        boxes.append(box)
        free &= ~members
    return boxes


def _best(axes: Sequence[Axis], bad: Array, free: Array, total: int) -> tuple[Array, Box | None]:
    """The box of the peeling with the greatest harmonic mean of coverage and density, its limits pruned."""
    best, score = free, _score(bad, free, total)
    for members in _peeled(axes, bad, free):
        new = _score(bad, members, total)
        if new > score + 1e-12:
            best, score = members, new
    limits = _limits(axes, best, free)
    for limit in list(limits):  # a limit that the box does as well without
        rest = [one for one in limits if one is not limit]
        if _score(bad, _inside(axes, rest, free), total) >= score - 1e-12:
            limits = rest
    members = _inside(axes, limits, free)
    if not limits:
        return members, None
    told = tuple(replace(limit, chance=_chance(axes, limits, limit, bad, free)) for limit in limits)
    return members, Box(told, int(members.sum()), int((bad & members).sum()), float((bad & members).sum()) / total)


def _peeled(axes: Sequence[Axis], bad: Array, free: Array) -> Iterator[Array]:
    """Smaller and smaller boxes."""
    members = free
    while True:
        smaller = [rest for axis in axes for rest in _slices(axis, members)]
        if not smaller:
            return
        members = max(smaller, key=lambda rest: (float(bad[rest].mean()), int(rest.sum())))
        yield members


def _slices(axis: Axis, members: Array) -> Iterator[Array]:
    """What is left when a slice of one factor is taken away."""
    here = axis.values[members]
    if axis.numeric:
        low, high = np.quantile(here, PEEL, method="lower"), np.quantile(here, 1.0 - PEEL, method="higher")
        kept = [members & (axis.values > low), members & (axis.values < high)]
    else:
        kept = [members & (axis.values != name) for name in np.unique(here)]
    yield from (rest for rest in kept if FEWEST <= rest.sum() < members.sum())


def _score(bad: Array, members: Array, total: int) -> float:
    inside = float((bad & members).sum())
    return 2.0 * inside / (float(members.sum()) + total)  # harmonic mean of inside ÷ members and inside ÷ total


def _limits(axes: Sequence[Axis], members: Array, free: Array) -> list[Limit]:
    found = []
    for k, axis in enumerate(axes):
        here, all_of_it = axis.values[members], axis.values[free]
        if axis.numeric:  # each end by itself: one may be needed and the other not
            if here.min() > all_of_it.min():
                found.append(Limit(k, float(here.min()), np.inf))
            if here.max() < all_of_it.max():
                found.append(Limit(k, -np.inf, float(here.max())))
        elif set(here) != set(all_of_it):
            found.append(Limit(k, -np.inf, np.inf, frozenset(float(v) for v in here)))
    return found


def _inside(axes: Sequence[Axis], limits: Sequence[Limit], free: Array) -> Array:
    members = free.copy()
    for limit in limits:
        values = axes[limit.axis].values
        members &= np.isin(values, sorted(limit.kept)) if limit.kept else (values >= limit.low) & (values <= limit.high)
    return members


def _chance(axes: Sequence[Axis], limits: Sequence[Limit], one: Limit, bad: Array, free: Array) -> float:
    """P(at least as many broken) if the limit did nothing: binomial, at the density of the box without it."""
    members = _inside(axes, limits, free)
    wider = _inside(axes, [limit for limit in limits if limit is not one], free)
    n, k, p = int(members.sum()), int((bad & members).sum()), float(bad[wider].mean())
    return min(1.0, sum(comb(n, j) * p**j * (1.0 - p) ** (n - j) for j in range(k, n + 1)))
