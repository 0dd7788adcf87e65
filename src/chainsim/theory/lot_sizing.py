"""Lot sizes for known demand that changes from period to period."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class LotPlan(NamedTuple):
    """Units ordered in each period, and the cost of the whole plan."""

    orders: tuple[float, ...]
    cost: float


def wagner_whitin(demand: Sequence[float], order_cost: float, holding_cost: float) -> LotPlan:
    """The plan of least order and holding cost. Wagner & Whitin (1958), Management Science 5:89-96.

    An order is placed and received at the start of a period, before its demand; h is charged per unit left at the end of
    a period. θ(t) = min over s > t of K + h·Σ_{i=t}^{s−1} (i − t)·d_i + θ(s): an order in t covers t … s − 1 (Snyder &
    Shen 2019, eq. 3.39). Of equally cheap plans the one whose first lots are smaller.

    >>> wagner_whitin([90, 120, 80, 70], order_cost=500, holding_cost=2)  # Snyder & Shen, Example 3.9
    LotPlan(orders=(210.0, 0.0, 150.0, 0.0), cost=1380.0)
    """
    periods = len(demand)
    least, reach = [0.0] * (periods + 1), [0] * periods
    for t in reversed(range(periods)):
        held, best = 0.0, float("inf")
        for s in range(t + 1, periods + 1):
            held += holding_cost * (s - 1 - t) * demand[s - 1]
            cost = order_cost + held + least[s]
            if cost < best:
                best, reach[t] = cost, s
        least[t] = best
        if demand[t] == 0.0 and least[t + 1] <= best:  # nothing needed: wait
            least[t], reach[t] = least[t + 1], t
    orders, t = [0.0] * periods, 0
    while t < periods:
        orders[t] = float(sum(demand[t : reach[t]]))
        t = max(reach[t], t + 1)
    return LotPlan(tuple(orders), least[0])
