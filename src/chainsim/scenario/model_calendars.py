"""When something is open, and what a lane or a plant does by it (`model`)."""

from __future__ import annotations

from dataclasses import dataclass

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Calendar:
    """Open on some days of the week, but for closures.

    week: seven flags, the first for the day that begins at time 0; () for every day.
    closed: (from, to) in ticks, closed from the one and open again at the other, in order of time.
    """

    week: tuple[bool, ...] = ()
    closed: tuple[tuple[int, int], ...] = ()

    def within(self, other: Calendar | None) -> Calendar:
        """Open when both are.

        >>> Calendar(closed=((5, 6),)).within(Calendar(closed=((1, 2),))).closed
        ((1, 2), (5, 6))
        """
        if other is None or other == self:
            return self
        week = self.week or other.week
        if self.week and other.week:
            week = tuple(one and another for one, another in zip(self.week, other.week, strict=True))
        return Calendar(week, tuple(sorted({*self.closed, *other.closed})))


@dataclass(frozen=True)
class Timetable:
    """The calendars of a lane; None: always open.

    working: in its hours the origin prepares goods. shipping: when goods may leave. transport: in its hours the lead time is
    counted; None: in calendar time. receiving: when goods may be received.
    """

    working: Calendar | None = None
    shipping: Calendar | None = None
    transport: Calendar | None = None
    receiving: Calendar | None = None
