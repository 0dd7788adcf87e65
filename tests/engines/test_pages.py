"""Levels that follow a season: each page of parameters comes into force at its tick, on both engines alike."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from chainsim.engines import simpy_engine
from chainsim.plan.compile import compile_plan
from chainsim.plan.plan import Plan
from chainsim.plan.seasons import PageBook
from chainsim.policies.base import Page, Settings
from chainsim.policies.moved import Raised
from chainsim.rules.phases import REVIEW
from chainsim.scenario.load import load_text
from tests.engines.pair import check

ORDER_PLACED = 5

SHOP = """
chainsim: 1
title: One can a day
time: {{unit: day, warm_up: 0, horizon: 20, bucket: 1}}
replications: 1
seed: 1
products: {{can: {{unit_cost: 1}}}}
sites: {{source: {{kind: supplier}}, shop: {{kind: store}}}}
lanes: [{{from: source, to: shop, lead_time: {lead}, order_cost: 1}}]
demand: [{{site: shop, product: can, {demand}, unmet: backorder}}]
costs: {{currency: EUR, carrying_rate: 25% per year}}
policies:
  p: {policy}
"""
CONSTANT = "quantity: {dist: constant, value: 1}"
CHANCE = "type: arrivals, rate: 3 per day, size: {dist: discrete_uniform, low: 1, high: 3}"


def plan_of(policy: str, pages: tuple[Page, ...], demand: str = CONSTANT, lead: str = "2") -> Plan:
    plan = compile_plan(load_text(SHOP.format(policy=policy, demand=demand, lead=lead)), "p")
    points = plan.points.copy()
    (shop,) = np.flatnonzero(points["policy"] >= 0)
    settings = {int(shop): Settings(pages[0].p, 0.0, wake_at=pages[0].wake_at, pages=pages)}
    rows, parameters = PageBook(plan.clock).compile(points, settings)
    return replace(plan, points=points, pages=rows, page_parameters=parameters)


def orders(plan: Plan) -> list[tuple[int, float]]:
    """(day, quantity) of every order."""
    log = simpy_engine.simulate(plan, 0, log=True).log
    assert log is not None
    return [(e.tick // plan.clock.ticks_per_unit, e.quantity) for e in log if e.kind == ORDER_PLACED]


def test_a_planner_on_watch_looks_again_when_the_levels_rise() -> None:
    """(s, Q) = (2, 5) starts at 7, one can a day: after the demand of day 4 it stands at 2 and orders. With s = 6 from
    day 2 on it looks again on day 2, at 4, and orders up to 9, and at 6 on day 5 again, up to 11; with s = 1 from day 6 on
    it waits for day 15."""
    steady = plan_of("{type: s_Q, reorder_point: 2, order_quantity: 5}", (Page(0.0, (2.0, 5.0, 0.0), 2.0),))
    assert orders(steady)[:2] == [(4, 5.0), (9, 5.0)]
    pages = (Page(0.0, (2.0, 5.0, 0.0), 2.0), Page(2.0, (6.0, 5.0, 0.0), 6.0), Page(6.0, (1.0, 5.0, 0.0), 1.0))
    raised = plan_of("{type: s_Q, reorder_point: 2, order_quantity: 5}", pages)
    assert orders(raised)[:3] == [(2, 5.0), (5, 5.0), (15, 5.0)]
    log = simpy_engine.simulate(raised, 0, log=True).log
    assert log is not None
    assert {e.phase for e in log if e.kind == ORDER_PLACED} == {REVIEW}  # after the demand of that instant
    check(raised)


def test_a_planner_by_the_calendar_sees_new_levels_at_the_next_review() -> None:
    """Up to S every 3 days: S = 10 from day 0, 20 from day 4: the reviews of day 3 and 6 order 3 and 13."""
    pages = (Page(0.0, (10.0,), 0.0), Page(4.0, (20.0,), 0.0))
    plan = plan_of("{type: R_S, review_interval: 3 days, order_up_to_level: 10}", pages)
    assert orders(plan)[:4] == [(0, 1.0), (3, 3.0), (6, 13.0), (9, 3.0)]
    check(plan)


def test_levels_from_the_instant_of_a_review_count_at_that_review() -> None:
    pages = (Page(0.0, (10.0,), 0.0), Page(3.0, (20.0,), 0.0))
    assert orders(plan_of("{type: R_S, review_interval: 3 days, order_up_to_level: 10}", pages))[1] == (3, 13.0)


@pytest.mark.parametrize(
    "policy",
    ["{type: s_Q, reorder_point: 12, order_quantity: 9}", "{type: s_S, reorder_point: 12, order_up_to_level: 25}"],
)
def test_both_engines_turn_pages_alike(policy: str) -> None:
    second = 9.0 if "s_Q" in policy else 25.0
    pages = tuple(Page(0.7 * k, (5.0 + 3.0 * (k % 5), second, 0.0), 5.0 + 3.0 * (k % 5)) for k in range(29))
    check(plan_of(policy, pages, CHANCE, "{dist: gamma, mean: 2, cv: 0.5}"))


def test_a_page_beyond_the_end_is_left_out_and_equal_pages_are_shared() -> None:
    pages = (Page(0.0, (2.0, 5.0, 0.0), 2.0), Page(25.0, (6.0, 5.0, 0.0), 6.0))
    plan = plan_of("{type: s_Q, reorder_point: 2, order_quantity: 5}", pages)
    assert len(plan.pages) == 1
    points = np.repeat(plan.points, 2)
    one = Settings(pages[0].p, 0.0, pages=pages)
    rows, _ = PageBook(plan.clock).compile(points, {0: one, 1: one})
    assert len(rows) == 1
    assert points["first_page"].tolist()[:2] == [0, 0]


def test_moved_pages_are_compiled_as_if_they_were_written_anew() -> None:
    """Numbers that no binary fraction is equal to, moved twice: to the last bit, with others beside them."""
    pages = tuple(Page(0.7 * k, (0.1 + 0.3 * (k % 5), 9.0, 0.0), 0.1 + 0.3 * (k % 5)) for k in range(40))
    plan = plan_of("{type: s_Q, reorder_point: 12, order_quantity: 9}", pages)
    once = Raised.of(pages, (0,), 0.7)
    twice = Raised.of(once, (0,), -0.1)
    others = (Page(0.0, (3.0, 4.0, 0.0), 3.0),)
    book = PageBook(plan.clock)
    made = []
    for three in ((once, twice, others), (tuple(once), tuple(twice), others)):
        points = np.repeat(plan.points[:1], 3)
        points["review_interval"][1] = 5  # by the calendar: never woken
        settings = {i: Settings(own[0].p, 0.0, wake_at=own[0].wake_at, pages=own) for i, own in enumerate(three)}
        made.append((points, *book.compile(points, settings)))
    for moved, written in zip(*made, strict=True):
        assert moved.tobytes() == written.tobytes()
    rows, numbers = made[0][1:]
    assert len(rows) == 2 * sum(0.7 * k < 20 for k in range(40)) + 1
    assert numbers[rows["first"][1]] == 0.1 + 0.3 + 0.7
    assert rows["wake_at"][0] == 0.1 + 0.7
    assert np.isneginf(rows["wake_at"][len(rows) // 2])


def test_without_pages_nothing_changes() -> None:
    plain = compile_plan(
        load_text(SHOP.format(policy="{type: s_Q, reorder_point: 2, order_quantity: 5}", demand=CHANCE, lead=2)), "p"
    )
    paged = plan_of("{type: s_Q, reorder_point: 2, order_quantity: 5}", (Page(0.0, (2.0, 5.0, 0.0), 2.0),), CHANCE)
    assert simpy_engine.simulate(plain, 0, log=True).log == simpy_engine.simulate(paged, 0, log=True).log
    check(paged)
