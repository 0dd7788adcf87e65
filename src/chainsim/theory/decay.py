"""Stock that shrinks at a constant rate (evaporation, decay): lots for steady demand."""

from __future__ import annotations

from math import expm1
from typing import NamedTuple


class DecayingLot(NamedTuple):
    """Lot (units), mean units on hand, units lost per time unit, cost per time unit."""

    quantity: float
    on_hand: float
    lost: float
    cost: float


def decaying_lot(
    interval: float, order_cost: float, demand_rate: float, holding_cost: float, unit_cost: float, decay_rate: float
) -> DecayingLot:
    """The lot that is just used up after an interval T: dI/dt = −D − θI, I(t) = (D/θ)(e^{θ(T − t)} − 1), Q = I(0).

    Mean on hand (Q − DT)/(θT), lost per time unit θ times that. Cost: K/T + (h + c·θ) × mean on hand, c money per unit
    lost. Ghare & Schrader (1963), Journal of Industrial Engineering 14:238-243.

    >>> lot = decaying_lot(0.25, 50, 600, 1, 4, decay_rate=0.4)
    >>> round(lot.quantity, 4), round(lot.on_hand, 4), round(lot.lost, 4), round(lot.cost, 4)
    (157.7564, 77.5638, 31.0255, 401.6658)
    """
    if interval <= 0.0 or decay_rate <= 0.0:
        raise ValueError("the interval and the rate of decay must be above 0; without decay this is the EOQ")
    quantity = demand_rate / decay_rate * expm1(decay_rate * interval)
    on_hand = (quantity - demand_rate * interval) / (decay_rate * interval)
    lost = decay_rate * on_hand
    return DecayingLot(quantity, on_hand, lost, order_cost / interval + holding_cost * on_hand + unit_cost * lost)
