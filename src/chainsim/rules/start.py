"""The initial state: what is already under way at time 0."""

from __future__ import annotations

from chainsim.rules.phases import ORDER_DUE, SHIPMENT_DUE
from chainsim.rules.records import open_ledger
from chainsim.rules.rows import Lane, Shipment
from chainsim.rules.shelf import stock_shelf
from chainsim.rules.world import World


def open_point(w: World, p: int) -> None:
    """Stock point p at time 0, before anything happens there."""
    sp = w.points[p]
    if sp.lifetime > 0:
        stock_shelf(w, p)
    if sp.ledger >= 0:
        open_ledger(w, sp.ledger)


def ship_earlier(w: World, first: Shipment) -> None:
    """A shipment that left before time 0, with the tick at which it is due."""
    lane = w.lanes[first.lane]
    count_earlier(w, lane, first.quantity)
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
    shipment.standstill = lane.standstill
    shipment.first_lot = -1  # fresh at receipt, as is what the initial stock holds
    shipment.part = 0.0
    w.expect(SHIPMENT_DUE, first.due, s)


def order_earlier(w: World, first: Shipment) -> None:
    """An order placed before time 0, on its way as information until it is due."""
    lane = w.lanes[first.lane]
    count_earlier(w, lane, first.quantity)
    k = w.new_claim()
    claim = w.claims[k]
    claim.point = lane.origin
    claim.lane = first.lane
    claim.customer = -1
    claim.quantity = first.quantity
    claim.remaining = first.quantity
    w.expect(ORDER_DUE, first.due, k)


def count_earlier(w: World, lane: Lane, quantity: float) -> None:
    """Units ordered on a lane before time 0."""
    lane.on_order += quantity
    lane.ordered += quantity
    w.points[lane.target].on_order += quantity
