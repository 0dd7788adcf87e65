"""A planner that has met other scenarios gives the plans of a new one: what it takes over is only what is the same."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest

import chainsim
from chainsim.plan.plan import Plan
from chainsim.study.planning import Planner
from tests.experiments.town import TOWN

CHANGES: list[dict[str, Any]] = [
    {},
    {"targets.fill_rate": 0.9, "replications": 2},
    {"costs.carrying_rate": "50% per year"},
    {"lanes[source->dc].order_cost": 60},
    {"lanes[source->dc].lead_time.cv": 0.9},
    {"demand[store].quantity.mean": 8},
    {"time.horizon": 70},
    {"seed": 4},
    {"products.tea.divisible": True},
    {"sites.store.copies": 3},
    {},
]


@pytest.fixture(scope="module")
def planner() -> Planner:
    return Planner("compiled")


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_what_is_taken_over_is_the_same(planner: Planner, change: dict[str, Any]) -> None:
    scenario = chainsim.load_dict(TOWN).with_(change).scenario
    ours, fresh = planner.plans(scenario), Planner("compiled").plans(scenario)
    assert [same(a, b) for a, b in zip(ours.plans, fresh.plans, strict=True)] == [[], []]
    assert ours.levels == fresh.levels


ALONE = {
    **TOWN,
    "sites": {"source": {"kind": "supplier"}, "store": {"kind": "store"}},
    "lanes": [{"from": "source", "to": "store", "lead_time": {"dist": "gamma", "mean": 4, "cv": 0.3}, "order_cost": 6}],
    "policies": {"weekly": {"type": "R_S", "review_interval": "1 week", "fill_rate": 0.95}},
}
"""A store that short simulations correct by itself."""


def test_short_simulations_are_remembered_by_all_they_depend_on() -> None:
    planner, study = Planner("compiled"), chainsim.load_dict(ALONE)
    changes: list[dict[str, Any]] = [{}, {"costs.carrying_rate": "50% per year"}, {"policies.weekly.fill_rate": 0.8}]
    found = [planner.plans(study.with_(change).scenario).levels["weekly"]["store", "tea"].p for change in changes]
    assert len(planner._memo) == 2  # a price is none of it
    assert found[0] == found[1] > found[2]
    fresh = [
        Planner("compiled").plans(study.with_(change).scenario).levels["weekly"]["store", "tea"].p for change in changes
    ]
    assert found == fresh


def same(a: Plan, b: Plan) -> list[str]:
    """Fields of two Plans that are not the same."""
    return [f.name for f in fields(Plan) if f.compare and not equal(getattr(a, f.name), getattr(b, f.name))]


def equal(a: Any, b: Any) -> bool:
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.tobytes() == b.tobytes()
    if isinstance(a, tuple) and hasattr(a, "_fields"):
        return all(equal(x, y) for x, y in zip(a, b, strict=True))
    return repr(a) == repr(b)
