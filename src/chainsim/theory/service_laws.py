"""What a replenishment rule makes of a stock point: the laws from which service at every level is read (`theory.service_curve`)."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from chainsim.theory.positions import Rule, loss, positions, renewal_density, undershoot
from chainsim.theory.stage import Stage, Sums

Array = NDArray[np.float64]


class Basis:
    """What all lots of one stock point share: transforms of one length, demand between two reviews, what a position is
    short. `most`: the largest lot, in steps."""

    def __init__(self, stage: Stage, most: int = 0) -> None:
        self.stage, self.most = stage, most
        self.reach = stage.reach(most)  # no level of interest lies above
        self.sums = stage.sums(self.reach)
        self.between = self.sums.law_between

    def laws(self, rule: Rule, lot: int) -> Laws:
        """J, U and the lead times in order of receipt; `lot` is Q, or S − s, in steps (no meaning for base stock). Raises
        ValueError above the largest lot."""
        if rule != "S" and lot > self.most:
            raise ValueError(f"a lot of {lot} steps is above the largest foreseen, {self.most}")
        resting = positions(rule, lot, self.between, self._density if rule == "sS" else None)
        below = undershoot(rule, resting, self.between)
        k = np.arange(len(below))
        order = float(k @ below) + (lot if rule == "sS" else 0)
        if rule == "sQ":  # whole lots: up to s + 1 … s + Q
            order = float((k // lot + 1) @ below) * lot
        return Laws(self, resting, below, self.stage.leads_of_orders(order), order)

    def short(self, leads: Array) -> Array:
        """Units newly short until the next order's receipt, for positions −most, 1 − most … reach + most."""
        if leads is self.stage.leads:
            return self._short
        return self._short_of(leads)

    @cached_property
    def _short(self) -> Array:
        return self._short_of(self.stage.leads)

    def _short_of(self, leads: Array) -> Array:
        start, end = self.sums.mass(self.sums.waited(leads)), self.sums.mass(self.sums.until_next(leads))
        at = np.arange(-self.most, self.reach + self.most + 1)
        return loss((0, end), at) - loss((0, start), at)

    @cached_property
    def _density(self) -> Array:
        return renewal_density(self.between, max(self.most, 1))


class Laws(NamedTuple):
    """What one rule with one lot makes of a stock point, on the lattice."""

    basis: Basis
    resting: Array  # J, from 0 on
    undershoot: Array  # U, from 0 on
    leads: Array  # lead times as receipts of these orders see them
    order: float  # mean size of an order, steps

    @property
    def sums(self) -> Sums:
        """Transforms of one length."""
        return self.basis.sums

    @property
    def between(self) -> Array:
        """Demand between two reviews, B."""
        return self.basis.between


def laws_of(stage: Stage, rule: Rule, lot: int = 1) -> Laws:
    """The laws of one lot by itself."""
    return Basis(stage, lot if rule != "S" else 0).laws(rule, lot)
