"""Loads and vehicles, worked by hand (docs/semantics.md, "Terms of supply"; decision 14)."""

from __future__ import annotations

from pathlib import Path

import pytest

from chainsim.engines.base import simulate
from chainsim.kpis import Scopes, View
from chainsim.kpis.lanes import LANE_KPIS
from chainsim.plan.compile import compile_plan
from chainsim.plan.plan import Plan
from chainsim.record.audit import violations
from chainsim.record.follow import follow
from chainsim.record.record import Record
from chainsim.record.recount import recount
from chainsim.record.stack import Records
from chainsim.scenario.load import load_text

from .stage import demand_rows, log_of, point, stage
from .test_windows import kpi

SHOP = """
products: {p: {unit_cost: 10}}
sites: {supplier: {kind: supplier}, shop: {kind: store}}
lanes: [{from: supplier, to: shop, lead_time: 1, TERMS}]
stock: [{site: shop, initial: {on_hand: 30}}]
demand: [{site: shop, product: p, type: history, file: demand.csv, column: p, on_end: zero, unmet: backorder}]
costs: {carrying_rate: 10% per period}
policies: {only: {type: R_S, review_interval: 1, order_up_to_level: 30}}
"""
WANTED = [4.0, 3.0, 0.0, 5.0, 1.0, 2.0, 0.0, 0.0, 6.0, 0.0]
"""What is demanded is ordered, and ready at the supplier's dock, at once."""


def shop(tmp_path: Path, terms: str, demand: list[float] = WANTED, more: str = "") -> tuple[Plan, Record]:
    demand_rows(tmp_path, demand)
    plan, record = stage(SHOP.replace("TERMS", terms) + more, horizon=len(demand), folder=tmp_path)
    assert violations(record, plan) == []
    assert simulate(plan, 0, engine="simpy", log=True).log == record.log
    assert recount(record, plan).cost == pytest.approx(kpi(plan, record, "total_cost"))
    return plan, record


def left(plan: Plan, record: Record) -> list[tuple[float, float]]:
    """(time, units) of loads that left."""
    return [(line.tick / plan.clock.ticks_per_unit, line.quantity) for line in log_of(record, "depart")]


def came(plan: Plan, record: Record) -> list[tuple[float, float]]:
    return [(line.tick / plan.clock.ticks_per_unit, line.quantity) for line in log_of(record, "receive")]


def spent(plan: Plan, record: Record, id: str) -> float:
    return kpi(plan, record, id) * plan.clock.end / plan.clock.ticks_per_unit / plan.clock.units_per_year


def test_a_load_leaves_when_it_is_large_enough(tmp_path: Path) -> None:
    """4, 7 and 12 at 3: it leaves. 1, 3, 9 at 8 do not reach 10: they wait at the end, 2 + 9 of them under way in the books."""
    plan, record = shop(tmp_path, "consolidate: {until: 10}")
    assert left(plan, record) == [(3.0, 12.0)]
    assert came(plan, record) == [(4.0, 12.0)]
    terms = record.closing["terms"][0]
    assert (terms["at_dock"], terms["carried"], terms["loads"]) == (9.0, 12.0, 1)
    assert record.closing["lanes"][0]["in_transit"] == 9.0
    # 4 from 0, 3 from 1 until 3; 1 from 4, 2 from 5, 6 from 8 until 10: 12 + 6 + 6 + 10 + 12 unit-periods at the dock
    assert terms["dock_time"] / plan.clock.ticks_per_unit == 12 + 6 + 6 + 10 + 12
    assert kpi(plan, record, "load_mean") == 12.0
    assert kpi(plan, record, "load_wait") == pytest.approx(46 / 12)


