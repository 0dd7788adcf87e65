"""A date as a value of the scenario file."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from chainsim.dated import DATE
from chainsim.scenario.dates import Undated, name_of, read_dates
from chainsim.scenario.keys import Key
from chainsim.scenario.kinds import Reader, Wrong, duration, found
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


def instant(value: Any, key: Key, units: Units) -> float:
    """A time from the start of the run, or a date, whose midnight it is."""
    if not isinstance(value, str) or not re.match(DATE, value, re.ASCII):
        return duration(value, key, units)
    read = day(value, key, units)
    if not units.start:
        raise Wrong(
            f"is a date ({read}), but nothing says when the run begins", "give time.start, or a time from the start"
        )
    days = (date.fromisoformat(read) - date.fromisoformat(units.start)).days
    if days < 0:
        raise Wrong(f"{read} lies before the run begins ({units.start})")
    return duration(f"{days} days", key, units)


DATES: dict[str, Reader] = {"date": day, "instant": instant}
