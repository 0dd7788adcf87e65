"""Every sampler against its textbook law, drawn as a replication draws: moments, goodness of fit, and streams that know
nothing of each other (P42).

Bounds are 4.5 standard errors, or p-values beyond which a right sampler is as unlikely; the p-values of all laws together
must be uniform. By default 10⁵ draws of each law, with `-m slow` 10⁶. There is no antithetic option, so no sign of a
correlation is promised: policies share their draws (common random numbers), everything else is independent.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
from scipy import stats

from chainsim.chance.base import DISTRIBUTIONS, Distribution
from chainsim.chance.book import STREAM, StreamBook, Streams
from chainsim.chance.streams import stream_key, uniforms

from .references import Array, reference
from .samples import ALL

ERRORS = 4.5
UNLIKELY = 2.0 * float(stats.norm.sf(ERRORS))
LEAST_EXPECTED = 20.0
"""Draws expected in each cell of a chi-square test."""

COUNTS = [100_000, pytest.param(1_000_000, marks=pytest.mark.slow)]


@cache
def sample(distribution: Distribution, count: int) -> Array:
    """The first draws of a stream with this law."""
    book = StreamBook(42)
    stream = book.stream(("sampler", str(distribution)), distribution)
    arrays = book.arrays()
    return Streams(arrays, 0).block(STREAM.rows(arrays.streams)[stream], 0, count)


@cache
def p_values(distribution: Distribution, count: int) -> tuple[float, ...]:
    """Goodness of fit: chi-square of the values that have a probability, Kolmogorov–Smirnov of the rest."""
    law, x = reference(distribution), sample(distribution, count)
    found: list[float] = []
    if len(law.values):
        nearest = np.clip(np.searchsorted((law.values[1:] + law.values[:-1]) / 2.0, x), 0, len(law.values) - 1)
        here = np.abs(x - law.values[nearest]) <= 1e-9 * np.maximum(1.0, np.abs(x))
        assert law.law is not None or here.all(), "a value that cannot be"
        seen = np.append(np.bincount(nearest[here], minlength=len(law.values)), np.count_nonzero(~here))
        cells = np.array(grouped(seen, np.append(law.shares, law.rest) * count)).T
        if len(cells[0]) > 1:
            found.append(float(stats.chisquare(cells[0], cells[1] * (count / cells[1].sum())).pvalue))
        x = x[~here]
    if law.law is not None:
        found.append(float(stats.kstest(x, law.law.cdf, method="asymp").pvalue))
    return tuple(found)


def grouped(seen: Array, expected: Array) -> list[tuple[float, float]]:
    """Neighbouring cells put together until enough is expected in each."""
    cells: list[tuple[float, float]] = []
    some, awaited = 0.0, 0.0
    for s, e in zip(seen.tolist(), expected.tolist(), strict=True):
        some, awaited = some + s, awaited + e
        if awaited >= LEAST_EXPECTED:
            cells.append((some, awaited))
            some, awaited = 0.0, 0.0
    if cells:
        cells[-1] = (cells[-1][0] + some, cells[-1][1] + awaited)
    return cells


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("distribution", ALL, ids=str)
def test_mean_variance_and_skewness(distribution: Distribution, count: int) -> None:
    """Standard errors from the law's own moments up to the sixth; where those are so large that 10⁵ draws are not yet
    normal (long tails: lognormal, Weibull or gamma of small shape) goodness of fit alone must do."""
    law, x = reference(distribution), sample(distribution, count)
    mean, variance = law.mean(), law.central(2)
    sd = math.sqrt(max(variance, 0.0))
    assert distribution.expectation() == pytest.approx(mean, rel=1e-9, abs=1e-12)
    if sd <= 1e-7 * mean:  # a constant, but for rounding
        assert np.ptp(x) == 0.0
        assert x[0] == mean
        return
    assert distribution.standard_deviation() == pytest.approx(sd, rel=1e-6)
    z = (x - mean) / sd
    a = [law.central(k) / sd**k for k in range(7)]
    assert abs(z.mean()) <= ERRORS / math.sqrt(count)
    if a[4] <= 100.0:
        # a two-point law of equal halves has the same square always: then only rounding may differ
        assert abs((z**2).mean() - 1.0) <= ERRORS * math.sqrt(max(a[4] - 1.0, 0.0) / count) + 1e-6
    if a[6] <= 1000.0:
        # influence of one draw on the skewness: z³ − 3z − g − (3/2) g (z² − 1)
        influence = np.array([a[3] / 2.0, -3.0, -1.5 * a[3], 1.0])
        square = np.convolve(influence, influence)
        error = math.sqrt(max(float(square @ np.array(a)), 0.0) / count)
        assert abs(float(stats.skew(x)) - a[3]) <= ERRORS * error + 1e-4


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("distribution", ALL, ids=str)
def test_goodness_of_fit(distribution: Distribution, count: int) -> None:
    assert all(p > UNLIKELY for p in p_values(distribution, count))


@pytest.mark.parametrize("count", COUNTS)
def test_p_values_of_all_laws_are_uniform(count: int) -> None:
    """Not one of them far out, but too many small (or too many large) ones would betray a bias as well."""
    pooled = [p for distribution in ALL for p in p_values(distribution, count)]
    assert len(pooled) > len(DISTRIBUTIONS.names())
    assert stats.kstest(pooled, "uniform").pvalue > 0.001


def correlations(blocks: list[Array], others: list[Array]) -> list[float]:
    """Correlation of each pair × √n: standard normal where there is none."""
    pairs = zip(blocks, others, strict=True)
    return [math.sqrt(len(a)) * float(np.corrcoef(a, b)[0, 1]) for a, b in pairs]


def lags(count: int) -> list[float]:
    streams = [uniforms(stream_key(42, "lag", str(i)), i, 0, count) for i in range(6)]
    pairs = [(u[:-lag], u[lag:]) for u in streams for lag in range(1, 11)]
    return correlations([a for a, _ in pairs], [b for _, b in pairs])


def across(count: int) -> list[float]:
    """All pairs of 12 streams with names as near to each other as names can be."""
    blocks = [uniforms(stream_key(42, "demand", f"store-{i}", "p"), 0, 0, count) for i in range(12)]
    pairs = [(a, b) for i, a in enumerate(blocks) for b in blocks[:i]]
    return correlations([a for a, _ in pairs], [b for _, b in pairs])


def replications(count: int) -> list[float]:
    """All pairs of 12 replications of one stream; number 2³² + 1 must not come back as number 1."""
    numbers = [*range(11), 2**32 + 1]
    blocks = [uniforms(stream_key(42, "demand", "store", "p"), r, 0, count) for r in numbers]
    pairs = [(a, b) for i, a in enumerate(blocks) for b in blocks[:i]]
    return correlations([a for a, _ in pairs], [b for _, b in pairs])


@pytest.mark.parametrize("count", COUNTS)
def test_streams_know_nothing_of_each_other(count: int) -> None:
    found = [lags(count), across(count), replications(count)]
    assert all(abs(z) < ERRORS for kind in found for z in kind)
    pooled = 2.0 * stats.norm.sf(np.abs(np.concatenate(found)))
    assert stats.kstest(pooled, "uniform").pvalue > 0.001
