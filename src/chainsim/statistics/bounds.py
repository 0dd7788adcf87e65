"""Bounds of a service for *decisions*: what is surely at least so much, or surely below, for every threshold at once.

The long-run service is at least q exactly when E[Z] ≥ 0, Z = numerator − q·denominator, and Z is an average, so
Student's interval holds for it as for any mean. The thresholds that it does not refute are an interval of q (E. C.
Fieller, Some problems in interval estimation, Journal of the Royal Statistical Society B 16(2), 1954, 175-185): low ≥
q exactly when mean(Z) ≥ t·s(Z)/√n, high < q exactly when mean(Z) < −t·s(Z)/√n.

Student's t alone is too sure of good service where shortages are rare: a sample that saw few of them shows little
variance too, and one that saw none shows none. So `low` is the lower of Fieller's end and Wilson's (E. B. Wilson,
Journal of the American Statistical Association 22, 1927, 209-212) for the effective number of units, Σ denominator ÷
design effect (J. N. K. Rao & A. J. Scott, A simple method for the analysis of clustered binary data, Biometrics
48(2), 1992, 577-585), with the variance that goes with the threshold, not with what was seen. Units come short in
bunches at least as large as customers want them: the design effect is never taken below the demand's own variance ÷
mean.

`estimate` shows a service by the jackknife; these bounds may leave 0 … 1: they decide, and are not shown as an interval.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from chainsim.statistics.ratios import ROUNDING

Array = NDArray[np.float64]


class RatioMoments(NamedTuple):
    """What a ratio's bounds are made of; arrays of one shape, one entry per ratio.

    ratio: sum ÷ sum. size: mean denominator. residual, both, base: variance of e = numerator − ratio·denominator,
    covariance of e and the denominator, variance of the denominator (n − 1).
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
    """(low, high) of every service at the critical values of Student's t for its number n of replications.

    Where the denominator itself may be 0 the data bound nothing: −∞, ∞.

    >>> m = ratio_moments(np.array([8.0, 10.0, 9.0]), np.array([10.0, 10.0, 10.0]))  # Fieller: 0.9 ± t·s/√n ÷ 10
    >>> low, high = ratio_bounds(m, np.array(3), np.array(1.0), np.array(3.0))
    >>> round(float(low), 6), round(float(high), 6)  # Fieller's low would be 0.842265
    (0.827247, 1.073205)
    >>> none_short = ratio_moments(np.array([8.0, 12.0]), np.array([8.0, 12.0]))  # variance ÷ mean of demand: 0.8
    >>> low, high = ratio_bounds(none_short, np.array(2), np.array(2.0), np.array(2.0))
    >>> round(float(low), 6), float(high)  # 1 − cφ/(B + cφ), c = t²/n = 2
    (0.862069, 1.0)
    """
    c = low_t * low_t / n
    return np.minimum(_fieller(moments, c, -1.0), _wilson(moments, c)), _fieller(moments, high_t * high_t / n, 1.0)


def _wilson(m: RatioMoments, c: Array) -> Array:
    """The lower end: with x = 1 − service short, B mean denominator, φ design effect: (x − x̂)²·B = c·φ·x·(1 − x)."""
    short = np.clip(1.0 - m.ratio, 0.0, 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        seen = np.where(m.residual > 0.0, m.residual / (m.size * short * (1.0 - short)), 0.0)
        effect = c * np.fmax(np.where(np.isfinite(seen), seen, 0.0), m.base / m.size)
        middle = short * m.size + effect / 2.0
        most = (middle + np.sqrt(np.maximum(middle * middle - (m.size + effect) * short * short * m.size, 0.0))) / (
            m.size + effect
        )
    return np.where(np.isfinite(most), 1.0 - most, -np.inf)


def _fieller(m: RatioMoments, c: Array, side: float) -> Array:
    """With B the mean denominator, c = t²/n and d = q − ratio, the end on that side of d²·(B² − c·base) + 2·d·c·both
    − c·residual = 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        lead = m.size * m.size - c * m.base
        inner = np.sqrt(np.square(c * m.both) + np.maximum(lead, 0.0) * c * m.residual)
        found = m.ratio + (side * inner - c * m.both) / lead
    return np.where((lead > 0.0) & np.isfinite(m.ratio), found, side * np.inf)


def _cleared(variance: Array, size: Array) -> Array:
    """0 where what varies is rounding of numbers of this size."""
    return np.where(variance <= np.square(ROUNDING * size), 0.0, variance)
