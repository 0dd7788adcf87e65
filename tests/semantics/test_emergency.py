"""`unmet: emergency`: what the shelf lacks is supplied at once from outside, at a cost per unit; worked by hand."""

from __future__ import annotations

import pytest

from chainsim.record.audit import violations

from .stage import series, stage, total
from .test_windows import kpi

STORE = """
products: {p: {unit_cost: 10, unit_price: 15}}
sites: {supplier: {kind: supplier}, store: {kind: store}}
lanes: [{from: supplier, to: store, lead_time: 2}]
stock: [{site: store, initial: {on_hand: 3}}]
demand: [{site: store, product: p, quantity: 5, unmet: emergencyFILL}]
costs: {emergency: 4}
policies: {only: {type: base_stock, order_up_to_level: 3, review_interval: 1}}
"""


def test_only_what_the_shelf_lacks_comes_in_emergency() -> None:
    """3 on hand, 5 wanted: 3 filled and ordered again, 2 in emergency. They are back at 2, and again at 4."""
    plan, record = stage(STORE.replace("FILL", ""), horizon=6)
    assert series(plan, record, "emergency", "store") == [2, 5, 2, 5, 2, 5]
    assert series(plan, record, "filled", "store") == [3, 0, 3, 0, 3, 0]
    assert series(plan, record, "ordered", "store") == [3, 0, 3, 0, 3, 0]
    assert total(plan, record, "lost", "store") == 0
    assert total(plan, record, "shipped", "store") == 9  # what came in emergency was never in stock
    assert violations(record, plan) == []


def test_emergency_is_its_own_share_and_its_own_cost() -> None:
    plan, record = stage(STORE.replace("FILL", ""), horizon=6)
    assert kpi(plan, record, "fill_rate") == pytest.approx(9 / 30)
    assert kpi(plan, record, "emergency_rate") == pytest.approx(21 / 30)
    assert kpi(plan, record, "lost_sales_rate") == 0
    assert kpi(plan, record, "on_time_rate") == 1  # nobody waited
    assert kpi(plan, record, "emergency_cost") == pytest.approx(21 * 4 / 6)
    assert kpi(plan, record, "total_cost") == pytest.approx(21 * 4 / 6)
    assert kpi(plan, record, "revenue") == pytest.approx(30 * 15 / 6)
    assert kpi(plan, record, "margin") == pytest.approx((30 * (15 - 10) - 21 * 4) / 6)


def test_a_short_shelf_fails_cycle_and_period_though_the_customer_is_served() -> None:
    plan, record = stage(STORE.replace("FILL", ""), horizon=6)
    assert kpi(plan, record, "cycle_service_level") == 0
    assert kpi(plan, record, "period_service_level") == 0
    plan, record = stage(STORE.replace("FILL", "").replace("on_hand: 3", "on_hand: 40"), horizon=6)
    assert kpi(plan, record, "period_service_level") == 1


def test_a_complete_order_comes_from_one_place() -> None:
    """All or nothing: 3 on hand do not fill an order of 5, so all 5 come in emergency and the shelf stays as it is."""
    plan, record = stage(STORE.replace("FILL", ", fill: all_or_nothing"), horizon=3)
    assert series(plan, record, "emergency", "store") == [5, 5, 5]
    assert series(plan, record, "on_hand", "store") == [3, 3, 3]
