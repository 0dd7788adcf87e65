"""The queue of a stock point: customers and downstream orders wait together, oldest first.

A queue is a chain of claim rows. Orders that joined at this instant and were not yet presented to stock are *fresh*;
they stand at the end, and customers of the same instant step in before them.
"""

from __future__ import annotations

from typing import Protocol

from chainsim.rules.phases import JOBS_SERVED, SERVE_DUE
from chainsim.rules.rows import Claim, Point
from chainsim.rules.world import World


class Keeper(Protocol):
    """Who keeps a queue: a stock point, a resource whose jobs wait, or a desk where they wait for components."""

    head: int
    tail: int


def append(w: World, sp: Keeper, k: int) -> None:
    """Put claim k at the end of the queue."""
    claim = w.claims[k]
    claim.previous = sp.tail
    claim.next = -1
    if sp.tail >= 0:
        w.claims[sp.tail].next = k
    else:
        sp.head = k
    sp.tail = k


def step_in(w: World, sp: Keeper, k: int) -> None:
    """Put a customer, or an order for the early dispatch, behind all who wait, but before the orders of this instant
    that are to be dispatched after demand."""
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


def leave(w: World, sp: Keeper, k: int) -> None:
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


def may_go(w: World, claim: Claim) -> bool:
    """True for a claim that was already presented to stock and waits for nothing but stock: its lane is open."""
    return claim.fresh == 0 and (claim.lane < 0 or w.lanes[claim.lane].down == 0)


def anybody_waits(w: World, sp: Point) -> bool:
    """True if somebody waits for stock whom a customer arriving now may not overtake."""
    k = sp.head
    while k >= 0:
        if may_go(w, w.claims[k]):
            return True
        k = w.claims[k].next
    return False


def serve_soon(w: World, p: int, sp: Point) -> None:
    """Serve those who wait at stock point p, and jobs that wait for it as a component, in the serve phase of this instant."""
    if sp.head >= 0 and sp.serve_at != w.now:
        sp.serve_at = w.now
        w.expect(SERVE_DUE, w.now, p)
    if sp.desk >= 0:
        desk = w.desks[sp.desk]
        if desk.head >= 0 and desk.serve_at != w.now:
            desk.serve_at = w.now
            w.expect(JOBS_SERVED, w.now, sp.desk)


def priority_of(w: World, claim: Claim) -> int:
    """1 is served first."""
    if claim.lane >= 0:
        return w.lanes[claim.lane].priority
    return w.customers[claim.customer].priority


def insists(w: World, claim: Claim) -> bool:
    """True if the claim is served complete or not at all."""
    if claim.lane >= 0:
        return w.lanes[claim.lane].all_or_nothing == 1
    return w.customers[claim.customer].all_or_nothing == 1
