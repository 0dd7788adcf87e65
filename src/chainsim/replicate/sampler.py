"""A sample that grows: which replications there are of each of several Plans, and the tasks for those still wanted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic

import numpy as np

from chainsim.plan.plan import Plan
from chainsim.replicate.executors.base import Executor
from chainsim.replicate.share import Share
from chainsim.replicate.task import Block, Failure, Outcome, R, Reader, Task

Array = np.ndarray[Any, Any]
LONGEST_BLOCK, MOST_EVENTS = 256, 5e6
"""A block has no more replications than the one, and no more events than the other, so that Ctrl-C is heard soon."""


@dataclass(frozen=True)
class Subject(Generic[R]):
    """A Plan that is replicated, and how its replications are read. logged: with their event logs."""

    plan: Plan
    reader: Reader[R]
    logged: bool = False


class Sampler(Generic[R]):
    """Replications 0 … wanted − 1 of each subject, simulated once each, however often more are wanted.

    What was read is handed on and not kept: only which replications there are. share: of all of them, in a row, the same
    replications of all subjects close together; the others are somebody else's. None: all.
    """

    def __init__(self, subjects: Sequence[Subject[R]], share: Share | None = None) -> None:
        self.subjects, self.share = tuple(subjects), share
        self.wanted = [0 for _ in self.subjects]
        """Replications that there should be of each subject."""
        self._there = [np.zeros(0, bool) for _ in self.subjects]

    def take(self, block: Block) -> None:
        """These replications are there; from now on they are not missing."""
        mask = self._there[block.of]
        if len(mask) < block.end:
            mask = self._there[block.of] = np.pad(mask, (0, block.end - len(mask)))
        mask[block.first : block.end] = True

    def missing(self, of: int) -> int:
        """How many replications of a subject are still wanted."""
        return len(self._holes(of))

    @property
    def total(self) -> int:
        """Replications wanted here, of all subjects together."""
        return sum(len(self._wanted(k)) for k in range(len(self.subjects)))

    @property
    def done(self) -> int:
        """Replications that are there, of those wanted here."""
        return self.total - sum(self.missing(k) for k in range(len(self.subjects)))

    def wants(self, block: Block) -> bool:
        """Whether any replication of a block is wanted here."""
        wanted = self._wanted(block.of)
        return bool(((wanted >= block.first) & (wanted < block.end)).any())

    def owners(self, of: int) -> list[int]:
        """The numbers of those who share the work, so many, that have a replication that is missing."""
        several = len(self.subjects)
        return sorted(
            {
                Share.owner(int(r) * several + k, several * self.wanted[k], of)
                for k in range(several)
                for r in self._holes(k)
            }
        )

    @property
    def events(self) -> float:
        """Calendar events expected of all that is missing."""
        return sum(float(s.plan.expected_events) * self.missing(k) for k, s in enumerate(self.subjects))

    def blocks(self, sizes: Sequence[int]) -> list[Block]:
        """What is missing, in blocks of at most so many replications, by subject: the same replications of all subjects
        come close together."""
        found: list[tuple[int, Block]] = []
        for k, size in enumerate(sizes):
            holes = self._holes(k)
            breaks = np.flatnonzero((np.diff(holes) > 1) | (np.diff(holes // size) > 0)) + 1
            for run in np.split(holes, breaks) if len(holes) else ():
                found.append((int(run[0]) // size, Block(k, int(run[0]), len(run))))
        return [block for _, block in sorted(found)]

    def grow(
        self, engine: str, executor: Executor, sizes: Sequence[int]
    ) -> Iterator[tuple[Task[R], Outcome[R] | Failure]]:
        """Simulate what is missing, in blocks of these sizes, on the engine of that name; each block as it ends.

        A block that failed stays missing; the others go on, unless the iterator is closed."""
        tasks = [
            Task(block, (subject := self.subjects[block.of]).plan, engine, subject.reader, subject.logged)
            for block in self.blocks(sizes)
        ]
        outcome: Outcome[R] | Failure
        for task, outcome in executor.submit(tasks):
            if isinstance(outcome, Outcome):
                self.take(task.block)
            yield task, outcome

    def _wanted(self, of: int) -> Array:
        """The numbers of replications of a subject that are wanted here."""
        numbers = np.arange(self.wanted[of])
        if self.share is None:
            return numbers
        several = len(self.subjects)
        mine: Array = numbers[self.share.has(numbers * several + of, several * self.wanted[of])]
        return mine

    def _holes(self, of: int) -> Array:
        """Those that are not there."""
        wanted, mask = self._wanted(of), self._there[of]
        holes: Array = wanted[~np.pad(mask, (0, max(0, self.wanted[of] - len(mask))))[wanted]]
        return holes


def block_length(missing: int, events: float, workers: int) -> int:
    """Replications in a block: a few blocks for each worker."""
    replication = max(events / max(missing, 1), 1.0)
    return max(1, min(LONGEST_BLOCK, missing // (4 * workers), int(MOST_EVENTS / replication)))
