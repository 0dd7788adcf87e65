"""What happens first at one instant (DESIGN §2, phases), each rule in a case of a few events."""

from __future__ import annotations

from pathlib import Path

import pytest

from .stage import demand_rows, log_of, series, stage, total

STORE = """
products: {p: {}}
sites: {supplier: {kind: supplier}, store: {kind: store}}
lanes: [{from: supplier, to: store, lead_time: LEAD}]
stock: [{site: store, initial: {on_hand: START}}]
demand: [{site: store, product: p, quantity: 5, every: 1, unmet: UNMET}]
policies: {only: POLICY}
"""


def store(lead: float, start: float, policy: str, unmet: str = "backorder") -> str:
    return (
        STORE.replace("LEAD", str(lead)).replace("START", str(start)).replace("POLICY", policy).replace("UNMET", unmet)
    )


def test_a_receipt_meets_the_demand_of_its_own_instant() -> None:
    """Stock 5, order 5 each period after demand, lead time 1: the receipt at t serves the customer at t. L + R − 1 = 1."""
    plan, record = stage(store(1, 5, "{type: R_S, review_interval: 1, order_up_to_level: 5}"))
    assert series(plan, record, "filled", "store") == [5] * 12
    assert series(plan, record, "on_hand", "store") == [0] * 12


