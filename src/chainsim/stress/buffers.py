"""The cheapest buffer: how much more stock, and where, so that customers do not notice that a place is out.

A buffer is held at all stock points of one echelon between the place and its customers, in their own share: levels are
raised, and so is what lies there at the start. The first guess is what customers lacked at most over the calm path, in the
replication that is worst but for those that may be given up; it is then simulated, and made smaller or larger until a step
of `STEP` of it more or less decides.

Noticed by nobody means: the time to survive is longer than the outage and the recovery after it together. It is asked of
`SURE` of the replications, each beside the calm path with the same buffer: what more stock does on calm days is no answer to
the outage.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil, inf
from typing import Any

import numpy as np

from chainsim.plan.outages import with_outage
from chainsim.policies.base import Settings
from chainsim.policies.moved import movable, moved
from chainsim.rules.position import ECHELON
from chainsim.stress.calm import Calm
from chainsim.stress.outages import MEASURES, Moment, Out, times
from chainsim.stress.recovery import nearest_rank
from chainsim.stress.watch import observe

Array = np.ndarray[Any, Any]
SURE = 0.9
"""Share of the replications in which customers must notice nothing."""
STEP = 0.02
"""A buffer is found to a step of this share of it, or of one unit."""
GROWTH, TRIES = 1.6, 5
"""How a first guess that is too small grows, and how often."""


@dataclass(frozen=True)
class Buffer:
    """units: by stock point (site, product). kind: the echelon that holds it. cost: a year's holding. found: False where no
    buffer tried was enough; why says so."""

    kind: str
    units: Mapping[tuple[str, str], float]
    cost: float
    found: bool
    why: str = ""

    @property
    def total(self) -> float:
        """Units in all."""
        return float(sum(self.units.values()))


def enough(felt: float) -> bool:
    """Whether nobody notices in as many replications as are asked. felt: the share in which somebody does."""
    return felt <= 1.0 - SURE + 1e-9


def cheapest(
    calm: Calm, out: Out, moment: Moment, replications: int, *, engine: str, jobs: int | None
) -> Buffer | None:
    """The cheapest buffer against one place out; None where none is needed."""
    if enough(out.felt):
        return None
    place = out.where
    own = [point for point in place.customers if place.kind == "site" and point in place.hit]
    if own and (out.peak[:, [place.customers.index(point) for point in own]] > 0).any():
        return Buffer("", {}, inf, False, "its customers buy there: no stock elsewhere serves them")
    guesses = sorted(_guesses(calm, out), key=lambda guess: (guess.cost, guess.total))
    if not guesses:
        return Buffer("", {}, inf, False, "no levels between it and the customers can be raised")

    def holds(buffer: Buffer) -> bool:
        plan = calm.frame.plan(raised(calm, buffer.units))
        stressed = with_outage(plan, calm.frame.ground, place.outage(moment.start, moment.days))
        subjects = [calm.subject(MEASURES, place.customers, one) for one in (plan, stressed)]
        seen = dict(observe(subjects, replications, engine=engine, jobs=jobs))
        survive, _ = times(calm, place, moment, seen[0], seen[1])
        return enough(float(np.isfinite(survive).mean()))

    best: Buffer | None = None
    for guess in guesses:
        if best is not None and guess.cost >= best.cost:
            break
        settled = _settled(calm, guess, holds)
        if settled is not None and (best is None or settled.cost < best.cost):
            best = settled
    return best or Buffer("", {}, inf, False, f"not even {GROWTH**TRIES:.0f} times what customers lack helps")


def raised(calm: Calm, units: Mapping[tuple[str, str], float]) -> dict[tuple[str, str], Settings]:
    """The levels with so many units more at some stock points; echelon levels above them rise as much, so that what lies
    there stays the same."""
    network = calm.frame.ground.network
    by: dict[int, float] = {}
    for place, more in units.items():
        i = network.index[place]
        by[i] = by.get(i, 0.0) + more
        for k in network.replenished:
            if i in network.below(k) and calm.plan.points["watch"][k] == ECHELON:
                by[k] = by.get(k, 0.0) + more
    levels = dict(calm.levels)
    for i, more in by.items():
        key = (network.points[i].site, network.points[i].product)
        if key in levels:
            levels[key] = moved(levels[key], more, every=True)
    return levels


def _settled(calm: Calm, guess: Buffer, holds: Callable[[Buffer], bool]) -> Buffer | None:
    """The guess, grown until it is enough, then shrunk while it is; None where it never is."""
    low, high = 0.0, 1.0
    for _ in range(TRIES):
        if holds(_times(calm, guess, high)):
            break
        low, high = high, high * GROWTH
    else:
        return None
    step = max(STEP, 1.0 / guess.total if guess.total else 1.0)
    if high - low > step and low == 0.0:  # mostly the guess is right, and a step less is not enough
        if not holds(_times(calm, guess, high - step)):
            return _times(calm, guess, high)
        high -= step
    while high - low > step:
        middle = (low + high) / 2.0
        if holds(_times(calm, guess, middle)):
            high = middle
        else:
            low = middle
    return _times(calm, guess, high)


def _guesses(calm: Calm, out: Out) -> list[Buffer]:
    """A buffer for each echelon that all who lack something are behind, of what they lack."""
    network, place = calm.frame.ground.network, out.where
    short = [k for k in range(len(place.customers)) if (out.peak[:, k] > 0).any()]
    below = set().union(*(network.below(i) for i in place.hit)) | (set(place.hit) if place.kind == "lane" else set())
    kinds: dict[str, list[int]] = {}
    for i in sorted(below):
        point = network.points[i]
        settings = calm.levels.get((point.site, point.product))
        if not network.unlimited[i] and settings is not None and movable(settings, every=True):
            kinds.setdefault(network.kind_of[point.site], []).append(i)
    found = []
    for kind, holders in kinds.items():
        behind = {k: [i for i in holders if place.customers[k] in network.below(i) | {i}] for k in short}
        if not all(behind.values()):
            continue
        needs: dict[int, Array] = {}
        for k, several in behind.items():
            for i in several:
                needs[i] = needs.get(i, np.zeros(len(out.peak))) + out.peak[:, k] / len(several)
        sized = {i: nearest_rank(need, SURE) or float(need.max()) for i, need in needs.items()}
        found.append(_priced(calm, kind, sized))
    return found


def _priced(calm: Calm, kind: str, units: Mapping[int, float]) -> Buffer:
    network = calm.frame.ground.network
    whole = {
        i: more if network.product_of[network.points[i].product].divisible else float(ceil(more - 1e-9))
        for i, more in units.items()
    }
    cost = sum(more * network.points[i].holding_cost for i, more in whole.items()) * calm.plan.clock.units_per_year
    return Buffer(
        kind,
        {(network.points[i].site, network.points[i].product): more for i, more in whole.items() if more},
        cost,
        True,
    )


def _times(calm: Calm, guess: Buffer, factor: float) -> Buffer:
    network = calm.frame.ground.network
    return _priced(calm, guess.kind, {network.index[place]: factor * more for place, more in guess.units.items()})
