"""(s, Q): when to order a fixed quantity.

Symbols: s reorder point, Q order quantity (units), D demand over the lead time, G its loss function. The position is
spread evenly over (s, s + Q], independently of the demand of the following lead time; stock a lead time later is their
difference. Exact for unit Poisson demand and a constant lead time, or lead times that keep their order.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from scipy import special

from chainsim.theory.lead_time_demand import SURE, LeadTimeDemand
from chainsim.theory.loss import normal_second_loss
from chainsim.theory.search import smallest_integer, smallest_real


def safety_factor(service_level: float) -> float:
    """z = Φ⁻¹(service level).

    >>> round(safety_factor(0.95), 4)
    1.6449
    """
    if not 0.0 < service_level < 1.0:
        raise ValueError(f"a service level of {service_level:g} has no safety factor: it must lie between 0 and 1")
    return float(special.ndtri(service_level))


def reorder_point_for_service(demand: LeadTimeDemand, service_level: float) -> float:
    """Smallest s with P(D ≤ s) ≥ service level; for a normal demand s = E[D] + z·sd(D).

    Silver, Pyke & Thomas (2017), §6.7: probability P1 of no stock-out per cycle.

    >>> round(reorder_point_for_service(LeadTimeDemand(5000, 500 * 2**0.5), 0.92135), 0)  # Chopra & Meindl
    6000.0
    """
    return demand.quantile(service_level)


def cycle_service(demand: LeadTimeDemand, reorder_point: float) -> float:
    """P(D ≤ s): probability of getting through a replenishment cycle without a stock-out.

    >>> round(cycle_service(LeadTimeDemand(5000, 500 * 2**0.5), 6000), 4)
    0.9214
    """
    return demand.cdf(reorder_point)


def fill_rate(demand: LeadTimeDemand, reorder_point: float, order_quantity: float) -> float:
    """β = 1 − [G(s) − G(s + Q)] / Q: share of units served from stock at once.

    Hadley & Whitin (1963), chapter 4; Silver, Pyke & Thomas (2017), §6.7. For unit Poisson demand it is exact.

    >>> round(fill_rate(LeadTimeDemand(10, 0, "poisson"), 12, 10), 6)
    0.946957
    >>> round(fill_rate(LeadTimeDemand(3, 3**0.5), 4, 6), 6)  # the same system under a normal approximation …
    0.949492
    >>> round(fill_rate(LeadTimeDemand(3, 0, "poisson"), 4, 6), 6)  # … and exactly
    0.946838
    """
    if order_quantity <= 0.0:
        raise ValueError("an order quantity must be larger than 0")
    return 1.0 - (demand.loss(reorder_point) - demand.loss(reorder_point + order_quantity)) / order_quantity


def reorder_point_for_fill_rate(demand: LeadTimeDemand, order_quantity: float, target: float) -> float:
    """Smallest s with fill_rate(s, Q) ≥ target, at least −Q; whole for a discrete family, else to full accuracy.

    >>> reorder_point_for_fill_rate(LeadTimeDemand(10, 0, "poisson"), 10, 0.94)
    12.0
    >>> s = reorder_point_for_fill_rate(LeadTimeDemand(5000, 500 * 2**0.5), 10_000, 0.975)  # Chopra & Meindl: s < E[D]
    >>> round(s, 0)
    5067.0
    """
    if not 0.0 < target < 1.0:
        raise ValueError(f"a fill rate of {target:g} cannot be planned for: it must lie between 0 and 1")

    def reached(s: float) -> bool:
        return fill_rate(demand, s, order_quantity) >= target - SURE

    if demand.discrete:
        return float(smallest_integer(reached, -int(order_quantity) - 1))
    return smallest_real(reached, -order_quantity, max(demand.mean + demand.added, order_quantity))


class StockMeasures(NamedTuple):
    """Mean units on hand and backordered; probabilities of stock above 0 and of nothing owed; fill rate."""

    on_hand: float
    backorders: float
    ready_rate: float
    nothing_owed: float
    fill_rate: float


def unit_demand_measures(demand: LeadTimeDemand, reorder_point: int, order_quantity: int) -> StockMeasures:
    """Exact time averages of (s, Q) when customers come as a Poisson process and want one unit each, backorders.

    IP is uniform on s + 1 … s + Q, IL = IP − D, and customers see time averages. D is the demand over a lead time that
    keeps the order of orders: Poisson for a constant one, geometric for an exponential one (`random_lead_time`). Hadley &
    Whitin (1963), chapter 4; Zipkin (2000), §6.2.

    >>> m = unit_demand_measures(LeadTimeDemand(10.0, 0.0, "poisson"), 12, 10)
    >>> round(m.on_hand, 5), round(m.backorders, 7), round(m.ready_rate, 6), round(m.nothing_owed, 6)
    (7.57194, 0.0719434, 0.946957, 0.967772)
    """
    positions = range(reorder_point + 1, reorder_point + order_quantity + 1)
    backorders = sum(demand.loss(y) for y in positions) / order_quantity
    on_hand = sum(positions) / order_quantity - demand.mean - demand.added + backorders
    ready = sum(demand.cdf(y - 1) for y in positions) / order_quantity
    owed = sum(demand.cdf(y) for y in positions) / order_quantity
    return StockMeasures(on_hand, backorders, ready, owed, ready)


def poisson_measures(lead_time_mean: float, reorder_point: int, order_quantity: int) -> StockMeasures:
    """`unit_demand_measures` for a constant lead time with mean demand λL.

    >>> round(poisson_measures(4.0, 3, 20).backorders, 7)
    0.0761897
    """
    return unit_demand_measures(LeadTimeDemand(lead_time_mean, 0.0, "poisson"), reorder_point, order_quantity)


class NormalMeasures(NamedTuple):
    """The textbook's normal approximation: P(D ≤ s), fill rate, fill rate of one loss term, mean units owed, on hand."""

    cycle_service: float
    fill_rate: float
    simple_fill_rate: float
    backorders: float
    on_hand: float


