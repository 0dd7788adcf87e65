"""Short simulations of one stock point alone: a growing sample, long enough for the service that is asked.

Every level meets the same random numbers, over the same number of replications. What is counted is the same on either
engine to the last bit, and so is everything decided from it.
"""

from __future__ import annotations

from dataclasses import replace
from math import sqrt
from typing import Any, Literal

import numpy as np

from chainsim.engines.base import choose_engine, replications
from chainsim.errors import BudgetError
from chainsim.plan.compile import compile_plan
from chainsim.plan.plan import Plan
from chainsim.policies.base import Settings
from chainsim.study.isolation import ALONE, PLACE, Isolated

Array = np.ndarray[Any, Any]
Kind = Literal["service", "fill_rate"]
RUN_EVENTS = 4e5
"""Calendar events of one short simulation, at most: a fraction of a second on the compiled engine, seconds on simpy."""
FEWEST, FIRST = 4, 16
"""Replications that a horizon is cut short for, and those taken before the first look at their spread."""
TABLES = {"fill_rate": ("filled", "demanded"), "service": ("cycles_failed", "cycles")}
"""Totals of a stock point that its service is made from, as in the measures `fill_rate` and `cycle_service_level`."""


class Alone:
    """Measures the service of one stock point at any settings."""

    def __init__(self, isolated: Isolated, kind: Kind, asked: float, settings: Settings, engine: str) -> None:
        """settings: those to begin with. Raises BudgetError where one replication is more than a run may be, and may not
        be cut short."""
        self.kind, self.asked, self.engine, self.scenario = kind, asked, engine, isolated.scenario
        expected = self._plan(settings).expected_events
        if expected * FEWEST > RUN_EVENTS and not isolated.calendar:
            time = self.scenario.time
            horizon = time.horizon * RUN_EVENTS / (FEWEST * expected)
            short = replace(time, horizon=horizon, bucket=horizon, warm_up=min(time.warm_up, horizon / 4.0))
            self.scenario = replace(self.scenario, time=short)
            expected = self._plan(settings).expected_events
        if expected > RUN_EVENTS:
            raise BudgetError(f"one replication is about {expected:.1e} events (limit of a short run {RUN_EVENTS:.0e})")
        self.expected, self.most = expected, max(1, int(RUN_EVENTS / expected))
        self.count = 0
        """Replications of every run; the first run settles them."""
        self.events = 0.0
        """Calendar events of all runs, as expected beforehand."""

    def service(self, settings: Settings) -> float:
        """Sum ÷ sum over the replications; 0 where nothing ever came or was asked for."""
        plan = self._plan(settings)
        if self.count:
            return _ratio(self._counts(plan, 0, self.count))
        counts = self._counts(plan, 0, min(FIRST, self.most))
        while len(counts) < self.most and not self._enough(counts):
            more = min(2 * len(counts), self.most) - len(counts)
            counts = np.concatenate((counts, self._counts(plan, len(counts), more)))
        self.count = len(counts)
        return _ratio(counts)

    def _plan(self, settings: Settings) -> Plan:
        return compile_plan(self.scenario, ALONE, levels={PLACE: settings})

    def _counts(self, plan: Plan, first: int, count: int) -> Array:
        """What went well, and what there was, by replication."""
        self.events += count * self.expected
        engine = choose_engine(self.engine, (plan,), events=5 * RUN_EVENTS)
        shop = plan.layout.unlimited.tolist().index(False)
        rows = []
        for records in replications(plan, first, count, engine=engine):
            closing, opening = records.closing["points"], records.opening["points"]
            part, whole = (
                closing[name][:, shop].astype(np.float64) - opening[name][:, shop] for name in TABLES[self.kind]
            )
            rows.append(np.stack((part if self.kind == "fill_rate" else whole - part, whole), axis=1))
        return np.concatenate(rows)

    def _enough(self, counts: Array) -> bool:
        """Whether the standard error at the level sought, where as much fails as may fail, will be small."""
        if len(counts) * self.expected < RUN_EVENTS / 8.0:
            return False
        service, may_fail = _ratio(counts), 1.0 - self.asked
        wanted = min(max(0.03 * may_fail, 0.0008), 0.002)
        # few failures seen tell of a small spread, which grows with their number as the level falls
        growth = max(1.0, may_fail / max(1.0 - service, may_fail / 20.0))
        return _standard_error(counts) * sqrt(growth) <= wanted


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
