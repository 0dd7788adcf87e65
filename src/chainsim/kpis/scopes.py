"""Scopes: the parts of a network a measure is taken over, and the sums over them.

network; each product, and each group of products, over the network; each echelon (kind of site), all products; each
group of sites, all products; each site, all products; each stock point. `detail` says how far down to go, so that a
large network stays small on paper.

A group of sites at which end customers buy is a network of its own: only they count as its demand, and what its sites
order of each other is its own affair. A group without customers is counted as an echelon is: by the orders its sites
receive.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Literal

import numpy as np

from chainsim.kpis.sums import RowSums, Sums
from chainsim.ordering import natural
from chainsim.places import ECHELON, GROUP
from chainsim.plan.plan import Layout

Array = np.ndarray[Any, Any]
Detail = Literal["network", "echelon", "site", "stock_point"]
DETAILS: tuple[Detail, ...] = ("network", "echelon", "site", "stock_point")


@dataclass(frozen=True)
class Scope:
    """One part of the network, named as in the tables: '' stands for all."""

    level: Literal["network", "echelon", "site", "stock_point"]
    site: str
    product: str


@dataclass(frozen=True)
class Scopes:
    """All scopes of a layout down to `detail`, in a fixed, natural order.

    members: arrays of the scope of each stock point, -1 for none (suppliers of unlimited stock always): one for the
        network, the products, the echelons, the sites and the stock points, and one for each group, since groups may overlap.
    wide: bool by scope, where only end customers count: the network, its products and groups of products, and groups of
        sites with customers.
    """

    layout: Layout
    names: tuple[Scope, ...]
    members: tuple[Array, ...]
    wide: Array
    sums: ClassVar[type[Sums]] = Sums
    """How sums over groups of stock points are made."""

    def made(self, group: Array, point: Array, count: int) -> Sums:
        """Sums over groups, given as pairs (group, stock point)."""
        return self.sums(group, point, count)

    @classmethod
    def of(cls, layout: Layout, detail: Detail = "stock_point") -> Scopes:
        """The scopes of a layout."""
        depth = DETAILS.index(detail)
        order = {ECHELON + kind: i for i, kind in enumerate(layout.echelons)}
        limited = ~np.asarray(layout.unlimited, bool)
        names: list[Scope] = []
        members: list[Array] = []
        for group in _partitions(layout):
            here: list[Scope | None] = [s if own else None for s, own in zip(group, limited, strict=True)]
            ranked = sorted(
                {s for s in here if s is not None},
                key=lambda s: (order.get(s.site, 0), natural(s.site), natural(s.product)),
            )
            if not ranked or DETAILS.index(ranked[0].level) > depth:
                continue
            place = {scope: len(names) + i for i, scope in enumerate(ranked)}
            members.append(np.array([-1 if s is None else place[s] for s in here], np.int64))
            names.extend(ranked)
        wide = np.array([s.level == "network" for s in names], bool)
        customers = np.asarray(layout.customers, bool)
        for member in members:
            for scope in np.unique(member[customers & (member >= 0)]).tolist():
                wide[scope] |= names[scope].site.startswith(GROUP) and names[scope].level == "echelon"
        return cls(layout, tuple(names), tuple(members), wide)

    def __len__(self) -> int:
        return len(self.names)

    def total(self, values: Array, network: Array | None = None) -> Array:
        """Sums over each scope of values [replications, points] or [replications, points, buckets]: the same with scopes
        in place of points. `network` replaces the values at wide scopes."""
        if network is None:
            return self._everywhere(values)
        return self._joined(self._at_wide(network), values)

    def at_top(self, values: Array) -> Array:
        """As `total`, but at wide scopes only over the stock points of the most upstream echelon in which each product is
        kept there: what a scope orders of the world outside."""
        return self._joined(self._top(values), values)

    def reached(self, values: Array) -> Array:
        """As `total`, over the stock points with customers at or downstream of each scope, each counted once."""
        return self._reach(values)

    @cached_property
    def content(self) -> Array:
        """Units here in one unit that is sold downstream [scopes]: 1 but for components, NaN where several units are mixed."""
        found = np.ones(len(self))
        if not self.layout.content:
            return found
        content, product, parts = (
            np.asarray(of) for of in (self.layout.content, self.layout.product, self.layout.parts)
        )
        for scope in [i for i, s in enumerate(self.names) if not self.wide[i] or s.product != ""]:
            points = self.inside(scope)
            here = set(content[points].tolist())
            mixed = parts[points].any() and len(set(product[points].tolist())) > 1
            found[scope] = here.pop() if len(here) == 1 and not mixed else np.nan
        return found

    def by_row(self, row: Array) -> RowScopes:
        """The same over rows of bucket series, to which the stock points add: row [points]."""
        key = row.tobytes()
        if key not in self._of_rows:
            self._of_rows[key] = RowScopes(self.layout, self.names, self.members, self.wide, row)
        return self._of_rows[key]

    @cached_property
    def _of_rows(self) -> dict[bytes, RowScopes]:
        return {}

    def inside(self, scope: int) -> Array:
        """The stock points of a scope, by number."""
        points, begin = self._by_scope
        inside: Array = points[begin[scope] : begin[scope + 1]]
        return inside

    @cached_property
    def _by_scope(self) -> tuple[Array, Array]:
        """The stock points of one scope after the other, and where those of each begin: many are asked for, one by one."""
        scope, point = self._pairs
        order = np.argsort(scope, kind="stable")
        return point[order], np.searchsorted(scope[order], np.arange(len(self) + 1))

    @property
    def regions(self) -> list[int]:
        """Groups of sites that are networks of their own, by number."""
        return [i for i, s in enumerate(self.names) if self.wide[i] and s.level == "echelon"]

    def _joined(self, at_wide: Array, values: Array) -> Array:
        """Sums at wide scopes, and of `values` at the others."""
        sums: Array = np.empty((len(values), len(self), *values.shape[2:]))
        sums[:, self.wide] = at_wide
        sums[:, ~self.wide] = self._at_narrow(values)
        return sums

    @cached_property
    def _pairs(self) -> tuple[Array, Array]:
        """Every stock point in every scope: numbers of scopes, numbers of stock points."""
        scopes = [member[member >= 0] for member in self.members]
        points = [np.flatnonzero(member >= 0) for member in self.members]
        none = [np.zeros(0, np.int64)]
        return np.concatenate(none + scopes), np.concatenate(none + points)

    @cached_property
    def _everywhere(self) -> Sums:
        return self.made(*self._pairs, len(self))

    @cached_property
    def _at_wide(self) -> Sums:
        return self._some(self.wide, np.ones(len(self._pairs[0]), bool))

    @cached_property
    def _at_narrow(self) -> Sums:
        return self._some(~self.wide, np.ones(len(self._pairs[0]), bool))

    @cached_property
    def _top(self) -> Sums:
        """Sums over the most upstream stock points of each product in each wide scope."""
        scope, point = self._pairs
        layout = self.layout
        order = {kind: i for i, kind in enumerate(layout.echelons)}
        place = np.array([order.get(layout.kinds[s], -1) for s in layout.site], np.int64)[point]
        cell = scope * len(layout.products) + np.asarray(layout.product)[point]
        top = np.full(len(self) * len(layout.products), -1, np.int64)
        np.maximum.at(top, cell, place)
        if not layout.content:
            return self._some(self.wide, (place >= 0) & (place == top[cell]))
        # components are ordered in other units than what customers buy: only a scope of one product counts them
        sold = np.isin(layout.product, np.unique(layout.product[layout.customers]))[point]
        of_one = np.array([s.product != "" for s in self.names])[scope]
        return self._some(self.wide, (place >= 0) & (place == top[cell]) & (sold | of_one))

    def _some(self, chosen: Array, pairs: Array) -> Sums:
        """Sums over the chosen scopes alone, numbered one after the other, of some of the pairs."""
        scope, point = self._pairs
        number = np.cumsum(chosen) - 1
        kept = chosen[scope] & pairs
        return self.made(number[scope[kept]], point[kept], int(chosen.sum()))

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
        return self.made(key // len(reach), key % len(reach), len(self))


@dataclass(frozen=True)
class RowScopes(Scopes):
    """Scopes over rows of bucket series that are of groups of stock points: the sum of a scope that is not made of whole groups is NaN.

    row: of each stock point.
    """

    row: Array

    @cached_property
    def whole(self) -> Array:
        """Which scopes are made of whole groups [scopes]."""
        whole: Array = ~self.made(*self._pairs, len(self)).broken
        return whole

    def made(self, group: Array, point: Array, count: int) -> RowSums:
        return RowSums.of(group, point, count, self.row)


def _partitions(layout: Layout) -> Iterator[Sequence[Scope | None]]:
    """The scope of each stock point, None for none: once for every level, and once for every group."""
    kinds = [layout.kinds[s] for s in layout.site]
    sites = [layout.sites[s] for s in layout.site]
    products = [layout.products[p] for p in layout.product]
    yield [Scope("network", "", "") for _ in sites]
    yield [Scope("network", "", p) for p in products]
    for group, has in _groups(layout.product_groups, layout.product):
        yield [Scope("network", "", GROUP + group) if h else None for h in has]
    yield [Scope("echelon", ECHELON + k, "") for k in kinds]
    for group, has in _groups(layout.site_groups, layout.site):
        yield [Scope("echelon", GROUP + group, "") if h else None for h in has]
    yield [Scope("site", s, "") for s in sites]
    yield [Scope("stock_point", s, p) for s, p in zip(sites, products, strict=True)]


def _groups(groups: Sequence[Sequence[str]], of_point: Array) -> Iterator[tuple[str, list[bool]]]:
    """Every group in natural order, and by stock point whether it is in it."""
    for group in sorted({g for own in groups for g in own}, key=natural):
        yield group, [group in groups[i] for i in of_point.tolist()]
