"""A sample that grows: every replication once, in blocks, whatever is there already."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chainsim.errors import BudgetError, ConservationError
from chainsim.plan.plan import Plan
from chainsim.record.stack import Records
from chainsim.replicate import task as tasks
from chainsim.replicate.executors.here import Here
from chainsim.replicate.sampler import Sampler, Subject, block_length
from chainsim.replicate.task import Block, Failure, Logs, Outcome, ReplicationError, Task
from tests.kpis import handmade
from tests.study import toy


class Numbers:
    """A reader: which replications it saw, times a factor."""

    def __init__(self, plan: Plan, factor: int = 1, bad: tuple[int, ...] = (), error: Exception | None = None) -> None:
        self.plan, self.factor, self.bad, self.error = plan, factor, bad, error

    def __call__(self, records: Records, logs: Logs) -> list[int]:
        if self.error is not None and set(records.replications.tolist()) & set(self.bad):
            raise self.error
        return [self.factor * r for r in records.replications.tolist()]


@pytest.fixture(autouse=True)
def _toy(monkeypatch: pytest.MonkeyPatch) -> None:
    def simulate(plan: Plan, replication: int, *, engine: str) -> Any:
        return toy.simulate(plan, replication, engine=engine)

    toy.play(monkeypatch, simulate)


def plan(name: str = "less") -> Plan:
    return toy.compile_plans(toy.scenario(), levels={name: {}})[0]


def sampler(*factors: int) -> Sampler[list[int]]:
    return Sampler([Subject(plan(), partial(Numbers, factor=factor)) for factor in factors])


def grown(sample: Sampler[list[int]], *sizes: int) -> list[tuple[Block, list[int]]]:
    found = []
    for task, outcome in sample.grow("simpy", Here(), sizes):
        assert isinstance(outcome, Outcome)
        found.append((task.block, [number for part in outcome.parts for number in part]))
    return found


def test_a_sample_grows_by_what_is_missing() -> None:
    sample = sampler(1, 10)
    sample.wanted = [3, 2]
    assert grown(sample, 2, 2) == [
        (Block(0, 0, 2), [0, 1]),
        (Block(1, 0, 2), [0, 10]),
        (Block(0, 2, 1), [2]),
    ]
    assert grown(sample, 2, 2) == []
    sample.wanted = [3, 5]
    assert (sample.done, sample.missing(0), sample.missing(1)) == (5, 0, 3)
    assert grown(sample, 2, 10) == [(Block(1, 2, 3), [20, 30, 40])]
    sample.wanted = [2, 2]  # fewer than there are
    assert (sample.done, grown(sample, 1, 1)) == (4, [])


def test_what_is_there_already_is_not_made_again() -> None:
    sample = sampler(1)
    sample.take(Block(0, 1, 2))
    sample.take(Block(0, 7, 100))  # further than anybody wants
    sample.wanted = [9]
    assert [block for block, _ in grown(sample, 4)] == [Block(0, 0, 1), Block(0, 3, 1), Block(0, 4, 3)]


@given(
    there=st.lists(st.tuples(st.integers(0, 1), st.integers(0, 30), st.integers(1, 9)), max_size=5),
    wanted=st.tuples(st.integers(0, 40), st.integers(0, 40)),
    sizes=st.tuples(st.integers(1, 12), st.integers(1, 12)),
)
@settings(max_examples=200, deadline=None)
def test_blocks_are_all_that_is_missing_once_and_none_too_long(
    there: list[tuple[int, int, int]], wanted: tuple[int, int], sizes: tuple[int, int]
) -> None:
    sample = sampler(1, 1)
    have = set()
    for of, first, count in there:
        sample.take(Block(of, first, count))
        have |= {(of, r) for r in range(first, first + count)}
    sample.wanted = list(wanted)
    blocks = sample.blocks(sizes)
    cut = [(b.of, r) for b in blocks for r in range(b.first, b.end)]
    assert sorted(cut) == sorted({(k, r) for k in (0, 1) for r in range(wanted[k])} - have)
    assert all(1 <= b.count <= sizes[b.of] for b in blocks)
    assert all(b.first // sizes[b.of] == (b.end - 1) // sizes[b.of] for b in blocks)
    assert sample.done + len(cut) == sum(wanted)
    assert sample.events == 10.0 * len(cut)


def test_a_block_that_failed_stays_missing_and_the_others_go_on() -> None:
    broken = partial(Numbers, bad=(2,), error=ConservationError("leak"))
    sample = Sampler([Subject(plan(), broken)])
    sample.wanted = [5]
    found = [outcome for _, outcome in sample.grow("simpy", Here(), [2])]
    assert [type(outcome) for outcome in found] == [Outcome, Failure, Outcome]
    assert sample.blocks([2]) == [Block(0, 2, 2)]


@pytest.mark.parametrize(
    ("error", "raised", "text"),
    [
        (BudgetError("endless"), BudgetError, "endless"),
        (ConservationError("leak"), ConservationError, "leak"),
        (MemoryError("no room"), MemoryError, "MemoryError: no room"),
        (ZeroDivisionError("oops"), ReplicationError, "ZeroDivisionError: oops"),
    ],
)
def test_a_failure_names_the_replication_and_can_be_raised_again(
    error: Exception, raised: type[Exception], text: str
) -> None:
    task = Task(Block(0, 1, 6), plan(), "simpy", partial(Numbers, bad=(4, 5), error=error))
    failure = task.run()
    assert isinstance(failure, Failure)
    assert (failure.replication, failure.text) == (4, text)
    again = failure.error()
    assert type(again) is raised
    assert "in __call__" in again.__notes__[0]
    assert str(task) == "'less' from replication 1"


def test_a_reader_that_cannot_begin_is_a_failure_too() -> None:
    def never(_: Plan) -> Any:
        raise KeyError("scope")

    failure = Task(Block(0, 3, 2), plan(), "simpy", never).run()
    assert isinstance(failure, Failure)
    assert (failure.replication, failure.kind) == (3, "KeyError")


def test_logs_come_with_their_replications(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where one stack of records is full and the next begins, and up to a failure."""

    def simulate(the_plan: Plan, replication: int, *, engine: str, log: bool) -> Any:
        assert log
        if replication == 6:
            raise ZeroDivisionError("later")
        made = toy.simulate(the_plan, replication, engine=engine)
        return handmade.replace(made, log=(replication,))

    seen: list[tuple[list[int], list[Any]]] = []

    def reader(_: Plan) -> Any:
        return lambda records, logs: seen.append((records.replications.tolist(), list(logs)))

    monkeypatch.setattr(tasks, "simulate", simulate)
    monkeypatch.setattr("chainsim.record.stack.PART", 2 * 2**13)
    failure = Task(Block(0, 1, 9), plan(), "simpy", reader, logged=True).run()
    assert isinstance(failure, Failure)
    assert failure.replication == 6
    assert len(seen) > 1
    assert [r for numbers, _ in seen for r in numbers] == [1, 2, 3, 4, 5]
    assert all([log[0] for log in logs] == numbers for numbers, logs in seen)


def test_how_long_blocks_are() -> None:
    assert block_length(1000, 1000.0, 2) == 125
    assert block_length(3, 1000.0, 2) == 1
    assert block_length(100_000, 1.0, 1) == 256
    assert block_length(1000, 1e9, 1) == 5
    assert np.all([block_length(n, 0.0, 4) >= 1 for n in range(5)])
