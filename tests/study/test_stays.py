"""Little's law for stock: how long units stay, by the event log, is the time integral of stock."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from chainsim.engines.base import simulate
from chainsim.errors import ConservationError
from chainsim.record.stays import stays, stays_difference, untold_stays
from chainsim.scenario.load import load
from chainsim.study.inspection import LIMIT, stock_difference
from chainsim.study.running import run
from tests.engines.cases import plan_of
from tests.engines.features import FEATURES
from tests.properties.networks import Document, networks
from tests.properties.networks import run as run_network
from tests.semantics.stage import point, stage
from tests.study.test_inspection import SCENARIOS, STORE, logged, with_line


def test_four_periods_worked_by_hand() -> None:
    """3 on hand, 2 sold at 0, so one stays for a period and is sold at 1; all that comes later leaves at once."""
    plan, record = stage(STORE, horizon=4)
    assert stays(record, plan)[point(plan, "store")] == plan.clock.ticks_per_unit
    assert stays_difference(record, plan) == 0.0


def test_a_changed_line_is_found() -> None:
    """The last line of the store leaves a unit on the shelf for the last period."""
    plan, record = stage(STORE, horizon=4)
    with pytest.raises(ConservationError, match="the times units stayed on a shelf"):
        stock_difference(with_line(record, "order", on_hand=1.0), plan)


def test_a_wrong_integral_is_found() -> None:
    plan, record = stage(STORE, horizon=4)
    points = record.closing["points"].copy()
    points["on_hand_time"] *= 1.001
    with pytest.raises(ConservationError, match="differ by a share of 0.00025$"):
        stock_difference(replace(record, closing=record.closing | {"points": points}), plan)


@pytest.mark.parametrize("name", ["grocer", "beer_game", "gift_wholesaler", "health_programme", "serial_textbook"])
def test_shipped_scenarios(name: str) -> None:
    plan, record = logged(name)
    assert stock_difference(record, plan) <= LIMIT


@pytest.mark.parametrize("feature", FEATURES)
def test_every_feature(feature: str, tmp_path: Path) -> None:
    plan = plan_of(FEATURES[feature], tmp_path)
    if untold_stays(plan):
        assert len(plan.flows)
    else:
        assert stock_difference(simulate(plan, 0, engine="simpy", log=True), plan) <= LIMIT


@settings(max_examples=25, deadline=None)
@given(networks())
def test_random_networks(document: Document) -> None:
    plan, record = run_network(document)
    assert stock_difference(record, plan) <= LIMIT


@settings(max_examples=15, deadline=None)
@given(networks(fractions=True))
def test_divisible_products(document: Document) -> None:
    plan, record = run_network(document)
    assert stock_difference(record, plan) <= LIMIT


def test_without_a_log_nothing_is_followed() -> None:
    plan, record = stage(STORE, horizon=4)
    with pytest.raises(ValueError, match="event log"):
        stays(replace(record, log=None), plan)


@pytest.mark.slow
def test_a_run_tells_it() -> None:
    results = run(load(SCENARIOS / "grocer.yaml"), replications=5, engine="simpy")
    rows = results.audit[results.audit["check"] == "littles_law_for_stock"]
    assert (rows["value"].astype(float) <= LIMIT).all()
    assert rows["passed"].all()
