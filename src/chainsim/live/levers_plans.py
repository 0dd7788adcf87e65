"""The Plans of a study at any changes, as `chainsim run --set … [--hold]` compiles them, bit for bit.

A page asks for hundreds of them. What is the same is worked out once: customers and lanes of a world, levels of a policy in it,
what a short simulation found.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chainsim.live.memory import Memory
from chainsim.plan.adjusting import adjusted
from chainsim.plan.derivation import Derivation, Levels, chosen_alternatives
from chainsim.plan.frame import Frame
from chainsim.plan.ground import Ground, ground_of
from chainsim.plan.plan import Plan
from chainsim.scenario.change import steps_of
from chainsim.scenario.model import Alternative, Scenario
from chainsim.study.calibration import TOTAL_EVENTS, Calibrated, calibrated
from chainsim.study.loading import Study
from chainsim.study.planning import check_same_points
from chainsim.study.remembered import Memo

Changes = Mapping[str, Any]
EVENTS_A_SECOND = 4e6
EVENTS_OF_AN_ENTRY = 1.2e5
"""Of the short simulations of one corrected level, where they are not told."""
OF_A_LEVEL = 0.03
DERIVED = 0.001
OF_A_POINT = {"policies": 0.0001, "prices": 0.0002, "world": 0.00035}
"""Seconds of a processor that a level takes to be derived, a stock point to be compiled where levels are, and one to be compiled after a
change of each group where they are not, about: what a budget reckons with, so that the same scenario has the same levers everywhere."""
HOME = ""
"""The key of the world as mailed."""


class TooMuch(ValueError):
    """Levels that take more short simulations than a run allows its policies, so that they may depend on all of them."""


@dataclass(frozen=True)
class _Known:
    """What one policy, with nothing on top of its numbers, runs with in one world."""

    bare: Alternative
    derivation: Derivation


class Workshop:
    """Compiles a study, with some changes, for policies that know of these or do not."""

    def __init__(
        self,
        study: Study,
        *,
        seed: int,
        policies: Sequence[str],
        calibration: Calibrated | None = None,
        known: Sequence[Mapping[str, Any]] = (),
        hold: bool = False,
        engine: str = "auto",
    ) -> None:
        """seed, policies: of the run. calibration: its levels, where they are at hand; else known: what it corrected. hold: whether
        it was run with the levels of the study before its changes. engine: what short simulations run on."""
        self.study, self.seed, self.policies, self.hold, self.engine = study, seed, tuple(policies), hold, engine
        self._scenarios: dict[str, Scenario] = {}
        self._grounds: dict[str, Ground] = {}
        self._frames: dict[tuple[int, str], list[Frame]] = {}
        self._memories: dict[int, tuple[Plan, Memory]] = {}
        self._levels: dict[tuple[str, str], list[_Known]] = {}
        self._memo = Memo()
        planned = self._settled(study.planned) if hold else self._scenario({})
        if calibration is None:
            calibration = calibrated(planned, engine=engine, known=known, memo=self._memo)
        self.events = calibration.events or EVENTS_OF_AN_ENTRY * len(calibration.entries)
        for alternative in planned.alternatives:
            known_here = _Known(replace(alternative, adjust={}), calibration.corrected[alternative.name])
            self._levels[HOME, alternative.name] = [known_here]
        self.mailed = self.plans({})

    # what is asked

    def plans(self, changes: Changes, *, hold: bool = False, names: Container[str] | None = None) -> dict[str, Plan]:
        """The Plan of every policy with these changes. hold: policies do not know of those that are not about themselves.
        names: of these policies only.

        Raises ScenarioError, UsageError and TooMuch where there is none.
        """
        scenario, planned, world = self._worlds(changes, hold)
        if planned is not scenario:
            check_same_points(scenario, planned)
        ground = self._ground(_key(_of_the_world(changes)), scenario)
        believed = {alternative.name: alternative for alternative in planned.alternatives}
        return {
            alternative.name: self._frame(alternative, ground).plan(
                self._levels_of(believed[alternative.name], planned, world)
            )
            for alternative in scenario.alternatives
            if names is None or alternative.name in names
        }

    def moved(self, changes: Changes, *, hold: bool = False) -> dict[str, Plan]:
        """The same of those policies whose Plan is another one than the mailed one."""
        found = self.plans(changes, hold=hold, names=self._named(changes))
        return {
            name: plan
            for name, plan in found.items()
            if self.memory(self.mailed[name]).patch_to(self.memory(plan)).changes
        }

    def memory(self, plan: Plan) -> Memory:
        """What an engine is told of a Plan, prices included; of one Plan it is made once."""
        if id(plan) not in self._memories:
            self._memories[id(plan)] = plan, Memory.of(plan)
        return self._memories[id(plan)][1]

    def cost(self, changes: Changes, group: str, *, hold: bool = False) -> float:
        """Seconds of a processor that `moved` takes, about. group: what the changes are about (`OF_A_POINT`)."""
        _, planned, world = self._worlds(changes, hold)
        seconds, names = 0.0, self._named(changes)
        for alternative in planned.alternatives:
            if alternative.name not in names:
                continue
            derived = self._known(alternative, world) is None
            seconds += (DERIVED if derived else OF_A_POINT[group]) * len(alternative.rules)
            if derived:
                levels = self._levels[HOME, alternative.name][0].derivation.levels
                distinct = len({(known.p, known.order_up_to) for known in levels.values()})
                seconds += OF_A_LEVEL * distinct + self.events / len(self.policies) / EVENTS_A_SECOND
        return seconds

    def derives(self, changes: Changes, *, hold: bool = False) -> bool:
        """Whether levels have to be derived for these changes that are not known yet."""
        _, planned, world = self._worlds(changes, hold)
        names = self._named(changes)
        return any(a.name in names and self._known(a, world) is None for a in planned.alternatives)

    @property
    def scenario(self) -> Scenario:
        """The scenario as mailed."""
        return self._scenario({})

    @property
    def derivations(self) -> dict[str, Derivation]:
        """What the numbers of every policy as mailed were derived from."""
        return {name: self._levels[HOME, name][0].derivation for name in self.policies}

    def _named(self, changes: Changes) -> tuple[str, ...]:
        """The policies that changes may move: all, where the world changes."""
        if _of_the_world(changes):
            return self.policies
        before = {alternative.name: alternative for alternative in self._scenario({}).alternatives}
        return tuple(a.name for a in self._scenario(changes).alternatives if a != before[a.name])

    # scenarios

    def _worlds(self, changes: Changes, hold: bool) -> tuple[Scenario, Scenario, str]:
        """What happens, what the policies believe in, and the key of the world they believe in."""
        scenario, world = self._scenario(changes), _of_the_world(changes)
        own = {path: value for path, value in changes.items() if path not in world}
        if self.hold:
            return scenario, self._settled((self.study.with_(own) if own else self.study).planned), HOME
        if hold and world:
            return scenario, self._scenario(own), HOME
        return scenario, scenario, _key(world)

    def _scenario(self, changes: Changes) -> Scenario:
        key = _key(changes)
        if key not in self._scenarios:
            self._scenarios[key] = self._settled(self.study.with_(changes) if changes else self.study)
        return self._scenarios[key]

    def _settled(self, study: Study) -> Scenario:
        chosen = chosen_alternatives(study.scenario, self.policies)
        return replace(study.scenario, seed=self.seed, alternatives=tuple(chosen))

    def _ground(self, key: str, scenario: Scenario) -> Ground:
        """Customers, lanes and plants of a world; what is the same as in another one is taken from there."""
        if key not in self._grounds:
            self._grounds[key] = ground_of(scenario, known=next(iter(self._grounds.values()), None))
        return self._grounds[key]

    def _frame(self, alternative: Alternative, ground: Ground) -> Frame:
        """A policy on a ground, compiled once: what comes on top of its numbers is in its levels."""
        bare = replace(alternative, adjust={})
        frames = self._frames.setdefault((id(ground), alternative.name), [])
        found = next((frame for frame in frames if frame.alternative == bare), None)
        if found is None:
            frames.append(found := Frame(bare, ground))
        return found

    # levels

    def _levels_of(self, alternative: Alternative, planned: Scenario, world: str) -> Levels:
        """What a policy runs with that believes in `planned`, with what comes on top."""
        known = self._known(alternative, world)
        if known is None:
            known = self._derived(replace(alternative, adjust={}), planned, world)
            self._levels.setdefault((world, alternative.name), []).append(known)
        found = known.derivation
        return adjusted(alternative, found.network, found.facts, found.levels)

    def _known(self, alternative: Alternative, world: str) -> _Known | None:
        bare = replace(alternative, adjust={})
        return next((known for known in self._levels.get((world, alternative.name), ()) if known.bare == bare), None)

    def _derived(self, bare: Alternative, planned: Scenario, world: str) -> _Known:
        """As a run derives and corrects them. A run shares its short simulations among all its policies; alone, a policy has the same
        levels as long as nobody comes near the limit."""
        alone = replace(planned, alternatives=(bare,))
        frame = Frame(bare, ground_of(alone, known=self._grounds.get(world)))
        derivation = Derivation(frame.ground.network, frame.facts, frame.derived())
        found = calibrated(alone, {bare.name: derivation}, engine=self.engine, memo=self._memo)
        if max(found.events, self.events / len(self.policies)) >= TOTAL_EVENTS / len(self.policies):
            raise TooMuch("their levels take too many short simulations")
        return _Known(bare, found.corrected[bare.name])


def is_own(path: str) -> bool:
    """Whether a path is about a policy, which knows of it."""
    return steps_of(path)[0] == "policies"


def _of_the_world(changes: Changes) -> Changes:
    return {path: value for path, value in changes.items() if not is_own(path)}


def _key(changes: Changes) -> str:
    return repr(list(changes.items())) if changes else HOME
