"""Points that differ in prices alone: simulated once, measured each, as if each were run by itself."""

from __future__ import annotations

import pickle
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import chainsim
from chainsim.experiments import course, running
from chainsim.experiments.course import Courses, same_course
from chainsim.plan.plan import Plan
from chainsim.study.calibration import _Work
from chainsim.study.planning import Planner
from tests.experiments.town import TOWN

VILLAGE = {
    **TOWN,
    "sites": {"source": {"kind": "supplier"}, "store": {"kind": "store", "copies": 2}},
    "lanes": [{"from": "source", "to": "store", "lead_time": {"dist": "gamma", "mean": 4, "cv": 0.3}, "order_cost": 2}],
}
"""Stores by themselves, each corrected by itself."""
DEARER = {"costs.carrying_rate": "40% per year"}


def plans(planner: Planner, changes: dict[str, Any]) -> list[Plan]:
    return planner.plans(chainsim.load_dict(TOWN).with_(changes).scenario).plans


def test_a_point_at_other_prices_is_not_simulated_and_has_the_same_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    planner = Planner()
    cheap, dear = plans(planner, {}), plans(planner, DEARER)
    courses = Courses("simpy")
    before = [courses.measured(plan, 0, 3, "site") for plan in cheap]
    expected = [Courses("simpy").measured(plan, 0, 3, "site") for plan in dear]
    weekly = [plan.policy for plan in dear].index("weekly")
    courses._runs["weekly"] = None  # type: ignore[assignment]
    monkeypatch.setattr(course, "runner", None)  # nothing can be simulated from here on
    found = courses.measured(dear[weekly], 0, 3, "site")
    assert found.numerators.tobytes() == expected[weekly].numerators.tobytes()
    assert found.denominators.tobytes() == expected[weekly].denominators.tobytes()
    assert found.events == expected[weekly].events
    assert not np.array_equal(found.numerators, before[weekly].numerators, equal_nan=True)


def test_plans_that_differ_in_more_than_prices_take_another_course() -> None:
    planner = Planner()
    one = plans(planner, {})[0]
    assert same_course(one, plans(planner, {})[0])
    assert same_course(one, replace(one, money=replace(one.money, holding=2.0 * one.money.holding)))
    assert not same_course(one, replace(one, parameters=((1.0, 1.0, 0.0),) * len(one.parameters)))
    slower = plans(planner, {"lanes[dc->store].lead_time": 2})[0]
    assert not same_course(one, slower)


def test_two_policies_of_the_same_rule_and_numbers_are_simulated_once(monkeypatch: pytest.MonkeyPatch) -> None:
    twins = {
        **TOWN,
        "policies": {"one": {"type": "s_Q"}, "other": {"type": "s_Q"}, "weekly": TOWN["policies"]["weekly"]},
    }
    one, other, weekly = Planner().plans(chainsim.load_dict(twins).scenario).plans
    assert same_course(one, other)
    assert not same_course(one, weekly)
    expected = Courses("simpy").measured(other, 0, 3, "site")
    courses = Courses("simpy")
    courses.measured(one, 0, 3, "site")
    courses._runs["other"] = None  # type: ignore[assignment]
    monkeypatch.setattr(course, "runner", None)  # nothing can be simulated from here on
    found = courses.measured(other, 0, 3, "site")
    assert found.numerators.tobytes() == expected.numerators.tobytes()
    assert found.denominators.tobytes() == expected.denominators.tobytes()
    assert [block.policy for block in courses._held["other"].records] == ["other"]
    assert [block.policy for block in courses._held["one"].records] == ["one"]


def test_all_of_a_plan_but_what_is_told_of_it_counts() -> None:
    assert set(Plan.__dataclass_fields__) > course.TOLD
    assert {"parameters", "points", "pages", "streams", "clock", "layout"} <= set(
        Plan.__dataclass_fields__
    ) - course.TOLD


def test_a_sweep_over_prices_gives_the_numbers_of_single_runs() -> None:
    study = chainsim.load_dict(TOWN)
    swept = study.sweep({"costs.carrying_rate": ["15% per year", "40% per year"]}, replications=3)
    for point in swept.points.itertuples():
        alone = study.with_({"costs.carrying_rate": f"{point.carrying_rate:g}% per year"}).run(replications=3)
        for policy in study.policies:
            here, there = swept.replications, alone.replications
            here = here[(here.point == point.point) & (here.policy == policy) & (here.kpi == "total_cost")]
            there = there[
                (there.policy == policy) & (there.kpi == "total_cost") & (there.site == "") & (there["product"] == "")
            ]
            assert here.value.tolist() == there.value.tolist() != []


def test_what_one_planner_searched_another_need_not(monkeypatch: pytest.MonkeyPatch) -> None:
    first, scenario = Planner(), chainsim.load_dict(VILLAGE).scenario
    plans_here = first.plans(scenario).plans
    travelled = pickle.loads(pickle.dumps(dict(first.found)))
    assert travelled == first.found != {}
    second = Planner()
    second.recall(travelled)
    monkeypatch.setattr(_Work, "_search", None)  # nothing can be searched from here on
    plans_there = second.plans(scenario).plans
    assert all(same_course(one, other) for one, other in zip(plans_here, plans_there, strict=True))
    with pytest.raises(TypeError):
        Planner().plans(scenario)


def test_workers_with_and_without_a_memory_give_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    study, values = (
        chainsim.load_dict(VILLAGE),
        {"costs.carrying_rate": ["15% per year", "25% per year", "40% per year"]},
    )
    alone = study.sweep(values, replications=3, jobs=1)
    monkeypatch.setattr(running, "FEW_SECONDS", 0.0)  # the first point here, the others in two workers
    monkeypatch.setattr(running, "choose_jobs", lambda *_: 2)
    shared = study.sweep(values, replications=3)
    assert dict(shared.files) == dict(alone.files)
