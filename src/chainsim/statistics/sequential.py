"""Feasibility checks and selection of the best, after every few replications: the field's fully sequential
procedures, as a referee.

Kim & Nelson, A fully sequential procedure for indifference-zone selection in simulation, ACM TOMACS 11(3), 2001,
251-273 (paired costs; valid with common random numbers); Andradóttir & Kim, Fully sequential procedures for comparing
constrained systems via simulation, Naval Research Logistics 57(5), 2010, 403-421 (feasibility, run together with
selection); several thresholds from the same observations as in Zhou, Andradóttir, Kim & Park (INFORMS Journal on
Computing). Both compare a running sum with a triangle that closes: |Σ| ≥ max(0, h²S²/(2·tolerance) − tolerance·r/2)
after r replications, h² = 2η(n₀ − 1), η = ½[(2β)^(−2/(n₀ − 1)) − 1], S² the variance of the first n₀.

It needs a decision to its end and gives no interval on the way; `selection` is what chainsim uses, and is compared
with this one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from chainsim.errors import UsageError
from chainsim.statistics.observed import Array, Observed


class Chosen(NamedTuple):
    """winners: for each threshold the candidate chosen, None when none serves. replications: taken of each candidate.
    capped: the observations ended before the decision; nothing is guaranteed then."""

    winners: tuple[int | None, ...]
    replications: tuple[int, ...]
    capped: bool


def eta(beta: float, first: int) -> float:
    """The triangle's constant for one error β and n₀ first replications (c = 1).

    >>> round(eta(0.05 / 3, 10), 4)  # Kim & Nelson, four systems, α = 5 %, n₀ = 10
    0.5647
    """
    return 0.5 * (float((2.0 * beta) ** (-2.0 / (first - 1))) - 1.0)


def boundary(beta: float, first: int, variance: Array, tolerance: Array | float, r: int) -> Array:
    """How far the sum of r replications must lie from 0; 0 when the triangle has closed.

    >>> [boundary(0.05, 11, np.array(4.0), 1.0, r).round(3).item() for r in (11, 20, 24)]
    [6.198, 1.698, 0.0]
    """
    return np.maximum(0.0, eta(beta, first) * (first - 1) * variance / tolerance - np.multiply(tolerance, r / 2.0))


def sequential(
    observed: Sequence[Observed],
    targets: Sequence[float],
    within: float,
    indifference: float,
    confidence: float = 0.95,
    first: int = 30,
    block: int = 1,
) -> Chosen:
    """The cheapest candidate that serves, for each target (ascending): right with the confidence, where right means
    that it serves more than the target and costs less than `indifference` above the best of those that serve target +
    within.

    All replications that may be needed are given; those taken are counted. block: replications between two looks.
    Raises UsageError when fewer than `first` are given.

    >>> luck = np.random.default_rng(1).normal(size=600)
    >>> cheap, dear = (Observed(cost + luck, 96.0 + luck, np.full(600, 100.0)) for cost in (47.0, 50.0))
    >>> sequential([dear, cheap], [0.95], within=0.01, indifference=1.0).winners
    (1,)
    """
    cost = np.array([seen.cost for seen in observed])
    above, below = (np.array([seen[part] for seen in observed], np.float64) for part in (1, 2))
    k, limit = cost.shape
    if limit < first or first < 3:
        raise UsageError(f"the procedure takes {first} replications (at least 3) to begin with, and {limit} are given")
    alpha, count = 1.0 - confidence, len(targets)
    feasible_beta = alpha / 2.0 / (k * min(count, 2))
    pair_beta = alpha / 2.0 / max(k - 1, 1) / count
    excess = np.array([above - (q + within / 2.0) * below for q in targets])
    tolerance = within / 2.0 * below[:, :first].mean(axis=1)
    noise = excess[:, :, :first].var(axis=2, ddof=1)
    apart = (cost[:, None, :first] - cost[None, :, :first]).var(axis=2, ddof=1)
    sums, costs = excess.cumsum(axis=2), cost.cumsum(axis=1)
    serves, alive = np.zeros((count, k), bool), np.ones((count, k), bool)
    taken, r = np.full(k, first), first
    while True:
        edge = boundary(feasible_beta, first, noise, tolerance, r)
        open_ = alive & ~serves
        serves |= open_ & (sums[:, :, r - 1] >= edge)
        alive &= ~(open_ & ~serves & (sums[:, :, r - 1] <= -edge))
        dearer = costs[:, None, r - 1] - costs[None, :, r - 1] > boundary(pair_beta, first, apart, indifference, r)
        alive &= ~((alive & serves) @ dearer.T)
        busy = [row for row, sure in zip(alive, serves, strict=True) if row.sum() > 1 or (row & ~sure).any()]
        if not busy or r + block > limit:
            break
        r += block
        taken[np.any(busy, axis=0)] = r
    able = [np.flatnonzero(row & sure) for row, sure in zip(alive, serves, strict=True)]
    winners = tuple(int(a[np.argmin(cost[a, :r].mean(axis=1))]) if len(a) else None for a in able)
    return Chosen(winners, tuple(taken.tolist()), bool(busy))
