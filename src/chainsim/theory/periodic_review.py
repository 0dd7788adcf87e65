"""Reviews at fixed times: (R, s, S) in discrete periods, (R, S) in discrete periods and in continuous time.

Symbols: R time between reviews, L lead time, s, S levels (units), D(n) demand of n periods, p(j) probability that a
period's demand is j units. Whole units, full backordering. In discrete periods: review and order, receipt of what is
due, demand, then the count of the period; an order placed in period t is usable in t + L.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from scipy import integrate

from chainsim.theory.lattice import Lattice
from chainsim.theory.lead_time_demand import LeadTimeDemand
from chainsim.theory.s_S import renewal_density


class PeriodMeasures(NamedTuple):
    """Mean units on hand and owed at the end of a period, P(nothing owed) there and at the end of a review cycle, share
    of units filled at once, orders per period."""

    on_hand: float
    backorders: float
    nothing_owed: float
    nothing_owed_end_of_cycle: float
    fill_rate: float
    orders: float

    def cost(self, order_cost: float, holding_cost: float, backorder_cost: float) -> float:
        """K per order, h and b per unit at the end of a period: money per period.

        >>> from chainsim.theory.s_S import poisson_probabilities
        >>> round(R_s_S(poisson_probabilities(6), 0, 1, 4, 10).cost(5, 1, 4), 3)  # Snyder & Shen, Example 4.7
        8.034
        """
        return order_cost * self.orders + holding_cost * self.on_hand + backorder_cost * self.backorders


def R_s_S(demand: Sequence[float], lead_time: int, review: int, s: int, S: int) -> PeriodMeasures:
    """(R, s, S), order up to S when the position is at or below s at a review; demand[j] = P(a period wants j units).

    The position after a review, y, has the renewal distribution of R-period demand; IL at the end of the k-th period
    served is y − D(L + 1 + k), k = 0 … R − 1; fill rate 1 − E[(D(L + R) − y)⁺ − (D(L) − y)⁺]/(R·E[D(1)]). Zipkin
    (2000), chapter 9; Silver, Pyke & Thomas (2017), chapter 6.

    >>> from chainsim.theory.s_S import poisson_probabilities
    >>> m = R_s_S(poisson_probabilities(5), lead_time=2, review=3, s=27, S=42)
    >>> round(m.on_hand, 4), round(m.backorders, 6), round(m.fill_rate, 6), round(m.orders, 6)
    (18.3329, 0.056203, 0.989634, 0.227287)
    """
    if s >= S:
        raise ValueError(f"the reorder point s ({s}) must be below the order-up-to level S ({S})")
    period = Lattice(1.0, 0, np.asarray(demand, np.float64))

    @cache
    def over(periods: int) -> Lattice:
        return over(periods - 1).plus(period) if periods else Lattice.point(0.0)

    density = np.asarray(renewal_density(list(map(float, over(review).mass)), S - s))
    reviews = float(density.sum())  # between two orders
    position = Lattice(1.0, s + 1, density[::-1] / reviews)
    owed = [over(lead_time + 1 + k).plus(position.negative()) for k in range(review)]
    before = over(lead_time).plus(position.negative()).shortage(0.0)
    return PeriodMeasures(
        on_hand=sum(x.negative().shortage(0.0) for x in owed) / review,
        backorders=sum(x.shortage(0.0) for x in owed) / review,
        nothing_owed=sum(x.probability_up_to(0.0) for x in owed) / review,
        nothing_owed_end_of_cycle=owed[-1].probability_up_to(0.0),
        fill_rate=1.0 - (owed[-1].shortage(0.0) - before) / (review * period.mean),
        orders=1.0 / (reviews * review),
    )


class BaseStockMeasures(NamedTuple):
    """Mean units on hand and owed at the end of a period, P(nothing owed) there, share of units filled at once."""

    on_hand: float
    backorders: float
    nothing_owed: float
    fill_rate: float


def base_stock(period_mean: float, level: int, lead_time: int, after_demand: bool = False) -> BaseStockMeasures:
    """Base stock S every period, Poisson demand. The protection interval is the whole difference of two conventions.

    Ordering before demand covers L + 1 periods: IL = S − D(L + 1) at the end of a period. Ordering after demand, usable
    L periods later before demand, covers L. Fill rate 1 − (G_end(S) − G_start(S))/E[D(1)], start one period less.

    >>> round(base_stock(5, 18, 2).fill_rate, 4), round(base_stock(5, 18, 2, after_demand=True).fill_rate, 4)
    (0.8992, 0.9973)
    """
    covered = lead_time if after_demand else lead_time + 1
    if covered < 1:
        raise ValueError("an order placed after demand needs a lead time of at least one period to be usable")
    end = LeadTimeDemand(period_mean * covered, 0.0, "poisson")
    start = LeadTimeDemand(period_mean * (covered - 1), 0.0, "poisson")
    owed = end.loss(level)
    return BaseStockMeasures(
        level - end.mean + owed, owed, end.cdf(level), 1.0 - (owed - start.loss(level)) / period_mean
    )


def base_stock_of_crossing_orders(demand: Sequence[float], late: Sequence[float], level: int) -> BaseStockMeasures:
    """Base stock reviewed after each period's demand, whose orders take independent times, broken or random, and may overtake each other.

    demand: probabilities of 0, 1, 2 … units in a period; late: P(L > 1), P(L > 2) …, time in periods. Just before a demand the order of j
    periods ago, as large as the demand then, is still out with probability P(L > j); what is out altogether is X = Σ_j B_j·D_j, and the
    stock is S − X at the end of a period; the next period fills min((S − X)⁺, D). (What is out follows from base stock alone; Robinson,
    Bradley & Thomas 2001, M&SOM 3:175-188, on orders that cross.) Backorders are those just before the demand. Below, all take 3 periods.

    >>> from chainsim.theory.s_S import poisson_probabilities
    >>> m, known = base_stock_of_crossing_orders(poisson_probabilities(5), (1.0, 1.0), 18), base_stock(5, 18, 3, after_demand=True)
    >>> round(m.fill_rate, 12) == round(known.fill_rate, 12)
    True
    """
    each = np.asarray(demand, np.float64)
    mean = float(np.arange(len(each)) @ each)
    out = np.ones(1)
    for share in late:
        order = share * each
        order[0] += 1.0 - share
        out = np.convolve(out, order)
    units = np.arange(len(out))
    left = np.maximum(level - units, 0)
    filled = np.minimum(left[:, None], np.arange(len(each))[None, :]) @ each
    return BaseStockMeasures(
        float(left @ out),
        float(np.maximum(units - level, 0) @ out),
        float(out[: level + 1].sum()),
        float(filled @ out) / mean,
    )


class ReviewMeasures(NamedTuple):
    """Time averages: units on hand and owed, P(stock above 0); P(nothing owed just before a receipt, of which there is one where
    something was ordered), P(an order at a review), orders per time unit, mean and variance of what is ordered at a review (0 included)."""

    on_hand: float
    backorders: float
    ready_rate: float
    cycle_service: float
    order_probability: float
    orders: float
    order_mean: float
    order_variance: float


def R_S(rate: float, review: float, lead_time: float, level: int) -> ReviewMeasures:
    """(R, S) in continuous time, unit Poisson demand at rate λ; no order is placed when nothing was demanded.

    B = (1/R)∫ G(D(t)) dt over t = L … L + R, on hand S − λ(L + R/2) + B. Hadley & Whitin (1963), chapter 5. Customers see time
    averages: the fill rate is the ready rate. Cycle service is P(D(L + R) ≤ S given D(R) > 0), for a review that orders nothing brings no
    receipt: (P(D(L + R) ≤ S) − P(D(R) = 0)·P(D(L) ≤ S)) ÷ P(D(R) > 0); over reviews it would be P(D(L + R) ≤ S).

    >>> m = R_S(4, review=2, lead_time=1.5, level=18)
    >>> round(m.on_hand, 5), round(m.backorders, 6), round(m.ready_rate, 6), round(m.cycle_service, 6)
    (8.05533, 0.055335, 0.961658, 0.882603)
    """

    def demand(time: float) -> LeadTimeDemand:
        return LeadTimeDemand(rate * time, 0.0, "poisson")

    def mean_over_cycle(value: str) -> float:
        def at(time: float) -> float:
            d = demand(time)
            return d.loss(level) if value == "owed" else d.cdf(level - 1)

        total, _ = integrate.quad(at, lead_time, lead_time + review, epsabs=1e-13, epsrel=1e-13)
        return float(total) / review

    owed = mean_over_cycle("owed")
    idle = demand(review).cdf(0)
    ordering = 1.0 - idle
    return ReviewMeasures(
        on_hand=level - rate * (lead_time + review / 2.0) + owed,
        backorders=owed,
        ready_rate=mean_over_cycle("ready"),
        cycle_service=(demand(lead_time + review).cdf(level) - idle * demand(lead_time).cdf(level)) / ordering,
        order_probability=ordering,
        orders=ordering / review,
        order_mean=rate * review,
        order_variance=rate * review,
    )
