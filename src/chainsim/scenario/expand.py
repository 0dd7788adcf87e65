"""Validated file → everything said once: per site, product, lane and stock point.

Order in the file never matters (but for the policies, whose first is the baseline): everything is sorted by name,
store-2 before store-10.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass
from typing import Any

from chainsim.ordering import natural
from chainsim.scenario.draft import Draft
from chainsim.scenario.expand_calendars import named_calendars, timetable
from chainsim.scenario.expand_demand import expand_demands
from chainsim.scenario.expand_outages import expand_outages
from chainsim.scenario.expand_policies import expand_policies
from chainsim.scenario.expand_production import (
    all_bills,
    bill_of,
    bought,
    centres_of,
    components_last,
    value_of_bills,
    what_plants_make,
    yield_of,
)
from chainsim.scenario.expand_stock import expand_stock
from chainsim.scenario.files import Files
from chainsim.scenario.model import Consolidation, Departures, Lane, Site
from chainsim.scenario.model_product import Product
from chainsim.scenario.nodes import Path


def expand(draft: Draft, files: Files) -> None:
    """Fill the draft. What cannot be expanded is left out and noted in its findings."""
    named_calendars(draft)
    _products(draft)
    _sites(draft)
    expand_demands(draft, files)
    _lanes(draft)
    value_of_bills(draft)
    expand_stock(draft)
    expand_outages(draft)
    expand_policies(draft)


def _products(draft: Draft) -> None:
    for name in sorted(draft.data["products"], key=natural):
        keys = draft.data["products"][name]
        draft.products[name] = Product(
            name,
            keys["unit_cost"] or 0.0,
            keys["unit_price"],
            keys["divisible"],
            tuple(sorted(set(keys["groups"]), key=natural)),
            bill_of(draft, keys["made_of"]),
            keys["volume"],
            keys["ends"],
            keys["salvage"],
            keys["write_off"],
        )


def _sites(draft: Draft) -> None:
    """Sites with their copies. What a plant makes by default is settled when the lanes are known."""
    for name in sorted(draft.names.sites, key=natural):
        base = draft.names.sites[name]
        keys = draft.data["sites"].get(base)
        if keys is None:
            continue
        groups = tuple(sorted(set(keys["groups"]), key=natural))
        draft.sites[name] = Site(name, keys["kind"], base, groups, centres_of(draft, base))


def _lanes(draft: Draft) -> None:
    ends = [ends for i, keys in enumerate(draft.data["lanes"]) for ends in _pairs(draft, i, keys)]
    carried = {
        i: set(draft.products_of(keys["products"])) if keys["products"] is not None else None
        for i, keys in enumerate(draft.data["lanes"])
    }
    roads = _Roads(ends, carried)
    on_sale = bought(draft)
    has = {p: roads.down(p, _sources(draft, roads, p, on_sale=p in on_sale)) for p in draft.products}
    needs = _needs(draft, roads)
    for i, origin, target in ends:
        products = carried[i]
        if products is None:
            products = {p for p in draft.products if origin in has[p] and target in needs[p]}
        if not products:
            draft.idle_lanes.append((origin, target, ("lanes", i)))
        for product in products:
            draft.lanes.append((_lane(draft, i, origin, target, product), ("lanes", i)))
    draft.lanes.sort(key=lambda traced: _lane_order(traced[0]))
    what_plants_make(draft, needs)


def _lane_order(lane: Lane) -> tuple[object, ...]:
    return (natural(lane.origin), natural(lane.target), natural(lane.product), natural(lane.name))


def _pairs(draft: Draft, i: int, keys: dict[str, Any]) -> list[tuple[int, str, str]]:
    """(lane entry, origin, target) of one entry of `lanes`."""
    origins = sorted(draft.sites_of(keys["from"]), key=natural)
    targets = sorted(draft.sites_of(keys["to"]), key=natural)
    if len(origins) > 1 and len(targets) > 1:
        if keys["pair"] is None:
            path: Path = ("lanes", i)
            message = f"{len(origins)} origins and {len(targets)} targets: say how they pair"
            draft.error((*path, "pair"), message, "pair: all, or pair: spread")
            return []
        if keys["pair"] == "spread":
            return [(i, origins[j * len(origins) // len(targets)], target) for j, target in enumerate(targets)]
    return [(i, origin, target) for origin in origins for target in targets]


def _lane(draft: Draft, i: int, origin: str, target: str, product: str) -> Lane:
    keys = draft.data["lanes"][i]
    owner = keys["in_transit_owner"] or draft.data["costs"]["in_transit_owner"]
    return Lane(
        origin=origin,
        target=target,
        product=product,
        lead_time=keys["lead_time"],
        name=keys["name"] or "",
        processing=keys["processing"],
        order_lag=keys["order_lag"],
        crossing=keys["crossing"] == "allowed",
        order_cost=keys["order_cost"],
        unit_cost=keys["unit_cost"],
        in_transit_owner=owner,
        all_or_nothing=keys["fill"] == "all_or_nothing",
        share=1.0 if keys["share"] is None else keys["share"],
        priority=keys["priority"],
        yields=yield_of(keys["yield"]),
        departures=Departures(**keys["departures"]) if keys["departures"] else None,
        timetable=timetable(draft, i, origin, target),
        consolidation=Consolidation(**keys["consolidate"]) if keys["consolidate"] else None,
        vehicle_capacity=keys["vehicle"]["capacity"] if keys["vehicle"] else 0.0,
        vehicle_cost=keys["vehicle"]["cost"] if keys["vehicle"] else 0.0,
        shipment_cost=keys["shipment_cost"],
        duty=keys["duty"],
        price_breaks=tuple((one["from"], one["price"]) for one in keys["price_breaks"]),
        incremental=keys["discount"] == "incremental",
    )


@dataclass(frozen=True)
class _Roads:
    """Where goods can go: (lane entry, origin, target), and the products each entry names, None for any."""

    ends: list[tuple[int, str, str]]
    carried: dict[int, set[str] | None]

    def down(self, product: str, start: Iterable[str]) -> set[str]:
        """Sites that can have a product, from those that can by themselves on."""
        return self._reach(product, start, up=False)

    def up(self, product: str, start: Iterable[str]) -> set[str]:
        """Sites that need a product, from those that use it up to its sources."""
        return self._reach(product, start, up=True)

    def sold_to(self, product: str, sellers: Set[str]) -> set[str]:
        """Sites to which a lane from one of the sellers is said to carry a product."""
        ends = ((i, target) for i, origin, target in self.ends if origin in sellers)
        return {target for i, target in ends if product in (self.carried[i] or ())}

    def _reach(self, product: str, start: Iterable[str], *, up: bool) -> set[str]:
        next_sites: dict[str, list[str]] = {}
        for i, origin, target in self.ends:
            products = self.carried[i]
            if products is None or product in products:
                here, there = (target, origin) if up else (origin, target)
                next_sites.setdefault(here, []).append(there)
        found = set(start)
        waiting = list(found)
        while waiting:
            for site in next_sites.get(waiting.pop(), ()):
                if site not in found:
                    found.add(site)
                    waiting.append(site)
        return found


def _sources(draft: Draft, roads: _Roads, product: str, *, on_sale: bool) -> set[str]:
    """Sites that have a product by themselves: plants and suppliers; of what has a bill, suppliers' customers where a lane says so."""
    suppliers = {site.name for site in draft.sites.values() if site.unlimited}
    makes = {site.name for site in draft.sites.values() for centre in site.production if product in centre.products}
    return makes | (suppliers if on_sale else roads.sold_to(product, suppliers))


def _needs(draft: Draft, roads: _Roads) -> dict[str, set[str]]:
    """Sites that need each product: where customers buy it or something needed is made of it, and all the way up."""
    needs: dict[str, set[str]] = {}
    users: dict[str, list[tuple[str, str]]] = {}
    for site, made, bill in all_bills(draft):
        for component, _ in bill:
            users.setdefault(component, []).append((site, made))
    for product in components_last(draft):
        used = {d.site for d, _ in draft.demands if d.product == product}
        used |= {site for site, made in users.get(product, ()) if site in needs.get(made, ())}
        needs[product] = roads.up(product, used)
    return needs
