"""Lengths of time and rates as a person writes them, in the scenario's time unit.

'36 hours', '3 days', '2 weeks', '1 year' are lengths; '50 per day', '25% per year', '500 per 2 weeks' are rates.
A year is 365 days. With the abstract unit `period` there are periods and years (of `periods_per_year` periods) only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from chainsim.registry import did_you_mean
from chainsim.scenario.model import TICKS, TimeUnit

MINUTES = {"minute": 1, "hour": 60, "day": 1440, "week": 10_080, "year": 525_600}
MAX_TICKS = 2**62
NUMBER = r"[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?"
UNIT_WORDS = "minutes?|hours?|days?|weeks?|years?|periods?"
LENGTH_PATTERN = rf"^{NUMBER} (?:{UNIT_WORDS})$"
RATE_PATTERN = rf"^-?{NUMBER} ?%? per (?:{NUMBER} )?(?:{UNIT_WORDS})$"
_LENGTH = re.compile(rf"({NUMBER}) +([A-Za-z]+)")
RATE = re.compile(rf"(-?{NUMBER}) ?(%?) +per +(?:({NUMBER}) +)?([A-Za-z]+)")


@dataclass(frozen=True)
class Units:
    """The time unit of a scenario. Methods raise ValueError with a sentence."""

    unit: TimeUnit = "day"
    periods_per_year: float = 1.0
    start: str = ""  # the ISO date of time 0; none where empty

    def one(self, word: str) -> float:
        """The length of one hour, day, week, year … in the scenario's unit.

        >>> Units("day").one("weeks")
        7.0
        """
        singular = word[:-1] if word.endswith("s") else word
        if self.unit == "period":
            if singular == "period":
                return 1.0
            if singular == "year":
                return self.periods_per_year
            near = did_you_mean(singular, ["period", "year"])
            raise ValueError(f"'{word}' has no length here, since time.unit is 'period'{near}; known: period, year")
        if singular == "period":
            raise ValueError(f"'{word}' has no length here, since time.unit is '{self.unit}'")
        if singular not in MINUTES:
            near = did_you_mean(word, [f"{unit}s" if word.endswith("s") else unit for unit in MINUTES])
            raise ValueError(f"unknown unit of time '{word}'{near}; known: {', '.join(MINUTES)}")
        return MINUTES[singular] / MINUTES[self.unit]

    def length(self, text: str) -> float:
        """A length of time.

        >>> Units("day").length("36 hours"), Units("week").length("1 year")
        (1.5, 52.142857142857146)
        """
        found = _LENGTH.fullmatch(text.strip())
        if not found:
            raise ValueError("not a length of time")
        amount, word = float(found[1]), found[2]
        one = self.one(word)
        if self.unit == "period" or one == 1.0:
            return amount * one
        singular = word[:-1] if word.endswith("s") else word
        return amount * MINUTES[singular] / MINUTES[self.unit]

    def rate(self, text: str) -> tuple[float, float]:
        """A rate as (amount, length of time it is per).

        >>> Units("day").rate("25% per year"), Units("day").rate("500 per 2 weeks")
        ((0.25, 365.0), (500.0, 14.0))
        """
        found = RATE.fullmatch(text.strip())
        if not found:
            raise ValueError("not a rate")
        amount = float(found[1]) / 100.0 if found[2] else float(found[1])
        length = self.length(f"{found[3] or 1} {found[4]}")
        if length <= 0.0:
            raise ValueError("a rate cannot be per 0 time")
        return amount, length

    @property
    def longest(self) -> float:
        """The longest time the clock can count."""
        return MAX_TICKS / TICKS[self.unit]


def units_of(written: Any) -> Units:
    """The units of a scenario's document, which may be wrong elsewhere."""
    time = written.get("time") if isinstance(written, dict) else None
    unit = time.get("unit") if isinstance(time, dict) else None
    per_year = time.get("periods_per_year") if isinstance(time, dict) else None
    if not isinstance(unit, str) or unit not in TICKS:
        return Units()
    good = isinstance(per_year, int | float) and not isinstance(per_year, bool) and 0 < per_year < MAX_TICKS
    start = time.get("start") if isinstance(time, dict) else None
    return Units(cast(TimeUnit, unit), float(per_year) if good and per_year else 1.0, _day(start))


def _day(start: Any) -> str:
    """The date as ISO writes it; '' for what is none, which is told where it is written."""
    try:
        return date.fromisoformat(start).isoformat() if isinstance(start, str) else ""
    except ValueError:
        return ""
