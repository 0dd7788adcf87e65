"""Serving those who wait, by the allocation rule of the stock point."""

from __future__ import annotations

from chainsim.rules.allocate import FIRST_COME, PRIORITY, share
from chainsim.rules.grid import on_grid
from chainsim.rules.log import BACKFILLED, SHIPPED
from chainsim.rules.move import ship
from chainsim.rules.movement import leave_shelf
from chainsim.rules.position import ON_HAND
from chainsim.rules.queue import insists, leave, priority_of
from chainsim.rules.records import find_empty
from chainsim.rules.rows import Claim, Point
from chainsim.rules.shelf import mark_down
from chainsim.rules.stock import advance, tell, wake
from chainsim.rules.world import World


def serve(w: World, p: int) -> None:
    """Something was received, or an outage ended: serve those who already waited. Fresh orders are not among them."""
    sp = w.points[p]
    sp.serve_at = -1
    serve_queue(w, p, sp, 0)


def dispatch(w: World, p: int, early: int) -> None:
    """New orders joined at this instant: allocate and ship, all of them together with those who waited."""
    sp = w.points[p]
    if early == 1:
        sp.early_dispatch_at = -1
    else:
        sp.dispatch_at = -1
    due = 2 if early == 1 else 1
    serve_queue(w, p, sp, due)
    k = sp.tail
    while k >= 0 and w.claims[k].fresh > 0:
        if w.claims[k].fresh == due:
            w.claims[k].fresh = 0
            w.lanes[w.claims[k].lane].orders_waited += 1
        k = w.claims[k].previous
    if sp.ledger >= 0 and sp.head >= 0 and sp.down == 0:
        find_empty(w, sp)


def serve_queue(w: World, p: int, sp: Point, fresh_too: int) -> None:
    """Serve the queue from what is on hand; `fresh_too` says which orders of this instant take part: 0 none, 2 those of
    early reviews, 1 all."""
    if sp.down > 0 or sp.head < 0:
        return
    if sp.unlimited == 1:
        serve_all(w, p, sp, fresh_too)
    elif sp.on_hand > 0.0:
        if sp.allocation == FIRST_COME:
            serve_in_turn(w, p, sp, fresh_too, -1)
        elif sp.allocation == PRIORITY:
            level = next_level(w, sp, fresh_too, -1)
            while level >= 0 and sp.on_hand > 0.0 and serve_in_turn(w, p, sp, fresh_too, level):
                level = next_level(w, sp, fresh_too, level)
        else:
            n = choose(w, sp.head, -1, fresh_too, -1)
            serve_together(w, p, sp, n, sp.allocation)


def can_go(w: World, claim: Claim, fresh_too: int, level: int) -> bool:
    """True if the claim takes part: presented before (or fresh ones count), its lane open, of this priority level."""
    if claim.fresh > 0 and fresh_too != 1 and claim.fresh != fresh_too:
        return False
    if claim.lane >= 0 and w.lanes[claim.lane].down > 0:
        return False
    return level < 0 or priority_of(w, claim) == level


def next_level(w: World, sp: Point, fresh_too: int, above: int) -> int:
    """The next priority level among those who wait, or -1."""
    best = -1
    k = sp.head
    while k >= 0:
        claim = w.claims[k]
        if can_go(w, claim, fresh_too, -1):
            level = priority_of(w, claim)
            if level > above and (best < 0 or level < best):
                best = level
        k = claim.next
    return best


def choose(w: World, first: int, stop: int, fresh_too: int, level: int) -> int:
    """Collect the claims from `first` up to (not including) `stop` that take part; returns how many."""
    n = 0
    k = first
    while k != stop:
        claim = w.claims[k]
        if can_go(w, claim, fresh_too, level):
            claim.wanted = claim.remaining
            w.chosen[n] = k
            n += 1
        k = claim.next
    return n


def serve_all(w: World, p: int, sp: Point, fresh_too: int) -> None:
    """A supplier of unlimited stock ships whatever is asked."""
    k = sp.head
    while k >= 0:
        claim = w.claims[k]
        following = claim.next
        if can_go(w, claim, fresh_too, -1):
            give(w, p, sp, k, claim.remaining)
        k = following


