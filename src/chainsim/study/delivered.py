"""Asked against delivered: what levels were asked to give, what came, and why where the two lie apart.

A row for every stock point whose level was derived for a service or a cost, for the network and every group of it (of
products, kinds, groups of sites) that was asked of as a whole, and for the scenario's target, which is asked of the whole
network whatever the levels come from. A group is asked what its stock points are asked, weighed by their demand (or cycles).

    short    the interval lies wholly more than 1 point below what was asked
    over     it lies wholly more than 1 point above, and the level is not the smallest that reaches
    unclear  the mean is more than 1 point below, but its interval reaches within 1 point: more replications would tell
    delivers all else

Delivered is Σ numerators ÷ Σ denominators over replications, with the half-width of the delta method (A. Law 2015,
Simulation Modeling and Analysis, §9.3.2; W. Cochran 1977, Sampling Techniques, eq. 6.13).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from chainsim.kpis import Scopes
from chainsim.kpis.delivery import AT
from chainsim.kpis.scopes import GROUP, Scope
from chainsim.plan.plan import Plan
from chainsim.policies.base import Promise
from chainsim.statistics.estimate import student_quantile
from chainsim.study.reasons import reasons

Array = np.ndarray[Any, Any]
POINT = 0.01
"""How far off what was asked still counts as delivered."""
LINES = {"fill_rate": ("fill_rate", "filled", "demanded"), "service": ("cycle_service_level", "cycles_good", "cycles")}
"""By kind of promise: the measure, what goes above its line and what below."""
LOTS = ("order_quantity", "order quantity")
COLUMNS = (
    "policy", "site", "product", "kind", "asked", "kpi", "delivered", "half_width", "n", "verdict", "expected", "one_less",
    "origin", "by", "formula", "why",
)  # fmt: skip


@dataclass(frozen=True)
class Delivered:
    """One row of delivered.csv. half_width is None with fewer than two replications that had a denominator.

    kind: 'fill_rate', 'service' (per cycle), or 'cost' (least cost; nothing is asked and there is no verdict).
    verdict: 'delivers', 'short', 'over', 'unclear'; '' where nothing was asked or nothing was demanded.
    """

    policy: str
    scope: Scope
    kind: str
    asked: float | None
    delivered: float | None
    half_width: float | None
    n: int
    verdict: str
    expected: float | None
    one_less: float | None
    origin: str
    by: str
    formula: str
    why: str

    def cells(self) -> tuple[str | float | int | None, ...]:
        """The row as it stands in the table."""
        return (
            self.policy, self.scope.site, self.scope.product, self.kind, self.asked, LINES.get(self.kind, LINES["fill_rate"])[0],
            self.delivered, self.half_width, self.n, self.verdict, self.expected, self.one_less, self.origin, self.by,
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


def ratio_of_sums(above: Array, below: Array, level: float) -> tuple[float | None, float | None, int]:
    """Σ above ÷ Σ below over replications, its half-width, and how many replications had something below the line.

    The half-width is that of the delta method: t·√(Σ (aᵢ − θ·bᵢ)² ÷ (n(n − 1))) ÷ mean of b.

    >>> theta, half_width, n = ratio_of_sums(np.array([9.0, 18.0]), np.array([10.0, 20.0]), 0.95)
    >>> round(theta, 12), round(half_width, 12), n
    (0.9, 0.0, 2)
    """
    used = below > 0
    n = int(used.sum())
    total = math.fsum(below.tolist())
    if total <= 0.0:
        return None, None, 0
    theta = math.fsum(above.tolist()) / total
    if n < 2:
        return theta, None, n
    count = len(below)
    off = above - theta * below
    spread = math.sqrt(math.fsum((off * off).tolist()) / (count * (count - 1)))
    return theta, student_quantile(count - 1, level) * spread * count / total, n


def verdict_of(
    asked: float | None, delivered: float | None, half_width: float | None, one_less: float | None, derived: bool = True
) -> str:
    """What to call it; without an interval the mean alone decides.

    >>> verdict_of(0.97, 0.95, 0.004, None), verdict_of(0.97, 0.95, 0.02, None), verdict_of(0.95, 0.98, 0.004, 0.94)
    ('short', 'unclear', 'delivers')
    """
    if asked is None or delivered is None:
        return ""
    margin = POINT + 1e-12  # a share that is off by exactly a point but for rounding is not more than a point off
    sure = half_width or 0.0
    if delivered < asked - margin:
        return "short" if delivered + sure < asked - margin else "unclear"
    smallest = one_less is not None and one_less < asked
    return "over" if derived and delivered - sure > asked + margin and not smallest else "delivers"


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
        theta, half_width, n = self._measured(i, promise.kind)
        verdict = verdict_of(promise.asked, theta, half_width, promise.one_less)
        row = Delivered(
            self.plan.policy, scope, promise.kind, promise.asked, theta, half_width, n, verdict, promise.expected,
            promise.one_less, promise.origin, promise.by, self._formula(scope), "",
        )  # fmt: skip
        return replace(row, why=self._why(row, i, promise.unknown))

    def of_target(self, i: int, kind: str, asked: float, rows: Mapping[int, Delivered]) -> Delivered:
        """The scenario's target, asked of the network."""
        members = self._members(i)
        given = sum(self.names[p] not in self.plan.promises for p in members)
        note = f"the levels of {given} of {len(members)} stock points were given" if given else ""
        row = self._pooled(i, kind, asked, "the scenario's target", self._rows_of(members, rows))
        # that a given level reaches more is nobody's miss
        if row.verdict == "over" and given:
            row = replace(row, verdict="delivers", why="")
        return (
            replace(row, why="; ".join(filter(None, [note, row.why]))) if row.verdict not in ("", "delivers") else row
        )

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
        theta, half_width, n = self._measured(i, kind)
        verdict = verdict_of(asked, theta, half_width, None)
        # of smallest levels nobody can take a unit away
        if verdict == "over" and own and all(row.verdict == "delivers" for row in own):
            verdict = "delivers"
        by = {row.by for row in own}
        row = Delivered(
            self.plan.policy, self.scopes.names[i], kind, asked, theta, half_width, n, verdict, None, None, origin,
            by.pop() if len(by) == 1 else "", "", "",
        )  # fmt: skip
        off = [r for r in own if r.verdict == verdict and r.delivered is not None and r.asked is not None]
        if verdict not in ("short", "over") or not off:
            return replace(row, why=self._why(row, i, ()))
        most = max(off, key=lambda r: abs((r.delivered or 0.0) - (r.asked or 0.0)))
        first = most.why.split("; ")[0]
        led = (
            f"{len(off)} of {len(own)} stock points {verdict}, {most.scope.site} / {most.scope.product} the most "
            f"({100 * (most.delivered or 0.0):.1f} %: {first})"
        )
        return replace(row, why="; ".join(filter(None, [led, self._why(row, i, ())])))

    def _why(self, row: Delivered, i: int, unknown: Sequence[str]) -> str:
        if row.asked is None or row.delivered is None:
            return "" if row.delivered is not None else "nothing was demanded"
        if row.verdict == "delivers":
            above = row.delivered - (row.half_width or 0.0) > row.asked + POINT
            if not above or row.one_less is None or row.one_less >= row.asked:
                return ""
            return f"the smallest level that reaches: one less gives {100 * row.one_less:.1f} %"
        found = reasons(self.plan, np.array(self._members(i), np.int64), self.sums[:, i].sum(axis=0), row.verdict)
        if (
            row.expected is not None
            and abs(row.expected - row.asked) > POINT
            and abs(row.expected - row.delivered) <= max(POINT, row.half_width or 0.0)
        ):
            found.insert(0, f"that is what the level was expected to give ({100 * row.expected:.1f} %)")
        if unknown:
            found.append(f"the level does not know of {', '.join(unknown)}")
        if row.half_width is None:
            found.append("one replication, no interval")
        return "; ".join(found) or "no single reason stands out in what was measured"

    def _measured(self, i: int, kind: str) -> tuple[float | None, float | None, int]:
        _, above, below = LINES.get(kind, LINES["fill_rate"])
        return ratio_of_sums(self.sums[:, i, AT[above]], self.sums[:, i, AT[below]], self.confidence)

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
