"""Disruptions beyond outages of shipments, worked by hand (docs/semantics.md, "Demand, surges, outages")."""

from __future__ import annotations

from pathlib import Path

import pytest

from chainsim.errors import ScenarioError
from chainsim.plan.plan import Plan
from chainsim.record.audit import violations
from chainsim.record.record import Record

from .stage import demand_rows, series, stage

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


def test_while_orders_are_paused_a_planner_on_watch_orders_nothing_and_at_the_end_looks(tmp_path: Path) -> None:
    """From 2 to 5: what was ordered at 1 still comes at 2. At 5, after that instant's customer, 8 are ordered for the four since."""
    plan, record = shop(tmp_path, PAUSE)
    assert series(plan, record, "ordered", "shop") == [2, 2, 0, 0, 0, 8, 2, 2, 2]
    assert series(plan, record, "on_hand", "shop") == [8, 8, 8, 6, 4, 2, 8, 8, 8]


def test_a_planner_by_the_calendar_decides_at_the_next_review(tmp_path: Path) -> None:
    """Reviews at 0, 2, 4, 6, 8: those of 2 and 4 place nothing, and nobody looks at 5. The customers of 1 to 5 took all there was."""
    plan, record = shop(tmp_path, PAUSE, "type: R_S, review_interval: 2, order_up_to_level: 10")
    assert series(plan, record, "ordered", "shop") == [2, 0, 0, 0, 0, 0, 10, 0, 4]


def test_of_two_pauses_that_overlap_the_last_to_end_counts(tmp_path: Path) -> None:
    again = "{type: outage, name: strike, site: shop, stops: orders, start: 4, duration: 2}"
    plan, record = shop(tmp_path, f"{PAUSE}, {again}")
    assert series(plan, record, "ordered", "shop") == [2, 2, 0, 0, 0, 0, 10, 2, 2]


@pytest.mark.parametrize(
    ("disruption", "said"),
    [
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
