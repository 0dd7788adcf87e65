"""Ratios of sums over replications, by hand and by what must always hold."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chainsim.errors import UsageError
from chainsim.statistics import Sample, compare, compare_independent, compare_with_best, estimate
from chainsim.statistics.estimate import logit_ends, student_quantile
from chainsim.statistics.paired import paired_difference

NAN = math.nan


def test_three_replications_by_hand() -> None:
    """8 of 10, 1 of 1 and 3 of 9 units: 12 of 20. Without the first 4/10, without the second 11/19, without the third 9/11."""
    e = estimate(Sample([8.0, 1.0, 3.0], [10.0, 1.0, 9.0]))
    left_out = [4 / 10, 11 / 19, 9 / 11]
    mean = sum(left_out) / 3
    error = math.sqrt(2 / 3 * sum((r - mean) ** 2 for r in left_out))
    assert e.mean == 12 / 20
    assert e.half_width == pytest.approx(student_quantile(2, 0.95) * error, rel=1e-12)
    assert (e.n, e.undefined, e.method) == (3, 0, "ratio of sums, jackknife t")


def test_a_replication_without_demand_counts_as_one_that_says_nothing() -> None:
    with_none, without = estimate(Sample([3.0, 0.0, 4.0], [4.0, 0.0, 5.0])), estimate(Sample([3.0, 4.0], [4.0, 5.0]))
    assert with_none.mean == without.mean == 7 / 9
    assert with_none.n == 3
    assert "1 of 3 replications had nothing to divide by" in with_none.method


def test_nothing_to_divide_by_anywhere_is_undefined() -> None:
    e = estimate(Sample([0.0, 0.0], [0.0, 0.0]))
    assert (e.mean, e.half_width, e.n, e.undefined) == (None, None, 0, 2)
    assert compare(Sample([0.0, 0.0], [0.0, 0.0]), Sample([1.0, 1.0], [2.0, 2.0])).difference.mean is None


def test_all_of_it_in_one_replication_has_no_interval() -> None:
    e = estimate(Sample([3.0, 0.0], [4.0, 0.0]))
    assert (e.mean, e.half_width) == (0.75, None)
    assert "only one replication" in e.method
    d = paired_difference(Sample([3.0, 0.0], [4.0, 0.0]), Sample([1.0, 1.0], [4.0, 4.0]))
    assert (d.mean, d.half_width) == (0.5, None)


def test_replications_that_are_not_numbers_are_left_out_and_counted() -> None:
    e = estimate(Sample([1.0, NAN, 1.0], [2.0, NAN, 2.0]))
    assert (e.mean, e.n, e.undefined) == (0.5, 2, 1)


positive = st.integers(1, 40)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=2, max_size=20), positive)
def test_with_equal_denominators_it_is_the_mean_and_students_interval(above: list[int], below: int) -> None:
    ratio, plain = estimate(Sample(above, [below] * len(above))), estimate([a / below for a in above])
    assert ratio.mean == pytest.approx(plain.mean, rel=1e-12)
    assert ratio.half_width == pytest.approx(plain.half_width, rel=1e-9, abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(positive, positive), min_size=3, max_size=20), st.integers(2, 9))
def test_the_unit_of_the_denominator_changes_nothing_else(rows: list[tuple[int, int]], times: int) -> None:
    above, below = [float(a) for a, _ in rows], [float(b) for _, b in rows]
    one, other = estimate(Sample(above, below)), estimate(Sample(above, [times * b for b in below]))
    assert one.mean is not None
    assert other.mean == pytest.approx(one.mean / times, rel=1e-12)
    assert other.half_width == pytest.approx((one.half_width or 0.0) / times, rel=1e-6, abs=1e-12)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=2, max_size=12))
def test_an_interval_of_a_share_stays_between_0_and_1(rows: list[tuple[int, int]]) -> None:
    e = estimate(Sample([float(min(a, b)) for a, b in rows], [float(b) for _, b in rows], share=True))
    if e.half_width is None or e.mean is None:
        return
    assert e.low is not None
    assert e.high is not None
    assert 0.0 <= e.low <= e.mean <= e.high <= 1.0


def test_the_logit_interval_of_a_share_near_1() -> None:
    e = estimate(Sample([99.0, 100.0, 98.0, 100.0], [100.0] * 4, share=True))
    assert e.mean == 0.9925
    assert e.mean + (e.half_width or 0.0) > 1.0
    assert (e.low, e.high) == logit_ends(e.mean, e.half_width or 0.0)
    assert e.method.startswith("ratio of sums, jackknife t on the logit")


def test_the_paired_difference_leaves_out_a_replication_of_both() -> None:
    ours, theirs = Sample([8.0, 1.0, 3.0], [10.0, 1.0, 9.0]), Sample([6.0, 1.0, 3.0], [10.0, 1.0, 9.0])
    d = paired_difference(ours, theirs)
    left_out = [0.0, 2 / 19, 2 / 11]
    mean = sum(left_out) / 3
    error = math.sqrt(2 / 3 * sum((r - mean) ** 2 for r in left_out))
    assert d.mean == pytest.approx(0.1, rel=1e-12)
    assert d.half_width == pytest.approx(student_quantile(2, 0.95) * error, rel=1e-12)
    assert compare(ours, ours, direction="higher").difference.half_width == 0.0


def test_independent_ratios_differ_by_the_sum_of_their_variances() -> None:
    a, b = Sample([8.0, 1.0, 3.0, 5.0], [10.0, 1.0, 9.0, 6.0]), Sample([6.0, 1.0, 3.0, 2.0], [10.0, 1.0, 9.0, 6.0])
    d = compare_independent(a, b).difference
    one, two = estimate(a), estimate(b)
    assert d.mean == pytest.approx((one.mean or 0.0) - (two.mean or 0.0))
    errors = [(e.half_width or 0.0) / student_quantile(3, 0.95) for e in (one, two)]
    assert d.half_width is not None
    assert math.hypot(*errors) * student_quantile(6, 0.95) <= d.half_width
    assert d.half_width <= math.hypot(*errors) * student_quantile(3, 0.95)


@pytest.mark.parametrize("noise", [0.0, 7.6e-17, 1e-13])
def test_what_differs_by_rounding_only_is_equal(noise: float) -> None:
    ours, theirs = [1e5 * (1 + noise), 2e5, 3e5], [1e5, 2e5 * (1 + noise), 3e5]
    d = compare(ours, theirs, direction="lower")
    assert (d.difference.mean, d.difference.half_width, d.verdict) == (0.0, 0.0, "cannot be told apart")
    assert estimate([0.3, 0.3 * (1 + noise), 0.3]).half_width == 0.0
    shares = compare(Sample([0.3, 0.3 * (1 + noise)], [1.0, 1.0]), Sample([0.3, 0.3], [1.0, 1.0]))
    assert (shares.difference.mean, shares.difference.half_width) == (0.0, 0.0)


def test_what_differs_by_more_is_not() -> None:
    assert (estimate([0.3, 0.3 * (1 + 1e-9)]).half_width or 0.0) > 0.0


# comparison with the best


def test_two_policies_are_judged_as_a_pair() -> None:
    random = np.random.default_rng(5)
    for _ in range(50):
        one, other = random.normal(10, 1, (2, 8)).tolist()
        places = [standing.place for standing in compare_with_best([one, other])]
        pair = compare(one, other, direction="lower").verdict
        expected = {
            "better": ["best", "not best"],
            "worse": ["not best", "best"],
            "cannot be told apart": ["may be best"] * 2,
        }
        assert places == expected[pair]


def test_the_bounds_by_hand() -> None:
    """Three policies in four replications; differences from the first 1 ± 0 and 5 ± 0: nothing is left to chance."""
    base = [10.0, 12.0, 11.0, 13.0]
    told = compare_with_best([base, [b + 1 for b in base], [b + 5 for b in base]])
    assert [(s.place, s.rival, s.low, s.high) for s in told] == [
        ("best", 1, -1.0, 0.0), ("not best", 0, 0.0, 1.0), ("not best", 0, 0.0, 5.0)
    ]  # fmt: skip
    higher = compare_with_best([base, [b + 1 for b in base]], direction="higher")
    assert [s.place for s in higher] == ["not best", "best"]


def test_more_rivals_make_it_harder_to_be_surely_best() -> None:
    random = np.random.default_rng(8)
    best = random.normal(10.0, 1.0, 10)
    rivals = [(best + 0.8 + random.normal(0.0, 1.0, 10)).tolist() for _ in range(30)]
    alone = [r for r in rivals if compare_with_best([best.tolist(), r])[0].place == "best"]
    assert len(alone) > 3
    assert compare_with_best([best.tolist(), *alone])[0].place != "best"


def test_one_replication_and_undefined_measures_tell_nothing() -> None:
    assert [s.place for s in compare_with_best([[1.0], [2.0]])] == ["may be best", "may be best"]
    places = [s.place for s in compare_with_best([[1.0, 1.1], [NAN, NAN], [2.0, 2.1]])]
    assert places == ["best", "undefined", "not best"]
    assert [s.place for s in compare_with_best([[1.0, 2.0]])] == ["best"]
    with pytest.raises(UsageError, match="between 0 and 1"):
        compare_with_best([[1.0], [2.0]], 95)


def test_the_best_is_named_wrongly_no_more_often_than_promised() -> None:
    """Five policies that are truly equal: 'best' is then always wrong, and may be said in 5 % of the studies at most. The cheapest against
    the second at 95 %, as if it had not been picked, says it far more often."""
    random = np.random.default_rng(12)
    studies, wrong, naive = 1000, 0, 0
    for _ in range(studies):
        costs = (random.normal(0.0, 1.0, (1, 10)) + random.normal(0.0, 1.0, (5, 10))).tolist()
        wrong += any(s.place == "best" for s in compare_with_best(costs))
        first, *others = sorted(costs, key=sum)
        naive += all(compare(first, other, direction="lower").verdict == "better" for other in others)
    assert wrong <= 0.05 * studies + 4 * math.sqrt(0.05 * 0.95 * studies)
    assert naive > 2 * wrong
