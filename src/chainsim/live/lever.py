"""A lever of a page, and the worlds in which it may be moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from chainsim.live.levers_offer import Group, Spot
from chainsim.plan.plan import Plan

World = Literal["held", "known"]
WORLDS: tuple[World, ...] = ("held", "known")


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
