"""P1–P10 of the reliability contract: what every correct simulator conserves, on random networks."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from chainsim.plan.plan import Plan
from chainsim.record.audit import violations
from chainsim.record.record import EVENT_KINDS, Record

from .networks import Document, networks, run

KIND = {name: i for i, name in enumerate(EVENT_KINDS)}
quick = settings(max_examples=60, deadline=None)


@quick
@given(networks())
def test_units_are_conserved_at_every_stock_point(document: Document) -> None:
    """P1, P3, P6: the audit that runs in production finds nothing, and neither does plain counting."""
    plan, record = run(document)
    assert violations(record, plan) == []
    for i, row in enumerate(record.closing["points"]):
        if plan.layout.unlimited[i]:
            continue
        initial = float(plan.points[i]["on_hand"])
        assert initial + row["received"] == row["shipped"] + row["outdated"] + row["on_hand"]
        waiting = row["customer_backorders"]
        assert (
            row["demanded"]
            == row["filled"] + row["backfilled"] + row["lost"] + row["emergency"] + row["transshipped"] + waiting
        )
        assert row["on_hand"] >= 0
        assert row["backorders"] >= 0


@quick
@given(networks(fractions=True))
def test_divisible_products_balance_to_nine_digits(document: Document) -> None:
    """P1–P3 for divisible quantities, and no crumbs: stock and backorders are 0 or at least 10⁻⁹ of a unit."""
    plan, record = run(document)
    assert violations(record, plan) == []
    limited = ~plan.layout.unlimited
    for column in ("on_hand", "backorders", "customer_backorders", "on_order"):
        values = record.closing["points"][column][limited]
        assert np.all((values == 0) | (values > 0.9e-9))


@quick
@given(networks())
def test_shipped_units_are_received_or_in_transit(document: Document) -> None:
    """P2, P4: by lane, and what is on order is what was ordered and not received."""
    _plan, record = run(document)
    for lane in record.closing["lanes"]:
        assert lane["shipped"] == lane["received"] + lane["in_transit"]
        assert lane["ordered"] == lane["received"] + lane["on_order"]
        assert lane["in_transit"] >= 0
    for i, row in enumerate(record.closing["points"]):
        lanes = record.closing["lanes"]
        assert row["on_order"] == lanes["on_order"][lanes["target"] == i].sum()


@quick
@given(networks())
def test_at_every_event_the_books_balance(document: Document) -> None:
    """P1 and P5 at every line of the log; P9: times never decrease, none at or after the end."""
    plan, record = run(document)
    assert record.log is not None
    last = 0
    received: dict[int, float] = defaultdict(float)
    gone: dict[int, float] = defaultdict(float)
    for line in record.log:
        assert last <= line.tick < plan.clock.end
        last = line.tick
        assert line.on_hand >= 0
        assert line.backorders >= 0
        assert line.on_order >= 0
        if line.kind == KIND["receive"]:
            received[line.point] += line.quantity
        if line.kind in (KIND["ship"], KIND["backfill"]):
            gone[line.point] += line.quantity
        if line.kind in (KIND["receive"], KIND["ship"], KIND["backfill"]) and not plan.layout.unlimited[line.point]:
            # what customers took at once is the only flow without a line of its own
            taken = float(plan.points[line.point]["on_hand"]) + received[line.point] - gone[line.point] - line.on_hand
            assert taken >= 0


@quick
@given(networks(backorders_only=True))
def test_nobody_waits_while_there_is_stock(document: Document) -> None:
    """P5: on hand × backorders = 0 at the end of every bucket, where nothing holds stock back (no complete orders, no
    outages)."""
    document["disruptions"] = []
    for lane in document["lanes"]:
        lane.pop("fill", None)
    for entry in document["demand"]:
        entry.pop("fill", None)
    plan, record = run(document)
    on_hand, backorders = record.series[0], record.series[1]
    limited = ~plan.layout.unlimited
    assert np.all((on_hand * backorders)[limited] == 0)


@quick
@given(networks())
def test_littles_law_holds_exactly_for_waiting_customers(document: Document) -> None:
    """P8: ∫ backorders dt = time waited by those who stopped waiting + time waited so far by those who still do."""
    _plan, record = run(document)
    rows = record.closing["points"]
    assert rows["customer_backorder_time"] == pytest.approx(rows["waited_all"] + record.waiting_time, rel=1e-9)


@quick
@given(networks())
def test_orders_respect_their_policy(document: Document) -> None:
    """P10: (s, Q) and (s, S) order at or below s only; modifiers hold; (s, S) without modifiers restores S exactly."""
    plan, record = run(document)
    assert record.log is not None
    modified = {entry["site"] for entry in document["stock"] if "minimum_order" in entry}
    kinds = {rule["site"]: rule for rule in document["policies"]["only"]["rules"]}
    for line in record.log:
        if line.kind != KIND["order"]:
            continue
        site = plan.layout.sites[plan.layout.site[line.point]]
        rule = kinds[site]
        position = line.on_hand + line.on_order - line.backorders - line.quantity
        if site in modified and plan.points[line.point]["multiple"] > 0:
            assert line.quantity % 2 == 0
            assert 3 <= line.quantity <= 40
        elif rule["type"] in ("s_S", "R_s_S"):
            assert position <= rule["reorder_point"]
            assert position + line.quantity == rule["order_up_to_level"]
        elif rule["type"] == "s_Q":
            assert position <= rule["reorder_point"] < position + line.quantity
            assert line.quantity % rule["order_quantity"] == 0
            assert position + line.quantity - rule["order_quantity"] <= rule["reorder_point"]
        elif rule["type"] in ("base_stock", "R_S"):
            assert position + line.quantity == rule["order_up_to_level"]


@quick
@given(networks())
def test_shipments_take_exactly_their_lead_time(document: Document) -> None:
    """P2: time in transit is rate × lead time, to the tick: the integral equals the drawn times of what arrived plus the
    elapsed times of what is under way."""
    _plan, record = run(document)
    for lane in record.closing["lanes"]:
        if lane["in_transit"] == 0:
            assert lane["in_transit_time"] == pytest.approx(lane["lead_ticks"], rel=1e-9)
        else:
            assert lane["in_transit_time"] <= lane["lead_ticks"] * (1 + 1e-9)


def holding_from_log(plan: Plan, record: Record, point: int, start: int = 0) -> float:
    """Unit-ticks on hand of one stock point from tick `start` on, recomputed from the event log alone."""
    assert record.log is not None
    stock, since, area = float(plan.points[point]["on_hand"]), start, 0.0
    for line in record.log:
        if line.point == point:
            if line.tick > since:
                area += stock * (line.tick - since)
                since = line.tick
            stock = line.on_hand
    return area + stock * (plan.clock.end - since)


@quick
@given(networks())
def test_holding_is_the_time_integral_of_the_log(document: Document) -> None:
    """P7: the time integral of stock, recomputed from the event log."""
    plan, record = run(document)
    for i, row in enumerate(record.closing["points"]):
        if not plan.layout.unlimited[i]:
            assert row["on_hand_time"] == pytest.approx(holding_from_log(plan, record, i), rel=1e-9, abs=1e-3)


def test_the_audit_notices_a_lost_unit() -> None:
    """The check we rely on fails once, on purpose."""
    document: Any = {
        "chainsim": 1,
        "title": "x",
        "time": {"unit": "period", "warm_up": 0, "horizon": 20},
        "replications": 1,
        "seed": 1,
        "products": {"p": {}},
        "sites": {"supplier": {"kind": "supplier"}, "store": {"kind": "store"}},
        "lanes": [{"from": "supplier", "to": "store", "lead_time": 1}],
        "demand": [{"site": "store", "product": "p", "quantity": 3}],
        "policies": {"only": {"type": "base_stock", "order_up_to_level": 5}},
    }
    plan, record = run(document)
    assert violations(record, plan) == []
    record.closing["points"]["on_hand"][0] -= 1
    assert violations(record, plan) != []
