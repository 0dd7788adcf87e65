"""Levels that follow a known season: pages of parameters, each in force from its own tick on."""

from __future__ import annotations

from chainsim.rules.stock import wake
from chainsim.rules.world import World


def turn_page(w: World, p: int) -> None:
    """The next page of stock point p comes into force. A planner who watches continuously looks again at this instant;
    one who reviews by the calendar sees it at the next review."""
    sp = w.points[p]
    sp.page += 1
    sp.wake_at = w.pages[sp.page].wake_at
    wake(w, p, sp)
