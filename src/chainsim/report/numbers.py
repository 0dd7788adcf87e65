"""Numbers for people: thin spaces, €k and €M, no more digits than the interval allows and never fewer than a number has.

Money is written as English does: €30.0k, €1 900; axes and heads of columns carry "€k". Undefined numbers are shown as "–";
why is said beside them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from chainsim.showing import SIGNS, plural

NARROW, HARD, MINUS, UNDEFINED = "\u202f", "\u00a0", "\u2212", "–"
MOST_DIGITS = 4
"""As many digits as anyone reads."""
YEAR = 365.0
"""Days."""
FEW_DIGITS = 3
"""A number of a column shows as many digits, if it has them, whatever the decimals of the others."""


class Scale(NamedTuple):
    """What numbers of one column or axis are divided by, the unit then ('€k', '%'), the decimals of all of them (None: each
    number has its own), what stands before and after a single number ('€', 'k'), and what amounts are counted over ('/year')."""

    divisor: float
    unit: str
    decimals: int | None = None
    before: str = ""
    after: str = ""
    per: str = ""

    def places(self, x: float, half_width: float | None) -> int:
        """Decimals of a scaled number: those of the column, more when they would round it past its own digits. What matters of
        a share near 100 % is how far it is from there."""
        share = self.unit == "%" and 0.0 < x < 100.0
        small = min(x, 100.0 - x) if share else abs(x)
        size = math.floor(math.log10(small)) if small else 0
        if is_exact(x, half_width):
            own = decimals_for(x, None)
            own = max(own, -size) if share and round(x, own) == 100.0 else own
        else:
            own = decimals_for(x, half_width, size)
        return own if self.decimals is None else max(self.decimals, min(own, FEW_DIGITS - 1 - size))

    def told(self, number: str) -> str:
        """A number of this scale in a sentence, with its unit, kept on one line."""
        if self.before or self.after:
            minus, digits = (MINUS, number[1:]) if number.startswith(MINUS) else ("", number)
            return f"{minus}{self.before}{digits}{self.after}{self.per}"
        return with_unit(number, self.unit)


PLAIN = Scale(1.0, "")
Measured = tuple[float | None, float | None]
"""A mean and its half-width; None where undefined."""


def grouped(x: float, decimals: int) -> str:
    """A number with thin spaces between thousands; negative `decimals` round to tens, hundreds, …

    >>> grouped(-1234567.891, 1).replace(NARROW, "_"), grouped(-0.01, 1), grouped(1234, -2).replace(NARROW, "_")
    ('−1_234_567.9', '0.0', '1_200')
    """
    rounded = round(x, decimals) + 0.0
    return f"{rounded:,.{max(decimals, 0)}f}".replace(",", NARROW).replace("-", MINUS)


def decimals_for(mean: float, half_width: float | None, size: int | None = None) -> int:
    """Decimals worth showing: the half-width's first digit (two when it is a 1); without one, three digits of the mean.

    size: power of ten of its first digit that matters, when that is not the mean's own.

    >>> decimals_for(96.8123, 0.52), decimals_for(334123.0, 6021.0), decimals_for(5.25, 0.13), decimals_for(0.0123, None)
    (1, -3, 2, 4)
    """
    if size is None:
        size = math.floor(math.log10(abs(mean))) if mean else 0
    if is_exact(mean, half_width):
        return max(0, 2 - size) if mean else 0
    assert half_width is not None
    place = math.floor(math.log10(half_width))
    decimals = -place + (1 if half_width / 10.0**place < 1.95 else 0)
    return min(decimals, max(0, MOST_DIGITS - 1 - size))


class Units:
    """How quantities of one study are written: its currency, and what it calls the time over which amounts are counted (`yearly`)."""

    def __init__(self, currency: str, year: str = "year") -> None:
        self.currency, self.per = currency, f"/{year}"
        self.symbol = SIGNS.get(currency, currency)

    def is_money(self, unit: str) -> bool:
        """Whether a unit of the tables ('EUR/year', 'EUR') is an amount of money."""
        return unit in (self.a_year, self.currency or "money")

    @property
    def a_year(self) -> str:
        """The unit of amounts per year."""
        return f"{self.currency or 'money'}{self.per}"

    def scale(self, unit: str, values: Iterable[Measured]) -> Scale:
        """One scale for all values of a column or an axis, with as many decimals as the steadiest deserves (but one
        more than the least steady at most).

        >>> Units("EUR").scale("EUR/year", [(334_000.0, 1_900.0), (402_000.0, 2_300.0)])
        Scale(divisor=1000.0, unit='€k/year', decimals=1, before='€', after='k', per='/year')
        """
        known = [(m, h) for m, h in values if m is not None and m == m]
        bare = self._unit(unit, [abs(m) for m, _ in known])
        d = bare.divisor
        places = [bare.places(m / d, h / d) for m, h in known if h is not None and not is_exact(m, h)]
        return bare._replace(decimals=min(max(places), min(places) + 1) if places else None)

    def _unit(self, unit: str, sizes: list[float]) -> Scale:
        """What to divide by, and how the unit is written then."""
        if unit == "share":
            return Scale(0.01, "%")
        if not self.is_money(unit):
            return Scale(1.0, "" if unit == "ratio" else unit)
        divisor, prefix = 1.0, ""
        if sizes and min(sizes) >= 1e6:
            divisor, prefix = 1e6, "M"
        elif sizes and max(sizes) >= 1e4:
            divisor, prefix = 1e3, "k"
        per = self.per if unit.endswith(self.per) else ""
        if not self.symbol:
            return Scale(divisor, f"{_words(prefix)}money units{per}")
        # a code of three letters is a word of its own
        apart = HARD if self.symbol.isalpha() else ""
        return Scale(divisor, f"{self.symbol}{apart}{prefix}{per}", None, f"{self.symbol}{apart}", prefix, per)

    def value(self, unit: str, mean: float | None, half_width: float | None = None) -> str:
        """A number with its unit, on a scale of its own.

        >>> Units("EUR").value("EUR/year", 334_123.0, 6_021.0).replace(HARD, " ")
        '€334k/year'
        """
        if mean is None or mean != mean:
            return UNDEFINED
        scale = self.scale(unit, [(mean, half_width)])
        return scale.told(on(scale, mean, half_width))

    def interval(self, unit: str, mean: float | None, half_width: float | None) -> str:
        """Mean ± half-width with the unit.

        >>> Units("EUR").interval("share", 0.96812, 0.0052).replace(HARD, " ")
        '96.8 ± 0.5 %'
        """
        if mean is None or mean != mean:
            return UNDEFINED
        scale = self.scale(unit, [(mean, half_width)])
        if is_exact(mean, half_width) or not scale.before:
            return scale.told(plus_minus(scale, mean, half_width))
        number, half = plus_minus(scale, mean, half_width).split(f"{HARD}±{HARD}")
        sign, number = (MINUS, number[1:]) if number.startswith(MINUS) else ("", number)
        return f"{sign}{scale.before}{number}{scale.after}{HARD}±{HARD}{half}{scale.after}{scale.per}"

    def between(self, unit: str, low: float, high: float) -> str:
        """The two ends of an interval, in rising order, with one unit.

        >>> Units("EUR").between("EUR/year", 31_000.0, 43_000.0).replace(HARD, " ")
        '€31k to €43k/year'
        """
        low, high = sorted((low, high))
        scale = self.scale(unit, [(max(abs(low), abs(high)), (high - low) / 2)])
        decimals = scale.decimals if scale.decimals is not None else scale.places(high / scale.divisor, None)
        a, b = (grouped(x / scale.divisor, decimals) for x in (low, high))
        if scale.before:
            return f"{scale.told(a).removesuffix(scale.per)} to {scale.told(b)}"
        return with_unit(f"{a} to {b}", scale.unit)


def on(scale: Scale, mean: float | None, half_width: float | None = None) -> str:
    """The bare number on a scale, '–' when undefined; what is not nothing is never shown as 0.

    >>> on(PLAIN._replace(decimals=-2), 1.0), on(PLAIN._replace(decimals=1), 0.004), on(PLAIN._replace(decimals=1), 52.0)
    ('1', '0.004', '52.0')
    """
    if mean is None or mean != mean:
        return UNDEFINED
    x = mean / scale.divisor
    if half_width is not None or scale.decimals is None:
        return grouped(x, scale.places(x, None if half_width is None else half_width / scale.divisor))
    # no interval is known, so nothing says that further digits are worth showing
    lost = x and abs(x) >= 1e-12 and round(x, scale.decimals) == 0
    return grouped(x, -math.floor(math.log10(abs(x))) if lost else scale.decimals)


def plus_minus(scale: Scale, mean: float | None, half_width: float | None) -> str:
    """'96.8 ± 0.5' on a scale; without the interval when there is none or it is nothing, '–' when undefined.

    An interval is never rounded away, but up: to 1 in the last place.

    >>> plus_minus(PLAIN._replace(decimals=2), 9.55061, 0.00015).replace(HARD, " ")
    '9.55 ± 0.01'
    """
    if mean is None or mean != mean:
        return UNDEFINED
    x = mean / scale.divisor
    if half_width is None or is_exact(mean, half_width):
        # the same in every replication: its digits are its own
        return on(scale, mean) if half_width is None else grouped(x, scale.places(x, 0.0))
    h = half_width / scale.divisor
    decimals = scale.places(x, h)
    return f"{grouped(x, decimals)}{HARD}±{HARD}{grouped(max(h, 10.0**-decimals), decimals)}"


def signed(number: str) -> str:
    """A difference as it was written, with its sign; what was rounded to nothing has none.

    >>> signed("0.26 ± 0.16"), signed("−4.7 ± 0.4"), signed("0.00 ± 0.18")
    ('+0.26 ± 0.16', '−4.7 ± 0.4', '0.00 ± 0.18')
    """
    size = number.partition("±")[0]
    return f"+{number}" if any(digit in size for digit in "123456789") and not number.startswith(MINUS) else number


def is_exact(mean: float, half_width: float | None) -> bool:
    """Whether there is no interval or one that is only rounding error: the same in every replication."""
    return half_width is None or half_width <= 1e-9 * abs(mean)


def with_unit(number: str, unit: str) -> str:
    """Number and unit, kept on one line."""
    return f"{number}{HARD}{unit}" if unit else number


def percent(share: float) -> str:
    """A share that somebody typed, with the digits they typed.

    >>> percent(0.975).replace(HARD, " ")
    '97.5 %'
    """
    return f"{float(f'{100 * share:.10g}'):g}{HARD}%"


def asked(share: float) -> str:
    """A service that was asked for, by a person or by a search, whose digits nobody typed.

    >>> [asked(x).replace(HARD, " ") for x in (0.975, 0.968387, 0.99999)]
    ['97.5 %', '96.84 %', '99.999 %']
    """
    near = round(share, 4)
    return percent(near if 0.0 < near < 1.0 else share)


def several(n: float, noun: str) -> str:
    """A count with its noun.

    >>> several(1, "site"), several(12000, "site").replace(NARROW, "_"), several(2, "run of 90 days")
    ('1 site', '12_000 sites', '2 runs of 90 days')
    """
    return f"{grouped(n, 0)} {noun if n == 1 else plural(noun)}"


def exactly(x: float) -> str:
    """A parameter of a formula: up to five digits, none that are only zeros.

    >>> exactly(154.0), exactly(153.27), exactly(1.6448536)
    ('154', '153.27', '1.6449')
    """
    if x != x:
        return UNDEFINED
    size = math.floor(math.log10(abs(x))) if x else 0
    text = grouped(x, max(0, min(4 - size, 12)))
    return text.rstrip("0").rstrip(".") if "." in text else text


def length(n: float, unit: str) -> str:
    """A duration in words; days that are years of 365 as years, from two on.

    >>> length(84.0, "day").replace(HARD, " "), length(1.0, "week").replace(HARD, " "), length(1825.0, "day").replace(HARD, " ")
    ('84 days', '1 week', '5 years')
    """
    if unit == "day" and n > YEAR and n % YEAR == 0.0:
        n, unit = n / YEAR, "year"
    return f"{n:g}{HARD}{unit}{'' if n == 1 else 's'}"


def yearly(unit: str, units_per_year: float) -> str:
    """What amounts per year are counted over, in words: an abstract clock that names no year counts them by its period.

    >>> yearly("day", 365.0), yearly("period", 1.0), yearly("period", 52.0)
    ('year', 'period', 'year')
    """
    return "period" if unit == "period" and units_per_year == 1.0 else "year"


def stretch(n: float, unit: str) -> str:
    """What people call so long a part of time, to be put after 'worst' or 'busy'.

    >>> stretch(1.0, "period"), stretch(7.0, "day"), stretch(10.0, "period").replace(HARD, " "), stretch(91.0, "day").replace(HARD, " ")
    ('period', 'week', 'block of 10 periods', 'block of 91 days')
    """
    if unit == "day" and n == 7.0:
        return "week"
    return unit if n == 1.0 else f"block of {length(n, unit)}"


def spread(units: Units, unit: str, mean: float | None, half_width: float | None) -> str:
    """'± 0.5' on the scale of the mean; '' when there is no interval."""
    if mean is None or half_width is None or is_exact(mean, half_width):
        return ""
    scale = units.scale(unit, [(mean, half_width)])
    half = plus_minus(scale, mean, half_width).rpartition(HARD)[2]
    return f"±{HARD}{scale.before}{half}{scale.after}"


def _words(prefix: str) -> str:
    return {"": "", "k": "thousand ", "M": "million "}[prefix]
