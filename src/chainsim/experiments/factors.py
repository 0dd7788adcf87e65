"""Factors: what an experiment varies, and the values it takes.

A factor is a path of the scenario (the same paths as `--set` and `Study.with_`) with values: a list, or a range `a:b:n` of n
values from a to b. A range may carry a unit (`15%:35%:5 per year`, `1:9:5 days`), which every value gets. Where several values
change together, a factor has named levels, each with its own changes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isnan
from typing import Any

from chainsim.scenario.units import NUMBER

MOST_LEVELS = 1000
LABEL_DIGITS = 4
DRAWN_DIGITS = 4
"""Of values that a design draws: nobody reads more, and the point is where its table says it is."""
_RANGE = re.compile(rf"(-?{NUMBER}) ?(%?) ?: ?(-?{NUMBER}) ?(%?)(?: ?: ?(\d{{1,15}}))?(?: +(\S.*))?")
_LEADING = re.compile(rf"(-?{NUMBER}) ?(%?)(?: ?(\S.*))?")
EXAMPLES = "a list such as [0, 0.5, 1], or a range such as 0:1:5 (five values from 0 to 1)"


@dataclass(frozen=True)
class Range:
    """Values from low to high. count: how many of them, None where a design decides. unit: written behind the number."""

    low: float
    high: float
    count: int | None = None
    percent: bool = False
    unit: str = ""
    whole: bool = False
    log: bool = False

    def at(self, share: float, digits: int = 12) -> Any:
        """The value at a share of the way from low to high, as it is written in a scenario, to so many digits.

        >>> Range(15.0, 35.0, percent=True, unit="per year").at(0.5), Range(1, 9, unit="days", whole=True).at(0.3)
        ('25% per year', '3 days')
        """
        width = self.high - self.low
        value = self.low * (self.high / self.low) ** share if self.log else self.low + width * share
        number: float | int = round(value) if self.whole else float(f"{value:.{digits}g}")
        if self.percent or self.unit:
            return f"{number:.12g}{'%' if self.percent else ''}{f' {self.unit}' if self.unit else ''}"
        return number

    def values(self, count: int) -> tuple[Any, ...]:
        """So many values, evenly spaced; each once, where whole numbers coincide."""
        shares = [k / (count - 1) for k in range(count)] if count > 1 else [0.0]
        return tuple(dict.fromkeys(self.at(share) for share in shares))


@dataclass(frozen=True)
class Factor:
    """What is varied. values: those of a list, or of a range with a count. levels: the changes of each value, where it has a name.

    unit: of its numbers ('%', 'days'); '' where they have none, or where values are names.
    """

    name: str
    path: str = ""
    values: tuple[Any, ...] = ()
    range: Range | None = None
    levels: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def changes(self, value: Any) -> dict[str, Any]:
        """Path → value of the scenario for one of its values."""
        return dict(self.levels[value]) if self.levels else {self.path: value}

    def at(self, share: float) -> Any:
        """The value at a share of its way: of a range between its ends; of a list each value has an equal part.

        >>> Factor("n", "replications", (1, 5, 9)).at(0.5)
        5
        """
        if self.range is not None:
            return self.range.at(share, DRAWN_DIGITS)
        return self.values[min(int(share * len(self.values)), len(self.values) - 1)]

    @property
    def unit(self) -> str:
        """The unit of its numbers, where all values share one."""
        units = {number_of(value)[1] for value in self._told()}
        return units.pop() if self.numeric and len(units) == 1 else ""

    @property
    def numeric(self) -> bool:
        """Whether its values are numbers of one unit, which can be drawn along an axis."""
        read = [number_of(value) for value in self._told()]
        return all(number is not None for number, _ in read) and len({unit for _, unit in read}) == 1

    def cell(self, value: Any) -> Any:
        """The value as a table has it: its number where the factor is numeric, else what is written."""
        number = number_of(value)[0] if self.numeric else None
        return number if number is not None else value if isinstance(value, str) else shown(value)

    def label(self, value: Any) -> str:
        """A value for a reader: four digits of its number, more where two of its values would look the same. Files have all digits.

        >>> rate = Factor("rate", "x", Range(15.0, 35.0, percent=True, unit="per year").values(4))
        >>> rate.values[1], rate.label(rate.values[1]), Factor("n", "x", (1.00001, 1.00002)).label(1.00001)
        ('21.6666666667% per year', '21.67% per year', '1.00001')
        """
        digits = next(
            (n for n in range(LABEL_DIGITS, 12) if len({_rounded(v, n) for v in self.values}) == len(self.values)), 12
        )
        return _rounded(value, digits)

    def _told(self) -> tuple[Any, ...]:
        return self.values or (() if self.range is None else (self.range.at(0.0), self.range.at(1.0)))


def _rounded(value: Any, digits: int) -> str:
    """A value on one line, its number to so many digits; whole digits are never cut."""
    text, (number, _) = shown(value), number_of(value)
    if number is None:
        return text
    short = f"{number:.{digits}g}"
    if "e" in short and abs(number) >= 1.0:
        short = f"{number:.0f}"
    written = _LEADING.fullmatch(text.strip())
    return text if written is None or float(short) == number else short + text.strip()[len(written[1]) :]


def number_of(value: Any) -> tuple[float | None, str]:
    """The number in a value and its unit; None where there is none.

    >>> number_of(3), number_of("25% per year"), number_of("2 days"), number_of("gamma")
    ((3.0, ''), (25.0, '% per year'), (2.0, 'days'), (None, ''))
    """
    if isinstance(value, bool) or value is None:
        return None, ""
    if isinstance(value, int | float):
        return float(value), ""
    found = _LEADING.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        return None, ""
    return float(found[1]), " ".join(part for part in (found[2], found[3] or "") if part)


def range_of(text: str) -> Range | None:
    """A range as it is written, None for a text that is none. Raises ValueError with a sentence for one that cannot be.

    >>> range_of("0:1:5").values(5), range_of("1:9 days").unit, range_of("plant:dc") is None
    ((0.0, 0.25, 0.5, 0.75, 1.0), 'days', True)
    """
    found = _RANGE.fullmatch(text.strip())
    if found is None:
        return None
    low, high = float(found[1]), float(found[3])
    count = None if found[5] is None else int(found[5])
    if not low < high:
        raise ValueError(f"a range goes from a lower to a higher value, not from {found[1]} to {found[3]}")
    if count is not None and not 2 <= count <= MOST_LEVELS:
        raise ValueError(f"a range has from 2 to {MOST_LEVELS} values, not {count}")
    if bool(found[2]) > bool(found[4]):
        raise ValueError("write both ends of a range with %, or the second alone")
    plain = not any(c in found[1] + found[3] for c in ".eE") and not found[4]
    whole = plain and (count is None or (high - low) % (count - 1) == 0)
    return Range(low, high, count, bool(found[4]), found[6] or "", whole)


def cannot_vary(values: Sequence[Any]) -> str:
    """Why no factor can have these values; '' where it can.

    >>> cannot_vary([1, 2]), cannot_vary([5, 5]), cannot_vary([1.0, float("nan")])
    ('', '5 stands there twice; name each value once', 'nan is no value to simulate at; leave it out')
    """
    for k, value in enumerate(values):
        if isinstance(value, float) and isnan(value):
            return "nan is no value to simulate at; leave it out"
        if value in values[:k]:
            return f"{shown(value)} stands there twice; name each value once"
    return ""


def shown(value: Any) -> str:
    """A value on one line, as a scenario has it."""
    if isinstance(value, str):
        return value
    import yaml

    text: str = yaml.safe_dump(value, default_flow_style=True, sort_keys=False, width=10_000, allow_unicode=True)
    return text.removesuffix("\n").removesuffix("\n...")
