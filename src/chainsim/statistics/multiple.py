"""All pairs of policies at once, and what a difference is worth: better, worse, equal for practical purposes, or
cannot be told apart.

Simultaneous intervals of paired differences by Bonferroni: with common random numbers pairs are dependent and their
variances unequal, for which scipy has no procedure (its `tukey_hsd` and `dunnett` take independent samples of equal
variance). Holm's step-down p-values beside them (S. Holm, A simple sequentially rejective multiple test procedure,
Scandinavian Journal of Statistics 6(2), 1979, 65-70) find as much or more, and yield no interval. Verdicts follow the
intervals. Equal for practical purposes: the interval lies within ± material (two one-sided tests: D. J. Schuirmann,
Journal of Pharmacokinetics and Biopharmaceutics 15(6), 1987, 657-680), and is said before better or worse, for a
difference that is sure and too small to matter is no reason to choose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from chainsim.errors import UsageError
from chainsim.statistics.estimate import Estimate, student_quantile
from chainsim.statistics.paired import Direction, Verdict, paired_difference, replications_needed, verdict_on
from chainsim.statistics.sample import Sample

Judgement = Verdict | Literal["equal for practical purposes"]


@dataclass(frozen=True)
class Pair:
    """first minus second of two policies (by number), with the interval that holds for all pairs at once.

    p_value: Holm's, that they are equal; None where there is no interval. settles: about how many replications would
    end 'cannot be told apart' if mean and deviation stay what they are; None where no number would, or nothing is
    open.
    """

    first: int
    second: int
    difference: Estimate
    verdict: Judgement
    p_value: float | None
    settles: int | None


def all_pairs(
    samples: Sequence[Sequence[float] | Sample],
    level: float = 0.95,
    direction: Direction = "none",
    material: float = 0.0,
) -> list[Pair]:
    """Every pair of policies, paired by replication. material: the size of a difference that begins to matter, in the
    measure's unit. Raises UsageError for a level outside (0, 1) or a negative material.

    >>> costs = [[10.0, 11.0, 12.0], [10.1, 11.1, 12.1], [15.0, 16.0, 17.0]]
    >>> [(p.first, p.second, p.verdict) for p in all_pairs(costs, direction="lower", material=0.5)]
    [(0, 1, 'equal for practical purposes'), (0, 2, 'better'), (1, 2, 'better')]
    """
    if not 0.0 < level < 1.0:
        raise UsageError(f"a confidence level lies between 0 and 1, not {level!r}")
    pairs = list(combinations(range(len(samples)), 2))
    each = 1.0 - (1.0 - level) / max(len(pairs), 1)
    differences = [paired_difference(samples[i], samples[j], each) for i, j in pairs]
    adjusted = iter(holm([p for d in differences if (p := p_value(d)) is not None]))
    return [
        Pair(
            i, j, d, judge(d, direction, material), None if p_value(d) is None else next(adjusted), settles(d, material)
        )
        for (i, j), d in zip(pairs, differences, strict=True)
    ]


def judge(difference: Estimate, direction: Direction = "none", material: float = 0.0) -> Judgement:
    """What an interval allows to say where differences up to `material` do not matter. Raises UsageError for a
    negative material.

    >>> judge(Estimate(-3.0, 1.0, 0.95, 30, "Student t"), "lower", material=5.0)
    'equal for practical purposes'
    >>> judge(Estimate(-3.0, 1.0, 0.95, 30, "Student t"), "lower", material=3.5)
    'better'
    """
    if not material >= 0.0:
        raise UsageError(f"what is material is an amount of at least 0, not {material!r}")
    low, high = difference.low, difference.high
    if difference.mean == 0.0 and difference.half_width == 0.0 and difference.n > 1:
        return "equal for practical purposes"  # the same in every replication
    if material > 0.0 and low is not None and high is not None and -material <= low and high <= material:
        return "equal for practical purposes"
    return verdict_on(difference, direction)


def settles(difference: Estimate, material: float = 0.0) -> int | None:
    """About how many replications would tell: the interval must shrink to less than the difference, or to within ±
    material. None where neither can come, or it is told already.

    >>> settles(Estimate(1.0, 4.0, 0.95, 30, "Student t"), material=5.0), settles(Estimate(2.0, 3.0, 0.95, 30, "Student t"))
    (None, 68)
    >>> settles(Estimate(1.0, 4.5, 0.95, 30, "Student t"), material=5.0)
    38
    """
    if difference.mean is None or difference.half_width is None:
        return None
    if judge(difference, "none", material) != "cannot be told apart":
        return None
    room = max(abs(difference.mean), material - abs(difference.mean))
    return replications_needed(room, difference.half_width, difference.n)


def p_value(difference: Estimate) -> float | None:
    """Two-sided, that the difference is 0, from its interval; None where there is none.

    >>> round(p_value(Estimate(2.2622, 2.2622, 0.95, 10, "Student t")), 4)
    0.05
    """
    if difference.mean is None or difference.half_width is None or difference.n < 2:
        return None
    if difference.half_width == 0.0:
        return 1.0 if difference.mean == 0.0 else 0.0
    # scipy is loaded here, not with the module: workers never need it
    from scipy.special import stdtr

    t = abs(difference.mean) * student_quantile(difference.n - 1, difference.level) / difference.half_width
    return float(2.0 * stdtr(difference.n - 1, -t))


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's adjusted p-values, in the order given: sorted p₁ ≤ p₂ …, the largest of (m − i + 1)·pᵢ so far, at most 1.

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    adjusted, largest = [0.0] * len(p_values), 0.0
    for rank, i in enumerate(order):
        largest = max(largest, min(1.0, (len(order) - rank) * p_values[i]))
        adjusted[i] = largest
    return adjusted
