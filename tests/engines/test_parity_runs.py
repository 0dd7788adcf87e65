"""Whole runs: the same bytes in every table, whichever engine, however many workers, threads or processes."""

from __future__ import annotations

import hashlib
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import chainsim
from chainsim.engines import compiled_engine, simpy_engine
from chainsim.engines.base import ENGINES, choose_engine, replications, simulate
from chainsim.engines.compiled import state
from chainsim.engines.compiled.state import State
from chainsim.engines.parity import fingerprint, first_difference
from chainsim.errors import BudgetError
from chainsim.kpis import DETAILS
from chainsim.replicate.executors.base import Executor
from chainsim.replicate.executors.here import Here
from chainsim.replicate.executors.processes import Processes
from chainsim.replicate.executors.threads import Threads
from chainsim.replicate.task import Block, Outcome, Task, joined
from chainsim.study import Results
from chainsim.study.measuring import Measured, Meter
from tests.conftest import few
from tests.study.test_end_to_end import TEXT

from .cases import Document, line, named, plan_of, policies
from .features import FEATURES

pytest.importorskip("numba", reason="the compiled engine needs numba")

DISRUPTED = TEXT.replace("policies:", "disruptions: [{type: outage, site: dc, start: 30, duration: 5}]\npolicies:")


def tables(results: Results) -> dict[str, str]:
    """Hashes of all files but the manifest, which says how they were made."""
    return {name: hashlib.sha256(data).hexdigest() for name, data in results.files.items()}


@pytest.fixture(scope="module")
def reference() -> dict[str, str]:
    with pytest.MonkeyPatch.context() as patch:
        few(patch)
        return tables(chainsim.load_text(DISRUPTED, "little").run(jobs=1, engine="simpy", replications=8))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("jobs", "block_size"), [(1, None), (1, 3), (2, None), (2, 1), (8, 1)])
def test_engine_workers_and_blocks_change_nothing(
    reference: dict[str, str], engine: str, jobs: int, block_size: int | None, few_short_runs: None
) -> None:
    study = chainsim.load_text(DISRUPTED, "little")
    results = study.run(jobs=jobs, block_size=block_size, engine=engine, replications=8)
    assert tables(results) == reference
    assert any(name.endswith(".csv") for name in reference)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("executor", [Processes(2), Threads(2)], ids=["processes", "threads"])
def test_threads_and_processes_change_nothing(engine: str, executor: Executor, tmp_path: Path) -> None:
    plan = plan_of(FEATURES["production machines"], tmp_path)
    meter = partial(Meter, detail=DETAILS[-1], series=DETAILS[-1])
    tasks = [Task(Block(0, r, 2), plan, engine, meter) for r in (0, 2, 4, 6)]
    together = outcomes(tasks, executor)
    alone = outcomes([Task(task.block, plan, "simpy", meter) for task in tasks], Here())
    assert sorted(together) == sorted(alone)
    for first, outcome in together.items():
        for name in ("values", "series", "audit"):
            assert np.array_equal(getattr(outcome, name), getattr(alone[first], name), equal_nan=True), name


def outcomes(tasks: list[Task[Measured]], executor: Executor) -> dict[int, Measured]:
    """What was measured of every block, by its first replication."""
    results = [outcome for _, outcome in executor.submit(tasks)]
    assert all(isinstance(result, Outcome) for result in results), results
    return {result.block.first: joined(result.parts) for result in results}


@pytest.mark.parametrize("feature", ["a crowd", "initial state", "reviews random offset", "seasons"])
def test_replications_one_after_the_other_are_those_taken_singly(feature: str, tmp_path: Path) -> None:
    """One block of replications uses the same memory again: each begins anew, and no Record changes afterwards."""
    plan = plan_of(FEATURES[feature], tmp_path)
    kept = [record for stack in replications(plan, 3, 4, engine="compiled") for record in stack.singly()]
    prints = [fingerprint(record) for record in kept]
    assert len(set(prints)) == 4
    for r, record in enumerate(kept, start=3):
        assert record.replication == r
        assert first_difference(simulate(plan, r, engine="simpy"), record, plan) is None
    simpy = replications(plan, 3, 4, engine="simpy")
    assert prints == [fingerprint(record) for stack in simpy for record in stack.singly()]


@pytest.mark.parametrize(("size", "count"), [(1, 9), (4, 3), (100, 1)])
def test_how_many_are_kept_together_changes_nothing(
    size: int, count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = plan_of(FEATURES["seasons"], tmp_path)
    alone = State(plan, [0])
    monkeypatch.setattr(state, "PART", size * sum(array.nbytes for array in alone.kept.values()))
    stacks = list(replications(plan, 2, 9, engine="compiled"))
    assert len(stacks) == count
    prints = [fingerprint(record) for stack in stacks for record in stack.singly()]
    assert prints == [fingerprint(simulate(plan, r, engine="simpy")) for r in range(2, 11)]


@pytest.mark.parametrize("engine", ["simpy", "compiled"])
def test_what_came_before_a_failure_comes_first(engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_of(FEATURES["seasons"], tmp_path)
    module = compiled_engine if engine == "compiled" else simpy_engine
    name = "run" if engine == "compiled" else "simulate"
    right = getattr(module, name)

    def fails(*arguments: Any) -> Any:
        if 4 in arguments[1:3]:
            raise BudgetError("the fourth never ends")
        return right(*arguments)

    monkeypatch.setattr(module, name, fails)
    seen: list[int] = []
    with pytest.raises(BudgetError, match="never ends"):
        for stack in replications(plan, 2, 9, engine=engine):
            seen += stack.replications.tolist()
    assert seen == [2, 3]


@pytest.mark.parametrize("policy", list(policies()), ids=named)
def test_the_compiled_engine_refuses_no_policy(policy: Document, tmp_path: Path) -> None:
    plan = plan_of(line(policy), tmp_path)
    assert ENGINES["compiled"].support(plan).reason == ""
    assert choose_engine("compiled", (plan,)) == "compiled"
