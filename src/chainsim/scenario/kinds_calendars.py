"""Days of the week, closures and calendars as values of the scenario file."""

from __future__ import annotations

from typing import Any

from chainsim.registry import did_you_mean
from chainsim.scenario.keys import Key
from chainsim.scenario.kinds import Reader, Wrong, duration, found
from chainsim.scenario.kinds_dates import day
from chainsim.scenario.model_calendars import WEEKDAYS
from chainsim.scenario.units import Units

NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ALSO = {"tues": "tue", "weds": "wed", "thur": "thu", "thurs": "thu"}
LENGTH = Key("duration", "", None, least=0)


def weekdays(value: Any, key: Key, units: Units) -> tuple[str, ...]:
    """Days of the week in their order, each once: 'mon', 'Monday', 'mon-fri'."""
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list | tuple):
        raise Wrong(f"expected days of the week such as [mon, thu], got {found(value)}")
    if not value:
        raise Wrong("is an empty week: it would never open", "name its days, or leave it out for all seven")
    open_on: set[str] = set()
    for item in value:
        held = _between(item)
        if again := open_on & set(held):
            raise Wrong(f"names {min(again, key=WEEKDAYS.index)} twice", "name each day once")
        open_on |= set(held)
    return tuple(d for d in WEEKDAYS if d in open_on)


def _between(item: Any) -> tuple[str, ...]:
    """One day, or the days from one to another, over the end of the week where they are in that order."""
    if not isinstance(item, str):
        raise Wrong(f"expected a day of the week such as mon, got {found(item)}")
    first, *more = item.split("-")
    if len(more) > 1:
        raise Wrong(f"expected a day such as mon, or days such as mon-fri, got {found(item)}")
    start = _weekday(first)
    length = (WEEKDAYS.index(_weekday(more[0])) - WEEKDAYS.index(start)) % 7 + 1 if more else 1
    return tuple(WEEKDAYS[(WEEKDAYS.index(start) + k) % 7] for k in range(length))


def is_weekday(text: str) -> bool:
    word = text.strip().lower()
    return word in WEEKDAYS or word in NAMES or word in ALSO


def _weekday(text: str) -> str:
    word = text.strip().lower()
    if not is_weekday(word):
        known = [*WEEKDAYS] if len(word) < 5 else [*NAMES]
        hint = did_you_mean(word, known)
        raise Wrong(
            f"unknown day of the week {found(text)[len('the text ') :]}{hint}",
            "" if hint else f"known: {', '.join(WEEKDAYS)}",
        )
    return ALSO.get(word, word[:3])


def closures(value: Any, key: Key, units: Units) -> tuple[Any, ...]:
    """Days, and times from … to …: dates, or times from the start."""
    if not isinstance(value, list | tuple):
        raise Wrong(f"expected a list of days and of times {{from, to}}, got {found(value)}", "such as [2026-12-25]")
    taken = []
    for i, item in enumerate(value):
        try:
            taken.append(_closure(item, key, units))
        except Wrong as error:
            raise Wrong(f"item {i + 1}: {error.message}", error.cure) from None
    return tuple(taken)


def _closure(item: Any, key: Key, units: Units) -> Any:
    if isinstance(item, str):
        return day(item, key, units)
    if not isinstance(item, dict):
        raise Wrong(f"expected a date such as 2026-12-25, or {{from, to}}, got {found(item)}")
    for name in item:
        if name not in ("from", "to"):
            raise Wrong(f"unknown key '{name}'{did_you_mean(str(name), ['from', 'to'])}", "it has `from` and `to`")
    if len(item) < 2:
        raise Wrong(f"has no `{'to' if 'from' in item else 'from'}`", "it has `from` and `to`")
    start, end = (_moment(item[name], key, units) for name in ("from", "to"))
    dates = isinstance(start, str), isinstance(end, str)
    if dates[0] != dates[1]:
        raise Wrong("is from a date to a time, or the other way round", "write both as dates, or both as times")
    if start > end or (start == end and not dates[0]):  # type: ignore[operator]
        raise Wrong(f"ends ({end}) before it begins ({start})", "did you swap `from` and `to`?")
    return {"from": start, "to": end}


def _moment(value: Any, key: Key, units: Units) -> str | float:
    if isinstance(value, str) and value[:4].isdigit() and "-" in value:
        return day(value, key, units)
    return duration(value, LENGTH, units)


def calendar(value: Any, key: Key, units: Units) -> Any:
    """Days of the week, `{days, closed}`, or the name of a calendar."""
    if isinstance(value, str):
        return weekdays(value, key, units) if all(map(is_weekday, value.split("-"))) else value
    if isinstance(value, list | tuple):
        return weekdays(value, key, units)
    if not isinstance(value, dict) or not value:
        raise Wrong(f"expected days of the week, {{days, closed}} or the name of a calendar, got {found(value)}")
    readers: dict[str, Reader] = {"days": weekdays, "closed": closures}
    taken = {}
    for name, held in value.items():
        if name not in readers:
            raise Wrong(f"unknown key '{name}'{did_you_mean(str(name), [*readers])}", "it has `days` and `closed`")
        try:
            taken[name] = readers[name](held, key, units)
        except Wrong as error:
            raise Wrong(f"{name}: {error.message}", error.cure) from None
    return taken


CALENDARS: dict[str, Reader] = {"weekdays": weekdays, "closures": closures, "calendar": calendar}
