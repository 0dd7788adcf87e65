"""The least cost any policy can reach under lost sales with a lead time: what base stock is to be compared with."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

import numpy as np

from chainsim.theory.lattice import Array, Integers, Lattice
from chainsim.theory.lost_sales import base_stock

MOST_ROUNDS = 100_000


class BestLevel(NamedTuple):
    """Order-up-to level (units) and cost per period."""

    level: int
    cost: float


def best_base_stock(demand: Sequence[float], lead_time: int, holding_cost: float, lost_cost: float) -> BestLevel:
    """The base-stock level of least cost (tried one by one: the cost is convex in the level, Downs, Metters & Semple 2001,
    Management Science 47:464-479).

    >>> from chainsim.theory.s_S import poisson_probabilities
    >>> best = best_base_stock(poisson_probabilities(5), 2, 1, 4)
    >>> best.level, round(best.cost, 5)
    (16, 4.63864)
    """
    best = BestLevel(0, base_stock(demand, lead_time, 0).cost(0.0, holding_cost, lost_cost))
    while True:
        level = best.level + 1
        cost = base_stock(demand, lead_time, level).cost(0.0, holding_cost, lost_cost)
        if cost >= best.cost:
            return best
        best = BestLevel(level, cost)


def least_cost(
    demand: Sequence[float], lead_time: int, holding_cost: float, lost_cost: float, accuracy: float = 1e-9
) -> float:
    """Least long-run cost per period over all policies, without order costs, L ≥ 1, within `accuracy`.

    Value iteration on what is on hand and due in each period to come (Zipkin 2008, Operations Research 56:1256-1263, table
    3 has 4.40 for this example). Positions are not raised above the quantile (b + Lh)/(b + (L + 1)h) of demand over L + 1
    periods, which the best base-stock level does not exceed (Huh, Janakiraman, Muckstadt & Rusmevichientong 2009, Management
    Science 55:404-420); raising it by eight units changes nothing here.
    For small demands and lead times: the number of states grows as the level to the power L.

    >>> from chainsim.theory.s_S import poisson_probabilities
    >>> round(least_cost(poisson_probabilities(5), 2, 1, 4), 4)
    4.3953
    """
    if lead_time < 1:
        raise ValueError("without a lead time base stock is optimal: a newsvendor problem")
    period = Lattice(1.0, 0, np.asarray(demand, np.float64))
    over = period
    for _ in range(lead_time):
        over = over.plus(period)
    h, b = holding_cost, lost_cost
    top = round(over.quantile((b + lead_time * h) / (b + (lead_time + 1) * h)))
    states = [s for s in product(range(top + 1), repeat=lead_time) if sum(s) <= top]
    number = {state: k for k, state in enumerate(states)}

    after: list[Integers] = []
    odds: list[Array] = []
    costs = np.zeros(len(states))
    for k, state in enumerate(states):
        left = np.maximum(state[0] - np.arange(len(demand)), 0)
        p = np.asarray(np.bincount(left, weights=period.mass, minlength=state[0] + 1), np.float64)
        lost = np.maximum(np.arange(len(demand)) - state[0], 0)
        costs[k] = h * float(p @ np.arange(state[0] + 1)) + b * float(lost @ period.mass)
        after.append(_next(state, top, number))
        odds.append(p)
    return _value_iteration(costs, after, odds, accuracy)


def _next(state: tuple[int, ...], top: int, number: dict[tuple[int, ...], int]) -> Integers:
    """[units ordered, units left of what is on hand] → number of the next state."""
    rows = []
    for ordered in range(top - sum(state) + 1):
        due = (*state[1:], ordered)
        rows.append([number[(left + due[0], *due[1:])] for left in range(state[0] + 1)])
    return np.asarray(rows, np.int64)


def _value_iteration(costs: Array, after: list[Integers], odds: list[Array], accuracy: float) -> float:
    """Relative value iteration until the least and the largest step enclose the mean cost."""
    value = np.zeros(len(costs))
    for _ in range(MOST_ROUNDS):
        new = costs + np.array([float((value[a] @ p).min()) for a, p in zip(after, odds, strict=True)])
        step = new - value
        if float(np.ptp(step)) <= accuracy:
            return float(step.max() + step.min()) / 2.0
        value = new - new[0]
    raise ValueError("value iteration did not settle")
