"""Stock records that drift from what is on the shelf: base stock on the record, corrected by an audit now and then."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np


class RecordMeasures(NamedTuple):
    """Share of demand met, mean units on the shelf at the end of a period, mean error of the record (units too many) at
    the start of a period, units of demand lost per period."""

    fill_rate: float
    on_hand: float
    error: float
    lost: float


def base_stock(demand: Sequence[float], level: int, loss_probability: float, audit: int) -> RecordMeasures:
    """Order up to S on the record, received at once; unmet demand is lost; then with probability γ one unit vanishes
    unrecorded, if any is left; every `audit`-th period ends with the record set right.

    With an error e at the start of a period S − e are on the shelf. Phenomenon: DeHoratius & Raman (2008), Management
    Science 54:627-641; model after Kang & Gershwin (2005), IIE Transactions 37:843-859. demand[j] = P(j units).

    >>> from chainsim.theory.s_S import poisson_probabilities
    >>> m = base_stock(poisson_probabilities(4), 9, 0.1, audit=20)
    >>> round(m.fill_rate, 6), round(m.on_hand, 5), round(m.error, 6), round(m.lost, 6)
    (0.987085, 4.05185, 0.906311, 0.051661)
    """
    if audit < 1 or level < 0 or not 0.0 <= loss_probability <= 1.0:
        raise ValueError("a level from 0, a probability, and an audit after every period or less often")
    wanted = np.arange(len(demand))
    p = np.asarray(demand, np.float64)
    mean = float(wanted @ p)
    shelf = level - np.arange(level + 1)  # by error
    sold = np.array([float(np.minimum(wanted, units) @ p) for units in shelf])
    some_left = np.array([float(p[:units].sum()) for units in shelf])
    error = np.zeros(level + 1)
    error[0] = 1.0
    served = left = wrong = 0.0
    for _ in range(audit):
        vanishing = error * some_left * loss_probability
        served += float(error @ sold)
        left += float(error @ (shelf - sold)) - float(vanishing.sum())
        wrong += float(error @ np.arange(level + 1))
        error = error - vanishing + np.concatenate(([0.0], vanishing[:-1]))
    return RecordMeasures(served / audit / mean, left / audit, wrong / audit, mean - served / audit)
