"""simpy's calendar, ordered by (tick, key): the only file that knows simpy's private names.

The key packs phase, rank and sequence (`rules.phases`), so what happens first at one instant never depends on which process
was created first. Used of simpy 4, and nowhere else: `Environment._queue`, `._eid`, `._now`; `Event._ok`, `._value`, `._defused`.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any

import simpy

HOUSEKEEPING = 1
"""simpy's own events, the begin and end of processes, have the keys 0 and 1; they are not counted."""


class Calendar(simpy.Environment):
    """A simpy environment in whole ticks. `instant_limit`: so many events at one instant, and it never moves on."""

    now: int = 0  # a plain attribute: read at every event

    def __init__(self, instant_limit: int) -> None:
        super().__init__(0)
        self.instant_limit = instant_limit
        self.key = 0
        self.events = 0

    def run_until(self, end: int, key: int = 0) -> None:
        """Carry out everything before tick `end`, or before what has this key at that tick, in the order of the calendar.
        It may be taken up again from there."""
        queue: list[Any] = self._queue
        now, events, limit = -1, 0, 0
        stop = (end, key)
        while queue and queue[0] < stop:
            when, key, _, event = heappop(queue)
            if when != now:
                self.now = self._now = now = when
                limit = events + self.instant_limit
            events += key > HOUSEKEEPING
            if events > limit:
                raise self.stuck(now, key)
            self.key = key
            callbacks, event.callbacks = event.callbacks, None
            for callback in callbacks:
                callback(event)
            if not event._ok and not hasattr(event, "_defused"):
                raise event._value
        self.events += events

    def stuck(self, now: int, key: int) -> Exception:
        """What to raise when an instant does not end."""
        raise NotImplementedError


class Tick(simpy.Event):
    """A recurring happening with a fixed place in the order of its instant.

    Whoever waits says `yield tick.at(time)`, or `yield tick.idle()` until somebody calls `ring(time)`. One object serves
    for ever, which saves making a simpy event for every happening.
    """

    def __init__(self, calendar: Calendar, key: int) -> None:
        super().__init__(calendar)
        self._ok = True
        self._value = None
        self.key = key
        self.queue: list[Any] = calendar._queue

    def at(self, when: int) -> Tick:
        """Ring at tick `when`; to be yielded."""
        self.callbacks = []
        heappush(self.queue, (when, self.key, next(self.env._eid), self))
        return self

    def idle(self) -> Tick:
        """Wait until somebody rings; to be yielded."""
        self.callbacks = []
        return self

    def ring(self, when: int) -> None:
        """Wake whoever is idle at tick `when`."""
        heappush(self.queue, (when, self.key, next(self.env._eid), self))


class Call(Tick):
    """A happening that nobody waits for: when it has been rung, it calls a function."""

    env: Calendar
    callbacks: Any

    def __init__(self, calendar: Calendar, key: int, does: Callable[[object], None]) -> None:
        super().__init__(calendar, key)
        self.does = [does]
        self.callbacks = None  # it is due nowhere

    def ring(self, when: int) -> None:
        """Call the function at tick `when`; one that is due already stays so."""
        if self.callbacks is not None:
            Call(self.env, self.key, self.does[0]).ring(when)
            return
        self.callbacks = self.does
        super().ring(when)
