"""Scopes: the parts of a network a measure is taken over, and the sums over them.

network; each product over the network; each echelon (kind of site), all products; each site, all products; each stock
point. `detail` says how far down to go, so that a large network stays small on paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from chainsim.kpis.sums import Sums
from chainsim.ordering import natural
from chainsim.plan.plan import Layout

Array = np.ndarray[Any, Any]
Detail = Literal["network", "echelon", "site", "stock_point"]
DETAILS: tuple[Detail, ...] = ("network", "echelon", "site", "stock_point")
ECHELON = "kind:"
"""Prefix of an echelon's name in the `site` column of tables."""


@dataclass(frozen=True)
class Scope:
    """One part of the network, named as in the tables: '' stands for all."""

    level: Literal["network", "echelon", "site", "stock_point"]
    site: str
    product: str


@dataclass(frozen=True)
class Scopes:
    """All scopes of a layout down to `detail`, in a fixed, natural order.

    members: one array per group of scopes (network, products, echelons, sites, stock points): the scope of each stock
    point, -1 for suppliers of unlimited stock, which belong to none.
    """

    layout: Layout
    names: tuple[Scope, ...]
    members: tuple[Array, ...]
    at_network: Array  # bool by scope: the network and its products, where only end customers count

    @classmethod
    def of(cls, layout: Layout, detail: Detail = "stock_point") -> Scopes:
        """The scopes of a layout."""
        kinds = [layout.kinds[s] for s in layout.site]
        sites = [layout.sites[s] for s in layout.site]
        products = [layout.products[p] for p in layout.product]
        depth = DETAILS.index(detail)
        groups: list[list[Scope]] = [
            [Scope("network", "", "") for _ in sites],
            [Scope("network", "", p) for p in products],
            [Scope("echelon", ECHELON + k, "") for k in kinds],
            [Scope("site", s, "") for s in sites],
            [Scope("stock_point", s, p) for s, p in zip(sites, products, strict=True)],
        ]
        order = {ECHELON + kind: i for i, kind in enumerate(layout.echelons)}
        limited = ~np.asarray(layout.unlimited, bool)
        names: list[Scope] = []
        members = []
        for group in groups[: depth + 2]:
            own = {scope for scope, here in zip(group, limited, strict=True) if here}
            ranked = sorted(own, key=lambda s: (order.get(s.site, 0), natural(s.site), natural(s.product)))
            place = {scope: len(names) + i for i, scope in enumerate(ranked)}
            members.append(
                np.array([place[s] if here else -1 for s, here in zip(group, limited, strict=True)], np.int64)
            )
            names.extend(ranked)
        at_network = np.array([s.level == "network" for s in names], bool)
        return cls(layout, tuple(names), tuple(members), at_network)

    def __len__(self) -> int:
        return len(self.names)

    def total(self, values: Array, network: Array | None = None) -> Array:
        """Sums over each scope of values [replications, points] or [replications, points, buckets]: the same with scopes
        in place of points. `network` replaces the values at network scopes."""
        if network is None:
            return self._everywhere(values)
        at_network, below = self._apart
        return np.concatenate([at_network(network), below(values)], axis=1)

    @cached_property
    def _everywhere(self) -> Sums:
        return _sums(self.members, 0, len(self))

    @cached_property
    def _apart(self) -> tuple[Sums, Sums]:
        """Network scopes, which come first, and the scopes below."""
        wide = int(self.at_network.sum())
        return _sums(self.members[:2], 0, wide), _sums(self.members[2:], wide, len(self) - wide)

    def reached(self, values: Array) -> Array:
        """As `total`, over the stock points with customers at or downstream of each scope, each counted once."""
        return self._reach(values)

    @cached_property
    def _reach(self) -> Sums:
        reach = self.layout.reach
        source = np.repeat(np.arange(len(reach)), [len(r) for r in reach])
        point = np.array([p for r in reach for p in r], np.int64)
        keys = [np.zeros(0, np.int64)]
        for member in self.members:
            inside = member[source] >= 0
            keys.append(np.unique(member[source][inside] * len(reach) + point[inside]))
        key = np.concatenate(keys)
        return Sums(key // len(reach), key % len(reach), len(self))

    @cached_property
    def most_upstream(self) -> Array:
        """By stock point: whether it belongs to the most upstream echelon in which its product is kept."""
        layout = self.layout
        order = {kind: i for i, kind in enumerate(layout.echelons)}
        place = np.array([order.get(layout.kinds[s], -1) for s in layout.site], np.int64)
        place[np.asarray(layout.unlimited, bool)] = -1
        top = np.full(len(layout.products), -1, np.int64)
        np.maximum.at(top, layout.product, place)
        top_of_its_product: Array = (place >= 0) & (place == top[layout.product])
        return top_of_its_product


def _sums(members: tuple[Array, ...], first: int, count: int) -> Sums:
    """Sums over `count` scopes from the number `first` on."""
    none = [np.zeros(0, np.int64)]
    scopes = [member[member >= 0] - first for member in members]
    points = [np.flatnonzero(member >= 0) for member in members]
    return Sums(np.concatenate(none + scopes), np.concatenate(none + points), count)
