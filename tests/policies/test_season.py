"""Levels that follow a known season: what an order must cover, worked out by hand, and what the levels then deliver."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from chainsim.engines.base import replications
from chainsim.plan.ahead import GRID, MOST_PAGES
from chainsim.plan.compile import compile_plan
from chainsim.plan.derivation import derive_levels
from chainsim.policies.base import Settings
from chainsim.policies.moved import moved
from chainsim.policies.season import at_level
from chainsim.scenario.load import load_text
from tests.engines.pair import check

SHOP = """
chainsim: 1
title: A shop with a season
time: {{unit: day, warm_up: {warm_up}, horizon: {horizon}, bucket: 1}}
replications: 1
seed: 1
products: {{can: {{unit_cost: 1}}}}
sites: {{source: {{kind: supplier}}, shop: {{kind: store}}}}
lanes: [{{from: source, to: shop, lead_time: {lead}, order_cost: 1}}]
demand: [{{site: shop, product: can, {demand}, unmet: backorder}}]
{more}
costs: {{currency: EUR, carrying_rate: 25% per year}}
policies:
  p: {policy}
"""
PLACE = ("shop", "can")
WEEK = (5, 10, 15, 20, 25, 30, 0)
WEEKLY = f"quantity: {{dist: constant, value: 15}}, season: {{weekly: {[x / 15 for x in WEEK]}}}"
YEARLY = "season: {yearly: [2.2, 2.0, 1.5, 1.0, 0.5, 0.3, 0.2, 0.3, 0.6, 0.9, 1.1, 1.4]}"
DAILY = "{type: R_S, review_interval: 1 day, fill_rate: 0.95}"


def text(
    policy: str = DAILY, demand: str = WEEKLY, lead: str = "2", horizon: int = 28, warm_up: int = 0, **changes: str
) -> str:
    review, more = changes.get("review", "after_demand"), changes.get("more", "")
    policy = f"{policy[:-1]}, review: {review}}}"
    return SHOP.format(policy=policy, demand=demand, lead=lead, horizon=horizon, warm_up=warm_up, more=more)


def levels(**given: Any) -> Settings:
    return derive_levels(load_text(text(**given)))["p"].levels[PLACE]


def season(**given: Any) -> tuple[tuple[float, float], ...]:
    return derive_levels(load_text(text(**given)))["p"].facts.points[0].season


def factor_at(pages: tuple[tuple[float, float], ...], time: float) -> float:
    return [factor for at, factor in pages if at <= time][-1]


def ahead(first: int, count: int) -> float:
    """Mean of `count` days of the week from day `first` on, over the mean of the week."""
    return sum(WEEK[(first + k) % 7] for k in range(count)) / count / 15.0


@pytest.mark.parametrize("day", range(14))
def test_reviews_after_demand_cover_the_days_that_come(day: int) -> None:
    """Lead time 2, reviews daily after demand: two demands, those of the next two days, come before the next receipt."""
    exact, found = ahead(day + 1, 2), factor_at(season(), float(day))
    assert exact <= found * (1 + 1e-6) < exact * GRID * (1 + 1e-5)


@pytest.mark.parametrize("day", range(14))
def test_reviews_before_demand_cover_the_day_itself_too(day: int) -> None:
    exact, found = ahead(day, 3), factor_at(season(review="before_demand"), float(day))
    assert exact <= found * (1 + 1e-6) < exact * GRID * (1 + 1e-5)


def test_a_lead_time_of_two_or_three_days_weighs_the_third_by_its_chance() -> None:
    """Day 0: days 1 and 2 for sure (10, 15), day 3 (20) with chance 1/2: (10 + 15 + 10) / 2.5 = 14 of a mean of 15."""
    found = factor_at(season(lead="{dist: discrete_uniform, low: 2, high: 3}"), 0.0)
    assert 14 / 15 <= found < 14 / 15 * GRID


def test_weekly_reviews_cover_the_same_days_each_time() -> None:
    """Every 7 days, lead time 2: eight demands, the week and the day after: one factor, (105 + 10) / 8 of 15."""
    pages = season(policy="{type: R_S, review_interval: 7 days, fill_rate: 0.95}")
    assert len(pages) == 1
    assert 115 / 120 <= pages[0][1] < 115 / 120 * GRID


def test_a_cover_of_whole_weeks_has_no_season() -> None:
    assert season(lead="7") == ((0.0, 1.0),)


def test_customers_in_continuous_time_count_by_the_mean_ahead() -> None:
    """Continuous review, lead time 10: from day 100 on twice as many: at day 95 half of what is ahead is doubled."""
    demand = "type: arrivals, rate: 10 per day, step: {at: 100, factor: 2}"
    policy = "{type: s_Q, order_quantity: 50, fill_rate: 0.95}"
    pages = season(demand=demand, policy=policy, lead="10", horizon=200)
    assert [round(factor_at(pages, day) * 1.5, 1) for day in (50.0, 120.0)] == [1.0, 2.0]
    assert 1.5 <= factor_at(pages, 95.0) * 1.5 < (1.5 + 0.125) * GRID  # looked at every 1.25 days, the higher end taken


def test_a_level_covers_exactly_what_the_days_ahead_want() -> None:
    """Sure demand with a season: S of each review is what the next two days want, rounded up on the grid of factors; so
    nothing is ever owed, and not much is left."""
    sure = DAILY.replace("fill_rate", "service_level")
    found = levels(policy=sure)
    by_day = {page.at: page.p[0] for page in found.pages}
    for at, level in by_day.items():
        wanted = ahead(int(at) + 1, 2) * 30.0
        assert wanted <= level <= max(wanted * GRID, 0.6) + 1.0
    plan = compile_plan(load_text(text(policy=sure)), "p")
    (record,) = replications(plan, 0, 1, engine="simpy")
    assert record.closing["points"]["filled"].sum() == record.closing["points"]["demanded"].sum()


def test_a_surprise_moves_no_level_unless_it_is_known() -> None:
    surge = "disruptions: [{type: surge, site: shop, product: can, start: 10, duration: 5 days, factor: 3%s}]"
    level = "quantity: {dist: poisson, mean: 30}"
    plain = levels(demand=level)
    assert plain.pages == levels(demand=level, more=surge % "").pages == ()
    known = levels(demand=level, more=surge % ", known: true")
    assert max(page.p[0] for page in known.pages) > 2.5 * min(page.p[0] for page in known.pages)
    outage = "disruptions: [{type: outage, site: source, start: 10, duration: 5 days, every: 50 days}]"
    assert levels(demand=level, more=outage).pages == ()


@pytest.mark.parametrize(
    "policy",
    [
        "{type: s_Q, order_quantity: 30, levels: mean}",
        "{type: s_Q, order_quantity: 30, derivation: textbook}",
        "{type: s_Q, reorder_point: 60, order_quantity: 30}",
        "{type: s_S, order_up_to_level: 400}",
        "{type: R_S, review_interval: 1 day, order_up_to_level: 100}",
    ],
)
def test_the_mean_the_textbook_and_given_levels_stay(policy: str) -> None:
    assert levels(policy=policy).pages == ()


@pytest.mark.parametrize("lead", ["2", "{dist: gamma, mean: 5, cv: 0.5}"])
@pytest.mark.parametrize(
    "demand",
    [
        "quantity: {dist: poisson, mean: 20}",
        "quantity: {dist: gamma, mean: 200, cv: 0.6}",
        "quantity: {dist: negative_binomial, mean: 3, sd: 3}",
        "type: arrivals, rate: 4 per day, size: {dist: geometric, mean: 5}",
        "type: arrivals, rate: 0.2 per day",
    ],
)
def test_levels_between_two_that_were_derived_are_those_that_would_have_been(demand: str, lead: str) -> None:
    """Within a hundredth of the level or one unit, at all factors of the year, and never more than a unit below."""
    policy = "{type: s_Q, order_quantity: 60, fill_rate: 0.95}"
    whole = derive_levels(load_text(text(policy=policy, demand=f"{demand}, {YEARLY}", lead=lead, horizon=730)))["p"]
    point, found = whole.facts.points[0], whole.levels[PLACE]
    rule = load_text(text(policy=policy)).alternatives[0].rules[PLACE].policy
    factors = dict(point.season)
    for page in found.pages[:60:6]:
        exact = rule.settings(at_level(replace(point, season=()), factors[page.at])).p[0]
        assert page.p[0] == pytest.approx(exact, abs=max(1.0, 0.01 * abs(exact)))


def test_lots_are_those_of_the_mean_demand() -> None:
    found = levels(policy="{type: s_S}", demand=f"quantity: {{dist: poisson, mean: 30}}, {YEARLY}", horizon=365)
    gaps = {page.p[1] - page.p[0] for page in found.pages}
    assert gaps == {found.p[1] - found.p[0]}
    assert len(found.pages) > 10


def test_next_to_no_demand_raises_nothing_and_wants_next_to_nothing() -> None:
    """Half a year nothing at all."""
    demand = "quantity: {dist: gamma, mean: 3, cv: 0.2}, season: {yearly: [2, 2, 2, 2, 2, 2, 0, 0, 0, 0, 0, 0]}"
    found = levels(demand=demand, horizon=365)
    assert min(page.p[0] for page in found.pages) <= 2.0
    assert max(page.p[0] for page in found.pages) >= 12.0


def test_stock_begins_at_the_first_page() -> None:
    found = levels(demand=f"quantity: {{dist: poisson, mean: 30}}, {YEARLY}", horizon=365)
    assert found.order_up_to == found.pages[0].p[0] > found.p[0]
    plan = compile_plan(load_text(text(demand=f"quantity: {{dist: poisson, mean: 30}}, {YEARLY}", horizon=365)), "p")
    assert plan.points["on_hand"].max() == found.order_up_to


def test_the_derivation_names_base_and_factor_and_the_season_is_known() -> None:
    found = levels()
    assert "follows the season: " in found.derived[0].formula
    assert "at factor 1.85 (from day 3 of the run)" in found.derived[0].formula  # (25 + 30) / 2 of 15, on the grid
    assert found.promise is not None
    assert found.promise.unknown == ()
    stays = levels(policy=f"{DAILY[:-1]}, levels: mean}}")
    assert stays.promise is not None
    assert stays.promise.unknown == ("a season",)


def test_a_correction_moves_every_page() -> None:
    found = levels()
    up = moved(found, 3.0)
    assert [page.p[0] - old.p[0] for page, old in zip(up.pages, found.pages, strict=True)] == [3.0] * len(found.pages)
    assert up.order_up_to == found.order_up_to + 3.0
    assert up.pages == tuple(up.pages) != found.pages
    assert hash(up.pages) == hash(tuple(up.pages))
    assert repr(up.pages) == repr(tuple(up.pages))
    assert up.pages[:60:6] == tuple(up.pages)[:60:6]
    assert moved(found, 0.0).pages == found.pages


def test_pages_are_few_however_long_the_run() -> None:
    pages = season(horizon=7 * 520)
    assert 1000 < len(pages) <= MOST_PAGES


def test_rules_of_echelons_say_that_they_plan_for_the_mean() -> None:
    found = levels(
        policy="{type: multi_echelon}", demand=f"quantity: {{dist: poisson, mean: 30}}, {YEARLY}", horizon=365
    )
    assert found.pages == ()
    assert any("plans for the mean of the season" in warning for warning in found.warnings)


CHAIN = """
chainsim: 1
title: A centre above a shop
time: {unit: day, warm_up: 0, horizon: 730, bucket: 1}
replications: 1
seed: 1
products: {can: {unit_cost: 1}}
sites: {source: {kind: supplier}, dc: {kind: dc}, shop: {kind: store}}
lanes: [{from: source, to: dc, lead_time: 5, order_cost: 1}, {from: dc, to: shop, lead_time: 10, order_cost: 1}]
demand: [{site: shop, product: can, quantity: {dist: poisson, mean: 30}, unmet: backorder, step: {at: 400, factor: 2}}]
costs: {currency: EUR, carrying_rate: 25% per year}
policies: {p: {type: base_stock, fill_rate: 0.95}}
"""


def test_a_centre_sees_orders_earlier_than_customers_where_its_shops_look_ahead() -> None:
    """Demand doubles on day 400. The shop's lead time is 10 days, so its orders double on day 390, and on day 385 the
    centre sees the first of that five days ahead; under `levels: mean` on day 395."""
    early = {p.site: p for p in derive_levels(load_text(CHAIN))["p"].facts.points}
    late = {
        p.site: p for p in derive_levels(load_text(CHAIN.replace("0.95}", "0.95, levels: mean}")))["p"].facts.points
    }

    def first_rise(pages: tuple[tuple[float, float], ...]) -> float:
        return pages[1][0]

    assert first_rise(early["shop"].season) == 390.0
    assert first_rise(early["dc"].season) == 385.0
    assert first_rise(late["dc"].season) == 395.0


@pytest.mark.parametrize(
    "policy",
    [
        "{type: R_S, review_interval: 1 day, fill_rate: 0.95}",
        "{type: R_s_S, review_interval: 2 days, fill_rate: 0.95}",
        "{type: s_Q, order_quantity: 100, fill_rate: 0.95}",
        "{type: base_stock, fill_rate: 0.95}",
    ],
)
def test_both_engines_run_the_same_seasonal_levels(policy: str) -> None:
    demand = WEEKLY.replace("constant, value", "poisson, mean")
    check(compile_plan(load_text(text(policy=policy, demand=demand, lead="{dist: uniform, low: 1, high: 3}")), "p"))


def served_by_month(**given: Any) -> np.ndarray[Any, Any]:
    """Fill rate of each month of the second year, over many replications."""
    found = []
    for month in range(12):
        scenario = load_text(text(**given, warm_up=365 + 30 * month, horizon=30).replace("bucket: 1", "bucket: 30"))
        plan = compile_plan(scenario, "p")
        filled = demanded = 0.0
        for record in replications(plan, 0, 80, engine="compiled"):
            closing, opening = record.closing["points"], record.opening["points"]
            filled += float((closing["filled"].astype(float) - opening["filled"]).sum())
            demanded += float((closing["demanded"].astype(float) - opening["demanded"]).sum())
        found.append(filled / demanded)
    return np.array(found)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("policy", "demand", "lead"),
    [
        ("{type: s_Q, order_quantity: 70, fill_rate: 0.97%s}", "type: arrivals, rate: 10 per day", "14"),
        ("{type: R_S, review_interval: 7 days, fill_rate: 0.97%s}", "quantity: {dist: poisson, mean: 20}", "3"),
        ("{type: s_S, fill_rate: 0.97%s}", "quantity: {dist: negative_binomial, mean: 20, sd: 9}", "14"),
    ],
)
def test_every_month_is_served_as_asked(policy: str, demand: str, lead: str) -> None:
    """Within two points of 0.97 the year round, where levels for the year's mean serve less than half in the peak."""
    pytest.importorskip("numba")
    seasonal = served_by_month(policy=policy % "", demand=f"{demand}, {YEARLY}", lead=lead)
    assert np.abs(seasonal - 0.97).max() < 0.02
    mean = served_by_month(policy=policy % ", levels: mean", demand=f"{demand}, {YEARLY}", lead=lead)
    assert mean.min() < 0.5
