"""Checks of goods that do not last, and of stock that does not move."""

from __future__ import annotations

from chainsim.scenario.draft import Draft, PointName
from chainsim.scenario.nodes import Path

OF_LOTS = {
    "issuing": "no unit is older than another",
    "age": "its goods have no age",
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
