"""Workers: as many as asked for, and a dead one does not lose the run."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from chainsim.errors import BudgetError, UsageError
from chainsim.study.cells import Block, Outcome
from chainsim.study.executor import choose_jobs, run_blocks


@dataclass(frozen=True)
class Fake:
    """A task that only notes who did it; replication 3 kills its worker while a marker says so."""

    block: Block
    deadly: Path | None = None

    @property
    def plan(self) -> SimpleNamespace:
        return SimpleNamespace(policy="p")


def work(task: Fake) -> Outcome:
    if task.deadly is not None and task.block.first == 3:
        marks = sorted(task.deadly.iterdir())
        if marks:
            marks[0].unlink()
            os.kill(os.getpid(), signal.SIGKILL)
    none = np.array([float(task.block.first)])
    return Outcome(task.block, none, none, none, none, none, none)


def run(jobs: int, deadly: Path | None = None) -> list[int]:
    tasks = [Fake(Block(0, i, 1), deadly) for i in range(8)]
    return sorted(r.block.first for r in run_blocks(tasks, jobs, work))  # type: ignore[arg-type]


@pytest.mark.parametrize("jobs", [1, 2])
def test_every_block_comes_back_once(jobs: int) -> None:
    assert run(jobs) == list(range(8))


def test_a_worker_killed_once_costs_nothing(tmp_path: Path) -> None:
    (tmp_path / "1").touch()
    assert run(2, tmp_path) == list(range(8))


def test_a_worker_killed_twice_ends_the_run_and_names_the_block(tmp_path: Path) -> None:
    (tmp_path / "1").touch()
    (tmp_path / "2").touch()
    with pytest.raises(BudgetError, match=r"died twice.*'p' from replication \d.*--resume"):
        run(2, tmp_path)


def test_the_last_block_left_is_not_tried_in_this_process(tmp_path: Path) -> None:
    (tmp_path / "1").touch()
    (tmp_path / "2").touch()
    with pytest.raises(BudgetError):
        list(run_blocks([Fake(Block(0, 3, 1), tmp_path)], 2, work))  # type: ignore[list-item]


def test_how_many_jobs() -> None:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    assert choose_jobs(None, 100, events=10.0) == 1
    assert choose_jobs(None, 100, events=1e9) == cores
    assert choose_jobs(-1, 100, events=10.0) == cores
    assert choose_jobs(5, 3, events=1e9) == 3
    assert choose_jobs(10_000, 10**6, events=1e9) == 8 * cores
    for jobs in (0, -2):
        with pytest.raises(UsageError, match="at least 1"):
            choose_jobs(jobs, 3, 1e9)
