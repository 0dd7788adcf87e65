"""Intervals and verdicts against scipy and by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from chainsim.errors import UsageError
from chainsim.statistics import compare, compare_independent, estimate, replications_needed
from chainsim.statistics.quantiles import fan

samples = st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=40)
NAN = float("nan")


@settings(max_examples=60, deadline=None)
@given(samples, st.sampled_from([0.8, 0.95, 0.99]))
def test_interval_is_that_of_scipy(values: list[float], level: float) -> None:
    e = estimate(values, level)
    assert e.mean == pytest.approx(np.mean(values), rel=1e-9, abs=1e-9)
    error = stats.sem(values)
    low, high = stats.t.interval(level, len(values) - 1, loc=e.mean, scale=error) if error > 1e-9 else (e.mean, e.mean)
    assert e.low == pytest.approx(low, rel=1e-6, abs=1e-6)
    assert e.high == pytest.approx(high, rel=1e-6, abs=1e-6)


def test_one_replication_has_no_interval() -> None:
    e = estimate([4.0])
    assert (e.mean, e.half_width, e.low, e.n) == (4.0, None, None, 1)


def test_undefined_replications_are_left_out_and_counted() -> None:
    e = estimate([1.0, NAN, 3.0])
    assert (e.mean, e.n, e.undefined) == (2.0, 2, 1)
    assert "1 of 3 replications undefined" in e.method
    assert estimate([NAN, NAN]).mean is None
    assert estimate([]).method == "undefined"


@pytest.mark.parametrize("level", [0.0, 1.0, 95.0, NAN])
def test_a_level_lies_between_0_and_1(level: float) -> None:
    with pytest.raises(UsageError, match="between 0 and 1"):
        estimate([1.0, 2.0], level)


def test_sums_do_not_depend_on_rounding() -> None:
    assert estimate([1e16, 1.0, -1e16]).mean == 1.0 / 3.0


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(-100, 100), st.floats(-100, 100)), min_size=3, max_size=30))
def test_verdict_agrees_with_the_paired_t_test(pairs: list[tuple[float, float]]) -> None:
    a, b = [p[0] for p in pairs], [p[1] for p in pairs]
    differences = np.subtract(a, b)
    if np.std(differences) < 1e-6:
        return
    p = stats.ttest_rel(a, b).pvalue
    if abs(p - 0.05) < 1e-9:
        return
    assert (compare(a, b).verdict != "cannot be told apart") == (p < 0.05)


@pytest.mark.parametrize(
    ("shift", "direction", "verdict"),
    [
        (1.0, "higher", "better"),
        (1.0, "lower", "worse"),
        (-1.0, "lower", "better"),
        (-1.0, "higher", "worse"),
        (1.0, "none", "higher"),
        (-1.0, "none", "lower"),
        (0.0, "higher", "cannot be told apart"),
    ],
)
def test_verdict_follows_the_direction(shift: float, direction: str, verdict: str) -> None:
    base = [10.0, 11.0, 9.0, 10.5]
    ours = [b + shift + e for b, e in zip(base, (0.01, -0.01, 0.02, -0.02), strict=True)]
    assert compare(ours, base, 0.95, direction).verdict == verdict  # type: ignore[arg-type]


def test_identical_policies_cannot_be_told_apart() -> None:
    c = compare([1.0, 2.0], [1.0, 2.0], direction="lower")
    assert c.verdict == "cannot be told apart"
    assert c.difference.half_width == 0.0


def test_one_replication_tells_nothing_apart() -> None:
    assert compare([1.0], [2.0], direction="lower").verdict == "cannot be told apart"


def test_pairs_with_an_undefined_side_are_left_out() -> None:
    c = compare([1.0, NAN, 3.0, 4.0], [0.0, 1.0, NAN, 3.0])
    assert c.difference.n == 2
    assert c.difference.undefined == 2
    assert c.difference.mean == 1.0


def test_replications_needed_by_hand() -> None:
    assert replications_needed(2.0, 3.0, 30) == 68  # 30 × 2.25 = 67.5
    assert replications_needed(10.0, 1.0, 30) == 30
    assert replications_needed(0.0, 1.0, 30) is None


@settings(max_examples=40, deadline=None)
@given(samples, samples)
def test_welch_interval_is_that_of_scipy(a: list[float], b: list[float]) -> None:
    if min(np.std(a), np.std(b)) < 1e-3:
        return
    interval = stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.95)
    e = compare_independent(a, b).difference
    assert e.low is not None
    assert e.high is not None
    assert math.isclose(e.low, interval.low, rel_tol=1e-6, abs_tol=1e-6)
    assert math.isclose(e.high, interval.high, rel_tol=1e-6, abs_tol=1e-6)


def test_a_fan_of_known_numbers() -> None:
    values = np.arange(21.0)[:, None]
    told = {name: v.item() for name, v in fan(values).items()}
    assert told == {"mean": 10.0, "q05": 1.0, "q25": 5.0, "q50": 10.0, "q75": 15.0, "q95": 19.0, "first": 0.0}
