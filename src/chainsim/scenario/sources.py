"""Which of several sources an order goes to: what it weighs on each, and where orders usually go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from chainsim.rules.order import Sourcing
from chainsim.scenario.model import Lane, Production, StockPoint

Way = Lane | Production


class Weight(NamedTuple):
    """What an order weighs on a lane or in production: `fixed` + `a_unit` × units + `of_price` × what it costs at price breaks +
    `a_vehicle` × vehicles. Money under `cheapest`, time units under `fastest`."""

    fixed: float = 0.0
    a_unit: float = 0.0
    of_price: float = 0.0
    a_vehicle: float = 0.0


def weight(sourcing: Sourcing, way: Way, worth: float) -> Weight:
    """Of an order on one way. worth: of a unit where it arrives; of what is made of components, what these are worth.

    >>> from chainsim.chance.simple import Constant
    >>> weight("cheapest", Lane("far", "shop", "tea", Constant(value=9), order_cost=40, duty=0.1), worth=2.0)
    Weight(fixed=40.0, a_unit=2.2, of_price=0.0, a_vehicle=0.0)
    """
    if sourcing == "fastest":
        return Weight(fixed=mean_lead_time(way))
    if sourcing != "cheapest":
        return Weight()
    if isinstance(way, Production):
        return Weight(way.order_cost + way.setup_cost, way.unit_cost + worth)
    landed = 1.0 + way.duty
    fixed, a_vehicle = way.order_cost + way.shipment_cost, way.vehicle_cost if way.vehicle_capacity > 0.0 else 0.0
    if way.price_breaks:
        return Weight(fixed, way.unit_cost, landed, a_vehicle)
    return Weight(fixed, way.unit_cost + worth * landed, 0.0, a_vehicle)


def usual(sourcing: Sourcing, ways: Sequence[tuple[Way, float]]) -> int:
    """The place, among ways in order of preference with what a unit is worth, of the one that orders usually go to where they are
    not split: under `cheapest` that of large orders."""
    if sourcing == "expedite":
        return min(1, len(ways) - 1)

    def heavy(k: int) -> tuple[float, float]:
        way, worth = ways[k]
        weighs = weight(sourcing, way, worth)
        a_unit = weighs.a_unit
        if weighs.of_price:
            a_unit += weighs.of_price * way.price_breaks[-1][1]  # type: ignore[union-attr]
        if weighs.a_vehicle:
            a_unit += weighs.a_vehicle / way.vehicle_capacity  # type: ignore[union-attr]
        return float(f"{a_unit:.9g}"), weighs.fixed

    return min(range(len(ways)), key=heavy)


def usual_lane(point: StockPoint, lanes: Sequence[Lane]) -> Lane | None:
    """The lane that orders of a stock point usually go to; None where there is none."""
    ranked = sorted(lanes, key=lambda lane: lane.priority)
    return ranked[usual(point.sourcing, [(lane, point.unit_cost) for lane in ranked])] if ranked else None


def mean_lead_time(way: Way) -> float:
    """Mean of the nominal lead time, waits for stock, machines and calendars excluded: time units."""
    if isinstance(way, Production):
        parts = [way.setup_time, way.unit_time, way.lead_time]
    else:
        parts = [way.order_lag, way.processing, way.lead_time]
    departure = way.departures.wait()[0] if isinstance(way, Lane) and way.departures else 0.0
    return sum(part.expectation() for part in parts if part is not None) + departure
