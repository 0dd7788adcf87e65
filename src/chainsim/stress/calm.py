"""The calm path: one policy in the scenario as it is, against which every shock is held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from math import ceil, floor
from typing import Any

import numpy as np

from chainsim.plan.buckets import bucket_edges
from chainsim.plan.derivation import Levels
from chainsim.plan.frame import Frame
from chainsim.plan.plan import Plan
from chainsim.replicate.sampler import Subject
from chainsim.scenario.model import TICKS, Scenario, TimeSpec
from chainsim.stress.watch import Seen, Watch

Array = np.ndarray[Any, Any]
MOST_BUCKETS = 2000
"""Moments at which customers are looked at in one replication, about, at most."""


@dataclass(frozen=True)
class Calm:
    """One policy with its levels, in a frame of the calm scenario."""

    frame: Frame
    levels: Levels

    @property
    def policy(self) -> str:
        """Its name."""
        return self.frame.alternative.name

    @cached_property
    def plan(self) -> Plan:
        """Ready to run."""
        return self.frame.plan(self.levels)

    @cached_property
    def customers(self) -> tuple[int, ...]:
        """Rows of the Plan where customers buy."""
        return tuple(np.flatnonzero(self.plan.layout.customers).tolist())

    @cached_property
    def starts(self) -> Array:
        """When each bucket begins, in time units from the start of the run."""
        edges = bucket_edges(self.plan.clock)
        return np.asarray(edges[:-1] / self.plan.clock.ticks_per_unit)

    def subject(self, measures: Sequence[str], points: Sequence[int] = (), plan: Plan | None = None) -> Subject[Seen]:
        """To be replicated and watched, as it is or as another Plan of it."""
        return Subject(plan or self.plan, partial(Watch, measures=tuple(measures), points=tuple(points)))


def day_of(time: TimeSpec) -> float:
    """A day in time units; a period, where time is in periods."""
    return 1.0 if time.unit == "period" else TICKS["day"] / TICKS[time.unit]


def watched_closely(scenario: Scenario) -> Scenario:
    """The same scenario in buckets of a day (a period), or of a few where the run is long: no sample path and no cost moves.

    Where costs are charged at the ends of buckets, they stay as they are.
    """
    time = replace(scenario.time, series="stock_point")  # what customers lack is watched place by place
    scenario = replace(scenario, time=time)
    if scenario.charge == "bucket_ends":
        return scenario
    day = day_of(time)
    width = day * max(1, ceil((time.warm_up + time.horizon) / day / MOST_BUCKETS))
    return scenario if time.bucket <= width else replace(scenario, time=replace(time, bucket=width))


def cut_short(scenario: Scenario, end: float) -> Scenario:
    """The same scenario, ending soon after `end` (time units from the start of the run): until then nothing is different."""
    time = scenario.time
    horizon = min(time.horizon, (ceil((end - time.warm_up) / time.bucket) + 1) * time.bucket)
    return replace(scenario, time=replace(time, horizon=horizon))


def usual_start(time: TimeSpec) -> float:
    """When an outage begins if nobody says: a quarter into what is measured, at a whole bucket, so that three quarters are
    left to recover in.

    >>> usual_start(TimeSpec("day", 90.0, 365.0, 1.0))
    181.0
    """
    return time.warm_up + time.bucket * floor(time.horizon / 4.0 / time.bucket)
