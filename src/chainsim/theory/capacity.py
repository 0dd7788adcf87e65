"""Base stock with limited production: at most C units per period.

Each period: demand, then costs on the net stock, then production of min(C, S − IL), usable in the next period. The
shortfall V (units below S before demand) follows V' = (V + D − C)⁺, and IL = S − V − D at the end of a period.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, exp, log
from typing import NamedTuple

import numpy as np
from scipy import optimize

from chainsim.theory.lattice import Array, Lattice
from chainsim.theory.search import smallest_real

NEGLIGIBLE = 1e-16  # probability of larger shortfalls than are looked at
MOST = 5000  # shortfalls looked at


class CapacityMeasures(NamedTuple):
    """Mean units on hand and owed at the end of a period, P(nothing owed), share filled at once, mean shortfall V."""

    on_hand: float
    backorders: float
    nothing_owed: float
    fill_rate: float
    shortfall: float


class ExponentialCapacity(NamedTuple):
    """Root σ of the D/M/1 queue, mean θ of S − IL, optimal level and its cost per period."""

    sigma: float
    theta: float
    best_level: float
    best_cost: float


def exponential_shortfall(
    mean: float, capacity: float, holding_cost: float, backorder_cost: float
) -> ExponentialCapacity:
    """Exponential demand: S − IL is exponential with mean θ = m/(1 − σ), σ = e^{−(1 − σ)C/m} (D/M/1 queue).

    Hence S* = θ·ln((h + b)/h), at cost h·S*. Tayur (1993), Stochastic Models 9:585-598; Glasserman (1997), Operations
    Research 45:244-257.

    >>> found = exponential_shortfall(1, 1.3, 1, 9)
    >>> round(found.sigma, 6), round(found.theta, 6), round(found.best_level, 5)
    (0.57703, 2.364234, 5.44385)
    """
    if capacity <= mean:
        raise ValueError("capacity must exceed mean demand")
    speed = capacity / mean
    # the root below 1: the function is convex, at 1 it is 0 and rises
    least = 1.0 - log(speed) / speed
    sigma = float(optimize.brentq(lambda x: exp(-(1.0 - x) * speed) - x, 0.0, least, xtol=1e-16, rtol=1e-15))
    theta = mean / (1.0 - sigma)
    level = theta * log((holding_cost + backorder_cost) / holding_cost)
    return ExponentialCapacity(sigma, theta, level, holding_cost * level)


def exponential_measures(mean: float, capacity: float, level: float) -> CapacityMeasures:
    """Base stock S for exponential demand: owed θe^{−S/θ}, nothing owed and fill rate 1 − e^{−S/θ}.

    >>> m = exponential_measures(1, 1.3, 4)
    >>> round(m.on_hand, 5), round(m.backorders, 6), round(m.fill_rate, 6), round(m.shortfall, 6)
    (2.07119, 0.435428, 0.815827, 1.364234)
    """
    theta = exponential_shortfall(mean, capacity, 1.0, 1.0).theta
    owed = theta * exp(-level / theta)
    served = 1.0 - exp(-level / theta)
    return CapacityMeasures(level - theta + owed, owed, served, served, theta - mean)


def measures(demand: Sequence[float], capacity: int, level: int) -> CapacityMeasures:
    """Base stock S for whole units, demand[j] = P(j units): the chain V' = (V + D − C)⁺. Tayur (1993).

    >>> from chainsim.theory.s_S import poisson_probabilities
    >>> m = measures(poisson_probabilities(4), 5, 9)
    >>> round(m.shortfall, 5), round(m.on_hand, 5), round(m.fill_rate, 6)
    (1.15624, 4.05911, 0.952404)
    """
    period = Lattice(1.0, 0, np.asarray(demand, np.float64))
    shortfall = shortfall_distribution(period, capacity)
    owed = shortfall.plus(period)  # S − IL
    short = owed.shortage(level)
    return CapacityMeasures(
        level - owed.mean + short,
        short,
        owed.probability_up_to(level),
        1.0 - (short - shortfall.shortage(level)) / period.mean,
        shortfall.mean,
    )


def shortfall_distribution(demand: Lattice, capacity: int) -> Lattice:
    """Stationary law of V' = (V + D − C)⁺, E[D] < C, demand in whole units: Lindley's recursion on a finite range.

    >>> two = Lattice(1.0, 0, np.array([0.5, 0.0, 0.5]))  # 0 or 2 units, capacity 2: never short
    >>> shortfall_distribution(two, 2).mean
    0.0
    """
    if demand.mean >= capacity:
        raise ValueError("capacity must exceed mean demand")
    if demand.last <= capacity:
        return Lattice.point(0.0)
    size = ceil(-log(NEGLIGIBLE) / _decay(demand, capacity)) + demand.last
    if size > MOST:
        raise ValueError("capacity is too close to mean demand for the chain to be solved")
    found = _lindley(demand, capacity, size)
    return Lattice(1.0, 0, found / found.sum())


def _decay(demand: Lattice, capacity: int) -> float:
    """θ > 0 with E[e^{θ(D − C)}] = 1: P(V > v) falls as e^{−θv}."""

    def grows(theta: float) -> bool:
        return float(np.exp(theta * (demand.values - capacity)) @ demand.mass) >= 1.0

    low = 1e-6  # at 0 equality holds too, and the function falls from there
    return smallest_real(grows, low, low)


def _lindley(demand: Lattice, capacity: int, size: int) -> Array:
    """Stationary probabilities of V on 0 … size − 1, larger ones held at the end."""
    jump = np.arange(size)[:, None] + demand.values[None, :].astype(np.int64) - capacity
    step = np.zeros((size, size))
    np.add.at(step, (np.broadcast_to(np.arange(size)[:, None], jump.shape), np.clip(jump, 0, size - 1)), demand.mass)
    balance = step.T - np.eye(size)
    balance[-1, :] = 1.0
    right = np.zeros(size)
    right[-1] = 1.0
    return np.asarray(np.abs(np.linalg.solve(balance, right)), np.float64)
