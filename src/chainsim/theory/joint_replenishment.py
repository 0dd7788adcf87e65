"""Joint replenishment: several items share the cost of an order. Steady demand, no lead time, no shortage.

Symbols: K cost of an order whatever it holds, k_i added cost of item i in it (money), h_i holding cost (money per unit
per time unit), d_i demand rate (units per time unit), T base cycle (time units), m_i: item i is in every m_i-th order.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple


class JointPlan(NamedTuple):
    """Base cycle (time units), one multiple per item, cost per time unit."""

    base_cycle: float
    multiples: tuple[int, ...]
    cost: float


def cyclic_cost(
    base_cycle: float,
    multiples: Sequence[int],
    order_cost: float,
    item_costs: Sequence[float],
    holding_costs: Sequence[float],
    demand_rates: Sequence[float],
) -> float:
    """g = (K + Σ k_i/m_i)/T + (T/2)·Σ h_i·m_i·d_i, money per time unit. Silver, Pyke & Thomas (2017), chapter 10.

    Some item must have multiple 1: every base cycle has an order.

    >>> round(cyclic_cost(0.1, (1, 1, 3, 2), 40, (15,) * 4, (0.24,) * 4, (86000, 12500, 1400, 3000)), 4)
    2129.4
    """
    orders = order_cost + sum(k / m for k, m in zip(item_costs, multiples, strict=True))
    held = sum(h * m * d for h, m, d in zip(holding_costs, multiples, demand_rates, strict=True))
    return orders / base_cycle + base_cycle / 2.0 * held


def mean_on_hand(base_cycle: float, multiples: Sequence[int], demand_rates: Sequence[float]) -> tuple[float, ...]:
    """Units of each item on hand on average, m_i·T·d_i/2.

    >>> mean_on_hand(0.5, (1, 2), (8.0, 4.0))
    (2.0, 2.0)
    """
    return tuple(m * base_cycle * d / 2.0 for m, d in zip(multiples, demand_rates, strict=True))


def silver(
    order_cost: float, item_costs: Sequence[float], holding_costs: Sequence[float], demand_rates: Sequence[float]
) -> JointPlan:
    """Silver's heuristic: item 1 with the least k_i/(h_i·d_i) is in every order, the others in every m_i-th.

    m_i = √[k_i/(h_i·d_i) · h_1·d_1/(K + k_1)], rounded to the nearest whole number but at least 1; then T = √[2(K + Σ
    k_i/m_i)/Σ h_i·m_i·d_i]. Silver (1976), Management Science 22:1351-1361; Silver, Pyke & Thomas (2017), chapter 10.

    >>> plan = silver(40, (15,) * 4, (0.24,) * 4, (86000, 12500, 1400, 3000))  # Silver, Pyke & Peterson (1998), p. 428
    >>> plan.multiples, round(plan.base_cycle, 6), round(plan.cost, 3)
    ((1, 1, 4, 3), 0.076173, 2067.651)
    """
    ratios = [k / (h * d) for k, h, d in zip(item_costs, holding_costs, demand_rates, strict=True)]
    first = ratios.index(min(ratios))
    share = holding_costs[first] * demand_rates[first] / (order_cost + item_costs[first])
    multiples = [max(1, round(sqrt(ratio * share))) for ratio in ratios]
    multiples[first] = 1
    orders = order_cost + sum(k / m for k, m in zip(item_costs, multiples, strict=True))
    held = sum(h * m * d for h, m, d in zip(holding_costs, multiples, demand_rates, strict=True))
    cycle = sqrt(2.0 * orders / held)
    cost = cyclic_cost(cycle, multiples, order_cost, item_costs, holding_costs, demand_rates)
    return JointPlan(cycle, tuple(multiples), cost)
