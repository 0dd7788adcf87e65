"""Where a function with one valley is lowest: by few questions."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainsim.theory.search import valley
from chainsim.theory.service_laws import Basis
from chainsim.theory.stage import Stage


@pytest.mark.parametrize("start", [1, 30, 100, 170, 900])
def test_the_textbooks_lot_is_found_from_anywhere(start: int) -> None:
    asked: list[int] = []

    def cost(n: int) -> float:
        asked.append(n)
        return 100.0 / n + n / 100.0

    assert valley(cost, start, 1, 1000) == pytest.approx(100.0, rel=0.01)
    assert len(asked) == len(set(asked)) <= 18


def test_the_ends_are_found_too() -> None:
    assert valley(lambda n: float(n), 50, 3, 1000) == 3.0
    assert valley(lambda n: 1.0 / n, 50, 3, 1000) == 1000.0


def test_flat_is_lowest_where_it_starts() -> None:
    assert valley(lambda n: 7.0, 50, 1, 1000) == 50.0


def test_what_cannot_be_is_avoided() -> None:
    """No level delivers with small lots."""
    assert valley(lambda n: float("inf") if n < 40 else 100.0 / n + n / 100.0, 60, 1, 1000) == pytest.approx(
        100.0, rel=0.02
    )


def test_a_lot_above_the_largest_foreseen_is_refused() -> None:
    basis = Basis(Stage(np.array([0.0, 1.0]), np.array([2.0]), rate=3.0), 10)
    assert basis.laws("sQ", 10).order == 10.0
    with pytest.raises(ValueError, match="a lot of 11 steps is above the largest foreseen, 10"):
        basis.laws("sQ", 11)


@given(st.floats(-1.0, 1.0), st.floats(0.01, 1.0), st.integers(1, 40))
def test_nothing_is_asked_outside_what_may_be(slope: float, bend: float, start: int) -> None:
    """Where a function is nearly flat a parabola's lowest point may lie anywhere (single 588 of benchmarks/delivery.py)."""

    def value(n: int) -> float:
        assert 1 <= n <= 40
        return 1.0 + 1e-6 * (slope * log(n) + bend * log(n) * log(n))

    assert 1.0 <= valley(value, start, 1, 40) <= 40.0


def test_a_parabola_does_not_leave_its_three_points() -> None:
    nearly_flat = {6: 1.0, 10: 1.0 - 1e-9, 4: 1.0 + 1.0000001e-9}

    assert valley(lambda n: nearly_flat[n], 6, 4, 10) <= 10.0
