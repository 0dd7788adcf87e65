"""What is read of a stressed replication: a few measures of the network, and what customers lack, bucket by bucket.

Workers load this module: no pandas, no scipy, no pydantic.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from chainsim.kpis import Scopes, View, measure_block
from chainsim.plan.plan import Plan
from chainsim.record.record import SERIES
from chainsim.record.stack import Records
from chainsim.replicate.executors.base import Executor
from chainsim.replicate.executors.choosing import choose_jobs, executor_for
from chainsim.replicate.sampler import Sampler, Subject, block_length
from chainsim.replicate.task import Block, Failure, Logs, joined
from chainsim.study.kept import Arrays, Kept

Array = np.ndarray[Any, Any]
OWED, LOST = SERIES.index("customer_backorders"), SERIES.index("lost")
SPEED = 20.0
"""How many events the compiled engine carries out while the simpy engine does one, at least."""


class Seen(NamedTuple):
    """Of replications in order: the first axis of every array is the replication.

    numerators, denominators: of measures of the whole network [replications, measures], as in `kpis.Parts`.
    owed, lost: units owed to customers at the end of each bucket, lost within each, by stock point watched
    [replications, points, buckets].
    """

    numerators: Array
    denominators: Array
    owed: Array
    lost: Array


class Watch:
    """A reader of `chainsim.replicate`. measures: names of `chainsim.kpis`. points: rows of the Plan where customers buy."""

    def __init__(self, plan: Plan, measures: Sequence[str], points: Sequence[int] = ()) -> None:
        self.plan, self.measures, self.points = plan, tuple(measures), list(points)

    @cached_property
    def scopes(self) -> Scopes:
        """The whole network only."""
        return Scopes.of(self.plan.layout, "network")

    def __call__(self, records: Records, _: Logs = ()) -> Seen:
        """What is seen of these replications."""
        parts = measure_block(View(records, self.plan, self.scopes), self.measures)
        series = records.series[:, :, self.points]
        return Seen(
            parts.numerators[:, 0], parts.denominators[:, 0], series[:, OWED].copy(), series[:, LOST].copy()
        )  # fmt: skip


@dataclass(frozen=True)
class Keeping:
    """What is seen may be kept by its name, and simulated elsewhere than on this machine."""

    kept: Kept | None = None
    executor: Executor | None = None


PLAINLY = Keeping()


def observe(
    subjects: Sequence[Subject[Seen]],
    replications: int,
    names: Sequence[str] = (),
    keeping: Keeping = PLAINLY,
    *,
    engine: str,
    jobs: int | None,
) -> Iterator[tuple[int, Seen]]:
    """All replications of each of several Plans, as they end: its number among them, and what was seen.

    names: what each is, in a test of the same scenario, replications and moment; only needed where what is seen is kept. engine:
    by its name. Raises the error of a replication that failed, OutputError.
    """
    if keeping.kept is None:
        yield from _seen(subjects, 0, replications, engine, jobs, keeping.executor)
        return
    for of, (name, subject) in enumerate(zip(names, subjects, strict=True)):

        def make(first: int, count: int, subject: Subject[Seen] = subject) -> Arrays:
            [(_, seen)] = _seen([subject], first, count, engine, jobs, keeping.executor)
            return seen._asdict()

        yield of, Seen(**keeping.kept.of(name, 0, replications, make))


def _seen(
    subjects: Sequence[Subject[Seen]], begin: int, count: int, engine: str, jobs: int | None, executor: Executor | None
) -> Iterator[tuple[int, Seen]]:
    """Replications `begin` … begin + count − 1 of each."""
    sampler = Sampler(subjects)
    sampler.wanted = [begin + count] * len(subjects)
    for k in range(len(subjects)):
        sampler.take(Block(k, 0, begin))
    missing, events = count * len(subjects), sampler.events
    if executor is None:
        workers = choose_jobs(jobs, missing, events / SPEED if engine == "compiled" else events)
        executor = executor_for(engine, workers)
    size = min(count, block_length(missing, events, executor.workers)) if executor.workers > 1 else count
    parts: dict[int, dict[int, Seen]] = {}
    for task, found in sampler.grow(engine, executor, [size] * len(subjects)):
        if isinstance(found, Failure):
            raise found.error()
        of = task.block.of
        parts.setdefault(of, {})[task.block.first] = joined(found.parts)
        if sampler.missing(of) == 0:
            held = parts.pop(of)
            yield of, joined([held[first] for first in sorted(held)])
