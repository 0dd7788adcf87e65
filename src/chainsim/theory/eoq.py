"""The economic order quantity and its two nearest relatives: steady demand, lots of one size.

Symbols: K cost per order (money), D demand rate (units per time unit), h holding cost (money per unit per time unit),
b backorder cost (same unit), P production rate (units per time unit). Costs are per time unit, purchase excluded.
"""

from __future__ import annotations

from math import sqrt
from typing import Literal, NamedTuple


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


class LotMeasures(NamedTuple):
    """Orders per time unit, time between orders, mean units on hand, turns per time unit, cost per time unit."""

    orders: float
    cycle_time: float
    on_hand: float
    turns: float
    cost: float


def lot_measures(quantity: float, order_cost: float, demand_rate: float, holding_cost: float) -> LotMeasures:
    """D/Q orders, Q/2 on hand, D/(Q/2) turns: demand flows, the lot arrives when the shelf is empty. Snyder & Shen §3.2.

    >>> lot_measures(146, 50, 365, 2)
    LotMeasures(orders=2.5, cycle_time=0.4, on_hand=73.0, turns=5.0, cost=271.0)
    """
    cost = lot_cost(quantity, order_cost, demand_rate, holding_cost)
    return LotMeasures(
        demand_rate / quantity, quantity / demand_rate, quantity / 2.0, 2.0 * demand_rate / quantity, cost
    )


def on_hand_of_unit_demands(quantity: int, replenished: Literal["when_empty", "at_next_demand"]) -> float:
    """Mean units on hand when demand comes as single units, evenly spaced, and the lead time is 0.

    The level runs through Q … 1 and the mean is (Q + 1)/2 when the lot arrives at the instant the shelf empties; through
    Q − 1 … 0, mean (Q − 1)/2, when it arrives with the next unit demanded and serves it. Demand that flows has Q/2.

    >>> on_hand_of_unit_demands(20, "when_empty"), on_hand_of_unit_demands(20, "at_next_demand")
    (10.5, 9.5)
    """
    return (quantity + 1) / 2.0 if replenished == "when_empty" else (quantity - 1) / 2.0


class PlannedBackorders(NamedTuple):
    """Lot, share of demand that waits, largest stock, largest backlog (units), cost per time unit."""

    quantity: float
    waiting_share: float
    most_stock: float
    most_backorders: float
    cost: float

    @property
    def on_hand(self) -> float:
        """Mean units on hand, Q(1 − x)²/2."""
        return (1.0 - self.waiting_share) * self.most_stock / 2.0

    @property
    def backorders(self) -> float:
        """Mean units owed, Qx²/2."""
        return self.waiting_share * self.most_backorders / 2.0


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
    """Lot and largest stock (units), cost per time unit, share of time in production, time between starts."""

    quantity: float
    most_stock: float
    cost: float
    busy_share: float
    cycle_time: float


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
    cost = sqrt(2.0 * order_cost * demand_rate * holding_cost * idle)
    return ProductionLot(quantity, idle * quantity, cost, 1.0 - idle, quantity / demand_rate)


def _check(order_cost: float, demand_rate: float, holding_cost: float) -> None:
    if order_cost <= 0.0:
        raise ValueError("EOQ = √(2KD/h) needs an order cost K above 0: at 0 the lot would shrink to nothing")
    if holding_cost <= 0.0:
        raise ValueError("EOQ = √(2KD/h) needs a holding cost h above 0: at 0 the lot would grow without end")
    if demand_rate <= 0.0:
        raise ValueError("EOQ = √(2KD/h) needs a demand rate D above 0")
