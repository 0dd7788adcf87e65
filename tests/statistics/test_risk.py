"""Shares of bad years, the worst in twenty, P10 to P90."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from chainsim.errors import UsageError
from chainsim.statistics.risk import miss_share, quantile, spread, worst_bucket, worst_in

HUNDRED = [float(v) for v in range(1, 101)]


def test_wilsons_interval_by_hand() -> None:
    """3 of 20, z = 1.96: centre (3 + z²/2)/(20 + z²), half-width z/(20 + z²)·√(3·17/20 + z²/4)."""
    z = 1.959964
    share = miss_share([0.9] * 3 + [0.98] * 17, 0.97)
    centre, half = (3 + z * z / 2) / (20 + z * z), z / (20 + z * z) * math.sqrt(3 * 17 / 20 + z * z / 4)
    assert (share.count, share.n, share.value) == (3, 20, 0.15)
    assert share.low == pytest.approx(centre - half, abs=1e-6)
    assert share.high == pytest.approx(centre + half, abs=1e-6)


def test_the_exact_interval_of_none_is_the_rule_of_three() -> None:
    """0 of 30 at 95 % two-sided: high = 1 − 0.025^(1/30)."""
    share = miss_share([0.99] * 30, 0.97, method="exact")
    assert (share.value, share.low) == (0.0, 0.0)
    assert share.high == pytest.approx(1.0 - 0.025 ** (1 / 30))


def test_a_year_that_just_meets_the_target_does_not_miss() -> None:
    assert miss_share([0.97, 0.97], 0.97).count == 0
    assert miss_share([100.0, 101.0], 100.0, better="lower").count == 1


def test_undefined_years_are_left_out_and_counted() -> None:
    share = miss_share([0.9, math.nan, 0.99], 0.97)
    assert (share.count, share.n, share.undefined, share.value) == (1, 2, 1, 0.5)
    assert miss_share([math.nan], 0.97).value is None
    assert miss_share([], 0.97).value is None


def test_quantiles_have_the_ranks_of_the_binomial() -> None:
    """The median of 20: ranks 6 and 15 hold it with probability P(6 ≤ B ≤ 14) = 0.9586."""
    q = quantile([float(v) for v in range(1, 21)], 0.5)
    assert (q.value, q.low, q.high) == (10.5, 6.0, 15.0)
    assert stats.binom.cdf(14, 20, 0.5) - stats.binom.cdf(5, 20, 0.5) >= 0.95


def test_the_worst_year_in_twenty() -> None:
    assert worst_in(HUNDRED).value == pytest.approx(5.95)
    assert worst_in(HUNDRED, better="lower").value == pytest.approx(95.05)
    assert worst_in(HUNDRED, years=10).value == pytest.approx(10.9)


def test_few_years_give_no_lower_end() -> None:
    """Thirty years say nothing about how bad one in twenty is at worst: 0.95³⁰ = 21 %."""
    q = worst_in([float(v) for v in range(30)])
    assert q.low is None
    assert q.high is not None
    assert quantile([], 0.5).value is None


def test_p10_and_p90() -> None:
    low, high = spread(HUNDRED)
    assert (low.p, high.p) == (0.1, 0.9)
    assert (low.value, high.value) == (pytest.approx(10.9), pytest.approx(90.1))


def test_the_worst_month_of_each_year() -> None:
    filled, wanted = [[9.0, 5.0, 0.0], [10.0, 10.0, 4.0]], [[10.0, 10.0, 0.0], [10.0, 10.0, 5.0]]
    assert worst_bucket(filled, wanted) == [0.5, 0.8]


def test_order_statistics_cover() -> None:
    """The worst in twenty of skewed years: 200 replications, 500 studies; the interval may be wider than 95 %, not narrower."""
    rng = np.random.default_rng(10)
    truth, held = float(stats.expon.ppf(0.95)), 0
    for _ in range(500):
        q = worst_in(rng.exponential(size=200).tolist(), better="lower")
        held += q.low is not None and q.high is not None and q.low <= truth <= q.high
    assert held >= stats.binom.ppf(0.0005, 500, 0.95)


def test_arguments_are_checked() -> None:
    for call in (
        lambda: miss_share([1.0], 0.5, level=95.0),
        lambda: quantile([1.0], 0.5, 0.0),
        lambda: quantile([1.0], 1.0),
    ):
        with pytest.raises(UsageError, match="between 0 and 1"):
            call()
    with pytest.raises(UsageError, match="at least 2"):
        worst_in([1.0], years=1)


@pytest.mark.parametrize("n", [1, 2, 7, 30, 73, 200])
def test_intervals_are_those_of_scipy(n: int) -> None:
    values = np.random.default_rng(n).normal(size=n).tolist()
    for p in (0.05, 0.1, 0.5, 0.9, 0.95):
        told = quantile(values, p, 0.93)
        ours = stats.quantile_test(values, q=values[0], p=p).confidence_interval(0.93)
        assert (told.low, told.high) == tuple(None if math.isnan(end) else end for end in (ours.low, ours.high))
    for count in {0, n // 3, n // 2, n}:
        sample = [0.0] * count + [1.0] * (n - count)
        for method in ("wilson", "exact"):
            share = miss_share(sample, 0.5, level=0.9, method=method)
            theirs = stats.binomtest(count, n).proportion_ci(0.9, method)
            assert (share.low, share.high) == pytest.approx((theirs.low, theirs.high), abs=1e-12)
