"""P1–P10 at every single event, not at the end only: a second set of books, kept from the event log alone."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings

from chainsim.chance.book import Streams
from chainsim.engines import simpy_calendar, simpy_engine
from chainsim.kpis import cost_lines, measure
from chainsim.plan.compile import compile_plan
from chainsim.plan.plan import Plan
from chainsim.record.record import EVENT_KINDS, Record
from chainsim.rules.calendar import key_of
from chainsim.rules.phases import OUTDATE_DUE

from .networks import Document, networks, run, scenario_of
from .test_conservation import holding_from_log

RECEIVE, SHIP, BACKFILL, DEMAND, GIVE_UP, ORDER, REQUEST, OUTDATE, LEND, CONSUME, SHRINK, *_ = range(len(EVENT_KINDS))
quick = settings(max_examples=40, deadline=None)


@quick
@given(networks())
def test_a_second_set_of_books_agrees_at_every_event(document: Document) -> None:
    """P1, P3, P4, P5: on hand, on order and backorders after every line of the log are those before it plus what the line
    says, for whole units to the unit. What customers took at once is the only flow without a line of its own: it lies
    between nothing and what was asked, and in all it is what was counted as filled."""
    plan, record = run(document)
    assert record.log is not None
    on_hand = [float(row["on_hand"]) for row in plan.points]
    on_order = [0.0] * len(plan.points)
    backorders = [0.0] * len(plan.points)
    filled = [0.0] * len(plan.points)
    for line in record.log:
        i, q = line.point, line.quantity
        out = (
            q if line.kind in (SHIP, BACKFILL, OUTDATE, LEND, CONSUME, SHRINK) and not plan.layout.unlimited[i] else 0.0
        )
        gain = q if line.kind == RECEIVE else 0.0
        if line.kind == DEMAND:
            taken = on_hand[i] - line.on_hand
            waiting = line.backorders - backorders[i]
            assert 0 <= taken <= q
            assert 0 <= waiting <= q - taken
            filled[i] += taken
            out, backorders[i] = taken, backorders[i] + waiting
        on_hand[i] += gain - out
        on_order[i] += {ORDER: q, RECEIVE: -q}.get(line.kind, 0.0)
        backorders[i] += {REQUEST: q, SHIP: -q, BACKFILL: -q, GIVE_UP: -q, CONSUME: -q}.get(line.kind, 0.0)
        assert (line.on_hand, line.on_order, line.backorders) == (on_hand[i], on_order[i], backorders[i])
    rows = record.closing["points"]
    for i in range(len(rows)):
        if not plan.layout.unlimited[i]:
            assert (rows["on_hand"][i], rows["on_order"][i], rows["backorders"][i], rows["filled"][i]) == (
                on_hand[i], on_order[i], backorders[i], filled[i],
            )  # fmt: skip


def _arrivals(plan: Plan, record: Record, lane: int) -> list[tuple[int, float]]:
    """When each shipment of a lane must arrive: when it left, plus the n-th draw of its times."""
    row = plan.lanes[lane]
    draws = Streams(plan.streams, record.replication)
    arrivals, last = [], 0
    assert record.log is not None
    for line in record.log:
        if line.kind == SHIP and line.lane == lane:
            due = line.tick
            for stream in (int(row["processing_stream"]), int(row["transport_stream"])):
                if stream >= 0:
                    due += int(draws.draw(stream))
            if row["no_crossing"]:
                due = max(due, last)
            last = max(last, due)
            arrivals.append((due, line.quantity))
    return arrivals


@quick
@given(networks())
def test_every_shipment_arrives_once_and_exactly_its_lead_time_later(document: Document) -> None:
    """P2: what arrives on a lane, and when, is what left it plus the lane's own draws, shipment by shipment."""
    plan, record = run(document)
    assert record.log is not None
    moved = {  # lead times that a disruption changes have cases of their own
        int(lane)
        for outage in plan.outages
        if outage["holds"] or outage["stretches"] != 1.0
        for lane in plan.outage_lanes[outage["first_lane"] : outage["first_lane"] + outage["lanes"]]
    }
    for lane, row in enumerate(plan.lanes):
        if row["origin"] < 0 or row["departure_every"] > 0 or row["departure_stream"] >= 0 or lane in moved:
            continue  # production is told by its receipts only; departures have cases of their own
        expected = Counter(x for x in _arrivals(plan, record, lane) if x[0] < plan.clock.end)
        assert expected == Counter((x.tick, x.quantity) for x in record.log if x.kind == RECEIVE and x.lane == lane)


@quick
@given(networks())
def test_the_whole_chain_balances(document: Document) -> None:
    """P6: what came in from suppliers and production − what customers got − what was thrown away = Δ of all stock on hand
    and in transit between sites."""
    plan, record = run(document)
    points, lanes = record.closing["points"], record.closing["lanes"]
    inside = ~plan.layout.unlimited
    from_outside = [row["origin"] < 0 or bool(plan.layout.unlimited[row["origin"]]) for row in plan.lanes]
    entered = sum(lanes["received"][j] for j in range(len(lanes)) if from_outside[j])
    moving = sum(lanes["in_transit"][j] for j in range(len(lanes)) if not from_outside[j])
    customers = sum(float((points[name] * inside).sum()) for name in ("filled", "backfilled", "transshipped"))
    change = float((points["on_hand"] * inside).sum() - (plan.points["on_hand"] * inside).sum())
    assert entered - customers - float((points["outdated"] * inside).sum()) == change + moving


