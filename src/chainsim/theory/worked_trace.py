"""Period-by-period bookkeeping of known demand: what a student would fill in by hand.

In each period: review and order; receipt of everything due; demand, after the backlog; then the count. An order of
period t with lead time L is usable in t + L (L = 0: at once). Nothing is on order at the start.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import fmean, pvariance
from typing import NamedTuple

Rule = Callable[[int, int], int]  # (period, position) → units ordered


class Period(NamedTuple):
    """One line of the sheet, units."""

    ordered: int
    received: int
    demand: int
    filled: int
    on_hand: int
    backorders: int
    lost: int
    on_order: int


class Summary(NamedTuple):
    """Means of the sheet; `no_shortage`: share of periods that served all their new demand from the shelf."""

    on_hand: float
    backorders: float
    fill_rate: float
    no_shortage: float
    nothing_owed: float
    lost: int
    orders: int
    ordered: int
    bullwhip: float | None


def s_S(s: int, S: int) -> Rule:
    """Order up to S when the position is at or below s.

    >>> s_S(8, 20)(0, 8), s_S(8, 20)(0, 9)
    (12, 0)
    """
    return lambda _, position: S - position if position <= s else 0


def r_nQ(r: int, Q: int) -> Rule:
    """Order the least number of batches that lifts the position above r.

    >>> r_nQ(6, 5)(0, 7), r_nQ(6, 5)(0, 6), r_nQ(6, 5)(0, 1)
    (0, 5, 10)
    """
    return lambda _, position: max(0, (r - position) // Q + 1) * Q


def R_S(R: int, S: int) -> Rule:
    """Order up to S in every R-th period, from period 0 on.

    >>> R_S(3, 22)(3, 11), R_S(3, 22)(4, 11)
    (11, 0)
    """
    return lambda period, position: max(S - position, 0) if period % R == 0 else 0


def one_store(
    demand: Sequence[int], lead_time: int, rule: Rule, on_hand: int, lost_sales: bool = False
) -> tuple[Period, ...]:
    """The sheet of one store.

    >>> sheet = one_store((4, 0, 7, 3), 2, s_S(8, 20), on_hand=15)
    >>> sheet[3]
    Period(ordered=16, received=0, demand=3, filled=3, on_hand=1, backorders=0, lost=0, on_order=16)
    """
    due = [0] * (len(demand) + lead_time)
    backlog = on_order = 0
    sheet = []
    for t, wanted in enumerate(demand):
        ordered = rule(t, on_hand + on_order - backlog)
        due[t + lead_time] += ordered
        on_order += ordered - due[t]
        on_hand += due[t]
        served = min(on_hand, backlog)
        on_hand, backlog = on_hand - served, backlog - served
        filled = min(on_hand, wanted)
        on_hand -= filled
        short = wanted - filled
        backlog += 0 if lost_sales else short
        sheet.append(Period(ordered, due[t], wanted, filled, on_hand, backlog, short if lost_sales else 0, on_order))
    return tuple(sheet)


def summary(sheet: Sequence[Period]) -> Summary:
    """The figures at the foot of a sheet; bullwhip (variance of orders over that of demand) is None when demand is level.

    >>> round(summary(one_store((4, 0, 7, 3), 2, s_S(8, 20), on_hand=15)).on_hand, 2)
    6.75
    """
    spread = pvariance([line.demand for line in sheet])
    return Summary(
        fmean(line.on_hand for line in sheet),
        fmean(line.backorders for line in sheet),
        sum(line.filled for line in sheet) / sum(line.demand for line in sheet),
        fmean(line.filled == line.demand for line in sheet),
        fmean(line.backorders == 0 and line.lost == 0 for line in sheet),
        sum(line.lost for line in sheet),
        sum(line.ordered > 0 for line in sheet),
        sum(line.ordered for line in sheet),
        pvariance([line.ordered for line in sheet]) / spread if spread else None,
    )


class TwoStagePeriod(NamedTuple):
    """One line of the sheet of a store and its warehouse, units."""

    demand: int
    store_order: int
    warehouse_order: int
    shipment: int
    store_receipt: int
    warehouse_receipt: int
    store_on_hand: int
    store_backorders: int
    warehouse_on_hand: int
    warehouse_backlog: int
    to_store: int
    on_order: int


def store_and_warehouse(
    demand: Sequence[int], lead_times: tuple[int, int], levels: tuple[int, int]
) -> tuple[TwoStagePeriod, ...]:
    """Local base stock at both (store first), full shelves at the start. The warehouse sees the store's order at once, orders
    itself, receives, ships what it can of the backlog; then the store receives, then demand.

    >>> store_and_warehouse((4, 0), (1, 2), (12, 9))[1][:4]
    (0, 4, 4, 4)
    """
    store, warehouse = levels
    to_store, to_warehouse = ([0] * (len(demand) + time + 1) for time in lead_times)
    owed = backlog = transit = on_order = 0
    sheet = []
    for t, wanted in enumerate(demand):
        store_order = levels[0] - (store - owed + transit + backlog)
        backlog += store_order
        warehouse_order = levels[1] - (warehouse - backlog + on_order)
        to_warehouse[t + lead_times[1]] += warehouse_order
        warehouse += to_warehouse[t]
        on_order += warehouse_order - to_warehouse[t]
        shipment = min(warehouse, backlog)
        warehouse, backlog = warehouse - shipment, backlog - shipment
        to_store[t + lead_times[0]] += shipment
        transit += shipment - to_store[t]
        net = store + to_store[t] - owed - wanted
        store, owed = max(net, 0), max(-net, 0)
        receipts = (to_store[t], to_warehouse[t])
        stocks = (store, owed, warehouse, backlog, transit, on_order)
        sheet.append(TwoStagePeriod(wanted, store_order, warehouse_order, shipment, *receipts, *stocks))
    return tuple(sheet)
