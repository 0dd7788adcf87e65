"""All measures, and the bucket series, of one replication or of a block of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from chainsim.kpis.base import KPIS
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


def measure(record: Record, plan: Plan, detail: Detail | Scopes = "stock_point") -> Measures:
    """Every registered measure at every scope down to `detail` (or at given scopes, to save making them again)."""
    scopes = detail if isinstance(detail, Scopes) else Scopes.of(plan.layout, detail)
    values = measure_block(View(Records.of([record]), plan, scopes))[0]
    return Measures(scopes.names, tuple(KPIS.names()), values)


def measure_block(view: View) -> Array:
    """Every registered measure [replications, scopes, kpis], in the order of `KPIS.names()`; NaN where undefined."""
    shape = (len(view.records), len(view.scopes))
    values = np.empty((*shape, len(KPIS.names())))
    for k, id in enumerate(KPIS.names()):
        found = KPIS.get(id).compute(view)
        if np.shape(found) != shape:
            raise TypeError(
                f"measure '{id}' returned an array of shape {np.shape(found)}; it must have one number for each "
                f"replication and scope, here {shape}"
            )
        values[:, :, k] = found
    return values


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
