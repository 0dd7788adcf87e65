"""Distributions of counts: Poisson, negative binomial, geometric, binomial.

Cumulative probabilities come from scipy.special, imported when a table is built: workers never build one.
Formulas: Johnson, Kemp & Kotz, "Univariate Discrete Distributions", 3rd ed. (2005), chapters 3–5.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import numpy as np

from chainsim.chance.base import DISTRIBUTIONS, Array, Distribution, Problem, not_negative, positive
from chainsim.chance.lists import MOST_VALUES, Discrete
from chainsim.chance.streams import SMALLEST
from chainsim.fields import field_of


class _Counts(Distribution):
    """Distributions on 0, 1, 2 …"""

    @property
    def discrete(self) -> bool:
        return True

    def cumulative(self) -> tuple[Array, Array]:
        first, last = self._reach()
        return _within_reach(np.arange(first, last + 1.0), self._not_above)

    def rule_problems(self) -> list[Problem]:
        found = self.parameter_problems()
        if not found:
            first, last = self._reach()
            if last - first > MOST_VALUES:
                text = f"spreads over {last - first:g} values, expected at most {MOST_VALUES:,}"
                found = [("", text, "Use gamma or normal with the same mean and sd; quantities are rounded.")]
        return found

    def values_held(self) -> float:
        first, last = self._reach()
        return last - first + 1.0

    def parameter_problems(self) -> list[Problem]:
        raise NotImplementedError

    def _not_above(self, k: Array) -> Array:
        """P(X ≤ k)."""
        raise NotImplementedError

    def _values_times(self, factor: float) -> Discrete:
        """The same probabilities of `factor` times the values."""
        values, cumulative = self.cumulative()
        shares = np.diff(cumulative, prepend=0.0)
        return Discrete(values=tuple((values * factor).tolist()), probabilities=tuple(shares.tolist()))

    def _reach(self) -> tuple[float, float]:
        """Values outside have a probability below the smallest uniform."""
        mean, sd = self.expectation(), self.standard_deviation()
        per_value = sd * sd / mean if mean > 0 else 1.0  # the tail falls at least by a factor e over this distance
        return max(0.0, math.floor(mean - 10.0 * sd)), math.ceil(mean + 10.0 * sd + 40.0 * per_value + 40.0)


def _within_reach(values: Array, not_above: Callable[[Array], Array]) -> tuple[Array, Array]:
    """Values that a uniform can hit, with their cumulative probabilities."""
    cumulative = not_above(values)
    hit = cumulative > SMALLEST / 2
    hit[1:] &= cumulative[:-1] < 1.0
    values, cumulative = values[hit], np.maximum.accumulate(cumulative[hit])
    cumulative[-1] = 1.0
    return values, cumulative


@DISTRIBUTIONS.register("poisson")
@dataclass(frozen=True, kw_only=True)
class Poisson(_Counts):
    """Poisson: the number of independent customers in a period.

    >>> Poisson(mean=4.0).standard_deviation(), Poisson(mean=4.0).scaled(0.5)
    (2.0, Poisson(mean=2.0))
    """

    mean: float = field_of("number", "Mean.", unit="value", symbol="λ", least=0, example=20)

    def expectation(self) -> float:
        return self.mean

    def standard_deviation(self) -> float:
        return math.sqrt(self.mean)

    def parameter_problems(self) -> list[Problem]:
        return not_negative(self, "mean")

    def _not_above(self, k: Array) -> Array:
        from scipy.special import pdtr  # only where tables are built

        return cast(Array, pdtr(k, self.mean))


class _NegativeBinomials(_Counts):
    """Failures before the r-th success, r any number above 0; variance = mean + mean² / r."""

    def _dispersion(self) -> float:
        raise NotImplementedError

    def _failures(self) -> float:
        """Mean number of failures."""
        return self.expectation()

    def standard_deviation(self) -> float:
        mean = self._failures()
        return math.sqrt(mean + mean * mean / self._dispersion())

    def _not_above(self, k: Array) -> Array:
        from scipy.special import betainc  # only where tables are built

        r = self._dispersion()
        mean = self._failures()
        return cast(Array, betainc(r, k + 1.0, r / (r + mean)))


@DISTRIBUTIONS.register("negative_binomial")
@dataclass(frozen=True, kw_only=True)
class NegativeBinomial(_NegativeBinomials):
    """Negative binomial: counts more variable than Poisson; variance = mean + mean² / dispersion.

    Scaling keeps the dispersion r: the mean changes, the clumping of customers does not.

    >>> NegativeBinomial(mean=3.0, sd=2.0).scaled(2.0)
    NegativeBinomial(mean=6.0, sd=None, cv=None, dispersion=9.0, probability=None)
    """

    ways = (("mean", "sd"), ("mean", "cv"), ("mean", "dispersion"), ("dispersion", "probability"))

    mean: float | None = field_of("number", "Mean.", unit="value", default=None, above=0, example=20)
    sd: float | None = field_of("number", "Standard deviation.", unit="value", default=None, above=0, example=8)
    cv: float | None = field_of("number", "Coefficient of variation: sd ÷ mean.", default=None, above=0, example=0.4)
    dispersion: float | None = field_of("number", "Dispersion.", symbol="r", default=None, above=0, example=5)
    probability: float | None = field_of(
        "fraction", "Probability of success.", symbol="p", default=None, above=0, below=1, example=0.2
    )

    def expectation(self) -> float:
        if self.mean is not None:
            return self.mean
        p = cast(float, self.probability)
        return cast(float, self.dispersion) * (1.0 - p) / p

    def times(self, factor: float) -> Distribution:
        return self._replaced(mean=self.expectation() * factor, dispersion=self._dispersion())

    def parameter_problems(self) -> list[Problem]:
        found = positive(self, "mean", "sd", "cv", "dispersion", "probability")
        if not found and self.probability is not None and self.probability >= 1:
            found = [("probability", f"must be below 1, found {self.probability:g}", "")]
        if not found and (self.sd is not None or self.cv is not None):
            mean = cast(float, self.mean)
            variance = self._given_sd() * self._given_sd()
            if variance <= mean:
                text = f"gives a variance of {variance:g}, which must be above the mean ({mean:g})"
                found = [("sd" if self.sd is not None else "cv", text, "Use poisson (variance = mean) or binomial.")]
        return found

    def _given_sd(self) -> float:
        return self.sd if self.sd is not None else cast(float, self.cv) * cast(float, self.mean)

    def _dispersion(self) -> float:
        if self.dispersion is not None:
            return self.dispersion
        mean = cast(float, self.mean)
        return mean * mean / (self._given_sd() * self._given_sd() - mean)


@DISTRIBUTIONS.register("geometric")
@dataclass(frozen=True, kw_only=True)
class Geometric(_NegativeBinomials):
    """Geometric: the failures before the first success, on 0, 1, 2 …: P(k) = p (1 − p)^k, mean (1 − p) / p; with `start: 1`
    the trials up to it, on 1, 2, 3 …: P(k) = p (1 − p)^(k − 1), mean 1 / p.

    Scaling keeps the family from 0; from 1 it multiplies the values.

    >>> Geometric(probability=0.25).expectation(), Geometric(probability=0.25, start=1).expectation()
    (3.0, 4.0)
    """

    ways = (("mean",), ("probability",))

    mean: float | None = field_of("number", "Mean.", unit="value", default=None, above=0, example=3)
    probability: float | None = field_of(
        "fraction", "Probability of the smallest value.", symbol="p", default=None, above=0, below=1, example=0.25
    )
    start: int = field_of("count", "The smallest value, 0 or 1.", default=0, least=0, most=1, example=1)

    def expectation(self) -> float:
        if self.mean is not None:
            return self.mean
        p = cast(float, self.probability)
        return (1.0 - p) / p + self.start

    def lowest(self) -> float:
        return float(self.start)

    def times(self, factor: float) -> Distribution:
        return Geometric(mean=self.expectation() * factor) if self.start == 0 else self._values_times(factor)

    def parameter_problems(self) -> list[Problem]:
        found = positive(self, "mean", "probability")
        if self.start not in (0, 1):
            found.append(("start", f"must be 0 or 1, found {self.start:g}", ""))
        if not found and self.mean is not None and self.mean <= self.start:
            found = [
                ("mean", f"must be above start ({self.start}), found {self.mean:g}", "Take start: 0, or a constant.")
            ]
        if not found and self.probability is not None and self.probability >= 1:
            found = [("probability", f"must be below 1, found {self.probability:g}", "")]
        return found

    def _dispersion(self) -> float:
        return 1.0

    def _failures(self) -> float:
        return self.expectation() - self.start

    def _not_above(self, k: Array) -> Array:
        return np.where(k < self.start, 0.0, super()._not_above(np.maximum(k - self.start, 0.0)))


@DISTRIBUTIONS.register("binomial")
@dataclass(frozen=True, kw_only=True)
class Binomial(_Counts):
    """Binomial: of `trials` people each buys with `probability`. Scaling multiplies the values.

    >>> Binomial(trials=10, probability=0.3).expectation()
    3.0
    """

    trials: int = field_of("count", "Number of trials.", symbol="n", least=1, example=10)
    probability: float = field_of("fraction", "Probability of each.", symbol="p", least=0, most=1, example=0.3)

    def expectation(self) -> float:
        return self.trials * self.probability

    def standard_deviation(self) -> float:
        return math.sqrt(self.trials * self.probability * (1.0 - self.probability))

    def highest(self) -> float:
        return float(self.trials)

    def times(self, factor: float) -> Distribution:
        return self._values_times(factor)

    def parameter_problems(self) -> list[Problem]:
        found = []
        if self.trials != int(self.trials) or self.trials < 1:
            found.append(("trials", f"must be a whole number of at least 1, found {self.trials}", ""))
        if not 0 <= self.probability <= 1:
            found.append(("probability", f"must be between 0 and 1, found {self.probability:g}", ""))
        return found

    def _not_above(self, k: Array) -> Array:
        from scipy.special import betainc  # only where tables are built

        k = np.minimum(k, self.trials)
        inside = cast(Array, betainc(np.maximum(self.trials - k, 1e-300), k + 1.0, 1.0 - self.probability))
        return np.where(k >= self.trials, 1.0, inside)

    def _reach(self) -> tuple[float, float]:
        first, last = super()._reach()
        return first, min(last, float(self.trials))
