"""Raw volumes, lanes and months: by hand, and so that they add up."""

from __future__ import annotations

import numpy as np
import pytest

from chainsim.data import scenario_text
from chainsim.engines.base import simulate
from chainsim.kpis import KPIS, LANE_KPIS, Months, Parts, Scopes, View, lane_block, measure_block, months_block
from chainsim.plan.compile import compile_plan
from chainsim.plan.plan import Plan
from chainsim.record.stack import Records
from chainsim.scenario.load import load_text
from tests.kpis.handmade import TO_DC, TO_STORE_1, plan, record

TWO_SOURCES = """
chainsim: 1
title: A shop with a backup
time: {unit: day, warm_up: 28, horizon: 364, bucket: week}
products: {tea: {unit_cost: 2, unit_price: 5}}
sites: {far: {kind: supplier}, near: {kind: supplier}, shop: {kind: store}}
lanes:
  - {from: far, to: shop, lead_time: 10, order_cost: 5, unit_cost: 0.1, share: 0.75}
  - {from: near, to: shop, lead_time: 2, order_cost: 8, unit_cost: 0.9, share: 0.25}
stock: [{site: shop, sourcing: split}]
demand: [{site: shop, product: tea, quantity: {dist: poisson, mean: 6}, unmet: lost}]
costs: {currency: EUR, carrying_rate: 20% per year, lost_sale: 3}
policies: {only: {type: base_stock, order_up_to_level: 60, review_interval: 1}}
"""


@pytest.fixture(scope="module")
def shop() -> tuple[Plan, Records]:
    made = compile_plan(load_text(TWO_SOURCES, "shop.yaml", None), "only")
    return made, Records.of([simulate(made, r, engine="simpy") for r in range(3)])


def of(parts: Parts, kpi: str, scope: int = 0) -> np.ndarray:
    return parts.numerators[:, scope, KPIS.names().index(kpi)]


def test_lanes_by_hand() -> None:
    made = plan()
    done = record(made)
    for column, values in {"orders": [2, 0, 1], "received": [30, 0, 40], "shipped": [30, 0, 50]}.items():
        done.closing["lanes"][column] = values
    view = View(Records.of([done]), made, Scopes.of(made.layout, "network"))
    parts = lane_block(view)
    names = LANE_KPIS.names()
    orders, units, cost, share = (names.index(f"lane_{name}") for name in ("orders", "units", "cost", "share"))
    assert parts.numerators[0, :, orders].tolist() == [2.0, 0.0, 1.0]
    assert parts.numerators[0, :, units].tolist() == [30.0, 0.0, 40.0]
    # a window of 40 time units of a year of 100: × 2.5; 2 orders at 8 and 30 units at 0.05; one at 120 and 50 units at 0.1
    assert parts.numerators[0, TO_STORE_1, cost] == pytest.approx(2.5 * (2 * 8 + 30 * 0.05))
    assert parts.numerators[0, TO_DC, cost] == pytest.approx(2.5 * (120 + 50 * 0.1))
    assert Parts(parts.numerators, parts.denominators).values[0, :, share].tolist() == [
        1.0,
        pytest.approx(np.nan, nan_ok=True),
        1.0,
    ]


def test_shares_of_inflow_make_one_and_costs_those_of_the_stock_point(shop: tuple[Plan, Records]) -> None:
    made, records = shop
    view = View(records, made, Scopes.of(made.layout, "network"))
    lanes, whole = lane_block(view), measure_block(view)
    names = LANE_KPIS.names()
    shares = lanes.values[:, :, names.index("lane_share")]
    assert shares.sum(axis=1) == pytest.approx(1.0)
    assert (np.abs(np.sort(shares, axis=1)[:, 0] - 0.25) < 0.05).all()
    paid = lanes.numerators[:, :, names.index("lane_cost")].sum(axis=1)
    under_way = paid - of(whole, "ordering_cost") - of(whole, "transport_cost")
    value = of(whole, "in_transit_mean") * 2.0
    assert under_way == pytest.approx(0.2 * value)
    # an order that is split is one on either lane
    orders = lanes.numerators[:, :, names.index("lane_orders")].max(axis=1) * 365 / 364
    assert orders == pytest.approx(of(whole, "orders_per_year"), rel=0.05)


def test_volumes_add_up_and_are_what_the_fill_rate_is_made_of(shop: tuple[Plan, Records]) -> None:
    made, records = shop
    whole = measure_block(View(records, made, Scopes.of(made.layout, "network")))
    filled, demanded = of(whole, "units_filled"), of(whole, "units_demanded")
    fill = KPIS.names().index("fill_rate")
    assert (filled == whole.numerators[:, 0, fill]).all()
    assert (demanded == whole.denominators[:, 0, fill]).all()
    assert (filled + of(whole, "units_lost") == demanded).all()
    assert (of(whole, "units_owed") == 0.0).all()


@pytest.mark.parametrize("name", ["health_programme", "beer_game"])
def test_volumes_of_products_and_sites_add_up_to_the_network(name: str) -> None:
    scenario = load_text(scenario_text(name), f"{name}.yaml", None)
    made = compile_plan(scenario, scenario.alternatives[0].name)
    scopes = Scopes.of(made.layout, "site")
    parts = measure_block(View(Records.of([simulate(made, 0, engine="simpy")]), made, scopes))
    products = [i for i, s in enumerate(scopes.names) if s.site == "" and s.product and ":" not in s.product]
    for kpi in ("units_demanded", "units_filled", "units_lost", "units_owed"):
        k = KPIS.names().index(kpi)
        assert parts.numerators[0, products, k].sum() == pytest.approx(parts.numerators[0, 0, k])
    k = {name: KPIS.names().index(f"units_{name}") for name in ("demanded", "filled", "lost", "owed")}
    served_later = parts.numerators[0, 0, KPIS.names().index("backorder_rate")] - parts.numerators[0, 0, k["owed"]]
    told = sum(parts.numerators[0, 0, k[name]] for name in ("filled", "lost", "owed")) + served_later
    assert told == pytest.approx(parts.numerators[0, 0, k["demanded"]])


def test_months_hold_the_units_of_the_window_but_for_what_is_left_over(shop: tuple[Plan, Records]) -> None:
    made, records = shop
    months = months_block(View(records, made, Scopes.of(made.layout, "network")))
    assert months.shape == (3, 2, 13)  # 364 days of 28
    whole = measure_block(View(records, made, Scopes.of(made.layout, "network")))
    assert months[:, 0].sum(axis=1) == pytest.approx(of(whole, "units_demanded"))
    assert months[:, 1].sum(axis=1) == pytest.approx(of(whole, "units_filled"))
    assert (months[:, 1] <= months[:, 0]).all()


def test_a_month_is_a_bucket_where_nobody_knows_better() -> None:
    made = plan()  # a year of 100 units, buckets of 10
    edges = np.arange(0, 501, 100)
    assert Months.of(edges, made.clock).each == 1
    assert len(Months.of(edges, made.clock)) == 4
