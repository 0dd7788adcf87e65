"""Tables: the same bits one by one and in blocks, and the right values."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from chainsim.chance import families as f
from chainsim.chance.base import Distribution
from chainsim.chance.book import StreamArrays, StreamBook
from chainsim.chance.streams import SMALLEST, stream_key, uniforms
from chainsim.chance.tables import LAW, build, evaluate, evaluate_one
from tests.chance.samples import ALL

EDGES = np.array([SMALLEST, 1.5 * 2.0**-52, 0.25, 0.5 - 2.0**-53, 0.5 + 2.0**-53, 0.75, 1.0 - SMALLEST])


def laws_of(*distributions: Distribution) -> StreamArrays:
    book = StreamBook(1)
    for i, distribution in enumerate(distributions):
        book.stream((str(i),), distribution)
    return book.arrays()


def numbers(count: int) -> np.ndarray:
    return np.concatenate((EDGES, uniforms(stream_key(5, "tables"), 0, 0, count)))


def assert_same_bits(distribution: Distribution, count: int) -> None:
    made = laws_of(distribution)
    u = numbers(count)
    rows, data = LAW.rows(made.laws), made.data.tolist()
    together = evaluate(u, int(made.streams["law"][0]), made.laws, made.data)
    single = [evaluate_one(x, 0, rows, data) for x in u.tolist()]
    assert np.array(single).tobytes() == together.tobytes()


def named(x: object) -> str:
    """The same name on every run: scipy's laws show where in memory they are."""
    return str(x) if isinstance(x, Distribution | float) else "scipy"


@pytest.mark.parametrize("distribution", ALL, ids=str)
def test_one_by_one_and_in_blocks_are_the_same_bits(distribution: Distribution) -> None:
    assert_same_bits(distribution, 3_000)


@pytest.mark.slow
@pytest.mark.parametrize("distribution", ALL, ids=str)
def test_one_by_one_and_in_blocks_are_the_same_bits_over_a_million_draws(distribution: Distribution) -> None:
    assert_same_bits(distribution, 1_000_000)


def test_many_laws_in_one_block_are_the_same_bits_as_each_alone() -> None:
    made = laws_of(*ALL)
    u = numbers(5_000)
    k = made.streams["law"][np.arange(len(u)) % len(ALL)]
    mixed = evaluate(u, k, made.laws, made.data)
    rows, data = LAW.rows(made.laws), made.data.tolist()
    single = [evaluate_one(x, law, rows, data) for x, law in zip(u.tolist(), k.tolist(), strict=True)]
    assert np.array(single).tobytes() == mixed.tobytes()


REFERENCES = [
    (f.Normal(mean=0.0, sd=1.0), stats.norm(), 1.35),
    (f.Exponential(mean=1.0), stats.expon(), 1.1),
    (f.Gamma(shape=0.5, scale=1.0), stats.gamma(0.5), 0.61),
    (f.Gamma(shape=4.0, scale=1.0), stats.gamma(4.0), 2.5),
    (f.Gamma(shape=16.0, scale=1.0), stats.gamma(16.0), 5.3),
    (f.Lognormal(mu=0.0, sigma=0.8), stats.lognorm(0.8), 1.1),
    (f.Weibull(shape=1.5, scale=1.0), stats.weibull_min(1.5), 0.8),
    (f.Triangular(low=0.0, mode=0.3, high=1.0), stats.triang(0.3), 0.3),
    (f.Uniform(low=2.0, high=5.0), stats.uniform(2.0, 3.0), 1.5),
]


@pytest.mark.parametrize(("distribution", "reference", "spread"), REFERENCES, ids=named)
def test_continuous_variates_are_the_quantiles(distribution: Distribution, reference: object, spread: float) -> None:
    made = laws_of(distribution)
    u = numbers(20_000)
    exact = np.where(u < 0.5, reference.ppf(u), reference.isf(1.0 - u))
    error = np.abs(evaluate(u, 0, made.laws, made.data) - exact) / np.maximum(np.abs(exact), spread)
    assert error.max() < 2e-9  # the table's own bound, and as much for scipy.stats


