"""Levels corrected by short simulations of their stock point alone, where the formula does not know of everything there.

A derived level says what it was asked and what it does not know of (`Settings.promise`). A yield, a lifetime, an order
multiple, outages of the lane: what the stock point meets by itself is simulated by itself, level after level, on random
numbers that no reported replication uses, until the service asked is reached. What the rest of the network does to it
(a wait at its source) is not simulated here: it stays unknown, and is said.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite, sqrt
from typing import Any

from chainsim.errors import BudgetError, ScenarioError
from chainsim.plan.compile import Derivation, Levels, derive_levels
from chainsim.policies.base import PointFacts, Policy, Promise, Settings
from chainsim.policies.moved import movable, moved
from chainsim.scenario.model import Alternative, Scenario
from chainsim.study.alone import Alone
from chainsim.study.isolation import Isolated, isolate
from chainsim.study.search import Found, Terms, grain_of, search
from chainsim.study.wording import corrected, not_reached, unaware, waits_above

log = logging.getLogger(__name__)
TOTAL_EVENTS = 4e7
"""Calendar events of all short simulations of a run, as expected: some ten seconds compiled, a few minutes on simpy."""
HIGHEST = 10.0
"""Levels are sought up to so many times what they must cover on average."""
FOUND = ("after", "measured", "one_less", "runs", "reached", "ceiling")
"""Keys of an entry that hold what the search found, in the order of `Found`."""
Tell = Callable[[str], None]
Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Calibrated:
    """levels: what every stock point runs with, by alternative. entries: what was corrected, for the manifest."""

    levels: Mapping[str, Levels]
    entries: tuple[Entry, ...]


def calibrated(
    scenario: Scenario,
    derivations: Mapping[str, Derivation] | None = None,
    *,
    engine: str = "auto",
    known: Sequence[Entry] = (),
    tell: Tell | None = None,
) -> Calibrated:
    """The levels of all alternatives: as derived, corrected where a short simulation knows more than the formula.

    derivations: what was derived of every alternative, if that is known already. engine: what simulates; the levels are
    the same on each. known: entries of an earlier run of the same scenario, whose corrections are taken as they are.
    tell: is told what takes time. Raises as `derive_levels` and `choose_engine` do.
    """
    if derivations is None:
        derivations = {a.name: derive_levels(scenario, a.name) for a in scenario.alternatives}
    work = _Work(scenario, engine, known, tell)
    return Calibrated(
        {a.name: work.levels_of(a, derivations[a.name]) for a in scenario.alternatives}, tuple(work.entries)
    )


class _Work:
    """One pass over all alternatives; equal stock points are simulated once."""

    def __init__(self, scenario: Scenario, engine: str, known: Sequence[Entry], tell: Tell | None) -> None:
        self.scenario, self.engine, self.tell = scenario, engine, tell
        self.known = {(e["policy"], e["site"], e["product"]): e for e in known if _sound(e)}
        self.entries: list[Entry] = []
        self.found: dict[str, Found | None] = {}
        self.events = 0.0

    def levels_of(self, alternative: Alternative, derivation: Derivation) -> Levels:
        levels = dict(derivation.levels)
        facts = {(p.site, p.product): p for p in derivation.facts.points}
        waiting = [place for place, settings in levels.items() if settings.promise and settings.promise.unknown]
        for k, place in enumerate(waiting):
            if self.tell is not None:
                self.tell(f"{alternative.name}: short simulations of {' / '.join(place)} ({k + 1} of {len(waiting)})")
            levels[place] = self._settled(alternative, derivation, facts[place], levels)
        return levels

    def _settled(
        self, alternative: Alternative, derivation: Derivation, point: PointFacts, levels: Mapping[Any, Settings]
    ) -> Settings:
        """The settings of one stock point: corrected, or with a warning of what they do not know."""
        settings = levels[point.site, point.product]
        promise = settings.promise
        assert promise is not None
        governed = alternative.rules[point.site, point.product]
        alone = isolate(self.scenario, derivation.network, point.index, governed)
        beyond = tuple(word for word in promise.unknown if alone is None or word in alone.unseen)
        within = tuple(word for word in promise.unknown if word not in beyond)
        if within and alone is not None and _can_be_moved(governed.policy, settings, promise):
            found = self._found(alternative.name, point, settings, promise, alone)
            if found is not None:
                settings = self._apply(alternative.name, point, settings, promise, within, beyond, found)
            else:
                beyond = promise.unknown
        else:
            beyond = promise.unknown
        return replace(settings, warnings=(*settings.warnings, *_warnings(derivation, levels, point, promise, beyond)))

    def _found(
        self, name: str, point: PointFacts, settings: Settings, promise: Promise, alone: Isolated
    ) -> Found | None:
        """What the search finds for this stock point, or one equal to it; None when the budget is spent."""
        before = _level(settings)
        entry = self.known.get((name, point.site, point.product))
        if entry is not None and (entry["before"], entry["kind"], entry["asked"]) == (
            before,
            promise.kind,
            promise.asked,
        ):
            return Found(*(entry[key] for key in FOUND))
        key = _key(alone, settings, promise)
        if key not in self.found:
            self.found[key] = self._search(point, settings, promise, alone)
        return self.found[key]

    def _search(self, point: PointFacts, settings: Settings, promise: Promise, alone: Isolated) -> Found | None:
        if self.events >= TOTAL_EVENTS:
            return None
        assert promise.kind != "cost"
        assert promise.asked is not None
        before, terms = _level(settings), _terms(point, settings, promise.asked)
        try:
            runs = Alone(alone, promise.kind, promise.asked, settings, self.engine)
            found = search(lambda level: runs.service(moved(settings, level - before)), before, terms)
        except (BudgetError, ScenarioError) as error:  # too long to be tried, or no scenario by itself: it is warned of
            log.info("%s / %s: no short simulations: %s", point.site, point.product, error)
            return None
        self.events += runs.events
        return found

    def _apply(
        self,
        name: str,
        point: PointFacts,
        settings: Settings,
        promise: Promise,
        within: tuple[str, ...],
        beyond: tuple[str, ...],
        found: Found,
    ) -> Settings:
        """The settings at the level found, its promise kept up to date, and an entry for the manifest."""
        k = movable(settings)[0]
        before = settings.derived[k]
        after = moved(settings, found.level - before.value)
        derived = list(after.derived)
        for place in movable(settings):
            was = settings.derived[place]
            derived[place] = replace(derived[place], formula=corrected(was, derived[place].value, within, found))
        self.entries.append(
            {
                "policy": name,
                "site": point.site,
                "product": point.product,
                "parameter": before.name,
                "before": before.value,
                "after": found.level,
                "kind": promise.kind,
                "asked": promise.asked,
                "measured": found.service,
                "one_less": found.one_less,
                "runs": found.runs,
                "reached": found.reached,
                "ceiling": found.ceiling,
                "knows": list(within),
            }
        )
        warnings = () if found.reached else (not_reached(promise, within, found),)
        kept = replace(promise, expected=found.service, one_less=found.one_less, by="calibrated", unknown=beyond)
        return replace(after, derived=tuple(derived), promise=kept, warnings=(*after.warnings, *warnings))


def _sound(entry: Entry) -> bool:
    """Whether an entry, which somebody may have written by hand, can be used."""
    numbers = [entry.get(key) for key in ("before", "asked", "after", "measured", "runs")]
    return (
        all(isinstance(entry.get(key), str) for key in ("policy", "site", "product", "kind"))
        and all(isinstance(x, int | float) and isfinite(x) for x in numbers)
        and isinstance(entry.get("one_less"), int | float | None)
        and all(isinstance(entry.get(key), bool) for key in ("reached", "ceiling"))
    )


def _can_be_moved(policy: Policy, settings: Settings, promise: Promise) -> bool:
    """Whether one number moves this stock point's service: a derived level, of its own stock, for a service asked."""
    return (
        promise.kind != "cost"
        and promise.asked is not None
        and type(policy).derive is Policy.derive
        and bool(movable(settings))
        and (settings.watch or getattr(policy, "watch", None) or type(policy).watches) != "echelon"
    )


