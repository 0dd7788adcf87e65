"""Asked against delivered: what levels were asked to give, what came, and why where the two lie apart.

A row for every stock point whose level was derived for a service or a cost, for the network and every group of it (of
products, kinds, groups of sites) that was asked of as a whole, and for the scenario's target, which is asked of the whole
network whatever the levels come from. A group is asked what its stock points are asked, weighed by their demand (or cycles).

    short    the interval lies wholly more than 1 point below what was asked
    over     it lies wholly more than 1 point above, and the level is not the smallest that reaches
    unclear  the mean is more than 1 point below, but its interval reaches within 1 point: more replications would tell
    delivers all else

Delivered is Σ numerators ÷ Σ denominators over replications, with the interval that the summary gives the same measure.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from chainsim.kpis import Scopes
from chainsim.kpis.delivery import AT
from chainsim.kpis.scopes import Scope
from chainsim.places import GROUP
from chainsim.plan.plan import Plan
from chainsim.policies.base import A_WAIT, DOWNSTREAM, HELD, IN_LOTS, MORE_THAN, Promise
from chainsim.statistics import Estimate, estimate
from chainsim.statistics.sample import Sample
from chainsim.study.reasons import downstream, reasons
from chainsim.study.wording import in_a_row

Array = np.ndarray[Any, Any]
POINT = 0.01
"""How far off what was asked still counts as delivered."""
LINES = {"fill_rate": ("fill_rate", "filled", "demanded"), "service": ("cycle_service_level", "cycles_good", "cycles")}
"""By kind of promise: the measure, what goes above its line and what below."""
ROADS = {
    "network": "multi_echelon plans with a simpler law (mean and variance of demand, no undershoot)",
    "textbook": "the textbook plans with a simpler law (mean times, a usual law of demand, no undershoot)",
}
"""What roads to a level other than the model's own laws leave out."""
NO_REASON = "no single reason stands out in what was measured"
LOTS = ("order_quantity", "order quantity")
COLUMNS = (
    "policy", "site", "product", "kind", "asked", "kpi", "delivered", "half_width", "low", "high", "n", "verdict", "expected", "one_less",
    "origin", "by", "formula", "why",
)  # fmt: skip


@dataclass(frozen=True)
class Delivered:
    """One row of delivered.csv. got: what was delivered.

    kind: 'fill_rate', 'service' (per cycle), or 'cost' (least cost; nothing is asked and there is no verdict).
    verdict: 'delivers', 'short', 'over', 'unclear'; '' where nothing was asked or nothing was demanded.
    """

    policy: str
    scope: Scope
    kind: str
    asked: float | None
    got: Estimate
    verdict: str
    expected: float | None
    one_less: float | None
    origin: str
    by: str
    formula: str
    why: str

    @property
    def delivered(self) -> float | None:
        """The share delivered."""
        return self.got.mean

    def cells(self) -> tuple[str | float | int | None, ...]:
        """The row as it stands in the table."""
        return (
            self.policy, self.scope.site, self.scope.product, self.kind, self.asked, LINES.get(self.kind, LINES["fill_rate"])[0],
            self.got.mean, self.got.half_width, self.got.low, self.got.high, self.got.n, self.verdict, self.expected, self.one_less, self.origin, self.by,
            self.formula, self.why,
        )  # fmt: skip


def delivered(
    plan: Plan, scopes: Scopes, sums: Array, targets: Mapping[str, float], confidence: float
) -> Iterator[Delivered]:
    """The rows of one policy, in the order of its scopes. `sums`: [replications, scopes, DELIVERY]."""
    table = _Table(plan, scopes, sums, confidence)
    rows = {i: row for i in range(len(scopes)) if (row := table.of_stock_point(i)) is not None}
    for i, scope in enumerate(scopes.names):
        if scope.level == "stock_point":
            if i in rows:
                yield rows[i]
            continue
        if scope.site == scope.product == "":
            for kind, value in targets.items():
                yield table.of_target(i, kind, value, rows)
        if table.asked_as_a_whole(scope) and (row := table.of_group(i, targets, rows)) is not None:
            yield row


