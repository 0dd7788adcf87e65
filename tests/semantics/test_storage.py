"""Storage by volume, worked by hand (docs/semantics.md, "Storage")."""

from __future__ import annotations

from pathlib import Path

import pytest

from chainsim.plan.compile import compile_plan
from chainsim.plan.derivation import derive_levels
from chainsim.record.audit import violations
from chainsim.scenario.load import load_text

from .stage import HEAD, demand_rows, stage
from .test_terms import adds_up, spent
from .test_windows import kpi

SHOP = """
products: {p: {unit_cost: 10, volume: 0.5}, q: {unit_cost: 10}}
sites: {supplier: {kind: supplier}, shop: {kind: store}}
lanes: [{from: supplier, to: shop, lead_time: 1}]
stock: [{site: shop, initial: {on_hand: 6}}, RULE]
demand: [{site: shop, product: [p, q], type: history, file: demand.csv, column: p, on_end: zero}]
costs: {carrying_rate: 10% per period, storage: 4 per period, CHARGE}
policies: {only: {type: R_S, review_interval: 10, order_up_to_level: 6}}
"""


def test_room_costs_by_volume_and_time(tmp_path: Path) -> None:
    """Of 6 units 2, 1 and 2 are sold at 0, 1 and 2; nothing is ordered in time. After each demand 4, 3, 1 and 1 stand for a period: 9
    unit-periods of half a unit of volume at 4. The other product takes no room."""
    demand_rows(tmp_path, [2, 1, 2, 0])
    body = SHOP.replace(", RULE", "").replace(", CHARGE", "").replace("order_up_to_level: 6", "order_up_to_level: 0")
    plan, record = stage(body, horizon=4, folder=tmp_path)
    assert violations(record, plan) == []
    assert spent(plan, record, "storage_cost") == pytest.approx(9 * 0.5 * 4)
    assert spent(plan, record, "carrying_cost") == pytest.approx(2 * 9 * 1.0)
    assert kpi(plan, record, "volume_on_hand") == pytest.approx(9 / 4 * 0.5)
    assert adds_up(plan, record)


def test_at_the_ends_of_buckets_and_by_site(tmp_path: Path) -> None:
    """The same stock, charged at the ends of periods; a stock rule says 6 in place of 4."""
    demand_rows(tmp_path, [2, 1, 2, 0])
    body = SHOP.replace("RULE", "{kind: store, storage: 6 per period}").replace("CHARGE", "charge: bucket_ends")
    plan, record = stage(body.replace("order_up_to_level: 6", "order_up_to_level: 0"), horizon=4, folder=tmp_path)
    assert spent(plan, record, "storage_cost") == pytest.approx(9 * 0.5 * 6)
    assert adds_up(plan, record)


@pytest.mark.parametrize("policy", ["type: eoq", "type: s_Q, reorder_point: 5", "type: R_S, review_interval: 1"])
@pytest.mark.parametrize("breaks", ["", ", price_breaks: [{price: 10}, {from: 40, price: 9.9}]"])
def test_levels_know_it_as_a_carrying_cost(policy: str, breaks: str) -> None:
    """2 a period by volume, or 2 a period by the unit: the same derived numbers, lots at price breaks included."""
    told = []
    for costs, volume in (("carrying_rate: 0, storage: 4 per period", 0.5), ("holding_cost: 2 per period", 0.0)):
        body = (
            SHOP.replace(", q: {unit_cost: 10}", "").replace("volume: 0.5", f"volume: {volume}").replace(", RULE", "")
        )
        body = body.replace("carrying_rate: 10% per period, storage: 4 per period, CHARGE", f"{costs}, backorder: 9")
        body = body.replace(
            "product: [p, q], type: history, file: demand.csv, column: p, on_end: zero",
            "product: p, quantity: {dist: poisson, mean: 8}",
        )
        body = body.replace("type: R_S, review_interval: 10, order_up_to_level: 6", policy).replace(
            "lead_time: 1", f"lead_time: 1, order_cost: 50{breaks}"
        )
        scenario = load_text(HEAD.replace("HORIZON", "20").replace("REVIEW", "after_demand") + body, "case.yaml", None)
        told.append([d.value for s in derive_levels(scenario)["only"].levels.values() for d in s.derived])
        assert compile_plan(scenario, "only").money.storage.max() == 4 * volume
    assert told[0] == told[1]
    assert told[0]


def test_storage_without_a_volume_is_asked_about(tmp_path: Path) -> None:
    demand_rows(tmp_path, [1])
    body = SHOP.replace(", volume: 0.5", "").replace(", RULE", "").replace(", CHARGE", "")
    scenario = load_text(HEAD.replace("HORIZON", "4").replace("REVIEW", "after_demand") + body, "case.yaml", tmp_path)
    assert "storage costs nothing" in " ".join(w.message for w in scenario.warnings)
