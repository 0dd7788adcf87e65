"""The queue of a stock point: customers and downstream orders wait together, oldest first.

A queue is a chain of claim rows. Orders that joined at this instant and were not yet presented to stock are *fresh*;
they stand at the end, and customers of the same instant step in before them.
"""

from __future__ import annotations

from typing import Any


def append(w: Any, sp: Any, k: int) -> None:
    """Put claim k at the end of the queue."""
    claim = w.claims[k]
    claim.previous = sp.tail
    claim.next = -1
    if sp.tail >= 0:
        w.claims[sp.tail].next = k
    else:
        sp.head = k
    sp.tail = k


def step_in(w: Any, sp: Any, k: int) -> None:
    """Put the claim of a customer behind all who wait, but before the fresh orders of this instant."""
    before = sp.tail
    while before >= 0 and w.claims[before].fresh == 1:
        before = w.claims[before].previous
    after = sp.head if before < 0 else w.claims[before].next
    claim = w.claims[k]
    claim.previous = before
    claim.next = after
    if before < 0:
        sp.head = k
    else:
        w.claims[before].next = k
    if after < 0:
        sp.tail = k
    else:
        w.claims[after].previous = k


def leave(w: Any, sp: Any, k: int) -> None:
    """Take claim k out of the queue."""
    claim = w.claims[k]
    if claim.previous < 0:
        sp.head = claim.next
    else:
        w.claims[claim.previous].next = claim.next
    if claim.next < 0:
        sp.tail = claim.previous
    else:
        w.claims[claim.next].previous = claim.previous


def anybody_waits(w: Any, sp: Any) -> bool:
    """True if somebody waits who was already presented to stock."""
    return sp.head >= 0 and w.claims[sp.head].fresh == 0


def priority_of(w: Any, claim: Any) -> int:
    """1 is served first."""
    if claim.lane >= 0:
        return w.lanes[claim.lane].priority
    return w.customers[claim.customer].priority


def insists(w: Any, claim: Any) -> bool:
    """True if the claim is served complete or not at all."""
    if claim.lane >= 0:
        return w.lanes[claim.lane].all_or_nothing == 1
    return w.customers[claim.customer].all_or_nothing == 1
