"""All measures, and the bucket series, of one replication or of a block of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainsim.kpis.base import KPIS, Ratio, kpis_of
from chainsim.kpis.scopes import Detail, Scope, Scopes
from chainsim.kpis.view import View
from chainsim.plan.plan import Plan
from chainsim.record.record import Record
from chainsim.record.stack import Records

Array = np.ndarray[Any, Any]

SERIES_NAMES = ("on_hand", "backorders", "in_transit", "demand", "orders", "lost")
"""Bucket series of the results: stock, backorders and stock in transit at the end of the bucket; units demanded,
ordered and lost within it."""


@dataclass(frozen=True)
class Measures:
    """values[scope, kpi] of one replication; NaN where undefined."""

    scopes: tuple[Scope, ...]
    ids: tuple[str, ...]
    values: Array


@dataclass(frozen=True)
class Parts:
    """Measures of a block of replications [replications, scopes, kpis], kpis in the order asked for (`KPIS.names()`, if none was): a
    ratio as its numerator and its denominator, any other measure as numerator, with NaN for a denominator."""

    numerators: Array
    denominators: Array

    @property
    def values(self) -> Array:
        """The measures themselves; NaN where undefined."""
        return np.where(np.isnan(self.denominators), self.numerators, Ratio(self.numerators, self.denominators).value)


def measure(record: Record, plan: Plan, detail: Detail | Scopes = "stock_point") -> Measures:
    """Every measure that concerns the Plan, at every scope down to `detail` (or at given scopes, to save making them again)."""
    scopes = detail if isinstance(detail, Scopes) else Scopes.of(plan.layout, detail)
    ids = tuple(kpis_of([plan]))
    values = measure_block(View(Records.of([record]), plan, scopes), ids).values[0]
    return Measures(scopes.names, ids, values)


def measure_block(view: View, ids: Sequence[str] | None = None) -> Parts:
    """Every registered measure of the replications, or those named, at every scope."""
    names = KPIS.names() if ids is None else ids
    shape = (len(view.records), len(view.scopes))
    numerators = np.empty((*shape, len(names)))
    denominators = np.full_like(numerators, np.nan)
    for k, id in enumerate(names):
        kpi = KPIS.get(id)
        if kpi.concerns is not None and not kpi.concerns(view.plan):
            numerators[:, :, k] = np.nan
            continue
        found = kpi.compute(view)
        parts = (found.numerator, found.denominator) if isinstance(found, Ratio) else (found,)
        for part, columns in zip(parts, (numerators, denominators), strict=False):
            if np.shape(part) != shape:
                raise TypeError(
                    f"measure '{id}' returned an array of shape {np.shape(part)}; it must have one number for each "
                    f"replication and scope, here {shape}"
                )
            columns[:, :, k] = part
    return Parts(numerators, denominators)


def bucket_series(record: Record, plan: Plan, scopes: Scopes) -> Array:
    """Series of one replication by scope, name (`SERIES_NAMES`) and bucket."""
    series: Array = series_block(View(Records.of([record]), plan, scopes))[0]
    return series


def series_block(view: View) -> Array:
    """Series [replications, scopes, names, buckets], by name as in `SERIES_NAMES`.

    At the network's scope: backorders of end customers, demand of end customers, orders of the most upstream echelon.
    """
    return np.stack(
        [
            view.total(view.series("on_hand")),
            view.total(view.series("backorders"), network=view.series("customer_backorders")),
            view.total(view.series("in_transit")),
            view.received_orders,
            view.placed_orders,
            view.total(view.series("lost")),
        ],
        axis=2,
    )
