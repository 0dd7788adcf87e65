"""A mean with its interval.

Student's t interval for the mean of independent replications: mean ± t(n − 1, (1 + level)/2) · s/√n
(Law, Simulation Modeling and Analysis, 5th ed., eq. 4.12).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from chainsim.errors import UsageError


@dataclass(frozen=True)
class Estimate:
    """A mean over replications. `mean` is None when no replication had a value, `half_width` is None with fewer than
    two; `undefined` replications were left out and are counted."""

    mean: float | None
    half_width: float | None
    level: float
    n: int
    method: str
    undefined: int = 0

    @property
    def low(self) -> float | None:
        """Lower end of the interval."""
        return None if self.mean is None or self.half_width is None else self.mean - self.half_width

    @property
    def high(self) -> float | None:
        """Upper end of the interval."""
        return None if self.mean is None or self.half_width is None else self.mean + self.half_width


def estimate(values: Iterable[float], level: float = 0.95) -> Estimate:
    """Mean and Student interval of one value per replication, NaN where undefined. Raises UsageError for a level
    outside (0, 1).

    >>> e = estimate([1.0, 2.0, 3.0, float("nan")])
    >>> e.mean, round(e.half_width, 3), e.n, e.method
    (2.0, 2.484, 3, 'Student t (1 of 4 replications undefined)')
    """
    if not 0.0 < level < 1.0:
        raise UsageError(f"a confidence level lies between 0 and 1, not {level!r}")
    given = list(values)
    defined = [v for v in given if not math.isnan(v)]
    n, undefined = len(defined), len(given) - len(defined)
    note = f" ({undefined} of {len(given)} replications undefined)" if undefined else ""
    if n == 0:
        return Estimate(None, None, level, 0, "undefined", undefined)
    mean = math.fsum(defined) / n
    if n == 1:
        return Estimate(mean, None, level, 1, "one replication, no interval" + note, undefined)
    squares = math.fsum((v - mean) ** 2 for v in defined)
    half_width = student_quantile(n - 1, level) * math.sqrt(squares / (n - 1) / n)
    return Estimate(mean, half_width, level, n, "Student t" + note, undefined)


@cache
def student_quantile(degrees: float, level: float) -> float:
    """The two-sided critical value of Student's t.

    >>> round(student_quantile(9, 0.95), 4)
    2.2622
    """
    # scipy is loaded here, not with the module: workers never need it
    from scipy.special import stdtrit

    return float(stdtrit(degrees, 0.5 * (1.0 + level)))
