"""The reference engine: one replication as simpy processes."""

from __future__ import annotations

from chainsim.engines.processes import everybody
from chainsim.engines.world import World
from chainsim.plan.plan import Plan
from chainsim.record.record import Record
from chainsim.rules.phases import ORDER_DUE, SHIPMENT_DUE


def simulate(plan: Plan, replication: int, *, log: bool = False) -> Record:
    """Run one replication of a Plan and return its Record. The same Plan and number always give the same Record."""
    world = World(plan, replication, log=log)
    put_under_way(world)
    everybody(world)
    world.run_until(world.end)
    world.advance_all(world.end)
    return world.books.record(replication, world)


def put_under_way(world: World) -> None:
    """The initial state: shipments with due times, and orders on their way as information."""
    for lane_index, quantity, _, due, _ in world.plan.first_shipments.tolist():
        lane = world.lanes[lane_index]
        lane.in_transit += quantity
        lane.shipped += quantity
        lane.on_order += quantity
        lane.ordered += quantity
        lane.last_arrival = max(lane.last_arrival, due)
        world.points[lane.target].on_order += quantity
        s = world.new_shipment()
        shipment = world.shipments[s]
        shipment.lane, shipment.quantity, shipment.left, shipment.due = lane_index, quantity, 0, due
        world.expect(SHIPMENT_DUE, due, s)
    for lane_index, quantity, _, due, _ in world.plan.first_orders.tolist():
        lane = world.lanes[lane_index]
        lane.on_order += quantity
        lane.ordered += quantity
        world.points[lane.target].on_order += quantity
        k = world.new_claim()
        claim = world.claims[k]
        claim.point, claim.lane, claim.customer = lane.origin, lane_index, -1
        claim.quantity = claim.remaining = quantity
        world.expect(ORDER_DUE, due, k)
