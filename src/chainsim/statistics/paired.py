"""Two policies on the same random customers: compare replication by replication.

Common random numbers make the difference of two policies far steadier than either; the paired t interval uses it
(Law, Simulation Modeling and Analysis, 5th ed., section 10.2.1). Two ratios are compared by the difference of their ratios of
sums, with the jackknife over pairs: one replication of both is left out at a time.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from chainsim.statistics.estimate import Estimate, standard_error, student_quantile
from chainsim.statistics.ratios import ROUNDING, jackknife_error, ratio_of_sums, without_each
from chainsim.statistics.sample import Sample

Verdict = Literal["better", "worse", "higher", "lower", "cannot be told apart"]
Direction = Literal["higher", "lower", "none"]


@dataclass(frozen=True)
class Comparison:
    """Policy minus baseline, and what may be said about it. 'higher' and 'lower' are the verdicts on a measure
    for which neither direction is better."""

    difference: Estimate
    verdict: Verdict


def compare(
    values: Sequence[float] | Sample,
    baseline: Sequence[float] | Sample,
    level: float = 0.95,
    direction: Direction = "none",
) -> Comparison:
    """Paired comparison; a pair in which either is undefined (NaN) is left out and counted.

    >>> compare([11.0, 12.0, 13.0], [10.0, 11.0, 12.1], direction="lower").verdict
    'worse'
    >>> compare([11.0, 9.0], [10.0, 10.0], direction="lower").verdict
    'cannot be told apart'
    """
    difference = paired_difference(values, baseline, level)
    return Comparison(difference, verdict_on(difference, direction))


def paired_difference(
    values: Sequence[float] | Sample, baseline: Sequence[float] | Sample, level: float = 0.95
) -> Estimate:
    """Policy minus baseline with its interval. Where both are ratios, the difference of their ratios of sums.

    >>> paired_difference([2.0, 3.0], [1.0, 2.0]).mean
    1.0
    """
    ours, theirs = (v if isinstance(v, Sample) else Sample(v) for v in (values, baseline))
    if ours.denominators is not None and theirs.denominators is not None:
        return _of_ratios(ours, theirs, level)
    pairs = list(zip(ours.values, theirs.values, strict=True))
    defined = [(a, b) for a, b in pairs if not (math.isnan(a) or math.isnan(b))]
    n, undefined = len(defined), len(pairs) - len(defined)
    note = f" ({undefined} of {len(pairs)} replications undefined)" if undefined else ""
    if n == 0:
        return Estimate(None, None, level, 0, "undefined", undefined)
    differences = [_minus(a, b) for a, b in defined]
    mean = math.fsum(differences) / n
    if n == 1:
        return Estimate(mean, None, level, 1, "one replication, no interval" + note, undefined)
    size = max(max(abs(a), abs(b)) for a, b in defined)
    half_width = student_quantile(n - 1, level) * standard_error(differences, mean, size)
    return Estimate(mean, half_width, level, n, "Student t" + note, undefined)


def replications_needed(difference: float, half_width: float, n: int) -> int | None:
    """About how many replications would tell the two apart: n·(half width ÷ |difference|)², rounded up; None when
    the difference is 0.

    >>> replications_needed(2.0, 3.0, 30)
    68
    """
    if difference == 0:
        return None
    times = half_width / abs(difference)
    return max(n, math.ceil(n * times * times))


def verdict_on(difference: Estimate, direction: Direction) -> Verdict:
    """What an interval for a difference allows to say: nothing, when it contains 0 or does not exist."""
    mean, half_width = difference.mean, difference.half_width
    if mean is None or half_width is None or abs(mean) <= half_width:
        return "cannot be told apart"
    if direction == "none":
        return "higher" if mean > 0 else "lower"
    return "better" if (mean > 0) == (direction == "higher") else "worse"


def _minus(a: float, b: float) -> float:
    """a − b; 0 when they differ by rounding only."""
    return 0.0 if abs(a - b) <= ROUNDING * max(abs(a), abs(b)) else a - b


def _of_ratios(ours: Sample, theirs: Sample, level: float) -> Estimate:
    assert ours.denominators is not None
    assert theirs.denominators is not None
    columns = (ours.numerators, ours.denominators, theirs.numerators, theirs.denominators)
    rows = [row for row in zip(*columns, strict=True) if not any(math.isnan(x) for x in row)]
    n, undefined = len(rows), len(ours) - len(rows)
    a, b, c, d = ([row[i] for row in rows] for i in range(4))
    first, second = ratio_of_sums(a, b), ratio_of_sums(c, d)
    if first is None or second is None:
        return Estimate(None, None, level, 0, "undefined", len(ours))
    difference = _minus(first, second)
    without_ours = without_each(a, b) if n > 1 else None
    without_theirs = without_each(c, d) if n > 1 else None
    if without_ours is None or without_theirs is None:
        alone = "one replication" if n == 1 else "only one replication with anything to divide by"
        return Estimate(difference, None, level, n, f"ratios of sums, {alone}, no interval", undefined)
    left_out = [_minus(x, y) for x, y in zip(without_ours, without_theirs, strict=True)]
    half_width = student_quantile(n - 1, level) * jackknife_error(left_out, max(abs(first), abs(second)))
    return Estimate(difference, half_width, level, n, "ratios of sums, jackknife t over pairs", undefined)