def _level(settings: Settings) -> float:
    """The level that is sought: the first of those derived (s before S)."""
    return settings.derived[movable(settings)[0]].value


def _terms(point: PointFacts, settings: Settings, asked: float) -> Terms:
    """Where the level may lie, and how far service moves with it."""
    cover = point.lead_mean + point.review_interval + point.demand_interval
    spread = (
        sqrt(point.demand_sd**2 * cover + (point.demand_mean * point.lead_sd) ** 2) or point.demand_size_mean or 1.0
    )
    named = {d.name: d for d in settings.derived}
    level, top = _level(settings), named.get("order_up_to_level")
    grain = grain_of(spread, point.whole)
    if "reorder_point" in named:
        lowest = 0.0 if point.lost_sales else level - settings.order_up_to
    else:
        lowest = grain if point.lost_sales else 0.0
    highest = HIGHEST * max(point.demand_mean * cover + 3.0 * spread, level, grain)
    if top is not None and top.given:
        highest = min(highest, top.value)
    return Terms(asked, grain, spread, min(lowest, level), max(highest, level))


def _key(alone: Isolated, settings: Settings, promise: Promise) -> str:
    """What the outcome of a search depends on, in short."""
    told = repr((alone.scenario, settings.p, settings.order_up_to, settings.memory, promise.kind, promise.asked))
    return hashlib.sha256(told.encode()).hexdigest()


def _warnings(
    derivation: Derivation,
    levels: Mapping[Any, Settings],
    point: PointFacts,
    promise: Promise,
    beyond: tuple[str, ...],
) -> tuple[str, ...]:
    """What stays unknown, in words; a source that hardly ever runs short is not worth a word."""
    origins = [derivation.facts.points[s.origin] for s in point.sources if s.origin is not None]
    waits = {f"a wait at {o.site}": levels.get((o.site, o.product)) for o in origins}
    said = []
    for word in beyond:
        if word in waits:
            said += waits_above(word, waits[word])
    unsaid = tuple(word for word in beyond if word not in waits)
    return (*said, *((unaware(promise, unsaid),) if unsaid else ()))