@pytest.mark.parametrize(
    ("distribution", "reference"),
    [
        (f.Poisson(mean=20.0), stats.poisson(20.0)),
        (f.Poisson(mean=0.01), stats.poisson(0.01)),
        (f.NegativeBinomial(mean=3.0, sd=4.0), stats.nbinom(9 / 13, 3 / 16)),
        (f.Geometric(mean=3.0), stats.nbinom(1, 0.25)),
        (f.Geometric(probability=0.25, start=1), stats.geom(0.25)),
        (f.Binomial(trials=10, probability=0.3), stats.binom(10, 0.3)),
        (f.DiscreteUniform(low=1, high=4), stats.randint(1, 5)),
    ],
    ids=named,
)
def test_discrete_variates_are_the_quantiles(distribution: Distribution, reference: object) -> None:
    made = laws_of(distribution)
    u = uniforms(stream_key(5, "tables"), 0, 0, 50_000)
    x = evaluate(u, 0, made.laws, made.data)
    assert (reference.cdf(x) > u - 1e-13).all()
    assert (reference.cdf(x - 1.0) < u + 1e-13).all()


@pytest.mark.parametrize("distribution", ALL, ids=str)
def test_variates_never_fall_as_u_grows(distribution: Distribution) -> None:
    made = laws_of(distribution)
    x = evaluate(np.sort(numbers(20_000)), 0, made.laws, made.data)
    scale = max(1.0, abs(distribution.expectation()))
    assert (np.diff(x) >= -1e-9 * np.maximum(np.abs(x[1:]), scale)).all()
    assert np.isfinite(x).all()


@pytest.mark.parametrize("distribution", ALL, ids=str)
def test_variates_stay_within_the_ends(distribution: Distribution) -> None:
    made = laws_of(distribution)
    x = evaluate(numbers(1_000), 0, made.laws, made.data)
    slack = 1e-9 * max(1.0, abs(distribution.expectation()))
    assert distribution.lowest() - slack <= x.min()
    assert x.max() <= distribution.highest() + slack


def test_a_shape_too_extreme_for_a_table_is_refused_with_a_sentence() -> None:
    with pytest.raises(ValueError, match="too extreme: its table would be wrong by"):
        build(f.Weibull(shape=0.01, scale=1.0))


def test_a_value_of_probability_0_never_comes() -> None:
    made = laws_of(f.Discrete(values=(1.0, 2.0, 3.0), probabilities=(0.0, 1.0, 0.0)))
    assert set(evaluate(numbers(1_000), 0, made.laws, made.data)) == {2.0}


@pytest.mark.parametrize(
    ("distribution", "reference"),
    [
        (f.Gamma(mean=7.0, cv=0.3), stats.gamma(1 / 0.09, scale=0.63)),
        (f.Normal(mean=100.0, sd=20.0), stats.norm(100, 20)),
        (f.Triangular(low=1.0, mode=2.0, high=6.0), stats.triang(0.2, 1, 5)),
    ],
    ids=named,
)
def test_samples_pass_kolmogorov_and_smirnov(distribution: Distribution, reference: object) -> None:
    made = laws_of(distribution)
    x = evaluate(uniforms(stream_key(9, "ks"), 3, 0, 20_000), 0, made.laws, made.data)
    assert stats.kstest(x, reference.cdf).pvalue > 0.001


def test_poisson_counts_pass_chi_square() -> None:
    made = laws_of(f.Poisson(mean=4.0))
    x = evaluate(uniforms(stream_key(9, "chi"), 0, 0, 50_000), 0, made.laws, made.data)
    seen = np.bincount(np.minimum(x, 12).astype(int), minlength=13)
    expected = 50_000 * np.append(stats.poisson(4.0).pmf(np.arange(12)), stats.poisson(4.0).sf(11))
    assert stats.chisquare(seen, expected).pvalue > 0.001


def test_intermittent_is_0_with_probability_1_less_p() -> None:
    made = laws_of(f.Intermittent(probability=0.3, size=f.Gamma(mean=8.0, cv=0.5)))
    x = evaluate(uniforms(stream_key(9, "zero"), 0, 0, 40_000), 0, made.laws, made.data)
    assert abs((x == 0.0).mean() - 0.7) < 4 * math.sqrt(0.21 / 40_000)
    assert stats.kstest(x[x > 0], stats.gamma(4.0, scale=2.0).cdf).pvalue > 0.001
