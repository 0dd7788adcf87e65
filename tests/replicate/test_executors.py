"""Where tasks run: each comes back once with what came of it, and a dead worker does not lose the rest."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from chainsim.errors import BudgetError, UsageError
from chainsim.replicate.executors.base import Executor
from chainsim.replicate.executors.choosing import choose_jobs, executor_for
from chainsim.replicate.executors.here import Here
from chainsim.replicate.executors.processes import Processes
from chainsim.replicate.executors.threads import Threads


@dataclass(frozen=True)
class Fake:
    """A task that only says its number; number 3 kills its worker while a marker says so."""

    number: int
    deadly: Path | None = None

    def __str__(self) -> str:
        return f"task {self.number}"

    def run(self) -> int:
        if self.deadly is not None and self.number == 3:
            marks = sorted(self.deadly.iterdir())
            if marks:
                marks[0].unlink()
                os.kill(os.getpid(), signal.SIGKILL)
        return 10 * self.number


def run(executor: Executor, deadly: Path | None = None) -> list[tuple[int, int]]:
    found = list(executor.submit([Fake(i, deadly) for i in range(8)]))
    return sorted((task.number, outcome) for task, outcome in found)


EVERY = [(i, 10 * i) for i in range(8)]


@pytest.mark.parametrize("executor", [Here(), Processes(2), Threads(2)], ids=lambda e: type(e).__name__)
def test_every_task_comes_back_once_with_its_outcome(executor: Executor) -> None:
    assert run(executor) == EVERY
    assert list(executor.submit([])) == []


def test_a_worker_killed_once_costs_nothing(tmp_path: Path) -> None:
    (tmp_path / "1").touch()
    assert run(Processes(2), tmp_path) == EVERY


def test_a_worker_killed_twice_ends_the_run_and_names_the_task(tmp_path: Path) -> None:
    (tmp_path / "1").touch()
    (tmp_path / "2").touch()
    with pytest.raises(BudgetError, match=r"died twice.*task \d.*--resume"):
        run(Processes(2), tmp_path)


def test_the_last_task_left_is_not_tried_in_this_process(tmp_path: Path) -> None:
    (tmp_path / "1").touch()
    (tmp_path / "2").touch()
    with pytest.raises(BudgetError):
        list(Processes(2).submit([Fake(3, tmp_path)]))


@dataclass
class Note:
    """A task that leaves its number in a list."""

    number: int
    seen: list[int]

    def run(self) -> None:
        time.sleep(0.001)
        self.seen.append(self.number)


def test_tasks_here_begin_when_they_are_asked_for() -> None:
    seen: list[int] = []
    tasks = Here().submit([Note(i, seen) for i in range(3)])
    assert seen == []
    next(tasks)
    assert seen == [0]


def test_threads_stop_when_nobody_listens_any_more() -> None:
    seen: list[int] = []
    going = Threads(1).submit([Note(i, seen) for i in range(1000)])
    next(going)
    going.close()  # type: ignore[attr-defined]
    assert 1 <= len(seen) < 1000


def test_which_executor() -> None:
    assert isinstance(executor_for("simpy", 1), Here)
    assert isinstance(executor_for("compiled", 1), Here)
    assert isinstance(executor_for("simpy", 2), Processes)
    assert isinstance(executor_for("compiled", 3), Threads)
    assert executor_for("compiled", 3).workers == 3


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