def test_a_load_leaves_when_the_first_of_it_has_waited_long_enough(tmp_path: Path) -> None:
    """The 4 of 0 leave at 2, with the 3 of 1; the 5 of 3 at 5, with the 1 of 4 and the 2 that are ordered at that very instant; the 6 of 8
    would at 10, when the run is over."""
    plan, record = shop(tmp_path, "consolidate: {or_after: 2}")
    assert left(plan, record) == [(2.0, 7.0), (5.0, 8.0)]
    assert came(plan, record) == [(3.0, 7.0), (6.0, 8.0)]


def test_whichever_comes_first(tmp_path: Path) -> None:
    """Until 7, or after 2: 4 + 3 are 7 at 1. The 5 of 3 leave at 5 with 1 and 2: they reach 8 at the same instant. The clock of the load
    that left at 1 does not ring at 2; that of 3 rings once."""
    plan, record = shop(tmp_path, "consolidate: {until: 7, or_after: 2}")
    assert left(plan, record) == [(1.0, 7.0), (5.0, 8.0)]


def test_what_is_ready_at_one_instant_leaves_together(tmp_path: Path) -> None:
    """A DC that is short owes the shop 8 and then 8 more; 20 come at once and serve both orders: one load of 16, though 10 are one."""
    demand_rows(tmp_path, [8.0, 8.0, 0.0, 0.0, 0.0])
    text = SHOP.replace("TERMS", "consolidate: {until: 10}").replace(
        "{supplier: {kind: supplier}", "{far: {kind: supplier}, supplier: {kind: dc}"
    )
    text = text.replace("lanes: [", "lanes: [{from: far, to: supplier, lead_time: 2}, ")
    text = text.replace(
        "order_up_to_level: 30}}",
        "order_up_to_level: 30, rules: [{site: supplier, type: s_Q, reorder_point: 0, order_quantity: 20}]}}",
    )
    text = text.replace("stock: [", "stock: [{site: supplier, initial: {on_hand: 0}}, ")
    plan, record = stage(text, horizon=5, folder=tmp_path)
    assert violations(record, plan) == []
    assert left(plan, record) == [(2.0, 16.0)]


def test_a_shipment_takes_as_few_vehicles_as_can_carry_it(tmp_path: Path) -> None:
    """Vehicles of 4: 4, 3, 5, 1, 2 and 6 take 1, 1, 2, 1, 1 and 2, of 25 each; 21 of 32 places are filled."""
    plan, record = shop(tmp_path, "vehicle: {capacity: 4, cost: 25}, shipment_cost: 3")
    assert record.closing["terms"][0]["vehicles"] == 8.0
    assert spent(plan, record, "vehicle_cost") == pytest.approx(200.0)
    assert spent(plan, record, "shipment_cost") == pytest.approx(18.0)
    assert kpi(plan, record, "load_factor") == pytest.approx(21 / 32)
    assert came(plan, record)[:2] == [(1.0, 4.0), (2.0, 3.0)]  # each leaves at once, as without
    view = View(Records.of([record]), plan, Scopes.of(plan.layout, "network"))
    own = float(LANE_KPIS.get("lane_cost").compute(view)[0, 0])  # type: ignore[index]
    assert own * 10 / plan.clock.units_per_year == pytest.approx(
        200 + 18 + 21 * 10 * 0.1
    )  # a period under way, 10 % of 10


def test_a_load_takes_fewer_vehicles_than_its_orders(tmp_path: Path) -> None:
    """Loads of 7 and 8 take 2 and 2 vehicles of 4; the 6 that wait none. Two shipments."""
    plan, record = shop(tmp_path, "consolidate: {or_after: 2}, vehicle: {capacity: 4, cost: 25}, shipment_cost: 3")
    assert spent(plan, record, "vehicle_cost") == pytest.approx(100.0)
    assert spent(plan, record, "shipment_cost") == pytest.approx(6.0)
    assert kpi(plan, record, "load_factor") == pytest.approx(15 / 16)


