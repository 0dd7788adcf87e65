"""Two estimates from independent replications: Welch's interval for their difference.

Degrees of freedom by Welch (1938); Law, Simulation Modeling and Analysis, 5th ed., section 10.2.2. Two ratios are compared by their
ratios of sums, each with its own jackknife.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from chainsim.statistics.estimate import Estimate, estimate, student_quantile
from chainsim.statistics.paired import Comparison, Direction, verdict_on
from chainsim.statistics.ratios import ROUNDING
from chainsim.statistics.sample import Sample


def compare_independent(
    values: Sequence[float] | Sample,
    baseline: Sequence[float] | Sample,
    level: float = 0.95,
    direction: Direction = "none",
) -> Comparison:
    """Difference of two estimates whose replications have nothing in common; NaN left out and counted.

    >>> compare_independent([5.0, 6.0, 7.0], [1.0, 2.0, 3.0], direction="higher").verdict
    'better'
    """
    a, b = estimate(values, level), estimate(baseline, level)
    n, undefined = min(a.n, b.n), a.undefined + b.undefined
    if a.mean is None or b.mean is None:
        return Comparison(Estimate(None, None, level, n, "undefined", undefined), "cannot be told apart")
    difference, half_width, method = a.mean - b.mean, None, "no interval of at least one of the two"
    if abs(difference) <= ROUNDING * max(abs(a.mean), abs(b.mean)):
        difference = 0.0
    if a.half_width is not None and b.half_width is not None:
        half_width, method = 0.0, "Welch t"
        va, vb = (_variance(e) for e in (a, b))
        if va + vb > 0:
            degrees = (va + vb) * (va + vb) / (va * va / (a.n - 1) + vb * vb / (b.n - 1))
            half_width = student_quantile(degrees, level) * math.sqrt(va + vb)
    told = Estimate(difference, half_width, level, n, method, undefined)
    return Comparison(told, verdict_on(told, direction))


def _variance(e: Estimate) -> float:
    """Of an estimate with an interval: its standard error squared."""
    assert e.half_width is not None
    error = e.half_width / student_quantile(e.n - 1, e.level)
    return error * error
