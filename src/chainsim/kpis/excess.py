"""Excess and dead stock: what lies on hand at the end that nobody will ask for soon, or that nobody asked for lately.

Told where a stock rule says from when on stock is called so, at the end of the last whole bucket of the window, and not where bucket
series are kept of groups of stock points.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chainsim.kpis.base import Ratio, kpi, ratio
from chainsim.kpis.view import View
from chainsim.plan.plan import Plan

Array = np.ndarray[Any, Any]
END = "at the end of the last whole bucket"
UNSAID = {
    name: f"no stock rule here says `{name}`, or bucket series are kept of groups"
    for name in ("excess_beyond", "dead_after")
}
EXCESS = (
    f"On hand {END}, beyond what was asked for in `excess_beyond` at the pace of the window (customers, and orders of sites "
    "downstream), added up over stock points"
)
DEAD = f"On hand {END} at stock points that nothing left in the last `dead_after` (whole buckets), added up"


def says_excess(plan: Plan) -> bool:
    """Whether any stock rule says what is excess."""
    return any(plan.layout.excess_beyond)


def says_dead(plan: Plan) -> bool:
    """Whether any stock rule says what is dead."""
    return any(plan.layout.dead_after)


@kpi(
    "excess_units",
    concerns=says_excess,
    title="Excess stock",
    unit="units",
    direction="lower",
    definition=f"{EXCESS}.",
    undefined=UNSAID["excess_beyond"],
)
def excess_units(view: View) -> Ratio:
    return _excess(view, np.ones(len(view.plan.points)))


@kpi(
    "excess_value",
    concerns=says_excess,
    title="Value of excess stock",
    unit="{currency}",
    direction="lower",
    definition=f"{EXCESS}, at unit cost.",
    undefined=UNSAID["excess_beyond"],
)
def excess_value(view: View) -> Ratio:
    return _excess(view, view.plan.money.unit_cost)


@kpi(
    "dead_units",
    concerns=says_dead,
    title="Dead stock",
    unit="units",
    direction="lower",
    definition=f"{DEAD}.",
    undefined=UNSAID["dead_after"],
)
def dead_units(view: View) -> Ratio:
    return _dead(view, np.ones(len(view.plan.points)))


@kpi(
    "dead_value",
    concerns=says_dead,
    title="Value of dead stock",
    unit="{currency}",
    direction="lower",
    definition=f"{DEAD}, at unit cost.",
    undefined=UNSAID["dead_after"],
)
def dead_value(view: View) -> Ratio:
    return _dead(view, view.plan.money.unit_cost)


def _excess(view: View, worth: Array) -> Ratio:
    limit = np.array(view.plan.layout.excess_beyond, np.float64)
    if not _told(view, limit):
        return _untold(view)
    asked = view.flow("demanded") + view.flow("requested")
    beyond = np.maximum(_at_end(view) - asked * (limit / view.window), 0.0)
    return _total(view, beyond * worth, limit > 0.0)


def _dead(view: View, worth: Array) -> Ratio:
    limit = np.array(view.plan.layout.dead_after, np.float64)
    if not _told(view, limit):
        return _untold(view)
    full = np.flatnonzero(view.full_buckets)
    late = np.zeros((len(limit), len(view.full_buckets)))
    for row, buckets in zip(late, np.ceil(limit / view.plan.clock.bucket).astype(np.int64).tolist(), strict=True):
        row[full[len(full) - buckets :]] = 1.0
    left = view.over_window(view.series("shipped") * late)
    return _total(view, np.where(left > 0.0, 0.0, _at_end(view)) * worth, limit > 0.0)


def _told(view: View, limit: Array) -> bool:
    return bool(limit.any() and view.full_buckets.any()) and not view.plan.grouped


def _untold(view: View) -> Ratio:
    nothing = np.zeros((len(view.records), len(view.scopes)))
    return ratio(nothing, nothing)


def _at_end(view: View) -> Array:
    """On hand at the end of the last whole bucket [replications, points]."""
    last = np.zeros(len(view.full_buckets))
    last[np.flatnonzero(view.full_buckets)[-1]] = 1.0
    return view.over_window(view.series("on_hand") * last)


def _total(view: View, values: Array, concerned: Array) -> Ratio:
    """Sums over the stock points concerned; undefined at scopes without any."""
    own = np.where(concerned, 1.0, 0.0)
    some = view.total(np.broadcast_to(own, (len(view.records), len(own)))) > 0.0
    return ratio(view.total(values * own), np.where(some, 1.0, 0.0))
