"""A bench for decisions: one alternative under any levels, and a few measures of it, as quickly as that can be known.

A search tries hundreds of levels on the same customers. What no level changes is compiled once (`plan.frame`), the engine
keeps its memory, and nothing is read but the measures asked for; no audit, no tables, no folder. The numbers are those of the
ordinary road to the last bit: compile with these levels, simulate, measure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import ClassVar

import numpy as np

from chainsim.engines.base import choose_engine, runner
from chainsim.errors import UsageError
from chainsim.kpis import KPIS, Detail, Parts, Scope, Scopes, View, measure_block
from chainsim.kpis.measure import Array
from chainsim.plan.compile import frame_of
from chainsim.plan.derivation import Levels
from chainsim.plan.plan import Plan
from chainsim.policies.base import Settings
from chainsim.record.stack import Records
from chainsim.replicate.executors.base import Executor
from chainsim.replicate.executors.choosing import choose_jobs, executor_for
from chainsim.replicate.executors.shared import Shared
from chainsim.scenario.model import Scenario

MEASURES = ("fill_rate", "total_cost")
MOST_WORKERS = 64
"""Threads, and memories of the engine, that a bench keeps at most."""


@dataclass(frozen=True)
class Observed:
    """What replications `first` … of one set of levels gave.

    numerators, denominators: [replications, scopes, measures]. A measure that is no ratio is all in its numerator, and has
    NaN for a denominator; money is per year.
    """

    first: int
    measures: tuple[str, ...]
    scopes: tuple[Scope, ...]
    numerators: Array
    denominators: Array

    def __len__(self) -> int:
        return len(self.numerators)

    def of(self, measure: str, scope: int = 0) -> tuple[Array, Array]:
        """Numerator and denominator of a measure by replication, at a scope by its number; 0 is the whole network."""
        k = self.measures.index(measure)
        return self.numerators[:, scope, k], self.denominators[:, scope, k]

    def value(self, measure: str, scope: int = 0) -> float:
        """Of a ratio the sum of its numerators ÷ the sum of its denominators, NaN where that is 0; of another measure the mean."""
        above, below = self.of(measure, scope)
        if np.isnan(below).all():
            return float(above.mean())
        total = float(below.sum())
        return float(above.sum()) / total if total != 0.0 else np.nan


class Bench:
    """Measures one alternative of a scenario at any levels. Not for several threads at once: it has threads of its own.

    levels: what every stock point runs with where nothing else is said. scopes: where is measured, in order.
    """

    def __init__(
        self,
        scenario: Scenario,
        alternative: str,
        *,
        levels: Levels | None = None,
        measures: Sequence[str] = MEASURES,
        detail: Detail = "network",
        engine: str = "auto",
        jobs: int | None = 1,
        seed: int | None = None,
        threads: Shared | None = None,
        executor: Executor | None = None,
    ) -> None:
        """levels: None takes what the alternative's policies derive. measures: names of `chainsim.kpis`. detail: how far
        down they are taken. engine: 'auto' takes the compiled one where it can run this. jobs: workers, −1 for all cores.
        seed: instead of the scenario's. threads: what simulates, in place of workers of its own. executor: the same, elsewhere:
        nothing of the engine is kept between observations.

        Raises ScenarioError when a parameter cannot be derived, UsageError for an unknown alternative, measure or engine,
        MissingPartError for an engine that cannot run this.

        >>> import chainsim
        >>> from chainsim.data import scenario_path
        >>> from chainsim.policies.moved import moved
        >>> bench = Bench(chainsim.load(scenario_path("serial_textbook")).scenario, "each_alone")
        >>> shop = ("stage_1", "item")
        >>> more = bench.observe({shop: moved(bench.levels[shop], 2.0)}, count=1)
        >>> more.value("fill_rate") > bench.observe(count=1).value("fill_rate")
        True
        """
        self.frame = frame_of(scenario, alternative, seed=seed)
        self.levels: Levels = self.frame.derived() if levels is None else dict(levels)
        self.measures = tuple(measures)
        for name in self.measures:
            KPIS.get(name)  # an unknown one is told before anything is simulated
        plan = self.plan()
        self._scopes = Scopes.of(plan.layout, detail)
        self.scopes = self._scopes.names
        self.engine = choose_engine(engine, (plan,), events=inf)
        self._executor = executor or threads or executor_for(self.engine, choose_jobs(jobs, MOST_WORKERS, inf))
        here = executor is None
        self._runners = [runner(self.engine) if here else None for _ in range(self._executor.workers)]

    def plan(self, changes: Levels | None = None) -> Plan:
        """The Plan with other levels at some stock points: for what needs all that a run tells.

        Raises UsageError for a stock point that is not there, or not replenished, and as `Frame.plan` does.
        """
        known = self.frame.alternative.rules
        for place in changes or ():
            if place not in known:
                raise UsageError(
                    f"policy '{self.frame.alternative.name}' has no stock point {' / '.join(place)} to give levels to; "
                    f"it has {len(known)}, by site and product, such as {' / '.join(next(iter(known)))}"
                )
        return self.frame.plan({**self.levels, **(changes or {})})

    def observe(
        self, changes: Mapping[tuple[str, str], Settings] | None = None, *, first: int = 0, count: int
    ) -> Observed:
        """Replications first … first + count − 1 with other levels at some stock points (site, product); those not named
        run with the bench's own.

        Raises BudgetError when a replication never ends, and as `plan` does.
        """
        plan = self.plan(changes)
        pieces = [
            _Piece(run, self.engine, plan, self._scopes, self.measures, int(part[0]), len(part))
            for run, part in zip(
                self._runners, np.array_split(np.arange(first, first + count), len(self._runners)), strict=True
            )
            if len(part)
        ]
        found = {piece.first: parts for piece, parts in self._executor.submit(pieces)}
        parts = [part for start in sorted(found) for part in found[start]]
        return Observed(
            first,
            self.measures,
            self.scopes,
            np.concatenate([part.numerators for part in parts]),
            np.concatenate([part.denominators for part in parts]),
        )


@dataclass(frozen=True)
class _Piece:
    """Some of the replications of an observation."""

    runner: Callable[[Plan, int, int], Iterator[Records]] | None
    """With the engine's memory, which stays where it is; None: one for this piece."""
    engine: str
    plan: Plan
    scopes: Scopes
    measures: tuple[str, ...]
    first: int
    count: int
    common: ClassVar[tuple[str, ...]] = ("plan", "scopes")

    def __str__(self) -> str:
        return f"'{self.plan.policy}' from replication {self.first}"

    def run(self) -> list[Parts]:
        """Simulate and measure."""
        run = self.runner or runner(self.engine)
        return [
            measure_block(View(records, self.plan, self.scopes), self.measures)
            for records in run(self.plan, self.first, self.count)
        ]
