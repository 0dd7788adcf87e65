"""A frame compiles one alternative with any levels, in any order, as if it were compiled for the first time."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from chainsim.chance.book import StreamArrays
from chainsim.plan.compile import compile_plan, frame_of
from chainsim.plan.derivation import Levels
from chainsim.plan.plan import Plan
from chainsim.policies.base import Settings
from chainsim.scenario.load import load_text
from chainsim.scenario.model import Scenario
from tests.engines.cases import DAILY, Document
from tests.engines.features import FEATURES


def scenario_of(document: Document, folder: Path) -> Scenario:
    (folder / "daily.csv").write_text(DAILY, "utf-8")
    return load_text(yaml.safe_dump(document, sort_keys=False), "case.yaml", folder)


def higher(settings: Settings, by: float) -> Settings:
    """Every level of a rule's first number, and all that follows from it, so much higher."""
    p = (settings.p[0] + by, *settings.p[1:])
    return replace(settings, p=p, order_up_to=settings.order_up_to + by, wake_at=settings.wake_at + by)


def differences(one: Plan, other: Plan) -> list[str]:
    return [f.name for f in fields(one) if not same(getattr(one, f.name), getattr(other, f.name))]


def same(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and one.tobytes() == other.tobytes()
    if isinstance(one, StreamArrays):
        return all(same(getattr(one, f.name), getattr(other, f.name)) for f in fields(one))
    return repr(one) == repr(other)


@pytest.mark.parametrize("feature", FEATURES)
def test_any_levels_in_any_order(feature: str, tmp_path: Path) -> None:
    scenario = scenario_of(FEATURES[feature], tmp_path)
    name = scenario.alternatives[0].name
    frame = frame_of(scenario, name)
    derived = dict(frame.derived())
    tries: list[Levels] = [
        derived,
        {place: higher(known, 3.0) for place, known in derived.items()},
        dict(list(derived.items())[1:]),  # one that never orders any more
        derived,
    ]
    for levels in tries:
        assert differences(frame.plan(levels), compile_plan(scenario, name, levels=levels)) == []
    assert differences(frame.plan(derived), compile_plan(scenario, name)) == []


def test_what_a_stock_point_watches_may_change(tmp_path: Path) -> None:
    scenario = scenario_of(FEATURES["watch the echelon, lost"], tmp_path)
    name = scenario.alternatives[0].name
    frame = frame_of(scenario, name)
    derived = frame.derived()
    other = {place: replace(known, watch="position") for place, known in derived.items()}
    assert len(frame.plan(derived).ancestors) > len(frame.plan(other).ancestors) == 0
    for levels in (derived, other, derived):
        assert differences(frame.plan(levels), compile_plan(scenario, name, levels=levels)) == []


def test_plans_share_what_no_level_changes(tmp_path: Path) -> None:
    scenario = scenario_of(FEATURES["seasons"], tmp_path)
    frame = frame_of(scenario, scenario.alternatives[0].name)
    derived = frame.derived()
    one, two = frame.plan(derived), frame.plan({place: higher(known, 1.0) for place, known in derived.items()})
    changed = {"points", "parameters", "memory", "derived", "warnings", "expected_events", "promises", "pages"}
    apart = {f.name for f in fields(one) if getattr(one, f.name) is not getattr(two, f.name)}
    assert apart <= changed | {"page_parameters"}
    assert not one.points.flags.writeable
