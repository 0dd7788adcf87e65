"""Numbers as a manager says them: two or three digits, the currency before, counts in place of small shares."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from chainsim.report.decision.phrase import Figure
from chainsim.report.facts import Facts
from chainsim.report.numbers import HARD, MINUS, NARROW, UNDEFINED, Units, grouped, several
from chainsim.showing import plural

_PREFIXES = (("bn", 1e9), ("M", 1e6), ("k", 1e3), ("", 1.0))
_FEWEST = {"bn": 1.0, "M": 1.0, "k": 10.0, "": 0.0}
"""From how many on an amount is told in billions, millions, thousands."""
_RARE = 0.4
"""Shares below are said as one in so many."""
_SHORT = (("bn", "billion "), ("M", "million "), ("k", "thousand "), ("", ""))


def money(units: Units, amount: float | None, digits: int = 2, like: float | None = None) -> str:
    """An amount, with its sign when it is negative. like: another amount, on whose scale and with whose decimals it is said, so that
    two that stand together read alike.

    >>> euro = Units("EUR")
    >>> [money(euro, x) for x in (29_708.0, 334_123.0, 812.0, 999_960.0, 0.0, -1_240.0)]
    ['€30k', '€334k', '€812', '€1.0M', '€0', '−€1\u202f200']
    >>> money(euro, 29_708.0, 3), money(Units("CHF"), 29_708.0).replace(HARD, " "), money(Units(""), 1_500.0).replace(HARD, " ")
    ('€29.7k', 'CHF 30k', '1\u202f500 money units')
    >>> money(euro, 447.0, like=1_091.0), money(euro, 447.0, like=30_470.0), money(euro, 3.0, like=1_091.0)
    ('€400', '€0.4k', '€3')
    """
    if amount is None or amount != amount:
        return UNDEFINED
    number, prefix = _scaled(abs(amount), digits, abs(amount if like is None else like))
    sign = MINUS if amount < 0 and float(number.replace("\u202f", "")) else ""
    if not units.symbol:
        return f"{sign}{number}{HARD}{dict(_SHORT)[prefix]}money units".replace(" ", HARD)
    apart = HARD if units.symbol.isalpha() else ""
    return f"{sign}{units.symbol}{apart}{number}{prefix}"


def apart(units: Units, a: float, b: float) -> tuple[str, str]:
    """Two amounts that stand side by side, with so many digits that who subtracts them gets what is said of their difference.

    >>> euro = Units("EUR")
    >>> apart(euro, 29_708.0, 44_150.0), apart(euro, 81_480.0, 93_770.0), apart(euro, 818_870.0, 831_410.0)
    (('€30k', '€44k'), ('€81.5k', '€93.8k'), ('€818.9k', '€831.4k'))
    >>> apart(euro, 7_280.0, 16_880.0), apart(euro, 0.0, 812.0)
    (('€7.3k', '€16.9k'), ('€0', '€812'))
    """
    gap, size = _shown(abs(a - b), 2)
    like = max(abs(a), abs(b))
    one_scale = min(abs(a), abs(b)) >= like / 100.0 and len({_scaled(abs(x), 2, abs(x))[1] for x in (a, b)}) > 1
    of = like if one_scale else None
    for digits in (3, 4) if one_scale else (2, 3, 4):
        if abs(abs(_shown(a, digits, of)[0] - _shown(b, digits, of)[0]) - gap) <= 0.500001 * size:
            break
    return money(units, a, digits, of), money(units, b, digits, of)


def span(units: Units, low: float, high: float) -> str:
    """From an amount to another that is no smaller; what is no sign stands once.

    >>> [span(Units(c), 400.0, 1_091.0).replace(HARD, " ").replace("\u202f", " ") for c in ("EUR", "")]
    ['€400 to €1 100', '400 to 1 100 money units']
    """
    first = money(units, low, like=high)
    if not units.symbol:
        first = _scaled(low, 2, high)[0]
    return f"{first} to {money(units, high)}"


def bare(units: Units, amount: float | None, digits: int = 2) -> str:
    """An amount in a table that says above what its numbers are, where there is no sign to stand with each.

    >>> [bare(Units(c), 17_640.0, 3) for c in ("EUR", "")]
    ['€17.6k', '17.6k']
    """
    if units.symbol or amount is None or amount != amount:
        return money(units, amount, digits)
    number, prefix = _scaled(abs(amount), digits, abs(amount))
    return f"{MINUS if amount < 0 and float(number.replace(NARROW, '')) else ''}{number}{prefix}"


def _shown(x: float, digits: int, like: float | None = None) -> tuple[float, float]:
    """The number that is read where an amount is told, and what one of its last digit is worth."""
    number, prefix = _scaled(abs(x), digits, abs(x if like is None else like))
    plain, scale = number.replace("\u202f", ""), dict(_PREFIXES)[prefix]
    least = scale * 10.0 ** -len(plain.partition(".")[2])
    people = 10.0 ** (math.floor(math.log10(abs(x))) - digits + 1) if x else least
    return math.copysign(float(plain) * scale, x), max(least, people)


def _scaled(x: float, digits: int, like: float) -> tuple[str, str]:
    """The number on the scale where `like` has one to three digits before the point, and the prefix of that scale; thousands are
    counted in full up to ten of them."""
    for prefix, size in _PREFIXES:
        rounded = float(f"{like / size:.{max(digits, 3)}g}")
        if rounded >= _FEWEST[prefix] or size == 1.0:
            places = _places(rounded, digits)
            if rounded >= 1_000.0:  # in full, and as round as people say them
                places = digits - 1 - math.floor(math.log10(rounded))
                places = places if round(x, places) or not x else 0
                return grouped(x, places), prefix
            lost = x and not round(x / size, places)
            return grouped(
                x / size, _places(x / size, 1) if lost else max(places, 1) if x < like / 10.0 else places
            ), prefix
    raise AssertionError("unreachable: the last scale takes all")


def _places(x: float, digits: int) -> int:
    return max(0, digits - 1 - math.floor(math.log10(x))) if x else 0


def count(x: float | None, digits: int = 2) -> str:
    """A quantity of units, of orders, of days.

    >>> count(984.3), count(4_372.0).replace("\\u202f", " "), count(0.0), count(11.2), count(1.234)
    ('980', '4 400', '0', '11', '1.2')
    """
    if x is None or x != x:
        return UNDEFINED
    places = digits - 1 - math.floor(math.log10(abs(x))) if x else 0
    return grouped(x, places)


def share(x: float | None, column: Iterable[float | None] = ()) -> str:
    """A share in per cent; near 0 and near 100 % with the decimal that matters. column: those it stands among, where a decimal that one
    of them needs is told of all.

    >>> [share(x).replace(HARD, " ") for x in (0.9913, 0.62, 0.87, 0.9996, 1.0, 0.0)]
    ['99.1 %', '62 %', '87 %', '99.96 %', '100 %', '0 %']
    >>> [share(x, (0.902, 0.88)).replace(HARD, " ") for x in (0.88, 0.9996, 1.0)]
    ['88.0 %', '99.96 %', '100 %']
    """
    if x is None or x != x:
        return UNDEFINED
    per_cent = 100.0 * x
    if not _between(x):
        return f"{grouped(per_cent, 0)}{HARD}%"
    places = 1 if any(_near_an_end(other) for other in (x, *column)) else 0
    while round(per_cent, places) in (0.0, 100.0) and places < 6:
        places += 1
    return f"{grouped(per_cent, places)}{HARD}%"


def _between(x: float) -> bool:
    return 0.0 < 100.0 * x < 100.0


def _near_an_end(x: float | None) -> bool:
    return x is not None and _between(x) and min(100.0 * x, 100.0 - 100.0 * x) < 10.0


def all_of(policies: int) -> str:
    """Of them, two or more.

    >>> all_of(2), all_of(3)
    ('Both policies', 'All 3 policies')
    """
    return "Both policies" if policies == 2 else f"All {policies} policies"


class Often(NamedTuple):
    """A count as it is said; many: whether a verb after it is plural."""

    text: str
    many: bool

    def verb(self, one: str, many: str) -> str:
        """With the form of a verb that fits.

        >>> Often("none of 30 years", False).verb("misses", "miss")
        'none of 30 years misses'
        """
        return f"{self.text} {many if self.many else one}"


def how_often(bad: int, of: int, noun: str) -> Often:
    """A count of years or months as it is said.

    >>> [how_often(bad, 30, "year").text for bad in (0, 3, 14, 30)]
    ['none of 30 years', 'one year in 10', '14 of 30 years', 'all 30 years']
    >>> how_often(1, 4, "run of 90 days"), how_often(312, 390, "month"), how_often(389, 390, "month").text
    (Often(text='1 of 4 runs of 90 days', many=False), Often(text='4 months in 5', many=True), 'nearly every month')
    """
    if bad == 0:
        return Often(f"none of {several(of, noun)}" if of > 1 else f"not the only {noun}", False)
    if bad == of:
        return Often(f"all {several(of, noun)}", True) if of > 1 else Often(f"the only {noun}", False)
    part = bad / of
    if " " in noun and of <= 50:
        return Often(f"{bad} of {several(of, noun)}", bad > 1)
    if part < _RARE:
        return Often(f"one {noun} in {grouped(of / bad, 0)}", False)
    if of <= 50:
        return Often(f"{bad} of {several(of, noun)}", True)
    in_five = round(5 * part)
    return Often(f"nearly every {noun}", False) if in_five == 5 else Often(f"{in_five} {plural(noun)} in 5", True)


def cost_of(facts: Facts, amount: float | None, digits: int = 2) -> str | Figure:
    """Money that stands in the tables."""
    text = money(facts.units, amount, digits)
    return text if amount is None else Figure(text, amount)


def share_of(amount: float | None) -> str | Figure:
    """A share that stands in the tables."""
    return share(amount) if amount is None else Figure(share(amount), amount)


def count_of(amount: float | None, digits: int = 2) -> str | Figure:
    """A quantity that stands in the tables."""
    return count(amount, digits) if amount is None else Figure(count(amount, digits), amount)
