"""Points that differ in prices alone: simulated once, measured each, as if each were run by itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import chainsim
from chainsim.experiments import course
from chainsim.experiments.course import Courses, same_course
from chainsim.plan.plan import Plan
from chainsim.study.planning import Planner
from tests.experiments.town import TOWN

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
