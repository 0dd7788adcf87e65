"""A ratio over replications: the sum of the numerators ÷ the sum of the denominators, with its jackknife.

The mean of the replications' own ratios is biased where the denominator is random (a fill rate where little is demanded), and no number
of replications mends that; the ratio of sums converges to the truth. Its standard error by the jackknife, leaving out one replication at a
time: √((n − 1)/n · Σ(r₋ᵢ − r̄)²). With equal denominators it is s/√n. (Efron, The Jackknife, the Bootstrap and Other Resampling Plans,
1982, ch. 3; Law, Simulation Modeling and Analysis, 5th ed., section 9.5.3, for ratios of a regenerative process.)
"""

from __future__ import annotations

import math
from collections.abc import Sequence

ROUNDING = 1e-12
"""Relative: what differs by less, differs by rounding only."""


def ratio_of_sums(numerators: Sequence[float], denominators: Sequence[float]) -> float | None:
    """Sum ÷ sum; None when the denominators add up to 0.

    >>> ratio_of_sums([1.0, 0.0], [1.0, 3.0])
    0.25
    """
    below = math.fsum(denominators)
    return math.fsum(numerators) / below if below != 0 else None


def without_each(numerators: Sequence[float], denominators: Sequence[float]) -> list[float] | None:
    """The ratio of sums without the first, without the second …; None when one of them has nothing to divide by.

    >>> without_each([1.0, 0.0], [1.0, 3.0])
    [0.0, 1.0]
    """
    above, below = math.fsum(numerators), math.fsum(denominators)
    if any(below - b == 0 for b in denominators):
        return None
    return [(above - a) / (below - b) for a, b in zip(numerators, denominators, strict=True)]


def jackknife_error(left_out: Sequence[float], size: float) -> float:
    """Standard error of a statistic from its values with one replication left out each (at least two).

    size: how large the numbers are of which it is made; what lies within rounding of that is 0.

    >>> jackknife_error([1.0, 3.0], 1.0)
    1.0
    """
    if max(left_out) - min(left_out) <= ROUNDING * size:
        return 0.0
    n = len(left_out)
    mean = math.fsum(left_out) / n
    return math.sqrt((n - 1) / n * math.fsum((r - mean) * (r - mean) for r in left_out))
