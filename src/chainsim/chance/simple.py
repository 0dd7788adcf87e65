"""Distributions with ends: constant, uniform, triangular."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import cast

import numpy as np

from chainsim.chance.base import DISTRIBUTIONS, Array, Distribution, Piece, Problem, not_negative
from chainsim.fields import field_of


@DISTRIBUTIONS.register("constant")
@dataclass(frozen=True, kw_only=True)
class Constant(Distribution):
    """Always the same value.

    >>> Constant(value=3.0).expectation(), Constant(value=3.0).standard_deviation()
    (3.0, 0.0)
    """

    value: float = field_of("number", "The value.", unit="value", example=3)

    def expectation(self) -> float:
        return self.value

    def standard_deviation(self) -> float:
        return 0.0

    def lowest(self) -> float:
        return self.value

    def highest(self) -> float:
        return self.value

    def rule_problems(self) -> list[Problem]:
        return not_negative(self, "value")

    def standard(self) -> tuple[Distribution, float, float]:
        return UNIT_INTERVAL, 0.0, self.value


@DISTRIBUTIONS.register("uniform")
@dataclass(frozen=True, kw_only=True)
class Uniform(Distribution):
    """Every value between `low` and `high` alike; or by mean and spread, half the width being √3 · sd.

    >>> Uniform(low=1.0, high=3.0).expectation(), Uniform(mean=2.0, cv=0.0).highest()
    (2.0, 2.0)
    """

    ways = (("low", "high"), ("mean", "cv"), ("mean", "sd"))

    low: float | None = field_of("number", "Smallest value.", default=None, unit="value", example=1)
    high: float | None = field_of("number", "Largest value.", default=None, unit="value", example=3)
    mean: float | None = field_of("number", "Mean.", default=None, unit="value", example=2)
    cv: float | None = field_of("number", "Coefficient of variation: sd ÷ mean.", default=None, least=0, example=0.3)
    sd: float | None = field_of("number", "Standard deviation.", default=None, unit="value", least=0, example=0.6)

    def expectation(self) -> float:
        return (self.lowest() + self.highest()) / 2.0

    def standard_deviation(self) -> float:
        return (self.highest() - self.lowest()) / math.sqrt(12.0)

    def lowest(self) -> float:
        return self._ends()[0]

    def highest(self) -> float:
        return self._ends()[1]

    def rule_problems(self) -> list[Problem]:
        low, high = self._ends()
        if low > high:
            return [("low", f"is {low:g} but must be at most high ({high:g})", "Did you swap low and high?")]
        if low < 0 and self.low is None:
            most = self.expectation() / math.sqrt(3.0)
            text = f"reaches below 0 (lowest value {low:g}): the sd must be at most mean ÷ √3 = {most:g}"
            return [("cv" if self.sd is None else "sd", text, "Take a smaller spread, or gamma.")]
        return not_negative(self, "low")

    def quantile(self, t: Array) -> Array:
        low, high = self._ends()
        return low + (high - low) * t

    def upper_quantile(self, t: Array) -> Array:
        low, high = self._ends()
        return high - (high - low) * t

    def standard(self) -> tuple[Distribution, float, float]:
        low, high = self._ends()
        return UNIT_INTERVAL, high - low, low

    def _ends(self) -> tuple[float, float]:
        if self.mean is None:
            return cast(float, self.low), cast(float, self.high)
        sd = self.sd if self.sd is not None else cast(float, self.cv) * self.mean
        return self.mean - math.sqrt(3.0) * sd, self.mean + math.sqrt(3.0) * sd


UNIT_INTERVAL = Uniform(low=0.0, high=1.0)
"""The uniform itself: it needs no table."""


@DISTRIBUTIONS.register("triangular")
@dataclass(frozen=True, kw_only=True)
class Triangular(Distribution):
    """Between `low` and `high` with the density highest at `mode`: a person's least, most likely and greatest.

    With mean and spread it is the symmetric triangle (half width √6 · sd).

    >>> Triangular(low=1.0, mode=2.0, high=6.0).expectation()
    3.0
    """

    ways = (("low", "mode", "high"), ("mean", "cv"), ("mean", "sd"))

    low: float | None = field_of("number", "Smallest value.", default=None, unit="value", example=1)
    mode: float | None = field_of("number", "Most likely value.", default=None, unit="value", example=2)
    high: float | None = field_of("number", "Largest value.", default=None, unit="value", example=6)
    mean: float | None = field_of("number", "Mean.", default=None, unit="value", example=3)
    cv: float | None = field_of("number", "Coefficient of variation: sd ÷ mean.", default=None, least=0, example=0.3)
    sd: float | None = field_of("number", "Standard deviation.", default=None, unit="value", least=0, example=0.9)

    def expectation(self) -> float:
        return sum(self._corners()) / 3.0

    def standard_deviation(self) -> float:
        a, c, b = self._corners()
        return math.sqrt(((b - a) * (b - a) + (c - a) * (c - b)) / 18.0)

    def lowest(self) -> float:
        return self._corners()[0]

    def highest(self) -> float:
        return self._corners()[2]

    def rule_problems(self) -> list[Problem]:
        low, mode, high = self._corners()
        if not low <= mode <= high:
            text = f"is {mode:g} but must lie between low ({low:g}) and high ({high:g})"
            return [("mode", text, "Order them low ≤ mode ≤ high.")]
        if low < 0 and self.low is None:
            most = self.expectation() / math.sqrt(6.0)
            text = f"reaches below 0 (lowest value {low:g}): the sd must be at most mean ÷ √6 = {most:g}"
            return [("cv" if self.sd is None else "sd", text, "Take a smaller spread, or gamma.")]
        return not_negative(self, "low")

    def pieces(self) -> tuple[Piece, ...]:
        low, mode, high = self._corners()
        if low == high:
            return (Piece(0.0, 1.0, UNIT_INTERVAL, 0.0, low),)
        split = (mode - low) / (high - low)
        rising = Piece(0.0, split, _Rising(), mode - low, low)
        falling = Piece(split, 1.0, _Falling(), high - mode, mode)
        return tuple(piece for piece in (rising, falling) if piece.end > piece.start)

    def _corners(self) -> tuple[float, float, float]:
        if self.mean is None:
            return cast(float, self.low), cast(float, self.mode), cast(float, self.high)
        sd = self.sd if self.sd is not None else cast(float, self.cv) * self.mean
        return self.mean - math.sqrt(6.0) * sd, self.mean, self.mean + math.sqrt(6.0) * sd


@dataclass(frozen=True, kw_only=True)
class _Rising(Distribution):
    """Density 2x on the unit interval: the left part of a triangle."""

    def quantile(self, t: Array) -> Array:
        return np.sqrt(t)

    def upper_quantile(self, t: Array) -> Array:
        return np.sqrt(1.0 - t)


@dataclass(frozen=True, kw_only=True)
class _Falling(Distribution):
    """Density 2(1 − x) on the unit interval: the right part of a triangle."""

    def quantile(self, t: Array) -> Array:
        return t / (1.0 + np.sqrt(1.0 - t))  # 1 − √(1 − t) without cancellation

    def upper_quantile(self, t: Array) -> Array:
        return 1.0 - np.sqrt(t)
