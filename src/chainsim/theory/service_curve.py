"""Service at every level at once, from a stock point's own laws: the curve from which derived levels are read.

Symbols: l the level sought (S of base stock, s of (s, nQ) and (s, S)); y = l + J the position after a review, U the
undershoot (`theory.positions`); D(n(L)) demand while an order is under way, D(n(L + R)) until the next order's receipt
(`theory.cover`). With backorders

    α(l) = P(U + D(n(L)) ≤ l)                                                   per cycle: nobody waits just before a receipt
    β(l) = 1 − {E[(D(n(L + R)) − y)⁺] − E[(D(n(L)) − y)⁺]} / E[B]               fill rate

Hadley & Whitin, Analysis of Inventory Systems (1963), chapters 4 and 5; Zipkin, Foundations of Inventory Management
(2000), §6. Orders that cross: `theory.crossing`, and for base stock exactly (`theory.service_crossing`); lost sales:
`theory.service_lost`. With backorders exact where lead times are constant, or base stock crosses; else off by up to 0.03 (`policies.rough` says where).
Lost sales: exact while one order at most is out; `theory.service_lost` says how good it is with several.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from chainsim.theory import service_crossing, service_lost
from chainsim.theory.positions import Law, Rule, less, mean_at, undershoot, up_to
from chainsim.theory.service_laws import Laws, laws_of
from chainsim.theory.stage import JUST, Stage

Array = NDArray[np.float64]
Integers = NDArray[np.int64]
Kind = Literal["service", "fill_rate"]


def curve(stage: Stage, rule: Rule, lot: int, kind: Kind, laws: Laws | None = None) -> tuple[Integers, Array]:
    """(levels, service at each) in steps: from −lot (it may wait for debts) or 0 up to where nothing is short. `laws` of
    this stage, rule and lot, where they are known.

    Sizes 1 or 2 in continuous time, λ = 1, L = 2, (s, Q = 3): service at s = 0 … 3:

    >>> stage = Stage(size=np.array([0.0, 0.5, 0.5]), leads=np.array([2.0]), rate=1.0)
    >>> levels, alpha = curve(stage, "sQ", 3, "service")
    >>> alpha[levels.searchsorted([0, 1, 2, 3])].round(4).tolist()
    [0.0902, 0.2256, 0.406, 0.5789]
    """
    if rule != "S" and lot == 1 and not stage.lost:  # back to s + 1 at every review: base stock
        levels, service = curve(stage, "S", 1, kind)
        return levels - 1, service
    if stage.lost and _as_if_backordered(stage, rule, lot):
        levels, service = curve(replace(stage, lost=False), rule, lot, kind)
        kept = levels >= 0
        return levels[kept], service[kept] if kind == "service" else 1.0 / (2.0 - service[kept])
    if laws is None:
        laws = laws_of(stage, rule, lot)
    levels = np.arange(-lot if rule != "S" and not stage.lost else 0, stage.reach(lot if rule != "S" else 0))
    if rule == "S" and service_crossing.fits(stage):
        return levels, service_crossing.service(stage, laws.sums, levels, kind)
    if stage.lost:
        return levels, service_lost.service(stage, rule, lot, kind, levels, laws)
    sums = laws.sums
    if kind == "fill_rate":
        short, first = laws.basis.short(laws.leads), int(levels[0]) + laws.basis.most
        short = short[first:] if rule == "S" else mean_at(rule, short[first + 1 :], laws.resting)
        return levels, 1.0 - short[: len(levels)] / stage.between_mean
    if stage.rhythm and len(set(stage.rhythm.between().tolist())) > 1:
        return levels, _service_by_phase(stage, rule, levels, laws)
    waiting: Law = (0, sums.mass(sums.waited(laws.leads) * sums.transform(laws.undershoot)))
    return levels, up_to(waiting, levels)


def _as_if_backordered(stage: Stage, rule: Rule, lot: int) -> bool:
    """Lost sales, lead times that differ but keep their order, and many orders on their way: no formula fits. As with
    backorders is never short, and up to 3 points over; as lost, β = 1/(2 − β_backorder)."""
    if stage.orders == "cross" or not stage.random_lead:
        return False
    mean = float(stage.leads.mean())
    return mean > stage.interval and (rule == "S" or stage.per_time * mean >= lot)


def _service_by_phase(stage: Stage, rule: Rule, levels: Integers, laws: Laws) -> Array:
    """P(U + D(n(L)) ≤ l | an order is due) where the number of demands between two reviews depends on the phase: each with
    the wait that goes with it."""
    assert stage.rhythm is not None
    sums, total, due = laws.sums, np.zeros(len(levels)), 0.0
    for k, waited in zip(stage.rhythm.between(), stage.rhythm.waited(laws.leads), strict=True):
        if k == 0:
            continue
        between = sums.mass(sums.events([k]))
        first, mass = less(between, laws.resting)
        odds = 1.0 - float(between[0]) if rule == "S" else float(mass[-first:].sum())
        if odds <= JUST:
            continue
        own = sums.transform(undershoot(rule, laws.resting, between))
        total += odds * up_to((0, sums.mass(sums.events(waited) * own)), levels)
        due += odds
    return np.asarray(total / due, np.float64)


def smallest_level(levels: Integers, service: Array, target: float) -> int | None:
    """The place in `levels` of the smallest level such that it and all above reach the target; None where none does.

    Approximations need not rise everywhere, so it is one past the last that misses.

    >>> smallest_level(np.arange(4), np.array([0.5, 0.96, 0.94, 0.97]), 0.95)
    3
    """
    missed = np.flatnonzero(service < target - JUST)
    if len(missed) == 0:
        return 0
    place = int(missed[-1]) + 1
    return place if place < len(levels) else None
