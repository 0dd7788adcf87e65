"""Loss functions G(x) = E[(D − x)⁺]: the mean quantity by which demand D exceeds a level x.

All of them are mean·P(D* > x) − x·P(D > x), where D* is D weighted by its own size; for the families here D* is of the
same family. Sources: Zipkin, Foundations of Inventory Management (2000), appendix C.2.3 and C.3.3; Silver, Pyke &
Thomas, Inventory and Production Management in Supply Chains, 4th ed. (2017), appendix II.
"""

from __future__ import annotations

from math import exp, floor, pi, sqrt

from scipy import special


def standard_normal_loss(k: float) -> float:
    """G_u(k) = φ(k) − k·(1 − Φ(k)), the unit normal loss function (Silver, Pyke & Thomas 2017, appendix II).

    >>> round(standard_normal_loss(1.0), 4)
    0.0833
    """
    return max(exp(-k * k / 2.0) / sqrt(2.0 * pi) - k * float(special.ndtr(-k)), 0.0)


def normal_loss(x: float, mean: float, sd: float) -> float:
    """E[(D − x)⁺] of a normal demand, sd > 0, in units.

    >>> round(normal_loss(6000, 5000, 500 * 2**0.5), 2)  # Chopra & Meindl, expected shortage per cycle
    25.13
    """
    return sd * standard_normal_loss((x - mean) / sd)


def normal_second_loss(x: float, mean: float, sd: float) -> float:
    """½E[((D − x)⁺)²] of a normal demand, the area under the loss function from x on: sd²·½[(k² + 1)(1 − Φ(k)) − k·φ(k)].

    Zipkin (2000), appendix C.2.3; Snyder & Shen (2019), eq. C.27.

    >>> normal_second_loss(0.0, 0.0, 1.0)
    0.25
    """
    k = (x - mean) / sd
    density = exp(-k * k / 2.0) / sqrt(2.0 * pi)
    return sd * sd * max((k * k + 1.0) * float(special.ndtr(-k)) - k * density, 0.0) / 2.0


def poisson_loss(x: float, mean: float) -> float:
    """E[(D − x)⁺] of a Poisson demand, mean > 0, at any real x.

    >>> round(poisson_loss(19, 18.0), 4)
    1.247
    """
    if x < 0.0:
        return mean - x
    n = floor(x)
    # P(D* > x) = P(D ≥ n), P(D > x) = P(D ≥ n + 1)
    return max(mean * _poisson_above(n - 1, mean) - x * _poisson_above(n, mean), 0.0)


def negative_binomial_loss(x: float, mean: float, sd: float) -> float:
    """E[(D − x)⁺] of a negative binomial demand with sd² > mean, at any real x.

    >>> round(negative_binomial_loss(0, 3.0, 4.0), 6), round(negative_binomial_loss(10, 3.0, 4.0), 4)
    (3.0, 0.2816)
    """
    if x < 0.0:
        return mean - x
    r, p = negative_binomial_shape(mean, sd)
    n = floor(x)
    weighted = 1.0 if n == 0 else float(special.betainc(n, r + 1.0, 1.0 - p))
    return max(mean * weighted - x * float(special.betainc(n + 1.0, r, 1.0 - p)), 0.0)


def gamma_loss(x: float, mean: float, sd: float) -> float:
    """E[(D − x)⁺] of a gamma demand (Burgin 1975, Operational Research Quarterly 26:507-525).

    >>> round(gamma_loss(3.0, 1.0, 1.0), 6)  # exponential: e⁻³
    0.049787
    """
    if x <= 0.0:
        return mean - x
    shape, scale = gamma_shape(mean, sd)
    weighted = float(special.gammaincc(shape + 1.0, x / scale))
    return max(mean * weighted - x * float(special.gammaincc(shape, x / scale)), 0.0)


def negative_binomial_shape(mean: float, sd: float) -> tuple[float, float]:
    """(r, p) with mean r(1 − p)/p and variance mean/p.

    >>> negative_binomial_shape(9.0, 6.0)
    (3.0, 0.25)
    """
    p = mean / (sd * sd)
    return mean * p / (1.0 - p), p


def gamma_shape(mean: float, sd: float) -> tuple[float, float]:
    """(shape, scale) with this mean and standard deviation.

    >>> gamma_shape(6.0, 3.0)
    (4.0, 1.5)
    """
    return mean / sd * (mean / sd), sd * sd / mean


def _poisson_above(n: int, mean: float) -> float:
    """P(D > n)."""
    return 1.0 if n < 0 else float(special.gammainc(n + 1.0, mean))
