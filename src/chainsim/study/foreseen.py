"""The scenario as planners see it: what comes as a surprise is not in it."""

from __future__ import annotations

from dataclasses import replace

from chainsim.scenario.model import Scenario
from chainsim.scenario.model_outages import needed


def foreseen(scenario: Scenario) -> Scenario:
    """Without the outages and surges that are not marked `known: true`, which move no level; the scenario itself where there
    are none."""
    surges = (surge for demand in scenario.demands for surge in demand.surges)
    if all(outage.known for outage in scenario.outages) and all(surge.known for surge in surges):
        return scenario
    known = {outage.label: outage for outage in scenario.outages if outage.known}
    outages = needed(scenario.outages, known)
    demands = tuple(
        replace(demand, surges=tuple(surge for surge in demand.surges if surge.known)) if demand.surges else demand
        for demand in scenario.demands
    )
    return replace(scenario, outages=outages, demands=demands)
