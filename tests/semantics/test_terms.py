"""Terms of supply, worked by hand (docs/semantics.md, "Terms of supply")."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from chainsim.kpis import Scopes, Tariff, View
from chainsim.kpis.lanes import LANE_KPIS
from chainsim.plan.plan import Plan
from chainsim.record.audit import violations
from chainsim.record.record import Record
from chainsim.record.recount import recount, untold
from chainsim.record.stack import Records
from tests.engines.random_networks import rich_networks
from tests.properties.networks import Document, run

from .stage import demand_rows, log_of, point, series, stage
from .test_windows import kpi

SHOP = """
products: {p: {unit_cost: 10, unit_price: 20}}
sites: {supplier: {kind: supplier}, shop: {kind: store}}
lanes: [{from: supplier, to: shop, lead_time: LEAD, in_transit_owner: OWNER, TERMS}]
stock: [{site: shop, initial: {on_hand: 6}, STOCK}]
demand: [{site: shop, product: p, type: history, file: demand.csv, column: p, on_end: zero, unmet: UNMET}]
costs: {carrying_rate: 10% per period, stockout: 7}
policies: {only: {POLICY}}
"""
UP_TO_6 = "type: R_S, review_interval: 1, order_up_to_level: 6"
BREAKS = "price_breaks: [{price: 10}, {from: 4, price: 8}, {from: 6, price: 5}]"
WANTED = [2.0, 5.0, 0.0, 6.0, 3.0, 4.0, 0.0]
"""What is demanded is ordered at once, up to 6: orders of 2, 5, 6, 3 and 4."""


def shop(
    tmp_path: Path, terms: str, *, policy: str = UP_TO_6, demand: list[float] = WANTED, **more: str
) -> tuple[Plan, Record]:
    demand_rows(tmp_path, demand)
    written = {
        "TERMS": terms,
        "POLICY": policy,
        "LEAD": "0",
        "OWNER": "none",
        "UNMET": "backorder",
        "STOCK": "sourcing: first",
    }
    text = SHOP
    for key, value in {**written, **more}.items():
        text = text.replace(key, value)
    plan, record = stage(text, horizon=len(demand), folder=tmp_path)
    assert violations(record, plan) == []
    return plan, record


def spent(plan: Plan, record: Record, id: str) -> float:
    """A measure of money, of the whole run: a year of abstract periods is one period."""
    return kpi(plan, record, id) * plan.clock.end / plan.clock.ticks_per_unit / plan.clock.units_per_year


def adds_up(plan: Plan, record: Record) -> bool:
    """The total is what the event log tells, and rates × what they are charged on."""
    total = kpi(plan, record, "total_cost")
    tariff = Tariff(plan)
    drivers = tariff.drivers(View(Records.of([record]), plan, Scopes.of(plan.layout, "network")))[0]
    told = sum(rate.value * amount for rate, amount in zip(tariff.rates, drivers.tolist(), strict=True))
    return recount(record, plan).cost == pytest.approx(total) and told == pytest.approx(total)


def test_a_price_holds_for_all_units_of_an_order(tmp_path: Path) -> None:
    """2 at 10, 5 at 8, 6 at 5, 3 at 10, 4 at 8: 20 + 40 + 30 + 30 + 32 = 152 for 20 units, 7.60 each."""
    plan, record = shop(tmp_path, BREAKS)
    assert series(plan, record, "ordered", "shop") == [2, 5, 0, 6, 3, 4, 0]
    assert record.closing["terms"]["purchases"].tolist() == [152.0]
    assert spent(plan, record, "purchase_cost") == pytest.approx(152.0)
    assert kpi(plan, record, "purchase_price_mean") == pytest.approx(7.6)
    assert adds_up(plan, record)


def test_incremental_prices_hold_beyond_their_breaks(tmp_path: Path) -> None:
    """4 cost 40 and 6 cost 56, so 2: 20; 5: 40 + 8; 6: 56; 3: 30; 4: 40; a further unit would cost 5. Together 194."""
    plan, record = shop(tmp_path, f"{BREAKS}, discount: incremental")
    assert record.closing["terms"]["purchases"].tolist() == [194.0]
    assert adds_up(plan, record)
    plan, record = shop(
        tmp_path, f"{BREAKS}, discount: incremental", demand=[6.0, 0.0], policy=UP_TO_6.replace("6", "8")
    )
    assert record.closing["terms"]["purchases"].tolist() == [56.0 + 2 * 5.0]  # 8 at once: from 6 − 6 up to 8
    assert adds_up(plan, record)


def test_stock_costs_what_was_paid_for_it(tmp_path: Path) -> None:
    """What comes at once stands from review to demand: 6 units, all 7 periods, are 42 unit-periods. At 10 each, 10 % of 420; at
    the mean price of 7.60, of 319.2."""
    plan, record = shop(tmp_path, "order_cost: 0")
    assert spent(plan, record, "carrying_cost") == pytest.approx(42.0)
    plan, record = shop(tmp_path, BREAKS)
    assert spent(plan, record, "carrying_cost") == pytest.approx(31.92)
    assert kpi(plan, record, "charged_value_mean") == pytest.approx(6 * 7.6)


def test_what_is_under_way_costs_what_was_paid_for_it_too(tmp_path: Path) -> None:
    """A lead time of 2: orders of 2, 5, 6 and 3 are under way for 2 periods each, the 4 of period 5 too. 40 unit-periods at 10 % of
    7.60 are 30.40."""
    plan, record = shop(tmp_path, BREAKS, LEAD="2", OWNER="receiver")
    view = View(Records.of([record]), plan, Scopes.of(plan.layout, "network"))
    under_way = float(view.under_way.sum()) / plan.clock.ticks_per_unit
    assert under_way == 40.0
    year = plan.clock.units_per_year / 7.0
    own = float(LANE_KPIS.get("lane_cost").compute(view)[0, 0])  # type: ignore[index]
    assert own == pytest.approx((152.0 + 30.4) * year)
    assert adds_up(plan, record)


def test_goods_bought_at_prices_take_the_place_of_their_unit_cost_in_the_margin(tmp_path: Path) -> None:
    """20 sold at 20 and bought for 152, or worth 200: without other costs the margin is 248 or 200, less 10 % of the stock. Two of the
    orders find too little stock: no cash."""
    for terms, margin in ((BREAKS, 400 - 152 - 31.92), ("order_cost: 0", 400 - 200 - 42.0)):
        plan, record = shop(tmp_path, terms)
        assert spent(plan, record, "margin") == pytest.approx(margin)


def test_shipments_and_duty(tmp_path: Path) -> None:
    """5 shipments at 3, and a quarter of the value of 20 units: of 200, or of the 152 that were paid."""
    plan, record = shop(tmp_path, "shipment_cost: 3, duty: 25%")
    assert spent(plan, record, "shipment_cost") == pytest.approx(15.0)
    assert spent(plan, record, "duty_cost") == pytest.approx(50.0)
    assert adds_up(plan, record)
    plan, record = shop(tmp_path, f"{BREAKS}, duty: 25%")
    assert spent(plan, record, "duty_cost") == pytest.approx(38.0)
    assert adds_up(plan, record)


def test_a_stock_out_costs_the_same_whatever_is_short(tmp_path: Path) -> None:
    """A lead time of 2, up to 6. The first 2 are there, of the 5 at 1 only 4; at 3, 6 are there for 6; at 4 none for 3, at 5, when 6 come
    and 3 go to those who wait, 3 for 4. So 3 stock-outs of 5 orders, 7 each, for 1, 3 and 1 units."""
    plan, record = shop(tmp_path, "order_cost: 0", LEAD="2")
    row = record.closing["points"][point(plan, "shop")]
    assert (row["lines"], row["lines_filled"]) == (5, 2)
    assert spent(plan, record, "stockout_cost") == pytest.approx(21.0)
    assert adds_up(plan, record)
    lost, same = shop(tmp_path, "order_cost: 0", LEAD="2", UNMET="lost")
    short = int(
        same.closing["points"][point(lost, "shop")]["lines"]
        - same.closing["points"][point(lost, "shop")]["lines_filled"]
    )
    assert spent(lost, same, "stockout_cost") == pytest.approx(7.0 * short)
    assert adds_up(lost, same)


def orders(plan: Plan, record: Record) -> list[tuple[float, float]]:
    """(period, quantity) of the shop's orders."""
    shop_at = point(plan, "shop")
    return [
        (line.tick / plan.clock.ticks_per_unit, line.quantity)
        for line in log_of(record, "order")
        if line.point == shop_at
    ]


