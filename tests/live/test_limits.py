"""What is too much for a page is said in words, and fewer replications are the first ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from chainsim.live import limits
from chainsim.live.limits import detail_for, replications_for, too_heavy, too_large
from chainsim.live.pack import pack
from chainsim.plan.plan import Plan
from tests.engines.cases import network, plan_of


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return plan_of(network(), tmp_path)


def test_all_replications_of_a_small_scenario(plan: Plan) -> None:
    assert replications_for([plan, plan], 30) == (30, "")


def test_the_first_replications_of_a_larger_one(plan: Plan) -> None:
    count, said = replications_for([replace(plan, expected_events=400_000.0)] * 2, 30)
    assert count == 10
    assert said.startswith("each position is the first 10 of 30 replications of every policy (wider intervals")


def test_none_of_one_that_is_too_large(plan: Plan) -> None:
    count, said = replications_for([replace(plan, expected_events=3e6)], 30)
    assert count == 0
    assert "about 3,000,000 events" in said
    assert replications_for([replace(plan, expected_events=3e6)], 2) == (2, "")


def test_scopes_go_down_as_far_as_there_is_room(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    assert detail_for(plan) == "stock_point"
    monkeypatch.setattr(limits, "MOST_SCOPES", 6)
    assert detail_for(plan) == "echelon"
    monkeypatch.setattr(limits, "MOST_SCOPES", 0)
    assert detail_for(plan) == "network"


def test_what_is_too_heavy_is_said(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = pack({"only": plan}, replications=2)
    assert (too_heavy(packed, b""), too_large(plan)) == ("", "")
    assert too_heavy(packed, b"0" * (800_000 - len(packed.words))).startswith(
        "the levers are off: what the engine needs of this scenario is 1.1 MB"
    )
    monkeypatch.setattr(limits, "MOST_ROWS", 10)
    assert "stock points with a bucket series each" in too_large(plan)
