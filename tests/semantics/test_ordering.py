"""Ordering and serving rules of DESIGN §2, each in a case of a few events."""

from __future__ import annotations

from pathlib import Path

import pytest

from .stage import demand_rows, log_of, point, series, stage, total

STORE = """
products: {p: {PRODUCT}}
sites: {supplier: {kind: supplier}, store: {kind: store}}
lanes: [{from: supplier, to: store, lead_time: 2LANE}]
stock: [{site: store, initial: {on_hand: 10}STOCK}]
demand: [{site: store, product: p, type: history, file: demand.csvLINES}]
policies: {only: {POLICY}}
"""


def run(tmp_path: Path, demand: list[float], policy: str, **parts: str):  # type: ignore[no-untyped-def]
    demand_rows(tmp_path, demand)
    body = STORE.replace("POLICY", policy)
    for name in ("PRODUCT", "LANE", "STOCK", "LINES"):
        body = body.replace(name, parts.get(name.lower(), ""))
    return stage(body, horizon=len(demand), folder=tmp_path)


def test_s_Q_orders_at_or_below_s_and_as_many_Q_as_bring_it_above(tmp_path: Path) -> None:
    plan, record = run(tmp_path, [4, 1, 13, 0], "type: s_Q, reorder_point: 5, order_quantity: 3")
    # position 10, 6, 5 -> order 3 = 8, then 8 - 13 = -5 -> needs 4 x 3 = 12 to be above 5: 7
    assert series(plan, record, "ordered", "store") == [0, 3, 12, 0]


def test_trigger_below_orders_only_under_s(tmp_path: Path) -> None:
    plan, record = run(tmp_path, [4, 1, 1, 0], "type: s_Q, reorder_point: 5, order_quantity: 3, trigger: below")
    assert series(plan, record, "ordered", "store") == [0, 0, 3, 0]


def test_s_S_orders_up_to_S_at_or_below_s(tmp_path: Path) -> None:
    plan, record = run(tmp_path, [4, 1, 1, 7], "type: s_S, reorder_point: 5, order_up_to_level: 12")
    assert series(plan, record, "ordered", "store") == [0, 7, 0, 8]


def test_watching_the_level_ignores_what_is_on_order(tmp_path: Path) -> None:
    position = run(tmp_path, [6, 1, 1, 1], "type: s_S, reorder_point: 5, order_up_to_level: 10")
    level = run(tmp_path, [6, 1, 1, 1], "type: s_S, reorder_point: 5, order_up_to_level: 10, watch: level")
    assert series(*position, "ordered", "store") == [6, 0, 0, 0]
    assert series(*level, "ordered", "store")[:2] == [6, 7]  # level 3 at time 1, although 6 are on order


@pytest.mark.parametrize(
    ("stock", "expected"),
    [
        (", minimum_order: 8", 8),
        (", order_multiple: 4", 8),
        (", maximum_order: 5", 5),
        (", minimum_order: 9, order_multiple: 4", 12),
        (", minimum_order: 9, order_multiple: 4, maximum_order: 10", 8),
    ],
)
def test_order_modifiers_apply_in_order(tmp_path: Path, stock: str, expected: float) -> None:
    """Order-up-to 12 with position 6 asks for 6: minimum, then multiple (up), then maximum (down to a multiple)."""
    plan, record = run(tmp_path, [4, 0], "type: R_S, review_interval: 10, order_up_to_level: 12", stock=stock)
    assert series(plan, record, "ordered", "store")[0] == expected


def test_lost_sales_never_enter_the_position(tmp_path: Path) -> None:
    """10 on hand, 15 demanded: 5 lost; base stock 10 orders the 10 sold, not the 15 demanded."""
    plan, record = run(tmp_path, [15, 0], "type: base_stock, order_up_to_level: 10", lines=", unmet: lost")
    assert series(plan, record, "lost", "store") == [5, 0]
    assert series(plan, record, "ordered", "store") == [10, 0]


def test_patience_ends_after_receipts_of_its_last_instant(tmp_path: Path) -> None:
    """Out of stock at 0, order arrives at 2. Who waits 2 is served then; who waits 1 is lost at 1."""
    policy = "type: base_stock, order_up_to_level: 10"
    for patience, lost in ((2, 0), (1, 5), (1.999, 5)):
        plan, record = run(tmp_path, [15, 0, 0, 0], policy, lines=f", unmet: patience, patience: {patience}")
        assert total(plan, record, "lost", "store") == lost
        assert total(plan, record, "backfilled", "store") == 5 - lost
        assert total(plan, record, "on_order", "store") == 0


def test_all_or_nothing_customers_are_served_complete(tmp_path: Path) -> None:
    """8 then 5 then 2 with 10 on hand: 5 do not fit and wait; the 2 would fit but nobody overtakes."""
    plan, record = run(
        tmp_path, [8, 5, 2, 0], "type: R_S, review_interval: 100, order_up_to_level: 0", lines=", fill: all_or_nothing"
    )
    assert series(plan, record, "filled", "store") == [8, 0, 0, 0]
    assert series(plan, record, "on_hand", "store") == [2, 2, 2, 2]
    assert series(plan, record, "backorders", "store") == [0, 5, 7, 7]


