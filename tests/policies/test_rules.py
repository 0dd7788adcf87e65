"""The rules of the single-stage policies, called by hand."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import sqrt
from typing import Any

import pytest

from chainsim.policies import (
    T_Q,
    autoregressive,
    base_stock,
    exponential_smoothing,
    kanban,
    moving_average,
    pout,
    s_Q,
    s_S,
)
from chainsim.rules.position import ECHELON, LEVEL
from chainsim.theory import bullwhip

from .stock_points import row


@pytest.mark.parametrize(
    ("on_hand", "on_order", "backorders", "expected"),
    [(7, 0, 0, 11), (7, 5, 0, 6), (0, 5, 4, 17), (18, 0, 0, 0), (20, 3, 0, 0)],
)
def test_base_stock_restores_the_position_to_S(
    on_hand: float, on_order: float, backorders: float, expected: float
) -> None:
    assert base_stock.order_quantity(row(on_hand, on_order, backorders), (18.0,), []) == expected


@pytest.mark.parametrize(
    ("position", "at_or_below", "below"),
    [(6, 0, 0), (5, 3, 0), (4, 3, 3), (3, 3, 3), (2, 6, 3), (1, 6, 6), (-4, 12, 9)],
)
def test_s_Q_brings_the_position_above_s_or_to_s(position: float, at_or_below: float, below: float) -> None:
    """s = 5, Q = 3. At or below: the smallest n·Q that ends above 5. Below: the smallest that ends at 5 or more."""
    stock = row(max(position, 0.0), 0.0, max(-position, 0.0))
    assert s_Q.order_quantity(stock, (5.0, 3.0, 0.0), []) == at_or_below
    assert s_Q.order_quantity(stock, (5.0, 3.0, 1.0), []) == below


def test_s_Q_can_watch_the_level() -> None:
    p = (5.0, 3.0, 0.0)
    assert s_Q.order_quantity(row(on_hand=4.0, on_order=6.0), p, []) == 0.0
    assert s_Q.order_quantity(row(on_hand=4.0, on_order=6.0, watch=LEVEL), p, []) == 3.0


@pytest.mark.parametrize(("position", "at_or_below", "below"), [(11, 0, 0), (10, 10, 0), (9, 11, 11), (-2, 22, 22)])
def test_s_S_orders_up_to_S(position: float, at_or_below: float, below: float) -> None:
    stock = row(max(position, 0.0), 0.0, max(-position, 0.0))
    assert s_S.order_quantity(stock, (10.0, 20.0, 0.0), []) == at_or_below
    assert s_S.order_quantity(stock, (10.0, 20.0, 1.0), []) == below


def test_s_equal_to_S_is_base_stock() -> None:
    """s = S = 10 is base stock: at 10 nothing is missing, at 9 one unit is."""
    assert s_S.order_quantity(row(10.0), (10.0, 10.0, 0.0), []) == 0.0
    assert s_S.order_quantity(row(9.0), (10.0, 10.0, 0.0), []) == 1.0


def test_s_S_watching_the_level_orders_again_while_an_order_is_on_its_way() -> None:
    assert s_S.order_quantity(row(on_hand=3.0, on_order=6.0, watch=LEVEL), (5.0, 10.0, 0.0), []) == 7.0


@pytest.mark.parametrize(("position", "expected"), [(15, 5), (20, 0), (21, 0)])
def test_base_stock_can_watch_the_echelon(position: float, expected: float) -> None:
    """Own position 4 + 6 − 3 = 7; what counts is the echelon's."""
    stock = row(4.0, 6.0, 3.0, watch=ECHELON, echelon_position=position)
    assert base_stock.order_quantity(stock, (20.0,), []) == expected


@pytest.mark.parametrize(
    ("on_hand", "on_order", "backorders", "expected"),
    [
        (12, 0, 0, 0),
        (9, 0, 0, 0),
        (8, 0, 0, 4),
        (7, 0, 0, 4),
        (2, 4, 0, 4),
        (0, 8, 3, 4),
        (0, 12, 9, 0),
        (0, 0, 50, 12),
    ],
)
def test_kanban_orders_empty_containers_whoever_waits(
    on_hand: float, on_order: float, backorders: float, expected: float
) -> None:
    """3 cards of 4 units."""
    assert kanban.order_quantity(row(on_hand, on_order, backorders), (3.0, 4.0), []) == expected


def test_constant_order_carries_fractions_of_a_unit() -> None:
    memory = [0.0]
    orders = [T_Q.order_quantity(row(), (0.1, 1.0), memory) for _ in range(1000)]
    assert sum(orders) == 100.0
    assert set(orders) == {0.0, 1.0}
    assert T_Q.order_quantity(row(), (2.5, 0.0), [0.0]) == 2.5  # divisible


def test_moving_average_forgets_what_left_the_window() -> None:
    """n = 2, M/R = 3, no safety: S = 3 × mean of the last two reviews; the first review is not an observation."""
    p, memory = (2.0, 3.0, 0.0, 0.0, 0.0), [0.0, 10.0, 10.0]
    order = lambda demand: moving_average.order_quantity(row(recent_demand=demand), p, memory)  # noqa: E731
    assert [order(99.0), order(20.0), order(40.0), order(0.0)] == [30.0, 45.0, 90.0, 60.0]


def test_moving_average_estimates_its_safety_stock_once_the_window_is_full() -> None:
    """n = 3, M/R = 1, z√(M/R) = 2, known σ 5: known until three reviews are seen, then √(Σ(x − mean)²/2)."""
    p, memory = (3.0, 1.0, 2.0, 5.0, 1.0), [0.0, 9.0, 9.0, 9.0]
    order = lambda demand: moving_average.order_quantity(row(recent_demand=demand), p, memory)  # noqa: E731
    assert [order(0.0), order(6.0), order(9.0)] == [9 + 10, 8 + 10, 8 + 10]
    assert order(12.0) == pytest.approx(9 + 2 * 3)


