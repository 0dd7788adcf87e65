"""One grid for quantities and times: what is equal on paper is equal in the run, for lots, whole units and ticks."""

from __future__ import annotations

from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from chainsim.engines.base import simulate
from chainsim.plan.compile import compile_plan
from chainsim.plan.tables import POINT
from chainsim.policies import T_Q, kanban, s_Q
from chainsim.policies.multi_echelon import order_quantity as batches
from chainsim.rules.grid import (
    down_to_grid,
    lots_covering,
    lots_in,
    on_grid,
    rest_of_ticks,
    tick_after,
    tick_at,
    ticks_within,
    to_ticks,
    whole_units,
)
from chainsim.rules.order import adjust
from chainsim.scenario.load import load_text

DECIMALS = st.decimals(min_value="0.001", max_value="5000", places=3)
LOTS = st.integers(min_value=0, max_value=20_000)


@given(LOTS, DECIMALS)
@example(3, Decimal("362.15"))
@example(5, Decimal("0.4"))
@example(3, Decimal("0.7"))
def test_lots_that_fit_on_paper_fit_in_the_run(n: int, lot: Decimal) -> None:
    exact = float(n * lot)
    assert lots_in(exact, float(lot)) == n
    assert lots_covering(exact, float(lot)) == n
    assert lots_in(float(n) * float(lot), float(lot)) == n  # a product of decimals, with its crumbs


@given(LOTS, DECIMALS)
def test_a_grid_point_more_or_less_is_another_number_of_lots(n: int, lot: Decimal) -> None:
    assume(n * lot < 100_000)  # where a float still tells 10⁻⁹ apart
    crumb = Decimal("0.000000001")
    assert lots_covering(float(n * lot + crumb), float(lot)) == n + 1
    assert lots_in(float(n * lot - crumb), float(lot)) == n - 1


