"""How far work has come, and how long it still takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Progress = Callable[[int, int, float | None], None]
"""Called with replications done, replications in all, and seconds left (None until that can be said)."""


@dataclass
class Clock:
    """How long work still takes, from its pace since every worker has started.

    The first task of each worker tells nothing: it waits for processes to start and for the rules to compile.
    """

    total: int
    workers: int
    tasks: int = 0
    done: int = 0  # replications when every worker had started
    since: float = 0.0

    def left(self, done: int, now: float) -> float | None:
        """Seconds left at time `now`, when so many replications are done; None until that can be said.

        >>> clock = Clock(total=10, workers=1)
        >>> clock.left(1, 30.0), clock.left(2, 31.0), clock.left(4, 33.0)
        (None, 8.0, 6.0)
        """
        self.tasks += 1
        if self.tasks <= self.workers:
            self.done, self.since = done, now
            return 0.0 if done == self.total else None
        return (now - self.since) * (self.total - done) / (done - self.done)
