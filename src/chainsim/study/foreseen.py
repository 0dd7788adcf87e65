"""The scenario as planners see it: what comes as a surprise is not in it."""

from __future__ import annotations

from dataclasses import replace

from chainsim.scenario.model import Scenario


def foreseen(scenario: Scenario) -> Scenario:
    """Without the outages and surges that are not marked `known: true`, which move no level; the scenario itself where there
    are none."""
    outages = tuple(outage for outage in scenario.outages if outage.known)
    demands = tuple(
        replace(demand, surges=tuple(surge for surge in demand.surges if surge.known)) for demand in scenario.demands
    )
    if (outages, demands) == (scenario.outages, scenario.demands):
        return scenario
    return replace(scenario, outages=outages, demands=demands)
