"""Quantity discounts: the lot of least cost when the unit price falls at breakpoints.

Symbols: K cost per order (money), D demand rate (units per time unit), i holding rate (per money unit of stock and time
unit), breakpoints 0 = b_0 < b_1 < … (units), c_j unit price of segment j (money per unit). Costs are per time unit and
include the purchase.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, sqrt
from typing import NamedTuple


class DiscountedLot(NamedTuple):
    """Lot (units) and cost per time unit, purchase included."""

    quantity: float
    cost: float


def all_units(
    order_cost: float, demand_rate: float, holding_rate: float, breakpoints: Sequence[float], prices: Sequence[float]
) -> DiscountedLot:
    """The price of the segment holds for every unit of the lot: g(Q) = c_j·D + KD/Q + i·c_j·Q/2.

    Hadley & Whitin (1963), chapter 2; Snyder & Shen (2019), eq. 3.18 and 3.19.

    >>> best = all_units(8, 1300, 0.3, (0, 400, 800), (0.75, 0.72, 0.68))  # Snyder & Shen, Example 3.5
    >>> best.quantity, round(best.cost, 2)
    (800.0, 978.6)
    """
    found = []
    for low, high, price in _segments(breakpoints, prices):
        quantity = sqrt(2.0 * order_cost * demand_rate / (holding_rate * price))
        quantity = max(quantity, low)
        if quantity < high:  # beyond it, the next segment is cheaper for the same lot
            cost = price * demand_rate + order_cost * demand_rate / quantity + holding_rate * price * quantity / 2.0
            found.append(DiscountedLot(float(quantity), cost))
    return min(found, key=lambda lot: lot.cost)


def incremental(
    order_cost: float, demand_rate: float, holding_rate: float, breakpoints: Sequence[float], prices: Sequence[float]
) -> DiscountedLot:
    """The price of a segment holds for the units within it; stock is valued at the mean price of its lot.

    With v_j = Σ_{k<j} c_k(b_{k+1} − b_k) − c_j·b_j: g_j(Q) = c_j·D + i·v_j/2 + (K + v_j)D/Q + i·c_j·Q/2. Hadley &
    Whitin (1963), chapter 2; Snyder & Shen (2019), eq. 3.20 to 3.22.

    >>> best = incremental(8, 1300, 0.3, (0, 400, 800), (0.75, 0.72, 0.68))  # Snyder & Shen, Example 3.7
    >>> round(best.quantity, 3), round(best.cost, 2)
    (304.047, 1043.41)
    """
    found = []
    below = 0.0  # price of a lot that ends where the segment begins
    for low, high, price in _segments(breakpoints, prices):
        fixed = below - price * low
        quantity = sqrt(2.0 * (order_cost + fixed) * demand_rate / (holding_rate * price))
        if low <= quantity < high:
            cost = price * demand_rate + holding_rate * fixed / 2.0
            cost += (order_cost + fixed) * demand_rate / quantity + holding_rate * price * quantity / 2.0
            found.append(DiscountedLot(quantity, cost))
        below += price * (high - low)
    return min(found, key=lambda lot: lot.cost)


def _segments(breakpoints: Sequence[float], prices: Sequence[float]) -> list[tuple[float, float, float]]:
    """(from, to, unit price) of each segment."""
    if len(breakpoints) != len(prices) or breakpoints[0] != 0 or list(breakpoints) != sorted(set(breakpoints)):
        raise ValueError("one price per breakpoint, and breakpoints that rise from 0")
    return list(zip(breakpoints, [*breakpoints[1:], inf], prices, strict=True))
