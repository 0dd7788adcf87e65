"""A date as a value of the scenario file."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from chainsim.dated import DATE
from chainsim.scenario.dates import Undated, name_of, read_dates
from chainsim.scenario.keys import Key
from chainsim.scenario.kinds import Reader, Wrong, found
from chainsim.scenario.units import Units


def day(value: Any, key: Key, units: Units) -> str:
    """A day as ISO writes it; anything else is refused, with the day it may mean."""
    if not isinstance(value, str) or not re.match(DATE, value, re.ASCII):
        raise Wrong(f"expected a date such as 2026-04-01 (year, month, day), got {found(value)}", _meant(value))
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise Wrong(f"there is no day {value}") from None


def _meant(value: Any) -> str:
    """The one day a text can mean, as it should be written."""
    try:
        read = read_dates([value]) if isinstance(value, str) else None
    except Undated:
        return ""
    return "" if read is None or read.monthly else f"did you mean {name_of(read.values[0], False)}?"


DATES: dict[str, Reader] = {"date": day}
