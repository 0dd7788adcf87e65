"""All measures, and the bucket series, of one replication."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from chainsim.kpis.base import KPIS
from chainsim.kpis.scopes import Detail, Scope, Scopes
from chainsim.kpis.view import View
from chainsim.plan.plan import Plan
from chainsim.record.record import Record

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
    view = View(record, plan, scopes)
    ids = tuple(KPIS.names())
    values = np.column_stack([KPIS.get(id).compute(view) for id in ids])
    return Measures(scopes.names, ids, values)


def bucket_series(record: Record, plan: Plan, scopes: Scopes) -> Array:
    """Series by scope, name (`SERIES_NAMES`) and bucket.

    At the network's scope: backorders of end customers, demand of end customers, orders of the most upstream echelon.
    """
    view = View(record, plan, scopes)
    return np.stack(
        [
            view.total(view.series("on_hand")),
            view.total(view.series("backorders"), network=view.series("customer_backorders")),
            view.total(view.series("in_transit")),
            view.received_orders,
            view.placed_orders,
            view.total(view.series("lost")),
        ],
        axis=1,
    )
