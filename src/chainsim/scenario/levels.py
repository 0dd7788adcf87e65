"""The level of a stream of demand over time: its season, steps and surges together."""

from __future__ import annotations

from chainsim.demand.level import Level
from chainsim.scenario.model import Demand, TimeSpec


def level_of(demand: Demand, time: TimeSpec) -> Level:
    """The level in ticks of the scenario's clock."""
    level, ticks = Level.constant(), time.ticks_per_unit
    day = round(ticks * time.units_per_year / 365.0)
    if demand.weekly:
        level = level * Level.weekly(demand.weekly, day)
    if demand.yearly:
        level = level * Level.yearly(demand.yearly, day)
    for step in demand.steps:
        level = level * Level.step(round(step.at * ticks), step.factor)
    for surge in demand.surges:
        level = level * Level.surge(
            round(surge.start * ticks), round(surge.duration * ticks), surge.factor, surge.known
        )
    return level
