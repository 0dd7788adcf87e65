"""What each distribution should be, written once more from textbooks and scipy, to hold our samplers against."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import optimize, special, stats

from chainsim.chance import families as f
from chainsim.chance.base import Distribution

Array = np.ndarray[Any, np.dtype[np.float64]]
RARE = 1e-15
"""Probability beyond which the tail of counts is left out; 1 − RARE is still below 1."""


@dataclass(frozen=True)
class Reference:
    """Values with a probability each, and a continuous law of scipy for the rest (None where there is no rest)."""

    values: Array
    shares: Array
    law: Any = None

    @property
    def rest(self) -> float:
        """Probability of the continuous part."""
        return 0.0 if self.law is None else 1.0 - float(self.shares.sum())

    def mean(self) -> float:
        continuous = self.rest * float(self.law.mean()) if self.law is not None else 0.0
        return float(self.values @ self.shares) + continuous

    def central(self, k: int) -> float:
        """The k-th moment about the mean."""
        mean = self.mean()
        moment = float((self.values - mean) ** k @ self.shares)
        if self.law is not None:
            # about the law's own mean first: moments about 0 would leave nothing but rounding
            away = float(self.law.mean()) - mean
            moment += self.rest * sum(
                math.comb(k, j) * _about_its_mean(self.law, j) * away ** (k - j) for j in range(k + 1)
            )
        return moment


def reference(d: Distribution) -> Reference:
    """The law a distribution should have."""
    match d:
        case f.Constant():
            return atoms([(d.value, 1.0)])
        case f.Uniform():
            low, high = (d.low, d.high) if d.mean is None else around(d, math.sqrt(3.0))
            return atoms([(low, 1.0)]) if low == high else continuous(stats.uniform(low, high - low))
        case f.Triangular():
            low, high = (d.low, d.high) if d.mean is None else around(d, math.sqrt(6.0))
            mode = d.mode if d.mean is None else d.mean
            return continuous(stats.triang((mode - low) / (high - low), low, high - low))
        case f.Normal():
            return continuous(stats.norm(d.mean, spread(d)))
        case f.Gamma():
            shape = d.shape if d.mean is None else (d.mean / spread(d)) ** 2
            return continuous(stats.gamma(shape, scale=d.scale if d.mean is None else d.mean / shape))
        case f.Erlang():
            return continuous(stats.erlang(d.stages, scale=d.mean / d.stages))
        case f.Exponential():
            return continuous(stats.expon(scale=d.mean if d.mean is not None else 1.0 / d.rate))
        case f.Lognormal():
            sigma = d.sigma if d.mean is None else math.sqrt(math.log1p((spread(d) / d.mean) ** 2))
            mu = d.mu if d.mean is None else math.log(d.mean) - sigma**2 / 2.0
            return continuous(stats.lognorm(sigma, scale=math.exp(mu)))
        case f.Weibull():
            shape = d.shape if d.mean is None else weibull_shape(spread(d) / d.mean)
            return continuous(
                stats.weibull_min(shape, scale=d.scale if d.mean is None else d.mean / special.gamma(1 + 1 / shape))
            )
        case f.Poisson():
            return counts(stats.poisson(d.mean)) if d.mean > 0 else atoms([(0.0, 1.0)])
        case f.NegativeBinomial():
            if d.mean is None:
                return counts(stats.nbinom(d.dispersion, d.probability))
            size = d.dispersion if d.dispersion is not None else d.mean**2 / (spread(d) ** 2 - d.mean)
            return counts(stats.nbinom(size, size / (size + d.mean)))
        case f.Geometric():
            p = d.probability if d.probability is not None else 1.0 / (1.0 - d.start + d.mean)
            return counts(stats.nbinom(1, p, loc=d.start))
        case f.Binomial():
            return counts(stats.binom(d.trials, d.probability))
        case f.DiscreteUniform():
            return counts(stats.randint(d.low, d.high + 1))
        case f.Discrete():
            return atoms(zip(d.values, d.probabilities, strict=True))
        case f.Empirical():
            return atoms((value, 1.0 / len(d.values)) for value in d.values)
        case f.Intermittent():
            size = reference(d.size)
            inside = [(v, d.probability * s) for v, s in zip(size.values, size.shares, strict=True)]
            return Reference(*_merged([(0.0, 1.0 - d.probability), *inside]), size.law)
    raise AssertionError(f"no textbook law is written here for {type(d).__name__}")


def atoms(pairs: Iterable[tuple[float, float]]) -> Reference:
    return Reference(*_merged(pairs))


def counts(law: Any) -> Reference:
    low, high = float(law.ppf(RARE)), float(law.isf(RARE))
    values = np.arange(max(low, float(law.support()[0])), high + 1.0)
    return Reference(values, law.pmf(values))


def continuous(law: Any) -> Reference:
    return Reference(np.zeros(0), np.zeros(0), law)


def spread(d: Any) -> float:
    """The standard deviation, given as such or as a coefficient of variation."""
    return float(d.sd if d.sd is not None else d.cv * d.mean)


def around(d: Any, width: float) -> tuple[float, float]:
    return d.mean - width * spread(d), d.mean + width * spread(d)


def weibull_shape(cv: float) -> float:
    """k with Γ(1 + 2/k)/Γ(1 + 1/k)² = 1 + cv²."""
    return float(
        optimize.brentq(
            lambda k: special.gammaln(1 + 2 / k) - 2 * special.gammaln(1 + 1 / k) - math.log1p(cv**2),
            0.05,
            500,
            xtol=1e-14,
        )
    )


def _merged(pairs: Iterable[tuple[float, float]]) -> tuple[Array, Array]:
    """Values in order, each once, without those of probability 0."""
    total: dict[float, float] = {}
    for value, share in pairs:
        total[float(value)] = total.get(float(value), 0.0) + float(share)
    kept = sorted((value, share) for value, share in total.items() if share > 0.0)
    return np.array([v for v, _ in kept]), np.array([s for _, s in kept])


def _about_its_mean(law: Any, k: int) -> float:
    mean = float(law.mean())
    return sum(math.comb(k, j) * _about_zero(law, j) * (-mean) ** (k - j) for j in range(k + 1))


def _about_zero(law: Any, k: int) -> float:
    if law.dist.name == "lognorm":  # scipy integrates, and says that it fails
        return float(law.median() ** k * math.exp((k * law.args[0]) ** 2 / 2.0))
    return float(law.moment(k)) if k else 1.0
