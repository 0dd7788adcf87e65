"""The levers of a page: what may be moved, to which positions, and the Plan of every policy at each, in both worlds.

Held, policies keep the numbers they had: a stress. Known, planners derive them anew: a plan. What a lever says of a policy itself is
known to it in either world. Every Plan is the one that `chainsim run --set … [--hold]` compiles.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from chainsim.errors import ChainsimError
from chainsim.live import pack
from chainsim.live.levers_offered import Group, Offer, Spot, offers_of
from chainsim.live.levers_pairs import exclusive
from chainsim.live.levers_plans import TooMuch, Workshop
from chainsim.plan.plan import Plan

log = logging.getLogger(__name__)
World = Literal["held", "known"]
WORLDS: tuple[World, ...] = ("held", "known")
FEWEST = 3
"""Positions that make a lever."""
BUDGET, DECIDING = 6.0, 60.0
"""Seconds of a processor, as `Workshop.cost` reckons, that a page may take to derive levels anew; the second with --decide."""


@dataclass(frozen=True)
class Lever:
    """spots: its positions; base: the one as mailed. plans: in each world the Plans of the policies that differ there from the mailed
    ones, position by position; None where there are none, and the lever cannot stand there."""

    id: str
    label: str
    group: Group
    spots: tuple[Spot, ...]
    base: int
    plans: Mapping[World, tuple[Mapping[str, Plan] | None, ...]]

    @property
    def worlds(self) -> tuple[World, ...]:
        """Where it may be moved; what a policy says of itself is the same in both, and told once, as held."""
        return tuple(self.plans)

    def packed_as(self, world: World) -> str:
        """Its name among the packed levers."""
        return self.id if world in self.plans and world == self.worlds[0] else f"{self.id} {world}"


@dataclass(frozen=True)
class Levers:
    """levers: in their order. exclusive: by world, pairs that cannot be moved together. left_out: what is missing and why, in words.
    deciding: whether more of them would be there if more time were spent."""

    levers: tuple[Lever, ...]
    exclusive: Mapping[World, frozenset[tuple[str, str]]]
    left_out: tuple[str, ...] = ()
    deciding: bool = False
    mailed: Mapping[str, Plan] = field(default_factory=dict)


def levers_of(workshop: Workshop, *, budget: float = BUDGET) -> Levers:
    """The levers of a study; levels derived anew as far as the budget goes, positions nearest to the mailed one first."""
    offers, left_out = offers_of(workshop), list[str]()
    found: dict[str, dict[World, list[Mapping[str, Plan] | None]]] = {}
    costly: list[tuple[int, int, Offer, World, int]] = []
    for rank, offer in enumerate(offers):
        worlds: Sequence[World] = WORLDS if offer.group != "policies" and not workshop.hold else WORLDS[:1]
        found[offer.id] = {world: [None] * len(offer.spots) for world in worlds}
        for world in worlds:
            found[offer.id][world][offer.base] = {}
            for k in sorted(range(len(offer.spots)), key=lambda k: abs(k - offer.base)):
                if k != offer.base:
                    costly.append((abs(k - offer.base), rank, offer, world, k))
    spent, wanting = 0.0, set[tuple[str, World]]()
    for _, _, offer, world, k in sorted(costly, key=lambda one: one[:2] + (WORLDS.index(one[3]),)):
        changes, hold = offer.spots[k].changes, world == "held"
        try:
            cost = workshop.cost(changes, hold=hold)
            if (offer.id, world) in wanting or spent + cost > budget:
                wanting.add((offer.id, world))
                continue
            spent += cost
            found[offer.id][world][k] = workshop.moved(changes, hold=hold)
        except (ChainsimError, TooMuch) as error:
            log.info("lever %s at %s, %s: %s", offer.id, offer.spots[k].text, world, error)
    levers = []
    for offer in offers:
        lever, why = _lever(offer, found[offer.id], workshop.mailed)
        if lever is not None:
            levers.append(lever)
        left_out += why
    cut = [offer.label for offer in offers if any(name == offer.id for name, _ in wanting)]
    return Levers(tuple(levers), exclusive(workshop, levers), tuple(left_out), bool(cut), workshop.mailed)


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
