"""What the audit looks at: the state at time 0, columns of some places, and the names of places."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainsim.plan.plan import Plan

Array = np.ndarray[Any, Any]


def start_of(plan: Plan, count: int) -> dict[str, Array]:
    """The state at time 0, the same in all `count` replications: the Plan's own tables, with the initial shipments and orders on
    their lanes, where they count as shipped and ordered though they left nobody's stock."""
    lanes = plan.lanes.copy()
    for table, columns in (
        (plan.first_shipments, ("in_transit", "shipped", "on_order", "ordered")),
        (plan.first_orders, ("on_order", "ordered")),
    ):
        for column in columns:
            np.add.at(lanes[column], table["lane"], table["quantity"])
    kept = ("points", "assemblies", "ledgers", "terms", "agings")
    tables = {"lanes": lanes, **{name: getattr(plan, name) for name in kept}}
    return {name: np.broadcast_to(rows, (count, len(rows))) for name, rows in tables.items()}


def limited(plan: Plan) -> Array:
    """The stock points that are no suppliers of unlimited stock."""
    return np.flatnonzero(~np.asarray(plan.layout.unlimited, bool))


def at(values: Array, places: Array) -> Array:
    """The columns of these places, float64."""
    return np.asarray(values, np.float64).take(places, axis=1)


def sum_of(values: Array) -> Array:
    """Sums over all places [replications, 1], by pairs: rows must lie in memory one after the other."""
    total: Array = np.ascontiguousarray(values).sum(axis=1, keepdims=True)
    return total


def points_by_name(plan: Plan, when: str) -> Callable[[int], str]:
    """'store / soup, when' of the i-th stock point that is no supplier of unlimited stock."""
    kept = limited(plan)
    return lambda i: f"{name_of(plan, int(kept[i]))}, {when}"


def lanes_by_name(plan: Plan, when: str) -> Callable[[int], str]:
    return lambda j: f"{lane_name(plan, j)}, {when}"


def lane_name(plan: Plan, j: int) -> str:
    origin, target = int(plan.lanes["origin"][j]), int(plan.lanes["target"][j])
    return f"{name_of(plan, origin) if origin >= 0 else 'production'} → {name_of(plan, target)}"


def name_of(plan: Plan, point: int) -> str:
    layout = plan.layout
    return f"{layout.sites[layout.site[point]]} / {layout.products[layout.product[point]]}"
