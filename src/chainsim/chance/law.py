"""Laws as plain arrays: probabilities on a lattice for quantities, equally likely values for times.

What theory computes with needs no distribution objects: it takes these arrays.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from chainsim.chance.base import Array, Distribution
from chainsim.chance.tables import LAW, build, evaluate

POINTS = 1 << 14
"""Strips of probability that stand for a continuous distribution; its tails are cut at half a strip, 3·10⁻⁵."""
PAIRED = 1 << 7  # strips of each part where two random times are added: 128² = POINTS
FEW = 1 << 10  # equally likely values that stand for a discrete distribution whose shares are no whole multiples


def equally_likely(distribution: Distribution, points: int = POINTS) -> Array:
    """The values in the middle of `points` equally likely strips of a distribution, in increasing order; as the
    distribution says, neither cut at 0 nor rounded.

    >>> from chainsim.chance.simple import Uniform
    >>> equally_likely(Uniform(low=1.0, high=3.0), 4).tolist()
    [1.25, 1.75, 2.25, 2.75]
    """
    u = (np.arange(points) + 0.5) / points
    if distribution.discrete:
        values, cumulative = distribution.cumulative()
        return np.asarray(values[np.minimum(np.searchsorted(cumulative, u), len(values) - 1)], np.float64)
    rows, tables, length = [], [], 0
    for piece in distribution.pieces():
        kind, size, guides, numbers = build(piece.shape)
        rows.append((kind, length, size, guides, piece.start, piece.end, piece.scale, piece.shift))
        tables.append(numbers)
        length += len(numbers)
    return evaluate(u, 0, np.array(rows, LAW.dtype), np.concatenate(tables))


def shares_of(distribution: Distribution) -> tuple[Array, Array]:
    """Values with their probabilities: all of a discrete distribution, the strips of a continuous one."""
    if distribution.discrete:
        values, cumulative = distribution.cumulative()
        return values, np.diff(cumulative, prepend=0.0)
    return equally_likely(distribution), np.full(POINTS, 1.0 / POINTS)


@lru_cache(maxsize=512)
def law_of(distribution: Distribution, whole: bool = True, step: float = 1.0) -> Array:
    """P(X = k·step), k = 0, 1, 2 … of a quantity as it is used: cut at 0 and, if `whole`, rounded half up to units.

    Off the lattice a value is shared between its two neighbours, so that the mean is kept. The array is read-only: one
    and the same for equal distributions.

    >>> from chainsim.chance.lists import Discrete
    >>> law_of(Discrete(values=(0.0, 2.0, 2.5), probabilities=(0.5, 0.25, 0.25))).tolist()
    [0.5, 0.0, 0.25, 0.25]
    """
    values, shares = shares_of(distribution)
    law = on_lattice(values, shares, whole, step)
    law.flags.writeable = False
    return law


def on_lattice(values: Array, shares: Array, whole: bool, step: float) -> Array:
    """Probabilities of 0, 1, 2 … steps of values (cut at 0, rounded if `whole`) that have these shares."""
    values = np.maximum(values, 0.0)
    if whole:
        values = np.floor(values + 0.5)
    steps = values / step
    low = np.floor(steps + 1e-9)
    part = np.maximum(steps - low, 0.0)
    size = int(low.max()) + 2
    law = np.bincount(low.astype(np.int64), shares * (1.0 - part), size)
    law += np.bincount(low.astype(np.int64) + 1, shares * part, size)
    last = int(np.flatnonzero(law > 0.0)[-1])
    return np.asarray(law[: last + 1] / law[: last + 1].sum(), np.float64)


def times_of(parts: Sequence[Distribution]) -> Array:
    """Equally likely values of a time that is the sum of independent parts, each cut at 0; one value where it is sure.

    Two random parts are added strip by strip (128 each); a third joins the strips of their sum.

    >>> from chainsim.chance.simple import Constant, Uniform
    >>> times_of([Constant(value=2.0)]).tolist()
    [2.0]
    >>> float(times_of([Constant(value=1.0), Uniform(low=0.0, high=2.0)]).mean())
    2.0
    """
    fixed, random = 0.0, []
    for part in parts:
        if part.lowest() == part.highest():
            fixed += max(part.lowest(), 0.0)
        else:
            random.append(part)
    if not random:
        return np.array([fixed])
    if len(random) == 1:
        return fixed + _times(random[0])
    total = _few(_times(random[0]))
    for part in random[1:]:
        total = np.sort(np.add.outer(_few(total), _few(_times(part))).ravel())
    return np.asarray(fixed + total, np.float64)


@lru_cache(maxsize=256)
def _times(distribution: Distribution) -> Array:
    """Equally likely values of one part, cut at 0; as few as represent a discrete one exactly, where few do."""
    if not distribution.discrete:
        return np.maximum(equally_likely(distribution), 0.0)
    values, shares = shares_of(distribution)
    for parts in range(1, FEW + 1):
        counts = np.round(shares * parts)
        if math.isclose(counts.sum(), parts) and float(np.abs(counts - shares * parts).max()) < 1e-9 * parts:
            return np.maximum(np.repeat(values, counts.astype(np.int64)), 0.0)
    return np.maximum(equally_likely(distribution), 0.0)


def _few(times: Array) -> Array:
    """At most 128 equally likely values: means of groups of equal size."""
    if len(times) <= PAIRED:
        return times
    k = len(times) // PAIRED
    return np.asarray(np.sort(times)[: PAIRED * k].reshape(PAIRED, k).mean(axis=1), np.float64)
