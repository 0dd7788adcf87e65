"""What counts when: the statistics window, cycles, buckets, offsets and owners (DESIGN §2), in cases of a few events."""

from __future__ import annotations

import numpy as np
import pytest

from chainsim.engines.base import simulate
from chainsim.kpis import KPIS, Ratio, Scopes, View
from chainsim.kpis.measure import measure
from chainsim.plan.compile import compile_plan
from chainsim.plan.plan import Plan
from chainsim.record.record import Record
from chainsim.record.stack import Records
from chainsim.scenario.load import load_text

from .stage import HEAD, log_of, point, series, stage, total

STORE = """
products: {p: {unit_cost: 10, unit_price: 15}}
sites: {supplier: {kind: supplier}, store: {kind: store}}
lanes: [{from: supplier, to: store, lead_time: 2EXTRA}]
stock: [{site: store, initial: {on_hand: 3}}]
demand: [{site: store, product: p, quantity: 5, every: 1DEMAND}]
costs: {carrying_rate: 0.01, backorder: 0.5, lost_sale: margin}
policies: {only: {type: T_Q, order_quantity: 5, review_interval: 1OFFSET}}
"""


def store(extra: str = "", demand: str = "", offset: str = "") -> str:
    return STORE.replace("EXTRA", extra).replace("DEMAND", demand).replace("OFFSET", offset)


def kpi(plan: Plan, record: Record, name: str) -> float:
    """A measure of the whole network."""
    found = measure(record, plan, "network")
    return float(found.values[0, list(found.ids).index(name)])


def test_the_fate_of_a_unit_counts_when_it_was_demanded() -> None:
    """Warm-up of 4. What waits at 4 was demanded before: filled later, it belongs to nobody's window.

    On hand 3, receipts of 5 at 2, 3, 4 …, demand 5 at 0, 1, 2 …: at 0 three are served, and from then on every customer
    finds what the last one left: 2 wait at 0, 7 at 1, then always 7. In the window each unit is served 1 or 2 periods late.
    """
    body = HEAD.replace("HORIZON", "6").replace("REVIEW", "after_demand").replace("warm_up: 0", "warm_up: 4") + store()
    scenario = load_text(body, "case.yaml", None)
    plan = compile_plan(scenario, "only")
    record = simulate(plan, 0, log=True)
    i = point(plan, "store")
    last, first = record.closing["points"][i], record.opening["points"][i]
    assert first["customer_backorders"] == 7
    assert last["demanded"] - first["demanded"] == 30
    assert last["backfilled_early"] == 7
    assert last["backfilled"] - first["backfilled"] - last["backfilled_early"] == 30 - 7
    assert record.waiting[i] == 7
    assert kpi(plan, record, "fill_rate") == 0
    assert kpi(plan, record, "backorders_mean") == 7
    assert kpi(plan, record, "backorder_rate") == 1


def test_a_cycle_fails_if_somebody_waits_just_before_the_receipt() -> None:
    """Receipts at 2, 3, 4, 5; somebody waits before each of them."""
    plan, record = stage(store(), horizon=6)
    assert total(plan, record, "cycles", "store") == 4
    assert total(plan, record, "cycles_failed", "store") == 4
    assert kpi(plan, record, "cycle_service_level") == 0
    plan, record = stage(store().replace("on_hand: 3", "on_hand: 20"), horizon=6)
    assert kpi(plan, record, "cycle_service_level") == 1


def test_a_lost_sale_fails_the_cycle_although_nobody_waits() -> None:
    plan, record = stage(store(demand=", unmet: lost"), horizon=4)
    assert series(plan, record, "lost", "store") == [2, 5, 0, 0]
    assert total(plan, record, "cycles", "store") == 2
    assert total(plan, record, "cycles_failed", "store") == 1


def test_ready_rate_and_fill_rate_are_different_things() -> None:
    """Stock 3 is gone at 0 and never comes back on the shelf: ready 0; but 3 of 30 units were filled at once."""
    plan, record = stage(store(), horizon=6)
    assert kpi(plan, record, "ready_rate") == 0
    assert kpi(plan, record, "fill_rate") == pytest.approx(0.1)
    assert kpi(plan, record, "order_fill_rate") == 0


@pytest.mark.parametrize(("owner", "charged"), [("receiver", 1), ("supplier", 0), ("none", 0)])
def test_stock_in_transit_is_charged_to_its_owner(owner: str, charged: int) -> None:
    """5 units leave each period and travel 2: in transit 5 in the first period, then 10; worth 0.01 × 10 a period."""
    plan, record = stage(store(extra=f", in_transit_owner: {owner}"), horizon=6)
    mean_in_transit = (5 + 10 * 5) / 6
    assert kpi(plan, record, "in_transit_mean") == pytest.approx(mean_in_transit)
    assert kpi(plan, record, "carrying_cost") == pytest.approx(charged * 0.1 * mean_in_transit)


