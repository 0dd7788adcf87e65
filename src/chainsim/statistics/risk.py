"""Risk beside means: how often a year misses its target, how bad the worst year in twenty is, what lies between P10
and P90.

A replication stands for a year (for what its window is); values are one per replication, NaN where undefined, left
out and counted. Shares: Wilson's interval (E. B. Wilson, Journal of the American Statistical Association 22, 1927,
209-212) or Clopper & Pearson's exact one (Biometrika 26(4), 1934, 404-413). Quantiles: order statistics, whose ranks
follow from the binomial (W. J. Conover, Practical Nonparametric Statistics, 3rd ed., 1999, section 3.2): no law is
assumed, and where the sample is too small for an end there is none. scipy.stats has all of it (`binomtest`,
`quantile_test`), but takes a second to load, and every run is told by these: here they are by scipy.special, and a test
holds them to scipy.stats.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from chainsim.errors import UsageError

Method = Literal["wilson", "exact"]


@dataclass(frozen=True)
class Share:
    """count of n years, its share with the interval; value, low and high are None without a year. undefined: years
    left out."""

    count: int
    n: int
    value: float | None
    low: float | None
    high: float | None
    level: float
    undefined: int = 0


@dataclass(frozen=True)
class Quantile:
    """The value below which a share `p` of years lies, with an interval of order statistics; None for an end that so
    few years do not give."""

    p: float
    value: float | None
    low: float | None
    high: float | None
    level: float
    n: int


def miss_share(
    values: Sequence[float],
    target: float,
    better: Literal["higher", "lower"] = "higher",
    level: float = 0.95,
    method: Method = "wilson",
) -> Share:
    """Share of years that miss a target: below it where higher is better, above it where lower is; a year that just
    meets it does not miss. Raises UsageError for a level outside (0, 1).

    >>> share = miss_share([0.98, 0.96, 0.97, 0.99, 0.97], 0.97)
    >>> share.count, share.value, round(share.low, 4), round(share.high, 4)
    (1, 0.2, 0.0362, 0.6245)
    """
    known = _known(values, level)
    undefined, n = len(values) - len(known), len(known)
    if not known:
        return Share(0, 0, None, None, None, level, undefined)
    count = sum(v < target if better == "higher" else v > target for v in known)
    low, high = (_wilson if method == "wilson" else _exact)(count, n, level)
    return Share(count, n, count / n, low, high, level, undefined)


def quantile(values: Sequence[float], p: float, level: float = 0.95) -> Quantile:
    """The p-quantile over years (Hyndman and Fan's type 7, as fans have) and its interval. Raises UsageError for p or
    level outside (0, 1).

    >>> q = quantile([float(v) for v in range(1, 101)], 0.1)
    >>> round(q.value, 6), q.low, q.high
    (10.9, 5.0, 17.0)
    """
    known = _known(values, level)
    if not 0.0 < p < 1.0:
        raise UsageError(f"a quantile lies between 0 and 1, not {p!r}")
    if not known:
        return Quantile(p, None, None, None, level, 0)
    from scipy.special import bdtr  # loaded here, not with the module: workers never need it

    n, tail, ordered = len(known), (1.0 - level) / 2.0, sorted(known)
    below = bdtr(np.arange(n + 1.0), n, p)  # that at most so many years lie below the quantile
    first = int(np.argmax(below >= tail)) - 1
    last = int(np.argmax(1.0 - below <= tail))
    low, high = (ordered[i] if 0 <= i < n else None for i in (first, last))
    return Quantile(p, float(np.quantile(known, p)), low, high, level, n)


def worst_in(
    values: Sequence[float], years: int = 20, better: Literal["higher", "lower"] = "higher", level: float = 0.95
) -> Quantile:
    """The worst year in so many: one in `years` is as bad or worse. Raises UsageError for fewer than two.

    >>> round(worst_in([float(v) for v in range(1, 101)], better="lower").value, 6)
    95.05
    """
    if years < 2:
        raise UsageError(f"the worst in how many years? at least 2, not {years!r}")
    return quantile(values, 1.0 / years if better == "higher" else 1.0 - 1.0 / years, level)


def spread(values: Sequence[float], level: float = 0.95) -> tuple[Quantile, Quantile]:
    """P10 and P90: eight years in ten lie between.

    >>> [round(q.value, 6) for q in spread([float(v) for v in range(1, 101)])]
    [10.9, 90.1]
    """
    return quantile(values, 0.1, level), quantile(values, 0.9, level)


def worst_bucket(numerators: Sequence[Sequence[float]], denominators: Sequence[Sequence[float]]) -> list[float]:
    """The lowest service of any bucket (month) in every year [replication, bucket]; a bucket with nothing to divide
    by is none, NaN for a year of none.

    >>> worst_bucket([[9.0, 0.0, 8.0], [0.0, 0.0, 0.0]], [[10.0, 0.0, 10.0], [0.0, 0.0, 0.0]])
    [0.8, nan]
    """
    rows = zip(numerators, denominators, strict=True)
    return [min((a / b for a, b in zip(above, below, strict=True) if b > 0), default=math.nan) for above, below in rows]


def normal_quantile(level: float) -> float:
    """The two-sided critical value of the normal law.

    >>> round(normal_quantile(0.95), 4)
    1.96
    """
    from scipy.special import ndtri

    return float(ndtri(0.5 + level / 2.0))


def _wilson(count: int, n: int, level: float) -> tuple[float, float]:
    z = normal_quantile(level)
    centre = (count + z * z / 2.0) / (n + z * z)
    half = z / (n + z * z) * math.sqrt(count * (n - count) / n + z * z / 4.0)
    return (0.0 if count == 0 else centre - half), (1.0 if count == n else centre + half)


def _exact(count: int, n: int, level: float) -> tuple[float, float]:
    from scipy.special import betaincinv

    tail = (1.0 - level) / 2.0
    low = 0.0 if count == 0 else float(betaincinv(count, n - count + 1, tail))
    high = 1.0 if count == n else float(betaincinv(count + 1, n - count, 1.0 - tail))
    return low, high


def _known(values: Sequence[float], level: float) -> list[float]:
    if not 0.0 < level < 1.0:
        raise UsageError(f"a confidence level lies between 0 and 1, not {level!r}")
    return [float(v) for v in values if not math.isnan(v)]
