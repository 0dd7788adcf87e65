"""Output of a simulation as a time series: what averages of correlated data really vary by, and where to cut warm-up.

x_t = φ·x_{t−1} + e_t, a stationary AR(1) series, stands for correlated output; σ is the standard deviation of e.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import stats


class MeanOfSeries(NamedTuple):
    """Variance of one observation, of the mean of n, and n × it as n grows; what batch means and the formula for
    independent data are expected to say of the variance of the mean."""

    marginal_variance: float
    variance_of_mean: float
    time_average_constant: float
    batch_mean_variance: float
    expected_batch_estimate: float
    expected_naive_estimate: float


def mean_of_ar1(correlation: float, sd: float, observations: int, batches: int) -> MeanOfSeries:
    """Var(mean of n) = (v/n)[1 + 2Σ_{k<n}(1 − k/n)φᵏ], v = σ²/(1 − φ²).

    With b batches, E[S²_batch/b] = (Var(batch mean) − Var(mean))/(b − 1); the naive S²/n expects (v − Var(mean))/(n − 1).
    Law, Simulation Modeling and Analysis, 5th ed. (2015), chapters 4 and 9.

    >>> m = mean_of_ar1(0.8, 1.0, 2000, 20)
    >>> round(m.variance_of_mean, 7), round(m.expected_batch_estimate, 7), round(m.expected_naive_estimate, 7)
    (0.0124722, 0.0119167, 0.0013833)
    """
    if observations % batches:
        raise ValueError("batches of equal size")
    marginal = sd * sd / (1.0 - correlation * correlation)

    def variance_of(n: int) -> float:
        lags = np.arange(1, n)
        return marginal / n * (1.0 + 2.0 * float((1.0 - lags / n) @ correlation**lags))

    whole, batch = variance_of(observations), variance_of(observations // batches)
    return MeanOfSeries(
        marginal,
        whole,
        sd * sd / ((1.0 - correlation) * (1.0 - correlation)),
        batch,
        (batch - whole) / (batches - 1),
        (marginal - whole) / (observations - 1),
    )


class Truncation(NamedTuple):
    """Batches formed, batches and observations to cut, the statistic there, mean of what is left and of everything."""

    batches: int
    cut_batches: int
    cut: int
    statistic: float
    mean: float
    full_mean: float


def mser(series: Sequence[float], batch: int = 5) -> Truncation:
    """MSER-5: cut the d first batches that minimise Σ_{j>d}(Z_j − Z̄_d)²/(k − d)², d < k/2, the smallest of ties.

    White (1997), Simulation 69:323-334; White, Cobb & Spratt (2000), Winter Simulation Conference. Observations that do not
    fill a batch are left out of the statistic and the truncated mean.

    >>> [mser([9.0] * 10 + [1.0, 2.0] * 40)[k] for k in (0, 1, 2)]
    [18, 2, 10]
    """
    count = len(series) // batch
    means = np.asarray(series[: count * batch], np.float64).reshape(count, batch).mean(axis=1)
    if count < 2:
        raise ValueError("at least two batches")
    values = [float(np.square(means[d:] - means[d:].mean()).sum()) / (count - d) ** 2 for d in range(count // 2)]
    d = int(np.argmin(values))
    return Truncation(count, d, d * batch, values[d], float(means[d:].mean()), float(np.mean(series)))


def coverage_limits(intervals: int, level: float, sure: float = 0.999) -> tuple[int, int]:
    """How many of so many independent exact intervals cover the truth, within the central `sure` probability (binomial).

    >>> coverage_limits(1000, 0.95)
    (926, 971)
    """
    tail = (1.0 - sure) / 2.0
    return int(stats.binom.ppf(tail, intervals, level)), int(stats.binom.ppf(1.0 - tail, intervals, level))
