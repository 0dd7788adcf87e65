"""Validated file → everything said once: per site, product, lane and stock point.

Order in the file never matters (but for the policies, whose first is the baseline): everything is sorted by name,
store-2 before store-10.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from chainsim.ordering import natural
from chainsim.scenario.draft import Draft
from chainsim.scenario.expand_demand import expand_demands, expand_outages
from chainsim.scenario.expand_policies import expand_policies
from chainsim.scenario.expand_stock import expand_stock
from chainsim.scenario.files import Files
from chainsim.scenario.model import Departures, Lane, Product, Production, Site, Yield
from chainsim.scenario.nodes import Path


def expand(draft: Draft, files: Files) -> None:
    """Fill the draft. What cannot be expanded is left out and noted in its findings."""
    _products(draft)
    _sites(draft)
    expand_demands(draft, files)
    _lanes(draft)
    expand_stock(draft)
    expand_outages(draft)
    expand_policies(draft)


def _products(draft: Draft) -> None:
    for name in sorted(draft.data["products"], key=natural):
        keys = draft.data["products"][name]
        draft.products[name] = Product(
            name,
            keys["unit_cost"],
            keys["unit_price"],
            keys["divisible"],
            tuple(sorted(set(keys["groups"]), key=natural)),
        )


def _sites(draft: Draft) -> None:
    """Sites with their copies. What a plant makes by default is settled when the lanes are known."""
    for name in sorted(draft.names.sites, key=natural):
        base = draft.names.sites[name]
        keys = draft.data["sites"].get(base)
        if keys is None:
            continue
        groups = tuple(sorted(set(keys["groups"]), key=natural))
        production = None
        if keys["production"] is not None:
            made = keys["production"]
            units, period = made["capacity"] or (None, 1.0)
            chosen = draft.products_of(made["products"])
            production = Production(
                products=tuple(sorted(chosen, key=natural)),
                lead_time=made["lead_time"],
                machines=made["machines"],
                unit_time=made["unit_time"],
                capacity=units,
                period=period,
                order_cost=made["order_cost"],
                unit_cost=made["unit_cost"],
                rate=made["rate"],
                yields=_yield(made["yield"]),
            )
        draft.sites[name] = Site(name, keys["kind"], base, groups, production)


def _lanes(draft: Draft) -> None:
    ends = [ends for i, keys in enumerate(draft.data["lanes"]) for ends in _pairs(draft, i, keys)]
    carried = {
        i: set(draft.products_of(keys["products"])) if keys["products"] is not None else None
        for i, keys in enumerate(draft.data["lanes"])
    }
    has = {product: _reach(draft, ends, carried, product, up=False) for product in draft.products}
    needs = {product: _reach(draft, ends, carried, product, up=True) for product in draft.products}
    for i, origin, target in ends:
        products = carried[i]
        if products is None:
            products = {p for p in draft.products if origin in has[p] and target in needs[p]}
        if not products:
            draft.idle_lanes.append((origin, target, ("lanes", i)))
        for product in products:
            draft.lanes.append((_lane(draft, i, origin, target, product), ("lanes", i)))
    draft.lanes.sort(key=lambda traced: _lane_order(traced[0]))
    _what_plants_make(draft, needs)


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
        yields=_yield(keys["yield"]),
        departures=Departures(**keys["departures"]) if keys["departures"] else None,
    )


def _yield(keys: dict[str, Any] | None) -> Yield | None:
    return None if keys is None else Yield(keys["fraction"], keys["lost"], keys["extra"])


def _reach(
    draft: Draft, ends: list[tuple[int, str, str]], carried: dict[int, set[str] | None], product: str, *, up: bool
) -> set[str]:
    """Sites that can have a product (from suppliers and plants, down the lanes), or with `up` those that need it (from
    demand, up the lanes)."""
    if up:
        start = {d.site for d, _ in draft.demands if d.product == product}
    else:
        start = {
            s.name for s in draft.sites.values() if s.unlimited or (s.production and product in s.production.products)
        }
    next_sites: dict[str, list[str]] = {}
    for i, origin, target in ends:
        products = carried[i]
        if products is None or product in products:
            here, there = (target, origin) if up else (origin, target)
            next_sites.setdefault(here, []).append(there)
    found, waiting = set(start), list(start)
    while waiting:
        for site in next_sites.get(waiting.pop(), ()):
            if site not in found:
                found.add(site)
                waiting.append(site)
    return found


def _what_plants_make(draft: Draft, needs: dict[str, set[str]]) -> None:
    """A plant that does not say what it makes makes what is needed from it."""
    for name, site in draft.sites.items():
        keys = draft.data["sites"][site.base]["production"]
        if site.production and keys["products"] is None:
            made = tuple(product for product in site.production.products if name in needs[product])
            draft.sites[name] = replace(site, production=replace(site.production, products=made))
