"""All pairs at once: intervals, Holm, verdicts with a materiality threshold."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from chainsim.errors import UsageError
from chainsim.statistics import Sample, compare
from chainsim.statistics.estimate import Estimate
from chainsim.statistics.multiple import all_pairs, holm, judge, p_value, settles
from chainsim.theory.output_series import coverage_limits


def interval(mean: float, half_width: float, n: int = 30) -> Estimate:
    return Estimate(mean, half_width, 0.95, n, "Student t")


@pytest.mark.parametrize(
    ("mean", "half_width", "material", "lower_is_better"),
    [
        (-6.0, 1.0, 5.0, "better"),
        (6.0, 1.0, 5.0, "worse"),
        (-4.5, 1.0, 5.0, "better"),  # sure, perhaps too small to matter, perhaps not
        (-3.0, 1.0, 5.0, "equal for practical purposes"),  # sure, and too small to matter
        (0.0, 5.0, 5.0, "equal for practical purposes"),  # exactly within
        (1.0, 4.5, 5.0, "cannot be told apart"),
        (0.0, 0.0, 0.0, "equal for practical purposes"),
        (0.0, 0.0, 1.0, "equal for practical purposes"),
    ],
)
def test_verdicts(mean: float, half_width: float, material: float, lower_is_better: str) -> None:
    assert judge(interval(mean, half_width), "lower", material) == lower_is_better
    mirrored = {"better": "worse", "worse": "better"}.get(lower_is_better, lower_is_better)
    assert judge(interval(mean, half_width), "higher", material) == mirrored


def test_a_measure_of_no_direction_is_higher_or_lower() -> None:
    assert (judge(interval(6.0, 1.0)), judge(interval(-6.0, 1.0))) == ("higher", "lower")


def test_without_an_interval_nothing_is_said() -> None:
    assert judge(Estimate(1.0, None, 0.95, 1, "one"), "lower", 5.0) == "cannot be told apart"
    assert settles(Estimate(1.0, None, 0.95, 1, "one"), 5.0) is None
    assert p_value(Estimate(1.0, None, 0.95, 1, "one")) is None


def test_how_many_would_settle() -> None:
    """Towards 'equal' the half-width 4.5 must shrink to 5 − 1 = 4; towards a difference to 1. The first comes first: 30·(4.5/4)² = 37.97."""
    assert settles(interval(1.0, 4.5), 5.0) == 38
    assert settles(interval(4.0, 4.5), 5.0) == 38  # here a difference comes first
    assert settles(interval(2.0, 3.0)) == 68
    assert settles(interval(0.0, 3.0)) is None
    assert settles(interval(4.0, 1.0), 5.0) is None  # told already


def test_intervals_are_bonferronis() -> None:
    rng = np.random.default_rng(7)
    data = rng.normal(size=(4, 20)).tolist()
    pairs = all_pairs(data)
    assert [(p.first, p.second) for p in pairs] == [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]
    for pair in pairs:
        alone = compare(data[pair.first], data[pair.second], 1.0 - 0.05 / 6.0)
        assert pair.difference == alone.difference


def test_p_values_are_holms_of_paired_t_tests() -> None:
    rng = np.random.default_rng(8)
    data = rng.normal(size=(3, 12)) + np.array([[0.0], [0.6], [1.5]])
    plain = [float(stats.ttest_rel(data[i], data[j]).pvalue) for i, j in ((0, 1), (0, 2), (1, 2))]
    order = np.argsort(plain)
    stepped = np.minimum.accumulate(np.ones(3))
    largest = 0.0
    for rank, i in enumerate(order):
        largest = max(largest, min(1.0, (3 - rank) * plain[i]))
        stepped[i] = largest
    assert [p.p_value for p in all_pairs(data.tolist())] == pytest.approx(stepped.tolist())


def test_holm_by_hand() -> None:
    assert holm([0.04, 0.01, 0.03, 0.005]) == pytest.approx([0.06, 0.03, 0.06, 0.02])
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []


def test_identical_policies_have_no_difference() -> None:
    (pair,) = all_pairs([[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]], material=0.1)
    assert (pair.difference.mean, pair.verdict, pair.p_value, pair.settles) == (
        0.0,
        "equal for practical purposes",
        1.0,
        None,
    )


def test_ratios_and_undefined_measures() -> None:
    served = Sample([9.0, 8.0, 9.0], [10.0, 10.0, 10.0])
    ratios = all_pairs([served, Sample([7.0, 6.0, 7.0], [10.0, 10.0, 10.0]), [math.nan] * 3], direction="higher")
    assert ratios[0].difference.mean == pytest.approx(0.2)
    assert ratios[0].verdict == "better"
    assert (ratios[1].verdict, ratios[1].p_value) == ("cannot be told apart", None)


def test_levels_and_amounts_are_checked() -> None:
    with pytest.raises(UsageError, match="between 0 and 1"):
        all_pairs([[1.0, 2.0]], 95.0)
    with pytest.raises(UsageError, match="at least 0"):
        all_pairs([[1.0, 2.0], [1.0, 3.0]], material=-1.0)
    with pytest.raises(UsageError, match="at least 0"):
        judge(interval(1.0, 1.0), material=math.nan)
    assert all_pairs([]) == []


def test_all_pairs_hold_at_once() -> None:
    """Four policies of equal means, common luck: the family of six intervals holds in at least 95 % of 1,000 studies."""
    rng = np.random.default_rng(9)
    held = 0
    for _ in range(1000):
        data = rng.normal(size=15) + rng.normal(size=(4, 15)) * np.array([[0.1], [0.3], [1.0], [2.0]])
        held += all(p.difference.low <= 0.0 <= p.difference.high for p in all_pairs(data.tolist()))  # type: ignore[operator]
    assert held >= coverage_limits(1000, 0.95)[0]
