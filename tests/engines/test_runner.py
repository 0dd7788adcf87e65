"""One Plan after the other in the same memory: every replication is that of a memory of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from chainsim.engines import compiled_engine
from chainsim.engines.base import runner
from chainsim.engines.parity import fingerprint
from chainsim.plan.compile import frame_of
from chainsim.plan.plan import Plan
from chainsim.policies.base import Page
from tests.plan.test_frame import higher, scenario_of

from .features import FEATURES

pytest.importorskip("numba", reason="the compiled engine needs numba")


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry for every memory that is laid out."""
    count: list[int] = []
    usual = compiled_engine.State.__init__
    monkeypatch.setattr(
        compiled_engine.State, "__init__", lambda self, *a, **k: (count.append(1), usual(self, *a, **k))[1]
    )
    return count


def prints(run: object, plan: Plan, first: int, count: int) -> list[str]:
    return [fingerprint(record) for stack in run(plan, first, count) for record in stack.singly()]  # type: ignore[operator]


def plans_of(feature: str, folder: Path) -> Iterator[Plan]:
    scenario = scenario_of(FEATURES[feature], folder)
    frame = frame_of(scenario, scenario.alternatives[0].name)
    derived = frame.derived()
    for by in (0.0, 4.0, 1.0, 0.0):
        yield frame.plan({place: higher(known, by) for place, known in derived.items()})


@pytest.mark.parametrize("feature", FEATURES)
def test_levels_are_taken_into_the_same_memory(feature: str, tmp_path: Path, made: list[int]) -> None:
    run = runner("compiled")
    for k, plan in enumerate(plans_of(feature, tmp_path)):
        seen = prints(run, plan, k, 2)
        assert len(made) == 1
        assert seen == prints(compiled_engine.replications, plan, k, 2)
        made.pop()


def test_pages_come_and_go(tmp_path: Path, made: list[int]) -> None:
    scenario = scenario_of(FEATURES["a crowd"], tmp_path)
    frame = frame_of(scenario, scenario.alternatives[0].name)
    derived = frame.derived()
    paged = {}
    for place, known in derived.items():
        up = higher(known, 5.0)
        paged[place] = replace(known, pages=(Page(0.0, known.p, known.wake_at), Page(9.0, up.p, up.wake_at)))
    run = runner("compiled")
    for levels in (derived, paged, derived):
        plan = frame.plan(levels)
        assert prints(run, plan, 0, 2) == prints(runner("simpy"), plan, 0, 2)
    assert len(made) == 1


def test_another_network_has_a_memory_of_its_own(tmp_path: Path, made: list[int]) -> None:
    run = runner("compiled")
    for feature in ("a crowd", "initial state", "a crowd"):
        plan = next(plans_of(feature, tmp_path))
        assert prints(run, plan, 0, 1) == prints(runner("simpy"), plan, 0, 1)
    assert len(made) == 3


def test_a_plan_changed_by_hand_is_not_taken_for_one_with_other_levels(tmp_path: Path, made: list[int]) -> None:
    plan = next(plans_of("production machines", tmp_path))
    points = plan.points.copy()
    points["lifetime"][points["policy"] >= 0] = plan.clock.end
    run = runner("compiled")
    for one in (plan, replace(plan, points=points), replace(plan, lanes=plan.lanes.copy())):
        prints(run, one, 0, 1)
    assert len(made) == 3


def test_what_was_yielded_stays_as_it_is(tmp_path: Path) -> None:
    one, two = list(plans_of("a crowd", tmp_path))[:2]
    run = runner("compiled")
    (kept,) = run(one, 0, 2)
    before = [fingerprint(record) for record in kept.singly()]
    list(run(two, 0, 2))
    assert [fingerprint(record) for record in kept.singly()] == before
    assert np.array_equal(kept.replications, [0, 1])
