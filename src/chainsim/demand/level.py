"""The level of demand over time: a piecewise constant factor that multiplies what a process asks for.

Seasons, steps and surges multiply each other. Times are ticks from the start of the run; day 0 is the first day.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True)
class Season:
    """Factors that come round: the cycle of `length` ticks is shared out in equal parts."""

    factors: tuple[float, ...]
    length: int

    def at(self, tick: int) -> float:
        return self.factors[tick % self.length * len(self.factors) // self.length]

    def changes(self, end: int) -> list[int]:
        n = len(self.factors)
        cycles = -(-end // self.length)
        return [c * self.length - (-j * self.length // n) for c in range(cycles) for j in range(n)]


@dataclass(frozen=True)
class Window:
    """One factor from tick `start` up to, not including, tick `stop` (None: for ever). `known`: planners expect it."""

    start: int
    stop: int | None
    factor: float
    known: bool = True

    def at(self, tick: int) -> float:
        return self.factor if tick >= self.start and (self.stop is None or tick < self.stop) else 1.0

    def changes(self, end: int) -> list[int]:
        return [self.start] if self.stop is None else [self.start, self.stop]


@dataclass(frozen=True)
class Foreseen:
    """The known level of one stream of demand, and when it is asked for; times in ticks.

    every, rest: period of the demand and what it is longer than that (`rules.grid.tick_at`); every 0: customers in
    continuous time. start: the first period's demand. mean: the average level over the run's demands.
    """

    level: Level
    mean: float
    start: int = 0
    every: int = 0
    rest: float = 0.0


@dataclass(frozen=True)
class Level:
    """A product of seasons and windows; none of them is the constant 1.

    >>> level = Level.weekly([1, 1, 1, 1, 1, 2, 0], day=10) * Level.step(70, 1.5)
    >>> level.at(55), level.at(65), level.at(125)
    (2.0, 0.0, 3.0)
    """

    parts: tuple[Season | Window, ...] = ()

    @classmethod
    def constant(cls) -> Level:
        """Level 1 throughout."""
        return cls()

    @classmethod
    def weekly(cls, factors: Sequence[float], day: int) -> Level:
        """Seven factors, one for each day of the week; `day` is the length of a day in ticks."""
        return cls((Season(_checked("weekly", factors, (7,)), 7 * day),))

    @classmethod
    def yearly(cls, factors: Sequence[float], day: int) -> Level:
        """12, 52 or 365 factors, which share out 365 days in equal parts; `day` is the length of a day in ticks."""
        return cls((Season(_checked("yearly", factors, (12, 52, 365)), 365 * day),))

    @classmethod
    def step(cls, at: int, factor: float) -> Level:
        """From tick `at` on, `factor` times as much."""
        return cls((Window(at, None, _checked("step", [factor], (1,))[0]),))

    @classmethod
    def surge(cls, start: int, duration: int, factor: float, known: bool = False) -> Level:
        """`factor` times as much for `duration` ticks; a surprise unless it is `known`."""
        return cls((Window(start, start + duration, _checked("surge", [factor], (1,))[0], known),))

    def __mul__(self, other: Level) -> Level:
        return Level(self.parts + other.parts)

    def known(self) -> Level:
        """What planners know of it: all but surprises.

        >>> (Level.step(70, 1.5) * Level.surge(30, 20, 2.0)).known() == Level.step(70, 1.5)
        True
        """
        return Level(tuple(part for part in self.parts if not isinstance(part, Window) or part.known))

    def at(self, tick: int) -> float:
        """The factor at a tick."""
        return math.prod((part.at(tick) for part in self.parts), start=1.0)

    def cells(self, end: int) -> list[tuple[int, float]]:
        """(start, factor) of each stretch of [0, end) with one factor, in order; neighbours differ.

        >>> Level.surge(30, 20, 2.0).cells(100)
        [(0, 1.0), (30, 2.0), (50, 1.0)]
        """
        return list(_cells(self, end))

    def between(self, start: int, end: int) -> float:
        """The integral of the factor over [start, end).

        >>> Level.surge(30, 20, 2.0).between(40, 100)
        70.0
        """
        cells = self.cells(end)
        stops = [at for at, _ in cells[1:]] + [end]
        return math.fsum(
            factor * max(stop - max(at, start), 0) for (at, factor), stop in zip(cells, stops, strict=True)
        )

    def mean(self, end: int) -> float:
        """The average factor over [0, end).

        >>> Level.surge(30, 20, 2.0).mean(100)
        1.2
        """
        return self.between(0, end) / end


@lru_cache(maxsize=256)  # streams of a network share their seasons
def _cells(level: Level, end: int) -> tuple[tuple[int, float], ...]:
    changes = {0, *(tick for part in level.parts for tick in part.changes(end) if 0 < tick < end)}
    cells: list[tuple[int, float]] = []
    for tick in sorted(changes):
        factor = level.at(tick)
        if not cells or factor != cells[-1][1]:
            cells.append((tick, factor))
    return tuple(cells)


def level_problem(what: str, factors: Sequence[float], counts: Sequence[int]) -> str:
    """What is wrong with the factors of a season, step or surge; '' if nothing.

    >>> level_problem("weekly", [1, 1, -1, 1, 1, 1, 1], (7,))
    'a weekly factor must be finite and at least 0, found -1'
    """
    if len(factors) not in counts:
        return f"{what} takes {' or '.join(map(str, counts))} factors, found {len(factors)}"
    bad = [f for f in factors if not (math.isfinite(f) and f >= 0)]
    return f"a {what} factor must be finite and at least 0, found {bad[0]:g}" if bad else ""


def _checked(what: str, factors: Sequence[float], counts: Sequence[int]) -> tuple[float, ...]:
    problem = level_problem(what, factors, counts)
    if problem:
        raise ValueError(problem)
    return tuple(map(float, factors))
