"""Simulating the scenarios of the cases: replications of every (case, scenario, policy) in blocks, on all cores.

Seeds are keyed by the case, so that a case gives the same numbers whatever else is run.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from chainsim.engines.base import ENGINES, simulate
from chainsim.plan.plan import Plan
from chainsim.record.audit import audit_block
from chainsim.record.stack import Records
from chainsim.study.executor import choose_jobs, run_blocks
from chainsim.verify.cases import Case, Reading, scenario_path
from chainsim.verify.readings import LOGGED, Sight, Value, read

EVENTS_A_BLOCK = 3e5
Progress = Callable[[int, int, float | None], None]


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
        """Mean demand per time unit for what a reading looks at: a product, or all of them."""
        _, _, product = reading.place.partition("/")
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


@dataclass(frozen=True)
class Block:
    """Replications first … first + count − 1 of the sample-th sample."""

    sample: int
    first: int
    count: int


@dataclass(frozen=True)
class Task:
    """All a worker needs."""

    block: Block
    plan: Plan
    engine: str
    readings: tuple[Reading, ...]


@dataclass(frozen=True)
class Seen:
    """What a block gave."""

    block: Block
    columns: dict[Reading, list[Value]]
    demands: list[dict[str, float]]
    events: float


@dataclass(frozen=True)
class Trouble:
    """A block that failed, in words: exceptions do not travel well between processes."""

    block: Block
    words: str


def fill(samples: Sequence[Sample], jobs: int | None, progress: Progress | None = None) -> None:
    """Simulate until every sample has the replications wanted of it, or is in trouble: a broken case must not hide the others."""
    for engine in dict.fromkeys(s.engine for s in samples):
        tasks = [
            Task(Block(k, first, count), s.plan, engine, s.readings)
            for k, s in enumerate(samples)
            if s.engine == engine
            for first, count in _blocks(s)
        ]
        if not tasks:
            continue
        events = math.fsum(t.block.count * t.plan.expected_events for t in tasks)
        seen: dict[Block, Seen | Trouble] = {}
        threads = ENGINES[engine].workers == "threads"
        # the executor asks of a task and a result no more than their block
        run: Any = run_blocks
        results: Iterator[Seen | Trouble] = run(tasks, choose_jobs(jobs, len(tasks), events), observe, threads=threads)
        done, total = 0, sum(t.block.count for t in tasks)
        for result in results:
            seen[result.block] = result
            done += result.block.count
            if progress is not None:
                progress(done, total, None)
        for block in sorted(seen, key=lambda b: (b.sample, b.first)):
            sample, found = samples[block.sample], seen[block]
            if isinstance(found, Trouble):
                sample.trouble = sample.trouble or found.words
                continue
            for reading, values in found.columns.items():
                sample.columns.setdefault(reading, []).extend(values)
            sample.demands += found.demands
            sample.events += found.events


def _blocks(sample: Sample) -> Iterable[tuple[int, int]]:
    if sample.trouble:
        return
    a_block = max(1, math.ceil(EVENTS_A_BLOCK / max(sample.plan.expected_events, 1.0)))
    for first in range(sample.replications, sample.wanted, a_block):
        yield first, min(a_block, sample.wanted - first)


def observe(task: Task) -> Seen | Trouble:
    """Simulate, audit and read every replication of a block; never raises."""
    block, plan = task.block, task.plan
    try:
        logged = any(r.measure in LOGGED for r in task.readings)
        numbers = range(block.first, block.first + block.count)
        seen = [simulate(plan, r, engine=task.engine, log=logged) for r in numbers]
        records = Records.of(seen)
        audit_block(records, plan)
        sight = Sight(records, plan, [record.log or () for record in seen])
        products = ("", *plan.layout.products)
        demands = np.stack([sight.flow("demanded", f"/{p}" if p else "") / sight.length for p in products], axis=1)
        return Seen(
            block,
            {reading: read(sight, reading) for reading in task.readings},
            [dict(zip(products, row, strict=True)) for row in demands.tolist()],
            float(records.events.sum()),
        )
    except Exception as error:
        return Trouble(block, f"policy '{plan.policy}': {type(error).__name__}: {error}")
