"""The Plans of many scenarios that differ in a few values, as `chainsim run` would make each of them.

A sweep asks for the Plans of one network again and again. Whatever was worked out before is not worked out again: the short
simulations of a stock point that is the same as one met earlier are looked up. What comes of it is the same to the last bit.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, fields, replace

from chainsim.errors import UsageError
from chainsim.plan.derivation import Derivation, Levels
from chainsim.plan.frame import Frame
from chainsim.plan.ground import Ground, ground_of
from chainsim.plan.plan import Plan
from chainsim.scenario.model import Scenario
from chainsim.study.budget import MAX_EVENTS, check_events, check_expected, check_groups, check_size
from chainsim.study.calibration import calibrated
from chainsim.study.remembered import Memo
from chainsim.study.search import Found

OTHER_POINTS = "levels can only be kept where the network has the same stock points as the base scenario"


def check_same_points(scenario: Scenario, base: Scenario) -> None:
    """Raises UsageError where the levels of one scenario cannot be those of another: policies or stock points are others."""
    if {a.name: frozenset(a.rules) for a in scenario.alternatives} != {
        a.name: frozenset(a.rules) for a in base.alternatives
    }:
        raise UsageError(OTHER_POINTS)


@dataclass(frozen=True)
class Planned:
    """Plans of a scenario's alternatives; the levels they run with, by alternative; the stock points these have rules for."""

    plans: list[Plan]
    levels: Mapping[str, Levels]
    places: Mapping[str, frozenset[tuple[str, str]]]


class Planner:
    """Makes Plans, and remembers what short simulations found. engine: what simulates these."""

    def __init__(self, engine: str = "auto", max_events: float = MAX_EVENTS) -> None:
        self.engine, self.max_events = engine, max_events
        self._memo = Memo()
        self._ground: Ground | None = None
        self._frames: dict[str, Frame] = {}

    @property
    def found(self) -> Mapping[Hashable, tuple[Found | None, float]]:
        """What short simulations found so far, for a planner of another process: plain values that travel."""
        return self._memo.found

    def recall(self, found: Mapping[Hashable, tuple[Found | None, float]]) -> None:
        """Take what another planner found, which need not be searched for again."""
        self._memo.found.update(found)

    def plans(self, scenario: Scenario) -> Planned:
        """With the levels that policies derive and short simulations correct. Raises ScenarioError where they cannot be derived,
        BudgetError."""
        check_size(scenario, self.max_events)
        frames = self._framed(scenario)
        scenario = next(iter(frames.values())).ground.scenario
        derivations = {name: Derivation(f.ground.network, f.facts, f.derived()) for name, f in frames.items()}
        expected = {name: frames[name].expected_events(derived.levels) for name, derived in derivations.items()}
        check_expected(expected, scenario.replications, self.max_events)
        levels = calibrated(scenario, derivations, engine=self.engine, memo=self._memo).levels
        places = {alternative.name: frozenset(alternative.rules) for alternative in scenario.alternatives}
        plans = [frame.plan(levels[name]) for name, frame in frames.items()]
        check_groups(plans[0], scenario.time)
        return Planned(plans, levels, places)

    def with_levels(self, scenario: Scenario, base: Planned) -> list[Plan]:
        """With the levels of another scenario, whatever this one would derive. Raises UsageError where stock points are others."""
        check_size(scenario, self.max_events)
        frames = self._framed(scenario)
        plans = []
        for alternative in scenario.alternatives:
            if frozenset(alternative.rules) != base.places[alternative.name]:
                raise UsageError(OTHER_POINTS)
            plans.append(frames[alternative.name].plan(base.levels[alternative.name]))
        check_events(plans, scenario.replications, self.max_events)
        return plans

    def _framed(self, scenario: Scenario) -> dict[str, Frame]:
        """A frame for every alternative, with what is the same as for the scenario before."""
        if self._ground is not None:
            scenario = sharing(scenario, self._ground.scenario)
        ground = self._ground = ground_of(scenario, known=self._ground)
        self._frames = {a.name: Frame(a, ground, self._frames.get(a.name)) for a in scenario.alternatives}
        return self._frames


def sharing(scenario: Scenario, known: Scenario) -> Scenario:
    """The scenario itself, made of the very parts of another one where these are equal, so that comparing them again takes no time."""
    same = {
        f.name: getattr(known, f.name)
        for f in fields(scenario)
        if f.compare and getattr(scenario, f.name) == getattr(known, f.name)
    }
    if "alternatives" not in same:
        by_name = {alternative.name: alternative for alternative in known.alternatives}
        same["alternatives"] = tuple(a if by_name.get(a.name) != a else by_name[a.name] for a in scenario.alternatives)
    return replace(scenario, **same)
