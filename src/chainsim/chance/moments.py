"""Moments of quantities as they are used: cut at 0, and rounded half up where units are whole."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from chainsim.chance.base import Distribution
from chainsim.chance.tables import LAW, build, evaluate

POINTS = 1 << 14


@lru_cache(maxsize=4096)
def moments_after(distribution: Distribution, whole: bool) -> tuple[float, float]:
    """Mean and standard deviation of max(X, 0), rounded half up if `whole`.

    What cutting and rounding add to X and to X² is averaged over equally likely values of X (midpoints of 16,384
    strips of probability); it is bounded, or nearly, so the average is close even where the tail of X is long.
    """
    mean, sd = distribution.expectation(), distribution.standard_deviation()
    if distribution.discrete:
        values, cumulative = distribution.cumulative()
        shares = np.diff(cumulative, prepend=0.0)
    else:
        values, shares = _strips(distribution), np.full(POINTS, 1.0 / POINTS)
    used = np.maximum(values, 0.0)
    used = np.floor(used + 0.5) if whole else used
    if bool((used == values).all()):
        return mean, sd
    mean_used = mean + float(shares @ (used - values))
    square = sd * sd + mean * mean + float(shares @ (used * used - values * values))
    return mean_used, float(np.sqrt(max(square - mean_used * mean_used, 0.0)))


def _strips(distribution: Distribution) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The values in the middle of equally likely strips."""
    rows, tables, length = [], [], 0
    for piece in distribution.pieces():
        kind, size, guides, numbers = build(piece.shape)
        rows.append((kind, length, size, guides, piece.start, piece.end, piece.scale, piece.shift))
        tables.append(numbers)
        length += len(numbers)
    u = (np.arange(POINTS) + 0.5) / POINTS
    return evaluate(u, 0, np.array(rows, LAW.dtype), np.concatenate(tables))
