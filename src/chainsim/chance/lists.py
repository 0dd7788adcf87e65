"""Distributions given by a list of values: discrete, empirical, discrete uniform; and intermittent demand."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from chainsim.chance.base import DISTRIBUTIONS, Array, Distribution, Piece, Problem, not_negative, positive
from chainsim.chance.simple import UNIT_INTERVAL
from chainsim.fields import field_of

MOST_VALUES = 250_000
"""A table of more values than this (2 MB) is refused."""


class _Listed(Distribution):
    """Finitely many values with probabilities."""

    def shares(self) -> tuple[Array, Array]:
        """The values in increasing order, each once, and their probabilities, which sum to 1."""
        raise NotImplementedError

    @property
    def discrete(self) -> bool:
        return True

    def expectation(self) -> float:
        values, shares = self.shares()
        return math.fsum(values * shares)

    def standard_deviation(self) -> float:
        values, shares = self.shares()
        off = values - self.expectation()
        return math.sqrt(math.fsum(shares * (off * off)))

    def lowest(self) -> float:
        return float(self.shares()[0][0])

    def highest(self) -> float:
        return float(self.shares()[0][-1])

    def cumulative(self) -> tuple[Array, Array]:
        values, shares = self.shares()
        cumulative = np.minimum(np.cumsum(shares), 1.0)
        last = int(np.flatnonzero(shares > 0.0)[-1])
        cumulative[last:] = 1.0  # whatever rounding left over belongs to the last possible value
        return values, cumulative


@DISTRIBUTIONS.register("discrete")
@dataclass(frozen=True, kw_only=True)
class Discrete(_Listed):
    """Values with their probabilities, which must sum to 1 (rounding aside).

    >>> Discrete(values=(0.0, 1.0, 9.0), probabilities=(0.5, 0.3, 0.2)).expectation()
    2.1
    """

    values: tuple[float, ...] = field_of("numbers", "Possible values.", unit="value", example=[0, 1, 9])
    probabilities: tuple[float, ...] = field_of(
        "numbers", "Probability of each value.", unit="probability", example=[0.5, 0.3, 0.2]
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", tuple(map(float, self.values)))
        object.__setattr__(self, "probabilities", tuple(map(float, self.probabilities)))

    def shares(self) -> tuple[Array, Array]:
        values, where = np.unique(self.values, return_inverse=True)
        shares = np.bincount(where, self.probabilities)
        return values, shares / math.fsum(self.probabilities)

    def times(self, factor: float) -> Distribution:
        return replace(self, values=tuple(x * factor for x in self.values))

    def rule_problems(self) -> list[Problem]:
        if not self.values:
            return [("values", "must hold at least one value", "")]
        if len(self.values) != len(self.probabilities):
            text = f"has {len(self.probabilities)} entries for {len(self.values)} values"
            return [("probabilities", text, "Give one probability for each value.")]
        if len(self.values) > MOST_VALUES:
            return [("values", f"holds {len(self.values)} values, expected at most {MOST_VALUES:,}", "")]
        low, total = min(self.probabilities), math.fsum(self.probabilities)
        if low < 0:
            return [("probabilities", f"must be at least 0, found {low:g}", "")]
        if not math.isclose(total, 1.0, rel_tol=1e-9):
            return [("probabilities", f"sum to {total:.10g}, expected 1", "Correct them; they are not rescaled.")]
        return not_negative(self, "values")


@DISTRIBUTIONS.register("empirical")
@dataclass(frozen=True, kw_only=True)
class Empirical(_Listed):
    """Values as observed, each drawn as often as it was seen.

    >>> Empirical(values=(2.0, 2.0, 5.0)).expectation()
    3.0
    """

    values: tuple[float, ...] = field_of("numbers", "Observed values.", unit="value", example=[12, 15, 9, 15, 20])

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", tuple(map(float, self.values)))

    def shares(self) -> tuple[Array, Array]:
        values, counts = np.unique(self.values, return_counts=True)
        return values, counts / len(self.values)

    def times(self, factor: float) -> Distribution:
        return Empirical(values=tuple(x * factor for x in self.values))

    def rule_problems(self) -> list[Problem]:
        if not self.values:
            return [("values", "must hold at least one value", "")]
        if len(self.values) > MOST_VALUES:
            return [("values", f"holds {len(self.values)} values, expected at most {MOST_VALUES:,}", "")]
        return not_negative(self, "values")


@DISTRIBUTIONS.register("discrete_uniform")
@dataclass(frozen=True, kw_only=True)
class DiscreteUniform(_Listed):
    """Every whole number from `low` to `high`, both included, alike. Scaling multiplies the values.

    >>> DiscreteUniform(low=1, high=4).expectation()
    2.5
    """

    low: int = field_of("count", "Smallest value.", unit="value", least=0, example=1)
    high: int = field_of("count", "Largest value.", unit="value", least=0, example=4)

    def shares(self) -> tuple[Array, Array]:
        values = np.arange(self.low, self.high + 1, dtype=np.float64)
        return values, np.full(len(values), 1.0 / len(values))

    def times(self, factor: float) -> Distribution:
        values, shares = self.shares()
        return Discrete(values=tuple((values * factor).tolist()), probabilities=tuple(shares.tolist()))

    def rule_problems(self) -> list[Problem]:
        for name in ("low", "high"):
            if getattr(self, name) != int(getattr(self, name)):
                return [(name, f"must be a whole number, found {getattr(self, name)}", "Or use uniform.")]
        if self.low > self.high:
            text = f"is {self.low} but must be at most high ({self.high})"
            return [("low", text, "Did you swap low and high?")]
        if self.high - self.low >= MOST_VALUES:
            text = f"spans {self.high - self.low + 1:,} values, expected at most {MOST_VALUES:,}"
            return [("high", text, "Use uniform; quantities are rounded.")]
        return not_negative(self, "low")


@DISTRIBUTIONS.register("intermittent")
@dataclass(frozen=True, kw_only=True)
class Intermittent(Distribution):
    """With `probability` a draw of `size`, else 0: spare parts, slow movers.

    Source: Croston, "Forecasting and stock control for intermittent demands", Operational Research Quarterly 23
    (1972), 289–303, with independent periods.

    >>> from chainsim.chance.simple import Constant
    >>> Intermittent(probability=0.2, size=Constant(value=5.0)).expectation()
    1.0
    """

    probability: float = field_of("fraction", "Probability of any demand.", symbol="p", above=0, most=1, example=0.2)
    size: Distribution = field_of(
        "distribution", "Size when there is any.", unit="value", example={"dist": "geometric", "mean": 4}
    )

    def expectation(self) -> float:
        return self.probability * self.size.expectation()

    def standard_deviation(self) -> float:
        mean, sd = self.size.expectation(), self.size.standard_deviation()
        return math.sqrt(self.probability * (sd * sd + (1.0 - self.probability) * (mean * mean)))

    @property
    def discrete(self) -> bool:
        return self.size.discrete

    def lowest(self) -> float:
        return min(0.0, self.size.lowest()) if self.probability < 1 else self.size.lowest()

    def highest(self) -> float:
        return self.size.highest()

    def times(self, factor: float) -> Distribution:
        return replace(self, size=self.size.scaled(factor))

    def rule_problems(self) -> list[Problem]:
        found = positive(self, "probability")
        if self.probability > 1:
            found.append(("probability", f"must be at most 1, found {self.probability:g}", ""))
        return found or [(f"size.{field}".rstrip("."), text, cure) for field, text, cure in self.size.problems()]

    def warnings(self) -> list[str]:
        return self.size.warnings()

    def cumulative(self) -> tuple[Array, Array]:
        values, cumulative = self.size.cumulative()
        if values[0] > 0.0:
            values, cumulative = np.insert(values, 0, 0.0), np.insert(cumulative, 0, 0.0)
        return values, np.append((1.0 - self.probability * (1.0 - cumulative))[:-1], 1.0)

    def pieces(self) -> tuple[Piece, ...]:
        if self.discrete:
            return super().pieces()
        nothing = 1.0 - self.probability
        parts = [
            part._replace(start=nothing + self.probability * part.start, end=nothing + self.probability * part.end)
            for part in self.size.pieces()
        ]
        parts[-1] = parts[-1]._replace(end=1.0)
        none = [Piece(0.0, nothing, UNIT_INTERVAL, 0.0, 0.0)] if nothing > 0 else []
        return (*none, *parts)
