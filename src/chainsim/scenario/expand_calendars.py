"""Calendars as they are meant: names looked up, days and dates as ticks of the run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from itertools import pairwise
from typing import Any

from chainsim.dated import date_at
from chainsim.registry import did_you_mean
from chainsim.scenario.draft import Draft
from chainsim.scenario.model import TICKS
from chainsim.scenario.model_calendars import WEEKDAYS, Calendar, Timetable
from chainsim.scenario.nodes import Path

DAY = TICKS["day"]


def working_days(draft: Draft, base: str) -> Calendar | None:
    """Of a site as it is called in the file."""
    return calendar_at(draft, ("sites", base, "working_days"), draft.data["sites"][base]["working_days"])


def order_days(draft: Draft, base: str) -> Calendar | None:
    """When the planner of a site places orders."""
    own = calendar_at(draft, ("sites", base, "order_days"), draft.data["sites"][base]["order_days"])
    return _both(draft, ("sites", base, "order_days"), own, working_days(draft, base))


def timetable(draft: Draft, i: int, origin: str, target: str) -> Timetable | None:
    """Of a lane of entry i, between two sites of the network."""
    keys, path = draft.data["lanes"][i], ("lanes", i)
    at_origin, at_target = (working_days(draft, draft.sites[site].base) for site in (origin, target))
    shipping = calendar_at(draft, (*path, "shipping_days"), keys["shipping_days"])
    counted = at_origin if keys["lead_time_in"] == "working_time" else None
    found = Timetable(at_origin, _both(draft, (*path, "shipping_days"), shipping, at_origin), counted, at_target)
    return found if any(vars(found).values()) else None


def calendar_at(draft: Draft, path: Path, value: Any) -> Calendar | None:
    """What the value of a key `working_days`, `order_days` or `shipping_days` means; notes what is wrong with it, once."""
    if value is None:
        return None
    return _once(draft, path, partial(_meant, draft, path, value))


def named_calendars(draft: Draft) -> None:
    """Look at every calendar that has a name, whoever goes by it."""
    for name, keys in draft.data["calendars"].items():
        calendar_at(draft, ("calendars", name), keys)


def _once(draft: Draft, path: Path, made: Callable[[], Calendar | None]) -> Calendar | None:
    if path not in draft.calendars:
        draft.calendars[path] = made()
    return draft.calendars[path]


def _both(draft: Draft, path: Path, own: Calendar | None, at_work: Calendar | None) -> Calendar | None:
    if own is None or at_work is None:
        return own or at_work
    both = own.within(at_work)
    return _once(draft, (*path, repr(at_work)), partial(_opens, draft, path, both))


def _meant(draft: Draft, path: Path, value: Any) -> Calendar | None:
    if isinstance(value, str):
        named = draft.data["calendars"]
        if value not in named:
            hint = did_you_mean(value, [*named])
            known = (
                f"known: {', '.join(named)}"
                if named
                else "name one under `calendars`, or write days such as [mon, thu]"
            )
            draft.error(path, f"unknown calendar '{value}'{hint}", "" if hint else known)
            return None
        return calendar_at(draft, ("calendars", value), named[value])
    keys: Mapping[str, Any] = value if isinstance(value, Mapping) else {"days": value}
    before = len(draft.findings)
    week = _week(draft, path, keys.get("days"))
    closed = tuple(sorted(_closed(draft, path, item) for item in keys.get("closed") or ()))
    if len(draft.findings) > before:
        return None
    for (start, end), (again, until) in pairwise(closed):
        if again < end:
            one, other = _told(draft, start, end), _told(draft, again, until)
            draft.error(path, f"two closures overlap: {one} and {other}", "make them one")
    return _opens(draft, path, Calendar(week, closed))


def _told(draft: Draft, start: int, end: int) -> str:
    """A closure as it was written."""
    if draft.time.start is None:
        return " to ".join(draft.time.told(tick / draft.time.ticks_per_unit) for tick in (start, end))
    days = dict.fromkeys(f"{date_at(draft.time.start, tick):%Y-%m-%d}" for tick in (start, end - 1))
    return " to ".join(days)


def _week(draft: Draft, path: Path, days: Any) -> tuple[bool, ...]:
    if days is None or len(days) == 7:
        return ()
    if draft.time.start is None:
        cure = (
            "give time.start, the day the run begins on"
            if draft.time.unit != "period"
            else "take another time.unit, and give time.start"
        )
        draft.error(path, "names days of the week, but nothing says on which the run begins", cure)
        return ()
    first = date.fromisoformat(draft.time.start).weekday()
    return tuple(WEEKDAYS[(first + k) % 7] in days for k in range(7))


def _closed(draft: Draft, path: Path, item: Any) -> tuple[int, int]:
    """A closure in ticks."""
    start, end = (item["from"], item["to"]) if isinstance(item, Mapping) else (item, item)
    if not isinstance(start, str):
        return draft.time.ticks(start), draft.time.ticks(end)
    if draft.time.start is None:
        cure = "give time.start" if draft.time.unit != "period" else "write times from the start of the run"
        draft.error(path, f"closes on a date ({start}), but nothing says when the run begins", cure)
        return 0, 0
    began = date.fromisoformat(draft.time.start)
    shut = ((date.fromisoformat(start) - began).days * DAY, ((date.fromisoformat(end) - began).days + 1) * DAY)
    if shut[1] <= 0 or shut[0] >= draft.time.end:
        told = start if start == end else f"{start} to {end}"
        draft.warn(path, f"a closure ({told}) lies outside the run, which begins on {draft.time.start}")
    return shut


def _opens(draft: Draft, path: Path, calendar: Calendar) -> Calendar | None:
    """The calendar, if it opens at all in the run; None for one that never closes."""
    if not calendar.week and not calendar.closed:
        return None
    reach = draft.time.end
    shut = 0  # everything before is closed
    while shut < reach:
        again = max((end for start, end in calendar.closed if start <= shut < end), default=shut)
        if calendar.week and not calendar.week[again // DAY % 7]:
            again = (again // DAY + 1) * DAY if any(calendar.week) else reach
        if again == shut:
            return calendar
        shut = again
    draft.error(
        path, "is never open in the run", "name days that are open both here and at work, or shorten the closures"
    )
    return None
