"""P42: a million draws of every registered distribution against its law as SciPy has it, and streams that know nothing of
each other. Laws are made here from the parameters alone; all bounds hold for these seeds for ever."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from scipy import stats

from chainsim.chance import families as f
from chainsim.chance.base import Distribution
from chainsim.chance.book import STREAM, StreamBook, Streams
from chainsim.chance.streams import stream_key, uniforms
from tests.chance.samples import ALL

pytestmark = pytest.mark.slow

N = 1_000_000
SURE = 1e-4
"""A goodness-of-fit test of a right sampler ends below this once in ten thousand."""
Draws = np.ndarray[Any, np.dtype[np.float64]]


def draws_of(distribution: Distribution, name: str = "sampler", replication: int = 0) -> Draws:
    """A million draws of one stream."""
    book = StreamBook(42)
    book.stream((name,), distribution)
    arrays = book.arrays()
    return Streams(arrays, replication).block(STREAM.rows(arrays.streams)[0], 0, N)


def by_moments(d: Any) -> tuple[float, float]:
    """Mean and standard deviation as given, whether as sd or as cv."""
    return d.mean, d.sd if d.sd is not None else d.cv * d.mean


def law_of(d: Distribution) -> Any:
    """The distribution in SciPy's words; None for lists of values and mixtures, which have tests of their own."""
    match d:
        case f.Uniform():
            if d.low is not None and d.high is not None:
                return stats.uniform(d.low, d.high - d.low)
            mean, sd = by_moments(d)
            return stats.uniform(mean - np.sqrt(3) * sd, 2 * np.sqrt(3) * sd)
        case f.Triangular():
            if d.low is not None and d.mode is not None and d.high is not None:
                return stats.triang((d.mode - d.low) / (d.high - d.low), d.low, d.high - d.low)
            mean, sd = by_moments(d)
            return stats.triang(0.5, mean - np.sqrt(6) * sd, 2 * np.sqrt(6) * sd)
        case f.Normal():
            return stats.norm(*by_moments(d))
        case f.Gamma():
            if d.shape is not None:
                return stats.gamma(d.shape, scale=d.scale)
            mean, sd = by_moments(d)
            return stats.gamma((mean / sd) ** 2, scale=sd**2 / mean)
        case f.Erlang():
            return stats.gamma(d.stages, scale=d.mean / d.stages)
        case f.Exponential():
            return stats.expon(scale=d.mean if d.mean is not None else 1 / d.rate)  # type: ignore[operator]
        case f.Lognormal():
            if d.mu is not None:
                return stats.lognorm(d.sigma, scale=np.exp(d.mu))
            mean, sd = by_moments(d)
            spread = np.log1p((sd / mean) ** 2)
            return stats.lognorm(np.sqrt(spread), scale=mean / np.exp(spread / 2))
        case f.Weibull() if d.shape is not None:
            return stats.weibull_min(d.shape, scale=d.scale)
        case f.Poisson():
            return stats.poisson(d.mean)
        case f.Geometric():
            return stats.geom(d.probability if d.probability is not None else 1 / (1 + d.mean), loc=-1)  # type: ignore[operator]
        case f.NegativeBinomial():
            if d.probability is not None:
                return stats.nbinom(d.dispersion, d.probability)
            if d.dispersion is not None:
                return stats.nbinom(d.dispersion, d.dispersion / (d.dispersion + d.mean))  # type: ignore[operator]
            mean, sd = by_moments(d)
            return stats.nbinom(mean**2 / (sd**2 - mean), mean / sd**2)
        case f.Binomial():
            return stats.binom(d.trials, d.probability)
        case f.DiscreteUniform():
            return stats.randint(d.low, d.high + 1)
    return None


def table_of(d: Distribution) -> dict[float, float]:
    """Value → probability of what is given by a list."""
    if isinstance(d, f.Constant):
        return {d.value: 1.0}
    pairs = zip(
        d.values, d.probabilities if isinstance(d, f.Discrete) else [1 / len(d.values)] * len(d.values), strict=True
    )  # type: ignore[attr-defined]
    table: dict[float, float] = {}
    for value, share in pairs:
        table[value] = table.get(value, 0.0) + share
    return {value: share for value, share in table.items() if share > 0}


def chi_square(seen: Draws, expected: Draws) -> float:
    """The p-value; groups that expect fewer than five are put together with their neighbour."""
    groups, e, o = [], 0.0, 0.0
    for a, b in zip(seen, expected, strict=True):
        o, e = o + a, e + b
        if e >= 5:
            groups.append((o, e))
            o, e = 0.0, 0.0
    if groups:
        groups[-1] = (groups[-1][0] + o, groups[-1][1] + e)
    if len(groups) < 2:
        return 1.0
    counts = np.array(groups)
    return float(stats.chisquare(counts[:, 0], counts[:, 1] * counts[:, 0].sum() / counts[:, 1].sum()).pvalue)


def fits(x: Draws, law: Any) -> float:
    """p-value of Kolmogorov and Smirnov for a continuous law, of χ² for a discrete one."""
    if hasattr(law.dist, "pdf"):
        return float(stats.kstest(x, law.cdf).pvalue)
    edges = np.unique(law.ppf(np.linspace(0.001, 0.999, 400)))
    shares = np.diff(np.concatenate(([0.0], law.cdf(edges), [1.0])))
    places = np.searchsorted(edges, x, side="left")
    return chi_square(np.bincount(places, minlength=len(shares)).astype(float), len(x) * shares)


