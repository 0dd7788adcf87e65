"""Does demand fit the run and the plants? Asked last, of a scenario that is sound otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chainsim.chance.book import StreamBook
from chainsim.demand.base import DemandContext
from chainsim.scenario.draft import Draft, PointName
from chainsim.scenario.expand_production import all_bills
from chainsim.scenario.levels import level_of
from chainsim.scenario.model import Demand, Lane, Production
from chainsim.scenario.nodes import Path
from chainsim.scenario.sources import usual_lane


def demand_fits(draft: Draft) -> None:
    """What a demand process finds wrong in its place: a history shorter than the run, gaps shorter than a tick."""
    context, told = _context(draft), set[Path]()
    for demand, path in draft.demands:
        if path in told:
            continue
        for key, message, cure in demand.process.problems_at(_here(draft, context, demand)):
            told.add(path)
            draft.error((*path, key), message, cure)


def utilisation(draft: Draft) -> None:
    """Warns where more is asked of a plant than it can make: its backlog would grow without bound."""
    asked: dict[PointName, float] = {}
    for site in draft.sites.values():
        for made in site.production:
            if made.capacity is None and made.machines is None and made.rate is None:
                continue
            asked = asked or mean_demand(draft)
            rate = sum(asked.get((site.name, product), 0.0) for product in made.products)
            load, what = _load(made, rate)
            if load > 1.0:
                message = f"utilisation {load:.2f}: {rate:g} units per {draft.time.unit} are asked of '{site.name}'"
                draft.warn((*made.path, what), message, "the backlog grows without bound")


def _load(made: Production, rate: float) -> tuple[float, str]:
    """The share of a work centre that so many units per time unit take, and what limits it."""
    if made.capacity is not None:
        return rate * made.period / made.capacity, "capacity"
    if made.rate is not None:
        return rate / made.rate, "rate"
    each = made.unit_time.expectation() if made.unit_time else 0.0
    return rate * each / (made.machines or 1), "machines"


def mean_demand(draft: Draft) -> dict[PointName, float]:
    """Mean units per time unit asked of each stock point, by end customers and by the stock points below."""
    context = _context(draft)
    asked = dict.fromkeys(draft.points, 0.0)
    known: dict[Any, float] = {}
    for demand, _ in draft.demands:
        here = _here(draft, context, demand)
        key = (demand.process, here.level, here.whole, here.product)
        if key not in known:
            known[key] = demand.process.facts(here).mean_rate
        asked[(demand.site, demand.product)] += known[key]
    ways = draft.sources_of()
    waiting = dict.fromkeys(draft.points, 0)  # stock points below that have not passed their demand on yet
    for lane, _ in draft.lanes:
        waiting[(lane.origin, lane.product)] += 1
    bills = {(site, product): bill for site, product, bill in all_bills(draft)}
    for (site, _), bill in bills.items():
        for component, _ in bill:
            waiting[(site, component)] += 1
    ready = [name for name, below in waiting.items() if below == 0]
    while ready:
        name = ready.pop()
        lanes = [lane for lane in ways.get(name, ()) if lane is not None]
        split = draft.points[name].sourcing == "split"
        first = usual_lane(draft.points[name], lanes)
        for lane in lanes:
            origin = (lane.origin, lane.product)
            asked[origin] += asked[name] * (lane.share if split else float(lane is first))
            waiting[origin] -= 1
            if waiting[origin] == 0:
                ready.append(origin)
        made_here = asked[name] * _made_share(split, lanes)
        for component, per in bills.get(name, ()):
            part = (name[0], component)
            asked[part] += per * made_here
            waiting[part] -= 1
            if waiting[part] == 0:
                ready.append(part)
    return asked


def _made_share(split: bool, lanes: Sequence[Lane]) -> float:
    """The share of the orders of a stock point that its own production gets: what split lanes leave, all where there are none."""
    if split:
        return max(0.0, 1.0 - sum(lane.share for lane in lanes))
    return 0.0 if lanes else 1.0


def _context(draft: Draft) -> DemandContext:
    return DemandContext(
        book=StreamBook(0), ticks_per_unit=draft.time.ticks_per_unit, end=draft.time.end, tables=draft.tables
    )


def _here(draft: Draft, context: DemandContext, demand: Demand) -> DemandContext:
    name = ("demand", demand.site, demand.product, demand.label)
    whole = not draft.products[demand.product].divisible
    return context.at(name=name, product=demand.product, whole=whole, level=level_of(demand, draft.time))


CHECKS = (demand_fits, utilisation)
