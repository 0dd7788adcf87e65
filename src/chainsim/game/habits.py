"""How people ordered: Sterman's rule fitted to the orders of a role, anchoring on what was asked of it and adjusting to what it lacked.

    order = max(0, F + α·(S' − net stock − β·on order)),   F = F before + θ·(asked − F before)

θ: how fast the newest demand is believed; α: share of the gap closed at once; β: share of what is on order that is seen; S': desired
stock and the seen part of the supply line, units. F begins at the first demand. Least squares within 0 ≤ θ, β ≤ 1, 0 < α ≤ 1, S' ≥ 0.

Source: Sterman (1989), Management Science 35:321-339, eq. 5-11; his 44 players: θ 0.36, α 0.26, β 0.34, S' 17, R² 0.71.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainsim.game.board import Week
from chainsim.statistics.estimate import student_quantile

Array = np.ndarray[Any, Any]
FEWEST = 10
"""Orders below which four numbers are not fitted."""
LEAST_ADJUSTMENT = 0.01
GRID = 11
STARTS = 6
CONFIDENCE = 0.95
DIGITS = 6
"""Of a parameter: more than any fit can tell, and what a scenario can hold."""
NEAR = 1e-3
"""Parameters so near to a bound are tried at it."""


@dataclass(frozen=True)
class Habit:
    """The rule that fits a role's orders best. first: the demand it began with, units. half_width: of supply_line (95 %), None where
    it cannot be told, as at a bound. r2: share of the orders' variance that the rule explains. more_when_owing: units ordered above
    the rule in a period in which the role owed, on average; None: it never did.
    """

    first: float
    smoothing: float
    adjustment: float
    supply_line: float
    desired_stock: float
    r2: float
    half_width: float | None
    more_when_owing: float | None

    def seeing_all(self, line: float) -> Habit:
        """The same, but that sees all of what is on order, and wants as much of it as it needs (line, units)."""
        wanted = self.desired_stock + (1.0 - self.supply_line) * line
        return Habit(self.first, self.smoothing, self.adjustment, 1.0, wanted, self.r2, None, None)

    def as_policy(self, interval: float) -> dict[str, Any]:
        """As a policy of a scenario."""
        return {
            "type": "sterman", "review_interval": interval, "expected": self.first, "smoothing": self.smoothing,
            "adjustment": self.adjustment, "supply_line": self.supply_line, "desired_stock": self.desired_stock,
        }  # fmt: skip


def habit_of(weeks: Sequence[Week]) -> Habit | None:
    """The rule behind the orders of a role; None where there are few, or all are the same."""
    orders = np.array([week.order or 0.0 for week in weeks])
    if len(orders) < FEWEST or np.ptp(orders) == 0.0:
        return None
    seen = _Seen(
        np.array([week.demand for week in weeks]), np.array([week.net_stock for week in weeks]),
        np.array([week.on_order for week in weeks]), orders,
    )  # fmt: skip
    best = np.round(_best(seen), DIGITS)
    missed = seen.missed(best)
    owing = seen.net < 0.0
    smoothing, adjustment, supply_line, desired = map(float, best)
    return Habit(
        float(seen.demand[0]), smoothing, adjustment, supply_line, desired,
        1.0 - float(missed @ missed) / float(((orders - orders.mean()) ** 2).sum()),
        _half_width(seen, best),
        -float(missed[owing].mean()) if owing.any() else None,
    )  # fmt: skip


@dataclass(frozen=True)
class _Seen:
    """What a role saw when it ordered, and its orders, period by period, units."""

    demand: Array
    net: Array
    line: Array
    orders: Array

    @property
    def most(self) -> float:
        """More than any desired stock can be."""
        return 10.0 * float(np.abs(self.net).max() + self.line.max() + self.orders.max() + 1.0)

    def expected(self, smoothing: float) -> Array:
        """F at each review."""
        found = [self.demand[0]]
        for asked in self.demand[1:]:
            found.append(found[-1] + smoothing * (asked - found[-1]))
        return np.array(found)

    def wanted(self, p: Array) -> Array:
        """What the rule asks for, below 0 as well."""
        smoothing, adjustment, supply_line, desired = p
        return np.asarray(self.expected(smoothing) + adjustment * (desired - self.net - supply_line * self.line))

    def missed(self, p: Array) -> Array:
        """The rule's orders less those placed."""
        return np.asarray(np.maximum(self.wanted(p), 0.0) - self.orders)


def _best(seen: _Seen) -> Array:
    from scipy.optimize import least_squares  # slow to import, and only wanted here

    low, high = np.array([0.0, LEAST_ADJUSTMENT, 0.0, 0.0]), np.array([1.0, 1.0, 1.0, seen.most])
    found = []
    for start in _starts(seen):
        inside = np.clip(start, low + 1e-6, high - 1e-6)
        fit = least_squares(
            seen.missed, inside, bounds=(low, high), x_scale=(1.0, 1.0, 1.0, 10.0), xtol=1e-12, ftol=1e-12, gtol=1e-12
        )
        found += [fit.x, _at_bounds(fit.x, low, high)]
    return min(found, key=lambda p: float(np.sum(seen.missed(p) ** 2)))


def _at_bounds(p: Array, low: Array, high: Array) -> Array:
    """A search that stays inside comes near a bound and never to it."""
    return np.asarray(np.where(p - low < NEAR, low, np.where(high - p < NEAR, high, p)))


def _starts(seen: _Seen) -> list[Array]:
    """The best points of a grid; the desired stock of each is the one that fits the orders above 0 best."""
    placed = seen.orders > 0.0
    shares = np.linspace(0.0, 1.0, GRID)
    adjustments = np.linspace(0.05, 1.0, 2 * GRID)
    found: list[tuple[float, Array]] = []
    for smoothing in shares:
        expected = seen.expected(smoothing)
        for supply_line in shares:
            held = seen.net + supply_line * seen.line
            lacked = (seen.orders - expected)[placed] / adjustments[:, None] + held[placed]
            desired = np.clip(lacked.mean(axis=1), 0.0, seen.most)
            ordered = np.maximum(expected + adjustments[:, None] * (desired[:, None] - held), 0.0)
            errors = ((ordered - seen.orders) ** 2).sum(axis=1)
            k = int(errors.argmin())
            found.append((float(errors[k]), np.array([smoothing, adjustments[k], supply_line, desired[k]])))
    return [start for _, start in sorted(found, key=lambda pair: pair[0])[:STARTS]]


def _half_width(seen: _Seen, p: Array) -> float | None:
    """Of β, from the slopes of the rule at its best; None at a bound, or where the orders do not tell β from the others."""
    freedom = len(seen.orders) - len(p)
    if not 0.0 < p[2] < 1.0 or freedom < 1:
        return None
    step = 1e-5
    slopes = np.stack(
        [(seen.missed(p + step * e) - seen.missed(p - step * e)) / (2 * step) for e in np.eye(len(p))], axis=1
    )
    free = [j for j in range(len(p)) if slopes[:, j].any()]
    information = slopes[:, free].T @ slopes[:, free]
    if 2 not in free or np.linalg.cond(information) > 1e12:
        return None
    missed = seen.missed(p)
    variance = float(missed @ missed) / freedom * np.linalg.inv(information)[free.index(2), free.index(2)]
    return student_quantile(freedom, CONFIDENCE) * float(np.sqrt(max(variance, 0.0)))