def test_autoregressive_carries_a_deviation_on() -> None:
    """S = 30 at mean demand 10, of which 0.6 + 0.36 + 0.216 of a deviation come again in three intervals."""
    memory = [0.0]
    order = lambda demand, position: autoregressive.order_quantity(  # noqa: E731
        row(position, recent_demand=demand), (30.0, 1.176, 10.0), memory
    )
    assert order(99.0, 28.0) == 2.0  # the first review is no observation
    assert order(15.0, 15.0) == pytest.approx(15 + 5 * 1.176)
    assert order(0.0, 30.0) == 0.0  # the level fell below the position: nothing is sent back


def test_exponential_smoothing_moves_by_a_share_of_the_error() -> None:
    """a = 0.5, M/R = 2, z√(M/R) = 1: after a demand of 14 against 10, F = 12 and σ̂² = 0.5·4 + 0.5·16 = 10."""
    p, memory = (0.5, 2.0, 1.0, 2.0, 1.0), [1.0, 10.0, 4.0]
    order = exponential_smoothing.order_quantity(row(recent_demand=14.0), p, memory)
    assert order == pytest.approx(24 + sqrt(10))
    assert memory[1:] == [12.0, 10.0]


def test_a_forecast_that_falls_orders_nothing_rather_than_less() -> None:
    assert moving_average.order_quantity(row(50.0, recent_demand=0.0), (1.0, 2.0, 0.0, 0.0, 0.0), [1.0, 10.0]) == 0.0
    assert exponential_smoothing.order_quantity(row(50.0), (0.5, 2.0, 0.0, 0.0, 0.0), [1.0, 10.0, 0.0]) == 0.0
    assert pout.order_quantity(row(90.0), (0.25, 0.0, 3.0, 0.0), [1.0, 10.0]) == 0.0


def test_pout_with_a_share_of_one_is_order_up_to() -> None:
    for on_hand in (0.0, 7.0, 29.0):
        assert pout.order_quantity(row(on_hand), (1.0, 0.0, 3.0, 5.0), [1.0, 10.0]) == 35.0 - on_hand


def test_pout_settles_at_its_target() -> None:
    """Level demand of 10 from an empty pipeline: after ordering, the position converges to S = 30."""
    position, memory = 5.0, [0.0, 10.0]
    for _ in range(60):
        position -= 10.0
        position += pout.order_quantity(row(position), (0.25, 0.0, 3.0, 0.0), memory)
    assert position == pytest.approx(30.0, abs=1e-5)


def amplification(
    rule: Any, p: Sequence[float], memory: list[float], intervals: float, correlation: float = 0.0
) -> float:
    """Variance of orders over variance of demand, exactly: the rule is linear, so that both are sums of squares of the
    response to one shock. Demand has mean 1000 and deviates by ρᵏ from the shock on."""
    mean = 1000.0
    deviations = [0.0] * 5 + [correlation**k for k in range(400)]
    position, squares = mean * intervals, 0.0
    for deviation in deviations:
        position -= mean + deviation
        stock = row(
            position if position > 0 else 0.0, 0.0, -position if position < 0 else 0.0, recent_demand=mean + deviation
        )
        quantity = rule(stock, p, memory)
        position += quantity
        squares += (quantity - mean) ** 2
    return squares / sum(d * d for d in deviations)


@pytest.mark.parametrize(("intervals", "window", "correlation"), [(2, 5, 0.0), (2, 5, 0.5), (4, 3, 0.0), (1, 8, 0.3)])
def test_moving_average_amplifies_as_chen_et_al_say(intervals: int, window: int, correlation: float) -> None:
    """P-BW-1 (2.12), P-BW-2 (2.085) and two more."""
    p, memory = (float(window), float(intervals), 0.0, 0.0, 0.0), [0.0, *[1000.0] * window]
    measured = amplification(moving_average.order_quantity, p, memory, intervals, correlation)
    assert measured == pytest.approx(bullwhip.moving_average(intervals, window, correlation), rel=1e-9)


@pytest.mark.parametrize(("intervals", "weight", "correlation"), [(2, 0.3, 0.0), (3, 0.1, 0.4), (1, 1.0, 0.0)])
def test_exponential_smoothing_amplifies_as_chen_et_al_say(intervals: int, weight: float, correlation: float) -> None:
    """P-BW-3 (2.62353) and two more."""
    p, memory = (weight, float(intervals), 0.0, 0.0, 0.0), [0.0, 1000.0, 0.0]
    measured = amplification(exponential_smoothing.order_quantity, p, memory, intervals, correlation)
    assert measured == pytest.approx(bullwhip.exponential_smoothing(intervals, weight, correlation), rel=1e-9)


@pytest.mark.parametrize("share", [0.25, 0.5, 1.0])
def test_pout_smooths_as_theory_says(share: float) -> None:
    """P-BW-6: α/(2 − α), 1/7 at 0.25."""
    measured = amplification(pout.order_quantity, (share, 0.0, 3.0, 0.0), [0.0, 1000.0], 3)
    assert measured == pytest.approx(bullwhip.proportional(share), rel=1e-9)


def test_smoothing_more_never_amplifies_more() -> None:
    ratios = [
        amplification(pout.order_quantity, (share, 0.0, 3.0, 0.0), [0.0, 1000.0], 3) for share in (0.1, 0.3, 0.6, 1.0)
    ]
    assert all(low < high for low, high in pairwise(ratios))
