"""Which candidates serve the target, and which of those is cheapest: in stages, with a guarantee that is true
whenever it is stopped.

With the confidence asked for, all of this holds at once: *each candidate marked serves at least the target in the
long run; and no candidate that serves target + within or more is more than X cheaper than the winner.* A few looks at
growing samples (`look_sizes`); at each, Student's one-sided intervals for Z = numerator − q·denominator of each
candidate (`bounds`) and for the paired differences in cost; what is surely short, or surely dearer than one that
serves, is dropped; done when nobody left may be cheaper than the winner by more than the indifference. The error α is
shared over looks, candidates and pairs (Bonferroni, `screening.share_out`), so that common random numbers may tie
candidates in any way, and a look that is never taken only leaves X larger.

In stages where Kim & Nelson and Andradóttir & Kim look after every replication (`sequential`, the referee). Screening
by intervals: B. L. Nelson, J. Swann, D. Goldsman & W. Song, Operations Research 49(6), 2001, 950-963; in the spirit
of Hsu's comparison with the best (`best`). Assumed: replications independent of each other and near enough to normal
for Student's t; candidates that were not searched for on these replications. Nothing is said of candidates that no
search found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil

import numpy as np

from chainsim.errors import UsageError
from chainsim.statistics.answers import Answer, Target, answer, silence
from chainsim.statistics.observed import Array, Moments, Observed, gather
from chainsim.statistics.screening import Marks, Risks, answered, screen, share_out

FIRST, LOOKS, GROWTH, LEAST = 30, 8, 1.5, 10
MOST_REPLICATIONS = 10_000_000


def look_sizes(
    first: int = FIRST, looks: int = LOOKS, growth: float = GROWTH, most: int | None = None
) -> tuple[int, ...]:
    """How many replications each look takes; none above `most`, which is the last where it cuts. Empty where `most`
    is below ten. Raises UsageError for looks that start below ten or do not grow.

    >>> look_sizes(), look_sizes(most=100), look_sizes(most=12), look_sizes(most=9)
    ((30, 45, 68, 102, 153, 230, 345, 518), (30, 45, 68, 100), (12,), ())
    """
    if first < LEAST or looks < 1 or growth <= 1.0:
        raise UsageError(
            f"looks start at {LEAST} replications or more and grow: not first={first}, looks={looks}, growth={growth:g}"
        )
    sizes = [first]
    while len(sizes) < looks:
        sizes.append(ceil(sizes[-1] * growth))
    if most is not None and most < sizes[-1]:
        sizes = [*(size for size in sizes if size < most), most]
    return tuple(size for size in sizes if size >= LEAST)


def confidence_of_attempt(confidence: float, attempt: int) -> float:
    """For confirmation number `attempt` = 1, 2 … on fresh replications each, after the one before refused a
    candidate: α/2, α/4 …, so that all attempts together, however many, keep the confidence.

    >>> confidence_of_attempt(0.96, 1), confidence_of_attempt(0.96, 2)
    (0.98, 0.99)
    """
    return 1.0 - (1.0 - confidence) / 2.0**attempt


@dataclass(frozen=True)
class Terms:
    """What is promised.

    targets: thresholds of service in ascending order, each a number, or one per group, which must all be met; () asks
    for cost alone. within: in the same unit; between a target and `target + within` a candidate may be judged either
    way. indifference: money per time unit that is not worth more replications. sizes: replications at each look.
    Raises UsageError for terms that cannot be kept.

    >>> Terms((0.97,), within=0.002, indifference=150.0).sizes[0]
    30
    """

    targets: tuple[Target, ...]
    within: float
    indifference: float
    confidence: float = 0.95
    sizes: tuple[int, ...] = look_sizes()

    def __post_init__(self) -> None:
        rows = [np.atleast_1d(target) for target in self.targets]
        if not 0.0 < self.confidence < 1.0:
            raise UsageError(f"a confidence lies between 0 and 1, not {self.confidence!r}")
        if not (self.within > 0.0 or not rows) or not self.indifference >= 0.0:
            raise UsageError(
                f"within must be above 0 and indifference at least 0, not {self.within!r} and {self.indifference!r}"
            )
        if any(len(row) != len(rows[0]) or not np.isfinite(row).all() for row in rows):
            raise UsageError(f"targets are numbers, or as many numbers each as there are groups, not {self.targets!r}")
        if any((after < before).any() for before, after in pairwise(rows)):
            raise UsageError(f"targets must ascend: not {self.targets!r}")
        if any(after <= before for before, after in pairwise(self.sizes)) or any(n < LEAST for n in self.sizes):
            raise UsageError(f"looks grow, from {LEAST} replications or more: not {self.sizes!r}")

    @property
    def thresholds(self) -> Array:
        """The targets [threshold, group]; one threshold of no groups without a target, which everyone serves."""
        return np.array([np.atleast_1d(t) for t in self.targets], np.float64) if self.targets else np.empty((1, 0))


@dataclass(frozen=True)
class Selection:
    """A staged selection under way: bring `size` replications of the `wanted` candidates until `done`.

    >>> luck = np.random.default_rng(1).normal(size=600)
    >>> def bring(n):  # two candidates on the same customers; the second is 3 cheaper
    ...     return [Observed(cost + luck[:n], 96.0 + luck[:n], np.full(n, 100.0)) for cost in (50.0, 47.0)]
    >>> selection = Selection.of(2, Terms((0.95,), within=0.01, indifference=1.0))
    >>> while not selection.done:
    ...     selection = selection.look(bring(selection.size))
    >>> told = selection.answers[0]
    >>> told.state, told.converged, told.serves, told.winner, told.gap, told.replications
    ('chosen', True, (0, 1), 1, 0.0, (30, 30))
    """

    terms: Terms
    marks: tuple[Marks, ...]
    looked: int = 0
    seen: tuple[Moments, Risks] | None = None

    @classmethod
    def of(cls, candidates: int, terms: Terms) -> Selection:
        """Nothing looked at yet. Raises UsageError without candidates."""
        if candidates < 1:
            raise UsageError("a selection needs at least one candidate")
        return cls(terms, (Marks.none(candidates),) * len(terms.thresholds))

    @property
    def size(self) -> int | None:
        """Replications for the next look; None when all are taken, or nobody is left to look at."""
        return self.terms.sizes[self.looked] if self.looked < len(self.terms.sizes) and self.wanted else None

    @property
    def wanted(self) -> tuple[int, ...]:
        """Candidates that the next look needs: not dropped for every threshold."""
        return tuple(np.flatnonzero(np.any([marks.alive for marks in self.marks], axis=0)).tolist())

    @property
    def undecided(self) -> tuple[int, ...]:
        """Candidates whose service is open for some threshold. Who brings these too, while looks are left, has them
        marked as well."""
        return tuple(np.flatnonzero(np.any([~(m.serves | m.short) for m in self.marks], axis=0)).tolist())

    @property
    def done(self) -> bool:
        """No look is left, or every threshold is answered."""
        return self.size is None or all(told.converged for told in self.answers)

    def look(self, observed: Sequence[Observed | None]) -> Selection:
        """The selection after the next look, at the first `size` replications. Of candidates not wanted bring what
        there is, or None: those with as many replications are looked at again. Raises UsageError when replications
        are missing or values are no numbers."""
        n, k = self.size, len(self.marks[0].serves)
        if n is None:
            raise UsageError("nothing is left to look at: begin a new selection, on fresh replications")
        enough = [seen if seen is not None and len(seen) >= n else None for seen in observed]
        here = np.array([seen is not None for seen in enough])
        if len(here) != k or not here[list(self.wanted)].all():
            raise UsageError(
                f"look {self.looked + 1} takes {n} replications of each of the candidates {self.wanted} out of {k}: some are missing"
            )
        thresholds = self.terms.thresholds
        count, groups = thresholds.shape
        moments = gather(enough, n, groups, count, self.seen[0] if self.seen else None)
        costs = len(moments.cost)
        risks = share_out(1.0 - self.terms.confidence, k, groups, count, costs, len(self.terms.sizes))
        marks = tuple(
            screen(marks, moments, risks, here, n, m % costs, thresholds[m], self.terms.within)
            for m, marks in enumerate(self.marks)
        )
        return replace(self, marks=marks, looked=self.looked + 1, seen=(moments, risks))

    @property
    def answers(self) -> tuple[Answer, ...]:
        """What may be said now, for every threshold (for the one question of cost, without a target)."""
        told = []
        for m, (target, marks) in enumerate(zip(self.terms.targets or (None,), self.marks, strict=True)):
            if self.seen is None:
                told.append(silence(target, len(marks.serves)))
                continue
            moments, risks = self.seen
            n = self.terms.sizes[self.looked - 1]
            told.append(answer(target, marks, moments, risks, n, m % len(moments.cost), self.terms.indifference))
        return tuple(told)

    def settles(self, threshold: int = 0) -> int | None:
        """About how many replications of each candidate still open would answer a threshold, if means and deviations
        stay what they are and each statement has the error it has now; None if no number would, or before the first
        look."""
        if self.seen is None:
            return None
        low = high = self.terms.sizes[self.looked - 1]
        while not self._would_answer(threshold, high):
            low, high = high, 2 * high
            if high > MOST_REPLICATIONS:
                return None
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self._would_answer(threshold, middle) else (middle, high)
        return high

    def _would_answer(self, m: int, n: int) -> bool:
        """Whether the moments seen would answer threshold m, had they come from n replications."""
        assert self.seen is not None
        before, risks = self.seen
        marks, cost = self.marks[m], m % len(before.cost)
        moments = before.grown(marks.alive, n)
        marks = screen(marks, moments, risks, marks.alive, n, cost, self.terms.thresholds[m], self.terms.within)
        return answered(marks, moments, risks, n, cost, self.terms.indifference)
