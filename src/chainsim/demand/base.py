"""What a demand process is: a few described parameters, facts for policies, and its columns of the CUSTOMER table.

A process is one file: a frozen dataclass registered under its YAML name. It is told where it is compiled by a
`DemandContext`, and decides nothing while the simulation runs: `chainsim.rules.arrivals` does, from the row.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar

from chainsim.chance.base import Distribution, Problem
from chainsim.chance.book import StreamBook
from chainsim.chance.facts import SEASON, STEPS, EventLaw
from chainsim.chance.moments import moments_after
from chainsim.demand.level import Foreseen, Level, Season
from chainsim.errors import Finding, Place, ScenarioError
from chainsim.fields import field_of
from chainsim.registry import Registry
from chainsim.rules.grid import rest_of_ticks, tick_at, to_ticks

T = TypeVar("T")

DEMANDS: Registry[type[DemandProcess]] = Registry("demand process", "chainsim.demand", "chainsim.demands")


class History(Protocol):
    """A table of past demand, as the scenario's reader gives it: quantities by period, one column per name."""

    @property
    def columns(self) -> Mapping[str, Sequence[float]]: ...


@dataclass(frozen=True)
class DemandFacts:
    """What a policy may know of a stream of demand, averaged over the run, of quantities as used: cut and rounded.

    Seasons, steps and announced surges are taken as known: the variance is that of chance, averaged over the run, not
    that of the season. Surprises leave no trace in the facts. `law`: the stream as a law; None for a flow. `foreseen`: the
    level over time that is known beforehand; None where it does not move.
    """

    mean_rate: float  # units per time unit
    variance_rate: float  # units² per time unit
    interval: float  # period of the demand in time units; 0 for arrivals in continuous time
    size_mean: float  # mean quantity of one demand event (a period's quantity, 0 included)
    size_sd: float
    poisson: bool  # demand over any whole number of periods, or any time, is Poisson distributed
    law: EventLaw | None = None
    foreseen: Foreseen | None = None


@dataclass(frozen=True)
class DemandContext:
    """Where a process is compiled. `values` and `warp` collect the Plan's flat arrays; what is equal is stored once.

    Make one for a Plan, then `at(...)` for each stream of customers.
    """

    book: StreamBook
    ticks_per_unit: int
    end: int  # ticks of warm-up and horizon
    tables: Mapping[str, History] = field(default_factory=dict)
    values: list[float] = field(default_factory=list)
    warp: list[float] = field(default_factory=list)
    name: tuple[str, ...] = ()
    product: str = ""
    whole: bool = True
    level: Level = field(default_factory=Level)
    shared: dict[Any, Any] = field(default_factory=dict)

    def at(self, *, name: tuple[str, ...], product: str, whole: bool, level: Level) -> DemandContext:
        """The same Plan, for the stream called `name`."""
        return replace(self, name=name, product=product, whole=whole, level=level)

    def ticks(self, length: float) -> int:
        """A length in time units as whole ticks, rounded half up."""
        return to_ticks(length, self.ticks_per_unit)

    def mean_level(self) -> float:
        """The average level over the run, surprises included."""
        return self.once(("mean level", self.level), lambda: self.level.mean(self.end))

    def known_level(self) -> float:
        """The average over the run of what planners know of the level."""
        return self.once(("known level", self.level), lambda: self.level.known().mean(self.end))

    def season(self) -> tuple[str, ...]:
        """'a season' or 'a step' where the known level moves, as a policy that plans for one level would have to say."""
        return self.once(("season", self.level), self._season)

    def _season(self) -> tuple[str, ...]:
        known = self.level.known()
        if len(known.cells(self.end)) < 2:
            return ()
        return (SEASON,) if any(isinstance(part, Season) for part in known.parts) else (STEPS,)

    def foreseen(self) -> Foreseen | None:
        """The known level of customers in continuous time; None where it does not move."""
        return Foreseen(self.level.known(), self.known_level()) if self.season() else None

    def store_values(self, values: Sequence[float]) -> int:
        """Index of the first of these numbers in the Plan's values."""
        return self._store(self.values, tuple(values))

    def store_warp(self) -> int:
        """Index in the Plan's warp of this level's cells: (start, customers' clock at the start, factor), then the end.

        The customers' clock is the integral of the level. -1 when the level is 1 throughout.
        """
        return self.once(("warp", self.level), self._store_warp)

    def once(self, key: tuple[Any, ...], make: Callable[[], T]) -> T:
        """What `make` returned when this key was first asked for; the streams of a Plan share it."""
        if key not in self.shared:
            self.shared[key] = make()
        known: T = self.shared[key]
        return known

    def _store_warp(self) -> int:
        cells = self.level.cells(self.end)
        if cells == [(0, 1.0)]:
            return -1
        numbers: list[float] = []
        clock = 0.0
        for (start, factor), (stop, _) in zip(cells, [*cells[1:], (self.end, 0.0)], strict=True):
            numbers += (float(start), clock, factor)
            clock += factor * (stop - start)
        return self._store(self.warp, (*numbers, float(self.end), clock, 0.0))

    def _store(self, where: list[float], numbers: tuple[float, ...]) -> int:
        def add() -> int:
            where.extend(numbers)
            return len(where) - len(numbers)

        return self.once((id(where), numbers), add)


