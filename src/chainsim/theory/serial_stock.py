"""What each stage of a one-for-one serial system holds and owes, and the two-stage system with batches.

Stages are numbered downstream first, as in `serial`. s_i are local base-stock levels, D_i is the demand over the lead
time of stage i (from the stage above), B_i what stage i owes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from chainsim.theory.lattice import Array, Lattice, fill_rate
from chainsim.theory.serial import SerialSystem, customer_net_stock


class StageStock(NamedTuple):
    """Mean units on hand and owed, P(stock above 0) of one stage."""

    on_hand: float
    backorders: float
    ready_rate: float


def stage_stocks(system: SerialSystem, local_levels: Sequence[float]) -> tuple[StageStock, ...]:
    """B_N = (D_N − s_N)⁺, then B_i = (B_{i+1} + D_i − s_i)⁺ down to stage 1, with B_{i+1} and D_i independent.

    A road to the stock of each stage that does not pass through the echelon recursion. Zipkin (2000), chapter 8; Shang & Song
    (2003), §2.

    >>> row_1 = SerialSystem((0.25,) * 4, (0.25,) * 4, backorder_cost=9.0, demand_mean=16.0)
    >>> stocks = stage_stocks(row_1, (8, 5, 5, 4))
    >>> [round(stage.on_hand, 4) for stage in stocks], round(stocks[0].ready_rate, 4)
    ([3.3122, 1.0605, 1.0523, 0.7815], 0.853)
    """
    owed = Lattice.point(0.0, system.step)
    found = []
    for demand, level in reversed(list(zip(system.demands, local_levels, strict=True))):
        outstanding = owed.plus(demand)
        owed = _positive_part(outstanding, level)
        on_hand = level - outstanding.mean + owed.mean
        found.append(StageStock(on_hand, owed.mean, outstanding.probability_up_to(level - system.step)))
    return tuple(reversed(found))


def stage_costs(system: SerialSystem, stocks: Sequence[StageStock]) -> float:
    """Cost per time unit from the stock of each stage: local holding rates on stock, that of the stage above on what is in
    transit to a stage (nothing to the top one), b on what stage 1 owes.

    >>> row_1 = SerialSystem((0.25,) * 4, (0.25,) * 4, backorder_cost=9.0, demand_mean=16.0)
    >>> round(stage_costs(row_1, stage_stocks(row_1, (8, 5, 5, 4))), 3)
    12.688
    """
    local = np.cumsum(np.asarray(system.echelon_holding)[::-1])[::-1]
    above = [*local[1:], 0.0]
    cost = system.backorder_cost * stocks[0].backorders
    for stock, rate, upstream, time in zip(stocks, local, above, system.lead_times, strict=True):
        cost += float(rate) * stock.on_hand + float(upstream) * system.demand_mean * time
    return cost


class TwoStageStock(NamedTuple):
    """Mean units on hand and owed and fill rate of the store; mean units on hand and mean echelon net stock upstream."""

    store_on_hand: float
    store_backorders: float
    fill_rate: float
    upstream_on_hand: float
    echelon_net_stock: float


def two_stages_with_batches(
    system: SerialSystem, reorder_points: tuple[int, int], batches: tuple[int, int]
) -> TwoStageStock:
    """Echelon-stock (r, nQ) at a store (first) and its supplier, unit Poisson demand, Q_2 a multiple of Q_1.

    IL_2 = IP_2 − D_2 with IP_2 uniform; the store's position is the largest IL_2 − k·Q_1 that is at most r_1 + Q_1; what
    upstream has on hand is the rest. Chen & Zheng (1994), Management Science 40:1426-1443.

    >>> system = SerialSystem((1.0, 1.5), (1.0, 0.5), backorder_cost=20.0, demand_mean=5.0)
    >>> stock = two_stages_with_batches(system, (6, 14), (4, 8))
    >>> round(stock.store_on_hand, 5), round(stock.fill_rate, 6), round(stock.upstream_on_hand, 5)
    (3.26546, 0.827732, 2.97163)
    """
    if len(system.lead_times) != 2:
        raise ValueError("two stages")
    tops = [r + q for r, q in zip(reorder_points, batches, strict=True)]
    store = customer_net_stock(system, tops, batches)
    echelon = reorder_points[1] + (batches[1] + system.step) / 2.0 - system.demands[1].mean
    at_or_to_store = store.mean + system.demands[0].mean  # mean position of the store
    unit = Lattice.point(system.step, system.step)
    return TwoStageStock(
        store.shortage(0.0), store.negative().shortage(0.0), fill_rate(store, unit), echelon - at_or_to_store, echelon
    )


def _positive_part(x: Lattice, level: float) -> Lattice:
    """(X − level)⁺."""
    beyond = np.maximum(np.arange(x.first, x.last + 1) - round(level / x.step), 0)
    mass: Array = np.asarray(np.bincount(beyond, weights=x.mass), np.float64)
    return Lattice(x.step, 0, mass)
