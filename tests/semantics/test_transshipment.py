"""`transship_from`: a short shelf takes from another site's free stock at once, by hand. (Against theory: P-LAT-1.)"""

from __future__ import annotations

import pytest

from chainsim.errors import ScenarioError
from chainsim.record.audit import violations

from .stage import log_of, point, series, stage, total
from .test_windows import kpi

STORES = """
products: {p: {unit_cost: 10, unit_price: 15}}
sites: {supplier: {kind: supplier}, a: {kind: store}, b: {kind: store}, c: {kind: store}}
lanes: [{from: supplier, to: [a, b, c], lead_time: 2}]
stock: [{site: a, initial: {on_hand: 1}}, {site: b, initial: {on_hand: 3}}, {site: c, initial: {on_hand: 9}}]
demand:
  - {site: a, product: p, quantity: 6, every: 100, offset: 1, transship_from: {kind: store}, UNMET}
  - {site: [b, c], product: p, quantity: 1, every: 100, offset: 50}
costs: {transshipment: 0.5}
policies:
  only:
    type: base_stock
    order_up_to_level: 1
    rules: [{site: b, type: base_stock, order_up_to_level: 3}, {site: c, type: base_stock, order_up_to_level: 9}]
"""


def test_partners_lend_in_order_of_their_names_and_order_again() -> None:
    """6 wanted at 1: 1 from the shelf, 3 from b, 2 from c. Each orders what left its own stock; all is back at 3."""
    plan, record = stage(STORES.replace("UNMET", "unmet: lost"), horizon=6)
    assert [(line.point, line.quantity) for line in log_of(record, "lend")] == [
        (point(plan, "b"), 3.0),
        (point(plan, "c"), 2.0),
    ]
    for site, orders, on_hand in (("a", 1, [1, 0, 0, 1]), ("b", 3, [3, 0, 0, 3]), ("c", 2, [9, 7, 7, 9])):
        assert series(plan, record, "ordered", site)[1] == orders
        assert series(plan, record, "on_hand", site)[:4] == on_hand
    assert total(plan, record, "lost", "a") == 0
    assert violations(record, plan) == []
    assert kpi(plan, record, "fill_rate") == pytest.approx(1 / 6)
    assert kpi(plan, record, "transshipment_rate") == pytest.approx(5 / 6)
    assert kpi(plan, record, "transshipment_cost") == pytest.approx(5 * 0.5 / 6)
    assert kpi(plan, record, "total_cost") == pytest.approx(5 * 0.5 / 6)
    assert kpi(plan, record, "margin") == pytest.approx((6 * 5 - 5 * 0.5) / 6)
    assert kpi(plan, record, "on_time_rate") == 1


@pytest.mark.parametrize(
    ("unmet", "column"), [("lost", "lost"), ("backorder", "backorders"), ("emergency", "emergency")]
)
def test_what_nobody_has_is_unmet_as_ever(unmet: str, column: str) -> None:
    """20 wanted, 13 there."""
    plan, record = stage(STORES.replace("UNMET", f"unmet: {unmet}").replace("quantity: 6", "quantity: 20"), horizon=3)
    assert total(plan, record, "filled", "a") == 1
    assert total(plan, record, "transshipped", "a") == 12
    assert series(plan, record, column, "a")[1] == 7
    assert violations(record, plan) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{kind: store}, UNMET", "supplier", "'supplier' is a supplier: it cannot hand anything over"),
        ("UNMET", "fill: all_or_nothing", "not served from two shelves"),
        ("{kind: store}, UNMET", "bb", "unknown site 'bb'"),
    ],
)
def test_who_can_lend(old: str, new: str, said: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        stage(STORES.replace(old, new))
    assert said in str(refused.value)
