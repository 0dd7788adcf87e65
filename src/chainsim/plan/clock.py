"""The clock of a scenario's run, in ticks."""

from __future__ import annotations

from chainsim.plan.plan import Clock
from chainsim.scenario.model import Scenario


def clock_of(scenario: Scenario) -> Clock:
    """The clock of a scenario's run."""
    time = scenario.time
    return Clock(
        warm_up=time.ticks(time.warm_up),
        end=time.end,
        bucket=time.ticks(time.bucket),
        ticks_per_unit=time.ticks_per_unit,
        units_per_year=time.units_per_year,
        unit=time.unit,
        start=time.start or "",
    )
