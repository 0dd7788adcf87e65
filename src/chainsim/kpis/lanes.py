"""Measures of a lane (or of production at a site): what it carries, what that costs, and how much of the inflow of its stock point it
is. So a backup shows how often it is called upon."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainsim.kpis.base import MONEY, WINDOW, Direction, Kpi, Measured, Ratio, ratio
from chainsim.kpis.measure import Parts
from chainsim.kpis.paid import duty_value, premium
from chainsim.kpis.view import View
from chainsim.registry import Registry

Array = np.ndarray[Any, Any]
LANE_KPIS: Registry[Kpi] = Registry("measure of lanes", "chainsim.kpis", "chainsim.lane_kpis")


def lane_kpi(
    id: str,
    *,
    title: str,
    unit: str,
    definition: str,
    direction: Direction = "none",
    denominator: str = "",
    undefined: str = "",
) -> Callable[[Callable[[View], Measured]], Callable[[View], Measured]]:
    """Decorator: register the function as the measure `id` of lanes. It returns [replications, lanes], or a `ratio` of such."""

    def add(compute: Callable[[View], Measured]) -> Callable[[View], Measured]:
        money = unit == MONEY
        LANE_KPIS.register(id)(
            Kpi(id, title, unit, direction, definition, denominator, WINDOW, "", undefined, money, compute)
        )
        return compute

    return add


@lane_kpi(
    "lane_orders",
    title="Orders",
    unit="orders",
    definition="Orders placed on the lane in the window (production orders at a plant).",
)
def lane_orders(view: View) -> Array:
    return view.lane_flow("orders")


@lane_kpi("lane_units", title="Units", unit="units", definition="Units received over the lane in the window.")
def lane_units(view: View) -> Array:
    return view.lane_flow("received")


@lane_kpi(
    "lane_cost",
    title="Cost",
    unit=MONEY,
    direction="lower",
    definition="Fixed cost of its orders, of set-ups for them, and their price where it depends on their size + cost of its shipments and vehicles + unit cost of what it "
    "shipped (of what was made, in production) + duty + carrying cost of what is under way on it, where somebody is charged.",
)
def lane_cost(view: View) -> Array:
    money = view.plan.money
    moved = np.where(view.produced_on, view.lane_flow("received"), view.lane_flow("shipped"))
    paid = view.lane_flow("orders") * money.order_cost + moved * money.lane_unit_cost + view.terms_flow("purchases")
    paid = (
        paid
        + view.lane_flow("setups") * money.setup
        + np.where(
            view.produced_on,
            0.0,
            view.lane_flow("shipments") * money.shipment + view.terms_flow("vehicles") * money.vehicle,
        )
        + duty_value(view) * money.duty
    )
    rate = np.where(money.in_transit_rate == money.in_transit_rate, money.in_transit_rate, 0.0)
    under_way = view.under_way / view.window * (money.in_transit_holding + premium(view) * rate)
    cost: Array = paid * view.per_year + under_way * view.plan.clock.units_per_year
    return cost


@lane_kpi(
    "lane_share",
    title="Share of inflow",
    unit="share",
    definition="Units received over the lane ÷ units its stock point received: of a backup, what it had to carry.",
    denominator="units its stock point received in the window",
    undefined="nothing was received",
)
def lane_share(view: View) -> Ratio:
    return ratio(view.lane_flow("received"), view.at_target(view.lane_flow("received"))[:, view.plan.lanes["target"]])


def lane_block(view: View) -> Parts:
    """Every measure of every lane of a block of replications [replications, lanes, measures]."""
    shape = (len(view.records), len(view.plan.lanes), len(LANE_KPIS.names()))
    above, below = np.empty(shape), np.full(shape, np.nan)
    for k, (_, kpi) in enumerate(LANE_KPIS.items()):
        found = kpi.compute(view)
        above[:, :, k] = found.numerator if isinstance(found, Ratio) else found
        if isinstance(found, Ratio):
            below[:, :, k] = found.denominator
    return Parts(above, below)
