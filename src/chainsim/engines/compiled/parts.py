"""The parts of a network that have nothing to do with one another: they can be simulated one after the other.

Two stock points belong together when a lane, a bill of materials, a common resource, an outage or transshipment joins them. Every draw, key and total is
a stock point's, a lane's or a stream's own, so a part alone goes through exactly what it goes through beside the others; its calendar
is shorter and its memory nearer.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chainsim.plan.plan import Plan

Array = np.ndarray[Any, Any]

PARTED = (
    "points",
    "lanes",
    "resources",
    "customers",
    "outages",
    "assemblies",
    "agings",
    "ledgers",
    "first_shipments",
    "first_orders",
)
"""Tables whose rows are gone through part by part."""


def parts_of(plan: Plan, *, together: bool = False) -> tuple[int, dict[str, Array]]:
    """How many parts there are; and for each of `PARTED` its rows by part, and where those of each part begin.

    together: everything is one part (an event log tells all events in the order of time).
    """
    part = np.zeros(len(plan.points), np.int64) if together else _components(plan)
    if _out_of_order(plan, part):
        part = np.zeros(len(plan.points), np.int64)
    parts = int(part.max(initial=0)) + 1
    lanes = part[plan.lanes["target"]]
    belongs = {
        "points": part,
        "lanes": lanes,
        "resources": _first(part, plan.points["resource"], len(plan.resources)),
        "customers": part[plan.customers["point"]],
        "outages": np.array([part[_hit(plan, outage)[:1]].sum() for outage in plan.outages], np.int64),
        "assemblies": lanes[plan.assemblies["lane"]],
        "agings": part[plan.agings["point"]],
        "ledgers": part[plan.ledgers["point"]],
        "first_shipments": lanes[plan.first_shipments["lane"]],
        "first_orders": lanes[plan.first_orders["lane"]],
    }
    lists = {}
    for name, of in belongs.items():
        lists[f"{name}_by_part"] = np.argsort(of, kind="stable").astype(np.int64)
        lists[f"{name}_from"] = np.searchsorted(np.sort(of), np.arange(parts + 1)).astype(np.int64)
    return parts, lists


def _out_of_order(plan: Plan, part: Array) -> bool:
    """Whether the bucket series of a group of stock points would be added up in another order than theirs, part after part. Whole
    units come to the same in any order."""
    broken = plan.points["whole"] == 0
    row, part = plan.points["series_row"][broken], part[broken]
    if not len(row) or plan.series_rows == len(plan.points):
        return False
    least = np.full(plan.series_rows, len(plan.points))
    np.minimum.at(least, row, part)
    return bool((part != least[row]).any())


def _components(plan: Plan) -> Array:
    """The part of each stock point, numbered in the order of their first stock points."""
    chief = list(range(len(plan.points)))

    def find(p: int) -> int:
        while chief[p] != p:
            chief[p] = chief[chief[p]]
            p = chief[p]
        return p

    def join(points: list[int]) -> None:
        for p in points[1:]:
            low, high = sorted((find(points[0]), find(p)))
            chief[high] = low

    for origin, target in zip(plan.lanes["origin"].tolist(), plan.lanes["target"].tolist(), strict=True):
        if origin >= 0:
            join([origin, target])
    desk_of = plan.points["desk"]
    for assembly in plan.assemblies:
        join([int(plan.lanes["target"][assembly["lane"]]), *np.flatnonzero(desk_of == assembly["desk"]).tolist()])
    for r in range(len(plan.resources)):
        join(np.flatnonzero(plan.points["resource"] == r).tolist())
    for outage in plan.outages:
        cause = plan.outages[outage["after"]] if outage["after"] >= 0 else outage
        join([*_hit(plan, cause), *_hit(plan, outage)])
    for point, first, count in zip(
        *(plan.customers[c].tolist() for c in ("point", "first_partner", "partners")), strict=True
    ):
        join([point, *plan.partners[first : first + count].tolist()])
    return np.unique([find(p) for p in range(len(plan.points))], return_inverse=True)[1].astype(np.int64)


def _hit(plan: Plan, outage: Any) -> list[int]:
    """The stock points an outage looks at; one without any belongs to the first part."""
    if outage["product"] >= 0:
        return [int(p) for p in np.flatnonzero(plan.points["product"] == outage["product"])]
    if outage["site"] >= 0:
        hit = np.flatnonzero(plan.points["site"] == outage["site"])
    else:
        lanes = plan.outage_lanes[outage["first_lane"] : outage["first_lane"] + outage["lanes"]]
        hit = plan.lanes["origin"][lanes]
    return [int(p) for p in hit] or [0]


def _first(part: Array, of: Array, count: int) -> Array:
    """The part of the first stock point that names each of `count` rows; 0 for a row nobody names."""
    found = np.zeros(count, np.int64)
    for p in reversed(range(len(part))):
        if of[p] >= 0:
            found[of[p]] = part[p]
    return found
