"""What a selection sees of its candidates, and what it keeps of it: moments of costs, their paired differences and
services."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from chainsim.errors import UsageError
from chainsim.statistics.bounds import RatioMoments, ratio_moments
from chainsim.statistics.ratios import ROUNDING

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Observed(NamedTuple):
    """What was seen of one candidate; replication r has the same random numbers as replication r of the others.

    cost: money per time unit [replication], or [threshold, replication] where it is carried to each (`at_target`).
    numerators, denominators: of its service (filled and demanded units) [replication], or [group, replication]; None
    without a target.
    """

    cost: Array
    numerators: Array | None = None
    denominators: Array | None = None

    def first(self, n: int, name: str) -> Observed:
        """The first n replications with axes [threshold, n] and [group, n]. Raises UsageError where a value is no
        number."""
        nothing = np.empty((0, n))
        parts = [nothing if x is None else np.atleast_2d(np.asarray(x, np.float64))[:, :n] for x in self]
        if not all(np.isfinite(part).all() for part in parts):
            raise UsageError(
                f"{name} has replications whose cost or service is no number; give a cost and sums for every replication"
            )
        return Observed(*parts)

    def __len__(self) -> int:
        return int(np.shape(self.cost)[-1])


class Moments(NamedTuple):
    """What is kept of the observations.

    n: replications of every candidate. service: [candidate, group]. cost, gap, spread: mean cost [cost, candidate],
    mean and standard deviation of the paired difference row − column [cost, candidate, candidate]; NaN where one was
    not observed at the last look.
    """

    n: Array
    service: RatioMoments
    cost: Array
    gap: Array
    spread: Array

    def grown(self, which: Flags, n: int) -> Moments:
        """The same with n replications of some."""
        return self._replace(n=np.where(which, float(n), self.n))


def gather(
    observed: Sequence[Observed | None], n: int, groups: int, thresholds: int, before: Moments | None
) -> Moments:
    """Moments of the first n replications; the service of candidates that are None stays what it was before;
    without groups nothing is read of service.
    Raises UsageError for arrays of the wrong shape."""
    k = len(observed)
    service = (
        RatioMoments(*(np.array(x) for x in before.service))
        if before
        else RatioMoments(*np.full((5, k, groups), np.nan))
    )
    costs: list[Array | None] = []
    for i, given in enumerate(observed):
        seen = None if given is None else (given if groups else Observed(given.cost)).first(n, f"candidate {i}")
        costs.append(None if seen is None else seen.cost)
        if seen is None:
            continue
        above, below = seen.numerators, seen.denominators
        if (
            above is None
            or below is None
            or not (above.shape == below.shape == (groups, n))
            or len(seen.cost) not in (1, thresholds)
        ):
            raise UsageError(
                f"candidate {i}: expected numerators and denominators for {groups} group(s) of {n} replications, and one cost or {thresholds}"
            )
        for column, value in zip(service, ratio_moments(above, below), strict=True):
            column[i] = value
    counts = before.n if before else np.zeros(k)
    return Moments(np.where([c is not None for c in costs], float(n), counts), service, *paired_moments(costs))


def paired_moments(costs: Sequence[Array | None]) -> tuple[Array, Array, Array]:
    """Mean cost; mean and standard deviation of every paired difference, of candidates' costs [cost, replication].
    What lies within rounding of 0 is 0.

    >>> mean, gap, spread = paired_moments([np.array([[3.0, 5.0]]), np.array([[1.0, 1.0]])])
    >>> mean.tolist(), gap.tolist(), spread.round(6)[0, 1].tolist()
    ([[4.0, 1.0]], [[[0.0, 3.0], [-3.0, 0.0]]], [1.414214, 0.0])
    """
    k, first = len(costs), next(c for c in costs if c is not None)
    mean = np.full((len(first), k), np.nan)
    gap, spread = np.full((2, len(first), k, k), np.nan)
    for i, mine in enumerate(costs):
        if mine is None:
            continue
        mean[:, i] = mine.mean(axis=-1)
        gap[:, i, i] = spread[:, i, i] = 0.0
        for j, theirs in enumerate(costs[:i]):
            if theirs is None:
                continue
            difference = mine - theirs
            least = ROUNDING * np.maximum(np.abs(mine).max(axis=-1), np.abs(theirs).max(axis=-1))
            middle, sd = difference.mean(axis=-1), difference.std(axis=-1, ddof=1)
            gap[:, i, j] = np.where(np.abs(middle) <= least, 0.0, middle)
            gap[:, j, i] = -gap[:, i, j]
            spread[:, i, j] = spread[:, j, i] = np.where(sd <= least, 0.0, sd)
    return mean, gap, spread
