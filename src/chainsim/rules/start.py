"""The initial state: what is already under way at time 0."""

from __future__ import annotations

from typing import Any

from chainsim.rules.flow import plan
from chainsim.rules.phases import ORDER_DUE, SHIPMENT_DUE


def put_under_way(w: Any) -> None:
    """Shipments with due times, orders on their way as information, and flows."""
    for i in range(len(w.first_shipments)):
        first = w.first_shipments[i]
        lane = w.lanes[first.lane]
        order_earlier(w, lane, first.quantity)
        lane.in_transit += first.quantity
        lane.shipped += first.quantity
        if first.due > lane.last_arrival:
            lane.last_arrival = first.due
        s = w.new_shipment()
        shipment = w.shipments[s]
        shipment.lane = first.lane
        shipment.quantity = first.quantity
        shipment.good = first.quantity
        shipment.left = 0
        shipment.due = first.due
        w.expect(SHIPMENT_DUE, first.due, s)
    for i in range(len(w.first_orders)):
        first = w.first_orders[i]
        lane = w.lanes[first.lane]
        order_earlier(w, lane, first.quantity)
        k = w.new_claim()
        claim = w.claims[k]
        claim.point = lane.origin
        claim.lane = first.lane
        claim.customer = -1
        claim.quantity = first.quantity
        claim.remaining = first.quantity
        w.expect(ORDER_DUE, first.due, k)
    for i in range(len(w.flows)):
        p = w.flows[i].point
        plan(w, p, w.points[p])


def order_earlier(w: Any, lane: Any, quantity: float) -> None:
    """Units ordered on a lane before time 0."""
    lane.on_order += quantity
    lane.ordered += quantity
    w.points[lane.target].on_order += quantity
