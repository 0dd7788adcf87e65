"""The economic order quantity and its two nearest relatives: steady demand, lots of one size.

Symbols: K cost per order (money), D demand rate (units per time unit), h holding cost (money per unit per time unit),
b backorder cost (same unit), P production rate (units per time unit). Costs are per time unit, purchase excluded.
"""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple


def economic_order_quantity(order_cost: float, demand_rate: float, holding_cost: float) -> float:
    """Q* = √(2KD/h), units. Harris (1913), Factory 10:135-136, 152; Snyder & Shen, 2nd ed. (2019), eq. 3.4.

    Raises ValueError when K or h is not positive: the formula would give 0 or infinity.

    >>> round(economic_order_quantity(8, 1300, 0.225), 3)  # Snyder & Shen, Example 3.1
    304.047
    """
    _check(order_cost, demand_rate, holding_cost)
    return sqrt(2.0 * order_cost * demand_rate / holding_cost)


def lot_cost(quantity: float, order_cost: float, demand_rate: float, holding_cost: float) -> float:
    """g(Q) = KD/Q + hQ/2, money per time unit. Snyder & Shen (2019), §3.2.

    >>> lot_cost(146, 50, 365, 2), round(lot_cost(304.04678, 8, 1300, 0.225), 4)
    (271.0, 68.4105)
    """
    if quantity <= 0.0:
        raise ValueError("a lot must be larger than 0")
    return order_cost * demand_rate / quantity + holding_cost * quantity / 2.0


class PlannedBackorders(NamedTuple):
    """Lot, share of demand that waits, largest stock, largest backlog (units), cost per time unit."""

    quantity: float
    waiting_share: float
    most_stock: float
    most_backorders: float
    cost: float


def eoq_with_backorders(
    order_cost: float, demand_rate: float, holding_cost: float, backorder_cost: float
) -> PlannedBackorders:
    """Q* = √(2KD(h + b)/(hb)), a share h/(h + b) of demand waits. Snyder & Shen (2019), eq. 3.27 to 3.29.

    >>> best = eoq_with_backorders(8, 1300, 0.225, 5)  # Snyder & Shen, Example 3.8
    >>> round(best.quantity, 3), round(best.waiting_share, 5), round(best.cost, 4)
    (310.813, 0.04306, 66.9214)
    """
    _check(order_cost, demand_rate, holding_cost)
    if backorder_cost <= 0.0:
        raise ValueError(
            "EOQ with planned backorders needs a backorder cost above 0: without one, never ordering is cheapest"
        )
    both = holding_cost + backorder_cost
    quantity = sqrt(2.0 * order_cost * demand_rate * both / (holding_cost * backorder_cost))
    waiting = holding_cost / both
    cost = sqrt(2.0 * order_cost * demand_rate * holding_cost * backorder_cost / both)
    return PlannedBackorders(quantity, waiting, (1.0 - waiting) * quantity, waiting * quantity, cost)


class ProductionLot(NamedTuple):
    """Lot and largest stock (units), cost per time unit."""

    quantity: float
    most_stock: float
    cost: float


def economic_production_quantity(
    order_cost: float, demand_rate: float, holding_cost: float, production_rate: float
) -> ProductionLot:
    """Q* = √(2KD / (h(1 − D/P))). Taft (1918), Iron Age 101:1410-1412; Snyder & Shen (2019), eq. 3.31.

    >>> best = economic_production_quantity(4, 80, 0.08, 110)  # Snyder & Shen, Problem 3.22
    >>> round(best.quantity, 2), round(best.most_stock, 3), round(best.cost, 4)
    (171.27, 46.71, 3.7368)
    """
    _check(order_cost, demand_rate, holding_cost)
    if production_rate <= demand_rate:
        raise ValueError(
            f"production at {production_rate:g} per time unit cannot keep up with a demand of {demand_rate:g}"
        )
    idle = 1.0 - demand_rate / production_rate
    quantity = sqrt(2.0 * order_cost * demand_rate / (holding_cost * idle))
    return ProductionLot(quantity, idle * quantity, sqrt(2.0 * order_cost * demand_rate * holding_cost * idle))


def _check(order_cost: float, demand_rate: float, holding_cost: float) -> None:
    if order_cost <= 0.0:
        raise ValueError("EOQ = √(2KD/h) needs an order cost K above 0: at 0 the lot would shrink to nothing")
    if holding_cost <= 0.0:
        raise ValueError("EOQ = √(2KD/h) needs a holding cost h above 0: at 0 the lot would grow without end")
    if demand_rate <= 0.0:
        raise ValueError("EOQ = √(2KD/h) needs a demand rate D above 0")
