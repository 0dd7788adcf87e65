"""The one function that is called from Python, and cached: see `building`."""

from __future__ import annotations

from chainsim.engines.compiled.loop import advance_time
from chainsim.engines.compiled.memory import world_at


def run(address: int, stop: int) -> None:
    """Go on with the replication whose control row is at `address`, until its event number `stop` at most."""
    advance_time(world_at(address), stop)
