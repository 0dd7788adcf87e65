"""Dates of a run that begins on a day: every instant that people read as a date goes through `date_at` and `told`.

A tick is a microsecond where time is in hours, days or weeks. Abstract periods have no dates.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

LAST = date(9999, 12, 31)
DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


def date_at(start: str, tick: int) -> datetime:
    """The date and time of a tick, of a run whose time 0 is the midnight that `start` (an ISO date) begins with.

    >>> date_at("2026-04-01", 36 * 3_600_000_000)
    datetime.datetime(2026, 4, 2, 12, 0)
    """
    return datetime.combine(date.fromisoformat(start), time()) + timedelta(microseconds=tick)


def told(start: str, tick: int) -> str:
    """The date of a tick as people write it: without the hour where it is midnight, else with the minute it lies in.

    >>> told("2026-04-01", 0), told("2026-04-01", 129_600_000_000)
    ('2026-04-01', '2026-04-02 12:00')
    """
    when = date_at(start, tick)
    return f"{when:%Y-%m-%d}" if when.time() == time() else f"{when:%Y-%m-%d %H:%M}"


def fits(start: str, end: int) -> bool:
    """Does a run of so many ticks end before the calendar does?"""
    left = datetime.combine(LAST, time()) - date_at(start, 0)
    return end <= left // timedelta(microseconds=1)
