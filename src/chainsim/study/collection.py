"""All replications of all policies of a run: what is done, what is missing, the numbers so far."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainsim.engines.base import ENGINES, choose_engine
from chainsim.kpis import DELIVERY, KPIS, SERIES_NAMES, Parts, Scopes
from chainsim.plan.plan import Plan
from chainsim.scenario.model import Scenario
from chainsim.study.blocks import ARRAYS, block_key, load_blocks, save_block
from chainsim.study.budget import Levels
from chainsim.study.cells import AUDIT, Block, Failure, Outcome, Task
from chainsim.study.executor import choose_jobs, run_blocks
from chainsim.study.store import Folder
from chainsim.study.tables import Numbers

Array = np.ndarray[Any, Any]
SPEED = 20.0
"""How many events the compiled engine carries out while the simpy engine does one, at least."""
LONGEST_BLOCK, MOST_EVENTS = 256, 5e6
"""A block has no more replications than the one, and no more events than the other, so that Ctrl-C is heard soon."""
Progress = Callable[[int, int, float | None], None]
"""Called with replications done, replications in all, and seconds left (None until that can be said)."""


class Collection:
    """All replications of all policies: what is done, what is missing, and the numbers so far."""

    def __init__(
        self,
        scenario: Scenario,
        plans: list[Plan],
        levels: Levels,
        edges: Array,
        identity: Mapping[str, Any],
        folder: Folder | None,
        progress: Progress | None,
    ) -> None:
        self.plans, self.levels, self.edges, self.seed = plans, levels, edges, scenario.seed
        self.folder, self.progress = folder, progress
        n = scenario.replications
        self.shape = (len(Scopes.of(plans[0].layout, levels.summary)), len(KPIS.names()))
        self.series_shape = (len(Scopes.of(plans[0].layout, levels.series)), len(SERIES_NAMES), len(edges) - 1)
        self.measured = [Parts(*(np.full((n, *self.shape), np.nan) for _ in range(2))) for _ in plans]
        self.delivery_shape = (len(Scopes.of(plans[0].layout, levels.delivered)), len(DELIVERY))
        self.series = [np.zeros((n, *self.series_shape)) for _ in plans]
        self.audit = [np.zeros((n, len(AUDIT))) for _ in plans]
        self.events = [np.zeros(n, np.int64) for _ in plans]
        self.delivery = [np.zeros((n, *self.delivery_shape)) for _ in plans]
        self.done = np.zeros((len(plans), n), bool)
        facts = {
            **identity,
            "arrays": ARRAYS,
            "measures": KPIS.names(),
            "summary": levels.summary,
            "series": levels.series,
            "delivered": [levels.delivered, *DELIVERY],
        }
        self.keys = [block_key({**facts, "policy": plan.policy, "parameters": parameters_of(plan)}) for plan in plans]

    def recall(self, folder: Folder) -> None:
        """Take the sound blocks an earlier run left in the folder."""
        known = {key: i for i, key in enumerate(self.keys)}
        for outcome in load_blocks(folder.blocks, known, self.shape, self.series_shape, self.delivery_shape):
            self._take(outcome)

    def simulate(self, wanted: str, jobs: int | None, block_size: int | None) -> str:
        """Run whatever is missing, keeping each block as it comes; returns the engine that did."""
        missing = int((~self.done).sum())
        events = sum(float(p.expected_events) * int((~d).sum()) for p, d in zip(self.plans, self.done, strict=True))
        workers = choose_jobs(jobs, missing, events)
        engine = choose_engine(wanted, self.plans, events=events, workers=workers)
        if engine == "compiled":
            workers = choose_jobs(jobs, missing, events / SPEED)
        levels = self.levels
        size = block_size or block_length(missing, events, workers)
        tasks = [
            Task(block, self.plans[block.policy], engine, self.seed, levels.summary, levels.series, levels.delivered)
            for block in self._blocks(size)
        ]
        clock = Clock(total=self.done.size, workers=workers)
        if self.progress:
            self.progress(int(self.done.sum()), self.done.size, None)
        for result in run_blocks(tasks, workers, threads=ENGINES[engine].workers == "threads"):
            if isinstance(result, Failure):
                result.error.add_note(result.trace)
                raise result.error
            self._take(result)
            if self.folder is not None:
                save_block(self.folder.blocks, self.keys[result.block.policy], result)
            if self.progress:
                done = int(self.done.sum())
                self.progress(done, self.done.size, clock.left(done, time.monotonic()))
        return engine

    def numbers(self) -> Numbers:
        series, audit, events = tuple(self.series), tuple(self.audit), tuple(self.events)
        return Numbers(tuple(self.measured), series, audit, events, tuple(self.delivery), self.edges)

    def _take(self, outcome: Outcome) -> None:
        p, first = outcome.block.policy, outcome.block.first
        n = min(outcome.block.count, self.done.shape[1] - first)  # an earlier run may have gone further
        if n <= 0:
            return
        here = slice(first, first + n)
        self.measured[p].numerators[here] = outcome.numerators[:n]
        self.measured[p].denominators[here] = outcome.denominators[:n]
        self.series[p][here] = outcome.series[:n]
        self.audit[p][here] = outcome.audit[:n]
        self.events[p][here] = outcome.events[:n]
        self.delivery[p][here] = outcome.delivery[:n]
        self.done[p, here] = True

    def _blocks(self, size: int) -> Iterator[Block]:
        """What is missing, cut into blocks: the same replications of every policy come close together."""
        n = self.done.shape[1]
        for first in range(0, n, size):
            for p in range(len(self.plans)):
                start = None
                for r in range(first, min(first + size, n) + 1):
                    here = r < min(first + size, n) and not self.done[p, r]
                    if here and start is None:
                        start = r
                    elif not here and start is not None:
                        yield Block(p, start, r - start)
                        start = None


def parameters_of(plan: Plan) -> str:
    """Everything a plan's rules run with, pages of a season included."""
    told = repr(plan.parameters)
    return told if not len(plan.pages) else f"{told} {plan.pages.tolist()} {plan.page_parameters.tolist()}"


@dataclass
class Clock:
    """How long a run still takes, from its pace since every worker has started.

    The first block of each worker tells nothing: it waits for processes to start and for the rules to compile.
    """

    total: int
    workers: int
    blocks: int = 0
    done: int = 0  # replications when every worker had started
    since: float = 0.0

    def left(self, done: int, now: float) -> float | None:
        """Seconds left at time `now`, when so many replications are done; None until that can be said.

        >>> clock = Clock(total=10, workers=1)
        >>> clock.left(1, 30.0), clock.left(2, 31.0), clock.left(4, 33.0)
        (None, 8.0, 6.0)
        """
        self.blocks += 1
        if self.blocks <= self.workers:
            self.done, self.since = done, now
            return 0.0 if done == self.total else None
        return (now - self.since) * (self.total - done) / (done - self.done)


def block_length(missing: int, events: float, workers: int) -> int:
    """Replications in a block: a few blocks for each worker."""
    replication = max(events / max(missing, 1), 1.0)
    return max(1, min(LONGEST_BLOCK, missing // (4 * workers), int(MOST_EVENTS / replication)))
