"""Money by the terms of supply: goods at prices by the size of an order, shipments, vehicles, duty; and customers whom stock does not serve."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainsim.kpis.base import Ratio, kpi, ratio
from chainsim.kpis.charges import Charge, Words, charged
from chainsim.kpis.paid import duty_value, priced
from chainsim.kpis.view import View
from chainsim.plan.plan import Plan

Array = np.ndarray[Any, Any]


def _receiver(plan: Plan) -> Array:
    target: Array = plan.lanes["target"]
    return target


purchase_cost = charged(
    "purchase_cost",
    Charge(
        "purchase",
        Words("Prices by order size", "× as run", "{currency} as run"),
        quantity=lambda view: view.terms_flow("purchases"),
        rate=lambda money: np.ones(len(money.duty)),
        payer=_receiver,
        where=priced,
    ),
    title="Purchase cost",
    definition="What orders cost on lanes with `price_breaks`, due when they are placed. Of other goods what a unit costs does not "
    "depend on how they are ordered, and is no line.",
)

duty_cost = charged(
    "duty_cost",
    Charge(
        "duty",
        Words("Duty", "of value", "{currency} of goods arrived"),
        quantity=duty_value,
        rate=lambda money: money.duty,
        payer=_receiver,
        where=lambda plan: plan.money.duty > 0.0,
    ),
    title="Duty",
    definition="Duty of the lane × value of what arrived on it: at unit cost, or at the mean price of its orders where that depends on "
    "their size.",
)

shipment_cost = charged(
    "shipment_cost",
    Charge(
        "shipment",
        Words("A shipment", "{currency} a shipment", "shipments"),
        quantity=lambda view: view.lane_flow("shipments"),
        rate=lambda money: money.shipment,
        payer=_receiver,
        where=lambda plan: plan.money.shipment > 0.0,
    ),
    title="Cost of shipments",
    definition="Cost of a shipment on the lane × shipments that left on it, of one product each.",
)

vehicle_cost = charged(
    "vehicle_cost",
    Charge(
        "vehicle",
        Words("A vehicle", "{currency} a vehicle", "vehicles"),
        quantity=lambda view: view.terms_flow("vehicles"),
        rate=lambda money: money.vehicle,
        payer=_receiver,
        where=lambda plan: plan.money.vehicle > 0.0,
    ),
    title="Cost of vehicles",
    definition="Cost of a vehicle on the lane × vehicles that left on it: as few as could carry each shipment.",
)

stockout_cost = charged(
    "stockout_cost",
    Charge(
        "stockout",
        Words("A stock-out", "{currency} an order not filled", "orders not filled complete from stock"),
        quantity=lambda view: view.flow("lines") - view.flow("lines_filled"),
        rate=lambda money: money.stockout,
        customers=True,
        where=lambda plan: plan.money.stockout > 0.0,
    ),
    title="Cost of stock-outs",
    definition="Cost of a stock-out × orders of end customers that were not filled complete from stock, whatever they lacked and "
    "whether they wait.",
    paid=False,
)


@kpi(
    "purchase_price_mean",
    concerns=lambda plan: len(plan.breaks) > 0,
    title="Mean purchase price",
    unit="{currency}/unit",
    direction="lower",
    definition="What orders cost on lanes with `price_breaks` ÷ units ordered there.",
    denominator="units ordered on lanes with price breaks",
    undefined="nothing was ordered at prices by the size of the order",
)
def purchase_price_mean(view: View) -> Ratio:
    units = view.at_target(np.where(priced(view.plan), view.lane_flow("ordered"), 0.0))
    return ratio(view.total(view.at_target(view.terms_flow("purchases"))), view.total(units))