def normal_measures(mean: float, sd: float, reorder_point: float, order_quantity: float) -> NormalMeasures:
    """What textbooks say of (s, Q) when demand over the lead time is taken as normal and the position as continuous.

    β = 1 − [G(s) − G(s + Q)]/Q, or 1 − G(s)/Q (the shortage at the end of a cycle, whole); B = [G₂(s) − G₂(s + Q)]/Q with
    the second loss function G₂; on hand s + Q/2 − E[D] + B. Silver, Pyke & Thomas (2017), §6.7; Hadley & Whitin (1963),
    chapter 4. An approximation of whole units: on hand misses half a unit (here 4.045 for 4.535).

    >>> m = normal_measures(3.0, 3.0**0.5, 4, 6)
    >>> round(m.cycle_service, 4), round(m.fill_rate, 6), round(m.backorders, 4), round(m.on_hand, 3)
    (0.7181, 0.949492, 0.0452, 4.045)
    """
    demand = LeadTimeDemand(mean, sd)
    top = reorder_point + order_quantity
    owed = (normal_second_loss(reorder_point, mean, sd) - normal_second_loss(top, mean, sd)) / order_quantity
    return NormalMeasures(
        cycle_service(demand, reorder_point),
        fill_rate(demand, reorder_point, order_quantity),
        1.0 - demand.loss(reorder_point) / order_quantity,
        owed,
        reorder_point + order_quantity / 2.0 - mean + owed,
    )


class BestLot(NamedTuple):
    """Reorder point, order quantity (units), cost per time unit."""

    reorder_point: int
    order_quantity: int
    cost: float


def optimal_s_Q(order_cost: float, demand_rate: float, position_cost: Callable[[int], float]) -> BestLot:
    """(s, Q) of least cost for unit demands: C(s, Q) = (Kλ + Σ G(y), y = s + 1 … s + Q) / Q, G the convex cost rate of
    holding position y. Federgruen & Zheng (1992), Operations Research 40:808-813.

    >>> from chainsim.theory.s_S import inventory_cost
    >>> best = optimal_s_Q(100, 1.5, inventory_cost(LeadTimeDemand(3, 0, "poisson"), 20, 150))
    >>> best.reorder_point, best.order_quantity, round(best.cost, 3)  # Snyder & Shen, Example 5.8
    (3, 5, 107.924)
    """
    # G is convex: its minimum is where the next value is no smaller
    y = smallest_integer(lambda n: position_cost(n + 1) >= position_cost(n), 0)
    s, top = y - 1, y
    total = order_cost * demand_rate + position_cost(y)
    while True:
        below, above = position_cost(s), position_cost(top + 1)
        if min(below, above) >= total / (top - s):
            return BestLot(s, top - s, total / (top - s))
        if below <= above:
            total, s = total + below, s - 1
        else:
            total, top = total + above, top + 1
