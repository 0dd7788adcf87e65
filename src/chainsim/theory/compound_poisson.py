"""Demand of customers who come at random and take several units each, and what it does to reorder-point policies.

Symbols: λ customers per time unit, f(j) probability that a customer wants j = 1, 2 … units, D demand over the lead time
L, IP position, IL = IP − D net stock a lead time later. Whole units, full backordering, a line may be split.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp
from typing import NamedTuple

import numpy as np

from chainsim.theory.lattice import Lattice, fill_rate
from chainsim.theory.s_S import renewal_density

SPLIT = 256.0  # customers beyond which e^(−λt) is computed as a power, lest it underflow


def compound_poisson(customers: float, sizes: Sequence[float]) -> Lattice:
    """Units wanted by a Poisson number of customers of this mean; sizes[j] = P(a customer wants j + 1 units).

    Panjer's recursion p(n) = (λt/n)·Σ_j j·f(j)·p(n − j), p(0) = e^{−λt} (Panjer 1981, ASTIN Bulletin 12:22-26; Adelson
    1966, Operational Research Quarterly 17:73-75).

    >>> demand = compound_poisson(6.0, (0.4, 0.3, 0.2, 0.1))
    >>> round(demand.mean, 9), round(demand.variance, 9), round(float(demand.mass[0]), 6)
    (12.0, 30.0, 0.002479)
    """
    if abs(sum(sizes) - 1.0) > 1e-9 or min(sizes) < 0.0:
        raise ValueError("probabilities of sizes must not be negative and must sum to 1")
    if customers > SPLIT:
        half = compound_poisson(customers / 2.0, sizes)
        return half.plus(half)
    weights = np.arange(1, len(sizes) + 1) * np.asarray(sizes)  # j·f(j)
    mean, variance = customers * weights.sum(), customers * float(np.arange(1, len(sizes) + 1) @ weights)
    last = int(mean + 12.0 * variance**0.5 + 40.0 * len(sizes))
    mass = np.zeros(last + 1)
    mass[0] = exp(-customers)
    for n in range(1, last + 1):
        window = weights[: min(n, len(weights))]
        mass[n] = customers / n * float(window @ mass[n - len(window) : n][::-1])
    return Lattice(1.0, 0, mass)


class PositionMeasures(NamedTuple):
    """Mean units on hand and owed, P(stock above 0), P(nothing owed), share of units and of whole lines served at once,
    orders per time unit, mean units per order."""

    on_hand: float
    backorders: float
    ready_rate: float
    nothing_owed: float
    fill_rate: float
    line_fill_rate: float
    orders: float
    order_size: float


def r_nQ(rate: float, sizes: Sequence[float], lead_time: float, reorder_point: int, batch: int) -> PositionMeasures:
    """(r, nQ) under continuous review: at or below r, order the least number of batches that lifts the position above.

    IP is uniform on r + 1 … r + Q and independent of D. Hadley & Whitin (1963); Zipkin (2000), chapter 6; Axsäter
    (2015), §5.3. `orders` and `order_size` count each batch as one order.

    >>> m = r_nQ(3, (0.4, 0.3, 0.2, 0.1), 2, reorder_point=14, batch=8)
    >>> round(m.on_hand, 5), round(m.fill_rate, 6), round(m.line_fill_rate, 6), m.orders
    (7.00192, 0.813716, 0.802871, 0.75)
    """
    position = Lattice(1.0, reorder_point + 1, np.ones(batch) / batch)
    units = rate * sum(j * p for j, p in enumerate(sizes, start=1))
    return _measures(position, rate, sizes, lead_time, units / batch, float(batch))


def s_S(rate: float, sizes: Sequence[float], lead_time: float, s: int, S: int) -> PositionMeasures:
    """(s, S) under continuous review: at or below s, order up to S; the mean order exceeds S − s by the undershoot.

    With the renewal density m of sizes and M its sum over 0 … S − s − 1, P(IP = S − j) = m(j)/M and λ/M orders are placed
    per time unit. Archibald & Silver (1978), Management Science 24:899-909; Axsäter (2015), §5.3.2.

    >>> m = s_S(3, (0.4, 0.3, 0.2, 0.1), 2, s=14, S=24)
    >>> round(m.on_hand, 5), round(m.backorders, 6), round(m.fill_rate, 6), round(m.order_size, 5)
    (8.23227, 0.393757, 0.850595, 10.74976)
    """
    if s >= S:
        raise ValueError(f"the reorder point s ({s}) must be below the order-up-to level S ({S})")
    density = np.asarray(renewal_density([0.0, *sizes], S - s))
    customers = float(density.sum())  # per order
    position = Lattice(1.0, s + 1, density[::-1] / customers)
    size = customers * sum(j * p for j, p in enumerate(sizes, start=1))
    return _measures(position, rate, sizes, lead_time, rate / customers, size)


def _measures(
    position: Lattice, rate: float, sizes: Sequence[float], lead_time: float, orders: float, order_size: float
) -> PositionMeasures:
    owed = compound_poisson(rate * lead_time, sizes).plus(position.negative())  # −IL
    net = owed.negative()
    lines = sum(p * (1.0 - net.probability_up_to(j - 1)) for j, p in enumerate(sizes, start=1))
    return PositionMeasures(
        on_hand=net.shortage(0.0),
        backorders=owed.shortage(0.0),
        ready_rate=1.0 - net.probability_up_to(0.0),
        nothing_owed=owed.probability_up_to(0.0),
        fill_rate=fill_rate(net, Lattice(1.0, 1, np.asarray(sizes, np.float64))),
        line_fill_rate=lines,
        orders=orders,
        order_size=order_size,
    )
