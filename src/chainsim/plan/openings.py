"""Calendars of a scenario as rows of openings, and what planners can foresee by them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import ceil

import numpy as np

from chainsim.plan.plan import Array, Clock
from chainsim.plan.tables_calendars import OPENING
from chainsim.policies.base import Page, Settings
from chainsim.scenario.model import TICKS, Scenario
from chainsim.scenario.model_calendars import Calendar

DAY = TICKS["day"]
BEYOND = 366 * DAY
"""Calendars go on for a year after the run, for what is then under way; later everything is open."""
FAR = 2**62


@dataclass(frozen=True)
class Openings:
    """When a calendar is open, in ticks: rows of OPENING."""

    opens: Array
    closes: Array

    @cached_property
    def before(self) -> Array:
        """Open ticks before each opening."""
        return np.concatenate([[0], np.cumsum(self.closes[:-1] - self.opens[:-1])]).astype(np.int64)

    @property
    def never_closes(self) -> bool:
        return len(self.opens) == 1 and self.opens[0] == 0

    def next_open(self, ticks: Array) -> Array:
        """`rules.openings.next_open`, of many."""
        return np.maximum(ticks, self.opens[np.searchsorted(self.closes, ticks, "right")])

    def after_work(self, ticks: Array, work: Array) -> Array:
        """`rules.openings.after_work`, of many."""
        first = np.searchsorted(self.closes, ticks, "right")
        done = self.before[first] + np.maximum(ticks - self.opens[first], 0) + work
        last = np.maximum(np.searchsorted(self.before, done, "right") - 1, first)
        return np.asarray(self.opens[last] + done - self.before[last])


@lru_cache(maxsize=256)
def openings_of(calendar: Calendar, clock: Clock) -> Openings:
    """When a calendar is open from time 0 on."""
    reach = clock.end + BEYOND
    shut = [(start, end) for start, end in calendar.closed if start < reach and end > 0]
    if calendar.week:
        days = np.arange(ceil(reach / DAY))
        closed = days[~np.array(calendar.week, bool)[days % 7]]
        shut += [(int(day) * DAY, int(day + 1) * DAY) for day in closed]
    opens, closes = [0], []
    for start, end in sorted(shut):
        if start <= opens[-1]:  # closed as soon as it opens: it opens later
            opens[-1] = max(opens[-1], end)
        else:
            closes.append(start)
            opens.append(end)
    return Openings(np.array(opens, np.int64), np.array([*closes, FAR], np.int64))


class OpeningBook:
    """The rows of all calendars of a scenario, equal ones once."""

    def __init__(self, scenario: Scenario, clock: Clock) -> None:
        self.known: dict[Calendar, Openings] = {}
        self.first: dict[Calendar, int] = {}
        length = 0
        for calendar in calendars_of(scenario):
            if calendar not in self.known:
                self.known[calendar] = opened = openings_of(calendar, clock)
                self.first[calendar] = -1 if opened.never_closes else length
                length += 0 if opened.never_closes else len(opened.opens)

    def row(self, calendar: Calendar | None) -> int:
        """The first row of a calendar; -1 where it never closes."""
        return -1 if calendar is None else self.first[calendar]

    @property
    def rows(self) -> Array:
        """Rows of the OPENING table."""
        kept = [(first, self.known[calendar]) for calendar, first in self.first.items() if first >= 0]
        rows = OPENING.array(sum(len(opened.opens) for _, opened in kept))
        for first, opened in kept:
            own = rows[first : first + len(opened.opens)]
            own["opens"], own["closes"], own["before"] = opened.opens, opened.closes, opened.before
            own["last"] = first + len(opened.opens) - 1
        return rows

    def closures(self, calendar: Calendar, clock: Clock) -> Iterable[tuple[int, int]]:
        """(from, to) in ticks of the times within the run that a calendar is closed."""
        opened = self.known[calendar]
        starts = np.concatenate([[0], opened.closes[:-1]])
        return [(a, b) for a, b in zip(starts.tolist(), opened.opens.tolist(), strict=True) if a < min(b, clock.end)]


def calendars_of(scenario: Scenario) -> Iterable[Calendar]:
    """Every calendar that anything of the scenario goes by."""
    for point in scenario.points:
        if point.order_days is not None:
            yield point.order_days
    for lane in scenario.lanes:
        if lane.timetable is not None:
            yield from (calendar for calendar in vars(lane.timetable).values() if calendar is not None)
    for site in scenario.sites:
        yield from (centre.working_days for centre in site.production if centre.working_days is not None)


def pages_of(settings: Settings, rows: Array, clock: Clock) -> tuple[Page, ...]:
    """What a planner who watches continuously goes by, where orders are placed on some days only: on others he does not look.

    rows: of OPENING, of his calendar.
    """
    levels = tuple(settings.pages) or (Page(0.0, settings.p, settings.wake_at),)
    at = [clock.ticks(page.at) for page in levels]
    opens, closes = rows["opens"].tolist(), rows["closes"].tolist()
    moments = sorted({0, *at, *opens, *closes[:-1]})
    pages: list[Page] = []
    for tick in moments:
        if tick >= clock.end and pages:
            break
        page = levels[max(k for k, since in enumerate(at) if since <= tick)]
        i = int(np.searchsorted(rows["closes"], tick, "right"))
        wake_at = page.wake_at if tick >= opens[i] else -np.inf
        pages.append(Page(tick / clock.ticks_per_unit, page.p, wake_at))
    return tuple(pages)
