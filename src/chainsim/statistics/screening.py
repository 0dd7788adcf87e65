"""One look of the staged selection (`selection`): what the replications so far allow to say of every candidate.

Pure: the same moments with another number of replications tell what a longer study would say if nothing but that
number changed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from chainsim.statistics.bounds import ratio_bounds
from chainsim.statistics.estimate import student_quantile
from chainsim.statistics.observed import Array, Flags, Moments


class Risks(NamedTuple):
    """One-sided error of each single statement, at each look: that a candidate serves a target; that a group of it
    does not; that one of a pair is dearer by no more than so much."""

    serves: float
    short: float
    pair: float


def share_out(alpha: float, candidates: int, groups: int, thresholds: int, costs: int, looks: int) -> Risks:
    """α over service and cost, candidates or pairs, and looks (Bonferroni).

    Half for service, half for cost; all for the one that is asked alone. A candidate can be wrongly marked at the
    nearest threshold above it and wrongly dropped at the nearest below, so that any number of thresholds costs as
    much as two (Zhou, Andradóttir, Kim & Park, INFORMS Journal on Computing, on recycled observations). All groups
    must be seen to serve, so that none shares that error (R. L. Berger, Technometrics 24(4), 1982, 295-300); one that
    is short suffices, so they share this one. Of a pair only one side can mislead: that the cheaper is not seen to be
    so much cheaper. costs: how many costs a candidate has, one for each threshold where they are carried to it.

    >>> share_out(0.08, candidates=2, groups=1, thresholds=1, costs=1, looks=4)
    Risks(serves=0.005, short=0.005, pair=0.01)
    """
    pairs = candidates * (candidates - 1) // 2
    service = 0.0 if groups == 0 else alpha if pairs == 0 else alpha / 2.0
    serves = service / (candidates * looks * min(thresholds, 2))
    return Risks(
        serves, serves / max(groups, 1), (alpha - service if pairs else alpha) / (max(pairs, 1) * looks * costs)
    )


class Marks(NamedTuple):
    """What is sure of each candidate for one threshold: it serves; it is short; which one beats it on cost (−1: none)."""

    serves: Flags
    short: Flags
    dearer: NDArray[np.int64]

    @classmethod
    def none(cls, candidates: int) -> Marks:
        """Before the first look."""
        return cls(np.zeros(candidates, bool), np.zeros(candidates, bool), np.full(candidates, -1))

    @property
    def alive(self) -> Flags:
        """Neither surely short nor surely dearer than one that serves."""
        return ~self.short & (self.dearer < 0)


def service_bounds(moments: Moments, risks: Risks) -> tuple[Array, Array]:
    """(low, high) of every candidate's service [candidate, group]; infinite where it was never observed."""
    low_t, high_t = (np.array([[critical(n, risk)] for n in moments.n]) for risk in (risks.serves, risks.short))
    return ratio_bounds(moments.service, np.maximum(moments.n, 1.0)[:, None], low_t, high_t)


def screen(
    marks: Marks, moments: Moments, risks: Risks, observed: Flags, n: int, cost: int, target: Array, within: float
) -> Marks:
    """The marks after a look at n replications of the observed candidates; a mark once given stays.

    cost: which of the costs; target: one number per group, none where everyone serves.
    """
    serves, short, dearer = marks.serves.copy(), marks.short.copy(), marks.dearer.copy()
    low, high = service_bounds(moments, risks)
    serves |= observed & ~short & (low >= target).all(axis=1)
    short |= observed & ~serves & (high < target + within).any(axis=1)
    open_ = np.flatnonzero(observed & ~short & (dearer < 0))
    error = gap_error(moments, risks, n, cost)
    for i in open_:
        beaten = [j for j in open_ if serves[j] and j != i and moments.gap[cost, i, j] - error[i, j] > 0.0]
        if beaten:
            dearer[i] = min(beaten, key=lambda j: (moments.cost[cost, j], j))
    return Marks(serves, short, dearer)


def lead(marks: Marks, moments: Moments, risks: Risks, n: int, cost: int) -> tuple[int, float] | None:
    """(the cheapest that serves, by how much at most another still open may be cheaper); None when none surely serves."""
    able = np.flatnonzero(marks.alive & marks.serves)
    if not len(able):
        return None
    winner = int(able[np.argmin(moments.cost[cost, able])])
    most = moments.gap[cost, winner] + gap_error(moments, risks, n, cost)[winner]
    return winner, max([0.0, *(float(most[j]) for j in np.flatnonzero(marks.alive) if j != winner)])


def answered(marks: Marks, moments: Moments, risks: Risks, n: int, cost: int, indifference: float) -> bool:
    """Whether nothing of importance is left open: nobody may be cheaper by more than the indifference, or everyone is
    short."""
    first = lead(marks, moments, risks, n, cost)
    return first[1] <= indifference if first else bool(marks.short.all())


def gap_error(moments: Moments, risks: Risks, n: int, cost: int) -> Array:
    """By how much a difference in mean cost may be off [candidate, candidate]."""
    error: Array = critical(n, risks.pair) * moments.spread[cost] / np.sqrt(n)
    return error


def critical(n: float, risk: float) -> float:
    """Student's one-sided critical value with n replications; infinite where no error is allowed or nothing was
    observed."""
    return student_quantile(float(n) - 1.0, 1.0 - 2.0 * risk) if n > 1 and risk > 0.0 else np.inf
