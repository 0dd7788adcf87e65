"""One alternative whose numbers are sought: what it asks today, what of it may be moved, and what any numbers give.

What is tried is always a policy with its numbers written out, stock point by stock point, and what it runs with is derived
from it by the ordinary road. So the scenario that is written in the end runs with what was tried, to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, replace
from math import sqrt
from typing import Any

from chainsim.errors import ScenarioError, UsageError
from chainsim.plan.compile import frame_of
from chainsim.plan.derivation import Levels, anywhere, derive, settled
from chainsim.policies.base import POLICIES, PointFacts, Policy, Settings
from chainsim.policies.knobs import EXTRA, Knobs
from chainsim.policies.moved import LEVELS, moved
from chainsim.scenario.model import PointPolicy, Scenario

Place = tuple[str, str]
Written = Mapping[Place, Policy]
"""A policy with its numbers written out for every stock point that orders."""


@dataclass(frozen=True)
class Dial:
    """What may be moved of one stock point's written numbers. spread: the standard deviation of what an order covers, in units,
    in which levels move; least: its lowest level; whole: in whole units; level, lot: whether these may be moved."""

    spread: float
    least: float
    whole: bool
    level: bool
    lot: bool


class Subject:
    """An alternative of a scenario, ready for any numbers."""

    def __init__(self, scenario: Scenario, name: str, touches: Callable[[Place], bool] = lambda place: False) -> None:
        """touches: whether numbers that the user gave there may be moved all the same.

        Raises UsageError where a policy type declares no knobs, or says why it has none; ScenarioError when a parameter
        cannot be derived.
        """
        self.scenario, self.name = scenario, name
        self.frame = frame_of(scenario, name)
        network = self.frame.ground.network
        self.asked: Levels = self.frame.asked()
        self.policies = {place: self.frame.alternative.rules[place].policy for place in self.asked}
        self.facts: dict[Place, PointFacts] = {
            place: self.frame.facts.points[network.index[place]] for place in self.asked
        }
        self._alike = _numbered(self.facts)
        self._known: dict[tuple[Policy, int, tuple[float, ...]], Settings] = {}
        for policy in dict.fromkeys(self.policies.values()):
            refuse_unknown(policy)
        self.start = self.written(self.asked, self.policies)
        self.dials = {place: self._dial(place, touches(place)) for place in self.asked}
        self.below = {place: self._below(place) for place in self.asked}

    @property
    def label(self) -> str:
        """Its name in sentences."""
        return self.frame.alternative.label or self.name

    @property
    def free(self) -> tuple[Place, ...]:
        """Stock points of which something may be moved."""
        return tuple(place for place, dial in self.dials.items() if dial.level)

    def only(self, sites: Container[str]) -> None:
        """Nothing but what these sites hold may be moved."""
        self.dials = {
            place: dial if place[0] in sites else replace(dial, level=False, lot=False)
            for place, dial in self.dials.items()
        }

    # through its own derivation

    def served(self, by: float) -> Written:
        """Its numbers when it plans for more (by > 0) or less service, everywhere alike. Raises ScenarioError."""
        made: dict[int, Policy] = {}
        rules = dict(self.frame.alternative.rules)
        for place, policy in self.policies.items():
            if not self.dials[place].level:
                continue
            if id(policy) not in made:
                made[id(policy)] = self._serving(policy, place, by)
            rules[place] = replace(rules[place], policy=made[id(policy)])
        turned = replace(self.frame.alternative, rules=rules)
        points = self.frame.ground.network.points
        found = {
            (points[i].site, points[i].product): known
            for i, known in derive(self.scenario, turned, self.frame.ground.network, self.frame.facts).items()
        }
        policies = {place: rules[place].policy for place in found}
        return {**self.start, **self.written({p: found[p] for p in self.free}, policies)}

    def _serving(self, policy: Policy, place: Place, by: float) -> Policy:
        knobs = knobs_of(policy)
        if knobs.service is None:
            return policy
        target = policy.target(self.facts[place]) if hasattr(policy, "target") else None
        turned: Policy = knobs.service(policy, by, target)
        return turned

    @property
    def has_service(self) -> bool:
        """Whether something of it can be planned for by one number."""
        return any(knobs_of(self.policies[place]).service is not None for place in self.free)

    # written out

    def written(self, levels: Levels, policies: Mapping[Place, Policy]) -> dict[Place, Policy]:
        """Policies with their numbers written out."""
        found: dict[Place, Policy] = {}
        for place, known in levels.items():
            give = knobs_of(policies[place]).given
            found[place] = policies[place] if give is None else give(policies[place], known)
        return found

    def settings(self, written: Written) -> Levels:
        """What every stock point runs with. Raises ValueError with a sentence when it cannot be derived."""
        return {place: self._settings(policy, place) for place, policy in written.items()}

    def _settings(self, policy: Any, place: Place) -> Settings:
        """What is derived for a season is derived once, and shared by equal stock points: what comes on top is added."""
        point, unit = self.facts[place], self.frame.facts.time_unit
        if getattr(policy, EXTRA, None) is None:
            if type(policy).derive is not Policy.derive:  # nothing of it was written out
                return self.asked[place]
            return settled(policy, point, policy.settings(point), unit)
        base = replace(policy, **{EXTRA: 0.0})
        derived = base.settings(point)
        key = (base, self._alike[place], derived.p)
        if key not in self._known:
            self._known[key] = settled(base, point, derived, unit)
        return moved(self._known[key], getattr(policy, EXTRA))

    def in_scenario(self) -> Scenario:
        """The scenario with this alternative alone, its numbers written out: what a bench runs with any of them."""
        rules = {
            place: replace(rule, policy=self.start[place]) if place in self.start else rule
            for place, rule in self.frame.alternative.rules.items()
        }
        alone = replace(self.frame.alternative, rules=rules)
        return replace(self.scenario, alternatives=(alone,))

    def rules(self, written: Written) -> dict[Place, PointPolicy]:
        """Every rule of the alternative, with these numbers where there are any."""
        return {
            place: replace(rule, policy=written.get(place, rule.policy))
            for place, rule in self.frame.alternative.rules.items()
        }

    def _below(self, place: Place) -> tuple[Place, ...]:
        """The stock points whose stock is part of what this one watches."""
        if getattr(self.start[place], "watch", "") != "echelon":
            return ()
        network = self.frame.ground.network
        points = (network.points[i] for i in network.downstream[network.index[place]])
        return tuple((point.site, point.product) for point in points)

    def _dial(self, place: Place, touched: bool) -> Dial:
        point, given = self.facts[place], self.start[place]
        own, numbers = knobs_of(self.policies[place]), knobs_of(given)
        fixed = {d.name for d in self.asked[place].derived if d.given} if not touched else set()
        level = not fixed & {*LEVELS, numbers.level}
        lot = numbers.lot_of(given) if numbers.level else None
        lots = own.lots and lot is not None and lot > 0.0 and not fixed & {"order_quantity", "order_up_to_level"}
        least = numbers.least
        if point.lost_sales and getattr(given, EXTRA, None) is None:
            least = max(least, 0.0 if numbers.lot or numbers.top else 1.0)
        return Dial(spread_of(point), least, point.whole, level, level and lots)


def _numbered(facts: Mapping[Place, PointFacts]) -> dict[Place, int]:
    """The same number for stock points that follow their season alike (as `plan.derivation.derive` shares what does)."""
    known: dict[PointFacts, int] = {}
    return {place: known.setdefault(anywhere(point), len(known)) for place, point in facts.items()}


def spread_of(point: PointFacts) -> float:
    """Standard deviation of what an order must cover, in units."""
    covers = point.lead_mean + point.review_interval
    return sqrt(point.demand_sd**2 * covers + (point.demand_mean * point.lead_sd) ** 2)


def knobs_of(policy: Policy) -> Knobs:
    """What may be moved of a policy, nothing where nothing was declared."""
    return type(policy).knobs or Knobs()


def refuse_unknown(policy: Policy) -> None:
    """Raises UsageError for a policy that tuning cannot move, with the reason."""
    knobs = type(policy).knobs
    name = next((name for name, made in POLICIES.items() if made is type(policy)), type(policy).__name__)
    if knobs is None:
        raise UsageError(
            f"policy type '{name}' declares no `knobs`, so it is not known which of its numbers may be moved; "
            "declare them in its class (chainsim.policies.knobs), or tune the other policies with --policies"
        )
    if knobs.refusal:
        raise UsageError(f"policy type '{name}' cannot be tuned: it {knobs.refusal}")


def unreadable(error: Exception) -> str:
    """What a derivation said that could not be, in one sentence."""
    if isinstance(error, ScenarioError):
        return error.findings[0].message
    return str(error)
