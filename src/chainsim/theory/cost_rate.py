"""What a position costs: G(y) of a stock point, from its own laws; and what levels with lots of one size cost.

The orders of two reviews are received L and L + R after the first of them. Over the time between the two, what the
position y after the review has not yet met is net stock: y − D(n(t)), n(t) the demands that came in t. With W the demand
until a random moment of that time,

    G(y) = h·E[(y − W)⁺] + b·E[(W − y)⁺] + p·E[units newly short] per time unit.

Stages of constant count last from the receipt to the next demand, then a period each, then the rest of R; over continuous
time W is D(L + t), t even on R; under continuous review it is D(L). Since G is linear in the law of W, one mixture serves
all stages. Zipkin, Foundations of Inventory Management (2000), §6.2.3 and §9.4.3; Hadley & Whitin, Analysis of Inventory
Systems (1963), §5-2. With lost sales (p) a sale that is lost is counted as if it were owed: an upper bound of what is short.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from chainsim.theory import service_crossing
from chainsim.theory.counts import Counts
from chainsim.theory.cover import Rhythm
from chainsim.theory.crossing import few
from chainsim.theory.least_cost import PositionCost
from chainsim.theory.positions import Rule, loss, mean_at
from chainsim.theory.service_laws import Laws
from chainsim.theory.stage import Stage, Sums, Transform

Array = NDArray[np.float64]

MOMENTS = 96  # moments that stand for all, over a review interval of continuous time
LEADS = 4096  # lead times that stand for all, where demands are counted


@dataclass(frozen=True)
class Prices:
    """Of a step (of the lattice) and time unit: holding, owing; of a step lost; of an order.

    >>> Prices(holding=1.0, backorder=9.0, order=64.0).lost
    0.0
    """

    holding: float
    backorder: float = 0.0
    lost: float = 0.0
    order: float = 0.0


def cost_rate(stage: Stage, sums: Sums, leads: Array, prices: Prices, first: int, count: int) -> PositionCost:
    """G(first), G(first + 1) … of a position in steps. `leads`: lead times as receipts of its orders see them.

    Lead time 0, one unit wanted at each instant, reviewed before it: y − 1 stays until the next, so that G(1) = 0:

    >>> stage = Stage(np.array([0.0, 1.0]), np.zeros(1), Rhythm.of(1.0, 1.0, before=True))
    >>> cost_rate(stage, Sums(stage, 20), stage.leads, Prices(holding=1.0, backorder=9.0), -1, 5).cost.round(9).tolist()
    [18.0, 9.0, 0.0, 1.0, 2.0]
    """
    levels = np.arange(first, first + count)
    law = sums.mass(until_a_moment(stage, sums, leads))
    owed = loss((0, law), levels)
    held = levels - float(np.arange(len(law)) @ law) + owed
    cost = prices.holding * held + prices.backorder * owed
    if prices.lost > 0.0:
        start, end = sums.mass(sums.waited(leads)), sums.mass(sums.until_next(leads))
        cost = cost + prices.lost * _per_time(stage) * (loss((0, end), levels) - loss((0, start), levels))
    if stage.lost:
        cost = np.where(levels < 1, np.inf, cost)  # with lost sales no position falls below 0, and 0 never orders
    return PositionCost(first, np.asarray(cost, np.float64))


def cost_rate_one_for_one(stage: Stage, sums: Sums, prices: Prices, first: int, count: int) -> PositionCost:
    """G of base stock: where its orders cross, by the number of orders on their way."""
    if not service_crossing.fits(replace(stage, lost=False)):
        return cost_rate(stage, sums, stage.leads_of_orders(stage.between_mean), prices, first, count)
    owing = replace(stage, lost=False)
    levels = np.arange(first, first + count)
    law = sums.mass(service_crossing.at_a_moment(owing, sums))
    owed = loss((0, law), levels)
    held = levels - float(np.arange(len(law)) @ law) + owed
    cost = prices.holding * held + prices.backorder * owed
    if prices.lost > 0.0:
        filled = service_crossing.service(owing, sums, levels, "fill_rate")
        cost = cost + prices.lost * stage.per_time * (1.0 - filled)
    if stage.lost:
        cost = np.where(levels < 1, np.inf, cost)
    return PositionCost(first, np.asarray(cost, np.float64))


def until_a_moment(stage: Stage, sums: Sums, leads: Array) -> Transform:
    """W, the demand since a review until a moment at which its order has come and the next review's has not."""
    rhythm = stage.rhythm
    if rhythm is not None:
        return sums.counted(time_by_count(rhythm, few(leads, LEADS)))
    if stage.review == 0.0:
        return sums.over(leads)
    moments = (np.arange(MOMENTS) + 0.5) / MOMENTS * stage.review
    return sums.over(np.add.outer(few(leads, MOMENTS), moments).ravel())


def time_by_count(rhythm: Rhythm, leads: Array) -> Counts:
    """Share of the time between two receipts in which n demands have come since the review.

    Lead time 2.5, demand and review every period, after it: half of the time two demands, then three:

    >>> time_by_count(Rhythm.of(1.0, 1.0), np.array([2.5]))
    Counts(first=2, step=1, shares=array([0.5, 0.5]))
    """
    every, interval = rhythm.every, rhythm.interval
    start = rhythm.waited(leads)
    end = rhythm.until_next(leads)
    phases = np.asarray(rhythm.phases)[:, None]
    until = np.clip(phases + start * every - leads[None, :], 0.0, interval)  # from the receipt to the next demand
    until = np.where(end == start, interval, until)
    rest = np.where(end == start, 0.0, np.maximum(interval - until - np.maximum(end - start - 1, 0) * every, 0.0))

    def loss(k: int) -> float:
        low, high = np.maximum(start + 1, k), end - 1  # counts that last a whole period
        whole = np.where(high < low, 0.0, (high - low + 1.0) * (high + low - 2.0 * k) / 2.0)
        return float((until * np.maximum(start - k, 0) + every * whole + rest * np.maximum(end - k, 0)).sum())

    return Counts.of_loss(int(start.min()), int(end.max()), loss)


def cost_of_levels(laws: Laws, cost: PositionCost, rule: Rule, order_cost: float, per_time: float) -> PositionCost:
    """C(s) of (s, nQ) or (s, S) with lots as in `laws`: G on average over where the position rests, and the orders, one for
    each mean lot demanded. Hadley & Whitin (1963), §5-2; Zheng & Federgruen (1991), eq. 3."""
    known = int(np.argmax(np.isfinite(cost.cost)))  # infinite below, with lost sales
    inside = cost.cost[known:]
    if len(inside) < len(laws.resting) - 1:
        raise ValueError("the costs of these positions do not hold a lot")
    mean = mean_at(rule, inside, laws.resting)
    return PositionCost(cost.first + known - 1, np.asarray(mean + order_cost * per_time / laws.order, np.float64))


def _per_time(stage: Stage) -> float:
    """Cycles (reviews, or customers each reviewed) per time unit."""
    return 1.0 / stage.interval if stage.interval > 0.0 else stage.rate
