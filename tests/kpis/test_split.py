"""Cycle stock, safety stock and pipeline, worked by hand."""

from __future__ import annotations

import pytest

from chainsim.engines.base import simulate
from chainsim.kpis import measure
from chainsim.plan.compile import compile_plan
from chainsim.scenario.load import load_text

TEXT = """
chainsim: 1
title: Saw-tooth
time: {unit: day, warm_up: 20, horizon: 100, bucket: 1}
replications: 1
products: {p: {unit_cost: 3, divisible: true}}
sites: {supplier: {kind: supplier}, shop: {kind: store}}
lanes: [{from: supplier, to: shop, lead_time: 2}]
stock: [{site: shop, initial: {on_hand: 57}}]
demand: [{site: shop, product: p, type: flow, rate: 10}]
costs: {currency: EUR, in_transit_owner: OWNER}
policies: {only: {type: s_Q, reorder_point: LEVEL, order_quantity: 50}}
"""
SPLIT = ("cycle_stock_value", "safety_stock_value", "pipeline_value")


def measured(level: float, owner: str = "receiver") -> dict[str, float]:
    """At the network and at the shop, on both engines."""
    plan = compile_plan(load_text(TEXT.replace("LEVEL", str(level)).replace("OWNER", owner), "case.yaml"), "only")
    found = []
    for engine in ("simpy", "compiled"):
        table = measure(simulate(plan, 0, engine=engine), plan, "stock_point")
        by_scope = [dict(zip(table.ids, row, strict=True)) for row in table.values.tolist()]
        for kpi in SPLIT:
            assert len({scope[kpi] for scope in by_scope}) == 1
        found.append(by_scope[0])
    own = [{kpi: scope[kpi] for kpi in (*SPLIT, "inventory_value_mean")} for scope in found]
    assert own[0] == own[1]
    return own[0]


def test_a_saw_tooth_on_top_of_a_safety_stock() -> None:
    """Lots of 50 at 10 a day, ordered at 27 and two days on their way: stock goes from 57 to 7 in five days, twenty times. Half a lot
    is 25 units, below it lie 7, and of every five days a lot is two on its way: 20 units. A unit costs 3."""
    found = measured(27)
    assert [found[kpi] for kpi in SPLIT] == pytest.approx([75.0, 21.0, 60.0])
    assert found["cycle_stock_value"] + found["safety_stock_value"] == pytest.approx(found["inventory_value_mean"])


def test_stock_on_its_way_is_there_whoever_owns_it() -> None:
    found = measured(27, "supplier")
    assert found["pipeline_value"] == pytest.approx(60.0)


def test_no_more_is_cycle_stock_than_lies_there() -> None:
    """Ordered at -20: stock is never on hand for the half of a lot, and nothing is left to be safety stock."""
    found = measured(-20)
    assert found["cycle_stock_value"] == pytest.approx(found["inventory_value_mean"])
    assert found["safety_stock_value"] == pytest.approx(0.0)


def test_without_an_order_all_of_it_is_there_besides() -> None:
    found = measured(-5000)
    assert found["cycle_stock_value"] == 0.0
    assert found["safety_stock_value"] == found["inventory_value_mean"] >= 0.0
