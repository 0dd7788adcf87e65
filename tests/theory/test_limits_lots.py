"""Lots and known demand against themselves: limits in which one model becomes another, and sums taken the long way."""

from __future__ import annotations

import itertools
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chainsim.theory import (
    allocation,
    beer_game,
    decay,
    discounts,
    disruptions,
    eoq,
    joint_replenishment,
    lot_sizing,
    power_of_two,
    random_yield,
    worked_trace,
)

small = settings(max_examples=30)


@given(K=st.floats(1, 500), D=st.floats(10, 5000), second=st.floats(0.5, 1.0), at=st.floats(1, 3000))
@small
def test_no_lot_beats_a_discounted_one(K: float, D: float, second: float, at: float) -> None:
    schedule = (K, D, 0.2, (0.0, at), (1.0, second))
    whole, steps = discounts.all_units(*schedule), discounts.incremental(*schedule)
    for Q in np.geomspace(1.0, 20_000.0, 400):
        price = second if at <= Q else 1.0
        paid = min(Q, at) + second * max(Q - at, 0.0)  # incremental
        assert price * D + K * D / Q + 0.2 * price * Q / 2 >= whole.cost * (1 - 1e-12)
        assert paid / Q * D + K * D / Q + 0.2 * paid / 2 >= steps.cost * (1 - 1e-12)


@pytest.mark.parametrize("seed", range(6))
def test_wagner_whitin_against_every_plan(seed: int) -> None:
    rng = np.random.default_rng(seed)
    demand, K, h = rng.integers(0, 60, 7).tolist(), float(rng.integers(5, 200)), 1.0
    least = inf
    for ordering in itertools.product((False, True), repeat=7):
        cost, stock_from = 0.0, None
        for t, d in enumerate(demand):
            if ordering[t]:
                cost, stock_from = cost + K, t
            if d:
                cost = inf if stock_from is None else cost + h * (t - stock_from) * d
        least = min(least, cost)
    plan = lot_sizing.wagner_whitin(demand, K, h)
    assert plan.cost == pytest.approx(least)
    stock = np.cumsum(plan.orders) - np.cumsum(demand)
    assert (stock >= 0).all()
    assert K * sum(q > 0 for q in plan.orders) + h * stock.sum() == pytest.approx(plan.cost)


def test_models_of_lots_end_in_the_eoq() -> None:
    K, D, h = 8.0, 1300.0, 0.225
    plain = eoq.economic_order_quantity(K, D, h)
    least = eoq.lot_cost(plain, K, D, h)
    assert disruptions.eoq_with_disruptions(K, D, h, 5, 1e-9, 14).quantity == pytest.approx(plain, rel=1e-6)
    assert random_yield.additive_lot(K, D, h, 0, 0) == pytest.approx((plain, least))
    assert random_yield.multiplicative_lot(K, D, h, 1, 0) == pytest.approx((plain, least))
    interval = plain / D
    assert decay.decaying_lot(interval, K, D, h, 0, 1e-7).cost == pytest.approx(least, rel=1e-6)
    one = joint_replenishment.silver(0, (K,), (h,), (D,))
    assert (one.base_cycle, one.cost) == pytest.approx((interval, least))
    for base in (0.01, 0.013, 0.019):
        assert power_of_two.power_of_two(K, D, h, base).ratio <= 1.0607


def test_silver_is_no_better_than_the_best_multiples() -> None:
    costs = (40, (15,) * 4, (0.24,) * 4, (86000, 12500, 1400, 3000))
    plan = joint_replenishment.silver(*costs)
    least = min(
        joint_replenishment.cyclic_cost(cycle, (1, *rest), *costs)
        for rest in itertools.product(range(1, 7), repeat=3)
        for cycle in (0.07, 0.0745, plan.base_cycle, 0.08)
    )
    assert least <= plan.cost <= 1.01 * least


@given(cap=st.floats(0, 300), orders=st.lists(st.floats(0, 100), min_size=1, max_size=5))
@small
def test_rationing_gives_out_what_there_is(cap: float, orders: list[float]) -> None:
    for rule in (allocation.proportional, allocation.linear, allocation.uniform):
        given_out = rule(cap, orders)
        assert sum(given_out) == pytest.approx(min(cap, sum(orders)), abs=1e-9)
        assert all(-1e-9 <= got <= wanted + 1e-9 for got, wanted in zip(given_out, orders, strict=True))


def test_a_beer_game_in_balance_stays_there() -> None:
    game = beer_game.play(beer_game.pass_on, [4] * 20)
    assert game.cost == (120.0,) * 4  # 12 on hand at ½ for 20 weeks
    assert game.order_variance == (0.0,) * 4


def test_a_sheet_conserves_units() -> None:
    demand = (4, 0, 7, 3, 5, 9, 2, 6, 1, 8, 4, 3)
    for lost in (False, True):
        sheet = worked_trace.one_store(demand, 2, worked_trace.r_nQ(8, 5), 15, lost)
        received, ordered = sum(line.received for line in sheet), sum(line.ordered for line in sheet)
        end = sheet[-1]
        sold = sum(demand) - end.backorders - sum(line.lost for line in sheet)
        assert 15 + received == sold + end.on_hand
        assert ordered == received + end.on_order
