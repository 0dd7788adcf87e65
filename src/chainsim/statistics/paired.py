"""Two policies on the same random customers: compare replication by replication.

Common random numbers make the difference of two policies far steadier than either; the paired t interval uses it
(Law, Simulation Modeling and Analysis, 5th ed., section 10.2.1).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from chainsim.statistics.estimate import Estimate, estimate

Verdict = Literal["better", "worse", "higher", "lower", "cannot be told apart"]


@dataclass(frozen=True)
class Comparison:
    """Policy minus baseline, and what may be said about it. 'higher' and 'lower' are the verdicts on a measure
    for which neither direction is better."""

    difference: Estimate
    verdict: Verdict


def compare(
    values: Sequence[float],
    baseline: Sequence[float],
    level: float = 0.95,
    direction: Literal["higher", "lower", "none"] = "none",
) -> Comparison:
    """Paired comparison; a pair in which either is undefined (NaN) is left out and counted.

    >>> compare([11.0, 12.0, 13.0], [10.0, 11.0, 12.1], direction="lower").verdict
    'worse'
    >>> compare([11.0, 9.0], [10.0, 10.0], direction="lower").verdict
    'cannot be told apart'
    """
    difference = estimate([a - b for a, b in zip(values, baseline, strict=True)], level)
    return Comparison(difference, verdict_on(difference, direction))


def replications_needed(difference: float, half_width: float, n: int) -> int | None:
    """About how many replications would tell the two apart: n·(half width ÷ |difference|)², rounded up; None when
    the difference is 0.

    >>> replications_needed(2.0, 3.0, 30)
    68
    """
    if difference == 0:
        return None
    return max(n, math.ceil(n * (half_width / abs(difference)) ** 2))


def verdict_on(difference: Estimate, direction: Literal["higher", "lower", "none"]) -> Verdict:
    """What an interval for a difference allows to say: nothing, when it contains 0 or does not exist."""
    mean, half_width = difference.mean, difference.half_width
    if mean is None or half_width is None or abs(mean) <= half_width:
        return "cannot be told apart"
    if direction == "none":
        return "higher" if mean > 0 else "lower"
    return "better" if (mean > 0) == (direction == "higher") else "worse"