def test_review_before_demand_protects_one_period_more() -> None:
    """The same, but the review of an instant does not see its demand: the store is short every period. L + R = 2."""
    plan, record = stage(store(1, 5, "{type: R_S, review_interval: 1, order_up_to_level: 5}"), review="before_demand")
    assert series(plan, record, "filled", "store") == [5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    plan, record = stage(store(1, 10, "{type: R_S, review_interval: 1, order_up_to_level: 10}"), review="before_demand")
    assert series(plan, record, "filled", "store") == [5] * 12


def test_those_who_wait_are_served_before_new_customers() -> None:
    """t=0: 3 served, 2 wait. t=1: receipt of 5 serves the 2 first, then 3 of the new 5."""
    plan, record = stage(store(1, 3, "{type: T_Q, review_interval: 1, order_quantity: 5}"))
    assert series(plan, record, "filled", "store")[:3] == [3, 3, 3]
    assert total(plan, record, "waited", "store") == pytest.approx(2 * 11 * 1e9)


def test_an_event_exactly_at_the_end_is_not_executed() -> None:
    plan, record = stage(store(1, 100, "{type: R_S, review_interval: 1, order_up_to_level: 100}"), horizon=3)
    assert total(plan, record, "demanded", "store") == 15  # at 0, 1, 2; not at 3
    assert total(plan, record, "orders", "store") == 3


def test_a_shipment_due_exactly_at_the_end_stays_on_its_way() -> None:
    """5 ordered at 0, 1 and 2 arrive at 1, 2 and, no more, at 3."""
    plan, record = stage(store(1, 100, "{type: T_Q, review_interval: 1, order_quantity: 5}"), horizon=3)
    assert total(plan, record, "received", "store") == 10
    assert record.closing["lanes"]["in_transit"].tolist() == [5]


def test_who_leaves_goes_before_the_customers_of_that_instant() -> None:
    """3 on hand; the 5 of t=0, complete or nothing, wait 1 period. At 1 they have gone, and the next 2 need not queue."""
    policy = "{type: R_S, review_interval: 100, order_up_to_level: 0}"
    body = store(50, 3, policy, "patience, patience: 1, fill: all_or_nothing")
    body = body.replace("every: 1,", "every: 100,").replace(
        "demand: [", "demand: [{site: store, name: next, product: p, quantity: 2, every: 100, offset: 1}, "
    )
    plan, record = stage(body, horizon=3)
    assert series(plan, record, "filled", "store") == [0, 2, 0]
    assert series(plan, record, "lost", "store") == [0, 5, 0]


def test_demand_of_period_k_happens_at_k_times_every_plus_offset() -> None:
    body = store(1, 100, "{type: R_S, review_interval: 1, order_up_to_level: 100}")
    body = body.replace("every: 1,", "every: 0.1, offset: 0.05,")
    _plan, record = stage(body, horizon=2)
    times = [line.tick for line in log_of(record, "demand")]
    assert times == [50_000_000 + 100_000_000 * k for k in range(20)]


def test_tenths_of_a_period_do_not_drift() -> None:
    """P-SIM-3: demand every 0.1, R = 0.1, L = 0.2: the same as with period 1, R = 1, L = 2."""
    policy = "{type: R_S, review_interval: STEP, order_up_to_level: 12}"
    fine = store(0.2, 12, policy.replace("STEP", "0.1")).replace("every: 1", "every: 0.1")
    coarse = store(2, 12, policy.replace("STEP", "1"))
    _plan, record = stage(fine, horizon=30)
    _other_plan, other = stage(coarse, horizon=300)
    assert record.log is not None
    assert other.log is not None
    strip = lambda log, tick: [(line.tick // tick, *line[1:]) for line in log]  # noqa: E731
    assert strip(record.log, 10**8) == strip(other.log, 10**9)


def test_continuous_review_decides_once_per_instant() -> None:
    """P-SIM-1: customers of 3 and 4 at one instant give the orders of one customer of 7."""
    both = store(2, 20, "{type: s_S, reorder_point: 10, order_up_to_level: 20}").replace(
        "demand: [{site: store, product: p, quantity: 5, every: 1, unmet: backorder}]",
        "demand: [{site: store, product: p, name: a, quantity: 3}, {site: store, product: p, name: b, quantity: 4}]",
    )
    one = store(2, 20, "{type: s_S, reorder_point: 10, order_up_to_level: 20}").replace("quantity: 5", "quantity: 7")
    plan, record = stage(both, horizon=400)
    other_plan, other = stage(one, horizon=400)
    for name in ("ordered", "on_hand", "backorders"):
        assert series(plan, record, name, "store") == series(other_plan, other, name, "store")
    assert total(plan, record, "orders", "store") / 400 == pytest.approx(0.5, abs=0.01)
    assert total(plan, record, "filled", "store") / total(plan, record, "demanded", "store") == pytest.approx(
        0.929, abs=0.002
    )


CHAIN = """
products: {p: {}}
sites: {supplier: {kind: supplier}, dc: {kind: dc, allocation: ALLOCATION}, a: {kind: store}, b: {kind: store}, c: {kind: store}}
lanes:
  - {from: supplier, to: dc, lead_time: 50}
  - {from: dc, to: {kind: store}, lead_time: 1FILL}
stock:
  - {site: dc, initial: {on_hand: 100}}
  - {kind: store, initial: {on_hand: 0}}
demand:
  - {site: a, product: p, quantity: 80, every: 100}
  - {site: b, product: p, quantity: 50, every: 100}
  - {site: c, product: p, quantity: 20, every: 100}
policies: {only: {type: base_stock, order_up_to_level: 0, rules: [{site: dc, type: base_stock, order_up_to_level: 100}]}}
"""


@pytest.mark.parametrize(
    ("allocation", "shares"),
    [
        ("first_come", [54, 33, 13]),  # simultaneous orders share in proportion: 53.33, 33.33, 13.33
        ("proportional", [54, 33, 13]),
        ("priority", [54, 33, 13]),  # all lanes of one priority: in proportion
        ("linear", [64, 33, 3]),  # 63.33, 33.33, 3.33
        ("uniform", [40, 40, 20]),
    ],
)
def test_simultaneous_orders_share_by_the_allocation_rule(allocation: str, shares: list[float]) -> None:
    """P-ALLOC-1: 100 units for orders of 80, 50 and 20. Whole units by largest remainder, equal ones to the lower rank."""
    plan, record = stage(CHAIN.replace("ALLOCATION", allocation).replace("FILL", ""), horizon=3)
    assert [total(plan, record, "received", site) for site in "abc"] == shares


def test_divisible_products_share_exactly() -> None:
    body = CHAIN.replace("ALLOCATION", "proportional").replace("FILL", "").replace("{p: {}}", "{p: {divisible: true}}")
    plan, record = stage(body, horizon=3)
    got = [total(plan, record, "received", site) for site in "abc"]
    assert got == pytest.approx([53.3333333333, 33.3333333333, 13.3333333333], rel=1e-9)


def test_complete_orders_wait_rather_than_share() -> None:
    """all_or_nothing: 80 goes out, 50 does not fit, and nobody overtakes: the 20 wait behind it."""
    plan, record = stage(CHAIN.replace("ALLOCATION", "first_come").replace("FILL", ", fill: all_or_nothing"), horizon=3)
    assert [total(plan, record, "received", site) for site in "abc"] == [80, 0, 0]


def test_customers_come_before_site_orders_of_the_same_instant(tmp_path: Path) -> None:
    """The DC sells to a customer and supplies a store; 10 units, both want 8 at time 1: the customer is served first."""
    demand_rows(tmp_path, [0, 8, 0])
    plan, record = stage(
        """
        products: {p: {}}
        sites: {supplier: {kind: supplier}, dc: {kind: dc}, store: {kind: store}}
        lanes: [{from: supplier, to: dc, lead_time: 50}, {from: dc, to: store, lead_time: 1}]
        stock: [{site: dc, initial: {on_hand: 10}}, {site: store, initial: {on_hand: 8}}]
        demand: [{site: [dc, store], product: p, type: history, file: demand.csv}]
        policies: {only: {type: base_stock, order_up_to_level: 8, rules: [{site: dc, type: base_stock, order_up_to_level: 10}]}}
        """,
        horizon=3,
        folder=tmp_path,
    )
    assert series(plan, record, "filled", "dc") == [0, 8, 0]
    assert series(plan, record, "received", "store") == [0, 0, 2]


def test_a_zero_lead_time_arrives_within_the_instant() -> None:
    """With zero lead time and after_demand a shortage lasts no time: backordered, and served at the same instant."""
    plan, record = stage(store(0, 0, "{type: base_stock, order_up_to_level: 0}"))
    assert total(plan, record, "filled", "store") == 0
    assert total(plan, record, "backfilled", "store") == 60
    assert total(plan, record, "backorder_time", "store") == 0


def test_a_supplier_sees_at_once_an_order_without_information_lag() -> None:
    """Store and DC both review continuously: at the instant of demand the DC's own decision sees the store's order."""
    plan, record = stage(
        """
        products: {p: {}}
        sites: {supplier: {kind: supplier}, dc: {kind: dc}, store: {kind: store}}
        lanes: [{from: supplier, to: dc, lead_time: 2}, {from: dc, to: store, lead_time: 1}]
        stock: [{site: dc, initial: {on_hand: 5}}, {site: store, initial: {on_hand: 5}}]
        demand: [{site: store, product: p, quantity: 5, every: 4}]
        policies: {only: {type: base_stock, order_up_to_level: 5}}
        """,
        horizon=8,
    )
    orders = [(line.tick // 10**9, plan.layout.sites[plan.layout.site[line.point]]) for line in log_of(record, "order")]
    assert orders == [(0, "store"), (0, "dc"), (4, "store"), (4, "dc")]
