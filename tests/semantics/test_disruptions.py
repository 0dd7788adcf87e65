"""Disruptions beyond outages of shipments, worked by hand (docs/semantics.md, "Demand, surges, outages")."""

from __future__ import annotations

from pathlib import Path

import pytest

from chainsim.errors import ScenarioError
from chainsim.plan.plan import Plan
from chainsim.record.audit import violations
from chainsim.record.follow import follow
from chainsim.record.record import Record
from chainsim.record.recount import recount

from .stage import demand_rows, log_of, point, series, stage, total
from .test_windows import kpi

SHOP = """
products: {p: {unit_cost: 10, divisible: DIVISIBLE}}
sites: {supplier: {kind: supplier}, shop: {kind: store}}
lanes: [{from: supplier, to: shop, lead_time: 1}]
stock: [{site: shop, initial: {on_hand: 10}}]
demand: [{site: shop, product: p, DEMAND, unmet: lost}]
disruptions: [DISRUPTIONS]
policies: {only: {POLICY}}
"""
ON_WATCH = "type: base_stock, order_up_to_level: 10"
TWO_A_PERIOD = "type: history, file: demand.csv, column: p, on_end: zero"
PAUSE = "{type: outage, site: shop, stops: orders, start: 2, duration: 3}"


def shop(
    tmp_path: Path, disruptions: str, policy: str = ON_WATCH, demand: str = TWO_A_PERIOD, divisible: bool = False
) -> tuple[Plan, Record]:
    demand_rows(tmp_path, [2.0] * 9)
    text = SHOP.replace("DISRUPTIONS", disruptions).replace("POLICY", policy).replace("DEMAND", demand)
    plan, record = stage(text.replace("DIVISIBLE", str(divisible).lower()), horizon=9, folder=tmp_path)
    assert violations(record, plan) == []
    return plan, record


def orders(plan: Plan, record: Record) -> list[tuple[float, float]]:
    """(period, units) of each order."""
    return [(line.tick / plan.clock.ticks_per_unit, line.quantity) for line in log_of(record, "order")]


def test_while_orders_are_paused_a_planner_on_watch_orders_nothing_and_at_the_end_looks(tmp_path: Path) -> None:
    """From 2 to 5: what was ordered at 1 still comes at 2. At 5, after that instant's customer, 8 are ordered for the four since."""
    plan, record = shop(tmp_path, PAUSE)
    assert series(plan, record, "ordered", "shop") == [2, 2, 0, 0, 0, 8, 2, 2, 2]
    assert series(plan, record, "on_hand", "shop") == [8, 8, 8, 6, 4, 2, 8, 8, 8]


def test_it_looks_when_the_pause_ends_and_not_at_the_next_customer(tmp_path: Path) -> None:
    """Until 4.5: 6 for the three customers since."""
    plan, record = shop(tmp_path, PAUSE.replace("duration: 3", "duration: 2.5"))
    assert orders(plan, record)[:4] == [(0, 2), (1, 2), (4.5, 6), (5, 2)]


def test_a_planner_by_the_calendar_decides_at_the_next_review(tmp_path: Path) -> None:
    """Reviews at 0, 2, 4, 6, 8: those of 2 and 4 place nothing, and nobody looks at 5. The customers of 1 to 5 took all there was."""
    plan, record = shop(tmp_path, PAUSE, "type: R_S, review_interval: 2, order_up_to_level: 10")
    assert series(plan, record, "ordered", "shop") == [2, 0, 0, 0, 0, 0, 10, 0, 4]


def test_of_two_pauses_that_overlap_the_last_to_end_counts(tmp_path: Path) -> None:
    again = "{type: outage, name: strike, site: shop, stops: orders, start: 4, duration: 2}"
    plan, record = shop(tmp_path, f"{PAUSE}, {again}")
    assert series(plan, record, "ordered", "shop") == [2, 2, 0, 0, 0, 0, 10, 2, 2]


FIRE = "{type: outage, site: shop, stops: nothing, destroys: 50%, start: 3, duration: 1}"


def test_stock_destroyed_is_gone_before_anything_else_of_that_instant(tmp_path: Path) -> None:
    """At 3 half of 8 is lost, before the 2 of that instant come and are sold; the planner orders 4 more with the 2."""
    plan, record = shop(tmp_path, FIRE)
    assert series(plan, record, "on_hand", "shop") == [8, 8, 8, 4, 8, 8, 8, 8, 8]
    assert series(plan, record, "ordered", "shop") == [2, 2, 2, 6, 2, 2, 2, 2, 2]
    assert total(plan, record, "destroyed", "shop") == 4.0
    assert kpi(plan, record, "destroyed_per_year") == pytest.approx(4 / 9)
    assert kpi(plan, record, "destruction_cost") == pytest.approx(40 / 9)
    assert recount(record, plan).cost == pytest.approx(kpi(plan, record, "total_cost"))
    found = follow(record, plan, point(plan, "shop"), every=plan.clock.ticks_per_unit, until=plan.clock.end)
    assert [row.destroyed for row in found.periods] == [0, 0, 0, 4, 0, 0, 0, 0, 0]
    assert "4 are destroyed at shop; 4 on hand" in [line.words for line in found.told]


def test_what_is_destroyed_is_ordered_again_at_once(tmp_path: Path) -> None:
    """Half of 8 at 3.5, between two customers."""
    plan, record = shop(tmp_path, FIRE.replace("start: 3", "start: 3.5"))
    assert orders(plan, record)[3:6] == [(3, 2), (3.5, 4), (4, 2)]


def test_of_whole_units_the_nearest_number_is_destroyed(tmp_path: Path) -> None:
    """30 % of 8 are 2.4."""
    plan, record = shop(tmp_path, FIRE.replace("50%", "30%"))
    assert total(plan, record, "destroyed", "shop") == 2.0


def test_a_flow_goes_on_from_what_is_left(tmp_path: Path) -> None:
    """10 less 2 a period: half of 4 is lost at 3, and the other half lasts until 4."""
    policy = "type: s_Q, reorder_point: -100, order_quantity: 8"
    plan, record = shop(tmp_path, FIRE, policy, "type: flow, rate: 2", divisible=True)
    assert total(plan, record, "destroyed", "shop") == pytest.approx(2)
    assert series(plan, record, "on_hand", "shop")[:5] == pytest.approx([8, 6, 4, 0, 0])
    assert total(plan, record, "stocked_time", "shop") == pytest.approx(4 * plan.clock.ticks_per_unit)


@pytest.mark.parametrize(
    ("disruption", "said"),
    [
        ("{type: outage, site: shop, stops: nothing, start: 2, duration: 3}", "destroys nothing"),
        ("{type: outage, lane: {from: supplier, to: shop}, destroys: 0.2, start: 2, duration: 3}", "no stock on hand"),
        (
            "{type: outage, lane: {from: supplier, to: shop}, stops: orders, start: 2, duration: 3}",
            "a lane places no orders",
        ),
        (PAUSE, "its orders cannot be paused"),
    ],
)
def test_what_is_refused(disruption: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=said):
        shop(
            tmp_path,
            disruption,
            "type: s_Q, reorder_point: 2, order_quantity: 8",
            "type: flow, rate: 2",
            divisible=True,
        )
