"""One stock point by itself: its customers, its features, its lanes, and sources that never run out.

The names are the same for every stock point, so that equal ones (copies of a store) give equal scenarios, with the same
random numbers. Prices are left out, since nothing here is about money; they stay where the cheapest source is chosen by them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from chainsim.demand.history import Replay
from chainsim.ordering import natural
from chainsim.plan.agings import comes_aged
from chainsim.plan.laws import changed_below
from chainsim.plan.network import Network
from chainsim.plan.openings import calendars_of
from chainsim.policies.base import AGED, COMPONENTS, IN_LOTS, SIBLINGS
from chainsim.scenario.model import (
    Alternative,
    Demand,
    Lane,
    PointPolicy,
    Production,
    Scenario,
    Site,
    StockPoint,
)
from chainsim.scenario.model_outages import Outage, needed
from chainsim.scenario.model_product import Product

SHOP, PRODUCT, ALONE = "the stock point", "the product", "alone"
PLACE = (SHOP, PRODUCT)
SEED = 1_893_456_071
"""Streams of calibration: the same for every scenario, whatever its seed."""


@dataclass(frozen=True)
class Isolated:
    """A stock point as a scenario of its own (one policy, `ALONE`), and what of it cannot be seen there, in words."""

    scenario: Scenario
    unseen: tuple[str, ...]
    calendar: bool  # what happens at its place in the year, or once: the run may not be cut short

    @cached_property
    def told(self) -> str:
        """All of the scenario in short: the same for equal ones."""
        return hashlib.sha256(repr(self.scenario.values).encode()).hexdigest()


def isolate(scenario: Scenario, network: Network, i: int, governed: PointPolicy) -> Isolated | None:
    """Stock point i of the network alone; None where it is asked for parts of other stock points' demand only."""
    point = network.points[i]
    demands = _demands(network, i)
    if demands is None:
        return None
    own = i in network.demands_at
    sources = _sources(network, i)
    names = {network.points[origin].site: name for origin, name in sources.items()}
    production = _production(network, i)
    lanes = tuple(_lane(network, j, sources) for j in network.lanes_to[i] if network.ways[j].lane)
    product = network.product_of[point.product]
    alone = Scenario(
        title="",
        time=replace(scenario.time, bucket=scenario.time.horizon),
        replications=1,
        seed=SEED,
        confidence=scenario.confidence,
        products=(Product(PRODUCT, divisible=product.divisible),),
        sites=(
            Site(SHOP, "store", SHOP, production=() if production is None else (production,)),
            *(Site(name, "supplier", name) for name in sources.values()),
        ),
        lanes=lanes,
        points=(_point(point, names), *(StockPoint(name, PRODUCT) for name in sources.values())),
        demands=demands,
        outages=_outages(scenario, point, names, network, i),
        # other sites' orders of an instant are there when it is reviewed, under either convention
        alternatives=(Alternative(ALONE, "", {PLACE: governed if own else replace(governed, review="after_demand")}),),
        targets={},
        charge="time_averages",
        tables={d.process.file: scenario.tables[d.process.file] for d in demands if isinstance(d.process, Replay)},
    )
    return Isolated(alone, _unseen(network, i), keeps_a_calendar(alone))


def keeps_a_calendar(scenario: Scenario) -> bool:
    """Whether something happens at its place in the year, or once, so that a run cut short would miss it."""
    dated = any(d.yearly or d.steps or d.surges or isinstance(d.process, Replay) for d in scenario.demands)
    once = any(o.time_between is None for o in scenario.outages)
    return dated or once or any(calendar.closed for calendar in calendars_of(scenario))


def _demands(network: Network, i: int) -> tuple[Demand, ...] | None:
    """All end customers' streams that reach it; None where only a share of a stream does."""
    shares = _shares(network, i)
    if any(abs(share - 1.0) > 1e-9 for share in shares.values()):
        return None
    streams = [d for k in shares for d in network.demands_at.get(k, ())]
    streams.sort(key=lambda d: (network.index[(d.site, d.product)] != i, natural(d.site), natural(d.label)))
    alone = []
    for k, stream in enumerate(streams):
        own = network.index[(stream.site, stream.product)] == i
        process = stream.process
        if isinstance(process, Replay) and process.column is None:
            process = replace(process, column=stream.product)
        renamed = replace(
            stream, site=SHOP, product=PRODUCT, label=str(k), process=process, promise=0.0, transship_from=()
        )
        # a site downstream waits for what it ordered, whatever its own customers do
        alone.append(
            renamed if own else replace(renamed, unmet="backorder", patience=0.0, all_or_nothing=False, priority=1)
        )
    return tuple(alone)


