"""A toy scenario and engine: two stores that sell what chance says, for tests of running that need no simulator.

Replication r of policy k is drawn from `numpy.random.default_rng((seed, r))`, the same customers for every policy;
policy 'more' starts with more stock and so loses less.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from chainsim.plan.derivation import Levels
from chainsim.plan.plan import Plan
from chainsim.record.record import SERIES, Record
from chainsim.record.stack import Records, stacks
from chainsim.replicate import task
from chainsim.scenario.model import Alternative, Scenario, TimeSpec
from chainsim.study import running
from chainsim.study.inspection import Inspection
from tests.kpis import handmade

STOCK = {"less": 45.0, "more": 90.0}


def scenario(**changes: Any) -> Scenario:
    made = Scenario(
        title="=Toy",
        time=TimeSpec("day", 10.0, 40.0, 10.0),
        replications=6,
        seed=7,
        confidence=0.95,
        products=(),
        sites=(),
        lanes=(),
        points=(),
        demands=(),
        outages=(),
        alternatives=(Alternative("less", "Less stock", {}), Alternative("more", "", {})),
        targets={"fill_rate": 0.9},
        currency="EUR",
        name="toy",
        document={
            "title": "=Toy",
            "replications": 6,
            "seed": 7,
            "policies": {"less": {"type": "x"}, "more": {"type": "x"}},
        },
        sha256="5ca1e",
    )
    return replace(made, **changes)


def compile_plans(
    the_scenario: Scenario, names: Sequence[str] | None = None, *, levels: Mapping[str, Levels], **_: Any
) -> list[Plan]:
    return [_plan(the_scenario, name) for name in levels]


def _plan(the_scenario: Scenario, name: str) -> Plan:
    made = handmade.plan(policy=name, expected_events=10.0, warnings=("a warning",) if name == "more" else ())
    made.points["on_hand"][:2] = STOCK[name]
    return replace(made, memory=((float(the_scenario.seed),),))


def simulate(plan: Plan, replication: int, *, engine: str) -> Record:
    made = handmade.record(plan)
    chance = np.random.default_rng((int(plan.memory[0][0]), replication))
    demand = np.floor(chance.uniform(10, 20, (2, 5)))
    demand[:, 0] = 0  # nothing sold in the warm-up
    points = made.closing["points"]
    stock = np.full(2, STOCK[plan.policy])
    for b in range(5):
        sold = np.minimum(stock, demand[:, b])
        stock -= sold
        points["filled"][:2] += sold
        points["lost"][:2] += demand[:, b] - sold
        for name, values in (("demanded", demand[:, b]), ("lost", demand[:, b] - sold), ("on_hand", stock)):
            made.series[SERIES.index(name), :2, b] = values
    points["demanded"][:2], points["shipped"][:2], points["on_hand"][:2] = (
        demand.sum(axis=1),
        points["filled"][:2],
        stock,
    )
    points["on_hand_time"][:2] = chance.uniform(1000, 2000, 2) + stock
    return replace(made, policy=plan.policy, replication=replication, events=10 + replication)


def install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the study run the toy."""
    monkeypatch.setattr(running, "compile_plans", compile_plans)
    play(monkeypatch, simulate)
    monkeypatch.setattr(
        running,
        "inspect",
        lambda *_: Inspection(None, "a toy has no event log", "a toy", None, "a toy has no event log"),
    )


def play(monkeypatch: pytest.MonkeyPatch, simulate: Callable[..., Record]) -> None:
    """Let blocks take their replications, one by one, from a function of plan, replication and engine."""

    def replications(plan: Plan, first: int, count: int, *, engine: str) -> Iterator[Records]:
        return stacks(simulate(plan, replication, engine=engine) for replication in range(first, first + count))

    monkeypatch.setattr(task, "replications", replications)
