"""(s, S): order up to S when the position is at or below s, reviewed every period; whole units, full backordering.

Symbols: K cost per order, p(j) probability that a period's demand is j units, G(y) expected cost of a period that
starts (after ordering) from position y. With a lead time, G looks a lead time ahead: it is the cost of y − D, D the
demand over the protection interval (`inventory_cost`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

from chainsim.theory.lead_time_demand import LeadTimeDemand
from chainsim.theory.search import smallest_integer

PeriodCost = Callable[[int], float]


class MinMax(NamedTuple):
    """Reorder point, order-up-to level (units), cost per period."""

    reorder_point: int
    order_up_to_level: int
    cost: float


def inventory_cost(demand: LeadTimeDemand, holding_cost: float, backorder_cost: float) -> PeriodCost:
    """G(y) = h·E[(y − D)⁺] + b·E[(D − y)⁺], money per period.

    >>> round(inventory_cost(LeadTimeDemand(6, 0, "poisson"), 1, 4)(8), 4)
    3.5701
    """

    def cost(y: int) -> float:
        short = demand.loss(y)
        return holding_cost * (y - demand.mean - demand.added + short) + backorder_cost * short

    return cost


def cost_of_s_S(s: int, S: int, order_cost: float, demand: Sequence[float], period_cost: PeriodCost) -> float:
    """c(s, S) = [K + Σ_j m(j)·G(S − j)] / M(S − s), j = 0 … S − s − 1, money per period, for s < S.

    m is the renewal density of demand, M its running sum. Zheng & Federgruen (1991), §1.

    >>> demand = poisson_probabilities(5)
    >>> round(cost_of_s_S(17, 30, 30, demand, inventory_cost(LeadTimeDemand(15, 0, "poisson"), 1, 9)), 4)
    20.663
    """
    if s >= S:
        raise ValueError(f"the reorder point s ({s}) must be below the order-up-to level S ({S})")
    density = renewal_density(demand, S - s)
    return (order_cost + sum(m * period_cost(S - j) for j, m in enumerate(density))) / sum(density)


def optimal_s_S(order_cost: float, demand: Sequence[float], period_cost: PeriodCost) -> MinMax:
    """The (s, S) of least cost, exactly. Zheng & Federgruen (1991), Operations Research 39:654-665, the algorithm of §2.

    `period_cost` must have a single minimum and grow without bound on both sides.

    >>> poisson = lambda mean: inventory_cost(LeadTimeDemand(mean, 0, "poisson"), 1, 9)
    >>> best = optimal_s_S(64, poisson_probabilities(10), poisson(10))  # the first row of their table 1
    >>> best.reorder_point, best.order_up_to_level, round(best.cost, 3)
    (6, 40, 35.022)
    """
    if order_cost < 0.0:
        raise ValueError("an order cost cannot be negative")
    density: list[float] = []  # m(0), m(1) …, as far as needed so far

    def cost(s: int, S: int) -> float:
        if S - s > len(density):
            density[:] = renewal_density(demand, 2 * (S - s))
        window = density[: S - s]
        return (order_cost + sum(m * period_cost(S - j) for j, m in enumerate(window))) / sum(window)

    lowest = smallest_integer(lambda y: period_cost(y + 1) >= period_cost(y), 0)
    s, best_S = lowest - 1, lowest
    while cost(s, best_S) > period_cost(s):
        s -= 1
    best = cost(s, best_S)
    S = best_S + 1
    while period_cost(S) <= best:
        if cost(s, S) < best:
            best_S = S
            while cost(s, S) <= period_cost(s + 1):
                s += 1
            best = cost(s, S)
        S += 1
    return MinMax(s, best_S, best)


def renewal_density(demand: Sequence[float], length: int) -> list[float]:
    """m(0) … m(length − 1): m(0) = 1/(1 − p(0)), m(j) = Σ_{i=1..j} p(i)·m(j − i) / (1 − p(0)).

    The mean number of periods that the position spends j units below S between two orders.

    >>> renewal_density([0.5, 0.5], 3)  # a unit with probability one half: two periods at each level
    [2.0, 2.0, 2.0]
    """
    moves = 1.0 - demand[0]
    if moves <= 0.0:
        raise ValueError("demand is never above 0")
    density = [1.0 / moves]
    for j in range(1, length):
        most = min(j, len(demand) - 1)
        density.append(sum(demand[i] * density[j - i] for i in range(1, most + 1)) / moves)
    return density


def poisson_probabilities(mean: float, tail: float = 1e-15) -> list[float]:
    """p(0), p(1) … of a Poisson demand, until what is left is below `tail`.

    >>> [round(p, 4) for p in poisson_probabilities(1.0)[:3]]
    [0.3679, 0.3679, 0.1839]
    """
    demand = LeadTimeDemand(mean, 0.0, "poisson")
    last = smallest_integer(lambda n: 1.0 - demand.cdf(n) <= tail, 0)
    below = [0.0] + [demand.cdf(n) for n in range(last + 1)]
    return [up - low for low, up in pairwise(below)]


def mean_undershoot(size_mean: float, size_sd: float, whole: bool = True) -> float:
    """How far the position has fallen below s, on average, when it is at or below: (σ² + μ²)/(2μ), ½ less for whole units.

    μ and σ describe the demand between two looks at the position: one customer's under continuous review, a review
    interval's under periodic review. Tijms & Groenevelt (1984), European Journal of Operational Research 17:175-190; exact as S − s grows;
    0 for unit demands.

    >>> mean_undershoot(1.0, 0.0), round(mean_undershoot(2.0, 1.0), 2)  # sizes 1 … 4 of P = .4, .3, .2, .1
    (0.0, 0.75)
    """
    if size_mean <= 0.0:
        return 0.0
    return max((size_sd * size_sd + size_mean * size_mean) / (2.0 * size_mean) - (0.5 if whole else 0.0), 0.0)
