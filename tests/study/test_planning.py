"""Plans of scenarios that follow one another: what was kept of one changes nothing of the next."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest

import chainsim
from chainsim.data import scenario_path
from chainsim.plan import ground
from chainsim.plan.ground import ground_of
from chainsim.plan.plan import Plan
from chainsim.scenario.model import Scenario
from chainsim.study.planning import Planner

CHANGES: list[dict[str, Any]] = [
    {"costs.carrying_rate": "40% per year"},
    {"costs.carrying_rate": "10% per year", "targets.fill_rate": 0.9},
    {"lanes[plant->dc].order_cost": 20},
    {"lanes[plant->dc].lead_time": 9},
    {"costs.carrying_rate": "15% per year", "policies[s_Q].fill_rate": 0.99},
    {"costs.charge": "bucket_ends"},
]


def grocer(changes: dict[str, Any]) -> Scenario:
    return chainsim.load(scenario_path("grocer")).with_(changes).scenario


def alike(one: Plan, other: Plan) -> bool:
    for field in fields(Plan):
        here, there = getattr(one, field.name), getattr(other, field.name)
        if field.name in ("money", "streams", "layout"):
            pairs = [(getattr(here, f.name), getattr(there, f.name)) for f in fields(here)]
        else:
            pairs = [(here, there)]
        for a, b in pairs:
            equal = a.tobytes() == b.tobytes() if isinstance(a, np.ndarray) else a == b
            if not equal:
                return False
    return True


@pytest.mark.parametrize("changes", CHANGES, ids=lambda changes: ", ".join(changes))
def test_plans_after_another_scenario_are_those_of_a_first_look(changes: dict[str, Any]) -> None:
    busy, scenario = Planner(), grocer(changes)
    base = busy.plans(grocer({}))
    for one, other in zip(busy.with_levels(scenario, base), Planner().with_levels(scenario, base), strict=True):
        assert alike(one, other)
    for one, other in zip(busy.plans(scenario).plans, Planner().plans(scenario).plans, strict=True):
        assert alike(one, other)


def test_what_no_price_changes_is_shared() -> None:
    before = ground_of(grocer({}))
    dearer, slower = grocer({"costs.carrying_rate": "40% per year"}), grocer({"lanes[plant->dc].lead_time": 9})
    assert ground_of(dearer, known=before).lanes is before.lanes
    assert (ground_of(dearer, known=before).money.holding > before.money.holding).any()
    assert ground_of(slower, known=before).lanes is not before.lanes


def test_facts_at_other_prices_are_those_of_a_first_look(monkeypatch: pytest.MonkeyPatch) -> None:
    before = ground_of(grocer({}))
    for alternative in before.scenario.alternatives:
        before.facts_of(alternative)
    dearer = grocer({"costs.carrying_rate": "40% per year", "targets.fill_rate": 0.9})
    known, first = ground_of(dearer, known=before), ground_of(dearer)
    expected = [first.facts_of(alternative) for alternative in dearer.alternatives]
    monkeypatch.setattr(ground, "network_facts", None)  # from here on nothing is gathered anew
    assert [known.facts_of(alternative) for alternative in dearer.alternatives] == expected