@given(st.integers(0, 2**50), st.integers(1, 10**6))
def test_whole_units_are_counted_as_integers_are(quantity: int, lot: int) -> None:
    assert lots_in(float(quantity), float(lot)) == quantity // lot
    assert lots_covering(float(quantity), float(lot)) == -(-quantity // lot)


@given(st.integers(0, 10_000), st.decimals(min_value="0", max_value="1", places=3))
@example(50, Decimal("0.29"))
def test_whole_units_are_rounded_half_up_as_on_paper(units: int, fraction: Decimal) -> None:
    paper = (units * fraction).quantize(Decimal(1), ROUND_HALF_UP)
    assert whole_units(float(units) * float(fraction)) == float(paper)


@given(st.decimals(min_value="0", max_value="10000", places=9))
@example(Decimal("4.35"))
def test_what_is_on_the_grid_stays_where_it_is(quantity: Decimal) -> None:
    assert on_grid(float(quantity)) == float(quantity)
    assert down_to_grid(float(quantity)) == float(quantity)
    half = float(quantity) + 0.4e-9
    assert down_to_grid(half) <= half + 1e-12


@given(st.decimals(min_value="0.000001", max_value="5000", places=6))
def test_decimals_of_a_day_are_ticks_exactly(days: Decimal) -> None:
    assert to_ticks(float(days), 86_400_000_000) == int((days * 86_400_000_000).quantize(Decimal(1), ROUND_HALF_UP))


@given(DECIMALS, st.integers(1, 400))
def test_constant_orders_of_a_fraction_add_up_to_the_whole(quantity: Decimal, orders: int) -> None:
    memory = [0.0]
    total = sum(T_Q.order_quantity(None, (float(quantity), 1.0), memory) for _ in range(orders))
    assert total == float((quantity * orders).quantize(Decimal(1), ROUND_FLOOR))


@given(LOTS, DECIMALS)
def test_every_rule_with_lots_orders_as_on_paper(n: int, lot: Decimal) -> None:
    assume(n > 0)
    missing = on_grid(float(n * lot))
    stock = POINT.row(whole=0, watch=0, on_hand=0.0, on_order=0.0, backorders=missing, echelon_position=-missing)
    assert s_Q.order_quantity(stock, (0.0, float(lot), 0.0), []) == (n + 1) * float(lot)  # it has to come above s
    assert s_Q.order_quantity(stock, (0.0, float(lot), 1.0), []) == n * float(lot)
    assert batches(stock, (0.0, float(lot)), []) == (n + 1) * float(lot)
    empty = POINT.row(whole=0, on_hand=0.0, on_order=0.0)
    assert kanban.order_quantity(empty, (float(n), float(lot)), []) == n * float(lot)
    row = POINT.row(whole=0, minimum=0.0, multiple=float(lot), maximum=0.0)
    assert adjust(row, float(n * lot)) == on_grid(float(n) * float(lot))
    assert adjust(POINT.row(whole=0, minimum=0.0, multiple=float(lot), maximum=float(n * lot)), 1e9) == row_of(n, lot)


def row_of(n: int, lot: Decimal) -> float:
    return on_grid(float(n) * float(lot))


HEAD = """\
chainsim: 1
title: Lots that are no whole numbers
time: {unit: day, warm_up: 0, horizon: 20, bucket: 1 day}
replications: 1
seed: 1
products: {oil: {unit_cost: 1, divisible: true}}
sites: {source: {kind: supplier}, shop: {kind: store}}
costs: {currency: USD, carrying_rate: 25% per year, lost_sale: 1}
"""


@pytest.mark.parametrize("engine", ["simpy", "compiled"])
def test_three_lots_cover_what_is_three_lots_on_paper(engine: str) -> None:
    scenario = load_text(
        HEAD
        + "lanes: [{from: source, to: shop, lead_time: 3 days}]\n"
        + "stock: [{site: shop, initial: {on_hand: 0}, order_multiple: 362.15}]\n"
        + "demand: [{site: shop, product: oil, quantity: 1086.45, every: 19 days, offset: 1}]\n"
        + "policies: {zero: {type: base_stock, order_up_to_level: 0}}\n"
    )
    plan = compile_plan(scenario, "zero")
    closing = simulate(plan, 0, engine=engine).closing["points"]
    assert closing["ordered"].max() == 1086.45  # one lot more would be 1448.6


@pytest.mark.parametrize("engine", ["simpy", "compiled"])
def test_a_container_of_four_tenths_is_ordered_when_it_is_empty(engine: str) -> None:
    """Five cards of 0.4 and one container a day: the same orders as base stock 2.0, one a day."""
    scenario = load_text(
        HEAD
        + "lanes: [{from: source, to: shop, lead_time: 1 day}]\n"
        + "stock: [{site: shop, initial: {on_hand: 2.0}}]\n"
        + "demand: [{site: shop, product: oil, quantity: 0.4, every: 1 day, offset: 0.5, unmet: lost}]\n"
        + "policies:\n  kanban: {type: kanban, container: 0.4, cards: 5}\n"
        + "  base: {type: base_stock, order_up_to_level: 2.0}\n"
        + "  s_Q: {type: s_Q, reorder_point: 1.6, order_quantity: 0.4}\n"
    )
    for name in ("kanban", "base", "s_Q"):
        closing = simulate(compile_plan(scenario, name), 0, engine=engine).closing["points"]
        assert (closing["orders"].max(), round(float(closing["ordered"].max()), 9)) == (20, 8.0), name


@given(st.floats(1e-6, 1e4), st.integers(0, 100_000), st.sampled_from([10**9, 86_400_000_000, 604_800_000_000]))
@example(1.0 / 3.0, 99_999, 10**9)
@example(0.1, 100_000, 86_400_000_000)
def test_what_comes_again_is_due_at_the_whole_of_so_many_intervals(interval: float, k: int, unit: int) -> None:
    """k × interval within a tick, however often; exactly where the interval is a whole number of ticks."""
    every, rest = to_ticks(interval, unit), rest_of_ticks(interval, unit)
    assume(every >= 2)
    exact = Decimal(interval) * k * unit
    assert abs(tick_at(0, every, rest, k) - exact) <= 1 + exact * Decimal(2) ** -50
    if rest == 0.0:
        assert tick_at(0, every, rest, k) == k * every


@given(st.floats(1e-6, 1e3), st.integers(0, 5000), st.integers(0, 10**12))
@example(1.0 / 7.0, 4999, 0)
def test_the_next_tick_is_the_next_of_them(interval: float, k: int, start: int) -> None:
    every, rest = to_ticks(interval, 10**9), rest_of_ticks(interval, 10**9)
    assume(every >= 2)
    here = tick_at(start, every, rest, k)
    assert tick_after(here, start, every, rest) == tick_at(start, every, rest, k + 1)


@given(st.floats(1e-6, 1e3), st.integers(0, 5000), st.integers(1, 50))
@example(1.0 / 7.0, 2, 2)
def test_what_is_under_way_for_whole_intervals_is_there_in_time(interval: float, k: int, n: int) -> None:
    """Sent at the k-th of them and n intervals under way: there by the tick of the k + n-th, at most one before."""
    every, rest = to_ticks(interval, 10**9), rest_of_ticks(interval, 10**9)
    assume(every >= 2)
    there = tick_at(0, every, rest, k) + ticks_within(n * interval, 10**9)
    assert tick_at(0, every, rest, k + n) - 1 <= there <= tick_at(0, every, rest, k + n)


@given(st.decimals(min_value="0.000001", max_value="400", places=6))
def test_decimals_never_leave_a_rest(days: Decimal) -> None:
    assert rest_of_ticks(float(days), 86_400_000_000) == 0.0


@pytest.mark.parametrize("engine", ["simpy", "compiled"])
def test_thirds_of_a_period_meet_the_whole_ones(engine: str) -> None:
    """Reviews every third, capacity, departures and outages too: after 30 periods all still happen at whole periods."""
    scenario = load_text(
        HEAD.replace("unit: day", "unit: period, periods_per_year: 10").replace(
            "horizon: 20, bucket: 1 day", "horizon: 31, bucket: 1"
        )
        + "lanes: [{from: source, to: shop, lead_time: 0, departures: {every: 0.3333333333333333}}]\n"
        + "stock: [{site: shop, initial: {on_hand: 0}}]\n"
        + "demand: [{site: shop, product: oil, quantity: 1, every: 1, unmet: backorder}]\n"
        + "disruptions: [{type: outage, site: source, start: 0, duration: 0.1, every: 0.3333333333333333}]\n"
        + "policies: {base: {type: base_stock, order_up_to_level: 0, review_interval: 0.3333333333333333}}\n"
    )
    plan = compile_plan(scenario, "base")
    record = simulate(plan, 0, engine=engine, log=True)
    reviewed = sorted({int(event.tick) for event in record.log if event.kind == 5})
    assert set(reviewed) <= {k * 10**9 for k in range(31)}  # ordered at the instant of demand, never a tick before
    assert len(reviewed) == 31
