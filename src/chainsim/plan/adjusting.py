"""The adjustments of an alternative on top of what its stock points would run with (`policies.adjust`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from chainsim.errors import Finding, Place, ScenarioError
from chainsim.plan.network import Network
from chainsim.policies.adjust import cover_in_units, with_levels, with_lots
from chainsim.policies.base import NetworkFacts, Settings, watched
from chainsim.scenario.model import Alternative

Levels = Mapping[tuple[str, str], Settings]


def adjusted(alternative: Alternative, network: Network, facts: NetworkFacts, levels: Levels) -> Levels:
    """Levels with the adjustments of their stock points. What a stock point holds more is part of the echelons above it, so
    a level that watches an echelon rises by all that was added below.

    facts: those that the levels were derived from. Raises ScenarioError where a policy has nothing to be adjusted.
    """
    if not alternative.adjust:
        return levels
    known = {(point.site, point.product): point for point in facts.points}
    rises, findings = dict.fromkeys(levels, 0.0), []
    found = dict(levels)
    for place, wanted in alternative.adjust.items():
        if place not in levels:
            continue
        try:
            rises[place] = cover_in_units(levels[place], known[place], wanted.cover)
            found[place] = with_lots(levels[place], known[place], wanted.lots)
        except ValueError as error:
            at = alternative.rules[place].place or Finding("error", Place(""), f"policies.{alternative.name}", "")
            findings.append(replace(at, message=str(error), cure="leave this place out of `adjust`"))
    if findings:  # one is enough of what is as wrong at a thousand stores
        raise ScenarioError(findings[:1])
    for place, settings in found.items():
        rise = rises[place]
        if watched(alternative.rules[place].policy, settings) == "echelon":
            here = network.index[place]
            for i in network.downstream[here]:
                point = network.points[i]
                rise += network.content(here, i) * rises.get((point.site, point.product), 0.0)
        found[place] = with_levels(settings, rise)
    return found
