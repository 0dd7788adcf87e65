"""What happens when a flow reaches a bend: see `rules.flow`."""

from __future__ import annotations

from chainsim.rules.flow import carry, expect_bend
from chainsim.rules.make import finish_lot
from chainsim.rules.stock import wake
from chainsim.rules.world import World


def reach(w: World, p: int) -> None:
    """The flow of stock point p runs dry, has worked off its backlog, falls low enough to wake the planner, or ends a
    lot. A change since may have made it too early, or out of date."""
    sp = w.points[p]
    flow = w.flows[sp.flow]
    if flow.next_at != w.now:
        return
    flow.next_at = -1
    carry(w, sp, w.now)
    if flow.lot > 0.0 and flow.left <= 0.0:
        finish_lot(w, p, sp, flow)
    wake(w, p, sp)
    expect_bend(w, p, sp)
