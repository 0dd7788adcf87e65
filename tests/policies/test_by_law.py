"""What levels of another road would give by the model's own laws."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from scipy.stats import poisson

from chainsim.policies.base import Derived, PointFacts, Promise, SourceFacts
from chainsim.policies.by_law import misses, with_law

SHOP = PointFacts(
    index=0, site="shop", product="tea", kind="store", demand_mean=5.0, demand_sd=5.0**0.5, demand_interval=0.0,
    demand_size_mean=1.0, demand_size_sd=0.0, poisson=True, customers=True, lead_mean=2.0, lead_sd=0.0,
    sources=(SourceFacts(None, 1.0, 2.0, 0.0),), crossing=True, review_interval=0.0, before_demand=False, unit_cost=1.0,
    holding_cost=1.0, order_cost=0.0, backorder_cost=1.0, lost_sale_cost=0.0, lost_sales=False, target_fill_rate=None, whole=True,
)  # fmt: skip
ASKED = Promise("service", 0.95, "given", by="textbook")


def level(name: str, value: float) -> Derived:
    return Derived(name, "", value, value, "units", "")


def told(*levels: Derived, asked: Promise = ASKED, **changes: Any) -> Promise:
    return with_law(asked, replace(SHOP, **changes), levels)


@pytest.mark.parametrize("name", ["order_up_to_level", "base-stock level", "echelon base-stock level"])
def test_base_stock_gives_the_probability_that_lead_time_demand_is_covered(name: str) -> None:
    """Poisson 5 a day over 2 days, S = 14: every unit that is sold orders one, which finds those before it and the one sold gone,
    so P(1 + D ≤ 14)."""
    found = told(level(name, 14.0))
    assert found.expected == pytest.approx(poisson.cdf(13, 10.0), abs=1e-9)
    assert found.one_less == pytest.approx(poisson.cdf(12, 10.0), abs=1e-9)
    assert misses(found)
    assert not misses(told(level(name, 16.0)))  # P(D ≤ 15) = 0.9513


def test_a_reorder_point_with_its_lot() -> None:
    """Single units: the position is at s when an order is placed, so P(D ≤ s)."""
    found = told(level("reorder point", 12.0), level("order quantity", 30.0))
    assert found.expected == pytest.approx(poisson.cdf(12, 10.0), abs=1e-9)
    assert misses(found)


def test_min_max_has_the_lot_between_its_levels() -> None:
    found = told(level("reorder_point", 12.0), level("order_up_to_level", 42.0))
    assert found.expected == pytest.approx(poisson.cdf(12, 10.0), abs=1e-9)


def test_below_a_source_that_may_run_short_only_a_miss_is_told() -> None:
    """The level may serve less than by its own law: that it would reach says nothing."""
    sources = (SourceFacts(3, 1.0, 2.0, 0.0),)
    assert told(level("order_up_to_level", 20.0), sources=sources).expected is None
    short = told(level("order_up_to_level", 9.0), sources=sources)
    assert short.expected == pytest.approx(poisson.cdf(8, 10.0), abs=1e-9)
    assert short.one_less is None
    assert misses(short)


def test_where_nothing_is_asked_or_known_the_promise_stays_as_it_is() -> None:
    cost = Promise("cost", None, "prices", by="network")
    assert told(level("order_up_to_level", 9.0), asked=cost) is cost
    assert told(level("cards", 3.0)) is ASKED
    assert told(level("order_up_to_level", 9.0), demand_size_mean=0.0) is ASKED  # a flow
