"""Checks of goods that do not last, of products that end, and of stock that does not move."""

from __future__ import annotations

from chainsim.scenario.checks_flow import flows_of
from chainsim.scenario.draft import Draft, PointName
from chainsim.scenario.expand_production import all_bills
from chainsim.scenario.nodes import Path

OF_LOTS = {
    "issuing": "no unit is older than another",
    "age": "its goods have no age",
    "markdown": "its goods have no age",
}
"""Keys that say something of lots: there are lots only where goods do not last."""


def lifetimes(draft: Draft) -> None:
    """Keys of lots want a lifetime; an age that travels wants goods that come with one."""
    told: set[Path] = set()
    senders = _senders(draft)
    aged: dict[Path, list[bool]] = {}
    for name, point in draft.points.items():
        written = (*draft.stock_paths.get((name, "lifetime"), ("stock",)), "lifetime")
        if point.lifetime is not None and point.lifetime <= 0.0 and written not in told:
            told.add(written)
            draft.error(written, f"is {point.lifetime:g} but must be above 0")
        if point.life is not None and point.age == "travels" and written not in told:
            told.add(written)
            message = "drawn at random where goods keep the life they come with"
            cure = (
                "draw it at the site that first keeps them, and give one length of time here, the longest they may stay"
            )
            draft.error(written, message, cure)
        for key, why in OF_LOTS.items():
            path = draft.stock_paths.get((name, key))
            if path is None or (*path, key) in told:
                continue
            if point.lifetime is None:
                told.add((*path, key))
                message = f"{name[0]} / {name[1]} keeps for ever: {why}"
                draft.error((*path, key), message, "add a lifetime, or remove it")
            elif key == "age" and point.age == "travels":
                aged.setdefault(path, []).append(name in senders)
    for path, some in aged.items():
        if not any(some) and (*path, "age") not in told:
            message = "no site with a lifetime supplies what this rule is about: all it receives is fresh"
            draft.warn((*path, "age"), message, "give the sites that supply it a lifetime too")


def markdowns(draft: Draft) -> None:
    """Old units are cheaper, and not older than units get."""
    told: set[Path] = set()
    for name, point in draft.points.items():
        path = (*draft.stock_paths.get((name, "markdown"), ("stock",)), "markdown")
        if point.markdown is None or point.lifetime is None or path in told:
            continue
        told.add(path)
        price = draft.products[name[1]].unit_price
        if point.life is not None:
            message = "has units with lives of their own: their age is not known from what is left"
            draft.error(path, f"{name[0]} / {name[1]} {message}", "give a lifetime of one length, or remove it")
        elif point.markdown.after >= point.lifetime:
            message = f"is {point.markdown.after:g}, and no unit gets older than {point.lifetime:g}"
            draft.error((*path, "after"), message, "mark down earlier, or lengthen the lifetime")
        if point.markdown.price > price:
            message = f"is {point.markdown.price:g}, more than the unit_price of '{name[1]}' ({price:g})"
            draft.error((*path, "price"), message, "old units are sold for less")


def endings(draft: Draft) -> None:
    """What a product's end needs, and what must not outlast it."""
    flows = {product for _, product in flows_of(draft)}
    bills = list(all_bills(draft))
    for name, product in draft.products.items():
        path: Path = ("products", name)
        if product.ends is None:
            for key, given in (("salvage", product.salvage > 0.0), ("write_off", product.write_off is not None)):
                if given:
                    draft.error(
                        (*path, key), f"the life of '{name}' never ends: nothing is left over", "add ends: 300 days"
                    )
            continue
        if product.ends >= draft.time.warm_up + draft.time.horizon:
            draft.warn((*path, "ends"), f"'{name}' ends after the run", "lengthen the horizon, or remove it")
        if name in flows:
            message = f"the demand of '{name}' flows, and a flow does not end"
            draft.error((*path, "ends"), message, "give demand a quantity for every period, or remove it")
        for _, parent, bill in bills:
            after = draft.products[parent].ends
            if name in dict(bill) and (after is None or after > product.ends):
                message = f"'{parent}' is made of '{name}' and goes on after its end"
                draft.error((*path, "ends"), message, f"let '{parent}' end by then, or '{name}' later")
                break
        worth = [point.unit_cost for (_, kept), point in draft.points.items() if kept == name]
        least = product.write_off if product.write_off is not None else min(worth, default=0.0)
        if product.salvage > least:
            message = (
                f"a unit left over fetches {product.salvage:g} and costs {least:g}: what is left over would earn money"
            )
            draft.error(
                (*path, "salvage"), message, "salvage is at most what a unit is worth (unit_cost, or write_off)"
            )


def dead_stock(draft: Draft) -> None:
    """Whether nothing left for so long can only be told within the window."""
    told: set[Path] = set()
    whole = draft.time.horizon // draft.time.bucket * draft.time.bucket
    for name, point in draft.points.items():
        path = draft.stock_paths.get((name, "dead_after"))
        if path is not None and path not in told and point.dead_after is not None and point.dead_after > whole:
            told.add(path)
            message = (
                f"is {point.dead_after:g} {draft.time.unit}s, longer than the whole buckets of the window ({whole:g})"
            )
            draft.error((*path, "dead_after"), message, "lengthen the horizon, or shorten it")


def _senders(draft: Draft) -> set[PointName]:
    """Stock points that a site with a lifetime of the product may supply."""
    aging = {name for name, point in draft.points.items() if point.lifetime is not None}
    found = set()
    for lane, _ in draft.lanes:
        if (lane.origin, lane.product) in aging and draft.sites[lane.origin].kind != "supplier":
            found.add((lane.target, lane.product))
    return found
