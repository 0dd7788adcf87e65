"""The end of a bucket at a stock point: what no series of a group can tell of it."""

from __future__ import annotations

from chainsim.rules.rows import Point
from chainsim.rules.world import World


def note_bucket(w: World, p: int, b: int) -> None:
    """Count bucket b, if it lies in the window with its full length, and whether it was a good one; add up what stands at its end."""
    sp: Point = w.points[p]
    if w.edges[b] >= w.warm_up and w.edges[b + 1] - w.edges[b] == w.bucket:
        sp.buckets += 1
        if sp.backorders <= 0.0 and sp.lost <= sp.lost_closed and sp.emergency <= sp.emergency_closed:
            sp.buckets_good += 1
        sp.on_hand_ends += sp.on_hand
        sp.owed_ends += sp.customer_backorders
    sp.lost_closed = sp.lost
    sp.emergency_closed = sp.emergency
