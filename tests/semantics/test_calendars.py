"""Order days, working days, shipping days and shutdowns, worked by hand (docs/semantics.md, "Calendars"). Day 0 is a Wednesday."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainsim.engines.base import simulate
from chainsim.plan.compile import compile_plan
from chainsim.plan.openings import openings_of
from chainsim.plan.plan import Clock, Plan
from chainsim.plan.tables_calendars import OPENING
from chainsim.record.audit import violations
from chainsim.record.record import SERIES, Record
from chainsim.rules.openings import after_work, next_open
from chainsim.scenario.load import load_text
from chainsim.scenario.model_calendars import Calendar

from .stage import log_of, point

HEAD = """
chainsim: 1
title: Days off, by hand
time: {unit: day, start: 2026-04-01, horizon: 14, bucket: 1}
replications: 1
products: {p: {}}
"""
SHOP = """
sites: {supplier: {kind: supplier, SUPPLIER}, shop: {kind: store, DAYS}}
lanes: [{from: supplier, to: shop, lead_time: 2, LANE}]
demand: [{site: shop, product: p, quantity: 2, OFFSET}]
policies: {only: {type: base_stock, order_up_to_level: 20, REVIEW}}
"""
WEEK = "working_days: [mon-fri]"


def run(body: str) -> tuple[Plan, Record]:
    scenario = load_text(HEAD + body, "case.yaml")
    plan = compile_plan(scenario, "only")
    record = simulate(plan, 0, engine="simpy", log=True)
    assert violations(record, plan) == []
    other = simulate(plan, 0, engine="compiled", log=True)
    assert other.log == record.log
    return plan, record


def shop(
    days: str = "", lane: str = "", supplier: str = "", offset: str = "", review: str = "review_interval: 1"
) -> tuple[Plan, Record]:
    body = SHOP.replace("SUPPLIER", supplier).replace("DAYS", days).replace("LANE", lane)
    return run(body.replace("OFFSET", offset).replace("REVIEW", review))


def when(plan: Plan, record: Record, kind: str, site: str = "shop") -> list[tuple[float, float]]:
    """(day, units) of every line of the log of a kind at a site."""
    lines = (line for line in log_of(record, kind) if line.point == point(plan, site))
    return [(line.tick / plan.clock.ticks_per_unit, line.quantity) for line in lines]


def test_a_review_on_a_closed_day_moves_to_the_next_order_day() -> None:
    """Thursdays are days 1 and 8, Mondays 5 and 12. Two units a day are ordered from review to review: 2 + 2, four days, three days …;
    received two days later, on Saturday and Wednesday.
    """
    plan, record = shop(days="order_days: [mon, thu]")
    assert when(plan, record, "order") == [(1, 4), (5, 8), (8, 6), (12, 8)]
    assert when(plan, record, "receive") == [(3, 4), (7, 8), (10, 6)]
    on_hand = record.series[SERIES.index("on_hand"), point(plan, "shop")]
    assert on_hand.tolist() == [18, 16, 14, 16, 14, 12, 10, 16, 14, 12, 16, 14, 12, 10]


def test_who_watches_continuously_looks_while_it_is_an_order_day() -> None:
    """Customers come at noon. On Thursday morning the planner orders what Wednesday's took, and at noon what that noon's takes."""
    plan, record = shop(days="order_days: [mon, thu]", offset="offset: 0.5", review="")
    assert when(plan, record, "order") == [(1, 2), (1.5, 2), (5, 6), (5.5, 2), (8, 4), (8.5, 2), (12, 6), (12.5, 2)]


def test_the_first_look_waits_for_the_first_order_day() -> None:
    """12 of 20 at the start, and 10 when Friday begins: nothing is ordered before."""
    body = SHOP.replace("SUPPLIER", "").replace("DAYS", "order_days: [fri]").replace("LANE", "").replace("REVIEW", "")
    plan, record = run(body.replace("OFFSET", "offset: 1.5") + "stock: [{site: shop, initial: {on_hand: 12}}]\n")
    assert when(plan, record, "order")[:2] == [(2, 10), (2.5, 2)]


def test_working_time_is_counted_on_working_days() -> None:
    """The order of Wednesday is prepared on Wednesday and under way on Thursday and Friday: there on Monday. That of Thursday is prepared
    on Thursday, under way on Friday and Monday: there on Tuesday. Those of the weekend are placed on Monday.
    """
    plan, record = shop(days=WEEK, supplier=WEEK, lane="processing: 1, lead_time_in: working_time")
    assert when(plan, record, "order")[:5] == [(0, 2), (1, 2), (2, 2), (5, 6), (6, 2)]
    assert when(plan, record, "receive")[:4] == [(5, 2), (6, 2), (7, 2), (8, 6)]


def test_transport_goes_on_over_the_weekend_and_the_door_is_closed() -> None:
    """Two days from Thursday are Saturday, from Friday Sunday: both wait until Monday. Day 2 is Good Friday."""
    plan, record = shop(days=WEEK)
    assert when(plan, record, "receive")[:4] == [(2, 2), (5, 2), (5, 2), (7, 6)]
    plan, record = shop(days="working_days: {days: [mon-fri], closed: [2026-04-03]}")
    assert when(plan, record, "order")[:3] == [(0, 2), (1, 2), (5, 8)]
    assert when(plan, record, "receive")[:3] == [(5, 2), (5, 2), (7, 8)]


def test_goods_leave_on_shipping_days() -> None:
    """Ordered on Thursday, they leave on Friday and come on Sunday; ordered on Monday, they leave on Tuesday."""
    plan, record = shop(days="order_days: [mon, thu]", lane="shipping_days: [tue, fri]")
    assert when(plan, record, "receive") == [(4, 4), (8, 8), (11, 6)]
    plan, record = shop(
        days="order_days: [mon, thu]", lane="shipping_days: [tue, fri]", supplier="working_days: {closed: [2026-04-03]}"
    )
    assert when(plan, record, "receive")[:2] == [(8, 4), (8, 8)]


def test_customers_are_served_on_days_off() -> None:
    plan, record = shop(days="working_days: {closed: [{from: 2026-04-02, to: 2026-04-12}]}")
    row = record.closing["points"][point(plan, "shop")]
    assert (row["demanded"], row["filled"], row["backfilled"]) == (
        28,
        20,
        2,
    )  # what was ordered at the start comes when the door opens
    assert when(plan, record, "order")[:2] == [(0, 2), (12, 24)]


def test_times_without_dates() -> None:
    """Closed from noon of day 1 to the end of day 3: the reviews of 2 and 3 move to 4, and what is due then comes then."""
    plan, record = shop(days="working_days: {closed: [{from: 1.5, to: 4}]}")
    assert when(plan, record, "order")[:4] == [(0, 2), (1, 2), (4, 6), (5, 2)]
    assert when(plan, record, "receive")[:3] == [(4, 2), (4, 2), (6, 6)]


PLANT = """
sites: {shop: {kind: store, production: {lead_time: LEAD, MORE}, working_days: [mon-fri]}}
demand: [{site: shop, product: p, quantity: 4, every: 100, offset: 0.5}]
policies: {only: {type: base_stock, order_up_to_level: 20, review_interval: 1}}
"""


@pytest.mark.parametrize(
    ("lead", "more", "receipts"),
    [
        # four units of Thursday, 0.6 of a day each: the last is 0.2 into its work when Friday ends
        ("0", "machines: 1, unit_time: 0.6", [(1.6, 1), (2.2, 1), (2.8, 1), (5.4, 1)]),
        ("1.5", "machines: 1, unit_time: 0.6", [(5.1, 1), (5.7, 1), (6.3, 1), (6.9, 1)]),
        # one a day, and none is started at the weekend
        ("0", "capacity: 1", [(1, 1), (2, 1), (5, 1), (6, 1)]),
        ("2", "products: [p]", [(5, 4)]),
    ],
)  # fmt: skip
def test_a_plant_rests(lead: str, more: str, receipts: list[tuple[float, float]]) -> None:
    plan, record = run(PLANT.replace("LEAD", lead).replace("MORE", more))
    assert when(plan, record, "order")[0] == (1, 4)
    assert when(plan, record, "receive") == [(pytest.approx(day), units) for day, units in receipts]


# arithmetic of calendars

closures = st.lists(st.tuples(st.integers(0, 90), st.integers(1, 12)), max_size=6)


class Rows:
    """A world with nothing but openings."""

    def __init__(self, calendar: Calendar, end: int) -> None:
        opened = openings_of(calendar, Clock(0, end, end, 1, 1.0, "period"))
        self.openings = [
            OPENING.row(opens=a, closes=b, before=c, last=len(opened.opens) - 1)
            for a, b, c in zip(opened.opens.tolist(), opened.closes.tolist(), opened.before.tolist(), strict=True)
        ]
        self.opened = opened


@given(closures, st.integers(0, 110), st.integers(0, 40))
def test_openings_tick_by_tick(closed: list[tuple[int, int]], tick: int, work: int) -> None:
    """Against counting: the next tick that lies in no closure; the tick before which so many open ones lie."""
    calendar = Calendar(closed=tuple(sorted({(start, start + length) for start, length in closed})))
    world = Rows(calendar, 100)

    def is_open(t: int) -> bool:
        return not any(start <= t < end for start, end in calendar.closed)

    first = next(t for t in range(tick, 300) if is_open(t))
    assert next_open(world, 0, tick) == first  # type: ignore[arg-type]
    passed = [t for t in range(tick, 300) if is_open(t)]
    assert after_work(world, 0, tick, work) == passed[work]  # type: ignore[arg-type]
    assert world.opened.next_open(np.array([tick])).tolist() == [first]
    assert world.opened.after_work(np.array([tick]), np.array([work])).tolist() == [passed[work]]


def test_a_week_is_closed_on_its_days_off() -> None:
    """Wednesday first: days 3 and 4 of each week are the weekend."""
    day = 86_400_000_000
    clock = Clock(0, 14 * day, day, day, 365.0, "day", "2026-04-01")
    opened = openings_of(Calendar(week=(True, True, True, False, False, True, True)), clock)
    assert (opened.opens[:3] // day).tolist() == [0, 5, 12]
    assert (opened.closes[:2] // day).tolist() == [3, 10]
    assert len(opened.opens) == 1 + len(range(3, 14 + 366, 7))
