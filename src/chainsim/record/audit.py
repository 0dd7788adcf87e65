"""The audit: no unit appears or vanishes. Done at the end of every replication; a violation is a bug of ours.

From the start to the end of the warm-up, and from there to the end, for every stock point and lane and for the network:
what was there + what came in = what went out + what is there. Whole units balance exactly, divisible ones to 1e-9 of
what flowed. Little's law holds as an identity when those still waiting are counted: time integral of backorders =
sum of waits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainsim.errors import ConservationError
from chainsim.plan.plan import Plan
from chainsim.record.record import Record

Array = np.ndarray[Any, Any]
TOLERANCE = 1e-9
SHOWN = 10


@dataclass(frozen=True)
class Violation:
    """One law broken at one place: by how many units, and the terms that should have balanced."""

    law: str
    where: str
    excess: float
    terms: str

    def __str__(self) -> str:
        return f"{self.law} at {self.where}: out of balance by {self.excess!r} ({self.terms})"


@dataclass(frozen=True)
class AuditReport:
    """Numbers of one replication for the page.

    checks: balances checked. imbalance: the largest, units (0 for whole units).
    little: |time integral of customers' backorders − sum of their waits| ÷ the integral; 0 when nobody waited.
    in_transit: time average in transit ÷ (rate × mean lead time); near 1, NaN when nothing was shipped.
    """

    checks: int
    imbalance: float
    little: float
    in_transit: float


@dataclass(frozen=True)
class _Balance:
    """terms that must sum to 0 at each place; `place` names the i-th, `exact` where they must do so exactly."""

    law: str
    place: Callable[[int], str]
    exact: Array
    terms: dict[str, Array]

    def excess(self) -> Array:
        total: Array = sum(self.terms.values(), np.zeros(len(self.exact)))
        return total

    def allowed(self) -> Array:
        size: Array = sum((np.abs(t) for t in self.terms.values()), np.zeros(len(self.exact)))
        return np.where(self.exact, 0.0, TOLERANCE * size)


def audit(record: Record, plan: Plan) -> AuditReport:
    """Check every law; raises ConservationError naming policy, replication, place and terms."""
    balances = list(_balances(record, plan))
    found = _broken(balances, record, plan)
    if found:
        shown = "\n  ".join(str(v) for v in found[:SHOWN])
        more = f"\n  and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        raise ConservationError(
            f"policy '{record.policy}', replication {record.replication}: units are not conserved\n  {shown}{more}"
        )
    imbalance = max((float(np.abs(b.excess()).max(initial=0.0)) for b in balances), default=0.0)
    integral, waits = _littles_law(record, plan)
    residual = abs(integral - waits) / integral if integral else 0.0
    return AuditReport(sum(len(b.exact) for b in balances), imbalance, residual, _in_transit(record))


def violations(record: Record, plan: Plan) -> list[Violation]:
    """Every law broken, in a fixed order; empty when all is well."""
    return _broken(list(_balances(record, plan)), record, plan)


def _broken(balances: list[_Balance], record: Record, plan: Plan) -> list[Violation]:
    found = []
    for balance in balances:
        excess = balance.excess()
        for i in np.flatnonzero(~(np.abs(excess) <= balance.allowed())):
            terms = ", ".join(f"{name} {values[i].item()!r}" for name, values in balance.terms.items())
            found.append(Violation(balance.law, balance.place(int(i)), float(excess[i]), terms))
    found.extend(_states(record, plan))
    integral, waits = _littles_law(record, plan)
    if not abs(integral - waits) <= TOLERANCE * max(integral, waits, 1.0):
        terms = f"time integral of backorders {integral!r}, sum of waits {waits!r}"
        found.append(Violation("Little's law", "the network", integral - waits, terms))
    return found


def _balances(record: Record, plan: Plan) -> Iterator[_Balance]:
    opening, closing = record.opening, record.closing
    yield from _stretch("before the window", _start(plan), opening, plan)
    yield from _stretch("in the window", opening, closing, plan)
    keep = ~np.asarray(plan.layout.unlimited, bool)
    names = _points_by_name(plan, "at the end")
    exact = plan.points["whole"][keep] == 1
    p, q = closing["points"][keep], opening["points"][keep]
    fate = {
        "demanded": p["demanded"] - q["demanded"],
        "filled": q["filled"] - p["filled"],
        "backfilled": q["backfilled"] - p["backfilled"],
        "backfilled, demanded earlier": p["backfilled_early"] - q["backfilled_early"],
        "lost": q["lost"] - p["lost"],
        "lost, demanded earlier": p["lost_early"] - q["lost_early"],
        "emergency": q["emergency"] - p["emergency"],
        "transshipped": q["transshipped"] - p["transshipped"],
        "still waiting": -np.asarray(record.waiting, np.float64)[keep],
    }
    yield _Balance("fate of units demanded in the window", names, exact, fate)
    lanes = closing["lanes"]
    on_order = {
        "on order": p["on_order"],
        "on order by lane": -_by_point(lanes["target"], lanes["on_order"], plan)[keep],
    }
    yield _Balance("on order", names, exact, on_order)


def _stretch(when: str, before: dict[str, Array], after: dict[str, Array], plan: Plan) -> Iterator[_Balance]:
    """The balances between two moments."""
    keep = ~np.asarray(plan.layout.unlimited, bool)
    names = _points_by_name(plan, when)
    exact = plan.points["whole"][keep] == 1
    p, q = before["points"], after["points"]

    def grown(column: str) -> Array:
        return np.asarray(q[column] - p[column], np.float64)

    stock = {
        "was on hand": p["on_hand"],
        "received": grown("received"),
        "shipped": -grown("shipped"),
        "scrapped": -grown("scrapped"),
        "outdated": -grown("outdated"),
        "is on hand": -q["on_hand"],
    }
    yield _Balance("stock", names, exact, {k: v[keep] for k, v in stock.items()})
    customers = {
        "were waiting": p["customer_backorders"],
        "demanded": grown("demanded"),
        "filled": -grown("filled"),
        "backfilled": -grown("backfilled"),
        "lost": -grown("lost"),
        "emergency": -grown("emergency"),
        "transshipped": -grown("transshipped"),
        "are waiting": -q["customer_backorders"],
    }
    yield _Balance("customers", names, exact, {k: v[keep] for k, v in customers.items()})
    a, b = before["lanes"], after["lanes"]
    sent = np.asarray(b["shipped"] - a["shipped"], np.float64)
    inside = b["origin"] >= 0
    left = {
        "left": grown("shipped"),
        "to customers": -grown("filled") - grown("backfilled"),
        "lent": -grown("lent"),
        "downstream": -_by_point(b["origin"][inside], sent[inside], plan),
    }
    yield _Balance("shipped", names, exact, {k: v[keep] for k, v in left.items()})
    arrived = np.asarray(b["received"] - a["received"], np.float64)
    came = {"received": grown("received"), "by lane": -_by_point(b["target"], arrived, plan)}
    yield _Balance("received", names, exact, {k: v[keep] for k, v in came.items()})
    whole_lane = plan.points["whole"][b["target"]] == 1
    lane_names = _lanes_by_name(plan, when)
    transit = {
        "was in transit": a["in_transit"],
        "shipped": sent,
        "received": -arrived,
        "is in transit": -b["in_transit"],
    }
    yield _Balance("lane", lane_names, whole_lane, transit)
    placed = np.asarray(b["ordered"] - a["ordered"], np.float64)
    orders = {"was on order": a["on_order"], "ordered": placed, "received": -arrived, "is on order": -b["on_order"]}
    yield _Balance("orders of the lane", lane_names, whole_lane, orders)
    # the whole network is no more than the sum of the above, but it is what a reader checks first
    source = (b["origin"] < 0) | plan.points["unlimited"][b["origin"]].astype(bool)
    network = {
        "was in the network": _one(p["on_hand"][keep].sum() + a["in_transit"].sum()),
        "came in": _one(sent[source].sum()),
        "scrapped": -_one(grown("scrapped")[keep].sum()),
        "went to customers": -_one((grown("filled") + grown("backfilled") + grown("lent"))[keep].sum()),
        "outdated": -_one(grown("outdated")[keep].sum()),
        "is in the network": -_one(q["on_hand"][keep].sum() + b["in_transit"].sum()),
    }
    yield _Balance("network", lambda _: f"the network, {when}", np.array([bool(exact.all())]), network)


def _states(record: Record, plan: Plan) -> Iterator[Violation]:
    """What must not be negative, and what must have been added up to the end."""
    kept = np.flatnonzero(~np.asarray(plan.layout.unlimited, bool))
    points = record.closing["points"]
    for column in ("on_hand", "backorders", "customer_backorders", "on_order"):
        for i in kept[~(points[column][kept] >= -TOLERANCE)].tolist():
            value = float(points[column][i])
            yield Violation("never negative", _name(plan, i), value, f"{column} {value!r}")
    owed, to_customers = points["backorders"], points["customer_backorders"]
    for i in kept[~(owed[kept] >= to_customers[kept] * (1.0 - TOLERANCE) - TOLERANCE)].tolist():
        terms = f"backorders {float(owed[i])!r}, to customers {float(to_customers[i])!r}"
        yield Violation("owed", _name(plan, i), float(owed[i] - to_customers[i]), terms)
    for table, moment in ((record.opening, plan.clock.warm_up), (record.closing, plan.clock.end)):
        for i in kept[table["points"]["since"][kept] != moment].tolist():
            yield _late(_name(plan, i), int(table["points"]["since"][i]), moment)
        for j in np.flatnonzero(table["lanes"]["since"] != moment).tolist():
            yield _late(_lane_name(plan, j), int(table["lanes"]["since"][j]), moment)


def _late(place: str, since: int, moment: int) -> Violation:
    return Violation("time integrals", place, since - moment, f"added up to tick {since}, not {moment}")


def _littles_law(record: Record, plan: Plan) -> tuple[float, float]:
    keep = ~np.asarray(plan.layout.unlimited, bool)
    points = record.closing["points"][keep]
    waits = points["waited_all"] + np.asarray(record.waiting_time, np.float64)[keep]
    return float(points["customer_backorder_time"].sum()), float(waits.sum())


def _in_transit(record: Record) -> float:
    opening, closing = record.opening["lanes"], record.closing["lanes"]
    drawn = float((closing["lead_ticks"] - opening["lead_ticks"]).sum())
    spent = float((closing["in_transit_time"] - opening["in_transit_time"]).sum())
    return spent / drawn if drawn else float("nan")


def _start(plan: Plan) -> dict[str, Array]:
    """The state at time 0: the Plan's own tables, with the initial shipments and orders on their lanes, where they
    count as shipped and ordered though they left nobody's stock."""
    lanes = plan.lanes.copy()
    for table, columns in (
        (plan.first_shipments, ("in_transit", "shipped", "on_order", "ordered")),
        (plan.first_orders, ("on_order", "ordered")),
    ):
        for column in columns:
            np.add.at(lanes[column], table["lane"], table["quantity"])
    return {"points": plan.points, "lanes": lanes}


def _by_point(index: Array, values: Array, plan: Plan) -> Array:
    out = np.zeros(len(plan.points))
    np.add.at(out, index, values)
    return out


def _one(value: float) -> Array:
    return np.array([value], np.float64)


def _points_by_name(plan: Plan, when: str) -> Callable[[int], str]:
    """'store / soup, when' of the i-th stock point that is no supplier of unlimited stock."""
    kept = np.flatnonzero(~np.asarray(plan.layout.unlimited, bool))
    return lambda i: f"{_name(plan, int(kept[i]))}, {when}"


def _lanes_by_name(plan: Plan, when: str) -> Callable[[int], str]:
    return lambda j: f"{_lane_name(plan, j)}, {when}"


def _lane_name(plan: Plan, j: int) -> str:
    origin, target = int(plan.lanes["origin"][j]), int(plan.lanes["target"][j])
    return f"{_name(plan, origin) if origin >= 0 else 'production'} → {_name(plan, target)}"


def _name(plan: Plan, point: int) -> str:
    layout = plan.layout
    return f"{layout.sites[layout.site[point]]} / {layout.products[layout.product[point]]}"