def test_a_load_stays_while_its_lane_or_its_origin_is_down(tmp_path: Path) -> None:
    """Due at 2, and the way is shut from 1.5 to 4: 7 leave at 4, with the 5 that could not be sent to the dock at 3, and the 1 of 4."""
    for place in ("lane: {from: supplier, to: shop}", "site: supplier"):
        more = f"disruptions: [{{type: outage, {place}, start: 1.5, duration: 2.5}}]"
        plan, record = shop(tmp_path, "consolidate: {or_after: 2}", more=more)
        assert left(plan, record)[0] == (4.0, 13.0)


def test_a_calendar_begins_when_the_load_is_complete(tmp_path: Path) -> None:
    """Day 0 is a Monday: the load of Thursday (3) leaves on Friday, and is there on Saturday. In the log it leaves its dock on Thursday."""
    demand_rows(tmp_path, WANTED)
    head = "chainsim: 1\ntitle: Days\ntime: {unit: day, start: 2026-06-01, warm_up: 0, horizon: 10}\nreplications: 1\n"
    text = SHOP.replace("TERMS", "shipping_days: [fri], consolidate: {until: 10}").replace("per period", "per day")
    scenario = load_text(head + text, "case.yaml", tmp_path)
    plan = compile_plan(scenario, "only")
    record = simulate(plan, 0, log=True)
    assert violations(record, plan) == []
    assert left(plan, record) == [(3.0, 12.0)]
    assert came(plan, record) == [(5.0, 12.0)]


def test_the_trace_tells_of_loads(tmp_path: Path) -> None:
    plan, record = shop(tmp_path, "consolidate: {until: 10}")
    told = follow(record, plan, point(plan, "shop"), plan.clock.end, plan.clock.ticks_per_unit).told
    assert "a load of 12 leaves supplier for shop" in [line.words for line in told]


POISSON = """
chainsim: 1
title: Unit demand at random, a base stock, loads
time: {unit: day, warm_up: 100, horizon: 20000}
replications: 1
seed: 5
products: {p: {}}
sites: {supplier: {kind: supplier}, shop: {kind: store}}
lanes: [{from: supplier, to: shop, lead_time: 1, TERMS}]
stock: [{site: shop, initial: {on_hand: 60}}]
demand: [{site: shop, product: p, type: arrivals, gap: {dist: exponential, mean: 0.5}}]
policies: {only: {type: base_stock, order_up_to_level: 60}}
"""


@pytest.mark.parametrize(
    ("terms", "load", "wait"),
    [
        # quantity policy: Q = 9 a load; the k-th of it waits for 9 - k more: (Q - 1) / (2 rate) = 8 / 4
        ("consolidate: {until: 9}", 9.0, 2.0),
        # time policy: 1 + rate * T = 7 a load; the first waits T = 3, each of the others T / 2: (3 + 6 * 1.5) / 7
        ("consolidate: {or_after: 3}", 7.0, 12.0 / 7.0),
    ],
)
def test_waits_of_poisson_demand(terms: str, load: float, wait: float) -> None:
    """Known answers (Higginson & Bookbinder 1994): mean load and mean wait, to 2 %. In 20,000 days some 4,400 loads leave: the standard
    error of either is below half a percent."""
    scenario = load_text(POISSON.replace("TERMS", terms), "case.yaml")
    plan = compile_plan(scenario, "only")
    record = simulate(plan, 0)
    assert kpi(plan, record, "load_mean") == pytest.approx(load, rel=0.02)
    assert kpi(plan, record, "load_wait") == pytest.approx(wait, rel=0.02)


def test_a_derived_level_says_that_no_formula_knows_of_the_wait() -> None:
    text = POISSON.replace("order_up_to_level: 60", "fill_rate: 0.95")
    for terms, unknown in (("consolidate: {until: 9}", ("the wait for a load",)), ("vehicle: {capacity: 3}", ())):
        plan = compile_plan(load_text(text.replace("TERMS", terms), "case.yaml"), "only")
        assert plan.promises["shop", "p"].unknown == unknown
