"""An estimate with its interval: mean ± half-width where that is so, 'mean (low to high)' where the interval is lopsided.

The interval of a share is found on the logit scale and stays between 0 and 100 %, so that near either end it reaches further to
one side. '88 ± 14 %' would then say 102 %, and hide how far down it goes.
"""

from __future__ import annotations

from collections.abc import Iterable

from chainsim.report.numbers import (
    HARD,
    UNDEFINED,
    Scale,
    Units,
    decimals_for,
    grouped,
    is_exact,
    on,
    plus_minus,
    spread,
)
from chainsim.statistics import Estimate

HARDLY = 0.15
"""An end that lies off that of ± by less than this part of the half-width, or less than the last digit shown, is told by ±."""
MORE = 2
"""Decimals added at most so that an end of an interval does not become 0 or 100 %."""
EXPLAINED = "a (b to c): the interval reaches from b to c, not equally far to either side of a."
"""For below a table with such numbers."""


def lopsided(scale: Scale, e: Estimate) -> bool:
    """Whether ± would give an end that the interval does not have.

    >>> percent = Units("").scale("share", [])
    >>> lopsided(percent, Estimate(0.99, 0.02, 0.95, 30, "", ends=(0.929, 0.9987)))
    True
    >>> lopsided(percent, Estimate(0.95, 0.004, 0.95, 30, "", ends=(0.9458, 0.9538)))
    False
    """
    ends = _off(scale, e)
    if ends is None:
        return False
    mean, half, low, high = ends
    near = max(10.0 ** -scale.places(mean, half), HARDLY * half)
    return max(abs(mean - half - low), abs(mean + half - high)) > near


def written(scale: Scale, e: Estimate) -> str:
    """For a table: the mean on a scale with its interval, '–' when undefined.

    >>> percent = Units("").scale("share", [])
    >>> written(percent, Estimate(0.99, 0.02, 0.95, 30, "", ends=(0.929, 0.9987))).replace(HARD, " ")
    '99 (93 to 99.9)'
    """
    if not lopsided(scale, e):
        return plus_minus(scale, e.mean, e.half_width)
    mean, low, high = _three(scale, e)
    return f"{mean}{HARD}({low} to {high})"


def in_words(units: Units, unit: str, e: Estimate) -> str:
    """For a sentence: the mean with its interval and unit.

    >>> percent = Estimate(0.99, 0.02, 0.95, 30, "", ends=(0.929, 0.9987))
    >>> in_words(Units(""), "share", percent).replace(HARD, " ")
    '99 % (93 to 99.9 %)'
    """
    if e.mean is None or e.mean != e.mean:
        return UNDEFINED
    scale = units.scale(unit, [(e.mean, e.half_width)])
    if not lopsided(scale, e):
        return units.interval(unit, e.mean, e.half_width)
    mean, low, high = _three(scale, e)
    return f"{scale.told(mean)} ({low} to {scale.told(high)})"


def alone(units: Units, unit: str, e: Estimate) -> str:
    """The mean without its interval, with the digits that it has beside it."""
    scale = units.scale(unit, [(e.mean, e.half_width)])
    return scale.told(_three(scale, e)[0]) if lopsided(scale, e) else units.value(unit, e.mean, e.half_width)


def beside(units: Units, unit: str, e: Estimate) -> str:
    """The interval alone, for beside its mean: '± 0.5', '93 to 99.9', '' when there is none."""
    scale = units.scale(unit, [(e.mean, e.half_width)])
    if not lopsided(scale, e):
        return spread(units, unit, e.mean, e.half_width)
    _, low, high = _three(scale, e)
    return f"{low} to {high}"


def sides(e: Estimate) -> tuple[float, float]:
    """How far the interval reaches below and above its mean; 0 where there is none."""
    if e.mean is None or e.low is None or e.high is None:
        return 0.0, 0.0
    return max(e.mean - e.low, 0.0), max(e.high - e.mean, 0.0)


def explained(texts: Iterable[str]) -> list[str]:
    """The note for below a table, if one of its cells needs it."""
    return [EXPLAINED] if any(f"{HARD}(" in text and " to " in text for text in texts) else []


def _off(scale: Scale, e: Estimate) -> tuple[float, float, float, float] | None:
    """Mean, half-width and ends on the scale, of an interval whose ends are not those of ±."""
    if e.ends is None or e.mean is None or e.half_width is None or is_exact(e.mean, e.half_width):
        return None
    d = scale.divisor
    return e.mean / d, e.half_width / d, e.ends[0] / d, e.ends[1] / d


def _three(scale: Scale, e: Estimate) -> tuple[str, str, str]:
    """Mean and ends, each with the digits that its own side of the interval deserves, an end near 0 or 100 % with as many as
    keep it from there."""
    known = _off(scale, e)
    if known is None:
        return on(scale, e.mean, e.half_width), UNDEFINED, UNDEFINED
    mean, half, low, high = known
    middle = grouped(mean, max(scale.places(mean, half), 0))
    return middle, _end(low, mean - low), _end(high, high - mean)


def _end(x: float, side: float) -> str:
    """An end of an interval of per cent."""
    least = max(decimals_for(x, side, 0), 0) if side > 0 else 0
    most = least + MORE
    while least < most and round(x, least) in (0.0, 100.0) and x not in (0.0, 100.0):
        least += 1
    return grouped(x, least)
