"""Seasons, steps and surges."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainsim.demand.level import Level, level_problem

WEEK = [1, 1, 1, 1, 1, 2, 0]


def test_a_weekly_level_begins_with_the_first_day() -> None:
    level = Level.weekly(WEEK, day=10)
    assert [level.at(10 * d) for d in range(9)] == [1, 1, 1, 1, 1, 2, 0, 1, 1]
    assert (level.at(49), level.at(50), level.at(59), level.at(60)) == (1, 2, 2, 0)


@pytest.mark.parametrize("count", [12, 52, 365])
def test_a_yearly_level_shares_out_365_days(count: int) -> None:
    level = Level.yearly(range(count), day=1000)
    assert level.at(0) == 0
    assert level.at(365_000 - 1) == count - 1
    assert level.at(365_000) == 0
    assert level.mean(365_000) == pytest.approx((count - 1) / 2, rel=1e-4)


def test_a_step_lasts_and_a_surge_ends() -> None:
    assert Level.step(5, 1.3).cells(20) == [(0, 1.0), (5, 1.3)]
    assert Level.surge(5, 10, 2.0).cells(20) == [(0, 1.0), (5, 2.0), (15, 1.0)]
    assert Level.surge(5, 10, 2.0).cells(10) == [(0, 1.0), (5, 2.0)]
    assert Level.step(0, 0.5).cells(20) == [(0, 0.5)]


def test_levels_multiply() -> None:
    level = Level.step(5, 2.0) * Level.surge(8, 4, 1.5) * Level.constant()
    assert level.cells(20) == [(0, 1.0), (5, 2.0), (8, 3.0), (12, 2.0)]
    assert level.mean(20) == pytest.approx((5 + 3 * 2 + 4 * 3 + 8 * 2) / 20)


def test_a_longer_run_leaves_the_cells_before_alone() -> None:
    level = Level.weekly(WEEK, day=10) * Level.step(35, 1.5)
    assert level.cells(1000)[: len(level.cells(100))] == level.cells(100)


@given(
    st.integers(1, 500),
    st.integers(0, 100),
    st.integers(1, 100),
    st.lists(st.sampled_from([0.0, 1.0, 2.5]), min_size=7, max_size=7),
)
def test_cells_agree_with_the_level_at_every_tick(end: int, start: int, length: int, week: list[float]) -> None:
    level = Level.weekly(week, day=3) * Level.surge(start, length, 3.0)
    cells = level.cells(end)
    stops = [start for start, _ in cells[1:]] + [end]
    spread = [factor for (begin, factor), stop in zip(cells, stops, strict=True) for _ in range(begin, stop)]
    assert spread == [level.at(tick) for tick in range(end)]
    assert level.mean(end) == pytest.approx(math.fsum(spread) / end)


@pytest.mark.parametrize("factors", [[1] * 6, [1] * 8, [], [1, 1, 1, 1, 1, 1, -1], [1, 1, 1, 1, 1, 1, math.inf]])
def test_bad_factors_are_refused(factors: list[float]) -> None:
    assert level_problem("weekly", factors, (7,))
    with pytest.raises(ValueError, match="weekly"):
        Level.weekly(factors, day=1)


def test_good_factors_are_no_problem() -> None:
    assert level_problem("weekly", [0] * 7, (7,)) == ""
