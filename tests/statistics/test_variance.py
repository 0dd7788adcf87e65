"""Antithetic pairs and control variates: by hand, against regression, and their coverage."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from chainsim.errors import UsageError
from chainsim.statistics import Sample, estimate
from chainsim.statistics.variance import antithetic, control_variates
from chainsim.theory.output_series import coverage_limits


def test_pairs_by_hand() -> None:
    """Pair means 2, 2.5, 2, 2.5: s² = 1/12; of all eight s² = 19.5/7. gain = (19.5/7/8) ÷ (1/12/4)."""
    made = antithetic([1.0, 3.0, 4.0, 1.0, 2.0, 2.0, 5.0, 0.0])
    assert made.estimate.mean == made.plain.mean == 2.25
    assert made.estimate.n == 4
    assert made.estimate.half_width == pytest.approx(stats.t.ppf(0.975, 3) * math.sqrt(1 / 12 / 4))
    assert made.gain == pytest.approx((19.5 / 7 / 8) / (1 / 12 / 4))


def test_pairs_that_go_together_do_harm_and_it_is_told() -> None:
    made = antithetic([1.0, 1.1, 3.0, 3.1, 2.0, 2.1, 5.0, 5.1])
    assert made.gain is not None
    assert made.gain < 0.6


def test_pairs_of_a_ratio_are_pairs_of_sums() -> None:
    made = antithetic(Sample([9.0, 10.0, 8.0, 10.0], [10.0, 12.0, 9.0, 11.0], share=True))
    direct = estimate(Sample([19.0, 18.0], [22.0, 20.0], share=True))
    assert (made.estimate.mean, made.estimate.half_width, made.estimate.ends) == (
        direct.mean,
        direct.half_width,
        direct.ends,
    )


def test_pairs_are_even_and_undefined_ones_left_out() -> None:
    with pytest.raises(UsageError, match="3 is odd"):
        antithetic([1.0, 2.0, 3.0])
    made = antithetic([1.0, math.nan, 2.0, 4.0, 3.0, 4.0])
    assert (made.estimate.mean, made.estimate.n, made.estimate.undefined) == (3.25, 2, 1)
    assert antithetic([1.0, 2.0]).gain is None


def test_one_control_is_linear_regression() -> None:
    rng = np.random.default_rng(11)
    x, noise = rng.normal(10.0, 2.0, 25), rng.normal(0.0, 0.5, 25)
    y = 3.0 * x + noise
    line = stats.linregress(x, y)
    made = control_variates(y.tolist(), [x.tolist()], [10.0])
    assert made.estimate.mean == pytest.approx(line.intercept + 10.0 * line.slope)
    residuals = y - line.intercept - line.slope * x
    squares = float(np.square(x - x.mean()).sum())
    error = math.sqrt(float(residuals @ residuals) / 23 * (1 / 25 + (x.mean() - 10.0) ** 2 / squares))
    assert made.estimate.half_width == pytest.approx(stats.t.ppf(0.975, 23) * error)
    assert made.gain == pytest.approx(float(y.var(ddof=1)) / 25 / error**2)
    assert made.estimate.method == "1 control variate, Student t with 23 degrees of freedom"


def test_controls_that_say_nothing_new_are_left_out() -> None:
    rng = np.random.default_rng(12)
    x = rng.normal(size=20)
    y = (2.0 * x + rng.normal(size=20)).tolist()
    one = control_variates(y, [x.tolist()], [0.0])
    again = control_variates(y, [x.tolist(), (3.0 * x + 1.0).tolist(), [4.0] * 20], [0.0, 1.0, 4.0])
    assert again == one
    none = control_variates(y, [[4.0] * 20], [4.0])
    assert (none.estimate.mean, none.estimate.half_width, none.gain) == (none.plain.mean, none.plain.half_width, 1.0)


def test_a_ratio_is_corrected_through_its_pseudo_values() -> None:
    """Without a control that varies it is the ratio of sums with the jackknife."""
    sample = Sample([9.0, 10.0, 8.0, 10.0], [10.0, 12.0, 9.0, 11.0])
    plain = control_variates(sample, [[1.0] * 4], [1.0])
    assert plain.estimate.mean == pytest.approx(37.0 / 42.0)
    rng = np.random.default_rng(13)
    demand = rng.poisson(50.0, 200).astype(float)
    served = demand - np.maximum(demand - 55.0, 0.0)
    made = control_variates(Sample(served.tolist(), demand.tolist()), [demand.tolist()], [50.0])
    assert made.gain is not None
    assert made.gain > 1.5


def test_the_intervals_keep_their_word() -> None:
    """Regression is biased by order 1/n where the relation is bent: y = 2x + x²/10 + noise; 60 replications, 1,000 studies."""
    rng = np.random.default_rng(14)
    held, gains = 0, []
    for _ in range(1000):
        x = rng.normal(5.0, 1.0, 60)
        y = 2.0 * x + 0.1 * x * x + rng.normal(size=60)
        made = control_variates(y.tolist(), [x.tolist()], [5.0])
        low, high = made.estimate.low, made.estimate.high
        assert low is not None
        assert high is not None
        held += low <= 10.0 + 2.6 <= high
        gains.append(made.gain)
    assert held >= coverage_limits(1000, 0.95)[0]
    assert float(np.median([g for g in gains if g])) > 5.0


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(UsageError, match="do not fit"):
        control_variates([1.0, 2.0, 3.0, 4.0], [[1.0, 2.0]], [0.0])
    with pytest.raises(UsageError, match="do not fit"):
        control_variates([1.0, 2.0], [[1.0, 2.0]], [])
    with pytest.raises(UsageError, match="each replication"):
        control_variates([1.0, math.nan, 3.0, 4.0], [[1.0, 2.0, 4.0, 3.0]], [0.0])
    with pytest.raises(UsageError, match="too few"):
        control_variates([1.0, 2.0, 3.0], [[1.0, 2.0, 4.0]], [0.0])