def test_money_is_recomputed_by_hand() -> None:
    """Per period: 7 units wait from 1 on (2 in the first): (2 + 5 × 7) × 0.5 in 6 periods; nothing else is charged."""
    plan, record = stage(store(extra=", in_transit_owner: none, order_cost: 4, unit_cost: 0.2"), horizon=6)
    assert kpi(plan, record, "shortage_cost") == pytest.approx((2 + 5 * 7) * 0.5 / 6)
    assert kpi(plan, record, "ordering_cost") == pytest.approx(4)
    assert kpi(plan, record, "transport_cost") == pytest.approx(0.2 * 5)
    lines = ("carrying_cost", "ordering_cost", "transport_cost", "production_cost", "shortage_cost")
    assert kpi(plan, record, "total_cost") == pytest.approx(sum(kpi(plan, record, line) for line in lines))


def test_a_random_offset_is_drawn_per_replication_and_the_same_for_every_policy() -> None:
    body = store(offset=", offset: random").replace("review_interval: 1", "review_interval: 4")
    text = HEAD.replace("HORIZON", "20").replace("REVIEW", "after_demand") + body
    text += "\n  other: {type: R_S, order_up_to_level: 9, review_interval: 4, offset: random}\n"
    text = text.replace("policies: {only: {", "policies:\n  only: {").replace("offset: random}}", "offset: random}")
    scenario = load_text(text, "case.yaml", None)
    first_orders = {
        (name, r): next(x.tick for x in log_of(simulate(compile_plan(scenario, name), r, log=True), "order"))
        for name in ("only", "other")
        for r in range(4)
    }
    for r in range(4):
        assert first_orders[("only", r)] % (4 * 10**9) == first_orders[("other", r)] % (4 * 10**9)
    assert len({first_orders[("only", r)] for r in range(4)}) == 4


def test_bullwhip_is_undefined_when_the_incoming_demand_never_varies() -> None:
    plan, record = stage(store(), horizon=12)
    assert np.isnan(kpi(plan, record, "bullwhip"))
    assert np.isnan(kpi(plan, record, "bullwhip_cumulative"))


def test_buckets_are_aligned_to_the_end_of_the_warm_up() -> None:
    text = HEAD.replace("HORIZON", "9").replace("REVIEW", "after_demand")
    text = text.replace("warm_up: 0", "warm_up: 5").replace("bucket: 1", "bucket: 3") + store()
    plan = compile_plan(load_text(text, "case.yaml", None), "only")
    record = simulate(plan, 0)
    assert (record.edges / 10**9).tolist() == [0, 2, 5, 8, 11, 14]
    assert series(plan, record, "demanded", "store") == [10, 15, 15, 15, 15]
    assert total(plan, record, "buckets", "store") == 3  # the one that begins where the warm-up ends is the first


def test_customers_pass_orders_that_wait_for_their_lane_only() -> None:
    """The lane to the store is down from 0.5 to 3.5: its order waits beside 100 units, and must not starve the DC's own
    customers of 2 at 0, 1, 2 …"""
    plan, record = stage(
        """
        products: {p: {}}
        sites: {supplier: {kind: supplier}, dc: {kind: dc}, store: {kind: store}}
        lanes: [{from: supplier, to: dc, lead_time: 50}, {from: dc, to: store, lead_time: 1}]
        stock: [{site: dc, initial: {on_hand: 100}}, {site: store, initial: {on_hand: 5}}]
        demand:
          - {site: store, product: p, quantity: 5, every: 100, offset: 1}
          - {site: dc, product: p, quantity: 2, unmet: lost}
        disruptions: [{type: outage, lane: {from: dc, to: store}, start: 0.5, duration: 3}]
        policies: {only: {type: base_stock, order_up_to_level: 5, rules: [{site: dc, type: base_stock, order_up_to_level: 0}]}}
        """,
        horizon=6,
    )
    assert total(plan, record, "lost", "dc") == 0
    assert series(plan, record, "received", "store") == [0, 0, 0, 0, 5, 0]


