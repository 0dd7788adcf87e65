"""Levers in the page: any position, and any that are moved together, is the Plan of that position."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import chainsim
from chainsim.data import scenario_path
from chainsim.live.memory import Memory, adds_up
from chainsim.live.pack import Lever, Packed, pack
from chainsim.plan.compile import compile_plans
from chainsim.plan.plan import Plan

from . import native
from .node import answer, needs_node, write

pytest.importorskip("numba", reason="the numbers are compared with the compiled engine's")

TARGET = "policies.s_Q.fill_rate"
Values = dict[str, Any]


@cache
def plans(**values: Any) -> dict[str, Plan]:
    """Plans of the grocer with other values, by their paths (`__` for a dot)."""
    study = chainsim.load(scenario_path("grocer"))
    edited = study.with_({path.replace("__", "."): value for path, value in values.items()}) if values else study
    return {plan.policy: plan for plan in compile_plans(edited.scenario, ["jit", "s_Q"])}


def dear(of: dict[str, Plan]) -> dict[str, Plan]:
    """The same at twice the carrying rate: nothing moves, everything costs more."""
    return {n: replace(p, money=replace(p.money, holding=2.0 * p.money.holding)) for n, p in of.items()}


def at(target: float) -> dict[str, Plan]:
    return {"s_Q": plans(policies__s_Q__fill_rate=target)["s_Q"]}


def together(base: Plan, edits: list[Plan], both: Plan) -> bool:
    return adds_up(Memory.of(base), [Memory.of(edit) for edit in edits], Memory.of(both))


def packed(replications: int = 2) -> Packed:
    target = Lever("target", [at(0.8), at(0.9), {}, at(0.995)], base=2)
    return pack(plans(), [target, Lever("rate", [{}, dear(plans())], base=0)], replications=replications)


@needs_node
@pytest.mark.parametrize(
    ("positions", "edited"),
    [
        ({}, lambda: plans()),
        ({"target": 0}, lambda: plans() | at(0.8)),
        ({"target": 3}, lambda: plans() | at(0.995)),
        ({"rate": 1}, lambda: dear(plans())),
        ({"target": 1, "rate": 1}, lambda: dear(plans() | at(0.9))),
    ],
    ids=["as mailed", "lower", "higher", "dear", "both"],
)
def test_a_position_is_its_plan(positions: dict[str, int], edited: Any, tmp_path: Path) -> None:
    one = packed()
    page, _ = native.in_page([one], tmp_path, [positions])
    wanted = np.concatenate([native.numbers(plan, one) for plan in edited().values()])
    assert native.different(page, wanted) == 0


@needs_node
def test_what_is_moved_back_is_as_mailed_and_what_was_run_is_not_run_again(tmp_path: Path) -> None:
    write(packed(), tmp_path)
    body = """
    const study = await opened(), machine = study.machines[0], run = machine.run.bind(machine);
    let ran = 0;
    machine.run = r => { ran++; run(r); };
    const costs = positions => { const before = ran; return [...study.values(1, positions).values('total_cost'), ran - before]; };
    tell([{}, {target: 3}, {rate: 1}, {target: 3, rate: 1}, {}, {target: 2}].map(costs));
    """
    mailed, moved, priced, both, again, named = answer(tmp_path, body)
    assert [row[-1] for row in (mailed, moved, priced, both, again, named)] == [2, 2, 0, 0, 0, 0]
    assert mailed == [*again[:-1], 2] == [*named[:-1], 2]
    assert mailed[0] != moved[0] != both[0] != priced[0] != mailed[0]


@needs_node
def test_more_replications_later_are_the_same(tmp_path: Path) -> None:
    write(packed(4), tmp_path)
    body = """
    const one = await opened(), other = await opened();
    const early = one.values(0, {target: 1}, 2).values('fill_rate'), late = one.values(0, {target: 1}).values('fill_rate');
    tell([early, late, other.values(0, {target: 1}).values('fill_rate')]);
    """
    early, late, whole = answer(tmp_path, body)
    assert (early, late, len(late)) == (whole[:2], whole, 4)


def test_only_what_differs_is_sent() -> None:
    made = packed()
    moves = {lever["id"]: lever["moves"] for lever in made.page["levers"]}
    assert moves["target"][0] == []  # another policy's target
    assert [move[3] for move in moves["rate"]] == [0, 0]  # prices only: nothing runs again
    assert moves["target"][1][3] == 1
    alone = len(pack(plans(), replications=2).words)
    assert len(made.words) - alone < 2000


def test_levers_that_touch_the_same_words_clash_and_may_not_add_up() -> None:
    lots = plans(policies__s_Q__order_quantity=200)
    target, lot = Lever("target", [at(0.9), {}], 1), Lever("lot", [{"s_Q": lots["s_Q"]}, {}], 1)
    assert pack(plans(), [target, lot], replications=1).clashes == (("target", "lot"),)
    both = plans(policies__s_Q__order_quantity=200, policies__s_Q__fill_rate=0.9)["s_Q"]
    assert not together(plans()["s_Q"], [at(0.9)["s_Q"], lots["s_Q"]], both)  # s is derived for Q
    assert packed().clashes == ()
    assert together(plans()["s_Q"], [at(0.9)["s_Q"], dear(plans())["s_Q"]], dear(at(0.9))["s_Q"])


def test_levers_that_the_page_would_tell_wrongly_are_refused() -> None:
    with pytest.raises(ValueError, match="lever 'x': base 2 is none of its 1 positions"):
        pack(plans(), [Lever("x", [{}], 2)], replications=1)
    with pytest.raises(ValueError, match="lever 'x': unknown policy 'sQ'"):
        pack(plans(), [Lever("x", [{"sQ": plans()["s_Q"]}], 0)], replications=1)
    longer = plans(time__horizon="100 days")
    with pytest.raises(ValueError, match="lever 'x' moves the clock"):
        pack(plans(), [Lever("x", [longer], 0)], replications=1)
