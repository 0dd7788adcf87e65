"""Every registered distribution: moments, scaling, its own rules on both sides."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import integrate

from chainsim.chance import families as f
from chainsim.chance.base import DISTRIBUTIONS, LARGEST, Distribution
from chainsim.chance.moments import moments_after
from chainsim.fields import info_of
from tests.chance.samples import ALL, SAMPLES


def test_every_registered_distribution_has_samples() -> None:
    assert set(SAMPLES) == set(DISTRIBUTIONS.names())
    for name, members in SAMPLES.items():
        assert members
        assert all(type(member) is DISTRIBUTIONS.get(name) for member in members)


@pytest.mark.parametrize("name", DISTRIBUTIONS.names())
def test_every_field_is_described(name: str) -> None:
    described = info_of(DISTRIBUTIONS.get(name))
    assert described
    for info in described.values():
        assert info.meaning.endswith(".")
        assert info.example is not None


@pytest.mark.parametrize("distribution", ALL, ids=str)
def test_samples_have_no_problems(distribution: Distribution) -> None:
    assert distribution.problems() == []


def numerical_moments(distribution: Distribution) -> tuple[float, float]:
    """Mean and sd from the quantile function or the probabilities, not from the formulas under test."""
    if distribution.discrete:
        values, cumulative = distribution.cumulative()
        shares = np.diff(cumulative, prepend=0.0)
        mean = float(values @ shares)
        return mean, math.sqrt(float((values - mean) ** 2 @ shares))
    powers = [0.0, 0.0]
    for piece in distribution.pieces():
        for i in (0, 1):
            for function in (piece.shape.quantile, piece.shape.upper_quantile):

                def integrand(y: float, i: int = i, function: object = function, piece: object = piece) -> float:
                    t = math.exp(y)  # t = e^y spreads out the tail
                    x = piece.shift + piece.scale * float(function(np.array([t]))[0])
                    return x ** (i + 1) * t

                area = integrate.quad(integrand, -45.0, math.log(0.5), limit=200, epsabs=0, epsrel=1e-9)[0]
                powers[i] += (piece.end - piece.start) * area
    return powers[0], math.sqrt(max(powers[1] - powers[0] ** 2, 0.0))


@pytest.mark.parametrize("distribution", ALL, ids=str)
def test_mean_and_sd_are_those_of_the_quantiles(distribution: Distribution) -> None:
    mean, sd = numerical_moments(distribution)
    tolerance = 1e-6 * max(1e-9, distribution.expectation())
    assert distribution.expectation() == pytest.approx(mean, rel=1e-6, abs=1e-12)
    assert distribution.standard_deviation() == pytest.approx(sd, rel=1e-5, abs=10 * tolerance)


@pytest.mark.parametrize("factor", [0.0, 0.5, 1.0, 2.5])
@pytest.mark.parametrize("distribution", ALL, ids=str)
def test_scaling_multiplies_the_mean(distribution: Distribution, factor: float) -> None:
    scaled = distribution.scaled(factor)
    assert scaled.expectation() == pytest.approx(factor * distribution.expectation(), rel=1e-9, abs=1e-12)
    assert scaled.problems() == []
    if factor == 1.0:
        assert scaled is distribution


def stays_a_count(distribution: Distribution) -> bool:
    """Whether scaling keeps a family of counts, whose sd does not grow in proportion."""
    family = distribution.size if isinstance(distribution, f.Intermittent) else distribution
    return isinstance(family, f.Poisson | f.NegativeBinomial) or (isinstance(family, f.Geometric) and family.start == 0)


@pytest.mark.parametrize("distribution", [d for d in ALL if not stays_a_count(d)], ids=str)
def test_scaling_multiplies_the_sd_of_all_but_counts(distribution: Distribution) -> None:
    expected = 2.5 * distribution.standard_deviation()
    assert distribution.scaled(2.5).standard_deviation() == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_geometric_from_one_counts_the_trials_up_to_the_first_success() -> None:
    """p = ¼: 1, 2, 3 … with ¼, 3/16, 9/64 …; mean 4, variance ¾ ÷ (1/16) = 12, as from 0 and one more."""
    trials = f.Geometric(probability=0.25, start=1)
    values, cumulative = trials.cumulative()
    assert values[:3].tolist() == [1.0, 2.0, 3.0]
    assert cumulative[:3] == pytest.approx([1 / 4, 7 / 16, 37 / 64])
    assert (trials.expectation(), trials.lowest()) == (4.0, 1.0)
    assert trials.standard_deviation() == pytest.approx(12**0.5)
    assert f.Geometric(mean=4.0, start=1).cumulative()[1][:3] == pytest.approx([1 / 4, 7 / 16, 37 / 64])


def test_scaled_poisson_is_poisson_and_negative_binomial_keeps_its_dispersion() -> None:
    assert f.Poisson(mean=4.0).scaled(1.5) == f.Poisson(mean=6.0)
    scaled = f.NegativeBinomial(mean=3.0, sd=4.0).scaled(2.0)  # r = 9 / 13; variance = 6 + 36 · 13 / 9
    assert scaled.standard_deviation() == pytest.approx(math.sqrt(6 + 52))


GOOD_AND_BAD = [
    (f.Constant(value=0.0), f.Constant(value=-1.0), "value"),
    (f.Constant(value=1.0), f.Constant(value=math.nan), "value"),
    (f.Constant(value=LARGEST), f.Constant(value=2 * LARGEST), ""),
    (f.Uniform(low=2.0, high=2.0), f.Uniform(low=2.0, high=1.9), "low"),
    (f.Uniform(low=0.0, high=2.0), f.Uniform(low=-0.1, high=2.0), "low"),
    (f.Uniform(low=0.0, high=2.0), f.Uniform(low=0.0), ""),
    (f.Uniform(mean=3.0, cv=0.57), f.Uniform(mean=3.0, cv=0.58), "cv"),
    (f.Uniform(mean=3.0, sd=1.7), f.Uniform(mean=3.0, sd=1.75), "sd"),
    (f.Triangular(low=1.0, mode=1.0, high=6.0), f.Triangular(low=1.0, mode=0.9, high=6.0), "mode"),
    (f.Triangular(low=1.0, mode=6.0, high=6.0), f.Triangular(low=1.0, mode=6.1, high=6.0), "mode"),
    (f.Triangular(mean=10.0, sd=4.0), f.Triangular(mean=10.0, sd=4.1), "sd"),
    (f.Normal(mean=5.0, sd=0.0), f.Normal(mean=5.0, sd=-1.0), "sd"),
    (f.Normal(mean=0.0, sd=0.0), f.Normal(mean=0.0, sd=1.0), "mean"),
    (f.Normal(mean=5.0, sd=2.0), f.Normal(mean=5.0, sd=2.0, cv=0.4), ""),
    (f.Gamma(mean=1.0, sd=1.0), f.Gamma(mean=0.0, sd=1.0), "mean"),
    (f.Gamma(mean=1.0, cv=7.0), f.Gamma(mean=1.0, cv=7.2), "cv"),
    (f.Gamma(mean=1.0, cv=0.004), f.Gamma(mean=1.0, cv=0.003), "cv"),
    (f.Gamma(shape=1.0, scale=1.0), f.Gamma(shape=1.0, mean=1.0), ""),
    (f.Erlang(stages=1, mean=1.0), f.Erlang(stages=0, mean=1.0), "stages"),
    (f.Exponential(mean=1.0), f.Exponential(), ""),
    (f.Exponential(rate=1.0), f.Exponential(rate=0.0), "rate"),
    (f.Lognormal(mu=1.0, sigma=4.0), f.Lognormal(mu=1.0, sigma=4.1), "sigma"),
    (f.Lognormal(mu=30.0, sigma=1.0), f.Lognormal(mu=1000.0, sigma=1.0), ""),
    (f.Weibull(shape=0.2, scale=1.0), f.Weibull(shape=0.19, scale=1.0), "shape"),
    (f.Weibull(mean=1.0, cv=15.0), f.Weibull(mean=1.0, cv=16.0), "cv"),
    (f.Poisson(mean=0.0), f.Poisson(mean=-0.1), "mean"),
    (f.Poisson(mean=1e8), f.Poisson(mean=1e19), ""),
    (f.NegativeBinomial(mean=4.0, sd=2.1), f.NegativeBinomial(mean=4.0, sd=2.0), "sd"),
    (f.NegativeBinomial(mean=4.0, cv=0.51), f.NegativeBinomial(mean=4.0, cv=0.5), "cv"),
    (
        f.NegativeBinomial(dispersion=2.0, probability=0.5),
        f.NegativeBinomial(dispersion=2.0, probability=1.0),
        "probability",
    ),
    (f.NegativeBinomial(mean=900.0, sd=2000.0), f.NegativeBinomial(mean=1000.0, sd=5000.0), ""),
    (f.Geometric(probability=0.99), f.Geometric(probability=1.0), "probability"),
    (f.Geometric(mean=1.1, start=1), f.Geometric(mean=1.0, start=1), "mean"),
    (f.Geometric(mean=1.1, start=1), f.Geometric(mean=1.1, start=2), "start"),
    (f.Binomial(trials=1, probability=1.0), f.Binomial(trials=1, probability=1.1), "probability"),
    (f.Binomial(trials=1, probability=0.0), f.Binomial(trials=0, probability=0.5), "trials"),
    (f.DiscreteUniform(low=4, high=4), f.DiscreteUniform(low=4, high=3), "low"),
    (f.DiscreteUniform(low=0, high=1), f.DiscreteUniform(low=-1, high=1), "low"),
    (f.Empirical(values=(0.0,)), f.Empirical(values=()), "values"),
    (f.Empirical(values=(0.0,)), f.Empirical(values=(-1.0, 2.0)), "values"),
    (
        f.Discrete(values=range(6), probabilities=(0.1, 0.2, 0.3, 0.1, 0.2, 0.1)),
        f.Discrete(values=(1, 2), probabilities=(0.5, 0.4)),
        "probabilities",
    ),
    (
        f.Discrete(values=(1, 2), probabilities=(0.0, 1.0)),
        f.Discrete(values=(1, 2, 3), probabilities=(-0.5, 1.0, 0.5)),
        "probabilities",
    ),
    (
        f.Discrete(values=(1, 2), probabilities=(0.5, 0.5)),
        f.Discrete(values=(1, 2), probabilities=(0.6, 0.5)),
        "probabilities",
    ),
    (
        f.Discrete(values=(1, 2), probabilities=(0.5, 0.5)),
        f.Discrete(values=(1, 2), probabilities=(0.5, 0.3, 0.2)),
        "probabilities",
    ),
    (
        f.Intermittent(probability=1.0, size=f.Poisson(mean=2.0)),
        f.Intermittent(probability=0.0, size=f.Poisson(mean=2.0)),
        "probability",
    ),
    (
        f.Intermittent(probability=0.5, size=f.Poisson(mean=2.0)),
        f.Intermittent(probability=0.5, size=f.Poisson(mean=-2.0)),
        "size.mean",
    ),
]


@pytest.mark.parametrize(("good", "bad", "field"), GOOD_AND_BAD, ids=str)
def test_each_rule_on_both_sides(good: Distribution, bad: Distribution, field: str) -> None:
    assert good.problems() == []
    problems = bad.problems()
    assert [name for name, _, _ in problems] == [field]
    assert problems[0][1]


@pytest.mark.parametrize(("good", "bad", "field"), GOOD_AND_BAD, ids=str)
def test_what_is_accepted_can_be_drawn_from(good: Distribution, bad: Distribution, field: str) -> None:
    mean, _ = moments_after(good, False)
    assert mean >= 0.0


def test_cut_normal_says_the_mean_it_achieves() -> None:
    assert f.Normal(mean=100.0, sd=20.0).warnings() == []
    (text,) = f.Normal(mean=5.0, sd=10.0).warnings()
    assert "30.9% of the draws" in text
    assert "the mean becomes 6.978 instead of 5" in text


def test_moments_after_cutting_and_rounding() -> None:
    assert moments_after(f.Normal(mean=5.0, sd=10.0), False)[0] == pytest.approx(6.97796, rel=1e-3)
    # round half up of an exponential with mean ½ is k with probability geometric after the first half
    mean, sd = moments_after(f.Exponential(mean=0.5), True)
    q = math.exp(-2.0)
    exact = math.exp(-1.0) / (1.0 - q)
    square = math.exp(-1.0) * (1.0 + q) / (1.0 - q) ** 2
    assert mean == pytest.approx(exact, rel=1e-3)
    assert sd == pytest.approx(math.sqrt(square - exact**2), rel=2e-3)
    assert moments_after(f.Discrete(values=(0.5, 1.4), probabilities=(0.5, 0.5)), True) == (1.0, 0.0)
    assert moments_after(f.Poisson(mean=4.0), True) == (4.0, 2.0)