class DemandProcess:
    """Base of all demand processes. Subclasses are frozen, keyword-only dataclasses made of `field_of` fields."""

    def problems(self) -> list[Problem]:
        """What is wrong inside this process: (field, message, cure). Its distributions are checked on their own."""
        return []

    def problems_at(self, here: DemandContext) -> list[Problem]:
        """What is wrong in this place: histories too short, times shorter than a tick."""
        return []

    def facts(self, here: DemandContext) -> DemandFacts:
        """What policies may know."""
        raise NotImplementedError

    def expected_units(self, here: DemandContext, start: int) -> float | None:
        """Units that are expected to be asked for from tick `start` to the end of the run, surprises included, as they are drawn:
        cut at 0, and rounded where units are whole. None where no formula says."""
        return None

    def columns(self, here: DemandContext) -> dict[str, float | int]:
        """The process's own columns of the CUSTOMER row; registers its streams."""
        raise NotImplementedError

    def compile(self, here: DemandContext) -> dict[str, float | int]:
        """`columns`, after a last look. Raises ScenarioError when the process cannot run here."""
        problems = self.problems_at(here)
        if problems:
            path = " / ".join(here.name)
            raise ScenarioError(
                [Finding("error", Place(), f"{path}: {key}", message, cure) for key, message, cure in problems]
            )
        return self.columns(here)


@dataclass(frozen=True, kw_only=True)
class Periodic(DemandProcess):
    """Demand once per period: quantity k at offset + k × every, k = 0, 1, 2 …"""

    every: float = field_of("duration", "Length of a period.", default=1.0, above=0, example="1 day")
    offset: float = field_of("duration", "Time of the first period's demand.", default=0.0, least=0, example=0.5)

    def problems(self) -> list[Problem]:
        found: list[Problem] = []
        if not (math.isfinite(self.every) and self.every > 0):
            found.append(("every", f"must be above 0, found {self.every:g}", ""))
        if not (math.isfinite(self.offset) and self.offset >= 0):
            found.append(("offset", f"must be at least 0, found {self.offset:g}", ""))
        return found

    def problems_at(self, here: DemandContext) -> list[Problem]:
        if here.ticks(self.every) < 1:
            return [("every", f"is {self.every:g}, shorter than the clock's tick", "Take a longer period.")]
        return []

    def periods(self, here: DemandContext) -> int:
        """How many periods' demands fall inside the run."""
        start, every, rest = self._calendar(here)
        if every < 1:
            return 0  # refused by `problems_at`
        count = max(0, int((here.end - start) / (every + rest)))
        while count > 0 and tick_at(start, every, rest, count - 1) >= here.end:
            count -= 1
        while tick_at(start, every, rest, count) < here.end:
            count += 1
        return count

    def level_counts(self, here: DemandContext) -> Counter[float]:
        """How many periods have each level; one period of level 1 where there are none."""
        if not here.level.parts:
            return Counter({1.0: max(1, self.periods(here))})
        return Counter(self.levels(here) or [1.0])

    def levels(self, here: DemandContext) -> list[float]:
        """The level at each period's demand."""
        start, every, rest = self._calendar(here)
        return here.once(
            ("levels", here.level, start, every, rest),
            lambda: [here.level.at(tick_at(start, every, rest, k)) for k in range(self.periods(here))],
        )

    def known_level_counts(self, here: DemandContext) -> Counter[float]:
        """The same of what planners know of the level."""
        return self.level_counts(replace(here, level=here.level.known()))

    def known_levels(self, here: DemandContext) -> list[float]:
        """What planners know of the level at each period's demand."""
        return self.levels(replace(here, level=here.level.known()))

    def foreseen(self, here: DemandContext) -> Foreseen | None:
        """The known level with the periods' demands; None where it does not move."""
        if not here.season():
            return None
        levels = self.known_level_counts(here)
        mean = math.fsum(level * n for level, n in levels.items()) / levels.total()
        return Foreseen(here.level.known(), mean, *self._calendar(here)) if mean > 0.0 else None

    def calendar(self, here: DemandContext) -> dict[str, float | int]:
        """The columns all periodic processes share."""
        start, every, rest = self._calendar(here)
        return {"start": start, "every": every, "every_rest": rest, "whole": int(here.whole)}

    def _calendar(self, here: DemandContext) -> tuple[int, int, float]:
        """Tick of the first period's demand, ticks of a period, and what it is longer than that."""
        return here.ticks(self.offset), here.ticks(self.every), rest_of_ticks(self.every, here.ticks_per_unit)


def used_moments(distribution: Distribution, whole: bool) -> tuple[float, float]:
    """Mean and standard deviation of quantities as they are used: cut at 0 and, if `whole`, rounded half up.

    Where cutting and rounding change them by less than a thousandth, they are what the distribution says.

    >>> from chainsim.chance.families import Exponential, Poisson
    >>> used_moments(Poisson(mean=4.0), True)
    (4.0, 2.0)
    >>> round(used_moments(Exponential(mean=0.5), True)[0], 3)
    0.425
    """
    mean, sd = distribution.expectation(), distribution.standard_deviation()
    mean_used, sd_used = moments_after(distribution, whole)
    return (
        mean if abs(mean_used - mean) <= 0.001 * mean else mean_used,
        sd if abs(sd_used - sd) <= 0.001 * sd else sd_used,
    )