@pytest.mark.parametrize("watch", ["position", "level"])
def test_one_open_order_waits_for_its_receipt(tmp_path: Path, watch: str) -> None:
    """(5, 4), 3 periods away, from 6. 2 at 0: position 4, order 4. After 3 at 1 the position is 5, and would be reason for 4 more; one
    is open until 3. Then on hand is 3 (1 of 4 went to who waited), and the next order of 4 is placed; at 6 on hand is 7, and none is."""
    policy = f"type: s_Q, reorder_point: 5, order_quantity: 4, watch: {watch}"
    demand = [2.0, 3.0, 2.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    plan, record = shop(tmp_path, "order_cost: 0", policy=policy, demand=demand, LEAD="3", STOCK="one_open_order: true")
    assert orders(plan, record) == [(0, 4.0), (3, 4.0)]
    free, twice = shop(tmp_path, "order_cost: 0", policy=policy, demand=demand, LEAD="3")
    assert orders(free, twice) == {"position": [(0, 4.0), (1, 4.0)], "level": [(0, 4.0), (1, 8.0), (2, 8.0)]}[watch]


def test_a_periodic_review_finds_the_order_open_and_passes(tmp_path: Path) -> None:
    """Up to 6 every period, 3 periods away. 2 at 0 are ordered at 0; what was demanded at 1 and 3 is ordered when the 2 have come, all
    at once, at the review of 3: 5 + 6."""
    plan, record = shop(tmp_path, "order_cost: 0", LEAD="3", STOCK="one_open_order: true")
    assert orders(plan, record) == [(0, 2.0), (3, 11.0), (6, 7.0)]


CROWD = """
products: {p: {unit_cost: 10}}
sites: {supplier: {kind: supplier}, shop: {kind: store}}
lanes: [{from: supplier, to: shop, lead_time: 900}]
stock: [{site: shop, initial: {on_hand: 3}}]
demand: [{site: shop, product: p, quantity: 2, unmet: some_wait, waiting_share: 60%, fill: FILL}]
costs: {lost_sale: 5, stockout: 1}
policies: {only: {type: base_stock, order_up_to_level: 3}}
"""


@pytest.mark.parametrize(("fill", "first"), [("partial", 1.0), ("all_or_nothing", 2.0)])
def test_of_those_whom_stock_does_not_serve_a_share_waits(fill: str, first: float) -> None:
    """One customer a period for 800 periods, 2 units each, 3 on the shelf and nothing ever comes: the first is served, the second takes
    1 or nothing, and from then on each waits for 2 units or goes with chance 0.6; 4 standard errors of 799 draws are 55 of 479."""
    plan, record = stage(CROWD.replace("FILL", fill), horizon=800)
    assert violations(record, plan) == []
    row = record.closing["points"][point(plan, "shop")]
    assert row["lost"] + row["customer_backorders"] == 2 * 798 + first
    assert row["lost"] % 2 == 0 or (row["lost"] - first) % 2 == 0  # a customer waits for all he lacks, or for nothing
    assert abs(row["customer_backorders"] / 2 - 479) < 56
    assert spent(plan, record, "stockout_cost") == pytest.approx(799.0)
    assert recount(record, plan).cost == pytest.approx(kpi(plan, record, "total_cost"))


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(rich_networks())
def test_of_any_network_the_log_tells_what_the_totals_do(document: Document) -> None:
    """Prices, duty, shipments and all else; where the log does not tell it, that is said."""
    plan, record = run(document)
    assert violations(record, plan) == []
    if not untold(plan):
        assert recount(record, plan).cost == pytest.approx(kpi(plan, record, "total_cost"), rel=1e-9, abs=1e-9)
