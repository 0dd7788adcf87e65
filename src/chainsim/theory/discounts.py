"""Quantity discounts: the lot of least cost when the unit price falls at breakpoints.

Symbols: K cost per order (money), D demand rate (units per time unit), i holding rate (per money unit of stock and time
unit), h holding cost of a unit and time unit besides, breakpoints 0 = b_0 < b_1 < … (units), c_j unit price of segment j
(money per unit). Costs are per time unit and include the purchase. `least`, `most`: the smallest and largest lot that may
be ordered (units).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf, sqrt
from typing import NamedTuple


class DiscountedLot(NamedTuple):
    """Lot (units) and cost per time unit, purchase included."""

    quantity: float
    cost: float


def all_units(
    order_cost: float,
    demand_rate: float,
    holding_rate: float,
    breakpoints: Sequence[float],
    prices: Sequence[float],
    holding_cost: float = 0.0,
    *,
    least: float = 0.0,
    most: float = inf,
) -> DiscountedLot:
    """The price of the segment holds for every unit of the lot: g(Q) = c_j·D + KD/Q + (h + i·c_j)·Q/2.

    Hadley & Whitin (1963), chapter 2; Snyder & Shen (2019), eq. 3.18 and 3.19; Silver, Pyke & Thomas (2017), chapter 4.

    >>> best = all_units(8, 1300, 0.3, (0, 400, 800), (0.75, 0.72, 0.68))  # Snyder & Shen, Example 3.5
    >>> best.quantity, round(best.cost, 2)
    (800.0, 978.6)
    """
    segments = _segments(breakpoints, prices)

    def cost(quantity: float) -> float:
        price = purchase_price(quantity, breakpoints, prices)
        held = (holding_cost + holding_rate * price) * quantity / 2.0
        return price * demand_rate + order_cost * demand_rate / quantity + held

    wanted = [sqrt(2.0 * order_cost * demand_rate / (holding_cost + holding_rate * price)) for _, _, price in segments]
    return _cheapest(segments, wanted, cost, least, most)


def incremental(
    order_cost: float,
    demand_rate: float,
    holding_rate: float,
    breakpoints: Sequence[float],
    prices: Sequence[float],
    holding_cost: float = 0.0,
    *,
    least: float = 0.0,
    most: float = inf,
) -> DiscountedLot:
    """The price of a segment holds for the units within it; stock is valued at the mean price of its lot.

    With v_j = Σ_{k<j} c_k(b_{k+1} − b_k) − c_j·b_j: g_j(Q) = c_j·D + i·v_j/2 + (K + v_j)D/Q + (h + i·c_j)·Q/2. Hadley &
    Whitin (1963), chapter 2; Snyder & Shen (2019), eq. 3.20 to 3.22; Zipkin (2000), chapter 3.

    >>> best = incremental(8, 1300, 0.3, (0, 400, 800), (0.75, 0.72, 0.68))  # Snyder & Shen, Example 3.7
    >>> round(best.quantity, 3), round(best.cost, 2)
    (304.047, 1043.41)
    """
    segments = _segments(breakpoints, prices)

    def cost(quantity: float) -> float:
        price = purchase_price(quantity, breakpoints, prices, incremental=True)
        held = (holding_cost + holding_rate * price) * quantity / 2.0
        return price * demand_rate + order_cost * demand_rate / quantity + held

    wanted = []
    below = 0.0  # price of a lot that ends where the segment begins
    for low, high, price in segments:
        fixed = order_cost + below - price * low
        wanted.append(sqrt(max(2.0 * fixed * demand_rate / (holding_cost + holding_rate * price), 0.0)))
        below += price * (high - low)
    return _cheapest(segments, wanted, cost, least, most)


def purchase_price(
    quantity: float, breakpoints: Sequence[float], prices: Sequence[float], *, incremental: bool = False
) -> float:
    """Mean price of a unit in a lot of so many.

    >>> purchase_price(800, (0, 400, 800), (0.75, 0.72, 0.68)), purchase_price(800, (0, 400), (0.75, 0.72), incremental=True)
    (0.68, 0.735)
    """
    paid = price = 0.0
    for low, high, of_segment in _segments(breakpoints, prices):
        if quantity < low:
            break
        paid += of_segment * (min(quantity, high) - low)
        price = of_segment
    return paid / quantity if incremental and quantity > 0.0 else price


def _cheapest(
    segments: Sequence[tuple[float, float, float]],
    wanted: Sequence[float],
    cost: Callable[[float], float],
    least: float,
    most: float,
) -> DiscountedLot:
    """Of each segment the lot that its own convex cost wants, or the end nearest to it: the cheapest of these."""
    found = []
    for (low, high, _), quantity in zip(segments, wanted, strict=True):
        first, last = max(low, least), min(high, most)
        if first <= last:
            lot = min(max(quantity, first), last)
            found.append(DiscountedLot(float(lot), cost(lot)))
    if not found:
        raise ValueError("no lot may be ordered: the smallest is larger than the largest")
    return min(found, key=lambda lot: lot.cost)


def _segments(breakpoints: Sequence[float], prices: Sequence[float]) -> list[tuple[float, float, float]]:
    """(from, to, unit price) of each segment."""
    if len(breakpoints) != len(prices) or breakpoints[0] != 0 or list(breakpoints) != sorted(set(breakpoints)):
        raise ValueError("one price per breakpoint, and breakpoints that rise from 0")
    return list(zip(breakpoints, [*breakpoints[1:], inf], prices, strict=True))
