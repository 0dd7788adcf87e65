"""The audit: no unit appears or vanishes. Done at the end of every replication; a violation is a bug of ours.

From the start to the end of the warm-up, and from there to the end, for every stock point and lane and for the network:
what was there + what came in = what went out + what is there. Whole units balance exactly, divisible ones to 1e-9 of
what flowed. Little's law holds as an identity when those still waiting are counted: time integral of backorders =
sum of waits. A block of replications is audited at once: the first axis of every array is the replication.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np

from chainsim.errors import ConservationError
from chainsim.plan.plan import Plan
from chainsim.record.audited import at, lane_name, lanes_by_name, limited, name_of, points_by_name, start_of, sum_of
from chainsim.record.record import Record
from chainsim.record.stack import Records, add_up

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
    """terms [replications, places] that must sum to 0; `place` names the i-th, `exact` where they must do so exactly. roundings: how
    many amounts were rounded to 1e-9 of a unit of their own on the way."""

    law: str
    place: Callable[[int], str]
    exact: Array
    terms: dict[str, Array]
    roundings: Array | float = 0.0

    @cached_property
    def excess(self) -> Array:
        return np.asarray(sum(self.terms.values()), np.float64)

    @cached_property
    def allowed(self) -> Array:
        if self.exact.all():
            return np.zeros(len(self.exact))
        size: Array = np.asarray(sum(np.abs(t) for t in self.terms.values()), np.float64)
        return np.where(self.exact, 0.0, TOLERANCE * (size + self.roundings))


def audit(record: Record, plan: Plan) -> AuditReport:
    """Check every law; raises ConservationError naming policy, replication, place and terms."""
    return audit_block(Records.of([record]), plan)[0]


def audit_block(records: Records, plan: Plan) -> list[AuditReport]:
    """`audit` of every replication; raises ConservationError naming the first in which a law is broken."""
    balances = list(_balances(records, plan))
    for i, found in enumerate(_broken(balances, records, plan)):
        if found:
            shown = "\n  ".join(str(v) for v in found[:SHOWN])
            more = f"\n  and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
            raise ConservationError(
                f"policy '{records.policy}', replication {records.replications[i]}: units are not conserved\n  "
                f"{shown}{more}"
            )
    checks = sum(len(b.exact) for b in balances)
    imbalance = np.max([np.abs(b.excess).max(axis=1, initial=0.0) for b in balances], axis=0)
    integral, waits = _littles_law(records, plan)
    little = np.abs(integral - waits) / np.where(integral != 0, integral, 1.0)
    little[integral == 0] = 0.0
    columns = (imbalance.tolist(), little.tolist(), _in_transit(records).tolist())
    return [AuditReport(checks, *three) for three in zip(*columns, strict=True)]


def violations(record: Record, plan: Plan) -> list[Violation]:
    """Every law broken, in a fixed order; empty when all is well."""
    records = Records.of([record])
    return _broken(list(_balances(records, plan)), records, plan)[0]


def _broken(balances: list[_Balance], records: Records, plan: Plan) -> list[list[Violation]]:
    """The violations of each replication."""
    found: list[list[Violation]] = [[] for _ in range(len(records))]
    for balance in balances:
        excess = balance.excess
        for r, i in np.argwhere(~(np.abs(excess) <= balance.allowed)).tolist():
            terms = ", ".join(f"{name} {values[r, i].item()!r}" for name, values in balance.terms.items())
            found[r].append(Violation(balance.law, balance.place(i), float(excess[r, i]), terms))
    for r, violation in _states(records, plan):
        found[r].append(violation)
    integral, waits = _littles_law(records, plan)
    allowed = TOLERANCE * np.maximum(np.maximum(integral, waits), 1.0)
    for r in np.flatnonzero(~(np.abs(integral - waits) <= allowed)).tolist():
        owed, waited = float(integral[r]), float(waits[r])
        terms = f"time integral of backorders {owed!r}, sum of waits {waited!r}"
        found[r].append(Violation("Little's law", "the network", owed - waited, terms))
    return found


def _balances(records: Records, plan: Plan) -> Iterator[_Balance]:
    opening, closing = records.opening, records.closing
    yield from _stretch("before the window", start_of(plan, len(records)), opening, plan)
    yield from _stretch("in the window", opening, closing, plan)
    kept = limited(plan)
    names = points_by_name(plan, "at the end")
    exact = plan.points["whole"][kept] == 1
    p, q = closing["points"], opening["points"]

    def grown(column: str) -> Array:
        return at(p[column] - q[column], kept)

    fate = {
        "demanded": grown("demanded"),
        "filled": -grown("filled"),
        "backfilled": -grown("backfilled"),
        "backfilled, demanded earlier": grown("backfilled_early"),
        "lost": -grown("lost"),
        "lost, demanded earlier": grown("lost_early"),
        "emergency": -grown("emergency"),
        "transshipped": -grown("transshipped"),
        "still waiting": -at(records.waiting, kept),
    }
    yield _Balance("fate of units demanded in the window", names, exact, fate)
    by_lane = add_up(plan.lanes["target"], closing["lanes"]["on_order"], len(plan.points))
    on_order = {"on order": at(p["on_order"], kept), "on order by lane": -at(by_lane, kept)}
    yield _Balance("on order", names, exact, on_order)


def _stretch(when: str, before: dict[str, Array], after: dict[str, Array], plan: Plan) -> Iterator[_Balance]:
    """The balances between two moments."""
    kept, names = limited(plan), points_by_name(plan, when)
    exact = plan.points["whole"][kept] == 1
    p, q = before["points"], after["points"]

    @cache
    def grown(column: str) -> Array:
        return at(q[column] - p[column], kept)

    def by_point(index: Array, values: Array) -> Array:
        return at(add_up(index, values, len(plan.points)), kept)

    def of_records(column: str) -> Array:
        return by_point(plan.ledgers["point"], after["ledgers"][column] - before["ledgers"][column])

    was_on_hand, is_on_hand = at(p["on_hand"], kept), at(q["on_hand"], kept)
    stock = {
        "was on hand": was_on_hand,
        "received": grown("received"),
        "shipped": -grown("shipped"),
        "scrapped": -grown("scrapped"),
        "outdated": -grown("outdated"),
        "shrunk": -of_records("shrunk"),
        "decayed": -of_records("decayed"),
        "destroyed": -of_records("destroyed"),
        "is on hand": -is_on_hand,
    }
    yield _Balance("stock", names, exact, stock)
    books = {
        "books were off": at(p["unseen"], kept),
        "shrunk": of_records("shrunk"),
        "misbooked": of_records("misbooked"),
        "found": of_records("found"),
        "missing": -of_records("missing"),
        "books are off": -at(q["unseen"], kept),
    }
    yield _Balance("books", names, exact, books)
    customers = {
        "were waiting": at(p["customer_backorders"], kept),
        "demanded": grown("demanded"),
        "filled": -grown("filled"),
        "backfilled": -grown("backfilled"),
        "lost": -grown("lost"),
        "emergency": -grown("emergency"),
        "transshipped": -grown("transshipped"),
        "are waiting": -at(q["customer_backorders"], kept),
    }
    yield _Balance("customers", names, exact, customers)
    a, b = before["lanes"], after["lanes"]
    origin, target = plan.lanes["origin"], plan.lanes["target"]
    sent, arrived = b["shipped"] - a["shipped"], b["received"] - a["received"]
    inside = np.flatnonzero(origin >= 0)
    left = {
        "left": grown("shipped"),
        "to customers": -grown("filled") - grown("backfilled"),
        "lent": -grown("lent"),
        "downstream": -by_point(origin[inside], at(sent, inside)),
        "consumed": -grown("consumed"),
    }
    yield _Balance("shipped", names, exact, left)
    came = {"received": grown("received"), "by lane": -by_point(target, arrived)}
    yield _Balance("received", names, exact, came)
    whole_lane, lane_names = plan.points["whole"][target] == 1, lanes_by_name(plan, when)
    transit = {
        "was in transit": a["in_transit"],
        "shipped": sent,
        "received": -arrived,
        "is in transit": -b["in_transit"],
    }
    yield _Balance("lane", lane_names, whole_lane, transit)
    placed = b["ordered"] - a["ordered"]
    orders = {"was on order": a["on_order"], "ordered": placed, "received": -arrived, "is on order": -b["on_order"]}
    yield _Balance("orders of the lane", lane_names, whole_lane, orders)
    yield from _jobs(before, after, grown("consumed"), plan, when)
    yield from _ages(before, after, plan, when)
    yield from _docks(before, after, plan, when)
    # the whole network is no more than the sum of the above, but it is what a reader checks first
    source = np.flatnonzero((origin < 0) | plan.points["unlimited"][origin].astype(bool))
    network = {
        "was in the network": sum_of(was_on_hand) + sum_of(a["in_transit"]),
        "came in": sum_of(at(sent, source)),
        "scrapped": -sum_of(grown("scrapped")),
        "went to customers": -sum_of(grown("filled") + grown("backfilled") + grown("lent")),
        "outdated": -sum_of(grown("outdated")),
        "consumed": -sum_of(grown("consumed")),
        "shrunk": -sum_of(of_records("shrunk")),
        "decayed": -sum_of(of_records("decayed")),
        "destroyed": -sum_of(of_records("destroyed")),
        "is in the network": -(sum_of(is_on_hand) + sum_of(b["in_transit"])),
    }
    yield _Balance("network", lambda _: f"the network, {when}", np.array([bool(exact.all())]), network)


def _jobs(
    before: dict[str, Array], after: dict[str, Array], consumed: Array, plan: Plan, when: str
) -> Iterator[_Balance]:
    """Jobs made of components: what was ordered is released or waits, what was released is in work or waits for the plant, and took
    its components."""
    if not len(plan.assemblies):
        return
    lanes = plan.assemblies["lane"]
    a, b = before["assemblies"], after["assemblies"]
    everywhere = np.arange(len(lanes))
    grown = {
        name: at(after["lanes"][name] - before["lanes"][name], lanes) for name in ("ordered", "shipped")
    } | {"released": at(b["released"] - a["released"], everywhere)}  # fmt: skip
    whole = plan.points["whole"][plan.lanes["target"][lanes]] == 1
    for law, came, went, level in (
        ("jobs", "ordered", "released", "waiting"),
        ("work", "released", "shipped", "at_plant"),
    ):
        terms = {
            "was there": at(a[level], everywhere),
            came: grown[came],
            went: -grown[went],
            "is there": -at(b[level], everywhere),
        }
        yield _Balance(law, lambda i: f"{lane_name(plan, int(lanes[i]))}, {when}", whole, terms)
    kept = limited(plan)
    of = np.repeat(everywhere, plan.assemblies["inputs"])
    used = add_up(plan.inputs["point"], grown["released"].take(of, axis=1) * plan.inputs["per"], len(plan.points))
    exact = plan.points["whole"][kept] == 1
    jobs = add_up(plan.inputs["point"], at(after["lanes"]["orders"], lanes).take(of, axis=1), len(plan.points))
    terms = {"consumed": consumed, "released": -at(used, kept)}
    # what is owed to a job is rounded, and its parts add up to that
    yield _Balance("consumed", points_by_name(plan, when), exact, terms, at(jobs, kept))


def _ages(before: dict[str, Array], after: dict[str, Array], plan: Plan, when: str) -> Iterator[_Balance]:
    """Where goods keep their age, every unit of use that was received had one."""
    kept, everyone = plan.agings["point"], np.arange(len(plan.agings))
    came, useless = (at(after["points"][name] - before["points"][name], kept) for name in ("received", "scrapped"))
    arrived = at(after["agings"]["arrived"] - before["agings"]["arrived"], everyone)
    terms = {"received": came, "scrapped": -useless, "put in by age": -arrived}
    yield _Balance("ages", lambda i: f"{name_of(plan, int(kept[i]))}, {when}", plan.points["whole"][kept] == 1, terms)


def _docks(before: dict[str, Array], after: dict[str, Array], plan: Plan, when: str) -> Iterator[_Balance]:
    """What was sent to a dock waits there or has left: units at the dock are in transit."""
    rows = np.flatnonzero((plan.terms["gathers"] == 1) | (plan.terms["capacity"] > 0.0))
    lanes = plan.terms["lane"][rows]
    a, b = before["terms"], after["terms"]
    sent = at(after["lanes"]["shipped"] - before["lanes"]["shipped"], lanes)
    terms = {
        "was at the dock": at(a["at_dock"], rows),
        "sent": sent,
        "left": -at(b["carried"] - a["carried"], rows),
        "is at the dock": -at(b["at_dock"], rows),
    }
    whole = plan.points["whole"][plan.lanes["target"][lanes]] == 1
    yield _Balance("dock", lambda i: f"{lane_name(plan, int(lanes[i]))}, {when}", whole, terms)


def _states(records: Records, plan: Plan) -> Iterator[tuple[int, Violation]]:
    """What must not be negative, and what must have been added up to the end; each with its replication's place."""
    kept = limited(plan)
    points = records.closing["points"]
    for column in ("on_hand", "backorders", "customer_backorders", "on_order"):
        values = at(points[column], kept)
        for r, i in np.argwhere(~(values >= -TOLERANCE)).tolist():
            value = float(values[r, i])
            yield r, Violation("never negative", name_of(plan, int(kept[i])), value, f"{column} {value!r}")
    owed, to_customers = at(points["backorders"], kept), at(points["customer_backorders"], kept)
    for r, i in np.argwhere(~(owed >= to_customers * (1.0 - TOLERANCE) - TOLERANCE)).tolist():
        terms = f"backorders {float(owed[r, i])!r}, to customers {float(to_customers[r, i])!r}"
        yield r, Violation("owed", name_of(plan, int(kept[i])), float(owed[r, i] - to_customers[r, i]), terms)
    yield from _time_in_transit(records, plan)
    for table, moment in ((records.opening, plan.clock.warm_up), (records.closing, plan.clock.end)):
        since = at(table["points"]["since"], kept)
        for r, i in np.argwhere(since != moment).tolist():
            yield r, _late(name_of(plan, int(kept[i])), int(since[r, i]), moment)
        since = table["lanes"]["since"]
        for r, j in np.argwhere(since != moment).tolist():
            yield r, _late(lane_name(plan, j), int(since[r, j]), moment)


