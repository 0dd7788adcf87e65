"""The level of a stream of demand over time: its season, steps and surges together."""

from __future__ import annotations

from functools import lru_cache

from chainsim.demand.level import Level
from chainsim.scenario.model import Demand, TimeSpec
from chainsim.scenario.model_changes import Step, Surge


def level_of(demand: Demand, time: TimeSpec) -> Level:
    """The level in ticks of the scenario's clock."""
    return _level(time, demand.weekly, demand.yearly, demand.steps, demand.surges)


@lru_cache(maxsize=1024)  # streams of a network share their seasons, and all checks ask for them
def _level(
    time: TimeSpec,
    weekly: tuple[float, ...],
    yearly: tuple[float, ...],
    steps: tuple[Step, ...],
    surges: tuple[Surge, ...],
) -> Level:
    level, day = Level.constant(), time.ticks(time.units_per_year / 365.0)
    if weekly:
        level = level * Level.weekly(weekly, day)
    if yearly:
        level = level * Level.yearly(yearly, day)
    for step in steps:
        level = level * Level.step(time.ticks(step.at), step.factor)
    for surge in surges:
        level = level * Level.surge(time.ticks(surge.start), time.ticks(surge.duration), surge.factor, surge.known)
    return level
