"""Bounds of a ratio of sums for *decisions*: what Student's t on Z = numerator − q·denominator says, for every threshold q at once.

The long-run ratio is at least q exactly when E[Z] ≥ 0, and Z is an average, so Student's interval holds for it as for any mean. The
thresholds that it does not refute are an interval of q (E. C. Fieller, Some problems in interval estimation, Journal of the Royal
Statistical Society B 16(2), 1954, 175-185): its lower end `low` is the largest q with mean(Z) ≥ t·s(Z)/√n, so that

    low ≥ q  ⟺  the ratio is surely at least q,        high < q  ⟺  it is surely below q.

`estimate` shows a ratio by the jackknife; the two agree to first order. Bounds may leave 0 … 1: they decide, they are not shown as a share.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from chainsim.statistics.ratios import ROUNDING

Array = NDArray[np.float64]


class RatioMoments(NamedTuple):
    """What a ratio's bounds are made of; arrays of one shape, one entry per ratio.

    ratio: sum ÷ sum. size: mean denominator. residual, both, base: variance of e = numerator − ratio·denominator, covariance of e and the
    denominator, variance of the denominator (n − 1).
    """

    ratio: Array
    size: Array
    residual: Array
    both: Array
    base: Array


def ratio_moments(numerators: Array, denominators: Array) -> RatioMoments:
    """Of samples whose last axis is the replication (at least two); the ratio is NaN where there is nothing to divide by.

    >>> m = ratio_moments(np.array([1.0, 0.0]), np.array([1.0, 3.0]))
    >>> float(m.ratio), float(m.size), float(m.residual)
    (0.25, 2.0, 1.125)
    """
    n = numerators.shape[-1]
    size = denominators.mean(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(size > 0.0, numerators.mean(axis=-1) / size, np.nan)
    error = numerators - ratio[..., None] * denominators
    spread = denominators - size[..., None]
    largest = np.abs(numerators).max(axis=-1)
    residual = _cleared(np.square(error).sum(axis=-1) / (n - 1), largest)
    both = np.where(residual > 0.0, (error * spread).sum(axis=-1) / (n - 1), 0.0)
    return RatioMoments(ratio, size, residual, both, _cleared(np.square(spread).sum(axis=-1) / (n - 1), size))


def ratio_bounds(moments: RatioMoments, n: Array, low_t: Array, high_t: Array) -> tuple[Array, Array]:
    """(low, high) of every ratio at the critical values of Student's t for its number n of replications.

    With B the mean denominator, c = t²/n and d = q − ratio: d²·(B² − c·base) + 2·d·c·both − c·residual = 0. Where B itself may be 0 the
    data bound nothing: −∞, ∞.

    >>> m = ratio_moments(np.array([8.0, 10.0, 9.0]), np.array([10.0, 10.0, 10.0]))  # constant: mean ± t·s/√n, over 10
    >>> low, high = ratio_bounds(m, np.array(3), np.array(3.0), np.array(3.0))
    >>> round(float(low), 6), round(float(high), 6)
    (0.726795, 1.073205)
    """
    return _root(moments, low_t * low_t / n, -1.0), _root(moments, high_t * high_t / n, 1.0)


def _root(m: RatioMoments, c: Array, side: float) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        lead = m.size * m.size - c * m.base
        inner = np.sqrt(np.square(c * m.both) + np.maximum(lead, 0.0) * c * m.residual)
        found = m.ratio + (side * inner - c * m.both) / lead
    return np.where((lead > 0.0) & np.isfinite(m.ratio), found, side * np.inf)


def _cleared(variance: Array, size: Array) -> Array:
    """0 where what varies is rounding of numbers of this size."""
    return np.where(variance <= np.square(ROUNDING * size), 0.0, variance)
