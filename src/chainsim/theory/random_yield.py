"""Random yield: less (or more) arrives than was ordered.

Symbols: K cost per order, h holding cost (money per unit per time unit), D demand rate, Y units added to a lot (may be
negative), Z factor on a lot; mean and standard deviation of Y or Z as `mean`, `sd`. Y and Z do not depend on the lot.
Sources: Yano & Lee (1995), Operations Research 43:311-334; Snyder & Shen (2019), §9.3.
"""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple


class UncertainLot(NamedTuple):
    """Lot ordered (units), cost per time unit, purchase excluded."""

    quantity: float
    cost: float


def lot_cost(
    received_mean: float, received_sd: float, order_cost: float, demand_rate: float, holding_cost: float
) -> float:
    """g = (K + h·E[R²]/(2D)) / (E[R]/D), R the units received of a lot, the next ordered when they are used up.

    >>> lot_cost(100.0, 0.0, 8, 50, 2)  # a sure yield: KD/R + hR/2
    104.0
    """
    squared = received_mean * received_mean + received_sd * received_sd
    return (order_cost + holding_cost * squared / (2.0 * demand_rate)) / (received_mean / demand_rate)


def additive_lot(order_cost: float, demand_rate: float, holding_cost: float, mean: float, sd: float) -> UncertainLot:
    """R = Q + Y: Q* = √(2KD/h + Var[Y]) − E[Y]. Snyder & Shen (2019), eq. 9.22 and 9.23.

    >>> best = additive_lot(18500, 75000, 0.06, mean=-15000, sd=9000)  # Snyder & Shen, Example 9.4
    >>> round(best.quantity, 2), round(best.cost, 2)
    (230246.37, 12914.78)
    """
    quantity = sqrt(2.0 * order_cost * demand_rate / holding_cost + sd * sd) - mean
    return UncertainLot(quantity, lot_cost(quantity + mean, sd, order_cost, demand_rate, holding_cost))


def multiplicative_lot(
    order_cost: float, demand_rate: float, holding_cost: float, mean: float, sd: float
) -> UncertainLot:
    """R = Q·Z: Q* = √(2KD / (h·E[Z²])). Snyder & Shen (2019), eq. 9.24 and 9.25.

    >>> best = multiplicative_lot(18500, 75000, 0.06, mean=5 / 6, sd=sqrt(5 / 252))  # Snyder & Shen, Example 9.5
    >>> round(best.quantity, 2), round(best.cost, 2)
    (254460.21, 13086.53)
    """
    quantity = sqrt(2.0 * order_cost * demand_rate / (holding_cost * (mean * mean + sd * sd)))
    return UncertainLot(quantity, lot_cost(quantity * mean, quantity * sd, order_cost, demand_rate, holding_cost))


class UncertainOrder(NamedTuple):
    """Order (units), mean leftover, mean shortage, mean cost of the period, P(no shortage)."""

    quantity: float
    leftover: float
    shortage: float
    cost: float
    no_stockout: float


def single_order(
    quantity: float, demand: float, overage: float, underage: float, low: float, high: float
) -> UncertainOrder:
    """One order of S for a known demand d, of which S + Y arrives, Y uniform on [low, high].

    >>> single_order(2.0, 1.5, 1.0, 1.0, -0.5, 0.5)
    UncertainOrder(quantity=2.0, leftover=0.5, shortage=0.0, cost=0.5, no_stockout=1.0)
    """
    # arrives − d is uniform on [bottom, top]
    bottom, top = quantity + low - demand, quantity + high - demand
    width = high - low
    leftover = (max(top, 0.0) ** 2 - max(bottom, 0.0) ** 2) / (2.0 * width)
    shortage = (max(-bottom, 0.0) ** 2 - max(-top, 0.0) ** 2) / (2.0 * width)
    no_stockout = min(max(top / width, 0.0), 1.0)
    return UncertainOrder(quantity, leftover, shortage, overage * leftover + underage * shortage, no_stockout)


def optimal_single_order(demand: float, overage: float, underage: float, low: float, high: float) -> UncertainOrder:
    """S* = d − F_Y⁻¹(c_o/(c_o + c_u)): short with probability c_o/(c_o + c_u). Snyder & Shen (2019), eq. 9.27 and 9.28.

    >>> best = optimal_single_order(1.5, 15e6, 75e6, -0.5, 0.5)  # Snyder & Shen, Example 9.6
    >>> round(best.quantity, 4), round(best.cost)
    (1.8333, 6250000)
    """
    quantity = demand - (low + (high - low) * overage / (overage + underage))
    return single_order(quantity, demand, overage, underage, low, high)
