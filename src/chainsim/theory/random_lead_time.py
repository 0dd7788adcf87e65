"""(r, Q) with exponential lead times: orders that keep their order, and orders that overtake each other.

Unit Poisson demand at rate λ, lead times exponential with mean m, full backordering, whole units. The usual formula for
demand over a random lead time is that of lead times that keep their order; independent ones overtake.
"""

from __future__ import annotations

from typing import NamedTuple

from chainsim.theory.lead_time_demand import LeadTimeDemand
from chainsim.theory.markov import stationary
from chainsim.theory.reorder_point import StockMeasures, unit_demand_measures


def sequential(demand_rate: float, lead_time: float, reorder_point: int, order_quantity: int) -> StockMeasures:
    """Lead times that keep their order, whatever supplies them: D is geometric, P(D = n) = (1 − a)aⁿ, a = λm/(1 + λm).

    For example a shuttle that leaves at Poisson times and brings whatever is waiting. Zipkin (2000), §6.7 (exogenous,
    sequential supply).

    >>> m = sequential(5, 1.2, 6, 4)
    >>> round(m.on_hand, 5), round(m.backorders, 5), round(m.fill_rate, 6)
    (4.1426, 1.6426, 0.726233)
    """
    mean = demand_rate * lead_time
    geometric = LeadTimeDemand(mean, (mean + mean * mean) ** 0.5, "negative_binomial")
    return unit_demand_measures(geometric, reorder_point, order_quantity)


class CrossingMeasures(NamedTuple):
    """Mean units on hand and owed, fill rate, mean number of orders outstanding."""

    on_hand: float
    backorders: float
    fill_rate: float
    outstanding: float


def crossing(demand_rate: float, lead_time: float, reorder_point: int, order_quantity: int) -> CrossingMeasures:
    """Independent lead times: a Markov chain of the position and the number N of orders outstanding, IL = IP − Q·N.

    Robinson, Bradley & Thomas (2001), M&SOM 3:175-188, on orders that cross. N is cut off where it practically never is.

    >>> m = crossing(5, 1.2, 6, 4)
    >>> round(m.on_hand, 5), round(m.backorders, 6), round(m.fill_rate, 6), round(m.outstanding, 9)
    (3.17071, 0.670709, 0.714155, 1.5)
    """
    mean = demand_rate * lead_time / order_quantity
    most = int(mean + 12.0 * mean**0.5 + 25.0)

    def moves(state: tuple[int, int]) -> list[tuple[tuple[int, int], float]]:
        position, outstanding = state
        if position > reorder_point + 1:
            sold = (position - 1, outstanding)
        else:
            sold = (reorder_point + order_quantity, min(outstanding + 1, most))
        received = (position, max(outstanding - 1, 0))
        return [(sold, demand_rate), (received, outstanding / lead_time)]

    on_hand = backorders = served = outstanding = 0.0
    for (position, orders), p in stationary((reorder_point + order_quantity, 0), moves).items():
        net = position - order_quantity * orders
        on_hand += p * max(net, 0)
        backorders += p * max(-net, 0)
        served += p * (net > 0)
        outstanding += p * orders
    return CrossingMeasures(on_hand, backorders, served, outstanding)
