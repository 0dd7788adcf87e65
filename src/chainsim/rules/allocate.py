"""Sharing what there is among claims that together want more.

`w.chosen[:n]` names the claims; each has `wanted` filled in, and gets `given`. The sum given is what is available.
Source of the three rules: G. Cachon and M. Lariviere (1999), "Capacity choice and allocation", Management Science
45(8), §3. Whole units are dealt out by largest remainder, ties to the lower rank.
"""

from __future__ import annotations

from typing import Literal

from chainsim.rules.choices import Choices
from chainsim.rules.grid import down_to_grid
from chainsim.rules.rows import Claim
from chainsim.rules.world import World

Allocation = Literal["first_come", "priority", "proportional", "linear", "uniform"]
ALLOCATION = Choices(Allocation)
FIRST_COME, PRIORITY, PROPORTIONAL, LINEAR, UNIFORM = range(5)  # POINT.allocation


def share(w: World, n: int, available: float, rule: int, whole: int) -> None:
    """Fill in `given` of the n chosen claims; called when their `wanted` sums to more than `available`."""
    if rule == LINEAR:
        share_linear(w, n, available)
    elif rule == UNIFORM:
        share_uniform(w, n, available)
    else:
        share_proportional(w, n, available)
    if whole == 1:
        deal_whole_units(w, n, available)
    else:
        for i in range(n):
            claim = w.claims[w.chosen[i]]
            claim.given = down_to_grid(claim.given)  # down, so that no more is given than there is


def share_proportional(w: World, n: int, available: float) -> None:
    """Everyone gets the same fraction of what they want."""
    total = 0.0
    for i in range(n):
        total += w.claims[w.chosen[i]].wanted
    for i in range(n):
        claim = w.claims[w.chosen[i]]
        claim.given = available * claim.wanted / total


def share_linear(w: World, n: int, available: float) -> None:
    """Everyone goes without the same number of units; those who want less than that get nothing."""
    for i in range(n):
        w.claims[w.chosen[i]].given = 1.0  # still in
    cut = 0.0
    changed = True
    while changed:
        changed = False
        total = 0.0
        members = 0
        for i in range(n):
            claim = w.claims[w.chosen[i]]
            if claim.given > 0.0:
                total += claim.wanted
                members += 1
        if members == 0:  # only where crumbs of divisible units are all there is
            return
        cut = (total - available) / members
        for i in range(n):
            claim = w.claims[w.chosen[i]]
            if claim.given > 0.0 and claim.wanted <= cut:
                claim.given = 0.0
                changed = True
    for i in range(n):
        claim = w.claims[w.chosen[i]]
        if claim.given > 0.0:
            claim.given = claim.wanted - cut


def share_uniform(w: World, n: int, available: float) -> None:
    """Everyone gets the same number of units, but nobody more than wanted."""
    for i in range(n):
        w.claims[w.chosen[i]].given = -1.0  # not settled
    left = available
    open_claims = n
    changed = True
    while changed and open_claims > 0:
        changed = False
        level = left / open_claims
        for i in range(n):
            claim = w.claims[w.chosen[i]]
            if claim.given < 0.0 and claim.wanted <= level:
                claim.given = claim.wanted
                left -= claim.wanted
                open_claims -= 1
                changed = True
    for i in range(n):
        claim = w.claims[w.chosen[i]]
        if claim.given < 0.0:
            claim.given = left / open_claims


CLOSE = 1e-9
"""Remainders this close are equal: shares that are equal on paper differ in their last bits."""


def deal_whole_units(w: World, n: int, available: float) -> None:
    """Round every share down, then deal the units left over by largest remainder, ties to the lower rank."""
    left = available
    for i in range(n):
        left -= (w.claims[w.chosen[i]].given + CLOSE) // 1.0
    while left >= 1.0:
        best = -1
        best_remainder = 0.0
        best_rank = 0
        for i in range(n):
            claim = w.claims[w.chosen[i]]
            remainder = claim.given - (claim.given + CLOSE) // 1.0
            rank = claimant_rank(w, claim)
            if remainder > CLOSE and (
                best < 0
                or remainder > best_remainder + CLOSE
                or (remainder > best_remainder - CLOSE and rank < best_rank)
            ):
                best, best_remainder, best_rank = i, remainder, rank
        if best < 0:
            break
        claim = w.claims[w.chosen[best]]
        claim.given = (claim.given + CLOSE) // 1.0 + 1.0
        left -= 1.0
    for i in range(n):
        claim = w.claims[w.chosen[i]]
        claim.given = (claim.given + CLOSE) // 1.0


def claimant_rank(w: World, claim: Claim) -> int:
    """Rank of who asks: end customers before stock points."""
    if claim.lane >= 0:
        return w.points[w.lanes[claim.lane].target].rank
    return -1
