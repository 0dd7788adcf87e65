"""Base stock: every unit demanded is ordered at once ((S − 1, S)) or at the next review ((R, S)).

Symbols: S order-up-to level (units), D demand over the protection interval, G its loss function.
"""

from __future__ import annotations

from typing import NamedTuple

from chainsim.theory.lead_time_demand import SURE, LeadTimeDemand
from chainsim.theory.search import smallest_integer, smallest_real


def level_for_service(demand: LeadTimeDemand, service_level: float) -> float:
    """Smallest S with P(D ≤ S) ≥ service level: nobody waits at the end of the protection interval.

    Silver, Pyke & Thomas (2017), §6.9; for a normal demand S = E[D] + z·sd(D).

    >>> round(level_for_service(LeadTimeDemand(200, 20 * 2**0.5), 0.90), 2)
    236.25
    """
    return demand.quantile(service_level)


def fill_rate(level: float, start: LeadTimeDemand, end: LeadTimeDemand) -> float:
    """β = 1 − [G_end(S) − G_start(S)] / (E[D_end] − E[D_start]).

    An order covers demand until just before the next one can arrive. `end` is all demand from the order to then, `start`
    the part that came before its own arrival: what is short at the end and was not at the start was not served from
    stock. Hadley & Whitin (1963), chapter 5.

    >>> unit = LeadTimeDemand(6, 0, "poisson")  # (S − 1, S): from one customer to the next
    >>> round(fill_rate(8, unit, unit.plus(1)), 6)  # = P(D ≤ S − 1), Palm
    0.74398
    """
    units = end.mean + end.added - start.mean - start.added
    if units <= 0.0:
        raise ValueError("a fill rate needs some demand between two receipts")
    return 1.0 - (end.loss(level) - start.loss(level)) / units


def level_for_fill_rate(start: LeadTimeDemand, end: LeadTimeDemand, target: float) -> float:
    """Smallest S ≥ 0 with fill_rate(S) ≥ target; whole for a discrete family, else to full accuracy.

    >>> unit = LeadTimeDemand(6, 0, "poisson")
    >>> level_for_fill_rate(unit, unit.plus(1), 0.74)
    8.0
    """
    if not 0.0 < target < 1.0:
        raise ValueError(f"a fill rate of {target:g} cannot be planned for: it must lie between 0 and 1")

    def reached(level: float) -> bool:
        return fill_rate(level, start, end) >= target - SURE

    if end.discrete:
        return float(smallest_integer(reached, 0))
    return smallest_real(reached, 0.0, end.mean + end.added)


class OneForOne(NamedTuple):
    """Mean units on hand, backordered and on order; P(stock above 0); mean wait of a customer; P(nothing owed)."""

    on_hand: float
    backorders: float
    on_order: float
    ready_rate: float
    wait: float
    nothing_owed: float


def palm(demand_rate: float, lead_time: float, level: int) -> OneForOne:
    """(S − 1, S), unit Poisson demand at rate λ, backorders, independent lead times of mean E[L], any distribution.

    Units on order are Poisson with mean λE[L] (Palm 1938). Feeney & Sherbrooke (1966), Management Science 12:391-411.

    >>> m = palm(4, 1.5, 8)
    >>> round(m.on_hand, 5), round(m.backorders, 6), round(m.ready_rate, 5), round(m.wait, 7)
    (2.31402, 0.314021, 0.74398, 0.0785053)
    """
    on_order = LeadTimeDemand(demand_rate * lead_time, 0.0, "poisson")
    backorders = on_order.loss(level)
    return OneForOne(
        on_hand=level - on_order.mean + backorders,
        backorders=backorders,
        on_order=on_order.mean,
        ready_rate=on_order.cdf(level - 1),
        wait=backorders / demand_rate,
        nothing_owed=on_order.cdf(level),
    )


def waits_at_most(time: float, demand_rate: float, lead_time: float, level: int) -> float:
    """P(a customer waits no longer than `time`) under (S − 1, S) with a constant lead time: P(D(L − time) ≤ S − 1).

    A customer takes the unit ordered by the S-th customer before. Higa, Feyerherm & Machado (1975), Operations Research
    23:674-680.

    >>> round(waits_at_most(0.75, 4, 1.5, 8), 6), round(waits_at_most(0.0, 4, 1.5, 8), 6), waits_at_most(1.5, 4, 1.5, 8)
    (0.988095, 0.74398, 1.0)
    """
    if time >= lead_time:
        return 1.0
    return LeadTimeDemand(demand_rate * (lead_time - time), 0.0, "poisson").cdf(level - 1)


def erlang_loss(offered: float, level: int) -> float:
    """(S − 1, S) with lost sales: share lost = B(S, a), a = λE[L]: Erlang's loss formula, any lead-time distribution.

    B(0) = 1, B(n) = a·B(n − 1) / (n + a·B(n − 1)). Karush (1957), Operations Research 5:693-703.

    >>> round(erlang_loss(6.0, 8), 6)
    0.121876
    """
    blocked = 1.0
    for n in range(1, level + 1):
        blocked = offered * blocked / (n + offered * blocked)
    return blocked


class LostSales(NamedTuple):
    """Share of demand lost; mean units on order and on hand."""

    lost_share: float
    on_order: float
    on_hand: float


def erlang(demand_rate: float, lead_time: float, level: int) -> LostSales:
    """(S − 1, S), unit Poisson demand, lost sales: λE[L](1 − B) units are on order, the rest on hand.

    The same holds when an instantaneous emergency source serves what the shelf cannot: B is its share.

    >>> m = erlang(4, 1.5, 8)
    >>> round(m.lost_share, 6), round(m.on_order, 5), round(m.on_hand, 5)
    (0.121876, 5.26875, 2.73125)
    """
    lost = erlang_loss(demand_rate * lead_time, level)
    on_order = demand_rate * lead_time * (1.0 - lost)
    return LostSales(lost, on_order, level - on_order)
