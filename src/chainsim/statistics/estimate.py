"""A mean, or a ratio of sums, with its interval.

A mean of independent replications has Student's t interval: mean ± t(n − 1, (1 + level)/2) · s/√n (Law, Simulation Modeling and
Analysis, 5th ed., eq. 4.12); a ratio the same with the jackknife's standard error (`ratios`). The ends of a share's interval are
found on the logit scale, ln(r/(1 − r)), where its standard error is the jackknife's ÷ (r(1 − r)), and so stay between 0 and 1
(Agresti, Categorical Data Analysis, 3rd ed., section 3.1.6).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from chainsim.errors import UsageError
from chainsim.statistics.exponential import exponential
from chainsim.statistics.ratios import ROUNDING, jackknife_error, ratio_of_sums, without_each
from chainsim.statistics.sample import Sample


@dataclass(frozen=True)
class Estimate:
    """A mean (or ratio of sums) over replications. `mean` is None when no replication had a value, `half_width` is None with
    fewer than two; `undefined` replications were left out and are counted.

    half_width: the quantile × the standard error. ends: of the interval where it is not symmetric (a share's).
    """

    mean: float | None
    half_width: float | None
    level: float
    n: int
    method: str
    undefined: int = 0
    ends: tuple[float, float] | None = None

    @property
    def low(self) -> float | None:
        """Lower end of the interval."""
        if self.mean is None or self.half_width is None:
            return None
        return self.ends[0] if self.ends else self.mean - self.half_width

    @property
    def high(self) -> float | None:
        """Upper end of the interval."""
        if self.mean is None or self.half_width is None:
            return None
        return self.ends[1] if self.ends else self.mean + self.half_width


def estimate(values: Iterable[float] | Sample, level: float = 0.95) -> Estimate:
    """Mean and interval of one value per replication, NaN where undefined; of a Sample of a ratio, the ratio of sums and its interval.
    Raises UsageError for a level outside (0, 1).

    >>> e = estimate([1.0, 2.0, 3.0, float("nan")])
    >>> e.mean, round(e.half_width, 3), e.n, e.method
    (2.0, 2.484, 3, 'Student t (1 of 4 replications undefined)')
    >>> e = estimate(Sample([1.0, 2.0, 0.0], [1.0, 2.0, 3.0]))
    >>> e.mean, e.method
    (0.5, 'ratio of sums, jackknife t')
    """
    if not 0.0 < level < 1.0:
        raise UsageError(f"a confidence level lies between 0 and 1, not {level!r}")
    if isinstance(values, Sample):
        if values.denominators is not None:
            return _ratio(values, level)
        values = values.numerators
    given = list(values)
    defined = [v for v in given if not math.isnan(v)]
    n, undefined = len(defined), len(given) - len(defined)
    note = f" ({undefined} of {len(given)} replications undefined)" if undefined else ""
    if n == 0:
        return Estimate(None, None, level, 0, "undefined", undefined)
    mean = math.fsum(defined) / n
    if n == 1:
        return Estimate(mean, None, level, 1, "one replication, no interval" + note, undefined)
    half_width = student_quantile(n - 1, level) * standard_error(defined, mean)
    return Estimate(mean, half_width, level, n, "Student t" + note, undefined)


def standard_error(values: list[float], mean: float, size: float = 0.0) -> float:
    """s/√n of at least two values; 0 when they differ by rounding only, of themselves or of the `size` of what they are made of."""
    low, high = min(values), max(values)
    if high - low <= ROUNDING * max(abs(low), abs(high), size):
        return 0.0
    squares = math.fsum((v - mean) * (v - mean) for v in values)
    return math.sqrt(squares / (len(values) - 1) / len(values))


def _ratio(sample: Sample, level: float) -> Estimate:
    assert sample.denominators is not None
    pairs = [
        (a, b)
        for a, b in zip(sample.numerators, sample.denominators, strict=True)
        if not (math.isnan(a) or math.isnan(b))
    ]
    above, below = [a for a, _ in pairs], [b for _, b in pairs]
    n, undefined = len(pairs), len(sample) - len(pairs)
    ratio = ratio_of_sums(above, below)
    if ratio is None:
        return Estimate(None, None, level, 0, "undefined", len(sample))
    empty = below.count(0.0)
    note = f" ({empty} of {n} replications had nothing to divide by)" if empty else ""
    left_out = without_each(above, below) if n > 1 else None
    if left_out is None:
        alone = "one replication" if n == 1 else "only one replication with anything to divide by"
        return Estimate(ratio, None, level, n, f"ratio of sums, {alone}, no interval", undefined)
    half_width = student_quantile(n - 1, level) * jackknife_error(left_out, abs(ratio))
    if not sample.share or half_width == 0 or not 0.0 < ratio < 1.0:
        return Estimate(ratio, half_width, level, n, f"ratio of sums, jackknife t{note}", undefined)
    method = f"ratio of sums, jackknife t on the logit{note}"
    return Estimate(ratio, half_width, level, n, method, undefined, logit_ends(ratio, half_width))


def logit_ends(share: float, half_width: float) -> tuple[float, float]:
    """The ends of a share's interval, from its half-width on the plain scale.

    >>> low, high = logit_ends(0.99, 0.02)
    >>> round(low, 4), round(high, 4)
    (0.9292, 0.9987)
    """
    odds = share / (1.0 - share)
    spread = exponential(min(half_width / (share * (1.0 - share)), 700.0))
    return odds / (odds + spread), odds / (odds + 1.0 / spread)


@cache
def student_quantile(degrees: float, level: float) -> float:
    """The two-sided critical value of Student's t.

    >>> round(student_quantile(9, 0.95), 4)
    2.2622
    """
    # scipy is loaded here, not with the module: workers never need it
    from scipy.special import stdtrit

    return float(stdtrit(degrees, 0.5 * (1.0 + level)))
