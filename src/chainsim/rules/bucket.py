"""The end of a bucket at a stock point: what no series of a group can tell of it."""

from __future__ import annotations

from chainsim.rules.rows import Point
from chainsim.rules.world import World


def is_full(w: World, b: int) -> bool:
    """Whether bucket b lies in the window with its full length."""
    return w.edges[b] >= w.warm_up and w.edges[b + 1] - w.edges[b] == w.bucket


def note_bucket(sp: Point, full: bool) -> None:
    """Count a full bucket, and whether it was a good one; add up what stands at its end."""
    if full:
        sp.buckets += 1
        if sp.backorders <= 0.0 and sp.lost <= sp.lost_closed and sp.emergency <= sp.emergency_closed:
            sp.buckets_good += 1
        sp.on_hand_ends += sp.on_hand
        sp.owed_ends += sp.customer_backorders
    sp.lost_closed = sp.lost
    sp.emergency_closed = sp.emergency
