"""What a replenishment rule makes of a stock point: the laws from which service at every level is read (`theory.service_curve`)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from chainsim.theory.positions import Rule, positions, undershoot
from chainsim.theory.stage import Stage, Sums

Array = NDArray[np.float64]


class Laws(NamedTuple):
    """What one rule with one lot makes of a stock point, on the lattice: transforms of one length, and positions."""

    sums: Sums
    between: Array  # demand between two reviews, B
    resting: Array  # J, from 0 on
    undershoot: Array  # U, from 0 on
    leads: Array  # lead times as receipts of these orders see them
    order: float  # mean size of an order, steps
    reach: int  # no level of interest lies above


def laws_of(stage: Stage, rule: Rule, lot: int = 1) -> Laws:
    """B, J, U and the lead times in order of receipt; `lot` is Q, or S − s, in steps (no meaning for base stock)."""
    lot = lot if rule != "S" else 0
    reach = stage.reach(lot)
    sums = Sums(stage, reach)
    between = sums.mass(sums.between())
    resting = positions(rule, lot, between)
    below = undershoot(rule, resting, between)
    order = float(np.arange(len(below)) @ below) + lot
    if rule == "sQ":  # whole lots: up to s + 1 … s + Q
        k = np.arange(len(below))
        order = float((k // lot + 1) @ below) * lot
    return Laws(sums, between, resting, below, stage.leads_of_orders(order), order, reach)