def test_stock_freed_by_a_customer_who_leaves_serves_the_next() -> None:
    """5 on hand; a complete order of 8 waits 1 period and blocks; when it leaves, the 1 behind it is served at once."""
    plan, record = stage(
        """
        products: {p: {}}
        sites: {supplier: {kind: supplier}, store: {kind: store}}
        lanes: [{from: supplier, to: store, lead_time: 50}]
        stock: [{site: store, initial: {on_hand: 5}}]
        demand:
          - {site: store, product: p, name: a, quantity: 8, every: 100, unmet: patience, patience: 1, fill: all_or_nothing}
          - {site: store, product: p, name: b, quantity: 1, every: 2, offset: 0.5}
        policies: {only: {type: R_S, order_up_to_level: 0, review_interval: 100}}
        """,
        horizon=4,
    )
    assert [(x.tick / 10**9, x.quantity) for x in log_of(record, "backfill")] == [(1.0, 1.0)]
    assert total(plan, record, "filled", "store") == 1  # the one of 2.5 finds stock


def test_an_early_dispatch_takes_the_orders_of_early_reviews_only() -> None:
    """The DC holds 6. An order of 4 with a lag arrives at 2, where a DC customer of 2 comes too; store b's early review
    orders 1 at that instant. Customers still come before the lagged order, whatever b does."""
    body = """
        products: {p: {}}
        sites: {supplier: {kind: supplier}, dc: {kind: dc}, a: {kind: store}, b: {kind: store}}
        lanes:
          - {from: supplier, to: dc, lead_time: 50}
          - {from: dc, to: a, lead_time: 1, order_lag: 1}
          - {from: dc, to: b, lead_time: 1}
        stock: [{site: dc, initial: {on_hand: 6}}, {site: a, initial: {on_hand: 4}}, {site: b, initial: {on_hand: 1}}]
        demand:
          - {site: a, product: p, quantity: 4, every: 100}
          - {site: dc, product: p, quantity: 4, every: 100, offset: 2}
          - {site: b, product: p, quantity: 1, every: 100, offset: BTIME}
        policies:
          only:
            type: R_S
            review_interval: 1
            order_up_to_level: 4
            rules: [{site: dc, type: R_S, review_interval: 1, order_up_to_level: 0},
                    {site: b, type: R_S, review_interval: 1, order_up_to_level: 1}]
        """
    for b_time, b_got in (("50", 0), ("1", 1)):
        plan, record = stage(body.replace("BTIME", b_time), review="before_demand", horizon=6)
        assert total(plan, record, "filled", "dc") == 4
        assert total(plan, record, "received", "b") == b_got
        assert total(plan, record, "received", "a") == 6 - 4 - b_got


def test_nobody_overtakes_a_complete_order_when_stock_comes_in() -> None:
    """5 (complete only) and 2 wait; a receipt of 3 serves neither: the 5 do not fit, and the 2 stand behind."""
    plan, record = stage(
        """
        products: {p: {}}
        sites: {supplier: {kind: supplier}, store: {kind: store}}
        lanes: [{from: supplier, to: store, lead_time: 1}]
        stock: [{site: store, initial: {on_hand: 0, shipments: [{from: supplier, quantity: 3, due: 1}]}}]
        demand:
          - {site: store, product: p, name: a, quantity: 5, every: 100, fill: all_or_nothing}
          - {site: store, product: p, name: b, quantity: 2, every: 100, offset: 0.5}
        policies: {only: {type: R_S, order_up_to_level: 0, review_interval: 100, offset: 50}}
        """,
        horizon=3,
    )
    assert log_of(record, "backfill") == []
    assert series(plan, record, "on_hand", "store") == [0, 3, 3]


def test_a_customer_steps_in_before_the_lagged_orders_of_the_same_instant() -> None:
    """DC stock 1. At 2 a lagged order of 4 is heard, and a customer wants 4: it takes the 1 and waits for 3 before the
    order does. A receipt of 3 at 5 is all its own."""
    plan, record = stage(
        """
        products: {p: {}}
        sites: {supplier: {kind: supplier}, dc: {kind: dc}, a: {kind: store}}
        lanes:
          - {from: supplier, to: dc, lead_time: 50}
          - {from: dc, to: a, lead_time: 1, order_lag: 2}
        stock:
          - {site: dc, initial: {on_hand: 1, shipments: [{from: supplier, quantity: 3, due: 5}]}}
          - {site: a, initial: {on_hand: 4}}
        demand:
          - {site: a, product: p, quantity: 4, every: 100}
          - {site: dc, product: p, quantity: 4, every: 100, offset: 2}
        policies: {only: {type: base_stock, order_up_to_level: 4, rules: [{site: dc, type: base_stock, order_up_to_level: 4}]}}
        """,
        horizon=8,
    )
    assert total(plan, record, "backfilled", "dc") == 3
    assert total(plan, record, "received", "a") == 0


