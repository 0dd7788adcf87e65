"""What a distribution is: a few described parameters, its moments, its own rules, and a shape to draw from.

One registry serves demand sizes, gaps, lead times and lengths of outages. A variate is made from one uniform by
inversion: variate = shift + scale × (quantile of the shape at u). Distributions of one shape share one table, so
what differs in scale or shift only costs nothing. Draws below 0 are cut at 0 where they are used (quantities and
times), never in here.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar, NamedTuple, Self

import numpy as np

from chainsim.fields import info_of
from chainsim.registry import Registry

Array = np.ndarray[Any, np.dtype[np.float64]]
Problem = tuple[str, str, str]
"""(field, what was found and what was expected, what to do)."""

DISTRIBUTIONS: Registry[type[Distribution]] = Registry("distribution", "chainsim.chance", "chainsim.distributions")

LARGEST, SMALLEST = 1e15, 1e-15
"""Quantities and times above the one lose whole units to rounding in a float; squares and quotients of what is nearer to 0
than the other lose everything."""


def each(function: Callable[[float], float], t: Array) -> Array:
    """A function of single numbers at each of t. NumPy's own exp and log differ in the last digit between processors."""
    return np.array([function(x) for x in t.ravel().tolist()]).reshape(t.shape)


class Piece(NamedTuple):
    """Between u = start and u = end the variate is shift + scale × shape, at (u − start) / (end − start)."""

    start: float
    end: float
    shape: Distribution
    scale: float
    shift: float


@dataclass(frozen=True, kw_only=True)
class Distribution:
    """Base of all distributions. Subclasses are frozen, keyword-only dataclasses made of `field_of` fields.

    Fields that carry the dimension of the variate say unit="value" ("1/value" for rates); all others are pure
    numbers. `ways` lists the sets of fields of which exactly one must be given, where there is a choice.
    """

    ways: ClassVar[tuple[tuple[str, ...], ...]] = ()

    def expectation(self) -> float:
        """The mean. (`mean` itself is a parameter of many families.)"""
        raise NotImplementedError

    def standard_deviation(self) -> float:
        raise NotImplementedError

    @property
    def discrete(self) -> bool:
        """Whether it takes countably many values; then `cumulative` says which, else `quantile`."""
        return False

    def lowest(self) -> float:
        """The smallest possible value (its infimum)."""
        return 0.0

    def highest(self) -> float:
        """The largest possible value (its supremum)."""
        return math.inf

    def scaled(self, factor: float) -> Distribution:
        """The same family with `factor` times the mean.

        Values are multiplied; Poisson stays Poisson, negative binomial keeps its dispersion. Factor 0 is a constant 0.
        """
        if factor == 0.0:
            constant: Callable[..., Distribution] = DISTRIBUTIONS.get("constant")
            return constant(value=0.0)
        return self if factor == 1.0 else self.times(factor)

    def times(self, factor: float) -> Distribution:
        """`scaled` for a factor above 0: here, every field that carries the dimension is multiplied."""
        power = {"value": factor, "1/value": 1.0 / factor}
        changes = {
            name: getattr(self, name) * power[info.unit]
            for name, info in info_of(type(self)).items()
            if info.unit in power and getattr(self, name) is not None
        }
        return replace(self, **changes)

    def problems(self) -> list[Problem]:
        """What is wrong with the parameters: (field, message, cure). Empty when it can be drawn from."""
        found = self._not_finite() or self._not_one_way() or self.rule_problems()
        if found:
            return found
        try:
            moments = (self.expectation(), self.standard_deviation())
        except OverflowError:
            moments = (math.inf, math.inf)
        if not all(abs(m) <= LARGEST for m in moments):
            text = f"has mean {moments[0]:g} and standard deviation {moments[1]:g}, expected at most {LARGEST:g}"
            return [("", text, "Check the parameters and their unit.")]
        return []

    def rule_problems(self) -> list[Problem]:
        """The distribution's own rules; called when all numbers are finite and one way of giving them was chosen."""
        return []

    def warnings(self) -> list[str]:
        """What is allowed but likely to surprise."""
        return []

    def quantile(self, t: Array) -> Array:
        """Continuous only: the value that is not exceeded with probability t, 0 < t ≤ ½."""
        raise NotImplementedError

    def upper_quantile(self, t: Array) -> Array:
        """Continuous only: the value that is exceeded with probability t, 0 < t ≤ ½."""
        raise NotImplementedError

    def cumulative(self) -> tuple[Array, Array]:
        """Discrete only: the values in increasing order and the probability of not exceeding each; the last is 1."""
        raise NotImplementedError

    def values_held(self) -> float:
        """How many values its table holds, about, from arithmetic alone; a continuous shape has one small table."""
        return 1.0

    def standard(self) -> tuple[Distribution, float, float]:
        """(shape, scale, shift): this distribution is shift + scale × shape."""
        return self, 1.0, 0.0

    def pieces(self) -> tuple[Piece, ...]:
        """The parts of the quantile function between its kinks and jumps; most distributions have one."""
        return (Piece(0.0, 1.0, *self.standard()),)

    def _not_finite(self) -> list[Problem]:
        found = []
        for name in (f.name for f in fields(self)):
            value = getattr(self, name)
            numbers = value if isinstance(value, tuple) else (value,)
            if any(isinstance(x, float) and not math.isfinite(x) for x in numbers):
                found.append((name, f"must be finite, found {value}", ""))
            elif name == "probabilities":  # no quantity: those of a far tail are small, and rounding leaves 1e-16
                continue
            elif info_of(type(self)).get(name) and any(isinstance(x, float) and 0 < abs(x) < SMALLEST for x in numbers):
                text = f"must be 0 or at least {SMALLEST:g} away from it, found {value}"
                found.append((name, text, "Check its unit."))
        return found

    def _not_one_way(self) -> list[Problem]:
        if not self.ways:
            return []
        choosable = {name for way in self.ways for name in way}
        given = {name for name in choosable if getattr(self, name) is not None}
        if any(given == set(way) for way in self.ways):
            return []
        expected = "; or ".join(" and ".join(way) for way in self.ways)
        found = " and ".join(f.name for f in fields(self) if f.name in given) or "nothing"
        return [("", f"expected {expected}; found {found}", "Give exactly one of these sets.")]

    def _replaced(self, **changes: Any) -> Self:
        """A copy in which every choosable field not named in `changes` is left open."""
        open_fields: dict[str, Any] = {name: None for way in self.ways for name in way}
        return replace(self, **(open_fields | changes))


def not_negative(distribution: Distribution, *names: str) -> list[Problem]:
    """Fields (or lists) that hold quantities or times and so cannot be below 0."""
    found = []
    for name in names:
        value = getattr(distribution, name)
        numbers = value if isinstance(value, tuple) else (value,)
        if any(x is not None and x < 0 for x in numbers):
            found.append((name, f"must be at least 0, found {value}", "Quantities and times cannot be negative."))
    return found


def positive(distribution: Distribution, *names: str) -> list[Problem]:
    """Fields that, where given, must be above 0."""
    return [
        (name, f"must be above 0, found {getattr(distribution, name):g}", "")
        for name in names
        if getattr(distribution, name) is not None and getattr(distribution, name) <= 0
    ]
