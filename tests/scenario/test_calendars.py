"""Calendars and dates as they are written: what is understood, and what is said of what is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from chainsim.errors import ScenarioError
from chainsim.scenario.days import days_in_words
from chainsim.scenario.load import load_text
from chainsim.scenario.model import Scenario

BODY = """
chainsim: 1
title: Days
time: {unit: day, horizon: 60, TIME}
calendars: {office: {days: [mon-fri], closed: [2026-04-03, {from: 2026-04-13, to: 2026-04-17}]}}
products: {p: {}}
sites: {supplier: {kind: supplier, SUPPLIER}, shop: {kind: store, SHOP}}
lanes: [{from: supplier, to: shop, lead_time: 2, LANE}]
demand: [{site: shop, product: p, quantity: 1, step: {at: AT, factor: 2}}]
disruptions: [{type: surge, site: shop, start: SURGE, duration: 5, factor: 2}]
policies: {a: {type: base_stock, order_up_to_level: 5}}
"""
DATED = "start: 2026-04-01"
DAY = 86_400_000_000


def written(
    time: str = DATED, supplier: str = "", shop: str = "", lane: str = "", at: str = "3", surge: str = "3"
) -> Scenario:
    body = BODY.replace("TIME", time).replace("SUPPLIER", supplier).replace("SHOP", shop)
    if not time:
        body = body.replace(
            "calendars: {office: {days: [mon-fri], closed: [2026-04-03, {from: 2026-04-13, to: 2026-04-17}]}}\n", ""
        )
    return load_text(body.replace("LANE", lane).replace("AT", at).replace("SURGE", surge), "case.yaml")


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"shop": "order_days: [mon, thrusday]"}, "unknown day of the week 'thrusday' (did you mean 'thursday'?)"),
        ({"shop": "order_days: [mon, thr]"}, "unknown day of the week 'thr' (did you mean 'thu'?)"),
        ({"shop": "order_days: []"}, "is an empty week"),
        ({"shop": "order_days: [mon, mon-wed]"}, "names mon twice"),
        ({"shop": "order_days: ofice"}, "unknown calendar 'ofice' (did you mean 'office'?)"),
        ({"shop": "order_days: 3"}, "expected days of the week, {days, closed} or the name of a calendar"),
        ({"shop": "order_days: [mon]", "time": ""}, "nothing says on which the run begins"),
        ({"shop": "working_days: {closed: [2026-04-20]}", "time": ""}, "nothing says when the run begins"),
        (
            {"shop": "working_days: {closed: [2026-04-20, {from: 2026-04-10, to: 2026-04-22}]}"},
            "two closures overlap: 2026-04-10 to 2026-04-22 and 2026-04-20",
        ),
        ({"shop": "working_days: {closed: [{from: 1, to: 3}, {from: 2, to: 4}]}", "time": ""}, "overlap: day 1 to day 3 and day 2 to day 4"),
        ({"shop": "working_days: {closed: [{from: 2026-04-01, to: 2026-09-22}]}"}, "is never open in the run"),
        ({"shop": "working_days: office, order_days: [sat]"}, "is never open in the run"),
        ({"shop": "working_days: {closed: [{from: 2026-04-22, to: 2026-04-10}]}"}, "ends (2026-04-10) before it begins (2026-04-22)"),
        ({"shop": "working_days: {closed: [{from: 2026-04-22, to: 9}]}"}, "from a date to a time"),
        ({"shop": "working_days: {closed: [{from: 2026-04-22}]}"}, "has no `to`"),
        ({"shop": "working_days: {close: [2026-04-20]}"}, "unknown key 'close' (did you mean 'closed'?)"),
        ({"shop": "holidays: [2026-04-20]"}, "unknown key 'holidays': days off go with a site"),
        ({"supplier": "order_days: [sat]"}, "a supplier orders nothing"),
        ({"lane": "lead_time_in: working_time"}, "supplier has no working_days"),
        ({"lane": "shipping_days: mon, departures: {every: 2}"}, "goods leave with the departures"),
        ({"surge": "2026-03-10"}, "2026-03-10 lies before the run begins (2026-04-01)"),
        ({"surge": "2026-04-31"}, "there is no day 2026-04-31"),
        ({"surge": "2026-04-10", "time": ""}, "nothing says when the run begins"),
    ],
)  # fmt: skip
def test_what_is_refused(keys: dict[str, str], message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        written(**keys)
    assert message in "\n".join(finding.message for finding in caught.value.findings)


def test_a_flow_never_pauses() -> None:
    body = BODY.replace("quantity: 1, step: {at: AT, factor: 2}", "type: flow, rate: 3").replace(
        "{p: {}}", "{p: {divisible: true}}"
    )
    body = body.replace("TIME", DATED).replace("SHOP", "order_days: [mon]").replace("SUPPLIER", "").replace("LANE", "")
    with pytest.raises(ScenarioError, match="does not go with demand that flows"):
        load_text(body.replace("disruptions: [{type: surge, site: shop, start: SURGE, duration: 5, factor: 2}]\n", ""))


def test_a_week_begins_where_the_run_does() -> None:
    """The first of April 2026 is a Wednesday."""
    [*_, point] = written(shop="order_days: [mon, thu]").points
    [shop] = [point for point in written(shop="order_days: [mon, thu]").points if point.site == "shop"]
    assert shop.order_days is not None
    assert shop.order_days.week == (False, True, False, False, False, True, False)
    assert point.order_days is None


def test_closures_from_date_to_date() -> None:
    """Day 2, and days 12 to 16."""
    [lane] = written(supplier="working_days: office").lanes
    assert lane.timetable is not None
    assert lane.timetable.shipping is not None
    assert lane.timetable.shipping.closed == ((2 * DAY, 3 * DAY), (12 * DAY, 17 * DAY))


@pytest.mark.parametrize("days", ["[mon-sun]", "mon-sun", "{days: [sun, mon-sat]}"])
def test_a_calendar_that_never_closes_is_none(days: str) -> None:
    assert all(point.order_days is None for point in written(shop=f"order_days: {days}").points)


def test_dates_of_known_events() -> None:
    [demand] = written(at="2026-04-11", surge="2026-04-21").demands
    assert (demand.steps[0].at, demand.surges[0].start) == (10, 20)


def test_what_lies_outside_the_run_is_said() -> None:
    [warning] = written(shop="working_days: {closed: [2027-04-20]}").warnings
    assert "(2027-04-20) lies outside the run, which begins on 2026-04-01" in warning.message


@pytest.mark.parametrize(
    "keys", [{}, {"shop": "working_days: office, order_days: [mon, thu]", "lane": "shipping_days: {days: [tue]}"}]
)
def test_the_resolved_file_means_the_same(keys: dict[str, Any]) -> None:
    import yaml

    first = written(**keys)
    again = load_text(yaml.safe_dump(dict(first.document)), "again.yaml")
    assert (again.points, again.lanes, again.sha256) == (first.points, first.lanes, first.sha256)


def test_days_in_words() -> None:
    found = written(shop="working_days: office, order_days: [mon, thu]", lane="shipping_days: [tue]")
    assert days_in_words(found.document) == [
        "shop works on mon to fri but for 2 closures (office) and orders on mon, thu.",
        "supplier → shop: goods leave on tue.",
    ]


@pytest.mark.parametrize(
    ("more", "said"), [("", "`offset: 5 days`"), ("offset: 5", ""), ("offset: 4", "`offset: 5 days`")]
)
def test_a_history_keeps_its_days_of_the_week(more: str, said: str, tmp_path: Path) -> None:
    """It begins on a Monday, the run on a Wednesday; weekends have no rows."""
    rows = "".join(f"2024-01-{k:02d},{k}\n" for k in range(1, 29) if k % 7 not in (6, 0))
    (tmp_path / "sales.csv").write_text("date,p\n" + rows)
    body = (
        BODY.replace("TIME", DATED)
        .replace("SHOP", "order_days: [mon]")
        .replace("SUPPLIER", "")
        .replace("LANE", "")
        .replace("SURGE", "3")
    )
    history = f"type: history, file: sales.csv, gaps: zero, on_end: repeat, {more}"
    scenario = load_text(body.replace("quantity: 1, step: {at: AT, factor: 2}", history), "case.yaml", tmp_path)
    assert [warning.cure.partition("demand ")[2] for warning in scenario.warnings] == ([said] if said else [])
    assert scenario.tables["sales.csv"].columns["p"][:8] == (1, 2, 3, 4, 5, 0, 0, 8)