def _shares(network: Network, i: int) -> Mapping[int, float]:
    """Units that come to i as orders for one unit ordered at every stock point at or below it."""
    shares = {i: 1.0}
    for k in sorted(network.below(i), reverse=True):  # those above come first: ranks rise upstream
        shares[k] = sum(
            per * shares[origin] * network.share_in_use(j)
            for j in network.lanes_to[k]
            for origin, per in network.bills[j] or ((network.ways[j].origin, 1.0),)
            if origin in shares
        )
    return shares


def _sources(network: Network, i: int) -> dict[int, str]:
    """A name for every stock point that ships to it."""
    origins = dict.fromkeys(network.ways[j].origin for j in network.lanes_to[i] if network.ways[j].lane)
    return {origin: f"source {k}" for k, origin in enumerate(origins)}


def _lane(network: Network, j: int, sources: Mapping[int, str]) -> Lane:
    way = network.ways[j]
    assert way.lane is not None
    moved = replace(way.lane, origin=sources[way.origin], target=SHOP, product=PRODUCT, in_transit_owner="receiver")
    chosen = network.points[way.target].sourcing == "cheapest"
    return moved if chosen else replace(moved, order_cost=0.0, unit_cost=0.0)


def _production(network: Network, i: int) -> Production | None:
    """The site's production, if it makes this product."""
    for j in network.lanes_to[i]:
        made = network.ways[j].production
        if made is not None:
            fixed = a_unit = 0.0
            if network.points[i].sourcing == "cheapest":  # without components it weighs what it did with them
                weighs = network.weight(j)
                fixed, a_unit = weighs.fixed, weighs.a_unit - network.points[i].unit_cost
            return replace(
                made, products=(PRODUCT,), order_cost=fixed, setup_cost=0.0, unit_cost=a_unit, bills=(), path=()
            )
    return None


def _point(point: StockPoint, names: Mapping[str, str]) -> StockPoint:
    """The stock point with all its features and without its prices."""
    bare = StockPoint(SHOP, PRODUCT)
    kept = (
        "allocation", "sourcing", "minimum_order", "order_multiple", "maximum_order", "on_hand", "lifetime", "life", "issuing",
        "expedite_up_to", "loss", "misbooking", "count", "decay", "one_open_order", "order_days",
    )  # fmt: skip
    return replace(
        bare,
        **{name: getattr(point, name) for name in kept},
        unit_cost=point.unit_cost if point.sourcing == "cheapest" else 0.0,
        shipments=tuple(replace(a, origin=names.get(a.origin, SHOP)) for a in point.shipments),
        orders=tuple(replace(a, origin=names.get(a.origin, SHOP)) for a in point.orders),
    )


def _outages(
    scenario: Scenario, point: StockPoint, names: Mapping[str, str], network: Network, i: int
) -> tuple[Outage, ...]:
    """Outages of its site, its sources and its lanes, and what sets them off, under labels of their own."""
    sites = {point.site: SHOP, **names}
    lanes = {(way.lane.origin, way.lane.name) for j in network.lanes_to[i] if (way := network.ways[j]).lane}
    kept: dict[str, Outage] = {}
    ordered = tuple(sorted(scenario.outages, key=lambda o: natural(o.label)))
    for outage in ordered:
        hit = tuple(
            (names[origin], SHOP, name)
            for origin, target, name in outage.lanes
            if target == point.site and (origin, name) in lanes
        )
        here = outage.site in (sites if outage.of_supply else (point.site,))
        if hit or here:
            site = None if outage.site is None else sites.get(outage.site)
            kept[outage.label] = replace(outage, site=site, lanes=hit)
    all_kept = needed(ordered, kept)
    called = {outage.label: f"{k:03d}" for k, outage in enumerate(all_kept)}
    return tuple(
        replace(o, label=called[o.label], after=o.after and replace(o.after, label=called[o.after.label]))
        for o in all_kept
    )


def _unseen(network: Network, i: int) -> tuple[str, ...]:
    """What the rest of the network does to it."""
    point = network.points[i]
    found = [
        f"a wait at {network.points[origin].site}"
        for origin in dict.fromkeys(network.limited_origin(j) for j in network.lanes_to[i])
        if origin is not None
    ]
    made = _production(network, i)
    centres = network.centres_of.get(point.site, ())
    shared = any(
        point.product in c.products and sum((point.site, p) in network.index for p in c.products) > 1 for c in centres
    )
    if made is not None and shared and (made.machines or made.capacity or made.rate):
        found += ["capacity", "set-ups"]  # other products take of it, and change what machines are ready for
    helped = any(d.transship_from for d in network.demands_at.get(i, ()))
    if helped or (point.site, point.product) in network.helped:
        found.append("transshipment")
    if any(network.bills[j] for j in network.lanes_to[i]):
        found.append(COMPONENTS)
    if any(len(network.bills[j]) > 1 for j in network.jobs_from[i]):
        found.append(SIBLINGS)
    if comes_aged(network, i):
        found.append(AGED)
    if network.lanes_from[i] or network.jobs_from[i]:
        found.append(IN_LOTS)
    return (*found, *changed_below(network, i))