def serve_in_turn(w: World, p: int, sp: Point, fresh_too: int, level: int) -> bool:
    """First come, first served; simultaneous orders share in proportion. False when somebody had to stay unserved:
    nobody overtakes."""
    k = sp.head
    while k >= 0 and sp.on_hand > 0.0:
        claim = w.claims[k]
        following = claim.next
        if not can_go(w, claim, fresh_too, level):
            k = following
            continue
        if claim.lane >= 0 and following >= 0:  # orders that joined at the same instant go together
            joined = claim.joined
            while following >= 0 and w.claims[following].lane >= 0 and w.claims[following].joined == joined:
                following = w.claims[following].next
            n = choose(w, k, following, fresh_too, level)
            if n > 1:
                if not serve_together(w, p, sp, n, FIRST_COME):
                    return False
                k = following
                continue
        if claim.remaining <= sp.on_hand:
            give(w, p, sp, k, claim.remaining)
        else:
            if not insists(w, claim):
                give(w, p, sp, k, sp.on_hand)
            return False
        k = following
    return sp.on_hand > 0.0


def serve_together(w: World, p: int, sp: Point, n: int, rule: int) -> bool:
    """Serve the n chosen claims as one: all of them if there is enough, else by shares. True if all were served.

    Claims that must be complete cannot share: then the chosen are served in turn until one does not fit.
    """
    total = 0.0
    strict = False
    for i in range(n):
        claim = w.claims[w.chosen[i]]
        total += claim.wanted
        strict = strict or insists(w, claim)
    if total <= sp.on_hand:
        for i in range(n):
            k = w.chosen[i]
            give(w, p, sp, k, w.claims[k].wanted)
        return True
    if strict:
        for i in range(n):
            k = w.chosen[i]
            claim = w.claims[k]
            if claim.wanted <= sp.on_hand:
                give(w, p, sp, k, claim.wanted)
            else:
                if not insists(w, claim):
                    give(w, p, sp, k, sp.on_hand)
                return False
        return True
    share(w, n, sp.on_hand, rule, sp.whole)
    for i in range(n):
        k = w.chosen[i]
        if w.claims[k].given > 0.0:
            give(w, p, sp, k, w.claims[k].given)
    return False


def give(w: World, p: int, sp: Point, k: int, quantity: float) -> None:
    """Hand over units to claim k: a customer takes them away, a downstream order is shipped."""
    if quantity <= 0.0:
        return
    claim = w.claims[k]
    if sp.ledger >= 0 and claim.customer >= 0:
        mark_down(w, sp, quantity)
    if sp.unlimited == 0:
        leave_shelf(w, sp, quantity, claim.lane)
    else:
        advance(sp, w.now)
        sp.shipped += quantity
    sp.backorders -= quantity
    claim.remaining -= quantity
    if sp.whole == 0:
        claim.remaining = on_grid(claim.remaining)
    done = claim.remaining <= 0.0
    if claim.lane >= 0:
        if claim.fresh > 0:
            sp.requested_filled += quantity
            if done and claim.quantity == quantity:
                sp.requests_filled += 1
        w.lanes[claim.lane].wait_ticks += quantity * (w.now - claim.joined)
        number = ship(w, claim.lane, quantity)
        tell(w, p, sp, SHIPPED, claim.lane, quantity, claim.number, number)
    else:
        backfill(w, sp, claim, quantity)
        tell(w, p, sp, BACKFILLED, -1, quantity, claim.number, -1)
    if done:
        leave(w, sp, k)
        w.free_claim(k)
    if sp.watch == ON_HAND:
        wake(w, p, sp)


def backfill(w: World, sp: Point, claim: Claim, quantity: float) -> None:
    """A customer who waited gets units. Their fate counts at the time they were demanded."""
    waited = w.now - claim.joined
    sp.customer_backorders -= quantity
    sp.backfilled += quantity
    sp.waited_all += quantity * waited
    if claim.joined >= w.warm_up:
        sp.waited += quantity * waited
        promise = w.customers[claim.customer].promise
        if waited <= promise and claim.joined + promise < w.end:
            sp.on_time += quantity
    elif w.now >= w.warm_up:
        sp.backfilled_early += quantity
