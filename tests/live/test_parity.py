"""The page's engine, its measures and chainsim's: every number the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

import chainsim
from chainsim.data import scenario_names, scenario_path
from chainsim.live.pack import pack
from chainsim.plan.compile import compile_plan, compile_plans
from chainsim.plan.plan import Plan
from tests.engines.cases import network, plan_of
from tests.engines.features import FEATURES
from tests.engines.random_networks import lines, rich_networks
from tests.properties.networks import Document, scenario_of

from . import native
from .node import needs_node

pytest.importorskip("numba", reason="the numbers are compared with the compiled engine's")

pytestmark = needs_node


def plans_of(path: str | Path) -> dict[str, Plan]:
    return {plan.policy: plan for plan in compile_plans(chainsim.load(path).scenario)}


@pytest.mark.parametrize("name", ["grocer", "beer_game"])
def test_a_scenario_in_a_page(name: str, tmp_path: Path) -> None:
    """Two replications, one after the other in the same memory: one of lost sales, one of backorders."""
    compared, different = native.compared([plans_of(scenario_path(name))], tmp_path)
    assert (compared > 5_000, different) == (True, 0)


def test_pools_grow_in_the_page(tmp_path: Path) -> None:
    plans = plans_of(scenario_path("grocer"))
    packed = pack(plans, replications=1)
    page, grown = native.in_page([packed], tmp_path, few={"claims": 0.3, "shipments": 0.1, "calendar": 0.1})
    assert grown[0] > 5
    assert native.different(page, np.concatenate([native.numbers(plan, packed) for plan in plans.values()])) == 0


def test_a_word_that_is_wrong_is_seen(tmp_path: Path) -> None:
    """The comparison can fail: more stock at the beginning."""
    plan = plan_of(network(), tmp_path)
    points = plan.points.copy()
    points["on_hand"] += 50.0
    packed, wrong = (pack({"only": p}, replications=1) for p in (plan, replace(plan, points=points)))
    page, _ = native.in_page([wrong], tmp_path)
    assert native.different(page, native.numbers(plan, packed)) > 0


def collected(strategy: Any, count: int) -> list[dict[str, Plan]]:
    """Plans of examples, so that one process of node sees them all."""
    plans: list[dict[str, Plan]] = []

    @settings(max_examples=count, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None)
    @given(strategy)
    def collect(document: Document) -> None:
        plan = compile_plan(scenario_of(document), "only")
        plans.append({plan.policy: plan})

    collect()
    return plans


def test_random_networks(tmp_path: Path) -> None:
    plans = [*collected(rich_networks(), 6), *collected(rich_networks(flows=True), 3), *collected(lines(), 3)]
    assert native.compared(plans, tmp_path, 1, few=native.FEW)[1] == 0


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_many_random_networks(tmp_path: Path) -> None:
    for strategy, count in ((rich_networks(), 300), (rich_networks(flows=True), 100), (lines(), 100)):
        assert native.compared(collected(strategy, count), tmp_path / str(count), 1, few=native.FEW)[1] == 0


@pytest.mark.slow
def test_every_feature_of_a_network(tmp_path: Path) -> None:
    plans = [{"only": plan_of(document, tmp_path)} for document in FEATURES.values()]
    assert native.compared(plans, tmp_path, 1)[1] == 0


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", scenario_names())
def test_shipped_scenarios(name: str, tmp_path: Path) -> None:
    """All policies; the large one at one replication."""
    assert native.compared([plans_of(scenario_path(name))], tmp_path, 1 if name == "large_network" else 3)[1] == 0
