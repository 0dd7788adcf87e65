"""The levers of a page: what may be moved, to which positions, and the Plan of every policy at each, in both worlds.

Held, policies keep the numbers they had: a stress. Known, planners derive them anew: a plan. What a lever says of a policy itself is
known to it in either world. Every Plan is the one that `chainsim run --set … [--hold]` compiles.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from chainsim.errors import ChainsimError, ScenarioError
from chainsim.live import pack
from chainsim.live.lever import WORLDS, Lever, World
from chainsim.live.levers_offer import Offer
from chainsim.live.levers_offered import offers_of
from chainsim.live.levers_pairs import exclusive
from chainsim.live.levers_plans import TooMuch, Workshop
from chainsim.plan.plan import Plan

log = logging.getLogger(__name__)
FEWEST = 3
"""Positions that make a lever."""
BUDGET, DECIDING = 6.0, 60.0
"""Seconds of a processor, as `Workshop.cost` reckons, that a page may take to derive levels anew; the second with --decide."""
CHEAP = 12.0
"""The same for positions at which nothing is derived; with --decide no less than for the others."""
IN_SIGHT = ("service", "demand", "lead-times", "carrying-rate")
"""Levers that matter most: they come first where time is short, and are shown at once; others are folded."""


@dataclass(frozen=True)
class Levers:
    """levers: in their order. exclusive: by world, pairs that cannot be moved together. left_out: what is missing and why, in words.
    deciding: whether more of them would be there if more time were spent. one_world: why no lever has the world that planners know; '' where
    one has it, or none could."""

    levers: tuple[Lever, ...]
    exclusive: Mapping[World, frozenset[tuple[str, str]]]
    left_out: tuple[str, ...] = ()
    deciding: bool = False
    one_world: str = ""
    mailed: Mapping[str, Plan] = field(default_factory=dict)


def levers_of(workshop: Workshop, *, budget: float = BUDGET) -> Levers:
    """The levers of a study; levels derived anew as far as the budget goes, positions nearest to the mailed one first."""
    offers = offers_of(workshop)
    found = _Found(workshop, budget)
    rings: list[tuple[int, int, Offer, World]] = []
    for rank, offer in enumerate(offers):
        for world in WORLDS if offer.group != "policies" and not workshop.hold else WORLDS[:1]:
            found.begin(offer, world)
            furthest = max(offer.base, len(offer.spots) - 1 - offer.base)
            rings += [(distance, rank, offer, world) for distance in range(1, furthest + 1)]
    for distance, _, offer, world in sorted(rings, key=_order):
        found.ring(offer, world, distance)
    levers, left_out = [], []
    for offer in offers:
        plans = {world: found.plans[offer.id, world] for world in WORLDS if (offer.id, world) in found.plans}
        lever, why = _lever(offer, plans, workshop.mailed)
        levers += [lever] if lever is not None else []
        left_out += why if lever is not None or why else [f"{offer.label}: {found.missing(offer)}"]
    one_world = "" if any("known" in lever.worlds for lever in levers) else found.unknown()
    return Levers(
        tuple(levers), exclusive(workshop, levers), tuple(left_out), bool(found.wanting), one_world, workshop.mailed
    )


def _order(ring: tuple[int, int, Offer, World]) -> tuple[int, int, bool, int]:
    """The nearest first. What is dear comes in the order in which it is missed: what policies say of themselves, a world planners know,
    prices they know."""
    distance, rank, offer, world = ring
    dear = ("policies", "world", "prices").index(offer.group) if world == "known" else 0
    return distance, dear, offer.id not in IN_SIGHT, rank


@dataclass(frozen=True)
class _Wanting:
    """Positions that were too dear: whether their levels had to be derived, the seconds they take, what was left, of how many seconds."""

    derived: bool
    seconds: float
    left: float
    budget: float
    positions: int

    def told(self) -> str:
        """In words, to follow 'Demand: '."""
        what = "to derive the levels" if self.derived else "to compile a network of this size"
        each = "the nearest position" if self.positions == 1 else f"the {self.positions} nearest positions"
        may = f"the page of such a run may spend {_seconds(self.budget)} on all levers"
        if self.left < self.budget:
            may = (
                f"of the {_seconds(self.budget)} that the page of such a run may spend, {_seconds(self.left)} were left"
            )
        return f"{what} at {each} takes about {_seconds(self.seconds)} of a processor, and {may}"


def _seconds(x: float) -> str:
    """
    >>> _seconds(0.0), _seconds(0.4), _seconds(6.0), _seconds(47.3)
    ('0 s', '0.4 s', '6 s', '47 s')
    """
    return f"{x:.0f} s" if x >= 10.0 else f"{float(f'{x:.1f}'):g} s"


class _Found:
    """Positions of levers, compiled as far as the purses go, of which there are two: for levels derived anew, and for all else.

    plans: by lever and world, position by position; None where there are none. wanting: where a purse was too small."""

    def __init__(self, workshop: Workshop, budget: float) -> None:
        self._workshop = workshop
        self._full = {True: budget, False: max(CHEAP, budget)}
        self._purse = dict(self._full)
        self._refused: dict[str, str] = {}
        self.plans: dict[tuple[str, World], list[Mapping[str, Plan] | None]] = {}
        self.wanting: dict[tuple[str, World], _Wanting] = {}

    def begin(self, offer: Offer, world: World) -> None:
        self.plans[offer.id, world] = [None] * len(offer.spots)
        self.plans[offer.id, world][offer.base] = {}

    def ring(self, offer: Offer, world: World, distance: int) -> None:
        """Compile the positions of a lever at a distance from the mailed one; after a ring that is too dear, none further out."""
        if (offer.id, world) in self.wanting:
            return
        hold, wanted, cost = world == "held", [], {True: 0.0, False: 0.0}
        for k in (offer.base - distance, offer.base + distance):
            if not 0 <= k < len(offer.spots):
                continue
            try:
                changes = offer.spots[k].changes
                dear = self._workshop.derives(changes, hold=hold)
                cost[dear] += self._workshop.cost(changes, offer.group, hold=hold)
                wanted.append(k)
            except ChainsimError as error:
                self._refuse(offer, k, error)
        if any(cost[dear] > self._purse[dear] for dear in cost):
            derived = cost[True] > self._purse[True]
            self.wanting[offer.id, world] = _Wanting(
                derived, cost[derived], self._purse[derived], self._full[derived], len(wanted)
            )
            return
        for k in wanted:
            try:
                self.plans[offer.id, world][k] = self._workshop.moved(offer.spots[k].changes, hold=hold)
            except (ChainsimError, TooMuch) as error:
                self._refuse(offer, k, error)
        for dear in cost:
            self._purse[dear] -= cost[dear]

    def _refuse(self, offer: Offer, k: int, error: Exception) -> None:
        log.info("lever %s at %s: %s", offer.id, offer.spots[k].text, error)
        self._refused.setdefault(offer.id, f"at {offer.spots[k].text}: {reason(error)}")

    def missing(self, offer: Offer) -> str:
        """Why a lever has too few positions, in words."""
        too_long = [wanting for (id, _), wanting in self.wanting.items() if id == offer.id]
        if too_long:
            return min(too_long, key=lambda wanting: wanting.derived).told()
        return self._refused.get(offer.id, "changes nothing here")

    def unknown(self) -> str:
        """Why levels are not derived anew for a world that changes, in words; '' where no lever changes it."""
        known = [id for id, world in self.plans if world == "known"]
        if not known:
            return ""
        if too_long := [wanting for (_, world), wanting in self.wanting.items() if world == "known"]:
            return min(too_long, key=lambda wanting: wanting.seconds).told()
        return next((self._refused[id] for id in known if id in self._refused), "they do not follow from the world")


def reason(error: Exception) -> str:
    """What went wrong, for a reader of the page, who has no file to mend: the first finding without its place and path."""
    if isinstance(error, ScenarioError) and error.findings:
        return error.findings[0].message.rstrip(".")
    return str(error).splitlines()[0]


def _lever(
    offer: Offer, plans: Mapping[World, Sequence[Mapping[str, Plan] | None]], mailed: Mapping[str, Plan]
) -> tuple[Lever | None, list[str]]:
    """The lever with the worlds in which it has positions enough; and what is missing, in words."""
    kept: dict[World, tuple[Mapping[str, Plan] | None, ...]] = {}
    left_out = []
    for world, positions in plans.items():
        there = [plan for plan in positions if plan]
        if not there or len(there) + 1 < min(FEWEST, len(offer.spots)):
            continue
        refused = pack.refused(mailed, [position for position in positions if position])
        if refused:
            left_out.append(f"{offer.label}: {refused}")
            continue
        # a position that changes nothing is none, but for the mailed one
        kept[world] = tuple(p if p or k == offer.base else None for k, p in enumerate(positions))
    if not kept:
        return None, left_out
    here = [k for k in range(len(offer.spots)) if any(positions[k] is not None for positions in kept.values())]
    lever = Lever(
        offer.id, offer.label, offer.group, tuple(offer.spots[k] for k in here), here.index(offer.base),
        {world: tuple(positions[k] for k in here) for world, positions in kept.items()},
    )  # fmt: skip
    return lever, left_out
