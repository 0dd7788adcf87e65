"""The positions of a lever that a scenario asks for: values of a path, evenly spaced or one by one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from chainsim.scenario.units import NUMBER

_TOLD = re.compile(rf"(\*?) *(-?{NUMBER})( ?%)?( +\S.*)?")


def positions_of(lever: Mapping[str, Any]) -> tuple[Any, ...]:
    """The values of a lever, in their order, each once. Raises ValueError with a sentence.

    >>> positions_of({"path": "x", "from": "10% per year", "to": "20% per year", "steps": 3, "values": None})
    ('10% per year', '15% per year', '20% per year')
    >>> positions_of({"path": "x", "from": "*0.5", "to": "*1.5", "steps": 3, "values": None})
    ('*0.5', '*1', '*1.5')
    """
    ends = (lever["from"], lever["to"])
    if lever["values"] is not None:
        if ends != (None, None):
            raise ValueError("has either values, or from and to")
        if len(set(map(repr, lever["values"]))) < 2:
            raise ValueError("has one position only; a lever needs two")
        return tuple(dict.fromkeys(lever["values"]))
    if None in ends:
        raise ValueError("needs values, or from and to")
    (first, star, *unit), (last, other_star, *other_unit) = map(number_in, ends)
    if (star, unit) != (other_star, other_unit):
        raise ValueError(f"from is '{ends[0]}' and to is '{ends[1]}': both need the same unit")
    if first == last:
        raise ValueError("from and to are equal; a lever needs two positions")
    steps = lever["steps"]
    numbers = [float(f"{first + (last - first) * k / (steps - 1):.12g}") for k in range(steps)]
    return tuple(as_written(number, star, *unit) for number in numbers)


def number_in(value: Any) -> tuple[float, str, str, str]:
    """A number, the star of a factor, the sign of a share, and the unit behind it. Raises ValueError with a sentence.

    >>> number_in(3), number_in("*0.5"), number_in("25 % per year")
    ((3.0, '', '', ''), (0.5, '*', '', ''), (25.0, '', ' %', ' per year'))
    """
    told = _TOLD.fullmatch(str(value).strip())
    if isinstance(value, bool) or told is None:
        raise ValueError(f"'{value}' is no number: give the positions one by one, as values")
    return float(told[2]), told[1], told[3] or "", told[4] or ""


def as_written(number: float, star: str, share: str, unit: str) -> Any:
    """A number with what stands around it."""
    if not (star or share or unit):
        return int(number) if number == int(number) else number
    return f"{star}{number:.12g}{share}{unit}"
