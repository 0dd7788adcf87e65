"""Bullwhip along a chain, with and without shared demand information, and from batching.

Variance of orders over variance of independent customer demand. As in `bullwhip`: L is the number of periods an order
covers, review included; forecasts are means of the last p periods; orders may be negative; safety stock is constant.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from chainsim.theory.bullwhip import moving_average


def decentralised(intervals: Sequence[float], window: int) -> tuple[float, ...]:
    """Every stage forecasts from the orders it receives; stage 1 serves the customers. Exact, by impulse response.

    A stage turns demand d into orders d_t + (L/p)(d_t − d_{t−p}): one filter per stage; the ratio is the sum of squares of
    their convolution. Chen, Drezner, Ryan & Simchi-Levi (2000), Management Science 46:436-443, bound it by the product of
    the stages' own ratios (`product_bound`), which it exceeds from stage 2 on.

    >>> [round(ratio, 5) for ratio in decentralised((2, 2, 2), 5)]
    [2.12, 5.1216, 13.51712]
    """
    response, found = np.ones(1), []
    for interval in intervals:
        stage = np.zeros(window + 1)
        stage[0], stage[window] = 1.0 + interval / window, -interval / window
        response = np.convolve(response, stage)
        found.append(float(response @ response))
    return tuple(found)


def product_bound(intervals: Sequence[float], window: int) -> tuple[float, ...]:
    """Product of the single-stage ratios, a lower bound of `decentralised`. Chen et al. (2000), §4.

    >>> [round(ratio, 6) for ratio in product_bound((2, 2, 2), 5)]
    [2.12, 4.4944, 9.528128]
    """
    return tuple(accumulate((moving_average(interval, window) for interval in intervals), float.__mul__))


def centralised(intervals: Sequence[float], window: int) -> tuple[float, ...]:
    """Every stage knows customer demand: stage k orders up to (L_1 + … + L_k) × the forecast. Chen et al. (2000), theorem
    4.1.

    >>> [round(ratio, 2) for ratio in centralised((2, 2, 2), 5)]
    [2.12, 3.88, 6.28]
    """
    return tuple(moving_average(interval, window) for interval in accumulate(intervals))


class BatchedOrders(NamedTuple):
    """Mean per period of what a supplier is asked for, and its variance under each arrangement of review days."""

    mean: float
    demand_variance: float
    random: float
    synchronised: float
    balanced: float


def batched_orders(retailers: int, review: int, mean: float, sd: float) -> BatchedOrders:
    """N retailers each review every R periods and order the demand since: Ns² + m²N(R − 1) when each draws its own review
    day, Ns² + m²N²(R − 1) when all share one, Ns² when N/R order each period.

    m, s: mean and standard deviation of a retailer's demand per period. The variance is that of a period drawn at random
    together with the review days: days drawn once and kept give another number in a single long run. Lee, Padmanabhan &
    Whang (1997), Management Science 43:546-558, §4.

    >>> batched_orders(10, 5, 20.0, 4.0)
    BatchedOrders(mean=200.0, demand_variance=160.0, random=16160.0, synchronised=160160.0, balanced=160.0)
    """
    if retailers % review:
        raise ValueError("balanced review days need a whole number of retailers per period")
    own = retailers * (sd * sd)
    spread = mean * mean * (review - 1)
    return BatchedOrders(retailers * mean, own, own + spread * retailers, own + spread * (retailers * retailers), own)
