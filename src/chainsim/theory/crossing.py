"""Random lead times of several orders at once: those that may cross, and those that keep their order.

Where orders may cross, what counts is how many of them are still on their way, not which. Lead times *in the order of
receipt* then vary less than the lead times drawn; where the later waits for the earlier they grow. Lead times are
equally likely values, plain arrays.

L. Robinson, J. Bradley, L. Thomas 2001, Consequences of order crossover under order-up-to inventory policies,
Manufacturing & Service Operations Management 3(3), 175-188 (the idea of ranking receipts).
"""

from __future__ import annotations

from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

EPS = 1e-9
POINTS = 4096  # equally likely values of the result
FEW = 40  # lattices of so few lead times are kept as they are
MOST = 600  # points at which the distribution is computed
MANY = 200  # orders within the range of lead times from which on the number on its way is normal


def few(leads: Array, points: int = 96) -> Array:
    """At most `points` equally likely values for many: means of groups of equal size.

    >>> few(np.arange(8.0), 4).tolist()
    [0.5, 2.5, 4.5, 6.5]
    """
    leads = np.sort(leads)
    if len(leads) <= points or len(np.unique(leads)) <= points:
        return leads
    k = len(leads) // points
    return np.asarray(leads[: points * k].reshape(points, k).mean(axis=1), np.float64)


def still_out(leads: Array, ages: Array, at_least: bool = False) -> Array:
    """P(L > age) for each age; P(L ≥ age) with `at_least`.

    >>> still_out(np.array([1.0, 2.0]), np.array([0.5, 1.0, 2.0])).tolist()
    [1.0, 0.5, 0.0]
    >>> still_out(np.array([1.0, 2.0]), np.array([1.0]), at_least=True).tolist()
    [1.0]
    """
    return out_of_sorted(np.sort(leads), ages, at_least)


def out_of_sorted(ordered: Array, ages: Array, at_least: bool = False) -> Array:
    """The same for lead times in rising order, so that they are sorted once for many ages."""
    up_to = np.searchsorted(ordered, ages - EPS) if at_least else np.searchsorted(ordered, ages + EPS, "right")
    return np.asarray(1.0 - up_to / len(ordered), np.float64)


def in_order_of_receipt(leads: Array, spacing: float) -> Array:
    """Equally likely lead times in the order of receipt, of orders `spacing` apart that may cross.

    The k-th receipt has come a time x after the k-th order if and only if no more orders are outstanding then than were
    placed since: P(L* ≤ x) = P(N(x) ≤ ⌊x/T⌋), N the number outstanding of all orders placed by then, each independently
    (Poisson-binomial). Same mean as L, less variance; L itself where its range is below T. Of many orders N is normal
    with variance Σ p(1 − p), and so is L*, with variance T·E|L − L'| / 2 (at 200 orders a quantile is off by a thousandth
    of the range). Even spacing is an approximation for lots: up to 0.03 of service.

    >>> in_order_of_receipt(np.array([1.0, 9.0]), 10.0).tolist()  # too far apart to cross
    [1.0, 9.0]
    >>> ranked = in_order_of_receipt(np.array([1.0, 9.0]), 1.0)
    >>> round(float(ranked.mean()), 2), bool(ranked.std() < 4.0)
    (5.0, True)
    """
    if float(np.ptp(leads)) <= max(spacing, EPS) or spacing <= 0.0:
        return leads
    if float(np.ptp(leads)) > MANY * spacing:
        return _of_many(leads, spacing)
    times = _times(leads, spacing)
    placed = np.floor(times / spacing + EPS).astype(np.int64)  # after the order whose receipt is asked for
    latest = times - spacing * placed  # age of the latest order
    most, ordered = int(placed.max()), np.sort(leads)
    out = np.zeros((len(times), most + 2))  # P(N = n) at every time, n as far as it matters
    out[:, 0] = 1.0
    for k in range(int((float(leads.max()) - float(latest.min())) / spacing) + 2):
        p = out_of_sorted(ordered, latest + k * spacing)[:, None]
        here = out[:, : min(k, most) + 2]
        here[:, 1:] = here[:, 1:] * (1.0 - p) + here[:, :-1] * p
        here[:, :1] *= 1.0 - p
    cumulative = np.cumsum(out, axis=1)[np.arange(len(times)), placed]
    return _values(leads, times, cumulative)


def in_order_of_placement(leads: Array, spacing: float) -> Array:
    """Equally likely lead times of orders `spacing` apart where a later one waits for the earlier (`crossing: no`):
    P(L* ≤ x) = Π_j P(L ≤ x + jT), so many neighbours j as one that no more than 200 factors are computed.

    >>> bool(in_order_of_placement(np.array([1.0, 2.0]), 0.5).mean() > 1.5)
    True
    """
    if float(np.ptp(leads)) <= max(spacing, EPS) or spacing <= 0.0:
        return leads
    times = _times(leads, spacing)
    orders = float(np.ptp(leads)) / spacing
    alike = max(int(orders / MANY), 1)
    factors = [
        (1.0 - still_out(leads, times + (j * alike + (alike - 1) / 2.0) * spacing)) ** alike
        for j in range(int(orders / alike) + 2)
    ]
    return _values(leads, times, np.asarray(np.prod(factors, axis=0), np.float64))


def _of_many(leads: Array, spacing: float) -> Array:
    ordered, n = np.sort(leads), len(leads)
    smaller = (2.0 * (n - np.arange(n)) - 1.0) @ ordered / n**2  # E[min(L, L')]
    sd = (spacing * (float(ordered.mean()) - smaller)) ** 0.5
    return np.clip(float(ordered.mean()) + sd * _normal_quantiles(), ordered[0], ordered[-1])


@lru_cache(maxsize=1)
def _normal_quantiles() -> Array:
    return np.array([NormalDist().inv_cdf((k + 0.5) / POINTS) for k in range(POINTS)])


def _times(leads: Array, spacing: float) -> Array:
    """Where the distribution is computed: everywhere a receipt may come, lead times differing by multiples of the spacing,
    where those are few; else evenly, finer in the body than in the tail."""
    different = np.unique(leads)
    low, high = float(different[0]), float(different[-1])
    reach = int((high - low) / spacing + EPS)
    if len(different) < FEW and len(different) * (2 * reach + 1) <= MOST:
        all_of_them = np.add.outer(different, spacing * np.arange(-reach, reach + 1)).ravel()
        inside = all_of_them[(all_of_them > low - EPS) & (all_of_them < high + EPS)]
        return np.asarray(np.unique(np.round(inside / spacing, 9)) * spacing, np.float64)
    knee = np.quantile(leads, 0.99)
    return np.concatenate((np.linspace(low, knee, 100), np.linspace(knee, high, FEW)[1:]))


def _values(leads: Array, times: Array, cumulative: Array) -> Array:
    u = (np.arange(POINTS) + 0.5) / POINTS
    if len(np.unique(leads)) < FEW:
        return np.asarray(times[np.minimum(np.searchsorted(cumulative, u), len(times) - 1)], np.float64)
    return np.asarray(np.interp(u, np.maximum.accumulate(cumulative), times), np.float64)