@quick
@given(networks())
def test_every_cost_is_the_sum_of_its_parts_and_holding_that_of_the_log(document: Document) -> None:
    """P7: total = Σ lines = Σ stock points; and the holding cost again, from the log alone."""
    document["costs"] |= {"in_transit_owner": "none"}
    for lane in document["lanes"]:
        lane |= {"order_cost": 3, "unit_cost": 0.5}
    plan, record = run(document)
    made = measure(record, plan)
    costs = [line.id for line in cost_lines()]
    of = {name: made.values[:, made.ids.index(name)] for name in (*costs, "total_cost")}
    assert sum(of[name] for name in costs) == pytest.approx(of["total_cost"], rel=1e-9)
    points = [k for k, scope in enumerate(made.scopes) if scope.level == "stock_point"]
    network = next(k for k, scope in enumerate(made.scopes) if (scope.level, scope.product) == ("network", ""))
    for name in of:
        assert of[name][points].sum() == pytest.approx(of[name][network], rel=1e-9, abs=1e-9)

    window = plan.clock.end - plan.clock.warm_up
    expected = (
        plan.clock.units_per_year
        / window
        * sum(
            holding_from_log(plan, record, i, plan.clock.warm_up) * plan.money.holding[i]
            for i in range(len(plan.points))
            if not plan.layout.unlimited[i]
        )
    )
    made_here = [j for j, row in enumerate(plan.lanes) if row["origin"] < 0]  # work in process is the plant's own
    units = record.closing["lanes"]["in_transit_time"] - record.opening["lanes"]["in_transit_time"]
    expected += float((units / window * plan.money.in_transit_holding)[made_here].sum()) * plan.clock.units_per_year
    assert of["carrying_cost"][network] == pytest.approx(expected, rel=1e-9)


@settings(max_examples=25, deadline=None)
@given(networks())
def test_the_calendar_never_decides_by_who_came_first(document: Document) -> None:
    """P9: times never decrease, nothing at or after the end, and no two things that wait at once share (time, key): the
    order of an instant is decided by phase, rank and sequence alone, never by the order in which things were put there. But a
    stock point may look twice at what expires now, where lives are drawn: the second look finds nothing."""
    plan = compile_plan(scenario_of(document), "only")
    ranked: Any = SimpleNamespace(points=[SimpleNamespace(rank=rank) for rank in plan.points["rank"].tolist()])
    looks = {key_of(ranked, OUTDATE_DUE, p) for p in range(len(plan.points))}
    waiting: set[tuple[int, int]] = set()
    last = 0
    push, pop = simpy_calendar.heappush, simpy_calendar.heappop

    def checked_push(heap: Any, item: Any) -> None:
        if item[1] > simpy_calendar.HOUSEKEEPING:
            assert item[:2] not in waiting or item[1] in looks
            waiting.add(item[:2])
        push(heap, item)

    def checked_pop(heap: Any) -> Any:
        nonlocal last
        item = pop(heap)
        assert last <= item[0] < plan.clock.end
        last = item[0]
        waiting.discard(item[:2])
        return item

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(simpy_calendar, "heappush", checked_push)
        patch.setattr(simpy_calendar, "heappop", checked_pop)
        watched = simpy_engine.simulate(plan, 0, log=True)
    assert last > 0
    assert watched.log == simpy_engine.simulate(plan, 0, log=True).log


@quick
@given(networks())
def test_base_stock_orders_exactly_what_left_since_its_last_order(document: Document) -> None:
    """P10: from its first order on a base-stock policy without modifiers orders what customers and sites took or still
    want since its last order; with lost sales what they took. And it brings the position to S, exactly."""
    document["stock"] = [entry for entry in document["stock"] if "minimum_order" not in entry]
    only = document["policies"]["only"]
    only["rules"] = [rule for rule in only["rules"] if rule["type"] in ("base_stock", "R_S")]
    levels = {rule["site"]: rule["order_up_to_level"] for rule in only["rules"]}
    plan, record = run(document)
    assert record.log is not None
    net = [float(row["on_hand"]) for row in plan.points]
    left: dict[int, float] = {}  # since the last order, where there was one
    for line in record.log:
        i, before = line.point, net[line.point]
        net[i] = line.on_hand - line.backorders
        if line.kind == ORDER:
            site = plan.layout.sites[plan.layout.site[i]]
            assert net[i] + line.on_order == levels.get(site, only["order_up_to_level"])
            assert line.quantity == left.get(i, line.quantity)
            left[i] = 0.0
        elif i in left:
            left[i] += before - net[i] + (line.quantity if line.kind == RECEIVE else 0.0)