def test_units_demanded_in_the_warm_up_and_lost_later_belong_to_nobodys_window() -> None:
    """3 units wait from 3.5 on, patience 2; the warm-up ends at 4; they are lost at 5.5, but not in the window."""
    text = (
        HEAD.replace("HORIZON", "5").replace("REVIEW", "after_demand").replace("warm_up: 0", "warm_up: 4")
        + """
products: {p: {}}
sites: {supplier: {kind: supplier}, store: {kind: store}}
lanes: [{from: supplier, to: store, lead_time: 50}]
stock: [{site: store, initial: {on_hand: 0}}]
demand:
  - {site: store, product: p, name: early, quantity: 3, every: 100, offset: 3.5, unmet: patience, patience: 2}
  - {site: store, product: p, name: late, quantity: 1, every: 100, offset: 6, unmet: lost}
policies: {only: {type: R_S, order_up_to_level: 0, review_interval: 100}}
"""
    )
    plan = compile_plan(load_text(text, "case.yaml", None), "only")
    record = simulate(plan, 0)
    last = record.closing["points"][point(plan, "store")]
    assert last["lost"] == 4
    assert last["lost_early"] == 3
    assert kpi(plan, record, "lost_sales_rate") == 1  # the one unit of the window, not four
    assert kpi(plan, record, "fill_rate") == 0


def test_shipments_that_arrive_together_end_one_cycle() -> None:
    plan, record = stage(
        """
        products: {p: {}}
        sites: {near: {kind: supplier}, far: {kind: supplier}, store: {kind: store}}
        lanes: [{from: near, to: store, lead_time: 1, share: 0.5}, {from: far, to: store, lead_time: 1, share: 0.5}]
        stock: [{site: store, sourcing: split}]
        demand: [{site: store, product: p, quantity: 4}]
        policies: {only: {type: R_S, order_up_to_level: 12, review_interval: 1}}
        """,
        horizon=5,
    )
    assert len(log_of(record, "receive")) == 2 * 4
    assert total(plan, record, "cycles", "store") == 4


def test_a_forecast_hears_of_each_period_once() -> None:
    """Demand 4 a period, moving average of 2: from the second review on each forecast is 4 and each order 4."""
    plan, record = stage(
        """
        products: {p: {}}
        sites: {supplier: {kind: supplier}, store: {kind: store}}
        lanes: [{from: supplier, to: store, lead_time: 1}]
        demand: [{site: store, product: p, quantity: 4}]
        policies: {only: {type: moving_average, window: 2, review_interval: 1}}
        """,
        horizon=10,
    )
    assert series(plan, record, "ordered", "store")[2:] == [4] * 8


@pytest.mark.parametrize(
    ("promise", "kept", "judged"),
    [
        (0.5, 0, 50),  # a unit waits 1: always late
        (
            1,
            45,
            45,
        ),  # always on time; the promise to the last customer would be kept at the end, which is not simulated
        (3, 35, 35),  # nobody knows of the last three
        (20, 0, 0),  # nor of anyone
    ],
)
def test_a_promise_that_ends_with_the_run_or_later_is_neither_kept_nor_broken(
    promise: float, kept: int, judged: int
) -> None:
    """Nothing on the shelf, lead time 1: each of five customers a period gets one unit a period late."""
    body = f"""
    products: {{p: {{}}}}
    sites: {{supplier: {{kind: supplier}}, store: {{kind: store}}}}
    lanes: [{{from: supplier, to: store, lead_time: 1}}]
    stock: [{{site: store, initial: {{on_hand: 0}}}}]
    demand: [{{site: store, product: p, quantity: 5, every: 1, promise: {promise}}}]
    policies: {{only: {{type: base_stock, order_up_to_level: 0}}}}
    """
    plan, record = stage(body, horizon=10)
    found = KPIS.get("on_time_rate").compute(View(Records.of([record]), plan, Scopes.of(plan.layout, "network")))
    assert isinstance(found, Ratio)
    assert (found.numerator[0, 0], found.denominator[0, 0]) == (kept, judged)


def test_who_is_served_at_once_so_late_counts_no_more_than_who_waits() -> None:
    """Three on the shelf for the last ten customers: three are served at once, seven may yet be served in time; nobody is counted."""
    body = """
    products: {p: {}}
    sites: {supplier: {kind: supplier}, store: {kind: store}}
    lanes: [{from: supplier, to: store, lead_time: 9}]
    stock: [{site: store, initial: {on_hand: 8}}]
    demand: [{site: store, product: p, quantity: 5, every: 1, promise: 2}]
    policies: {only: {type: base_stock, order_up_to_level: 0}}
    """
    plan, record = stage(body, horizon=3)
    # demands at 0, 1, 2; promises end at 2, 3, 4: only the first is judged
    assert kpi(plan, record, "on_time_rate") == 1
    assert total(plan, record, "undue", "store") == 10
    assert total(plan, record, "undue_met", "store") == 3
