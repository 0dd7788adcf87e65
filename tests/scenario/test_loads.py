"""What does not go together with loads is refused: where, what, cure."""

from __future__ import annotations

import pytest

from chainsim.scenario.load import load_text

from .samples import MINIMAL, changed, error


def lane(terms: str) -> str:
    return changed("lead_time: 2}", f"lead_time: 2, {terms}}}")


def test_both_and_each_alone_are_taken() -> None:
    [one] = load_text(
        lane("consolidate: {until: 30, or_after: 2 days}, vehicle: {capacity: 20, cost: 9}"), "x.yaml"
    ).lanes
    assert one.consolidation is not None
    assert (one.consolidation.until, one.consolidation.or_after) == (30, 2)
    assert (one.vehicle_capacity, one.vehicle_cost) == (20, 9)
    [plain] = load_text(MINIMAL, "x.yaml").lanes
    assert (plain.consolidation, plain.vehicle_capacity, plain.vehicle_cost) == (None, 0, 0)


@pytest.mark.parametrize(
    ("terms", "says", "cure"),
    [
        ("consolidate: {}", "neither `until` nor `or_after`", "give until"),
        ("consolidate: {until: 0, or_after: 1}", "must be above 0", ""),
        ("vehicle: {cost: 9}", "the key 'capacity' is missing", ""),
        (
            "consolidate: {until: 9}, departures: {every: 1 week}",
            "do not go together",
            "one of consolidate and departures",
        ),
        ("vehicle: {capacity: 9}, departures: {every: 1 week}", "do not go together", "one of vehicle and departures"),
    ],
)
def test_refused(terms: str, says: str, cure: str) -> None:
    found = error(lane(terms))
    assert found.path.startswith("lanes[0].")
    assert says in found.message
    assert cure in found.cure


RULES = """
chainsim: 1
title: Rules
time: {unit: day, warm_up: 0, horizon: 10}
replications: 1
products: {p: {}}
sites: {farm: {kind: supplier}, dc: {kind: dc}, shop: {kind: store}}
lanes: [{from: farm, to: dc, lead_time: 1}, {from: dc, to: shop, lead_time: 1, consolidate: TERMS}]
stock: [{group: all, lifetime: 5}, {site: shop, RULE}]
demand: [{site: shop, product: p, quantity: 2}]
policies: {only: {type: base_stock, order_up_to_level: 10}}
""".replace("{group: all, lifetime: 5}", "{site: dc, lifetime: 5}")


def test_age_that_travels_and_one_open_order_alone() -> None:
    found = error(RULES.replace("TERMS", "{until: 9}").replace("RULE", "lifetime: 5, age: travels"))
    assert "age: travels" in found.message
    found = error(RULES.replace("TERMS", "{until: 9}").replace("RULE", "one_open_order: true"))
    assert "one_open_order" in found.message
    assert "or_after" in found.cure
    load_text(RULES.replace("TERMS", "{until: 9, or_after: 1}").replace("RULE", "one_open_order: true"), "x.yaml")
