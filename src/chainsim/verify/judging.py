"""When a simulated number agrees with a known one, and when the interval is narrow enough for that to mean anything.

A statistical quantity agrees when |mean − value| ≤ 3 standard errors over at least 20 independent replications. Of hundreds of such
comparisons a few miss by chance: a miss is run again on a fresh seed with four times the effort, and only a second miss counts. What lies
eight standard errors off is no chance, and counts at once.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from chainsim.statistics import Sample, estimate
from chainsim.statistics.estimate import student_quantile
from chainsim.verify.cases import LevelName, Scale
from chainsim.verify.readings.sight import Quotient, Value

REPLICATIONS = 20
"""Fewest replications of a statistical case."""
STANDARD_ERRORS = 3.0
BEYOND_CHANCE = 8.0
"""Standard errors beyond which a miss counts at once and nobody asks for a narrower interval: by chance, one mean of twenty
replications in six million lies so far off."""
RERUN_EFFORT = 4
RELATIVE, OF_DEMAND, OF_SHARE = 0.005, 0.002, 0.002
"""Half-width wanted: 0.5 % of the value, or 0.002 × mean demand per time unit where that is more; 0.002 for a share; 0.5 % of the value
and no less for a variance or a ratio."""


@dataclass(frozen=True)
class Level:
    """coarseness: how many times the wanted half-width will do. events: at most so many per case, or it counts as too wide.
    studies: how many studies of ten replications each show whether intervals cover."""

    coarseness: float
    events: float
    studies: int


LEVELS: dict[LevelName, Level] = {
    "quick": Level(8.0, 3e6, 200),
    "default": Level(3.0, 1e8, 1000),
    "full": Level(1.0, 2e9, 1000),
}


@dataclass(frozen=True)
class Judgement:
    """What n replications say of a value. wanted: the half-width asked for; z: (mean − value) ÷ standard error."""

    mean: float
    half_width: float
    z: float
    n: int
    wanted: float

    @property
    def agrees(self) -> bool:
        return abs(self.z) <= STANDARD_ERRORS

    @property
    def narrow(self) -> bool:
        return self.half_width <= self.wanted


def half_width_wanted(value: float, scale: Scale, demand: float, coarseness: float = 1.0) -> float:
    """The half-width that makes agreement mean something.

    value: the known answer; demand: mean demand per time unit.

    >>> half_width_wanted(0.95, "share", 10), half_width_wanted(2.0, "units", 1), half_width_wanted(2.0, "ratio", 100)
    (0.002, 0.01, 0.01)
    """
    if scale == "share":
        return coarseness * OF_SHARE
    return coarseness * max(RELATIVE * abs(value), OF_DEMAND * demand if scale == "units" else 0.0)


def judge(values: Sequence[Value], known: float, wanted: float) -> Judgement:
    """Replications of a quantity against its known answer; of a ratio, the sum of the numerators ÷ that of the denominators.

    >>> judge([1.9, 2.1] * 10, 2.05, 0.1).z < -2
    True
    """
    told = estimate(sample_of(values))
    n = told.n
    if told.mean is None:  # undefined in every replication, though it is known
        return Judgement(math.nan, 0.0, math.inf, n, wanted)
    half_width = told.half_width or 0.0
    error = half_width / student_quantile(n - 1, told.level) if n > 1 else 0.0
    off = told.mean - known
    if abs(off) <= 1e-9 * max(abs(known), 1.0):  # what has no variance must be equal, and may be
        z = 0.0 if error == 0 else off / error
    else:
        z = off / error if error > 0 else math.copysign(math.inf, off)
    return Judgement(told.mean, half_width, z, n, wanted)


def sample_of(values: Sequence[Value]) -> Sample:
    """A column of a reading, to estimate from."""
    above = [v.above if isinstance(v, Quotient) else float(v) for v in values]  # type: ignore[arg-type]
    return Sample.of(above, [v.below if isinstance(v, Quotient) else math.nan for v in values])


STUDY = 10
"""Replications of a study whose interval is looked at."""


def covering(values: Sequence[Value], known: float) -> int:
    """How many of the 95 % intervals, from every ten values, contain the known answer.

    >>> covering([1, 2, 3, 4, 5, 6, 7, 8, 9, 10] + [20] * 9 + [21], 5.5)
    1
    """
    told = [estimate(sample_of(values[first : first + STUDY])) for first in range(0, len(values), STUDY)]
    return sum(e.low is not None and e.high is not None and e.low <= known <= e.high for e in told)


def replications_for(judgement: Judgement) -> int:
    """About how many replications bring the half-width down to what is wanted (a tenth more, to be sure)."""
    if judgement.narrow or judgement.wanted <= 0:
        return judgement.n
    times = judgement.half_width / judgement.wanted
    return math.ceil(1.1 * judgement.n * times * times)


def equal(found: Any, known: Any, relative: float, absolute: float) -> bool:
    """Numbers, or lists and tables of numbers, equal to a tolerance; None only equals None.

    >>> equal([1.0, 2.0], [1, 2.0000000001], 1e-9, 0), equal(None, 0.0, 1e-9, 1)
    (True, False)
    """
    if known is None or found is None:
        return known is found
    ours, theirs = list(flat(found)), list(flat(known))
    return len(ours) == len(theirs) and all(
        math.isclose(a, b, rel_tol=relative, abs_tol=absolute) for a, b in zip(ours, theirs, strict=True)
    )


def flat(value: Any) -> Iterator[float]:
    """The numbers of nested lists; of a table by name, in the order of the names."""
    if isinstance(value, dict):
        yield from flat([value[key] for key in sorted(value)])
    elif isinstance(value, list | tuple):
        for item in value:
            yield from flat(item)
    else:
        yield float(value)