def test_partial_fill_is_the_default(tmp_path: Path) -> None:
    plan, record = run(tmp_path, [8, 5, 2, 0], "type: R_S, review_interval: 100, order_up_to_level: 0")
    assert series(plan, record, "filled", "store") == [8, 2, 0, 0]
    assert total(plan, record, "lines_filled", "store") == 1


def test_priority_customers_are_served_first_from_a_receipt(tmp_path: Path) -> None:
    demand_rows(tmp_path, [0, 4, 0, 0])
    plan, record = stage(
        """
        products: {p: {}}
        sites: {supplier: {kind: supplier}, store: {kind: store, allocation: priority}}
        lanes: [{from: supplier, to: store, lead_time: 2}]
        stock: [{site: store, initial: {on_hand: 0}}]
        demand:
          - {site: store, product: p, name: late_but_dear, type: history, file: demand.csv, priority: 1}
          - {site: store, product: p, name: early, quantity: 4, every: 100, priority: 2}
        policies: {only: {type: T_Q, order_quantity: 3, review_interval: 100}}
        """,
        horizon=4,
        folder=tmp_path,
    )
    served = [(line.tick // 10**9, line.quantity) for line in log_of(record, "backfill")]
    assert served == [(2, 3.0)]
    i = point(plan, "store")
    assert record.waiting[i] == 5  # 1 of the dear customer, all 4 of the other
    assert record.waiting_time[i] == (1 * 3 + 4 * 4) * 10**9


def test_lead_time_is_lag_plus_wait_plus_processing_plus_transport(tmp_path: Path) -> None:
    """Ordered at 0, heard at 1, the DC has nothing until 5, processing 2, transport 3: received at 10."""
    plan, record = stage(
        """
        products: {p: {}}
        sites: {supplier: {kind: supplier}, dc: {kind: dc}, store: {kind: store}}
        lanes:
          - {from: supplier, to: dc, lead_time: 5}
          - {from: dc, to: store, order_lag: 1, processing: 2, lead_time: 3}
        stock: [{site: dc, initial: {on_hand: 0, shipments: [{from: supplier, quantity: 7, due: 5}]}}, {site: store, initial: {on_hand: 0}}]
        demand: [{site: store, product: p, quantity: 7, every: 100}]
        policies: {only: {type: base_stock, order_up_to_level: 0, rules: [{site: dc, type: base_stock, order_up_to_level: 7}]}}
        """,
    )
    assert [line.tick // 10**9 for line in log_of(record, "request") if line.point == point(plan, "dc")] == [1]
    assert [(x.tick // 10**9, x.quantity) for x in log_of(record, "receive") if x.point == point(plan, "store")] == [
        (10, 7)
    ]
    assert total(plan, record, "on_order", "store") == 0


def test_initial_orders_reach_the_supplier_when_due(tmp_path: Path) -> None:
    plan, record = stage(
        """
        products: {p: {}}
        sites: {supplier: {kind: supplier}, store: {kind: store}}
        lanes: [{from: supplier, to: store, order_lag: 2, lead_time: 3}]
        stock: [{site: store, initial: {on_hand: 9, orders: [{from: supplier, quantity: 4, due: 1}]}}]
        demand: [{site: store, product: p, quantity: 1, every: 100}]
        policies: {only: {type: R_S, order_up_to_level: 12, review_interval: 100}}
        """,
    )
    assert [(x.tick // 10**9, x.quantity) for x in log_of(record, "receive")] == [(4, 4.0)]
    assert total(plan, record, "orders", "store") == 0  # position 9 - 1 + 4 = 12 already


def test_split_keeps_every_lane_within_a_unit_of_its_share() -> None:
    _plan, record = stage(
        """
        products: {p: {}}
        sites: {near: {kind: supplier}, far: {kind: supplier}, store: {kind: store}}
        lanes: [{from: near, to: store, lead_time: 1, share: 0.3}, {from: far, to: store, lead_time: 4, share: 0.7}]
        stock: [{site: store, sourcing: split}]
        demand: [{site: store, product: p, quantity: 1, every: 1}]
        policies: {only: {type: base_stock, order_up_to_level: 5}}
        """,
        horizon=100,
    )
    ordered = sorted(record.closing["lanes"]["ordered"].tolist())
    assert ordered == [30, 70]


def test_priority_sourcing_takes_the_first_that_can_ship_complete() -> None:
    """DC a holds 6: the first order of 5 goes there, the second to b, which has plenty; a is refilled only at 50."""
    plan, record = stage(
        """
        products: {p: {}}
        sites: {supplier: {kind: supplier}, a: {kind: dc}, b: {kind: dc}, store: {kind: store}}
        lanes:
          - {from: supplier, to: {kind: dc}, lead_time: 50}
          - {from: a, to: store, lead_time: 1, priority: 1}
          - {from: b, to: store, lead_time: 1, priority: 2}
        stock: [{site: store, sourcing: priority, initial: {on_hand: 5}}, {site: a, initial: {on_hand: 6}}, {site: b, initial: {on_hand: 100}}]
        demand: [{site: store, product: p, quantity: 5, every: 2}]
        policies: {only: {type: base_stock, order_up_to_level: 5}}
        """,
        horizon=8,
    )
    assert total(plan, record, "shipped", "a") == 5
    assert total(plan, record, "shipped", "b") == 15


def test_kanban_orders_what_was_shipped_in_containers() -> None:
    """3 cards of 4 units. Demand 5 empties one container (order 4), then 3 more empties the second."""
    plan, record = stage(
        """
        products: {p: {}}
        sites: {supplier: {kind: supplier}, store: {kind: store}}
        lanes: [{from: supplier, to: store, lead_time: 10}]
        demand: [{site: store, product: p, quantity: 5, every: 1}]
        policies: {only: {type: kanban, cards: 3, container: 4}}
        """,
        horizon=5,
    )
    assert series(plan, record, "ordered", "store") == [4, 4, 4, 0, 0]  # never more than the cards, however many wait
    assert series(plan, record, "backorders", "store") == [0, 0, 3, 8, 13]


def test_orders_do_not_cross_when_crossing_is_forbidden() -> None:
    body = """
        products: {p: {}}
        sites: {supplier: {kind: supplier}, store: {kind: store}}
        lanes: [{from: supplier, to: store, lead_time: {dist: uniform, low: 0, high: 9}, crossing: CROSSING}]
        demand: [{site: store, product: p, quantity: 5, every: 1}]
        policies: {only: {type: base_stock, order_up_to_level: 40}}
        """
    plan, record = stage(body.replace("CROSSING", "allowed"), horizon=200)
    held_plan, held = stage(body.replace("CROSSING", "'no'"), horizon=200)
    assert record.closing["lanes"]["held_ticks"][0] == 0
    assert held.closing["lanes"]["held_ticks"][0] > 0
    assert total(held_plan, held, "backorder_time", "store") > total(plan, record, "backorder_time", "store")


def test_a_backup_source_with_given_levels_stocks_although_no_demand_is_expected_there() -> None:
    """The DC holds nothing and its supplier is far away: the store's order of 5 goes to the backup, which has 10."""
    plan, record = stage(
        """
        products: {p: {}}
        sites: {supplier: {kind: supplier}, dc: {kind: dc}, backup: {kind: dc}, store: {kind: store}}
        lanes:
          - {from: supplier, to: {kind: dc}, lead_time: 50}
          - {from: dc, to: store, lead_time: 1, priority: 1}
          - {from: backup, to: store, lead_time: 1, priority: 2}
        stock: [{site: store, sourcing: priority}, {site: dc, initial: {on_hand: 0}}]
        demand: [{site: store, product: p, quantity: 5, every: 100}]
        policies: {only: {type: base_stock, order_up_to_level: 10}}
        """,
        horizon=4,
    )
    assert total(plan, record, "shipped", "backup") == 5
    assert total(plan, record, "ordered", "backup") == 5


def test_an_order_does_not_overtake_an_initial_shipment_when_crossing_is_forbidden() -> None:
    """5 units are due at 6; an order of 1 with lead time 2 is held until then."""
    _plan, record = stage(
        """
        products: {p: {}}
        sites: {supplier: {kind: supplier}, store: {kind: store}}
        lanes: [{from: supplier, to: store, lead_time: 2, crossing: 'no'}]
        stock: [{site: store, initial: {on_hand: 9, shipments: [{from: supplier, quantity: 5, due: 6}]}}]
        demand: [{site: store, product: p, quantity: 5, every: 100, offset: 1}]
        policies: {only: {type: base_stock, order_up_to_level: 14}}
        """,
        horizon=8,
    )
    assert [(x.tick // 10**9, x.quantity) for x in log_of(record, "receive")] == [(6, 5.0), (6, 5.0)]


@pytest.mark.parametrize(
    ("review", "demand", "covered"),
    [("", "", 2), (", offset: 0.5", "", 3), (", offset: random", "", 3), ("", ", offset: 0.5", 3)],
)
def test_a_review_between_demands_protects_one_period_more(review: str, demand: str, covered: int) -> None:
    """L = 2, R = 1: an order covers L + R − 1 demands only when reviews come at the instants of demand."""
    plan, _ = stage(
        f"""
        products: {{p: {{}}}}
        sites: {{supplier: {{kind: supplier}}, store: {{kind: store}}}}
        lanes: [{{from: supplier, to: store, lead_time: 2}}]
        demand: [{{site: store, product: p, quantity: 100{demand}}}]
        policies: {{only: {{type: R_S, review_interval: 1, service_level: 0.9{review}}}}}
        """,
        horizon=4,
    )
    assert plan.parameters[point(plan, "store")] == (100.0 * covered,)
