"""Levels and lots of least expected cost, from the cost rate G(y) of holding position y; no service target.

G is given on whole steps: `cost[k]` = G(first + k), money per time unit, with one minimum and rising on both sides. K is the cost of an order,
`between` the law of demand between two reviews (of one customer under continuous review), T the mean time between them.
All optima are exact for the given G. Where it comes from is `position_cost`: what stock and backorders cost over the time
that a review's order answers for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from chainsim.theory.positions import renewal_density

Array = NDArray[np.float64]


class Lot(NamedTuple):
    """Reorder point s and lot Q, in steps; `cost` per time unit."""

    reorder_point: int
    order_quantity: int
    cost: float


class MinMax(NamedTuple):
    """Reorder point s and order-up-to level S, in steps; `cost` per time unit."""

    reorder_point: int
    order_up_to_level: int
    cost: float


@dataclass(frozen=True)
class PositionCost:
    """G(first), G(first + 1) …: expected cost per time unit of a position."""

    first: int
    cost: Array

    @property
    def best(self) -> int:
        """The base stock of least cost: the lowest position with the least G.

        >>> PositionCost(3, np.array([5.0, 2.0, 2.0, 4.0])).best
        4
        """
        return self.first + int(np.argmin(self.cost))

    def at(self, position: int) -> float:
        """G(y). Raises IndexError beyond the positions it was computed for."""
        k = position - self.first
        if not 0 <= k < len(self.cost):
            raise IndexError(f"no cost is known for position {position}")
        return float(self.cost[k])


def losses(law: Array, first: int, count: int) -> Array:
    """E[(D − y)⁺] for y = first, first + 1 …, D with P(D = k) = law[k].

    >>> losses(np.array([0.5, 0.0, 0.5]), -1, 4).tolist()
    [2.0, 1.0, 0.5, 0.0]
    """
    mean = float(np.arange(len(law)) @ law)
    beyond = 1.0 - np.cumsum(law)  # P(D > k)
    tail = np.concatenate((np.cumsum(beyond[::-1])[::-1], [0.0]))  # E[(D − k)⁺] = Σ_{j ≥ k} P(D > j)
    y = np.arange(first, first + count)
    inside = tail[np.clip(y, 0, len(tail) - 1)]
    return np.asarray(np.where(y < 0, mean - y, np.maximum(inside, 0.0)), np.float64)


def position_cost(
    stages: Sequence[tuple[float, Array]], first: int, count: int, holding_cost: float, backorder_cost: float
) -> PositionCost:
    """G(y) = Σ share · {h·E[(y − D)⁺] + b·E[(D − y)⁺]} over the stages of the time between the receipts of two reviews'
    orders: in each, demand D since the review has one law, for a share of that time.

    Zipkin, Foundations of Inventory Management (2000), §6.2.3 and §9.4.3. Costs per step and time unit.

    >>> poisson = np.array([0.1353, 0.2707, 0.2707, 0.1804, 0.0902, 0.0361, 0.0120, 0.0034, 0.0009, 0.0003])
    >>> position_cost([(1.0, poisson)], 0, 8, 1.0, 9.0).best  # newsvendor: P(D ≤ 4) = .947 ≥ .9
    4
    """
    y = np.arange(first, first + count)
    total = np.zeros(count)
    for share, law in stages:
        short = losses(law, first, count)
        held = y - float(np.arange(len(law)) @ law) + short
        total += share * (holding_cost * held + backorder_cost * short)
    return PositionCost(first, total)


def best_lot(cost: PositionCost, order_cost: float, between: Array, time: float) -> Lot:
    """(s, nQ) of least cost: C(s, Q) = {K·E[min(D, Q)] / T + Σ_{y = s+1 … s+Q} G(y)} / Q.

    The position after a review is even on s + 1 … s + Q, and an order is placed with probability E[min(D, Q)] / Q.
    For each Q the cheapest window of positions grows from the minimum of G to the cheaper side; the best of all Q is taken,
    since with lumpy demand Q = 1 can be a local minimum. Zheng & Chen (1992), Naval Research Logistics 39:859-876.

    >>> newsvendor = PositionCost(0, np.abs(np.arange(21.0) - 8.0))
    >>> best_lot(newsvendor, 3.0, np.array([0.0, 1.0]), 1.0)  # one unit a day: positions 7, 8, 9 cost 3 + 1 + 0 + 1
    Lot(reorder_point=6, order_quantity=3, cost=1.6666666666666667)
    """
    total, lowest = _windows(cost)
    orders = _expected_minimum(between, len(total)) / time
    sizes = np.arange(1, len(total) + 1)
    each = (order_cost * orders + total) / sizes
    k = int(np.argmin(each))
    return Lot(int(lowest[k]) - 1, k + 1, float(each[k]))


def best_reorder_point(cost: PositionCost, lot: int) -> int:
    """s of least cost for a given lot: the cheapest window of `lot` positions.

    >>> best_reorder_point(PositionCost(0, np.abs(np.arange(21.0) - 8.0)), 5)
    5
    """
    _, lowest = _windows(cost)
    return int(lowest[min(lot, len(lowest)) - 1]) - 1


def cost_of_lot(cost: PositionCost, s: int, lot: int, order_cost: float, between: Array, time: float) -> float:
    """C(s, Q), money per time unit."""
    k = s + 1 - cost.first
    orders = _expected_minimum(between, lot)[-1] / time
    return float(order_cost * orders + cost.cost[k : k + lot].sum()) / lot


def best_min_max(cost: PositionCost, order_cost: float, between: Array, time: float) -> MinMax:
    """(s, S) of least cost: the algorithm of Zheng & Federgruen (1991), Operations Research 39:654-665, §2, on arrays.

    c(s, S) = {K + T·Σ_j m(j)·G(S − j)} / {T·Σ_j m(j)}, m the renewal density of demand between reviews.

    >>> newsvendor = PositionCost(0, np.abs(np.arange(41.0) - 8.0))
    >>> best_min_max(newsvendor, 3.0, np.array([0.0, 1.0]), 1.0)  # units one by one: the same as the best lot
    MinMax(reorder_point=6, order_up_to_level=9, cost=1.6666666666666667)
    """
    g, last = cost.cost * time, len(cost.cost) - 1
    density = np.zeros(0)

    def rate(s: int, S: int) -> float:  # places in g
        nonlocal density
        if S - s > len(density):
            density = renewal_density(between, min(2 * (S - s) + 64, last + 1))
        m = density[: S - s]
        return float((order_cost + m @ g[s + 1 : S + 1][::-1]) / m.sum())

    lowest = int(np.argmin(g))
    s, S = lowest - 1, lowest
    while s > 0 and rate(s, S) > g[s]:
        s -= 1
    best, best_S = rate(s, S), S
    for S in range(lowest + 1, last + 1):
        if g[S] > best:
            break
        found = rate(s, S)
        if found < best:
            best, best_S = found, S
            while s + 1 < lowest and rate(s, S) <= g[s + 1]:
                s += 1
            best = rate(s, S)
    return MinMax(cost.first + s, cost.first + best_S, best / time)


def best_reorder_point_below(cost: PositionCost, S: int, order_cost: float, between: Array, time: float) -> MinMax:
    """(s, S) of least cost for a given S: c(s, S) of every s below it, by cumulative sums.

    >>> newsvendor = PositionCost(0, np.abs(np.arange(41.0) - 8.0))
    >>> best_reorder_point_below(newsvendor, 10, 3.0, np.array([0.0, 1.0]), 1.0)  # 3 + 2 + 1 + 0 + 1 over four days
    MinMax(reorder_point=6, order_up_to_level=10, cost=1.75)
    """
    below = cost.cost[: S - cost.first + 1][::-1]  # G(S), G(S − 1) …
    below = below[: max(int(np.isfinite(below).sum()), 1)]
    density = renewal_density(between, len(below))
    length = np.cumsum(density) * time
    each = (order_cost + np.cumsum(density * time * below)) / length
    k = int(np.argmin(each))
    return MinMax(S - k - 1, S, float(each[k]))


def _windows(cost: PositionCost) -> tuple[Array, NDArray[np.int64]]:
    """For Q = 1, 2 …: Σ G over the cheapest Q neighbouring positions, and the lowest of them.

    From the minimum outwards, always to the cheaper side; a side that dips again is taken at the height of the hill before.
    """
    k = int(np.argmin(cost.cost))
    left, right = cost.cost[:k][::-1], cost.cost[k + 1 :]
    heights = np.concatenate(([-np.inf], np.maximum.accumulate(left), np.maximum.accumulate(right)))
    is_left = np.concatenate(([False], np.ones(len(left), bool), np.zeros(len(right), bool)))
    values = np.concatenate((cost.cost[k : k + 1], left, right))
    order = np.argsort(heights, kind="stable")
    lefts = np.cumsum(is_left[order])
    rights = np.arange(len(order)) - lefts
    inside = (lefts < max(len(left), 1)) & (rights < max(len(right), 1))  # beyond the ends nothing is known
    stop = len(inside) if inside.all() else max(int(np.argmin(inside)), 1)
    return np.cumsum(values[order])[:stop], cost.first + k - lefts[:stop]


def _expected_minimum(law: Array, most: int) -> Array:
    """E[min(D, Q)], Q = 1 … most: Σ_{k < Q} P(D > k)."""
    beyond = 1.0 - np.cumsum(law)
    padded = np.zeros(most)
    padded[: min(len(beyond), most)] = beyond[:most]
    return np.cumsum(np.maximum(padded, 0.0))
