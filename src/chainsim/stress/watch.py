"""What is read of a stressed replication: a few measures of the network, and what customers lack, bucket by bucket.

Workers load this module: no pandas, no scipy, no pydantic.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from chainsim.kpis import Scopes, View, measure_block
from chainsim.plan.plan import Plan
from chainsim.record.record import SERIES
from chainsim.record.stack import Records
from chainsim.replicate.executors.choosing import choose_jobs, executor_for
from chainsim.replicate.sampler import Sampler, Subject, block_length
from chainsim.replicate.task import Failure, Logs, joined

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


def observe(
    subjects: Sequence[Subject[Seen]], replications: int, *, engine: str, jobs: int | None
) -> Iterator[tuple[int, Seen]]:
    """All replications of each of several Plans, as they end: its number among them, and what was seen.

    engine: by its name. Raises the error of a replication that failed.
    """
    sampler = Sampler(subjects)
    sampler.wanted = [replications] * len(subjects)
    missing, events = replications * len(subjects), sampler.events
    workers = choose_jobs(jobs, missing, events / SPEED if engine == "compiled" else events)
    size = min(replications, block_length(missing, events, workers)) if workers > 1 else replications
    parts: dict[int, dict[int, Seen]] = {}
    for task, found in sampler.grow(engine, executor_for(engine, workers), [size] * len(subjects)):
        if isinstance(found, Failure):
            raise found.error()
        of = task.block.of
        parts.setdefault(of, {})[task.block.first] = joined(found.parts)
        if sampler.missing(of) == 0:
            held = parts.pop(of)
            yield of, joined([held[first] for first in sorted(held)])
