"""Moments of quantities as they are used: cut at 0, and rounded half up where units are whole."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from chainsim.chance.base import Distribution
from chainsim.chance.law import shares_of


@lru_cache(maxsize=4096)
def moments_after(distribution: Distribution, whole: bool) -> tuple[float, float]:
    """Mean and standard deviation of max(X, 0), rounded half up if `whole`.

    What cutting and rounding add to X and to X² is averaged over equally likely values of X (midpoints of 16,384
    strips of probability); it is bounded, or nearly, so the average is close even where the tail of X is long.
    """
    mean, sd = distribution.expectation(), distribution.standard_deviation()
    values, shares = shares_of(distribution)
    used = np.maximum(values, 0.0)
    used = np.floor(used + 0.5) if whole else used
    if bool((used == values).all()):
        return mean, sd
    mean_used = mean + float(shares @ (used - values))
    square = sd**2 + mean**2 + float(shares @ (used**2 - values**2))
    return mean_used, float(np.sqrt(max(square - mean_used**2, 0.0)))
