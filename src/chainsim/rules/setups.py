"""Set-ups: a machine must be set up before it makes a lot.

A *run* is what one set-up of a machine lasts for: a production order, or the orders of one product that are begun one after
the other. Each machine that takes part in a run is set up for it once. Machines have no names; of those that are free so many
are ready for the run that was begun last, and a machine ready for an earlier run is set up anew.
"""

from __future__ import annotations

from typing import Literal

from chainsim.rules.choices import Choices
from chainsim.rules.rows import Claim, Resource
from chainsim.rules.world import World

SetupFor = Literal["order", "product"]
SETUP_FOR = Choices(SetupFor)
NO_SETUP, EACH_ORDER, EACH_PRODUCT = 0, 1, 2  # RESOURCE.setup: 1 + place in SETUP_FOR


def set_up(w: World, resource: Resource, claim: Claim) -> int:
    """A free machine takes work of a job. Returns the ticks its set-up takes, 0 where it is ready."""
    if resource.run_lane != claim.lane:
        resource.run_lane = claim.lane
        resource.run += 1
        resource.ready = 0
    if resource.ready > 0:
        resource.ready -= 1
        return 0
    w.lanes[claim.lane].setups += 1
    if resource.setup_stream < 0:
        return 0
    ticks = int(w.draw(resource.setup_stream))
    resource.setup_time += ticks
    return ticks


def end_order(resource: Resource) -> None:
    """The last of a job was begun: where each order has its own set-up, the next job begins a run."""
    if resource.setup == EACH_ORDER:
        resource.run_lane = -1


def stay_ready(resource: Resource, run: int) -> None:
    """A machine that worked for a run is free, and ready for it while no other was begun."""
    if resource.run == run:
        resource.ready += 1
