"""Suppliers that are down at times: lot sizes and base stock.

Sources: Parlar & Berkin (1991), Naval Research Logistics 38:107-121, as corrected by Berk & Arreola-Risa (1994), Naval
Research Logistics 41:725-731; Snyder & Shen (2019), §9.2.
"""

from __future__ import annotations

from math import ceil, exp, log
from typing import NamedTuple

from scipy import optimize


class DisruptedLot(NamedTuple):
    """Lot (units), cost per time unit, share of demand met, mean units on hand, orders per time unit."""

    quantity: float
    cost: float
    fill_rate: float
    on_hand: float
    orders: float


def lot_under_disruptions(
    quantity: float,
    order_cost: float,
    demand_rate: float,
    holding_cost: float,
    lost_cost: float,
    failure_rate: float,
    recovery_rate: float,
) -> DisruptedLot:
    """Order Q when the shelf empties; it comes at once if the supplier is up, else when it recovers; demand meanwhile is
    lost. Up and down times are exponential with rates λ and μ.

    ψ = λ/(λ + μ)·(1 − e^{−(λ + μ)Q/D}) is the probability to find it down, a cycle lasts Q/D + ψ/μ and
    g = (K + hQ²/(2D) + pDψ/μ) / (Q/D + ψ/μ), p money per unit lost (Snyder & Shen 2019, eq. 9.5).

    >>> lot = lot_under_disruptions(772.811, 8, 1300, 0.225, 5, 1.5, 14)
    >>> round(lot.cost, 2), round(lot.fill_rate, 5)
    (173.95, 0.98851)
    """
    both = failure_rate + recovery_rate
    supplied = quantity / demand_rate
    waiting = failure_rate / both * (1.0 - exp(-both * supplied)) / recovery_rate
    cycle = supplied + waiting
    held = quantity * quantity / (2.0 * demand_rate)
    cost = (order_cost + holding_cost * held + lost_cost * demand_rate * waiting) / cycle
    return DisruptedLot(quantity, cost, supplied / cycle, held / cycle, 1.0 / cycle)


def eoq_with_disruptions(
    order_cost: float,
    demand_rate: float,
    holding_cost: float,
    lost_cost: float,
    failure_rate: float,
    recovery_rate: float,
) -> DisruptedLot:
    """The lot of least cost of `lot_under_disruptions`, found numerically: where the derivative of g changes its sign.

    >>> lot = eoq_with_disruptions(8, 1300, 0.225, 5, 1.5, 14)  # Snyder & Shen, Example 9.1
    >>> round(lot.quantity, 3), round(lot.cost, 3)
    (772.811, 173.95)
    """
    both = failure_rate + recovery_rate

    def slope(quantity: float) -> float:
        """(cycle cost)′ · cycle − cycle cost · cycle′, times D: the sign of dg/dQ."""
        fading = exp(-both * quantity / demand_rate)
        waiting = failure_rate / both * (1.0 - fading) / recovery_rate
        more = failure_rate * fading / recovery_rate  # D·d(waiting)/dQ
        cycle = quantity / demand_rate + waiting
        spent = (
            order_cost + holding_cost * (quantity * quantity) / (2.0 * demand_rate) + lost_cost * demand_rate * waiting
        )
        return (holding_cost * quantity + lost_cost * demand_rate * more) * cycle - spent * (1.0 + more)

    high = demand_rate
    while slope(high) < 0.0:
        high *= 2.0
    quantity = float(optimize.brentq(slope, 0.0, high, xtol=1e-12 * high, rtol=1e-15))
    return lot_under_disruptions(
        quantity, order_cost, demand_rate, holding_cost, lost_cost, failure_rate, recovery_rate
    )


class DisruptedBaseStock(NamedTuple):
    """Order-up-to level, mean units on hand and owed at the end of a period, cost per period."""

    level: float
    on_hand: float
    backorders: float
    cost: float


def base_stock_under_disruptions(
    level: float, demand: float, holding_cost: float, backorder_cost: float, failure: float, recovery: float
) -> DisruptedBaseStock:
    """Demand of d every period; each period the supplier moves (up to down with probability α, down to up with β); if up,
    stock is ordered up to S and arrives at once; then demand, then costs.

    The n-th period of a disruption has π_0 = β/(α + β), π_n = αβ/(α + β)·(1 − β)ⁿ⁻¹ and ends with S − (n + 1)d (Snyder & Shen 2019, eq. 9.14).

    >>> base_stock_under_disruptions(8000, 2000, 0.25, 3, 0.04, 0.25).cost.__round__(2)
    2737.07
    """
    most = ceil(max(level / demand, 1.0)) + 1
    states = _period_of_disruption(failure, recovery, most)
    on_hand = sum(p * max(level - (n + 1) * demand, 0.0) for n, p in enumerate(states))
    mean_periods = failure / (failure + recovery) / recovery  # E[n] = Σ n·π_n
    backorders = on_hand - level + demand * (mean_periods + 1.0)
    cost = holding_cost * on_hand + backorder_cost * backorders
    return DisruptedBaseStock(level, on_hand, backorders, cost)


def optimal_base_stock_under_disruptions(
    demand: float, holding_cost: float, backorder_cost: float, failure: float, recovery: float
) -> DisruptedBaseStock:
    """S* = d + d·F⁻¹(b/(b + h)), F the distribution of the period of the disruption (Snyder & Shen 2019, lemma 9.2 and eq. 9.18).

    >>> best = optimal_base_stock_under_disruptions(2000, 0.25, 3, 0.04, 0.25)  # Snyder & Shen, Example 9.3
    >>> best.level, round(best.cost, 2)
    (8000, 2737.07)
    """
    # P(more than n) = α/(α + β)·(1 − β)ⁿ ≤ h/(b + h)
    down, short = failure / (failure + recovery), holding_cost / (holding_cost + backorder_cost)
    n = 0 if down <= short else ceil(log(short / down) / log(1.0 - recovery) - 1e-12)
    return base_stock_under_disruptions((n + 1) * demand, demand, holding_cost, backorder_cost, failure, recovery)


def _period_of_disruption(failure: float, recovery: float, most: int) -> list[float]:
    """π_0 … π_most."""
    both = failure + recovery
    return [recovery / both] + [failure * recovery / both * (1.0 - recovery) ** (n - 1) for n in range(1, most + 1)]
