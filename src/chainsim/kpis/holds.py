"""Where a rate holds, in as few names as tell it: '' for wherever anything is charged, a kind of sites for all of its sites, else sites;
products likewise."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import NamedTuple

from chainsim.ordering import natural
from chainsim.places import ECHELON

MOST_NAMES = 4
"""More names than this are told as a number."""


class Place(NamedTuple):
    """Something that is charged: a lane from `origin` to `target`, or stock of `target` ('' for no origin)."""

    origin: str
    target: str
    product: str


def where(own: Set[Place], everything: Set[Place], kinds: Mapping[str, str], *, lanes: bool = False) -> Place:
    """The places of one rate among those it is told apart from. kinds: of the sites; lanes: whether both ends are told in any case.

    >>> kinds = {"east": "store", "west": "store", "dc": "dc"}
    >>> everything = {Place("", site, "tea") for site in kinds}
    >>> where(everything, everything, kinds)
    Place(origin='', target='', product='')
    >>> where({Place("", "east", "tea"), Place("", "west", "tea")}, everything, kinds).target
    'kind:store'
    >>> where({Place("", "east", "tea"), Place("", "dc", "tea")}, everything, kinds).target
    'east; kind:dc'
    """
    origins, targets = (
        _sites({place[end] for place in own}, {place[end] for place in everything}, kinds, always=lanes)
        for end in (0, 1)
    )
    products, all_products = ({place.product for place in places} for places in (own, everything))
    return Place(origins, targets, "" if products == all_products else _few(products, all_products))


def _sites(own: set[str], everything: set[str], kinds: Mapping[str, str], *, always: bool) -> str:
    """always: kinds are told even where it is all of them, as of the ends of lanes."""
    if own == {""} or (own == everything and not always):
        return ""
    sites: dict[str, set[str]] = {}
    for site in everything:
        sites.setdefault(kinds[site], set()).add(site)
    whole = {kind for kind, of_kind in sites.items() if of_kind <= own}
    names = {ECHELON + kind for kind in whole} | {site for site in own if kinds[site] not in whole}
    return _few(names, everything) if len(names) <= MOST_NAMES else f"{len(own)} of {len(everything)}"


def _few(names: set[str], everything: set[str]) -> str:
    return "; ".join(sorted(names, key=natural)) if len(names) <= MOST_NAMES else f"{len(names)} of {len(everything)}"
