"""Two means from independent replications: Welch's interval for their difference.

Degrees of freedom by Welch (1938); Law, Simulation Modeling and Analysis, 5th ed., section 10.2.2.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Literal

from chainsim.statistics.estimate import Estimate, estimate, student_quantile
from chainsim.statistics.paired import Comparison, verdict_on


def compare_independent(
    values: Iterable[float],
    baseline: Iterable[float],
    level: float = 0.95,
    direction: Literal["higher", "lower", "none"] = "none",
) -> Comparison:
    """Difference of two means whose replications have nothing in common; NaN left out and counted.

    >>> compare_independent([5.0, 6.0, 7.0], [1.0, 2.0, 3.0], direction="higher").verdict
    'better'
    """
    ours, theirs = list(values), list(baseline)
    a, b = estimate(ours, level), estimate(theirs, level)
    n, undefined = min(a.n, b.n), a.undefined + b.undefined
    if a.mean is None or b.mean is None:
        return Comparison(Estimate(None, None, level, n, "undefined", undefined), "cannot be told apart")
    difference, half_width, method = a.mean - b.mean, None, "one replication, no interval"
    if n > 1:
        va, vb = (_variance_of_mean(v, e) for v, e in ((ours, a), (theirs, b)))
        half_width, method = 0.0, "Welch t"
        if va + vb > 0:
            degrees = (va + vb) ** 2 / (va**2 / (a.n - 1) + vb**2 / (b.n - 1))
            half_width = student_quantile(degrees, level) * math.sqrt(va + vb)
    told = Estimate(difference, half_width, level, n, method, undefined)
    return Comparison(told, verdict_on(told, direction))


def _variance_of_mean(values: list[float], e: Estimate) -> float:
    assert e.mean is not None
    return math.fsum((v - e.mean) ** 2 for v in values if not math.isnan(v)) / (e.n - 1) / e.n
