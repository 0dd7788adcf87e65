"""Scenario + alternative → Plan.

Everything uncertain is settled here, once: indices, ticks, streams, parameters, initial state. Engines only look up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chainsim.plan.derivation import Levels, chosen_alternatives
from chainsim.plan.frame import Frame
from chainsim.plan.ground import Ground, ground_of
from chainsim.plan.plan import Plan
from chainsim.policies.base import NetworkFacts
from chainsim.scenario.model import Scenario


def compile_plan(
    scenario: Scenario, alternative: str, *, seed: int | None = None, levels: Levels | None = None
) -> Plan:
    """The Plan of one alternative, by its name in the scenario.

    levels: what its stock points run with, in place of what its policies derive and the scenario puts on top; those left out
    never order.
    Raises ScenarioError when a parameter cannot be derived, UsageError for an unknown alternative.
    """
    frame = frame_of(scenario, alternative, seed=seed)
    return frame.plan(frame.asked() if levels is None else levels)


def compile_plans(
    scenario: Scenario,
    alternatives: Sequence[str] | None = None,
    *,
    seed: int | None = None,
    levels: Mapping[str, Levels] | None = None,
    grounds: dict[int, Ground] | None = None,
    facts: Mapping[str, NetworkFacts] | None = None,
) -> list[Plan]:
    """The Plans of several alternatives, all by default. What they share (customers, lanes, plants) is compiled once.

    levels: by alternative, as in `compile_plan`. grounds: what earlier calls for this scenario shared, by seed, which is added to.
    facts: what the policies of an alternative of this scenario were told, where that is known: of a large network it is as much as a Plan.
    Raises as `compile_plan` does.
    """
    chosen, known = chosen_alternatives(scenario, alternatives), levels or {}
    seed, grounds = scenario.seed if seed is None else seed, {} if grounds is None else grounds
    ground = grounds[seed] = grounds.get(seed) or ground_of(scenario, seed)
    plans = []
    for alternative in chosen:
        if facts and alternative.name in facts:
            ground.tell(alternative, facts[alternative.name])
        frame, levels_of = Frame(alternative, ground), known.get(alternative.name)
        plans.append(frame.plan(frame.asked() if levels_of is None else levels_of))
    return plans


def frame_of(scenario: Scenario, alternative: str, *, seed: int | None = None) -> Frame:
    """One alternative ready to be compiled again and again, with any levels. seed: instead of the scenario's.

    Raises UsageError for an unknown alternative.
    """
    [chosen] = chosen_alternatives(scenario, [alternative])
    return Frame(chosen, ground_of(scenario, seed))
