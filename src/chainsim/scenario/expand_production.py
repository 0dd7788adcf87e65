"""Work centres and bills of materials: what every site makes, and of what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from chainsim.ordering import natural
from chainsim.scenario.draft import Draft
from chainsim.scenario.expand_calendars import working_days
from chainsim.scenario.model import Production, Yield
from chainsim.scenario.nodes import Path

Bill = tuple[tuple[str, float], ...]


def centres_of(draft: Draft, base: str) -> tuple[Production, ...]:
    """The work centres of a site, as written. What one makes by default is settled when the lanes are known."""
    days = working_days(draft, base)
    return tuple(replace(_centre(draft, keys, path), working_days=days) for path, keys in draft.centres(base))


def _centre(draft: Draft, keys: Mapping[str, Any], path: Path) -> Production:
    units, period = keys["capacity"] or (None, 1.0)
    chosen: Iterable[str] = draft.products_of(keys["products"])
    if keys["products"] is None:
        with_bill = {*bills_of(draft, keys), *(p for p in chosen if draft.products[p].made_of)}
        # where there are bills, other products are bought, or it is said that they are made
        chosen = with_bill or chosen
    made = tuple(sorted(chosen, key=natural))
    own = bills_of(draft, keys)
    return Production(
        products=made,
        lead_time=keys["lead_time"],
        machines=keys["machines"],
        unit_time=keys["unit_time"],
        capacity=units,
        period=period,
        setup_for=keys["setup_for"] or ("order" if keys["setup_time"] or keys["setup_cost"] else None),
        setup_time=keys["setup_time"],
        setup_cost=keys["setup_cost"] or 0.0,
        order_cost=keys["order_cost"],
        unit_cost=keys["unit_cost"],
        rate=keys["rate"],
        yields=yield_of(keys["yield"]),
        bills=tuple((p, bill) for p in made if (bill := own.get(p, draft.products[p].made_of))),
        all_or_nothing=keys["fill"] == "all_or_nothing",
        path=path,
    )


def yield_of(keys: Mapping[str, Any] | None) -> Yield | None:
    return None if keys is None else Yield(keys["fraction"], keys["lost"], keys["extra"])


def bill_of(draft: Draft, parts: Mapping[str, float] | None) -> Bill:
    """A recipe in order of name, without components that are not there, which are reported by name."""
    known = [(name, per) for name, per in (parts or {}).items() if name in draft.data["products"]]
    return tuple(sorted(known, key=lambda line: natural(line[0])))


def bills_of(draft: Draft, keys: Mapping[str, Any]) -> dict[str, Bill]:
    """The recipes of a work centre, by product."""
    own = keys["recipes"] or {}
    return {product: bill_of(draft, parts) for product, parts in own.items() if product in draft.products}


def all_bills(draft: Draft) -> Iterator[tuple[str, str, Bill]]:
    """(site, product, components) of everything that is made of something."""
    for site in draft.sites.values():
        for centre in site.production:
            for product, bill in centre.bills:
                yield site.name, product, bill


def bought(draft: Draft) -> set[str]:
    """Products without a bill: what a supplier sells, unless a lane says more."""
    return (
        {*draft.products}
        - {product for _, product, _ in all_bills(draft)}
        - {product for product, item in draft.products.items() if item.made_of}
    )


def components_last(draft: Draft) -> list[str]:
    """Products, every one before its components. Of a ring of bills, which is refused, in any order."""
    parts: dict[str, set[str]] = {product: set() for product in draft.products}
    for _, product, bill in all_bills(draft):
        parts[product] |= {component for component, _ in bill}
    order: list[str] = []
    left = list(draft.products)
    while left:
        used = {component for product in left for component in parts[product]}
        free = [product for product in left if product not in used] or left
        order += free
        left = [product for product in left if product not in free]
    return order


def what_plants_make(draft: Draft, needs: Mapping[str, set[str]]) -> None:
    """A work centre that does not say what it makes makes what is needed from it."""
    for name, site in draft.sites.items():
        centres = []
        for centre, (_, keys) in zip(site.production, draft.centres(site.base), strict=True):
            if keys["products"] is None:
                made = tuple(product for product in centre.products if name in needs[product])
                centre = replace(centre, products=made, bills=tuple(b for b in centre.bills if b[0] in made))
            centres.append(centre)
        draft.sites[name] = replace(site, production=tuple(sorted(centres, key=_by_products)))


def _by_products(centre: Production) -> tuple[Any, ...]:
    return tuple(natural(product) for product in centre.products)


def value_of_bills(draft: Draft) -> None:
    """Products with a bill and no `unit_cost` of their own are worth their components and what it costs to make them, where
    that is cheapest."""
    making: dict[str, float] = {}
    for site in draft.sites.values():
        for centre in site.production:
            for product in centre.products:
                making[product] = min(making.get(product, centre.unit_cost), centre.unit_cost)
    for product in reversed(components_last(draft)):
        item = draft.products[product]
        if draft.data["products"][product]["unit_cost"] is None:
            parts = item.made_of or next((b for _, p, b in all_bills(draft) if p == product), ())
            if parts:
                value = components_value(draft, parts) + making.get(product, 0.0)
                draft.products[product] = replace(item, unit_cost=value)


def components_value(draft: Draft, bill: Bill) -> float:
    """Value of the components of one unit."""
    return sum(per * draft.products[component].unit_cost for component, per in bill)
