"""Two suppliers: a regular one with a lead time and a dearer one that delivers at once. Periodic review, backorders.

Each period: receive what the regular supplier sent, expedite, order regularly, demand, then costs on the net stock at
the end of the period. Whole units; demand[j] = P(a period wants j units).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from chainsim.theory.capacity import shortfall_distribution
from chainsim.theory.lattice import Lattice
from chainsim.theory.markov import stationary


class DualMeasures(NamedTuple):
    """Mean units on hand and owed at the end of a period; units expedited and ordered regularly per period; mean overshoot
    of stock over the expedite-up-to level after expediting."""

    on_hand: float
    backorders: float
    expedited: float
    regular: float
    overshoot: float

    def cost(self, holding: float, backorder: float, expedite: float, regular: float) -> float:
        """Money per period: h and b per unit at its end, c_e and c_r per unit bought.

        >>> uniform = (0.2,) * 5
        >>> round(dual_index(uniform, 2, 4, 3).cost(5, 495, 105, 100), 4)
        217.0221
        """
        return holding * self.on_hand + backorder * self.backorders + expedite * self.expedited + regular * self.regular


def dual_index(demand: Sequence[float], lead_time: int, expedite_level: int, gap: int) -> DualMeasures:
    """Dual index: expedite up to S_e on what is on hand (receipts in), then raise on hand + regular pipeline to S_e + Δ.

    Regular lead time L ≥ 1, expedited 0. Chain of what is on hand and due. Veeraraghavan & Scheller-Wolf (2008), Operations
    Research 56:850-864.

    >>> m = dual_index((0.2,) * 5, 2, expedite_level=4, gap=3)
    >>> round(m.expedited, 6), round(m.regular, 6), round(m.on_hand, 6)
    (0.801471, 1.198529, 2.602941)
    """
    if lead_time < 1:
        raise ValueError("the regular supplier needs a lead time of at least one period")
    top = expedite_level + gap
    mean = sum(d * p for d, p in enumerate(demand))

    def acted(state: tuple[int, ...]) -> tuple[int, int, int]:
        """(on hand after expediting, expedited, ordered regularly); a state is on hand with receipts in, then what is due."""
        expedited = max(expedite_level - state[0], 0)
        stock = state[0] + expedited
        return stock, expedited, max(top - stock - sum(state[1:]), 0)

    def moves(state: tuple[int, ...]) -> list[tuple[tuple[int, ...], float]]:
        stock, _, ordered = acted(state)
        due = (*state[1:], ordered)
        return [((stock - d + due[0], *due[1:]), p) for d, p in enumerate(demand)]

    on_hand = backorders = expedited = overshoot = 0.0
    for state, p in stationary((expedite_level, *([0] * (lead_time - 1))), moves).items():
        stock, bought, _ = acted(state)
        expedited += p * bought
        overshoot += p * (stock - expedite_level)
        on_hand += p * sum(max(stock - d, 0) * q for d, q in enumerate(demand))
        backorders += p * sum(max(d - stock, 0) * q for d, q in enumerate(demand))
    return DualMeasures(on_hand, backorders, expedited, mean - expedited, overshoot)


def tailored_base_surge(demand: Sequence[float], regular: int, level: int) -> DualMeasures:
    """Tailored base-surge: Q units arrive every period whatever happens; expedite up to S when that is not enough.

    The overshoot follows O' = (O + Q − D)⁺, Lindley's recursion, for Q < E[D]. Allon & Van Mieghem (2010), Management
    Science 56:110-124; Janakiraman, Seshadri & Sheopuri (2015), Management Science 61(7).

    >>> m = tailored_base_surge((0.2,) * 5, regular=1, level=4)
    >>> round(m.overshoot, 6), round(m.expedited, 6), round(m.cost(5, 495, 105, 100), 4)
    (0.380609, 1.0, 216.903)
    """
    wanted = Lattice(1.0, 0, np.asarray(demand, np.float64))
    if wanted.mean <= regular:
        raise ValueError("the regular order must be smaller than mean demand, or stock grows without end")
    # O + Q − D = O + (most − D) − (most − Q): the shortfall of a capacity most − Q under a demand of most − D
    most = len(demand) - 1
    mirrored = Lattice(1.0, 0, wanted.mass[::-1])
    overshoot = shortfall_distribution(mirrored, most - regular)
    net = Lattice.point(float(level)).plus(overshoot).plus(wanted.negative())
    return DualMeasures(
        net.shortage(0.0), net.negative().shortage(0.0), wanted.mean - regular, float(regular), overshoot.mean
    )
