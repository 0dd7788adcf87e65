"""Levels corrected by short simulations, where the formula does not know of everything at their stock point.

A derived level says what it was asked and what it does not know of (`Settings.promise`). A yield, a lifetime, an order
multiple, outages of the lane: what the stock point meets by itself is simulated by itself, level after level, on random
numbers that no reported replication uses, until the service asked is reached. What the network does to it (orders wait at
its source, come to it in lots, or are not the demand behind them) is simulated with the network, stage by stage from
upstream and until all levels fit one another, where that is small enough; else it stays unknown, and is said. Surprises are
in neither: they move no level.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from chainsim.errors import BudgetError, ScenarioError
from chainsim.plan.adjusting import adjusted
from chainsim.plan.derivation import Derivation, Levels, derive_levels
from chainsim.plan.network import Network
from chainsim.policies.base import PointFacts, Promise, Settings
from chainsim.policies.moved import moved
from chainsim.scenario.model import Alternative, Scenario
from chainsim.study.correction import (
    Entry,
    applied,
    asked_of,
    can_be_moved,
    cycle_of,
    entry_of,
    found_in,
    is_sound,
    key_of,
    kind_of,
    level_of,
    terms_of,
)
from chainsim.study.foreseen import foreseen
from chainsim.study.isolation import ALONE, PLACE, Isolated, keeps_a_calendar
from chainsim.study.remembered import Memo
from chainsim.study.runs import Asked, ShortRuns
from chainsim.study.search import CLOSE, Found, Search, search
from chainsim.study.wording import unaware, waits_above

log = logging.getLogger(__name__)
RUN_EVENTS, NETWORK_EVENTS = 4e5, 1e5
"""Calendar events of one short simulation at most, of a stock point and of a network: a fraction of a second on the
compiled engine, seconds on simpy."""
SECONDS_APART = 5.0
"""Between two lines about stock points one after the other, of which there may be hundreds."""
TOTAL_EVENTS = 2e7
"""Calendar events of all short simulations of a run, as expected, in equal parts for its alternatives: some ten seconds
compiled, a minute or two on simpy."""
Tell = Callable[[str], None]
Place = tuple[str, str]
Group = tuple[Place, ...]
"""Equal stock points, which share a level."""
ROUNDS = 8
"""Times the stages of a network are gone through at most."""


@dataclass(frozen=True)
class Calibrated:
    """levels: what every stock point runs with, by alternative. entries: what was corrected, for the manifest. events: calendar
    events of the short simulations, as expected."""

    levels: Mapping[str, Levels]
    entries: tuple[Entry, ...]
    events: float = field(default=0.0, compare=False)
    corrected: Mapping[str, Derivation] = field(default_factory=dict, compare=False)
    """What it was corrected from, with the levels before what the scenario puts on top of them (`adjust`)."""


def calibrated(
    scenario: Scenario,
    derivations: Mapping[str, Derivation] | None = None,
    *,
    engine: str = "auto",
    known: Sequence[Entry] = (),
    tell: Tell | None = None,
    memo: Memo | None = None,
    search: bool = True,
) -> Calibrated:
    """The levels of all alternatives: as derived, corrected where a short simulation knows more than the formula, and with what
    the scenario puts on top of them.

    derivations: what was derived of every alternative, if that is known already. engine: what simulates; the levels are
    the same on each. known: entries of an earlier run of the same scenario, whose corrections are taken as they are; search: whether
    others are looked for, which that run had not.
    tell: is told what takes time. memo: what earlier calls found, which is added to; the levels are the same without it.
    Raises as `derive_levels` and `choose_engine` do.
    """
    planned = foreseen(scenario)
    if derivations is None:
        derivations = derive_levels(planned)
    elif planned is not scenario:  # a surprise is in no fact, and so moves no level
        network = Network(planned)
        derivations = {name: replace(derived, network=network) for name, derived in derivations.items()}
    scenario = planned
    passing = memo is None
    memo = memo or Memo()
    memo.alone.within(scenario)
    budget = _Budget(
        engine, {(e["policy"], e["site"], e["product"]): e for e in known if is_sound(e)}, tell, memo, search
    )
    levels, corrected, entries = {}, {}, []
    for k, alternative in enumerate(scenario.alternatives, 1):
        budget.limit = TOTAL_EVENTS * k / len(scenario.alternatives)
        work = _Work(scenario, alternative, derivations[alternative.name], budget)
        work.correct()
        before = corrected[alternative.name] = replace(work.derivation, levels=work.levels)
        levels[alternative.name] = adjusted(alternative, before.network, before.facts, before.levels)
        entries += work.entries
        if passing:  # of a large network those of all alternatives would be more than all else
            memo.alone.forget(alternative)
    return Calibrated(levels, tuple(entries), budget.events, corrected)


class _Budget:
    """What all alternatives share: the engine, what is known already, and the events spent."""

    def __init__(
        self, engine: str, known: Mapping[tuple[str, str, str], Entry], tell: Tell | None, memo: Memo, open: bool
    ) -> None:
        self.engine, self.known, self.tell, self.open = engine, known, tell, open
        self.memo = memo
        self.found: dict[Hashable, Found | None] = {}  # equal stock points are simulated once
        self.events = self.limit = self.told = 0.0

    def say(self, text: str, *, now: bool = True) -> None:
        """Tell what is done; unless it has to be `now`, only once in a while."""
        if self.tell is not None and (now or time.monotonic() - self.told >= SECONDS_APART):
            self.told = time.monotonic()
            self.tell(text)


class _Work:
    """The levels of one alternative."""

    def __init__(self, scenario: Scenario, alternative: Alternative, derivation: Derivation, budget: _Budget) -> None:
        self.scenario, self.alternative, self.derivation, self.budget = scenario, alternative, derivation, budget
        self.levels: dict[Place, Settings] = dict(derivation.levels)
        self.facts = {(p.site, p.product): p for p in derivation.facts.points}
        self.alone: dict[Place, Isolated | None] = {}
        self.entries: list[Entry] = []
        # copies share their settings, and what becomes of them; those are held, so that no others get their number
        self._searched: dict[tuple[str, int], tuple[Settings, Found | None]] = {}
        self._applied: dict[tuple[Any, ...], tuple[Settings, Found, Settings]] = {}
        self._warned: dict[tuple[Any, ...], tuple[Settings, Settings]] = {}

    def correct(self) -> None:
        """Correct what can be corrected, and warn of the rest."""
        waiting = [place for place, settings in self.levels.items() if asked_of(settings)]
        alone = self.budget.memo.alone.under(self.alternative, self.derivation.network)
        for place in waiting:
            if self._promise(place).unknown or self._promise(place).by == "moments":
                self.alone[place] = alone(self.facts[place].index)
        movable = [p for p in waiting if can_be_moved(self.alternative.rules[p].policy, self.levels[p])]
        entangled = {
            place: None for place in movable if self._beyond(place)
        }  # of a large network a list would be searched too often
        self._each_by_itself([place for place in movable if place not in entangled])
        settled = self._with_the_network(list(entangled)) if entangled else set()
        self._each_by_itself([place for place in entangled if place not in settled])
        for place in waiting:
            self._warn(place)

    # what is unknown

    def _beyond(self, place: Place) -> tuple[str, ...]:
        """What a simulation of the stock point alone does not know."""
        alone, words = self.alone.get(place), self._promise(place).unknown
        return tuple(word for word in words if alone is None or word in alone.unseen)

    def _within(self, place: Place) -> tuple[str, ...]:
        beyond, promise = self._beyond(place), self._promise(place)
        if self.alone.get(place) is None:
            return ()
        words = tuple(word for word in promise.unknown if word not in beyond)
        return words or (("the law of its demand",) if promise.by == "moments" else ())

    def _promise(self, place: Place) -> Promise:
        promise = self.levels[place].promise
        assert promise is not None
        return promise

    # one stock point by itself

    def _each_by_itself(self, places: Sequence[Place]) -> None:
        known = [place for place in places if self._within(place)]
        for k, place in enumerate(known):
            where = f"{' / '.join(place)} ({k + 1} of {len(known)})"
            self.budget.say(f"{self.alternative.name}: short simulations of {where}", now=k == 0)
            found = self._by_itself(place)
            if found is not None:
                self._apply(place, found, self._within(place), "this stock point alone")

    def _by_itself(self, place: Place) -> Found | None:
        """What the search finds for this stock point, or one equal to it; None when it may not be tried."""
        known = self._known(place)
        if known is not None:
            return known
        alone, settings = self.alone.get(place), self.levels[place]
        assert alone is not None
        copies = (alone.told, id(settings))
        if copies not in self._searched:
            key = key_of(alone.told, settings)
            if key not in self.budget.found:
                self.budget.found[key] = self._remembered(key, self.facts[place], settings, alone)
            self._searched[copies] = settings, self.budget.found[key]
        return self._searched[copies][1]

    def _remembered(self, key: Hashable, point: PointFacts, settings: Settings, alone: Isolated) -> Found | None:
        """The search, or what it found in another scenario; it counts towards the budget all the same, so that what is
        tried does not depend on what is remembered."""
        if not self.budget.open or self.budget.events >= self.budget.limit:
            return None
        key = (key, terms_of(point, settings), cycle_of(point, settings))
        known = self.budget.memo.found
        if key not in known:
            before = self.budget.events
            found = self._search(point, settings, alone)
            known[key] = (found, self.budget.events - before)
            return found
        found, events = known[key]
        self.budget.events += events
        return found

    def _known(self, place: Place) -> Found | None:
        entry = self.budget.known.get((self.alternative.name, *place))
        return found_in(entry, self.levels[place]) if entry is not None else None

    def _search(self, point: PointFacts, settings: Settings, alone: Isolated) -> Found | None:
        before, terms, kind = level_of(settings), terms_of(point, settings), kind_of(settings)
        try:
            runs = ShortRuns(
                alone.scenario,
                ALONE,
                {PLACE: settings},
                self.budget.engine,
                most_events=RUN_EVENTS,
                calendar=alone.calendar,
                cycle=cycle_of(point, settings),
                frames=self.budget.memo.frames,
                place=(self.alternative.name, point.site, point.product),
            )
            asked = [Asked((0,), kind, terms.asked)]
            found = search(
                lambda level, closely: runs.services({PLACE: moved(settings, level - before)}, asked, closely)[0],
                before,
                terms,
            )
        except (BudgetError, ScenarioError) as error:  # too long to be tried, or no scenario by itself: it is warned of
            log.info("%s / %s: no short simulations: %s", point.site, point.product, error)
            return None
        self.budget.events += runs.events
        return found

    # with the network around it

    def _with_the_network(self, places: Sequence[Place]) -> set[Place]:
        """Correct all these in short simulations of the whole network, upstream first; those that were."""
        known = {place: found for place in places if (found := self._known(place)) is not None}
        if len(known) == len(places):
            for place in (place for stage in self._stages(places) for group in stage for place in group):
                self._apply(place, known[place], self._promise(place).unknown, "the network")
            return set(places)
        if not self.budget.open:
            return set()
        try:
            runs = ShortRuns(
                self.scenario, self.alternative.name, self.levels, self.budget.engine, most_events=NETWORK_EVENTS,
                calendar=keeps_a_calendar(self.scenario),
                cycle=max(cycle_of(self.facts[place], self.levels[place]) for place in places),
                frames=self.budget.memo.frames, place=(self.alternative.name,),
            )  # fmt: skip
        except (BudgetError, ScenarioError) as error:
            log.info("%s: no short simulations of the network: %s", self.alternative.name, error)
            return set()
        searched = self._in_rounds(runs, list(self._stages(places)))
        self.budget.events += runs.events
        for group, found in searched.items():
            for place in group:
                self._apply(place, found, self._promise(place).unknown, "the network")
        return {place for group in searched for place in group}

    def _in_rounds(self, runs: ShortRuns, stages: Sequence[Sequence[Group]]) -> dict[Group, Found]:
        """Search stage by stage, upstream first, and again for those whose service the others' new levels moved: what a site
        orders depends on what it loses, throws away, or takes in lots, and all of that on its own level."""
        tried, found = dict(self.levels), dict[Group, Found]()
        moving: Mapping[Group, float] = {}
        for again in range(ROUNDS):
            if again and self.budget.events + runs.events >= self.budget.limit:
                break
            for stage, members in enumerate(stages, 1):
                groups = [group for group in members if not again or group in moving]
                if not groups:
                    continue
                if self.budget.events + runs.events >= self.budget.limit:
                    break
                told = f"{self.alternative.name}: short simulations of the network, stage {stage}"
                self.budget.say(f"{told}, once more" if again else told)
                for group, one in self._stage(runs, groups, tried).items():
                    before = found[group].runs if group in found else 0
                    found[group] = self._found(group, one, before + one.runs)
            moving = self._moved_on(runs, tried, found) if len(stages) > 1 and found else {}
            if not moving:
                break
        for group, service in moving.items():  # with no end in sight: what it serves now
            one = replace(found[group], service=service, one_less=None, reached=False)
            found[group] = self._found(group, one, one.runs)
        return found

    def _found(self, group: Group, one: Found, runs: int) -> Found:
        """Found after so many runs; what misses by as little as chance does has reached."""
        return replace(one, runs=runs, reached=one.reached or one.service >= self._asked(group).value - CLOSE)

    def _moved_on(self, runs: ShortRuns, tried: Levels, found: Mapping[Group, Found]) -> Mapping[Group, float]:
        """The service of those that no longer serve what their search found, at the levels all have now."""
        services = runs.services(tried, [self._asked(group) for group in found])
        return {
            group: service
            for (group, one), service in zip(found.items(), services, strict=True)
            if abs(service - one.service) > CLOSE
        }

    def _stages(self, places: Sequence[Place]) -> Iterator[list[Group]]:
        """Stock points by their height in the network, suppliers' side first; equal ones together."""
        depth = self.derivation.network.depth
        for height in sorted({depth[place] for place in places}, reverse=True):
            groups: dict[Hashable, list[Place]] = {}
            for place in places:
                if depth[place] == height:
                    groups.setdefault(self._kin(place), []).append(place)
            yield [tuple(group) for group in groups.values()]

    def _kin(self, place: Place) -> Hashable:
        """The same for copies: equal by themselves, below the same sources."""
        alone, point = self.alone.get(place), self.facts[place]
        if alone is None:
            return place
        return key_of(alone.told, self.levels[place]), tuple(source.origin for source in point.sources), point.product

    def _asked(self, group: Group) -> Asked:
        index, first = self.derivation.network.index, self.levels[group[0]]
        return Asked(
            tuple(index[place] for place in group), kind_of(first), terms_of(self.facts[group[0]], first).asked
        )

    def _stage(self, runs: ShortRuns, groups: Sequence[Group], tried: dict[Place, Settings]) -> dict[Group, Found]:
        """Search for all levels of a stage at once, all others as in `tried`, which gets them: what one serves hardly depends on
        its neighbours' levels."""
        searches = {
            group: Search(level_of(tried[group[0]]), terms_of(self.facts[group[0]], self.levels[group[0]]))
            for group in groups
        }
        asked = [self._asked(group) for group in groups]
        while True:
            for group, going in searches.items():
                level = going.found().level if going.finished else going.level
                tried.update({p: moved(self.levels[p], level - level_of(self.levels[p])) for p in group})
            if all(going.finished for going in searches.values()):
                return {group: going.found() for group, going in searches.items()}
            closely = any(going.closely for going in searches.values())
            for going, service in zip(searches.values(), runs.services(tried, asked, closely), strict=True):
                if not going.finished:
                    going.tell(service)

    # what came of it

    def _apply(self, place: Place, found: Found, words: tuple[str, ...], of: str) -> None:
        before = self.levels[place]
        copies = (id(before), id(found), words, of)
        if copies not in self._applied:
            left = tuple(word for word in self._promise(place).unknown if word not in words)
            self._applied[copies] = before, found, applied(before, found, words, left, of)
        self.levels[place] = self._applied[copies][2]
        self.entries.append(entry_of(self.alternative.name, place, before, found, words))

    def _warn(self, place: Place) -> None:
        """Say what stays unknown; a source that hardly ever runs short is not worth a word."""
        settings, promise = self.levels[place], self._promise(place)
        if promise.by == "moments" and not promise.unknown:
            promise = replace(promise, unknown=("the law of its demand, only of its mean and variance",))
        points = self.derivation.facts.points
        above = [points[s.origin] for s in self.facts[place].sources if s.origin is not None]
        waits = {f"a wait at {p.site}": self.levels.get((p.site, p.product)) for p in above}
        said = [text for word in promise.unknown if word in waits for text in waits_above(word, waits[word])]
        rest = tuple(word for word in promise.unknown if word not in waits)
        if rest:
            said.append(unaware(promise, rest))
        copies = (id(settings), *said)
        if copies not in self._warned:
            self._warned[copies] = settings, replace(settings, warnings=(*settings.warnings, *said))
        self.levels[place] = self._warned[copies][1]
