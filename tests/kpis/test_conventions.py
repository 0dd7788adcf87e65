"""What is charged and what is counted, where two conventions are in use: over time or at the ends of periods, with or
without stock in transit."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from chainsim.engines.base import simulate
from chainsim.kpis import measure
from chainsim.plan.compile import compile_plan
from chainsim.plan.plan import Plan
from chainsim.record.record import SERIES, Record
from chainsim.record.recount import recount, untold
from chainsim.scenario.load import load_text
from tests.kpis.handmade import FARM, STORE_1, TO_DC, TO_STORE_1, closing, plan, record
from tests.properties.networks import Document, networks
from tests.properties.networks import run as run_network
from tests.semantics.stage import stage


def value(kpi: str, the_record: Record, the_plan: Plan, site: str = "") -> float:
    made = measure(the_record, the_plan)
    place = [(s.site, s.product) for s in made.scopes].index((site, ""))
    return float(made.values[place, made.ids.index(kpi)])


def charged_at_ends(the_plan: Plan) -> Plan:
    return replace(the_plan, money=replace(the_plan.money, bucket_ends=True))


# a store of 4 units; 3 are taken at 0, 1, 2 …, and come back half a period later

SHOP = """
    products: {p: {unit_cost: 10}}
    sites: {supplier: {kind: supplier}, store: {kind: store}}
    lanes: [{from: supplier, to: store, lead_time: LEAD, in_transit_owner: none}]
    demand: [{site: store, product: p, quantity: 3}]
    costs: {holding_cost: 1, backorder: 5CHARGE}
    policies: {only: {type: base_stock, order_up_to_level: LEVEL}}
"""


def shop(level: int, charge: str = "", lead: float = 0.5) -> tuple[Plan, Record]:
    body = SHOP.replace("LEVEL", str(level)).replace("LEAD", str(lead))
    return stage(body.replace("CHARGE", f", charge: {charge}" if charge else ""), horizon=4)


@pytest.mark.parametrize(
    ("charge", "level", "carrying", "shortage"),
    [
        # 1 unit for half a period, then 4
        ("time_averages", 4, 2.5, 0.0),
        ("bucket_ends", 4, 4.0, 0.0),
        # one customer's unit waits for half a period, then 2 are there
        ("time_averages", 2, 1.0, 2.5),
        ("bucket_ends", 2, 2.0, 0.0),
    ],
)
def test_costs_of_a_shop_by_hand(charge: str, level: int, carrying: float, shortage: float) -> None:
    made, run = shop(level, charge)
    assert value("on_hand_mean", run, made) == (2.5 if level == 4 else 1.0)
    assert value("on_hand_end_mean", run, made) == (4.0 if level == 4 else 2.0)
    assert value("carrying_cost", run, made) == carrying
    assert value("shortage_cost", run, made) == shortage
    assert value("total_cost", run, made) == carrying + shortage
    assert value("carrying_cost_rate", run, made) == 0.1  # 1 a period for a unit of 10
    assert recount(run, made).cost == pytest.approx(carrying + shortage, rel=1e-12)


def test_time_averages_are_charged_unless_one_says_otherwise() -> None:
    made, run = shop(4)
    assert value("carrying_cost", run, made) == 2.5


@pytest.mark.parametrize("level", [4, 1])
def test_with_whole_periods_the_two_conventions_are_one(level: int) -> None:
    costs = []
    for charge in ("time_averages", "bucket_ends"):
        made, run = shop(level, charge, lead=2)
        assert value("on_hand_end_mean", run, made) == value("on_hand_mean", run, made)
        costs.append(value("total_cost", run, made))
    assert costs[0] == costs[1] > 0


def test_only_full_buckets_of_the_window_count_at_their_ends() -> None:
    """Four full buckets after the warm-up; a fifth before it."""
    made = record()
    made.series[SERIES.index("on_hand")][STORE_1] = [99, 2, 4, 6, 8]
    made.series[SERIES.index("on_hand")][FARM] = 1000
    assert value("on_hand_end_mean", made, plan()) == 5.0
    assert value("carrying_cost", made, charged_at_ends(plan())) == pytest.approx(5.0 * 0.02 * 100)
    assert value("carrying_cost", made, plan()) == 0.0


@settings(max_examples=20, deadline=None)
@given(networks())
def test_costs_at_the_ends_of_buckets_are_recounted(document: Document) -> None:
    the_plan, run = run_network(document)
    the_plan = charged_at_ends(the_plan)
    if not untold(the_plan):
        assert recount(run, the_plan).cost == pytest.approx(value("total_cost", run, the_plan), rel=1e-9, abs=1e-9)


def test_turns_and_days_of_supply_with_stock_in_transit_by_hand() -> None:
    """On hand 10, 5, 20; 2 on their way to store-1 and 8 to the DC, which an outside supplier still owns."""
    made = closing(
        record(), on_hand_time=[4000, 2000, 8000, 0], filled=[8, 25, 0, 0], shipped=[8, 25, 33, 50], demanded=[10, 30, 0, 0],
        requested=[0, 0, 40, 99],
    )  # fmt: skip
    made.closing["lanes"]["in_transit_time"][[TO_STORE_1, TO_DC]] = [800, 3200]
    sold = 33 * 2 * 2.5  # units, at 2 each, in 40 of the 100 time units of a year
    assert value("turns", made, plan()) == pytest.approx(sold / 60)
    assert value("turns_with_in_transit", made, plan()) == pytest.approx(sold / (60 + 2 * 2 + 8 * 1.5))
    assert value("turns_with_in_transit", made, plan(), "dc") == pytest.approx(33 * 1.5 * 2.5 / (28 * 1.5))
    assert value("turns_with_in_transit", made, plan(), "store-2") == value("turns", made, plan(), "store-2")
    assert value("days_of_supply", made, plan()) == pytest.approx(35 / (40 / 146))
    assert value("days_of_supply_with_in_transit", made, plan()) == pytest.approx(45 / (40 / 146))


def test_bucket_ends_of_a_plan_come_from_the_scenario() -> None:
    text = """
    chainsim: 1
    title: t
    time: {unit: period, horizon: 4, bucket: 1}
    products: {p: {}}
    sites: {supplier: {kind: supplier}, store: {kind: store}}
    lanes: [{from: supplier, to: store, lead_time: 1}]
    demand: [{site: store, product: p, quantity: 3}]
    costs: {charge: bucket_end}
    policies: {only: {type: jit}}
    """
    with pytest.raises(Exception, match="bucket_ends"):  # the spelling meant is named
        load_text(text, "case.yaml")
    made = compile_plan(load_text(text.replace("bucket_end}", "bucket_ends}"), "case.yaml"), "only")
    assert made.money.bucket_ends
    assert simulate(made, 0).series.shape[2] == 4
