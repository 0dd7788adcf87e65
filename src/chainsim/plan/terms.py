"""Terms of supply as rows: prices by the size of an order, who places one order at a time, and how goods are loaded."""

from __future__ import annotations

from math import inf
from typing import Any

from chainsim.plan.network import Network
from chainsim.plan.plan import Array, Clock
from chainsim.plan.tables_terms import BREAK, TERMS
from chainsim.rules.dock import LOADED
from chainsim.scenario.model import Lane


def compile_terms(network: Network, lanes: Array, clock: Clock) -> tuple[Array, Array]:
    """Rows of the TERMS and BREAK tables; notes in `lanes` which has which."""
    pausing = {outage.site for outage in network.scenario.outages if outage.stops == "orders"}
    having = [
        j
        for j, way in enumerate(network.ways)
        if _breaks(network, j)
        or network.points[way.target].one_open_order
        or network.points[way.target].site in pausing
        or network.ends(way.target) is not None
        or (way.lane is not None and _loads(way.lane))
        or _chosen_by_weight(network, way.target)
    ]
    lanes["terms"][having] = range(len(having))
    rows = TERMS.array(len(having))
    prices: list[tuple[float, float, float]] = []
    for row, j in zip(rows, having, strict=True):
        way, breaks = network.ways[j], _breaks(network, j)
        row["lane"], row["one_open"] = j, network.points[way.target].one_open_order
        row["first_break"], row["breaks"] = len(prices), len(breaks)
        row["incremental"] = way.lane is not None and way.lane.incremental
        row["weight"], row["weight_a_unit"], row["weight_of_price"], row["weight_a_vehicle"] = network.weight(j)
        prices.extend(_with_cost_below(breaks))
        if way.lane is not None and _loads(way.lane):
            lanes["timed"][j] = LOADED
            _compile_loading(row, way.lane, clock)
    found = BREAK.array(len(prices))
    for line, (start, price, below) in zip(found, prices, strict=True):
        line["start"], line["price"], line["below"] = start, price, below
    return rows, found


def _chosen_by_weight(network: Network, i: int) -> bool:
    return len(network.lanes_to[i]) > 1 and network.points[i].sourcing in ("cheapest", "fastest")


def _loads(lane: Lane) -> bool:
    return lane.consolidation is not None or lane.vehicle_capacity > 0.0


def _compile_loading(row: Any, lane: Lane, clock: Clock) -> None:
    row["by_calendar"], row["capacity"] = lane.timetable is not None, lane.vehicle_capacity
    gather = lane.consolidation
    if gather is not None:
        row["gathers"], row["until"] = 1, inf if gather.until is None else gather.until
        row["longest"] = -1 if gather.or_after is None else clock.ticks(gather.or_after)


def _breaks(network: Network, j: int) -> tuple[tuple[float, float], ...]:
    lane = network.lane_of(j)
    return lane.price_breaks if lane else ()


def _with_cost_below(breaks: tuple[tuple[float, float], ...]) -> list[tuple[float, float, float]]:
    """Start and price of each break, and what the units up to its start cost where each price holds within its own stretch."""
    found: list[tuple[float, float, float]] = []
    below = 0.0
    for k, (start, price) in enumerate(breaks):
        if k:
            before = breaks[k - 1]
            below += before[1] * (start - before[0])
        found.append((start, price, below))
    return found
