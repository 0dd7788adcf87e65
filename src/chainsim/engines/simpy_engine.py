"""The reference engine: one replication as simpy processes."""

from __future__ import annotations

from collections.abc import Iterator

from chainsim.engines.processes import everybody
from chainsim.engines.world import World
from chainsim.plan.plan import Plan
from chainsim.record.record import Record
from chainsim.record.stack import Records, stacks
from chainsim.rules.flow import expect_bend
from chainsim.rules.start import open_point, order_earlier, ship_earlier


def simulate(plan: Plan, replication: int, *, log: bool = False) -> Record:
    """Run one replication of a Plan and return its Record. The same Plan and number always give the same Record."""
    world = World(plan, replication, log=log)
    put_under_way(world)
    everybody(world)
    world.run_until(world.end)
    world.advance_all(world.end)
    return world.books.record(replication, world)


def replications(plan: Plan, first: int, count: int) -> Iterator[Records]:
    """Replications first … first + count − 1 in stacks. When one fails, those before it come first."""
    return stacks(simulate(plan, replication) for replication in range(first, first + count))


class Runner:
    """`replications` of one Plan after the other: here nothing is worth keeping."""

    def __call__(self, plan: Plan, first: int, count: int) -> Iterator[Records]:
        return replications(plan, first, count)


def put_under_way(world: World) -> None:
    """The initial state: shipments, orders on their way as information, shelves and flows."""
    for first in world.first_shipments:
        ship_earlier(world, first)
    for first in world.first_orders:
        order_earlier(world, first)
    for p in range(len(world.points)):
        open_point(world, p)
    for flow in world.flows:
        expect_bend(world, flow.point, world.points[flow.point])
