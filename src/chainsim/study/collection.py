"""All replications of all policies of a run: what is done, what is missing, the numbers so far."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from chainsim.engines.base import choose_engine
from chainsim.kpis import DELIVERY, KPIS, LANE_KPIS, MONTHLY, SERIES_NAMES, Months, Parts, Scopes, Tariff
from chainsim.plan.plan import Plan
from chainsim.record.record import SERIES
from chainsim.replicate.executors.base import Executor
from chainsim.replicate.executors.choosing import choose_jobs, executor_for
from chainsim.replicate.progress import Clock, Progress
from chainsim.replicate.sampler import Sampler, Subject, block_length
from chainsim.replicate.share import Share
from chainsim.replicate.task import Block, Failure, joined
from chainsim.scenario.model import Scenario
from chainsim.study.blocks import ARRAYS, block_key, load_blocks, save_block
from chainsim.study.budget import MAX_NUMBERS, Levels
from chainsim.study.measuring import AUDIT, Measured, Meter, told
from chainsim.study.tables import Numbers

Array = np.ndarray[Any, Any]
log = logging.getLogger(__name__)
MOST_HELD = 2.0 * MAX_NUMBERS
"""Numbers of series that all workers of this machine hold at once, at most, where there is more than one."""
SPEED = 20.0
"""How many events the compiled engine carries out while the simpy engine does one, at least."""


class Collection:
    """All replications of all policies: what is done, what is missing, and the numbers so far."""

    def __init__(
        self,
        scenario: Scenario,
        plans: list[Plan],
        levels: Levels,
        edges: Array,
        identity: Mapping[str, Any],
        blocks: Path | None,
        progress: Progress | None,
        share: Share | None = None,
    ) -> None:
        """blocks: where finished ones are kept. share: of the replications, where others have the rest."""
        self.plans, self.edges, self.seed, self.confidence = plans, edges, scenario.seed, scenario.confidence
        self.blocks, self.progress, self.identity, self.share = blocks, progress, identity, share
        self.sampler: Sampler[Measured] = Sampler([])
        self.kept: list[Measured] = []
        self._measure_at(levels)
        self.extend(scenario.replications, levels)

    @property
    def total(self) -> int:
        """Replications wanted here, of all policies together."""
        return self.sampler.total

    def extend(self, n: int, levels: Levels) -> None:
        """Want so many replications of each policy, from now on measured no finer than this: more replications go with coarser
        tables (`budget.choose_levels`), and those that are there are cut down to them."""
        if levels != self.levels:
            self._measure_at(levels)
            # coarser scopes come first in finer ones
            self.kept = [
                Measured(*(_cut(a, s) for a, s in zip(m, self.shapes.values(), strict=True))) for m in self.kept
            ]
        self.sampler.wanted = [n] * len(self.plans)
        self.kept = [self._with_room(kept, n) for kept in self.kept]

    def _with_room(self, kept: Measured, n: int) -> Measured:
        """For n replications; for the bucket series of the first of them only, where all would be too much."""
        lengths = {"series": min(n, self.levels.first)}
        return Measured(*(_longer(array, lengths.get(name, n)) for name, array in zip(ARRAYS, kept, strict=True)))

    def _measure_at(self, levels: Levels) -> None:
        """How far down measures go, and by what key blocks on disk are known."""
        plans, self.levels = self.plans, levels
        meter = partial(
            Meter, detail=levels.summary, series=levels.series, delivered=levels.delivered, lanes=levels.lanes
        )
        subjects = [Subject(plan, meter) for plan in plans]
        if self.kept:
            self.sampler.subjects = tuple(subjects)
        else:
            self.sampler = Sampler(subjects, self.share)
        self.shapes = _shapes(plans[0], levels, self.edges)
        if not self.kept:
            empty = Measured(*(np.zeros((0, *shape)) for shape in self.shapes.values()))
            self.kept = [empty._replace(events=np.zeros(0, np.int64)) for _ in plans]
        facts = {
            **self.identity,
            "arrays": ARRAYS,
            "measures": KPIS.names(),
            "summary": levels.summary,
            "series": levels.series,
            "delivered": [levels.delivered, *DELIVERY],
            "lanes": [levels.lanes, *LANE_KPIS.names()],
            "rates": [[rate.line, rate.name] for rate in Tariff(plans[0]).rates],
            **({"series of groups": plans[0].series_rows} if plans[0].grouped else {}),
        }
        self.keys = [block_key({**facts, "policy": plan.policy, "parameters": parameters_of(plan)}) for plan in plans]

    @property
    def done(self) -> int:
        """Replications there are, of all policies together."""
        return self.sampler.done

    def recall(self, blocks: Path) -> None:
        """Take what is wanted of the sound blocks that an earlier run left in a folder, which may have gone further."""
        known = {key: i for i, key in enumerate(self.keys)}
        for block, measured in load_blocks(blocks, known, self.shapes, self.sampler.wants):
            wanted = min(block.end, self.sampler.wanted[block.of])
            if wanted > block.first:
                self._take(block, measured)
                self.sampler.take(Block(block.of, block.first, wanted - block.first))

    def engine(self, wanted: str, jobs: int | None) -> str:
        """The engine that 'auto' means: by all that is wanted, whatever of it is there already, so that it is the same after an
        interruption and for whoever puts shares together; by what a share has to do, where there is one."""
        n = self.total
        events = sum(p.expected_events for p in self.plans) * (n / len(self.plans))
        return choose_engine(wanted, self.plans, events=events, workers=choose_jobs(jobs, n, events))

    def simulate(self, engine: str, jobs: int | None, block_size: int | None, executor: Executor | None = None) -> None:
        """Run whatever is missing, keeping each block as it comes. executor: in place of workers of this machine."""
        missing, events = self.total - self.done, self.sampler.events
        if executor is None:
            workers = choose_jobs(jobs, missing, events / SPEED if engine == "compiled" else events)
            executor = executor_for(engine, self._held_by(workers))
        size = block_size or block_length(missing, events, executor.workers)
        clock = Clock(total=self.total, workers=executor.workers)
        if self.progress:
            self.progress(self.done, self.total, None)
        for task, found in self.sampler.grow(engine, executor, [size] * len(self.plans)):
            if isinstance(found, Failure):
                raise told(found, task.plan.policy, self.seed)
            measured = joined(found.parts)
            self._take(task.block, measured)
            if self.blocks is not None:
                save_block(self.blocks, self.keys[task.block.of], task.block, measured)
            if self.progress:
                done = self.done
                self.progress(done, self.total, clock.left(done, time.monotonic()))

    def _held_by(self, workers: int) -> int:
        """So many workers, or fewer where the series of as many replications at once would be more than memory should hold."""
        numbers = len(SERIES) * self.plans[0].series_rows * (len(self.edges) - 1)
        most = max(1, int(MOST_HELD // numbers))
        if most < workers:
            log.warning(
                "%d workers instead of %d: each holds %.0f MB of series (stock points × buckets); a longer time.bucket lets more work",
                most, workers, 8e-6 * numbers,
            )  # fmt: skip
        return min(workers, most)

    def numbers(self) -> Numbers:
        """Everything measured, by policy."""
        return Numbers(
            tuple(Parts(kept.numerators, kept.denominators) for kept in self.kept),
            tuple(kept.series for kept in self.kept),
            tuple(kept.audit for kept in self.kept),
            tuple(kept.events for kept in self.kept),
            tuple(kept.delivery for kept in self.kept),
            tuple(kept.months for kept in self.kept),
            tuple(Parts(kept.lanes[:, 0], kept.lanes[:, 1]) for kept in self.kept),
            tuple(kept.drivers for kept in self.kept),
            self.edges,
        )

    def _take(self, block: Block, measured: Measured) -> None:
        for kept, new in zip(self.kept[block.of], measured, strict=True):
            here = kept[block.first : block.end]
            here[:] = new[: len(here)]  # an earlier run may have gone further, and of series not all are held


def _cut(array: Array, shape: tuple[int, ...]) -> Array:
    """Of every replication no more than this shape, the first of what there is."""
    return np.ascontiguousarray(array[(slice(None), *map(slice, shape))])


def _longer(array: Array, n: int) -> Array:
    """With room for n replications."""
    if not len(array):
        return np.zeros((n, *array.shape[1:]), array.dtype)
    return (
        np.concatenate([array, np.zeros((n - len(array), *array.shape[1:]), array.dtype)]) if n > len(array) else array
    )


def _shapes(plan: Plan, levels: Levels, edges: Array) -> dict[str, tuple[int, ...]]:
    """What the numbers of one replication look like, by array: lengths of the axes after the first."""
    scopes = {detail: len(Scopes.of(plan.layout, detail)) for detail in levels.details}
    measures = (scopes[levels.summary], len(KPIS.names()))
    series = (scopes[levels.series], len(SERIES_NAMES), len(edges) - 1)
    months = (len(MONTHLY), len(Months.of(edges, plan.clock)))
    lanes = (2, len(plan.lanes) if levels.lanes else 0, len(LANE_KPIS.names()))
    delivery, drivers = (scopes[levels.delivered], len(DELIVERY)), (len(Tariff(plan).rates),)
    shapes = (measures, measures, series, (len(AUDIT),), (), delivery, months, lanes, drivers)
    return dict(zip(ARRAYS, shapes, strict=True))


def parameters_of(plan: Plan) -> str:
    """Everything a plan's rules run with, pages of a season included."""
    text = repr(plan.parameters)
    return text if not len(plan.pages) else f"{text} {plan.pages.tolist()} {plan.page_parameters.tolist()}"
