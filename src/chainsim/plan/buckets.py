"""The buckets a run's series are kept in, as its clock cuts them."""

from __future__ import annotations

import numpy as np

from chainsim.plan.plan import Array, Clock

LEVELS = ("on_hand", "backorders", "customer_backorders", "in_transit")
FLOWS = ("demanded", "requested", "ordered", "received", "shipped", "lost", "filled", "emergency")
SERIES = (*LEVELS, *FLOWS)
"""Bucket series of stock points. on_hand, backorders, customer_backorders, in_transit (towards the stock point): as
they stand just before the end of the bucket; the others: units within the bucket."""


def bucket_edges(clock: Clock) -> Array:
    """Ticks at which buckets begin and end: aligned to the end of the warm-up, the first and last may be shorter.

    >>> bucket_edges(Clock(warm_up=10, end=25, bucket=7, ticks_per_unit=1, units_per_year=1.0, unit="period")).tolist()
    [0, 3, 10, 17, 24, 25]
    """
    first = clock.warm_up % clock.bucket or clock.bucket
    return np.unique(np.concatenate(([0], np.arange(first, clock.end, clock.bucket), [clock.end]))).astype(np.int64)


def full_buckets(edges: Array, clock: Clock) -> Array:
    """Which buckets lie in the window, from the warm-up to the end, with their full length."""
    full: Array = (np.diff(edges) == clock.bucket) & (edges[:-1] >= clock.warm_up)
    return full
