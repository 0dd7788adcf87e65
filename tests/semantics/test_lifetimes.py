"""Goods that do not last, worked by hand (docs/semantics.md, "Lifetimes")."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings

from chainsim.engines.processes import everybody
from chainsim.engines.simpy_engine import put_under_way
from chainsim.engines.world import World
from chainsim.errors import ScenarioError
from chainsim.plan.compile import compile_plan
from chainsim.plan.plan import Plan
from chainsim.record.audit import violations
from chainsim.record.record import Record
from tests.properties.networks import Document, networks, scenario_of

from .stage import demand_rows, log_of, series, stage, total
from .test_windows import kpi

STORE = """
products: {p: {unit_cost: 10}}
sites: {supplier: {kind: supplier}, store: {kind: store}}
lanes: [{from: supplier, to: store, lead_time: 1}]
stock: [{site: store, SHELF, initial: {on_hand: 4, shipments: [{from: supplier, quantity: 2, due: 1}]}}]
demand: [{site: store, product: p, type: history, file: demand.csv, column: p, on_end: zero, unmet: lost}]
policies: {only: {POLICY}}
"""
NO_ORDERS = "type: s_Q, reorder_point: -100, order_quantity: 1"


def store(tmp_path: Path, shelf: str, demand: list[float], policy: str = NO_ORDERS) -> tuple[Plan, Record]:
    demand_rows(tmp_path, demand)
    plan, record = stage(STORE.replace("SHELF", shelf).replace("POLICY", policy), horizon=7, folder=tmp_path)
    assert violations(record, plan) == []
    return plan, record


@pytest.mark.parametrize(("issuing", "thrown_away"), [("fifo", [(3, 3.0), (4, 2.0)]), ("lifo", [(3, 4.0), (4, 1.0)])])
def test_the_oldest_or_the_newest_leaves_first(
    tmp_path: Path, issuing: str, thrown_away: list[tuple[int, float]]
) -> None:
    """4 from the start, 2 from tick 1, one sold at 1. Lifetime 3: the first lot ends at 3, the second at 4."""
    plan, record = store(tmp_path, f"lifetime: 3, issuing: {issuing}", [0, 1])
    seen = [(line.tick // plan.clock.ticks_per_unit, line.quantity) for line in log_of(record, "outdate")]
    assert seen == thrown_away
    assert series(plan, record, "on_hand", "store")[:4] == [4, 5, 5, 6 - 1 - thrown_away[0][1]]


def test_a_demand_may_empty_one_lot_and_go_on_with_the_next(tmp_path: Path) -> None:
    """5 sold at 1 from 4 + 2: first in first out leaves 1 of the second lot; last in first out 1 of the first."""
    for issuing, tick in (("fifo", 4), ("lifo", 3)):
        plan, record = store(tmp_path, f"lifetime: 3, issuing: {issuing}", [0, 5])
        assert [(line.tick // plan.clock.ticks_per_unit, line.quantity) for line in log_of(record, "outdate")] == [
            (tick, 1.0)
        ]


def test_a_lifetime_of_m_is_m_periods_of_demand(tmp_path: Path) -> None:
    """Received at 0 and usable in the periods 0, 1, 2; at 3 it is gone before demand comes."""
    plan, record = store(tmp_path, "lifetime: 3", [0, 0, 6])
    assert total(plan, record, "filled", "store") == 6
    plan, record = store(tmp_path, "lifetime: 3", [0, 0, 0, 6])
    assert total(plan, record, "outdated", "store") == 4
    assert total(plan, record, "filled", "store") == 2  # what came at 1
    assert total(plan, record, "lost", "store") == 4


def test_what_was_received_is_gone_after_its_lifetime_before_demand_comes(tmp_path: Path) -> None:
    """2 came at 1 and were usable in the periods 1, 2, 3."""
    plan, record = store(tmp_path, "lifetime: 3", [0, 0, 0, 0, 2])
    assert [total(plan, record, name, "store") for name in ("outdated", "filled", "lost")] == [6, 0, 2]


def test_what_is_thrown_away_is_ordered_again(tmp_path: Path) -> None:
    """Base stock 6 on watch: at 3 the position falls by 4, at 4 by 2; each comes a period later, fresh. One sold at 6."""
    plan, record = store(tmp_path, "lifetime: 3", [0, 0, 0, 0, 0, 0, 1], "type: base_stock, order_up_to_level: 6")
    assert series(plan, record, "ordered", "store") == [0, 0, 0, 4, 2, 0, 1]
    assert series(plan, record, "received", "store") == [0, 2, 0, 0, 4, 2, 0]
    assert series(plan, record, "on_hand", "store") == [4, 6, 6, 2, 4, 6, 5]
    assert total(plan, record, "outdated", "store") == 6


def test_outdating_costs_the_value_unless_said(tmp_path: Path) -> None:
    plan, record = store(tmp_path, "lifetime: 3", [0, 1])
    assert kpi(plan, record, "outdated_per_year") == pytest.approx(5 / 7)
    assert kpi(plan, record, "outdated_rate") == pytest.approx(5 / 2)  # 4 of the 6 were there from the start
    assert kpi(plan, record, "outdating_cost") == pytest.approx(5 * 10 / 7)
    assert kpi(plan, record, "total_cost") == pytest.approx(5 * 10 / 7)
    plan, record = store(tmp_path, "lifetime: 3, outdating: 12", [0, 1])
    assert kpi(plan, record, "outdating_cost") == pytest.approx(5 * 12 / 7)


def test_goods_shipped_downstream_are_fresh_there() -> None:
    """The DC's 5 would end at 4. At 3 the store asks for 2, receives them at 4 and has them until 8."""
    plan, record = stage(
        """
        products: {p: {}}
        sites: {supplier: {kind: supplier}, dc: {kind: dc}, store: {kind: store}}
        lanes: [{from: supplier, to: dc, lead_time: 1}, {from: dc, to: store, lead_time: 1}]
        stock: [{product: p, lifetime: 4}, {site: dc, initial: {on_hand: 5}}, {site: store, initial: {on_hand: 2}}]
        demand: [{site: store, product: p, quantity: 2, every: 100, offset: 3}]
        policies:
          only:
            type: s_Q
            reorder_point: -100
            order_quantity: 1
            rules: [{site: store, type: base_stock, order_up_to_level: 2}]
        """,
        horizon=12,
    )
    seen = [(line.tick // plan.clock.ticks_per_unit, line.point, line.quantity) for line in log_of(record, "outdate")]
    store_point, dc = 0, 1
    assert seen == [(4, dc, 3.0), (8, store_point, 2.0)]
    assert violations(record, plan) == []


def test_issuing_needs_a_lifetime(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="store / p keeps for ever"):
        store(tmp_path, "issuing: lifo", [1])
    with pytest.raises(ScenarioError, match=r"lifetme.*did you mean 'lifetime'"):
        store(tmp_path, "lifetme: 3", [1])


@settings(max_examples=40, deadline=None)
@given(networks(fractions=True))
def test_lots_are_what_is_on_hand(document: Document) -> None:
    """At every stock point with a lifetime, at the end: lots in order, none overdue, together the stock; with those on the
    road, no row is lost."""
    world = World(compile_plan(scenario_of(document), "only"), 0)
    put_under_way(world)
    everybody(world)
    world.run_until(world.end)
    used = 0
    for sp in world.points:
        k, expired, held = sp.first_lot, world.end - 1, 0.0
        while k >= 0:
            lot = world.lots[k]
            assert lot.expires > expired
            assert lot.quantity > 0
            held, expired, used, k = held + lot.quantity, lot.expires, used + 1, lot.next
        assert held == pytest.approx(sp.on_hand if sp.lifetime > 0 else 0.0, abs=1e-9)
    on_the_road = len(world.shipments)
    for s in set(range(on_the_road)) - spare_rows(world.new_shipment, on_the_road):
        shipment = world.shipments[s]
        k = shipment.first_lot if world.lanes[shipment.lane].aging >= 0 else -1
        while k >= 0:
            used, k = used + 1, world.lots[k].next
    rows = len(world.lots)
    assert len(spare_rows(world.new_lot, rows)) == rows - used


def spare_rows(new: Callable[[], int], rows: int) -> set[int]:
    """The rows of a pool that are free: those it hands out before it grows."""
    return set(iter(new, rows))
