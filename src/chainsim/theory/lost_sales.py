"""Lost sales with a lead time: (r, Q) with one order outstanding, and periodic policies as Markov chains.

In the periodic systems: order, receipt of what is due, demand (what cannot be served is lost), then holding cost h per
unit left and b per unit lost. An order of period t is usable in t + L; the position is on hand + on order: a lost sale
does not change it. Whole units; demand[j] = P(a period wants j units).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from chainsim.theory.lead_time_demand import LeadTimeDemand
from chainsim.theory.markov import stationary

NEVER = 1e-16  # probabilities below this are left out


class LotMeasures(NamedTuple):
    """Share of demand met, orders per time unit, mean units on hand, units lost per time unit, mean time between orders."""

    fill_rate: float
    orders: float
    on_hand: float
    lost: float
    cycle: float


def r_Q(rate: float, lead_time: float, reorder_point: int, order_quantity: int) -> LotMeasures:
    """(r, Q), unit Poisson demand, constant lead time, lost sales, r < Q: at most one order is outstanding.

    A cycle sells Q units and loses E[(D(L) − r)⁺]. Each cycle passes the levels j + Q, j = (r − D(L))⁺, down to r + 1,
    1/λ each, then r − D(t) during the lead time. Hadley & Whitin (1963), §4-11.

    >>> m = r_Q(4, 1, 5, 8)
    >>> round(m.fill_rate, 6), round(m.on_hand, 5), round(m.cycle, 5)
    (0.951214, 5.62196, 2.10258)
    """
    if not 0 <= reorder_point < order_quantity:
        raise ValueError("one order outstanding at most needs 0 ≤ r < Q")
    demand = LeadTimeDemand(rate * lead_time, 0.0, "poisson")
    lost = demand.loss(reorder_point)
    cycle = (order_quantity + lost) / rate
    held = 0.0  # unit-time per cycle
    for left in range(reorder_point + 1):  # units left when the lot comes: levels left + Q … r + 1 follow, 1/λ each
        sold = reorder_point - left
        p = demand.cdf(sold) - demand.cdf(sold - 1) if left else 1.0 - demand.cdf(sold - 1)
        held += p * sum(range(reorder_point + 1, left + order_quantity + 1)) / rate
    # and r − k after the k-th customer of the lead time: ∫₀ᴸ P(D(t) = k) dt = P(D(L) > k)/λ
    held += sum((reorder_point - k) * (1.0 - demand.cdf(k)) for k in range(reorder_point)) / rate
    return LotMeasures(order_quantity / (rate * cycle), 1.0 / cycle, held / cycle, lost / cycle, cycle)


class PeriodMeasures(NamedTuple):
    """Mean units on hand at the end of a period, units lost per period, share of demand met, orders per period."""

    on_hand: float
    lost: float
    fill_rate: float
    orders: float

    def cost(self, order_cost: float, holding_cost: float, lost_cost: float) -> float:
        """K per order, h per unit left, b per unit lost: money per period.

        >>> from chainsim.theory.s_S import poisson_probabilities
        >>> round(base_stock(poisson_probabilities(5), lead_time=2, level=15).cost(0, 1, 4), 5)
        4.75809
        """
        return order_cost * self.orders + holding_cost * self.on_hand + lost_cost * self.lost


def base_stock(demand: Sequence[float], lead_time: int, level: int) -> PeriodMeasures:
    """Base stock S: every period's order is what the period before sold.

    >>> from chainsim.theory.s_S import poisson_probabilities
    >>> m = base_stock(poisson_probabilities(5), lead_time=2, level=15)
    >>> round(m.on_hand, 5), round(m.lost, 6), round(m.fill_rate, 6)
    (2.03918, 0.679727, 0.864055)
    """
    return _measures(demand, lead_time, level, lambda position: level - position)


def s_S(demand: Sequence[float], lead_time: int, s: int, S: int) -> PeriodMeasures:
    """(s, S) every period: order up to S when the position is at or below s. Bijvank, Bhulai & Huh (2015), European
    Journal of Operational Research 241:381-390, have optimal policies of this system.

    >>> from chainsim.theory.s_S import poisson_probabilities
    >>> m = s_S(poisson_probabilities(4), lead_time=1, s=8, S=15)
    >>> round(m.on_hand, 5), round(m.lost, 6), round(m.orders, 6), round(m.cost(8, 1, 10), 4)
    (5.12901, 0.175596, 0.423384, 10.272)
    """
    return _measures(demand, lead_time, S, lambda position: S - position if position <= s else 0)


def _measures(demand: Sequence[float], lead_time: int, start: int, order: Callable[[int], int]) -> PeriodMeasures:
    """A state is what is on hand once the receipt of the period is in, then what is due in the periods after."""
    mean = sum(j * p for j, p in enumerate(demand))

    def shelf_and_later(state: tuple[int, ...]) -> tuple[int, tuple[int, ...]]:
        ordered = order(sum(state))
        return (state[0] + ordered, (0,)) if lead_time == 0 else (state[0], (*state[1:], ordered))

    def moves(state: tuple[int, ...]) -> list[tuple[tuple[int, ...], float]]:
        shelf, later = shelf_and_later(state)
        return [((left + later[0], *later[1:]), p) for left, p in _left_over(shelf, demand) if p > NEVER]

    on_hand = served = orders = 0.0
    for state, p in stationary((start, *([0] * (max(lead_time, 1) - 1))), moves).items():
        shelf, _ = shelf_and_later(state)
        left = sum(units * q for units, q in _left_over(shelf, demand))
        on_hand += p * left
        served += p * (shelf - left)
        orders += p * (order(sum(state)) > 0)
    return PeriodMeasures(on_hand, mean - served, served / mean, orders)


def _left_over(shelf: int, demand: Sequence[float]) -> list[tuple[int, float]]:
    """(units left, probability) after the demand of a period on this shelf."""
    odds = [(shelf - d, demand[d]) for d in range(min(shelf, len(demand)))]
    return [*odds, (0, 1.0 - sum(p for _, p in odds))] if len(demand) > shelf else odds
