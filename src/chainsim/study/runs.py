"""Short simulations: a growing sample of a scenario, long enough for the services that are asked.

Every set of levels meets the same random numbers, over the same number of replications. What is counted is the same on
either engine to the last bit, and so is everything decided from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import Any, Literal

import numpy as np

from chainsim.engines.base import choose_engine, runner
from chainsim.errors import BudgetError
from chainsim.plan.derivation import Levels
from chainsim.plan.plan import Plan
from chainsim.record.stack import Records
from chainsim.scenario.model import Scenario
from chainsim.study.remembered import Frames

Array = np.ndarray[Any, Any]
Kind = Literal["service", "fill_rate"]
Run = Callable[[Plan, int, int], Iterator[Records]]
FEWEST, FIRST = 4, 16
"""Replications that a horizon is cut short for, and those taken before the first look at their spread."""

CYCLES = 8.0
"""A horizon that is cut short holds the stock points' longest cycle at least so many times, its warm-up two of them: in less
time they live on what they began with, and any level serves."""
CLOSELY = 6
"""Times the replications where it must be known more closely: an error of 0.2 point becomes one of 0.08."""
MANY_RUNS = 100.0
"""Runs that may follow the first, of other stock points as well: what the choice of an engine takes into account."""


@dataclass(frozen=True)
class Asked:
    """A service asked of some equal stock points (rows of the Plan) together."""

    points: tuple[int, ...]
    kind: Kind
    value: float


class ShortRuns:
    """Measures what the stock points of one alternative serve, at any levels."""

    def __init__(
        self,
        scenario: Scenario,
        alternative: str,
        levels: Levels,
        engine: str,
        *,
        most_events: float,
        calendar: bool,
        cycle: float,
        frames: Frames,
        place: tuple[str, ...],
    ) -> None:
        """levels: those to begin with. most_events: of one run. calendar: the horizon may not be cut short. cycle: the time
        from one order to the arrival of the next, of the stock points that are asked the longest. frames: what was compiled
        before, at this place of the scenario.

        Raises BudgetError where one replication is more than a run may be.
        """
        self.alternative, self.engine, self.most_events = alternative, engine, most_events
        self._frames, self._place = frames, place
        self._runners: dict[str, Run] = {}
        self._settle(replace(scenario, time=replace(scenario.time, bucket=scenario.time.horizon)))
        expected = self._frame.expected_events(levels)
        if expected * FEWEST > most_events and not calendar:
            time = scenario.time
            horizon = time.horizon * most_events / (FEWEST * expected)
            if horizon < min(CYCLES * cycle, time.horizon):
                raise BudgetError(
                    f"a short run of {most_events:.0e} events ends after {horizon:.3g} {time.unit}s, and orders follow each other "
                    f"in up to {cycle:.3g}"
                )
            short = replace(time, horizon=horizon, bucket=horizon, warm_up=min(time.warm_up, horizon / 4.0))
            self._settle(replace(self.scenario, time=short))
            expected = self._frame.expected_events(levels)
        if expected > most_events:
            raise BudgetError(
                f"one replication is about {expected:.1e} events (limit of a short run {most_events:.0e})"
            )
        self.expected, self.most = expected, max(1, int(most_events / expected))
        self.count = 0
        """Replications of every run; the first run settles them."""
        self.events = 0.0
        """Calendar events of all runs, as expected beforehand."""

    def services(self, levels: Levels, asked: Sequence[Asked], closely: bool = False) -> list[float]:
        """Sum ÷ sum over replications and stock points; 0 where nothing ever came or was asked for. closely: over CLOSELY
        times as many replications, once the first run has settled them."""
        plan = self._frame.plan(levels)
        sample = _Sample(
            plan, asked, self._runner(choose_engine(self.engine, (plan,), events=MANY_RUNS * self.most_events))
        )
        count = self.count * CLOSELY if closely else self.count
        if count:
            counts = sample.grown(count)
        else:
            counts = sample.grown(min(FIRST, self.most))
            while len(counts) < self.most and not self._enough(counts, asked):
                counts = sample.grown(min(2 * len(counts), self.most))
            count = self.count = len(counts)
        self.events += count * self.expected
        return [_ratio(counts[:, k]) for k in range(len(asked))]

    def _runner(self, engine: str) -> Run:
        """What simulates: the memory of one run serves the next, which differs in levels only."""
        if engine not in self._runners:
            self._runners[engine] = runner(engine)
        return self._runners[engine]

    def _settle(self, scenario: Scenario) -> None:
        """What no level changes (customers, lanes, plants) is compiled once: of a long history it is most of the work."""
        self.scenario, self._frame = scenario, self._frames.of(scenario, self.alternative, self._place)

    def _enough(self, counts: Array, asked: Sequence[Asked]) -> bool:
        """Whether all standard errors at the levels sought, where as much fails as may fail, will be small."""
        if len(counts) * self.expected < self.most_events / 8.0:
            return False
        for k, one in enumerate(asked):
            service, may_fail = _ratio(counts[:, k]), 1.0 - one.value
            wanted = min(max(0.03 * may_fail, 0.0008), 0.002)
            # few failures seen tell of a small spread, which grows with their number as the level falls
            growth = max(1.0, may_fail / max(1.0 - service, may_fail / 20.0))
            if _standard_error(counts[:, k]) * sqrt(growth) > wanted:
                return False
        return True


class _Sample:
    """What went well, and what there was, in as many replications of a Plan as are wanted: simulated here."""

    def __init__(self, plan: Plan, asked: Sequence[Asked], run: Run) -> None:
        self.plan, self.asked, self.run = plan, asked, run
        self.parts: list[Array] = []
        self.count = 0

    def grown(self, count: int) -> Array:
        """Counts of the first so many replications: [replications, asked, 2]."""
        for records in self.run(self.plan, self.count, count - self.count):
            closing, opening = records.closing["points"], records.opening["points"]
            self.parts.append(np.stack([_counted(one, closing, opening) for one in self.asked], axis=1))
        self.count = count
        return np.concatenate(self.parts)


def _counted(asked: Asked, closing: Array, opening: Array) -> Array:
    """Totals as in the measures `fill_rate` and `cycle_service_level` of a stock point: [replications, 2]."""

    def grown(name: str) -> Array:
        columns = list(asked.points)
        rows: Array = closing[name][:, columns].astype(np.float64) - opening[name][:, columns]
        total: Array = rows.sum(axis=1)
        return total

    if asked.kind == "fill_rate":
        good, there = grown("filled") + grown("requested_filled"), grown("demanded") + grown("requested")
    else:
        there = grown("cycles")
        good = there - grown("cycles_failed")
    return np.stack((good, there), axis=1)


def _ratio(counts: Array) -> float:
    good, there = counts.sum(axis=0).tolist()
    return good / there if there > 0.0 else 0.0


def _standard_error(counts: Array) -> float:
    """Of a ratio of sums (W. Cochran 1977, Sampling Techniques, §6.3)."""
    n, there = len(counts), float(counts[:, 1].sum())
    if n < 2 or there <= 0.0:
        return float("inf")
    left = counts[:, 0] - _ratio(counts) * counts[:, 1]
    return sqrt(n / (n - 1) * float(left @ left)) / there