def _time_in_transit(records: Records, plan: Plan) -> Iterator[tuple[int, Violation]]:
    """What units spent in work and on their way since time 0 is what was drawn for them, less what those still under way have left."""
    lanes = records.closing["lanes"]
    drawn = np.asarray(lanes["lead_ticks"], np.float64).copy()
    for first in plan.first_shipments:
        drawn[:, first["lane"]] += first["quantity"] * min(int(first["due"]), plan.clock.end)
    left = drawn - lanes["in_transit_time"]
    rounding = TOLERANCE * np.maximum(drawn, lanes["in_transit_time"])
    wrong = (left < -rounding) | ((lanes["in_transit"] == 0) & (left > rounding))
    for r, j in np.argwhere(wrong).tolist():
        spent, due = float(lanes["in_transit_time"][r, j]), float(drawn[r, j])
        terms = f"spent {spent!r} unit-ticks, drawn {due!r}, in transit {float(lanes['in_transit'][r, j])!r}"
        yield r, Violation("time in transit", lane_name(plan, j), float(-left[r, j]), terms)


def _late(place: str, since: int, moment: int) -> Violation:
    return Violation("time integrals", place, since - moment, f"added up to tick {since}, not {moment}")


def _littles_law(records: Records, plan: Plan) -> tuple[Array, Array]:
    """Time integrals of backorders and sums of waits [replications]."""
    kept = limited(plan)
    points = records.closing["points"]
    waits = sum_of(at(points["waited_all"] + records.waiting_time, kept))
    return sum_of(at(points["customer_backorder_time"], kept))[:, 0], waits[:, 0]


def _in_transit(records: Records) -> Array:
    opening, closing = records.opening["lanes"], records.closing["lanes"]
    drawn = sum_of(closing["lead_ticks"] - opening["lead_ticks"])[:, 0]
    spent = sum_of(closing["in_transit_time"] - opening["in_transit_time"])[:, 0]
    return np.where(drawn != 0, spent / np.where(drawn != 0, drawn, 1.0), np.nan)
