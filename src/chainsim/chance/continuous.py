"""Continuous distributions without an upper end: normal, gamma and its kin, lognormal, Weibull.

Their quantile functions come from scipy.special, imported when a table is built: workers never build one.
Formulas: Law, "Simulation Modeling and Analysis", 5th ed. (2015), section 6.2.2.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, cast

from chainsim.chance.base import DISTRIBUTIONS, Array, Distribution, Problem, each, not_negative, positive
from chainsim.fields import field_of

MEAN: dict[str, Any] = {"unit": "value", "default": None, "example": 7}
CV: dict[str, Any] = {"default": None, "example": 0.3, "above": 0}
SD: dict[str, Any] = {"unit": "value", "default": None, "example": 2.1, "above": 0}
CV_MEANS = "Coefficient of variation: sd ÷ mean."


@DISTRIBUTIONS.register("normal")
@dataclass(frozen=True, kw_only=True)
class Normal(Distribution):
    """Normal. Draws below 0 are cut at 0 where they are used, which raises the mean: a warning says to what.

    >>> Normal(mean=100.0, cv=0.2).standard_deviation()
    20.0
    """

    ways = (("mean", "sd"), ("mean", "cv"))

    mean: float | None = field_of("number", "Mean.", unit="value", symbol="μ", default=None, example=100)
    sd: float | None = field_of(
        "number", "Standard deviation.", unit="value", symbol="σ", default=None, least=0, example=20
    )
    cv: float | None = field_of("number", CV_MEANS, default=None, least=0, example=0.2)

    def expectation(self) -> float:
        return cast(float, self.mean)

    def standard_deviation(self) -> float:
        return self.sd if self.sd is not None else cast(float, self.cv) * cast(float, self.mean)

    def lowest(self) -> float:
        return -math.inf

    def rule_problems(self) -> list[Problem]:
        found = not_negative(self, "mean", "sd", "cv")
        if not found and self.mean == 0 and self.standard_deviation() > 0:
            found = [("mean", "is 0: half of the draws would be negative", "Give a mean above 0, or use gamma.")]
        return found

    def warnings(self) -> list[str]:
        mean, sd = cast(float, self.mean), self.standard_deviation()
        achieved = self.mean_above_zero()
        if sd == 0.0 or achieved - mean <= 0.001 * mean:
            return []
        below = 0.5 * math.erfc(mean / sd / math.sqrt(2.0))
        return [
            f"{below:.1%} of the draws of normal(mean {mean:g}, sd {sd:g}) are negative and cut at 0: "
            f"the mean becomes {achieved:.4g} instead of {mean:g}. Use gamma or lognormal to keep it."
        ]

    def mean_above_zero(self) -> float:
        """Mean of max(X, 0) = μ Φ(μ/σ) + σ φ(μ/σ).

        >>> round(Normal(mean=5.0, sd=10.0).mean_above_zero(), 4)
        6.978
        """
        mean, sd = cast(float, self.mean), self.standard_deviation()
        if sd == 0.0:
            return max(mean, 0.0)
        z = mean / sd
        density = math.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)
        return mean * 0.5 * math.erfc(-z / math.sqrt(2.0)) + sd * density

    def quantile(self, t: Array) -> Array:
        from scipy.special import ndtri  # only where tables are built

        return cast(float, self.mean) + self.standard_deviation() * ndtri(t)

    def upper_quantile(self, t: Array) -> Array:
        return 2.0 * cast(float, self.mean) - self.quantile(t)

    def standard(self) -> tuple[Distribution, float, float]:
        return STANDARD_NORMAL, self.standard_deviation(), cast(float, self.mean)


STANDARD_NORMAL = Normal(mean=0.0, sd=1.0)


class _Gammas(Distribution):
    """Gamma with shape k and scale θ, however it was given."""

    def _shape(self) -> float:
        raise NotImplementedError

    def _scale(self) -> float:
        raise NotImplementedError

    def expectation(self) -> float:
        return self._shape() * self._scale()

    def standard_deviation(self) -> float:
        return math.sqrt(self._shape()) * self._scale()

    def quantile(self, t: Array) -> Array:
        from scipy.special import gammaincinv  # only where tables are built

        return cast(Array, gammaincinv(self._shape(), t)) * self._scale()

    def upper_quantile(self, t: Array) -> Array:
        from scipy.special import gammainccinv  # only where tables are built

        return cast(Array, gammainccinv(self._shape(), t)) * self._scale()

    def standard(self) -> tuple[Distribution, float, float]:
        return Gamma(shape=self._shape(), scale=1.0), self._scale(), 0.0


@DISTRIBUTIONS.register("gamma")
@dataclass(frozen=True, kw_only=True)
class Gamma(_Gammas):
    """Gamma: the usual choice for lead times and lumpy demand, never negative. shape = 1 / cv².

    >>> Gamma(mean=8.0, cv=0.5).standard()[0]
    Gamma(shape=4.0, scale=1.0, mean=None, cv=None, sd=None)
    """

    ways = (("shape", "scale"), ("mean", "cv"), ("mean", "sd"))

    shape: float | None = field_of("number", "Shape.", symbol="k", default=None, above=0, example=4)
    scale: float | None = field_of("number", "Scale.", symbol="θ", unit="value", default=None, above=0, example=2)
    mean: float | None = field_of("number", "Mean.", above=0, **MEAN)
    cv: float | None = field_of("number", CV_MEANS, **CV)
    sd: float | None = field_of("number", "Standard deviation.", **SD)

    def rule_problems(self) -> list[Problem]:
        found = positive(self, "shape", "scale", "mean", "cv", "sd")
        if not found and not 0.02 <= self._shape() <= 1e5:
            text = f"gives a shape of {self._shape():g}, expected 0.02 to 100,000 (a cv of 0.0032 to 7)"
            found = [(_given(self, "shape", "cv", "sd"), text, "Use constant for hardly any spread.")]
        return found

    def _shape(self) -> float:
        if self.shape is not None:
            return self.shape
        cv = self.cv if self.cv is not None else cast(float, self.sd) / cast(float, self.mean)
        return 1.0 / (cv * cv)

    def _scale(self) -> float:
        return self.scale if self.scale is not None else cast(float, self.mean) / self._shape()


@DISTRIBUTIONS.register("erlang")
@dataclass(frozen=True, kw_only=True)
class Erlang(_Gammas):
    """Erlang: the sum of `stages` exponential times; a gamma with a whole shape.

    >>> Erlang(stages=4, mean=2.0).standard_deviation()
    1.0
    """

    stages: int = field_of("count", "Number of stages.", symbol="k", least=1, most=100_000, example=3)
    mean: float = field_of("number", "Mean of the sum.", unit="value", above=0, example=6)

    def rule_problems(self) -> list[Problem]:
        found = positive(self, "mean")
        if self.stages != int(self.stages) or not 1 <= self.stages <= 100_000:
            found.append(("stages", f"must be a whole number from 1 to 100,000, found {self.stages}", ""))
        return found

    def _shape(self) -> float:
        return float(self.stages)

    def _scale(self) -> float:
        return self.mean / self.stages


@DISTRIBUTIONS.register("exponential")
@dataclass(frozen=True, kw_only=True)
class Exponential(_Gammas):
    """Exponential: times between independent happenings (a Poisson process), by mean or rate.

    >>> Exponential(rate=4.0).expectation()
    0.25
    """

    ways = (("mean",), ("rate",))

    mean: float | None = field_of("number", "Mean.", above=0, **MEAN)
    rate: float | None = field_of(
        "number", "Rate: 1 ÷ mean.", unit="1/value", symbol="λ", default=None, above=0, example=0.5
    )

    def rule_problems(self) -> list[Problem]:
        return positive(self, "mean", "rate")

    def _shape(self) -> float:
        return 1.0

    def _scale(self) -> float:
        return self.mean if self.mean is not None else 1.0 / cast(float, self.rate)


@DISTRIBUTIONS.register("lognormal")
@dataclass(frozen=True, kw_only=True)
class Lognormal(Distribution):
    """Lognormal: its logarithm is normal with mean `mu` and sd `sigma`; sigma² = ln(1 + cv²).

    >>> round(Lognormal(mu=0.0, sigma=1.0).expectation(), 6)
    1.648721
    """

    ways = (("mu", "sigma"), ("mean", "cv"), ("mean", "sd"))

    mu: float | None = field_of("number", "Mean of the logarithm.", symbol="μ", default=None, example=1.5)
    sigma: float | None = field_of(
        "number", "Standard deviation of the logarithm.", symbol="σ", default=None, above=0, example=0.4
    )
    mean: float | None = field_of("number", "Mean.", above=0, **MEAN)
    cv: float | None = field_of("number", CV_MEANS, **CV)
    sd: float | None = field_of("number", "Standard deviation.", **SD)

    def expectation(self) -> float:
        return self.mean if self.mean is not None else math.exp(cast(float, self.mu) + self._variance() / 2.0)

    def standard_deviation(self) -> float:
        return self.expectation() * math.sqrt(math.expm1(self._variance()))

    def times(self, factor: float) -> Distribution:
        if self.mu is None:
            return super().times(factor)
        return self._replaced(mu=self.mu + math.log(factor), sigma=self.sigma)

    def rule_problems(self) -> list[Problem]:
        found = positive(self, "sigma", "mean", "cv", "sd")
        if not found and not 1e-6 <= self._sigma() <= 4.0:
            text = f"gives sigma = {self._sigma():g}, expected 0.000001 to 4 (a cv of about 3,000)"
            found = [(_given(self, "sigma", "cv", "sd"), text, "Check the unit: sigma is of the logarithm.")]
        return found

    def quantile(self, t: Array) -> Array:
        return math.exp(self._mu()) * each(math.exp, self._sigma() * STANDARD_NORMAL.quantile(t))

    def upper_quantile(self, t: Array) -> Array:
        return math.exp(self._mu()) * each(math.exp, self._sigma() * STANDARD_NORMAL.upper_quantile(t))

    def standard(self) -> tuple[Distribution, float, float]:
        return Lognormal(mu=0.0, sigma=self._sigma()), math.exp(self._mu()), 0.0

    def _sigma(self) -> float:
        if self.sigma is not None:
            return self.sigma
        cv = self.cv if self.cv is not None else cast(float, self.sd) / cast(float, self.mean)
        return math.sqrt(math.log1p(cv * cv))

    def _variance(self) -> float:
        """Of the logarithm."""
        sigma = self._sigma()
        return sigma * sigma

    def _mu(self) -> float:
        return self.mu if self.mu is not None else math.log(cast(float, self.mean)) - self._variance() / 2.0


@DISTRIBUTIONS.register("weibull")
@dataclass(frozen=True, kw_only=True)
class Weibull(Distribution):
    """Weibull: times to failure; shape 1 is exponential. With mean and spread, the shape is solved for.

    >>> Weibull(shape=1.0, scale=2.0).expectation()
    2.0
    """

    ways = (("shape", "scale"), ("mean", "cv"), ("mean", "sd"))

    shape: float | None = field_of("number", "Shape.", symbol="k", default=None, above=0, example=1.5)
    scale: float | None = field_of("number", "Scale.", symbol="λ", unit="value", default=None, above=0, example=10)
    mean: float | None = field_of("number", "Mean.", above=0, **MEAN)
    cv: float | None = field_of("number", CV_MEANS, **CV)
    sd: float | None = field_of("number", "Standard deviation.", **SD)

    def expectation(self) -> float:
        if self.mean is not None:
            return self.mean
        return cast(float, self.scale) * math.gamma(1.0 + 1.0 / cast(float, self.shape))

    def standard_deviation(self) -> float:
        return self.expectation() * weibull_cv(self._shape())

    def rule_problems(self) -> list[Problem]:
        found = positive(self, "shape", "scale", "mean", "cv", "sd")
        low, high = WEIBULL_SHAPES
        if not found and self.shape is not None and not low <= self.shape <= high:
            found = [("shape", f"must be between {low} and {high}, found {self.shape:g}", "")]
        if not found and self.shape is None and not weibull_cv(high) <= self._cv() <= weibull_cv(low):
            text = f"gives a cv of {self._cv():g}, expected {weibull_cv(high):.3g} to {weibull_cv(low):.3g}"
            found = [("cv" if self.cv is not None else "sd", text, "Use gamma or lognormal.")]
        return found

    def quantile(self, t: Array) -> Array:
        power = 1.0 / self._shape()
        return self._scale() * each(lambda u: math.pow(-math.log1p(-u), power), t)

    def upper_quantile(self, t: Array) -> Array:
        power = 1.0 / self._shape()
        return self._scale() * each(lambda u: math.pow(-math.log(u), power), t)

    def standard(self) -> tuple[Distribution, float, float]:
        return Weibull(shape=self._shape(), scale=1.0), self._scale(), 0.0

    def _cv(self) -> float:
        return self.cv if self.cv is not None else cast(float, self.sd) / cast(float, self.mean)

    def _shape(self) -> float:
        if self.shape is not None:
            return self.shape
        low, high = WEIBULL_SHAPES
        cv = self._cv()
        for _ in range(60):  # bisection: the cv falls as the shape grows
            middle = math.sqrt(low * high)
            low, high = (middle, high) if weibull_cv(middle) > cv else (low, middle)
        return math.sqrt(low * high)

    def _scale(self) -> float:
        if self.scale is not None:
            return self.scale
        return cast(float, self.mean) / math.gamma(1.0 + 1.0 / self._shape())


WEIBULL_SHAPES = (0.2, 1000.0)


def weibull_cv(shape: float) -> float:
    """Coefficient of variation: √(Γ(1 + 2/k) / Γ(1 + 1/k)² − 1).

    >>> round(weibull_cv(1.0), 12)
    1.0
    """
    return math.sqrt(math.expm1(math.lgamma(1.0 + 2.0 / shape) - 2.0 * math.lgamma(1.0 + 1.0 / shape)))


def _given(distribution: Distribution, *names: str) -> str:
    """The first of these fields that was given."""
    return next(name for name in names if getattr(distribution, name) is not None)
