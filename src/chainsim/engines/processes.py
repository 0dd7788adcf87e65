"""Who acts in a supply network of his own accord, each as a simpy process that reads like a story.

Every process waits for its moment (`yield`), then lets a rule of `chainsim.rules` happen. What a rule puts on the calendar, and of
which there is nothing to tell in between (a shipment under way, an order in the post, those who wait are served, a customer's
patience), is a single simpy event: `engines.moments`. To follow a replication, read these; to know what exactly happens to
stock, read the rules.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import simpy

from chainsim.rules.arrivals import ARRIVALS, next_customer, next_period
from chainsim.rules.customer import arrive
from chainsim.rules.grid import tick_at
from chainsim.rules.make import CAPACITY, renew_capacity
from chainsim.rules.openings import first_review, next_review
from chainsim.rules.order import review
from chainsim.rules.outage import await_outage
from chainsim.rules.phases import (
    BUCKET_ENDS,
    CAPACITY_DUE,
    CUSTOMER_DUE,
    LEVELS_DUE,
    PERIODIC_REVIEW_DUE,
    REVIEW_DUE,
    WARM_UP_ENDS,
)
from chainsim.rules.season import turn_page

if TYPE_CHECKING:
    from chainsim.engines.world import World

Story = Generator[simpy.Event, Any, None]


def customers(world: World, c: int) -> Story:
    """The end customers of one stream: they come one after the other, each with an order."""
    stream = world.customers[c]
    door = world.tick(CUSTOMER_DUE, c)
    move_on = next_customer if stream.kind == ARRIVALS else next_period
    move_on(world, stream)
    while stream.next_at < world.end:
        yield door.at(stream.next_at)
        arrive(world, c, stream.next_quantity)
        move_on(world, stream)


def planner_on_watch(world: World, p: int) -> Story:
    """Continuous review: the planner looks once at the first opportunity, then whenever the watched stock falls low enough."""
    sp = world.points[p]
    bell = world.tick(REVIEW_DUE, p)
    sp.review_at = sp.offset  # already on the calendar, should demand at that instant ask for it
    yield bell.at(sp.offset)
    while True:
        review(world, p, 0)
        yield bell.idle()


def planner_by_calendar(world: World, p: int) -> Story:
    """Periodic review: the planner decides at offset + k × interval, or on the next order day."""
    sp = world.points[p]
    bell = world.tick(PERIODIC_REVIEW_DUE, p)
    if sp.offset < 0:
        sp.offset = int(world.draw(sp.offset_stream)) % sp.review_interval
    at = first_review(world, sp)
    while at < world.end:
        yield bell.at(at)
        review(world, p, sp.before_demand)
        at = next_review(world, sp, at)


def seasons(world: World, p: int) -> Story:
    """The levels of a stock point follow a known season: page after page comes into force."""
    sp = world.points[p]
    bell = world.tick(LEVELS_DUE, p)
    for page in range(sp.first_page + 1, sp.first_page + sp.pages):
        yield bell.at(world.pages[page].at)
        turn_page(world, p)


def shift(world: World, r: int) -> Story:
    """A new capacity period begins, again and again."""
    resource = world.resources[r]
    bell = world.tick(CAPACITY_DUE, r)
    k = 0
    while (at := tick_at(0, resource.period, resource.period_rest, k)) < world.end:
        yield bell.at(at)
        renew_capacity(world, r)
        k += 1


def bookkeeper(world: World) -> Story:
    """Closes a bucket as it stands before anything of that instant."""
    bell = world.tick(BUCKET_ENDS, 0)
    for b in range(len(world.edges) - 2):
        yield bell.at(world.edges[b + 1])
        world.close_bucket(b)


def statistician(world: World) -> Story:
    """Remembers all totals at the end of the warm-up."""
    yield world.tick(WARM_UP_ENDS, 0).at(world.warm_up)
    world.open_window()


def everybody(world: World) -> None:
    """Set everyone to work, before anything happens."""
    start = world.process
    start(bookkeeper(world))
    start(statistician(world))
    for u in range(len(world.outages)):
        await_outage(world, u)
    for r, resource in enumerate(world.resources):
        if resource.kind == CAPACITY:
            start(shift(world, r))
    for p, sp in enumerate(world.points):
        if sp.pages > 1:
            start(seasons(world, p))
        if sp.policy >= 0:
            start(planner_by_calendar(world, p) if sp.review_interval > 0 else planner_on_watch(world, p))
    for c in range(len(world.customers)):
        start(customers(world, c))
