"""One point of an experiment: planned, simulated, measured; what a worker does, and what it hands back.

The numbers are those of `chainsim run` of the scenario with the same `--set`, to the last bit. A worker keeps what it planned:
what one point has in common with the next is worked out once.
"""

from __future__ import annotations

import traceback
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from chainsim.engines.base import choose_engine
from chainsim.errors import ChainsimError, ScenarioError
from chainsim.experiments.course import Courses
from chainsim.experiments.model import Point, Response, named
from chainsim.kpis import DETAILS, Detail, Scope
from chainsim.places import ECHELON, GROUP
from chainsim.plan.plan import Plan
from chainsim.scenario.model import Scenario
from chainsim.study.budget import told_as_budget_error
from chainsim.study.loading import Study
from chainsim.study.planning import Planned, Planner

if TYPE_CHECKING:
    from chainsim.tune import Tuned

Array = np.ndarray[Any, Any]


UNSEEN = 20_000_000
"""The first replication by which tuned policies are measured: no tuning searched or confirmed on it, so none flatters itself."""


@dataclass(frozen=True)
class Found:
    """What came of a point.

    alternatives: names of what was compared. scopes: where was measured, the whole network first. numerators, denominators:
    [alternatives, replications, scopes, KPIS.names()]. failure: why there is nothing, '' when all went well. warnings: what the
    policies say of their levels. events: simulated.
    """

    number: int
    alternatives: tuple[str, ...] = ()
    scopes: tuple[tuple[str, str], ...] = ()
    numerators: Array | None = None
    denominators: Array | None = None
    failure: str = ""
    warnings: tuple[str, ...] = ()
    events: int = 0


@dataclass(frozen=True)
class PointJob:
    """All that a worker needs for one point. base: levels of the base scenario, where these are kept.

    engine: its name, or 'auto'. times: the whole experiment has so many times the events of a point. scenario: of the point, where it
    was read already. searched: what short simulations of other points found (`Planner.found`), for a worker's first point.
    """

    point: Point
    study: Study
    policies: tuple[str, ...]
    kinds: tuple[str, ...]
    places: tuple[Response, ...]
    engine: str = "auto"
    times: int = 1
    base: Planned | None = None
    tuned: Mapping[str, Any] | None = None
    max_events: float = 2e8
    scenario: Scenario | None = None
    searched: Mapping[Hashable, Any] | None = None
    common: ClassVar[tuple[str, ...]] = ("study", "base")
    """What all points share, and need not travel with each."""

    def __str__(self) -> str:
        return f"point {self.point.number}"

    def run(self) -> Found:
        """Plan, simulate, measure. Never raises what is about the point."""
        try:
            with told_as_budget_error():
                return self._run()
        except ScenarioError as error:
            return Found(self.point.number, failure=told(error))
        except ChainsimError as error:
            return Found(self.point.number, failure=str(error))
        except Exception as error:  # a bug of ours at one point leaves the others
            return Found(self.point.number, failure=f"{type(error).__name__}: {error}\n{traceback.format_exc()}")

    def _run(self) -> Found:
        scenario = self.scenario
        said: tuple[str, ...] = ()
        if scenario is None or self.tuned is not None:
            study = self.study.with_(self.point.changes)
            if self.tuned is not None:
                found = study.tune(policies=self.policies, engine=self.engine, jobs=1, **self.tuned)
                study, said = found.study, tuple(untuned(found))
            scenario = only(study.scenario, self.policies)
        plans, names = self._plans(scenario)
        detail = detail_of(self.places)
        engine = choose_engine(self.engine, plans, events=self.times * scenario.replications * _events(plans))
        first = 0 if self.tuned is None else UNSEEN
        courses = courses_of(engine)
        scopes = courses.scopes_of(plans[0].layout, detail).names
        chosen = _chosen(scopes, self.places)
        measured = [courses.measured(plan, first, scenario.replications, detail) for plan in plans]
        return Found(
            self.point.number,
            tuple(names),
            tuple((scopes[s].site, scopes[s].product) for s in chosen),
            np.stack([m.numerators[:, chosen] for m in measured]),
            np.stack([m.denominators[:, chosen] for m in measured]),
            warnings=(*said, *dict.fromkeys(f"{name}: {text}" for name, p in zip(names, plans, strict=True) for text in p.warnings)),
            events=int(sum(m.events for m in measured)),
        )  # fmt: skip

    def __getstate__(self) -> dict[str, Any]:
        """What travels to a worker: the study only where it is needed."""
        state = dict(vars(self))
        if self.scenario is not None and self.tuned is None:
            state["study"] = None
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)

    def _plans(self, scenario: Scenario) -> tuple[list[Plan], list[str]]:
        planner, plans, names = planner_of(self.engine, self.max_events), [], []
        if self.searched:
            planner.recall(self.searched)
        for kind in self.kinds:
            if kind == "kept":
                assert self.base is not None
                plans += planner.with_levels(scenario, self.base)
            else:
                plans += planner.plans(scenario).plans
            names += [named(policy, kind, self.kinds) for policy in self.policies]
        return plans, names


@cache
def courses_of(engine: str) -> Courses:
    """The replications of this process, by the engine of that name."""
    return Courses(engine)


@cache
def planner_of(engine: str, max_events: float) -> Planner:
    """The planner of this process: points one after the other share what it remembers."""
    return Planner(engine, max_events)


def only(scenario: Scenario, policies: Sequence[str]) -> Scenario:
    """The scenario with these policies, in this order."""
    known = {alternative.name: alternative for alternative in scenario.alternatives}
    missing = [name for name in policies if name not in known]
    if missing:
        raise ChainsimError(f"the policy '{missing[0]}' is not there at this point")
    return replace(scenario, alternatives=tuple(known[name] for name in policies))


def told(error: ScenarioError) -> str:
    """Every finding on a line of its own."""
    return "; ".join(f"{f.said}{f' ({f.cure})' if f.cure else ''}" for f in error.findings)


def detail_of(places: Sequence[Response]) -> Detail:
    """How far down measures are taken, so that all these places are among them."""
    deepest = max((DETAILS.index(_level(place)) for place in places), default=0)
    return DETAILS[deepest]


def _level(place: Response) -> Detail:
    if not place.site:
        return "network"
    if place.site.startswith((ECHELON, GROUP)):
        return "echelon"
    return "stock_point" if place.product else "site"


def untuned(tuned: Tuned) -> Iterator[str]:
    """Policies that stand beside the tuned ones without being brought to their service, in sentences."""
    for name, why in tuned.left_out.items():
        yield f"{name} was not tuned, and runs as it is: {why}"
    for name, found in tuned.found.items():
        if found.ceiling is not None:
            yield f"{name} does not reach the service asked for: the best found is {100 * found.ceiling:.2f} %"


def _chosen(scopes: Sequence[Scope], places: Sequence[Response]) -> list[int]:
    """The network, and every scope that is asked for, by number; one that is not there at this point is left out."""
    wanted = {(place.site, place.product) for place in places}
    return [i for i, s in enumerate(scopes) if i == 0 or (s.site, s.product) in wanted]


def _events(plans: Sequence[Plan]) -> float:
    return sum(plan.expected_events for plan in plans)
