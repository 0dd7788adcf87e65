"""Rationing rules: who gets how much when orders exceed what there is.

Cachon & Lariviere (1999), Management Science 45:1091-1108. Orders that can be met are met in full.
"""

from __future__ import annotations

from collections.abc import Sequence


def proportional(capacity: float, orders: Sequence[float]) -> tuple[float, ...]:
    """Everyone the same share of the order.

    >>> [round(units, 4) for units in proportional(100, (80, 50, 20))]
    [53.3333, 33.3333, 13.3333]
    """
    share = min(1.0, capacity / sum(orders)) if sum(orders) > 0.0 else 1.0
    return tuple(order * share for order in orders)


def linear(capacity: float, orders: Sequence[float]) -> tuple[float, ...]:
    """Everyone goes short by the same number of units; who would get less than nothing gets nothing.

    >>> [round(units, 4) for units in linear(100, (80, 50, 20))], linear(10, (30, 5))
    ([63.3333, 33.3333, 3.3333], (10.0, 0.0))
    """
    served = sorted(orders, reverse=True)
    while served:
        short = max(sum(served) - capacity, 0.0) / len(served)
        if served[-1] >= short:
            return tuple(max(order - short, 0.0) if order >= served[-1] else 0.0 for order in orders)
        served.pop()
    return tuple(0.0 for _ in orders)


def uniform(capacity: float, orders: Sequence[float]) -> tuple[float, ...]:
    """Everyone the same number of units, at most the order; what small orders leave goes to the others.

    >>> uniform(100, (80, 50, 20)), uniform(200, (80, 50, 20))
    ((40.0, 40.0, 20), (80, 50, 20))
    """
    left, level = capacity, float("inf")
    for k, order in enumerate(sorted(orders)):
        level = left / (len(orders) - k)
        if order > level:
            break
        left, level = left - order, float("inf")
    return tuple(min(order, level) for order in orders)