def verdict_of(asked: float | None, got: Estimate, one_less: float | None, expected: float | None = None) -> str:
    """What to call it; without an interval the mean alone decides. expected: where one_less was, this level itself.

    >>> [verdict_of(0.97, Estimate(0.95, h, 0.95, 9, ""), None) for h in (0.004, 0.02)]
    ['short', 'unclear']
    >>> verdict_of(0.95, Estimate(0.98, 0.004, 0.95, 9, ""), one_less=0.94)
    'delivers'
    """
    if asked is None or got.mean is None:
        return ""
    margin = POINT + 1e-12  # a share that is off by exactly a point but for rounding is not more than a point off
    low, high = (got.mean if end is None else end for end in (got.low, got.high))
    if got.mean < asked - margin:
        return "short" if high < asked - margin else "unclear"
    return "over" if low > asked + margin and not _smallest(asked, low, one_less, expected) else "delivers"


def _smallest(asked: float, low: float, one_less: float | None, expected: float | None) -> bool:
    """Whether one unit less would not reach. Where more came than was foreseen of the level itself, one unit less serves as much
    more than was foreseen of it."""
    more = 0.0 if expected is None else max(low - expected, 0.0)
    return one_less is not None and one_less + more < asked


class _Table:
    """The rows of one policy."""

    def __init__(self, plan: Plan, scopes: Scopes, sums: Array, confidence: float) -> None:
        self.plan, self.scopes, self.sums, self.confidence = plan, scopes, sums, confidence
        layout = plan.layout
        self.names = [(layout.sites[s], layout.products[p]) for s, p in zip(layout.site, layout.product, strict=True)]

    def asked_as_a_whole(self, scope: Scope) -> bool:
        """The network, and groups of it; a single site or product is told by its stock points."""
        groups = {GROUP + group for own in self.plan.layout.product_groups for group in own}
        return scope.level == "echelon" or (scope.level == "network" and scope.product in {"", *groups})

    def of_stock_point(self, i: int) -> Delivered | None:
        """What was asked of one stock point; None when its level was given."""
        scope = self.scopes.names[i]
        promise: Promise | None = None
        if scope.level == "stock_point":
            promise = self.plan.promises.get((scope.site, scope.product))
        if promise is None:
            return None
        got = self._measured(i, promise.kind)
        verdict = verdict_of(promise.asked, got, promise.one_less, promise.expected)
        if verdict == "over" and promise.lowest:
            verdict = "delivers"
        row = Delivered(
            self.plan.policy, scope, promise.kind, promise.asked, got, verdict, promise.expected,
            promise.one_less, promise.origin, promise.by, self._formula(scope), "",
        )  # fmt: skip
        return replace(row, why=self._why(row, i, promise))

    def of_target(self, i: int, kind: str, asked: float, rows: Mapping[int, Delivered]) -> Delivered:
        """The scenario's target, asked of the network."""
        members = self._members(i)
        given = sum(self.names[p] not in self.plan.promises for p in members)
        others = [
            p for i in members if (p := self.plan.promises.get(self.names[i])) and (p.kind, p.asked) != (kind, asked)
        ]
        notes = [f"the levels of {given} of {len(members)} stock points were given"] if given else []
        if others:
            asked_for = " or ".join(dict.fromkeys(map(_in_words, others)))
            notes.append(f"levels were derived for {asked_for} at {len(others)} of {len(members)} stock points")
        row = self._pooled(i, kind, asked, "the scenario's target", self._rows_of(members, rows))
        # that a given level reaches more is nobody's miss
        if row.verdict == "over" and given:
            row = replace(row, verdict="delivers", why="")
        if row.verdict in ("", "delivers"):
            return row
        return replace(row, why="; ".join([*notes, *(w for w in [row.why] if not (notes and w == NO_REASON))]))

    def of_group(self, i: int, targets: Mapping[str, float], rows: Mapping[int, Delivered]) -> Delivered | None:
        """What all stock points of a group were asked, together; None where some were asked nothing, or something else, or
        where it is the scenario's target again."""
        members = self._members(i)
        own = self._rows_of(members, rows)
        promises = [self.plan.promises.get(self.names[p]) for p in members]
        kinds = {promise.kind if promise else "" for promise in promises}
        if len(kinds) != 1 or "" in kinds:
            return None
        first = promises[0]
        assert first is not None
        values = [promise.asked for promise in promises if promise is not None]
        asked = values[0]
        if len(set(values)) > 1:
            asked = self._weighed(members, first.kind, values)
        if i == 0 and targets.get(first.kind) == asked:
            return None
        same = {promise.origin for promise in promises if promise is not None}
        origin = first.origin if len(same) == 1 else "what its stock points are asked"
        if len(set(values)) > 1:
            origin = "what its stock points are asked, weighed by demand"
        return self._pooled(i, first.kind, asked, origin, own)

    def _pooled(self, i: int, kind: str, asked: float | None, origin: str, own: Sequence[Delivered]) -> Delivered:
        got = self._measured(i, kind)
        verdict = verdict_of(asked, got, None)
        # of smallest levels nobody can take a unit away
        if verdict == "over" and own and all(row.verdict == "delivers" for row in own):
            verdict = "delivers"
        by = {row.by for row in own}
        row = Delivered(
            self.plan.policy, self.scopes.names[i], kind, asked, got, verdict, None, None, origin,
            by.pop() if len(by) == 1 else "", "", "",
        )  # fmt: skip
        off = [r for r in own if r.verdict == verdict and r.delivered is not None and r.asked is not None]
        if verdict not in ("short", "over") or not off:
            return replace(row, why=self._why(row, i))
        most = max(off, key=lambda r: abs((r.delivered or 0.0) - (r.asked or 0.0)))
        if len(own) == 1:  # it is the group
            return replace(row, why=most.why)
        first = most.why.split("; ")[0]
        led = (
            f"{len(off)} of {len(own)} stock points {verdict}, {most.scope.site} / {most.scope.product} the most "
            f"({100 * (most.delivered or 0.0):.1f} %: {first})"
        )
        why = self._why(row, i)
        return replace(row, why=led if why == NO_REASON else f"{led}; {why}")

    def _why(self, row: Delivered, i: int, promise: Promise | None = None) -> str:
        if row.delivered is None:
            return "no replenishment cycle ended" if row.kind == "service" else "nothing was demanded"
        if row.asked is None:
            return ""
        if row.verdict == "delivers":
            low = row.delivered if row.got.low is None else row.got.low
            if low <= row.asked + POINT:
                return ""
            if promise is not None and promise.lowest:
                return "no lower level makes sense"
            if not _smallest(row.asked, low, row.one_less, row.expected):
                return ""
            return f"the smallest level that reaches: one less gives {100 * (row.one_less or 0.0):.1f} %"
        points = np.array(self._members(i), np.int64)
        found = reasons(self.plan, points, self._total([i]), self._total(self._below(points)), row.verdict)
        unknown: Sequence[str] = ()
        if promise is not None:
            unknown = [word for word in promise.unknown if word != HELD and not word.endswith(DOWNSTREAM)]
        if row.verdict != "over":  # what is measured above is not guessed at here
            unknown = [word for word in unknown if word != IN_LOTS and not word.startswith(A_WAIT)]
        if expected := _as_expected(row, promise):
            found.insert(0, expected)
            unknown = [word for word in unknown if not word.startswith(MORE_THAN)]  # it says so
        if unknown:
            found.append(f"the level leaves out {in_a_row(unknown)}")
        if row.got.half_width is None:
            found.append("one replication, no interval")
        if not found and row.verdict == "unclear":
            found.append("its interval reaches within a point of what was asked: more replications would tell")
        if not found and row.expected is not None:
            told = f"{100 * row.expected:.1f} % was expected of this level, and nothing measured says what came between"
            found.append(f"{told}: if it is chance, more replications would tell")
        return "; ".join(found) or NO_REASON

    def _total(self, scopes: Sequence[int]) -> Array:
        """DELIVERY of some scopes, over all replications."""
        total: Array = self.sums[:, scopes].sum(axis=(0, 1))
        return total

    def _below(self, points: Array) -> list[int]:
        """The scopes of all stock points downstream of these, where measures go down to them."""
        names = {self.names[p] for p in downstream(self.plan, points).tolist()}
        return [i for i, s in enumerate(self.scopes.names) if s.level == "stock_point" and (s.site, s.product) in names]

    def _measured(self, i: int, kind: str) -> Estimate:
        """What was delivered: replications in which nothing was demanded take no part."""
        _, above, below = LINES.get(kind, LINES["fill_rate"])
        numerators, denominators = self.sums[:, i, AT[above]].tolist(), self.sums[:, i, AT[below]].tolist()
        return estimate(Sample(numerators, denominators, share=True), self.confidence)

    def _members(self, i: int) -> list[int]:
        """The stock points a scope's service is made of: where only end customers count, those that sell."""
        plan = self.plan
        busy = [p for p in self.scopes.inside(i).tolist() if plan.layout.reach[p]]
        return [p for p in busy if plan.layout.customers[p]] if self.scopes.wide[i] else busy

    def _rows_of(self, members: Sequence[int], rows: Mapping[int, Delivered]) -> list[Delivered]:
        names = {self.names[p] for p in members}
        return [row for row in rows.values() if (row.scope.site, row.scope.product) in names]

    def _weighed(self, members: Sequence[int], kind: str, values: Sequence[float | None]) -> float | None:
        """What is asked of several stock points, weighed by what goes below the line of each."""
        below = AT[LINES.get(kind, LINES["fill_rate"])[2]]
        place = {(s.site, s.product): i for i, s in enumerate(self.scopes.names) if s.level == "stock_point"}
        if any(self.names[p] not in place for p in members) or any(v is None for v in values):
            return None
        weights = [float(self.sums[:, place[self.names[p]], below].sum()) for p in members]
        total = math.fsum(weights)
        return math.fsum(w * (v or 0.0) for w, v in zip(weights, values, strict=True)) / total if total else None

    def _formula(self, scope: Scope) -> str:
        """The formula of the derived level."""
        derived = self.plan.derived.get((scope.site, scope.product), ())
        return next((str(d.formula) for d in derived if not d.given and d.name not in LOTS), "")


def _as_expected(row: Delivered, promise: Promise | None) -> str:
    """Where the level's own law, or its short simulations, say what came of it."""
    if row.expected is None or row.asked is None or row.delivered is None:
        return ""
    gives = f"by the model's own laws this level gives {100 * row.expected:.1f} %"
    if row.by in ROADS and row.expected < row.asked - POINT:
        return f"{gives}: {ROADS[row.by]}"
    near = abs(row.expected - row.delivered) <= max(POINT, row.got.half_width or 0.0)
    if promise is not None and not promise.reached:
        came = "as was expected" if near else "not reached by short simulations either"
        return f"{came}: {100 * row.expected:.1f} % is the best of all levels tried with {in_a_row(promise.known)}"
    if not near or abs(row.expected - row.asked) <= POINT:
        return ""
    return f"as was expected of this level: {100 * row.expected:.1f} %"


def _in_words(promise: Promise) -> str:
    """What was asked, in words."""
    if promise.asked is None:
        return "least cost"
    return f"a {'fill rate' if promise.kind == 'fill_rate' else 'cycle service'} of {100 * promise.asked:.4g} %"
