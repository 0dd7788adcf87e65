"""Whose bucket series are kept: every stock point's own, or, where these would need too much memory, those of groups.

A group is as large as can be without a part of the network that is told by product, kind of sites or group of them (`kpis.scopes`)
being made of pieces of it: its stock points keep the same product at the same kind of sites, in the same groups, on the way to the same
parts of the network, busy in the same buckets. So what is told of the network, a product, an echelon or a group is made of whole groups.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from itertools import pairwise

import numpy as np

from chainsim.plan.buckets import SERIES
from chainsim.plan.plan import Array, Layout
from chainsim.scenario.model import Scenario, TimeSpec

MOST_NUMBERS = 1e8
"""Of the series of one replication, held in memory at once, 8 bytes each."""


def series_rows(scenario: Scenario, layout: Layout, busy: Array) -> Array:
    """The row of the bucket series that each stock point's own add to [points], numbered in the order of the stock points.

    busy: as in the Plan.
    """
    if not by_group(scenario):
        return np.arange(len(layout.site))
    return _numbered(
        zip(
            [layout.kinds[s] for s in layout.site.tolist()],
            [layout.site_groups[s] if layout.site_groups else () for s in layout.site.tolist()],
            layout.product.tolist(),
            layout.unlimited.tolist(),
            layout.customers.tolist(),
            _served(layout),
            [own.tobytes() for own in busy] if busy.size else [b""] * len(layout.site),
            strict=True,
        )
    )


def by_group(scenario: Scenario) -> bool:
    """Whether series are kept of groups: as the scenario says, else where those of stock points are too many."""
    asked = scenario.time.series
    return asked == "group" or (asked is None and numbers_of_series(scenario.time, len(scenario.points)) > MOST_NUMBERS)


def numbers_of_series(time: TimeSpec, rows: int) -> float:
    """Numbers of the bucket series of a replication with so many rows."""
    return float(len(SERIES) * rows * (time.warm_up + time.horizon) / time.bucket)


def _served(layout: Layout) -> Sequence[Hashable]:
    """What reaches each stock point where customers buy: the products, kinds and groups of the stock points above it, and its own."""
    reach = layout.reach
    above = np.repeat(np.arange(len(reach)), [len(r) for r in reach])
    below = np.array([p for r in reach for p in r], np.int64)
    limited = ~np.asarray(layout.unlimited, bool)[above]
    above, below = above[limited], below[limited]
    kind, product = _numbered(layout.kinds)[layout.site], layout.product
    groups = _numbered(layout.site_groups)[layout.site] if layout.site_groups else np.zeros_like(kind)
    what = (kind * (groups.max(initial=0) + 1) + groups) * len(layout.products) + product
    pairs = np.unique(np.stack([below, what[above]], axis=1), axis=0)
    begin = np.searchsorted(pairs[:, 0], np.arange(len(reach) + 1)).tolist()
    return [pairs[a:b, 1].tobytes() for a, b in pairwise(begin)]


def _numbered(keys: Iterable[Hashable]) -> Array:
    """Numbers of keys in the order in which they first come.

    >>> _numbered(["b", "a", "b"]).tolist()
    [0, 1, 0]
    """
    seen: dict[Hashable, int] = {}
    return np.array([seen.setdefault(key, len(seen)) for key in keys], np.int64)
