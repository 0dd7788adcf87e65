"""Echelon levels given by hand (`watch: echelon`): a case of a few events, and the same policy in local levels."""

from __future__ import annotations

from pathlib import Path

import pytest

from chainsim.engines import simpy_engine
from chainsim.engines.base import simulate
from chainsim.engines.parity import first_difference
from chainsim.errors import ScenarioError
from chainsim.plan.compile import compile_plan
from chainsim.plan.plan import Plan
from chainsim.record.record import SERIES, Record
from chainsim.scenario.load import load_text

from ..semantics.stage import demand_rows, point, series, stage

LINE = """
    products: {p: {}}
    sites: {supplier: {kind: supplier}, dc: {kind: dc}, store: {kind: store}}
    lanes: [{from: supplier, to: dc, lead_time: 2}, {from: dc, to: store, lead_time: 1}]
    DEMAND
    policies:
      only:
        type: base_stock
        order_up_to_level: 4
        rules: [{site: dc, RULE}]
"""
CUSTOMERS = "demand: [{site: store, product: p, type: history, file: demand.csv, column: p}]"


def line(tmp_path: Path, rule: str, demand: list[float]) -> tuple[Plan, Record]:
    demand_rows(tmp_path, demand)
    return stage(LINE.replace("RULE", rule).replace("DEMAND", CUSTOMERS), horizon=len(demand), folder=tmp_path)


def test_base_stock_on_the_echelon_by_hand(tmp_path: Path) -> None:
    """Store 4, echelon 10: the DC starts with 10 − 4 = 6, and orders what customers take in the period they take it."""
    plan, record = line(tmp_path, "type: base_stock, watch: echelon, order_up_to_level: 10", [3, 9, 0, 0, 1])
    assert plan.points[point(plan, "dc")]["on_hand"] == 6
    assert series(plan, record, "ordered", "dc") == [3, 9, 0, 0, 1]
    # 3 leave at once, then 3 of 9 (6 − 3), the other 6 as the DC's orders arrive at 2 (3) and 3 (9)
    assert series(plan, record, "on_hand", "dc") == [3, 0, 0, 6, 5]
    assert series(plan, record, "backorders", "dc") == [0, 6, 3, 0, 0]
    # 1 left, 3 + 1 < 9: five wait; 3, then 3, then 3 arrive
    assert series(plan, record, "on_hand", "store") == [1, 0, 0, 1, 3]
    assert series(plan, record, "backorders", "store") == [0, 5, 2, 0, 0]


def test_s_S_on_the_echelon_counts_what_the_store_keeps(tmp_path: Path) -> None:
    """s = 5, S = 12 of the echelon: demand of 3 takes it to 9, of 4 more to 5: order 7, though 1 is on hand at the DC."""
    plan, record = line(tmp_path, "type: s_S, watch: echelon, reorder_point: 5, order_up_to_level: 12", [3, 4, 1, 0])
    assert plan.points[point(plan, "dc")]["on_hand"] == 8
    assert series(plan, record, "ordered", "dc") == [0, 7, 0, 0]
    assert series(plan, record, "on_hand", "dc") == [5, 1, 0, 7]


def test_s_Q_on_the_echelon_orders_lots_above_s(tmp_path: Path) -> None:
    """s = 9 of the echelon, lots of 5: from 14 to 10 nothing, to 6 one lot (11), to 1 two (11)."""
    plan, record = line(tmp_path, "type: s_Q, watch: echelon, reorder_point: 9, order_quantity: 5", [4, 4, 10, 0])
    assert series(plan, record, "ordered", "dc") == [0, 5, 10, 0]


