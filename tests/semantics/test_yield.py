"""Random yield: what is received is not always what was sent. Cases worked by hand."""

from __future__ import annotations

from itertools import pairwise

import pytest

from chainsim.errors import ScenarioError
from chainsim.record.audit import audit

from .stage import log_of, series, stage, total

STORE = """
products: {p: {divisible: false}}
sites: {supplier: {kind: supplier}, store: {kind: store}}
lanes: [{from: supplier, to: store, lead_time: 1, yield: {YIELD}}]
stock: [{site: store, initial: {on_hand: 10}}]
demand: [{site: store, product: p, quantity: 4, every: 100}]
policies: {only: {type: base_stock, order_up_to_level: 10}}
"""


def test_a_poor_shipment_is_ordered_again_when_it_is_received() -> None:
    """4 are demanded and ordered at 0. Until 1 the position counts 4; then 2 are good and 2 are ordered, of which 1 is
    good, and of the next 1 half a unit, rounded up."""
    plan, record = stage(STORE.replace("YIELD", "fraction: 0.5"), horizon=6)
    audit(record, plan)
    assert [(line.tick / 1e9, line.quantity) for line in log_of(record, "order")] == [(0, 4), (1, 2), (2, 1)]
    assert series(plan, record, "on_hand", "store") == [6, 8, 9, 10, 10, 10]
    assert series(plan, record, "received", "store") == [0, 4, 2, 1, 0, 0]
    assert total(plan, record, "scrapped", "store") == 3
    assert total(plan, record, "on_order", "store") == 0


def test_units_are_added_or_taken_away_but_never_more_than_came() -> None:
    plan, record = stage(STORE.replace("YIELD", "extra: 3"), horizon=3)
    audit(record, plan)
    assert series(plan, record, "on_hand", "store") == [6, 13, 13]
    assert total(plan, record, "scrapped", "store") == -3
    plan, record = stage(STORE.replace("YIELD", "lost: 9"), horizon=3)
    audit(record, plan)
    assert series(plan, record, "on_hand", "store") == [6, 6, 6]
    assert total(plan, record, "scrapped", "store") == 4 * 2


def test_divisible_goods_are_not_rounded() -> None:
    body = STORE.replace("YIELD", "fraction: 0.6").replace("divisible: false", "divisible: true")
    plan, record = stage(body.replace("base_stock, order_up_to_level: 10", R_S), horizon=3)
    audit(record, plan)
    assert series(plan, record, "on_hand", "store") == pytest.approx([6, 8.4, 8.4], abs=1e-9)
    assert total(plan, record, "scrapped", "store") == pytest.approx(1.6)


R_S = "R_S, review_interval: 50, order_up_to_level: 10"


def test_a_fraction_and_units_together() -> None:
    """0.5 × 4 − 1 + 3 = 4."""
    plan, record = stage(STORE.replace("YIELD", "fraction: 0.5, lost: 1, extra: 3"), horizon=3)
    audit(record, plan)
    assert series(plan, record, "on_hand", "store") == [6, 10, 10]
    assert total(plan, record, "scrapped", "store") == 0


def test_production_has_a_yield_of_its_own() -> None:
    """A lot of 7 at 0.9 is 6.3 good units: 6."""
    body = """
    products: {p: {}}
    sites: {store: {kind: plant, production: {lead_time: 2, yield: {fraction: 0.9}}}}
    stock: [{site: store, initial: {on_hand: 0}}]
    demand: [{site: store, product: p, quantity: 5, every: 50}]
    policies: {only: {type: T_Q, review_interval: 50, order_quantity: 7}}
    """
    plan, record = stage(body, horizon=5)
    audit(record, plan)
    assert series(plan, record, "on_hand", "store") == [0, 0, 1, 1, 1]
    assert total(plan, record, "scrapped", "store") == 1


def test_what_is_under_way_at_the_start_arrives_as_said() -> None:
    body = STORE.replace("YIELD", "fraction: 0").replace(
        "initial: {on_hand: 10}", "initial: {on_hand: 10, shipments: [{from: supplier, quantity: 5, due: 1}]}"
    )
    plan, record = stage(body, horizon=3)
    audit(record, plan)
    assert series(plan, record, "on_hand", "store") == [6, 11, 11]
    assert total(plan, record, "scrapped", "store") == 0


def test_every_shipment_has_its_own_draw_by_its_number() -> None:
    """Two policies order different quantities, and lose the same shipments."""
    lots = "lost: {dist: discrete, values: [0, 1000], probabilities: [0.5, 0.5]}"
    lost = []
    for quantity in (5, 8):
        policy = f"T_Q, review_interval: 1, order_quantity: {quantity}"
        body = STORE.replace("YIELD", lots).replace("base_stock, order_up_to_level: 10", policy)
        plan, record = stage(body, horizon=30)
        audit(record, plan)
        lost.append([b == a for a, b in pairwise(series(plan, record, "on_hand", "store"))])
    assert lost[0] == lost[1]
    assert 5 < sum(lost[0]) < 25


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("", "says nothing"),
        ("fractoin: 0.9", "did you mean 'fraction'"),
        ("fraction: low", "expected"),
    ],
)
def test_what_is_wrong_with_a_yield_is_said(given: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=said) as error:
        stage(STORE.replace("YIELD", given))
    assert "lanes[0].yield" in str(error.value)
