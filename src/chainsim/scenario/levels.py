"""The level of a stream of demand over time: its season, steps and surges together."""

from __future__ import annotations

from chainsim.demand.level import Level
from chainsim.scenario.model import Demand, TimeSpec


def level_of(demand: Demand, time: TimeSpec) -> Level:
    """The level in ticks of the scenario's clock."""
    level, day = Level.constant(), time.ticks(time.units_per_year / 365.0)
    if demand.weekly:
        level = level * Level.weekly(demand.weekly, day)
    if demand.yearly:
        level = level * Level.yearly(demand.yearly, day)
    for step in demand.steps:
        level = level * Level.step(time.ticks(step.at), step.factor)
    for surge in demand.surges:
        level = level * Level.surge(time.ticks(surge.start), time.ticks(surge.duration), surge.factor, surge.known)
    return level
