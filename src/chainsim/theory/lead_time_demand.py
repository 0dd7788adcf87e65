"""Demand over a lead time or any protection interval: its mean, its standard deviation, its distribution."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import floor, sqrt
from typing import Literal

from scipy import special

from chainsim.theory.loss import (
    gamma_loss,
    gamma_shape,
    negative_binomial_loss,
    negative_binomial_shape,
    normal_loss,
    poisson_loss,
)
from chainsim.theory.search import smallest_integer

Family = Literal["normal", "poisson", "negative_binomial", "gamma"]
FAMILIES: tuple[Family, ...] = ("normal", "poisson", "negative_binomial", "gamma")

SURE = 1e-12  # probabilities closer than this are the same


def moments_over(interval: float, mean: float, sd: float, lead_sd: float = 0.0) -> tuple[float, float]:
    """Mean d·L and standard deviation √(L·σ_d² + d²·σ_L²) of demand over an interval of mean length L.

    `mean` d and `sd` σ_d are those of demand over one time unit, `lead_sd` σ_L that of the interval (Silver, Pyke &
    Thomas 2017, §6.10).

    >>> moments_over(4.0, mean=100.0, sd=20.0, lead_sd=0.3)
    (400.0, 50.0)
    """
    return mean * interval, sqrt(interval * (sd * sd) + mean * lead_sd * (mean * lead_sd))


@dataclass(frozen=True)
class LeadTimeDemand:
    """A demand D with given mean and standard deviation (units), of a named family, fitted by its two moments.

    `poisson` uses the mean only. `added` is a constant quantity on top (undershoot, one more customer). A standard
    deviation of 0 means a known quantity. Raises ValueError when the family cannot have such moments.

    >>> d = LeadTimeDemand(400.0, 50.0)
    >>> round(d.quantile(0.95), 2), round(d.cdf(450.0), 4), round(d.loss(450.0), 3)
    (482.24, 0.8413, 4.166)
    """

    mean: float
    sd: float
    family: Family = "normal"
    added: float = 0.0

    def __post_init__(self) -> None:
        if self.mean < 0.0 or self.sd < 0.0:
            raise ValueError(f"demand with mean {self.mean:g} and standard deviation {self.sd:g} makes no sense")
        if self.family == "negative_binomial" and not self.known and self.sd * self.sd <= self.mean:
            raise ValueError(
                f"a negative binomial demand needs a variance above its mean, here {self.sd * self.sd:g} and {self.mean:g}; "
                "use 'poisson' when they are equal, 'normal' or 'gamma' when the variance is smaller"
            )

    @property
    def known(self) -> bool:
        """Nothing about it is random."""
        return self.mean == 0.0 or (self.sd == 0.0 and self.family != "poisson")

    @property
    def discrete(self) -> bool:
        return self.family in ("poisson", "negative_binomial")

    def plus(self, quantity: float) -> LeadTimeDemand:
        """This demand and a constant quantity."""
        return replace(self, added=self.added + quantity)

    def cdf(self, x: float) -> float:
        """P(D ≤ x)."""
        x -= self.added
        if self.known:
            return 1.0 if x >= self.mean else 0.0
        if self.family == "normal":
            return float(special.ndtr((x - self.mean) / self.sd))
        if x < 0.0:
            return 0.0
        if self.family == "poisson":
            return float(special.gammaincc(floor(x) + 1.0, self.mean))
        if self.family == "gamma":
            shape, scale = gamma_shape(self.mean, self.sd)
            return float(special.gammainc(shape, x / scale))
        r, p = negative_binomial_shape(self.mean, self.sd)
        return float(special.betainc(r, floor(x) + 1.0, p))

    def quantile(self, probability: float) -> float:
        """Smallest x with P(D ≤ x) ≥ probability, 0 < probability < 1.

        >>> LeadTimeDemand(6.0, 6.0**0.5, "poisson").quantile(0.9)
        9.0
        """
        if not 0.0 < probability < 1.0:
            raise ValueError(f"a service level of {probability:g} cannot be planned for: it must lie between 0 and 1")
        if self.known:
            return self.mean + self.added
        if self.family == "normal":
            return self.mean + float(special.ndtri(probability)) * self.sd + self.added
        if self.family == "gamma":
            shape, scale = gamma_shape(self.mean, self.sd)
            return float(special.gammaincinv(shape, probability)) * scale + self.added
        bare = replace(self, added=0.0)
        return smallest_integer(lambda n: bare.cdf(n) >= probability - SURE, 0) + self.added

    def loss(self, x: float) -> float:
        """G(x) = E[(D − x)⁺], units."""
        x -= self.added
        if self.known:
            return max(self.mean - x, 0.0)
        if self.family == "normal":
            return normal_loss(x, self.mean, self.sd)
        if self.family == "poisson":
            return poisson_loss(x, self.mean)
        if self.family == "gamma":
            return gamma_loss(x, self.mean, self.sd)
        return negative_binomial_loss(x, self.mean, self.sd)
