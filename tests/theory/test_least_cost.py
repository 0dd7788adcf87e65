"""Levels and lots of least cost: published optima, and every other choice tried by force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from chainsim.theory.least_cost import (
    PositionCost,
    best_lot,
    best_min_max,
    best_reorder_point,
    cost_of_lot,
    position_cost,
)
from chainsim.theory.s_S import cost_of_s_S


def poisson(mean: float) -> np.ndarray:
    return stats.poisson.pmf(np.arange(int(mean + 12 * mean**0.5 + 20)), mean)


@pytest.mark.parametrize(
    ("mean", "s", "S", "cost"),
    [(10, 6, 40, 35.022), (20, 14, 62, 49.173), (25, 19, 56, 54.262), (51, 43, 110, 71.611), (75, 67, 86, 79.554)],
)
def test_zheng_federgruen_table_1(mean: int, s: int, S: int, cost: float) -> None:
    """Zheng & Federgruen (1991), table 1: K = 64, h = 1, b = 9, lead time 0, Poisson demand a period."""
    G = position_cost([(1.0, poisson(mean))], -150, 650, 1.0, 9.0)
    found = best_min_max(G, 64.0, poisson(mean), 1.0)
    assert (found.reorder_point, found.order_up_to_level) == (s, S)
    assert found.cost == pytest.approx(cost, abs=0.001)


def test_reorder_point_and_lot_of_a_textbook() -> None:
    """Poisson 1.5 a year, lead time 2 years, K 100, h 20, b 150: the continuous-review (r, Q) of least cost is (3, 5)."""
    G = position_cost([(1.0, poisson(3.0))], -50, 150, 20.0, 150.0)
    found = best_lot(G, 100.0, np.array([0.0, 1.0]), 1 / 1.5)
    assert (found.reorder_point, found.order_quantity) == (3, 5)
    assert found.cost == pytest.approx(107.924, abs=0.001)


laws = st.lists(st.floats(0.0, 1.0), min_size=2, max_size=7).filter(lambda x: sum(x[1:]) > 0.1)
prices = st.tuples(st.floats(0.1, 3.0), st.floats(0.1, 30.0), st.floats(0.0, 60.0))


@settings(deadline=None, max_examples=40)
@given(laws, prices)
def test_no_other_lot_or_min_max_is_cheaper(law: list[float], price: tuple[float, float, float]) -> None:
    between = np.array(law) / sum(law)
    h, b, K = price
    G = position_cost([(0.5, between), (0.5, np.convolve(between, between))], -40, 160, h, b)
    lot = best_lot(G, K, between, 2.0)
    assert lot.cost == pytest.approx(cost_of_lot(G, lot.reorder_point, lot.order_quantity, K, between, 2.0))
    sizes, starts = range(1, 40), range(-30, 40)
    least = min(cost_of_lot(G, s, Q, K, between, 2.0) for Q in sizes for s in starts)
    assert lot.cost <= least + 1e-9
    assert best_reorder_point(G, lot.order_quantity) == lot.reorder_point
    best = best_min_max(G, K, between, 2.0)
    known = [float(p) for p in between]
    per_period = lambda y: 2.0 * G.at(y)  # noqa: E731
    assert best.cost <= lot.cost + 1e-9  # (s, S) is optimal among all policies
    least = min(
        cost_of_s_S(s, s + D, K, known, per_period) / 2.0
        for D in range(1, 40)
        for s in range(max(best.reorder_point - 12, -39), best.reorder_point + 12)
    )
    assert best.cost <= least + 1e-9


def test_the_best_base_stock_is_the_newsvendors() -> None:
    G = position_cost([(1.0, poisson(20.0))], 0, 80, 1.0, 4.0)
    assert G.best == stats.poisson.ppf(0.8, 20.0)


def test_positions_beyond_those_computed_are_refused() -> None:
    with pytest.raises(IndexError, match="position 9"):
        PositionCost(0, np.zeros(3)).at(9)
