"""Simulating the scenarios of the cases: replications of every (case, scenario, policy) in blocks, on all cores.

Seeds are keyed by the case, so that a case gives the same numbers whatever else is run.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

import numpy as np

from chainsim.plan.plan import Plan
from chainsim.record.audit import audit_block
from chainsim.record.stack import Records
from chainsim.replicate.executors.choosing import choose_jobs, executor_for
from chainsim.replicate.progress import Progress
from chainsim.replicate.sampler import Sampler, Subject
from chainsim.replicate.task import Block, Failure, Logs, Outcome
from chainsim.verify.cases import Case, Reading, scenario_path
from chainsim.verify.readings import LOGGED, Sight, Value, read

EVENTS_A_BLOCK = 3e5


def seed_of(case: str, attempt: int = 0) -> int:
    """The seed of a case, another one for each attempt.

    >>> seed_of("P-RQ-1") == seed_of("P-RQ-1") != seed_of("P-RQ-1", 1)
    True
    """
    digest = hashlib.blake2b(f"{case} {attempt}".encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big")


@dataclass
class Sample:
    """One policy of one scenario of a case on one engine, and what its replications gave.

    columns: what each reading gave, by replication. demands: units demanded per time unit, by product and replication.
    """

    case: str
    engine: str
    plan: Plan
    readings: tuple[Reading, ...]
    columns: dict[Reading, list[Value]] = field(default_factory=dict)
    demands: list[dict[str, float]] = field(default_factory=list)
    events: float = 0.0
    wanted: int = 0  # replications that there should be
    trouble: str = ""  # why it could not be simulated, if so

    def demand(self, reading: Reading) -> float:
        """Mean demand per time unit for what a reading looks at: a product, or all of them, as for a component that nobody buys."""
        _, _, product = reading.place.partition("/")
        if not any(d[product] for d in self.demands):
            product = ""
        return math.fsum(d[product] for d in self.demands) / len(self.demands)

    @property
    def replications(self) -> int:
        """How many there are."""
        return len(self.demands)


def samples_of(case: Case, engine: str, attempt: int = 0, only: Iterable[str] | None = None) -> list[Sample]:
    """Empty samples of a case: one per scenario and policy that a quantity is read from (`only`: these quantities)."""
    from chainsim.plan.compile import compile_plan  # brings the reader of scenarios, which workers do without
    from chainsim.scenario.load import load

    groups: dict[tuple[str, str], dict[Reading, None]] = {}
    every = [(quantity, r) for quantity, readings in case.simulated.items() for r in readings]
    for quantity, reading in (*every, *case.intervals.items()):
        if only is None or quantity in only:
            groups.setdefault((reading.scenario, reading.policy), {})[reading] = None
    samples = []
    for (name, policy), wanted in groups.items():
        scenario = load(scenario_path(name))
        plan = compile_plan(scenario, policy or scenario.alternatives[0].name, seed=seed_of(case.id, attempt))
        samples.append(Sample(case.id, engine, plan, tuple(wanted)))
    return samples


class Seen(NamedTuple):
    """What some replications of a sample gave."""

    columns: dict[Reading, list[Value]]
    demands: list[dict[str, float]]
    events: float


class Observer:
    """Audits replications of a Plan and reads them: a reader of `chainsim.replicate`."""

    def __init__(self, plan: Plan, readings: tuple[Reading, ...]) -> None:
        self.plan, self.readings = plan, readings

    def __call__(self, records: Records, logs: Logs) -> Seen:
        audit_block(records, self.plan)
        sight = Sight(records, self.plan, logs)
        products = ("", *self.plan.layout.products)
        demands = np.stack([sight.flow("demanded", f"/{p}" if p else "") / sight.length for p in products], axis=1)
        return Seen(
            {reading: read(sight, reading) for reading in self.readings},
            [dict(zip(products, row, strict=True)) for row in demands.tolist()],
            float(records.events.sum()),
        )


def fill(samples: Sequence[Sample], jobs: int | None, progress: Progress | None = None) -> None:
    """Simulate until every sample has the replications wanted of it, or is in trouble: a broken case must not hide the others."""
    for engine in dict.fromkeys(s.engine for s in samples):
        own = [s for s in samples if s.engine == engine and not s.trouble]
        sampler = Sampler([_subject(sample) for sample in own])
        for k, sample in enumerate(own):
            sampler.take(Block(k, 0, sample.replications))
        sampler.wanted = [sample.wanted for sample in own]
        sizes = [max(1, math.ceil(EVENTS_A_BLOCK / max(s.plan.expected_events, 1.0))) for s in own]
        blocks = sampler.blocks(sizes)
        if not blocks:
            continue
        executor = executor_for(engine, choose_jobs(jobs, len(blocks), sampler.events))
        seen: dict[Block, Outcome[Seen] | Failure] = {}
        done, total = 0, sum(block.count for block in blocks)
        for task, found in sampler.grow(engine, executor, sizes):
            seen[task.block] = found
            done += task.block.count
            if progress is not None:
                progress(done, total, None)
        for block in sorted(seen):
            _keep(own[block.of], seen[block])


def _subject(sample: Sample) -> Subject[Seen]:
    logged = any(reading.measure in LOGGED for reading in sample.readings)
    return Subject(sample.plan, partial(Observer, readings=sample.readings), logged)


def _keep(sample: Sample, found: Outcome[Seen] | Failure) -> None:
    """Put what a block gave after what there is."""
    if isinstance(found, Failure):
        sample.trouble = sample.trouble or f"policy '{sample.plan.policy}': {found.kind}: {found.message}"
        return
    for part in found.parts:
        for reading, values in part.columns.items():
            sample.columns.setdefault(reading, []).extend(values)
        sample.demands += part.demands
        sample.events += part.events
