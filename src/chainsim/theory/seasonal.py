"""Base stock under demand whose rate changes with the season."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin
from typing import NamedTuple, Protocol

from chainsim.theory.lead_time_demand import LeadTimeDemand

PIECES = 512  # of a season, for averages


class Season(Protocol):
    """Demand as a Poisson process whose rate repeats after `length` time units."""

    @property
    def length(self) -> float: ...

    def rate(self, time: float) -> float:
        """Units per time unit at this time."""

    def expected(self, time: float) -> float:
        """Λ(t): units expected by this time, counted from 0."""


@dataclass(frozen=True)
class Sine:
    """Rate a + b·sin(2πt/P), b ≤ a; P is the length of the season.

    >>> season = Sine(5.0, 3.0, length=4.0)
    >>> season.rate(1.0), round(season.expected(4.0), 9)
    (8.0, 20.0)
    """

    mean: float
    amplitude: float
    length: float

    def rate(self, time: float) -> float:
        return self.mean + self.amplitude * sin(2.0 * pi * time / self.length)

    def expected(self, time: float) -> float:
        swing = self.amplitude * self.length / (2.0 * pi)
        return self.mean * time + swing * (1.0 - cos(2.0 * pi * time / self.length))


class SeasonalMeasures(NamedTuple):
    """Averages over whole seasons: units on hand and owed, P(stock above 0), fill rate of units, units on order."""

    on_hand: float
    backorders: float
    ready_rate: float
    fill_rate: float
    on_order: float


def base_stock(season: Season, lead_time: float, level: int) -> SeasonalMeasures:
    """(S − 1, S), unit demand, constant lead time, backorders.

    Units on order at t are Poisson with mean Λ(t) − Λ(t − L) (Eick, Massey & Whitt 1993, Operations Research 41:731-742).
    The fill rate weighs each instant by its demand, so it is not the share of time with stock. Averages over a season by
    the midpoint rule, which for a smooth periodic function is as good as exact.

    >>> m = base_stock(Sine(5, 3, length=4), lead_time=1, level=8)
    >>> round(m.on_hand, 5), round(m.backorders, 6), round(m.ready_rate, 6), round(m.fill_rate, 6)
    (3.30372, 0.303718, 0.802804, 0.748132)
    """
    owed = ready = served = demanded = on_order = 0.0
    for k in range(PIECES):
        time = (k + 0.5) * season.length / PIECES
        pipeline = LeadTimeDemand(season.expected(time) - season.expected(time - lead_time), 0.0, "poisson")
        in_stock = pipeline.cdf(level - 1)
        owed += pipeline.loss(level) / PIECES
        on_order += pipeline.mean / PIECES
        ready += in_stock / PIECES
        served += in_stock * season.rate(time)
        demanded += season.rate(time)
    return SeasonalMeasures(level - on_order + owed, owed, ready, served / demanded, on_order)
