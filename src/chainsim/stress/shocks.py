"""The library of shocks: each one function from the calm scenario and a size to the scenario in which it happens.

A shock is added here, by `@shock`; the command line, the tables, the page and the reverse test follow from the registry.
Shares (0.2 = 20 %) change the world for the whole run; outages last as long as their size, once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

from chainsim.chance.base import Distribution
from chainsim.chance.continuous import Exponential, Gamma
from chainsim.chance.counts import NegativeBinomial
from chainsim.demand.base import DemandProcess
from chainsim.registry import Registry
from chainsim.scenario.model import Scenario
from chainsim.stress.places import Where


class NothingToShock(ValueError):
    """The scenario has nothing that this shock could hit; says why."""


@dataclass(frozen=True)
class Stage:
    """What a shock may know: the calm scenario, its places with how much end demand each is behind (units per time unit),
    and when outages begin."""

    scenario: Scenario
    places: Sequence[tuple[Where, float]]
    start: float

    def busiest(self, fits: Callable[[Where], bool], missing: str) -> Where:
        """The place behind most of the demand among those that fit. Raises NothingToShock."""
        found = [(demand, -k, place) for k, (place, demand) in enumerate(self.places) if demand > 0.0 and fits(place)]
        if not found:
            raise NothingToShock(missing)
        return max(found)[2]


Apply = Callable[[Stage, float, bool], tuple[Scenario, str]]
"""Stage, size, and whether planners know → the scenario in which it happens, and what it hits in words ('' the whole)."""


@dataclass(frozen=True)
class Shock:
    """size: as the library applies it; most: the largest that the reverse test tries; within: how closely it looks. Of an
    outage all three are in days, and the library takes the length it is told."""

    name: str
    title: str
    kind: Literal["share", "days"]
    size: float
    most: float
    within: float
    apply: Apply


SHOCKS: Registry[Shock] = Registry("shock", "chainsim.stress.shocks", "chainsim.shocks")


def shock(
    name: str, title: str, *, kind: Literal["share", "days"], size: float, most: float, within: float
) -> Callable[[Apply], Apply]:
    """Decorator: register the function as a shock. title: with {size} and {where} to be filled in."""

    def add(apply: Apply) -> Apply:
        SHOCKS.register(name)(Shock(name, title, kind, size, most, within, apply))
        return apply

    return add


@shock("demand_up", "demand +{size}", kind="share", size=0.20, most=2.0, within=0.01)
def demand_up(stage: Stage, size: float, known: bool) -> tuple[Scenario, str]:
    """Everybody wants more, from the first day on."""
    demands = tuple(demand.louder(1.0 + size) for demand in stage.scenario.demands)
    return replace(stage.scenario, demands=demands), ""


@shock("lead_times_up", "lead times +{size}", kind="share", size=0.50, most=3.0, within=0.01)
def lead_times_up(stage: Stage, size: float, known: bool) -> tuple[Scenario, str]:
    """Every way and every production takes longer."""
    return _with_times(stage.scenario, lambda time: time.scaled(1.0 + size)), ""


@shock("supplier_out", "{where} out for {size}", kind="days", size=30.0, most=120.0, within=1.0)
def supplier_out(stage: Stage, size: float, known: bool) -> tuple[Scenario, str]:
    """The supplier behind most of the demand, or the site that nobody supplies, sends and makes nothing for a while."""
    supplied = {lane.target for lane in stage.scenario.lanes}
    place = stage.busiest(lambda p: p.site is not None and p.site not in supplied, "there is no supplier")
    return _out(stage, place, size, known), place.name


@shock("dc_closed", "{where} closed for {size}", kind="days", size=30.0, most=120.0, within=1.0)
def dc_closed(stage: Stage, size: float, known: bool) -> tuple[Scenario, str]:
    """The site between suppliers and customers that is behind most of the demand serves nobody for a while."""
    supplied, ends = {lane.target for lane in stage.scenario.lanes}, {d.site for d in stage.scenario.demands}
    place = stage.busiest(
        lambda p: p.site in supplied and p.site not in ends, "there is no site between suppliers and customers"
    )
    return _out(stage, place, size, known), place.name


@shock("lane_closed", "lane {where} closed for {size}", kind="days", size=30.0, most=120.0, within=1.0)
def lane_closed(stage: Stage, size: float, known: bool) -> tuple[Scenario, str]:
    """Nothing leaves on the lane behind most of the demand for a while."""
    place = stage.busiest(lambda p: p.kind == "lane", "there are no lanes")
    return _out(stage, place, size, known), place.name


@shock("noise_up", "noise +{size} (cv of demand and lead times)", kind="share", size=0.50, most=3.0, within=0.01)
def noise_up(stage: Stage, size: float, known: bool) -> tuple[Scenario, str]:
    """Quantities, gaps between customers and lead times vary more about the same means; what is constant stays so."""
    times = 1.0 + size
    demands = tuple(replace(d, process=_noisier_demand(d.process, times)) for d in stage.scenario.demands)
    louder = replace(_with_times(stage.scenario, lambda time: noisier(time, times)), demands=demands)
    if size > 0.0 and louder.demands == stage.scenario.demands and louder.lanes == stage.scenario.lanes:
        raise NothingToShock("demand and lead times do not vary, or replay a history")
    return louder, ""


@shock("capital_dearer", "carrying cost +{size}", kind="share", size=1.0, most=4.0, within=0.05)
def capital_dearer(stage: Stage, size: float, known: bool) -> tuple[Scenario, str]:
    """The price of capital rises: a unit in stock or on its way costs more to hold."""
    if not any(point.holding_cost for point in stage.scenario.points):
        raise NothingToShock("holding stock costs nothing here")
    points = tuple(replace(p, holding_cost=p.holding_cost * (1.0 + size)) for p in stage.scenario.points)
    return replace(stage.scenario, points=points), ""


def noisier(distribution: Distribution, times: float) -> Distribution:
    """A distribution with `times` the coefficient of variation and the same mean: the same family where that has one,
    else negative binomial (counts) or gamma.

    >>> noisier(Gamma(mean=4.0, cv=0.5), 2.0).standard_deviation(), noisier(Exponential(mean=3.0), 2.0)
    (4.0, Gamma(shape=None, scale=None, mean=3.0, cv=2.0, sd=None))
    """
    mean, sd = distribution.expectation(), distribution.standard_deviation()
    if mean <= 0.0 or sd <= 0.0 or times == 1.0:
        return distribution
    wanted = {"mean": mean, "cv": times * sd / mean}
    if {f.name for f in fields(distribution)} >= set(wanted) and ("mean", "cv") in type(distribution).ways:
        same = distribution._replaced(**wanted)
        if not same.problems():
            return same
    if distribution.discrete and (times * sd) ** 2 > mean:
        return NegativeBinomial(mean=mean, sd=times * sd)
    return Gamma(**wanted)


def _noisier_demand(process: DemandProcess, times: float) -> DemandProcess:
    changes: dict[str, Any] = {}
    for name in (f.name for f in fields(process)):  # type: ignore[arg-type]
        value = getattr(process, name)
        if isinstance(value, Distribution):
            changes[name] = noisier(value, times)
        elif name == "sd" and isinstance(value, float):
            changes[name] = times * value
        elif name == "rate" and value is not None and hasattr(process, "gap"):
            changes |= {"rate": None, "gap": noisier(Exponential(mean=1.0 / value), times)}
    return replace(process, **changes) if changes else process  # type: ignore[type-var]


def _with_times(scenario: Scenario, change: Callable[[Distribution], Distribution]) -> Scenario:
    """The scenario with every lead time, of lanes and of production, changed."""
    lanes = tuple(replace(lane, lead_time=change(lane.lead_time)) for lane in scenario.lanes)
    sites = tuple(
        replace(site, production=tuple(replace(made, lead_time=change(made.lead_time)) for made in site.production))
        for site in scenario.sites
    )
    return replace(scenario, lanes=lanes, sites=sites)


def _out(stage: Stage, place: Where, length: float, known: bool) -> Scenario:
    if length == 0.0:
        return stage.scenario
    outage = replace(place.outage(stage.start, length), known=known)
    return replace(stage.scenario, outages=(*stage.scenario.outages, outage))