CHAIN = """
chainsim: 1
title: A line of three, in echelon and in local levels
time: {unit: period, warm_up: 0, horizon: 60, bucket: 1}
replications: 1
seed: 11
products: {p: {}}
sites: {supplier: {kind: supplier}, plant: {kind: plant}, dc: {kind: dc}, store: {kind: store}}
lanes:
  - {from: supplier, to: plant, lead_time: {dist: uniform, low: 0.5, high: 1.5}}
  - {from: plant, to: dc, lead_time: 1}
  - {from: dc, to: store, lead_time: 0.5}
demand: [{site: store, product: p, type: arrivals, rate: 5UNMET}]
policies:
  echelon:
    type: jit
    rules:
      - {site: store, WHAT, STORE}
      - {site: dc, WHAT, watch: echelon, DC_ECHELON}
      - {site: plant, WHAT, watch: echelon, PLANT_ECHELON}
  local:
    type: jit
    rules:
      - {site: store, WHAT, STORE}
      - {site: dc, WHAT, DC_LOCAL}
      - {site: plant, WHAT, PLANT_LOCAL}
"""
ONE_FOR_ONE = {
    "WHAT": "type: base_stock",
    "STORE": "order_up_to_level: 5", "DC_LOCAL": "order_up_to_level: 4", "PLANT_LOCAL": "order_up_to_level: 6",
    "DC_ECHELON": "order_up_to_level: 9", "PLANT_ECHELON": "order_up_to_level: 15",
}  # fmt: skip
LOTS = {  # nested: r_e = r + all that those below have at most, s + Q
    "WHAT": "type: s_Q",
    "STORE": "reorder_point: 3, order_quantity: 2",
    "DC_LOCAL": "reorder_point: 2, order_quantity: 4", "PLANT_LOCAL": "reorder_point: 2, order_quantity: 8",
    "DC_ECHELON": "reorder_point: 7, order_quantity: 4", "PLANT_ECHELON": "reorder_point: 13, order_quantity: 8",
}  # fmt: skip


def chain(levels: dict[str, str], policy: str, unmet: str = "") -> Plan:
    text = CHAIN.replace("UNMET", unmet)
    for word in sorted(levels, key=len, reverse=True):
        text = text.replace(word, levels[word])
    return compile_plan(load_text(text, "case.yaml"), policy)


@pytest.mark.parametrize("levels", [ONE_FOR_ONE, LOTS], ids=["one for one", "lots"])
def test_nested_echelon_and_local_levels_are_one_policy(levels: dict[str, str]) -> None:
    """Axsäter & Rosling (1993), Management Science 39:1274-1280: the same sample path, bit by bit."""
    plans = [chain(levels, policy) for policy in ("echelon", "local")]
    echelon, local = (simulate(plan, 0, engine="simpy", log=True) for plan in plans)
    assert plans[0].points["watch"].tolist() != plans[1].points["watch"].tolist()
    assert echelon.series[SERIES.index("ordered")][:3].sum(axis=1).min() > 100  # the supplier orders nothing
    assert (echelon.series == local.series).all()
    assert echelon.log == local.log


@pytest.mark.parametrize("unmet", ["", ", unmet: lost", ", unmet: patience, patience: 0.4"])
@pytest.mark.parametrize("levels", [ONE_FOR_ONE, LOTS], ids=["one for one", "lots"])
def test_both_engines_walk_one_path(levels: dict[str, str], unmet: str) -> None:
    pytest.importorskip("numba")
    from chainsim.engines import compiled_engine

    plan = chain(levels, "echelon", unmet)
    simpy, compiled = (engine.simulate(plan, 0, log=True) for engine in (simpy_engine, compiled_engine))
    assert first_difference(simpy, compiled, plan) is None


@pytest.mark.parametrize("rule", ["type: base_stock", "type: s_S", "type: s_Q, order_quantity: 5"])
def test_the_echelon_needs_levels_given(rule: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        stage(
            LINE.replace("RULE", f"{rule}, watch: echelon").replace(
                "DEMAND", "demand: [{site: store, product: p, quantity: 3}]"
            )
        )
    key = "order_up_to_level" if "base_stock" in rule else "reorder_point"
    assert f"is echelon, which needs a given `{key}`" in str(caught.value)
    assert "multi_echelon, which derives levels of echelons" in str(caught.value)