def moments_agree(x: Draws, mean: float, sd: float) -> None:
    """Mean and variance within 5 standard errors, the latter from the draws' own fourth moment."""
    centred = x - mean
    assert abs(centred.mean()) <= 5 * sd / np.sqrt(len(x)) + 1e-9 * abs(mean)
    error = np.sqrt(max(float(np.mean(centred**4)) - sd**4, 0.0) / len(x))
    assert abs(float(np.mean(centred**2)) - sd**2) <= 5 * error + 1e-9 * (sd**2 + mean**2)


@pytest.mark.parametrize("distribution", ALL, ids=str)
def test_a_million_draws_have_the_moments_said(distribution: Distribution) -> None:
    moments_agree(draws_of(distribution), distribution.expectation(), distribution.standard_deviation())


@pytest.mark.parametrize("distribution", [d for d in ALL if law_of(d) is not None], ids=str)
def test_a_million_draws_follow_the_law(distribution: Distribution) -> None:
    law = law_of(distribution)
    x = draws_of(distribution)
    if distribution.standard_deviation() == 0:
        assert set(np.unique(x)) == {distribution.expectation()}
        return
    moments_agree(x, float(law.mean()), float(law.std()))
    assert fits(x, law) > SURE


@pytest.mark.parametrize(
    "distribution", [d for d in ALL if isinstance(d, f.Constant | f.Discrete | f.Empirical)], ids=str
)
def test_a_million_draws_of_a_list_have_its_shares(distribution: Distribution) -> None:
    table = table_of(distribution)
    values, counts = np.unique(draws_of(distribution), return_counts=True)
    assert values.tolist() == sorted(table)
    assert chi_square(counts.astype(float), N * np.array([table[v] for v in sorted(table)])) > SURE


@pytest.mark.parametrize("distribution", [d for d in ALL if isinstance(d, f.Intermittent)], ids=str)
def test_intermittent_demand_is_nothing_or_its_size(distribution: f.Intermittent) -> None:
    x = draws_of(distribution)
    law = law_of(distribution.size)
    nothing = 0.0 if law is None or hasattr(law.dist, "pdf") else float(law.pmf(0))
    some = distribution.probability * (1 - nothing)
    assert abs(np.count_nonzero(x) - N * some) <= 5 * np.sqrt(N * some * (1 - some))
    sizes = x[x > 0]
    if law is None:
        assert set(np.unique(sizes)) == {distribution.size.expectation()}
    elif hasattr(law.dist, "pdf"):
        assert fits(sizes, law) > SURE
    else:
        values, counts = np.unique(sizes, return_counts=True)
        assert chi_square(counts.astype(float), len(sizes) * law.pmf(values) / (1 - nothing)) > SURE


def test_a_weibull_given_by_its_moments_follows_a_weibull_of_those_moments() -> None:
    for distribution in [d for d in ALL if isinstance(d, f.Weibull) and d.shape is None]:
        x = draws_of(distribution)
        mean, sd = by_moments(distribution)
        from scipy.optimize import brentq
        from scipy.special import gamma

        shape = brentq(lambda k, cv=sd / mean: gamma(1 + 2 / k) / gamma(1 + 1 / k) ** 2 - 1 - cv**2, 0.2, 50)
        assert fits(x, stats.weibull_min(shape, scale=mean / gamma(1 + 1 / shape))) > SURE


# streams

NAMES = [("demand", "a", "p"), ("demand", "b", "p"), ("demand", "a", "q"), ("lane", "a", "b")]


def correlation(x: Draws, y: Draws) -> float:
    """In standard errors of independent draws."""
    return float(np.corrcoef(x, y)[0, 1]) * np.sqrt(len(x))


def test_streams_replications_and_seeds_are_uncorrelated_at_any_lag() -> None:
    blocks = [uniforms(stream_key(7, *name), r, 0, N) for name in NAMES for r in (0, 1)]
    blocks += [uniforms(stream_key(8, *NAMES[0]), 0, 0, N)]
    z = [correlation(x[lag:], y[: N - lag]) for x, y in combinations(blocks, 2) for lag in (0, 1, 2, 7)]
    z += [correlation(x[lag:], x[:-lag]) for x in blocks for lag in (1, 2, 3, 4, 5, 8, 16, 100, 4096)]
    assert len(z) > 200
    assert np.abs(z).max() < 4.5  # 225 standard normals: above 4.5 once in 650 sets of seeds
    assert 0.85 < np.std(z) < 1.15


def test_pairs_of_draws_fill_the_square_evenly() -> None:
    """Correlation sees lines only: successive draws, and the same draw of two streams, on a grid of 64 × 64."""
    a, b = (uniforms(stream_key(7, *name), 0, 0, N) for name in NAMES[:2])
    for x, y in ((a[:-1], a[1:]), (a, b), (a, uniforms(stream_key(7, *NAMES[0]), 1, 0, N))):
        seen = np.histogram2d(x, y, bins=64, range=[[0, 1], [0, 1]])[0].ravel()
        assert SURE < stats.chisquare(seen).pvalue < 1 - SURE


def test_two_policies_draw_alike_and_a_mirrored_stream_the_other_way() -> None:
    """Common random numbers promise a positive correlation: every sampler grows with its uniform, so any two laws drawn
    from one stream move together. (chainsim offers no antithetic pairs; with these samplers 1 − u would make them.)"""
    u = uniforms(stream_key(42, "sampler"), 0, 0, N)
    order = np.argsort(u)
    for distribution in ALL:
        assert np.all(np.diff(draws_of(distribution)[order]) >= 0)
    few, many = draws_of(f.Poisson(mean=0.3)), draws_of(f.Gamma(mean=7.0, cv=0.3))
    assert correlation(few, many) > 100
    assert abs(correlation(few, draws_of(f.Gamma(mean=7.0, cv=0.3), "another"))) < 4.5
