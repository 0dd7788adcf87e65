"""How long customers are served after an outage begins, and how long until they are served again after it ends.

The words are those of D. Simchi-Levi, W. Schmidt & Y. Wei (2014), From Superstorms to Factory Fires, Harvard Business Review
92(1/2), and D. Simchi-Levi et al. (2015), Identifying Risks and Mitigating Disruptions in the Automotive Supply Chain,
Interfaces 45(5). There the *time to recover* of a node is an input, how long it is down, and the *time to survive* comes from a
linear programme. Here both are read off sample paths, each beside the calm path on the same random numbers:

* time to survive: from the beginning of the outage to the first unit that customers do not have and on the calm path have;
* time to recover: from the end of the outage until customers lack no more than they may on a calm day, and it stays so.

Paths are known bucket by bucket, and a time is that of the beginning of its bucket: exact for what happens there, else up to a
bucket early.
"""

from __future__ import annotations

from math import ceil, inf
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[np.float64]]
ROUNDING = 1e-9
"""Units, and time units, below which there is nothing; demand that flows is added up with rounding errors."""


def lacking(owed: Array, lost: Array) -> Array:
    """Units that customers have asked for and do not have: lost so far, and owed now [..., buckets].

    owed: at the end of each bucket. lost: within each.

    >>> lacking(np.array([[0.0, 2.0, 0.0]]), np.array([[0.0, 1.0, 0.0]]))
    array([[0., 3., 1.]])
    """
    made: Array = owed + np.cumsum(lost, axis=-1)
    return made


def time_to_survive(more: Array, starts: Array, begin: float, until: float) -> Array:
    """Time from `begin` to the first bucket in which customers lack more than on the calm path [replications].

    more: units lacking above those of the calm path [replications, buckets]. starts: beginnings of buckets. until: nothing
    that begins later is put down to the outage. Infinite where nothing is felt.

    >>> time_to_survive(np.array([[0.0, 0.0, 5.0], [0.0, 0.0, 0.0]]), np.array([0.0, 1.0, 2.0]), 1.0, 3.0)
    array([ 1., inf])
    """
    here = (starts >= begin - ROUNDING) & (starts <= until + ROUNDING)
    felt = (more > ROUNDING) & here
    first = felt.argmax(axis=1)
    return np.where(felt.any(axis=1), _after(starts[first], begin), inf)


def calm_band(need: Array, share: float = 0.95) -> float:
    """What customers lack at most in a share of the buckets of a calm path (all replications together): the band that
    counts as recovered.

    >>> calm_band(np.array([[0.0, 0.0, 3.0, 1.0]]), 0.75)
    1.0
    """
    return nearest_rank(need.ravel(), share)


def time_to_recover(need: Array, calm: Array, band: float, starts: Array, end: float, hold: int) -> Array:
    """Time from `end` to the first bucket from which on customers lack no more than the band, or than on the calm path,
    for `hold` buckets in a row [replications]; infinite where the horizon ends before.

    need: units owed at the end of the bucket, and lost in it [replications, buckets]; calm: the same without the outage.

    >>> need = np.array([[0.0, 9.0, 9.0, 0.0, 0.0], [0.0, 9.0, 9.0, 9.0, 0.0]])
    >>> time_to_recover(need, np.zeros((2, 5)), 0.0, np.arange(5.0), 2.0, 2)
    array([ 1., inf])
    """
    good = need <= np.maximum(calm, band) + ROUNDING
    run = np.ones(good.shape, bool)
    for k in range(hold):
        run[:, : good.shape[1] - k] &= good[:, k:]
    run[:, max(good.shape[1] - hold + 1, 0) :] = False  # the horizon ends before it has lasted
    run &= starts >= end - ROUNDING
    first = run.argmax(axis=1)
    return np.where(run.any(axis=1), _after(starts[first], end), inf)


def _after(times: Array, since: float) -> Array:
    """Lengths of time, without the rounding error of parts of a week."""
    return np.asarray(np.round(times - since, 9)) + 0.0


def nearest_rank(values: Array, share: float) -> float:
    """The smallest value that at least this share of the values do not exceed; infinite ones may be among them.

    >>> nearest_rank(np.array([4.0, inf, 1.0]), 0.5), nearest_rank(np.array([4.0, inf, 1.0]), 0.9)
    (4.0, inf)
    """
    ordered = np.sort(values)
    return float(ordered[max(ceil(share * len(ordered) - 1e-9), 1) - 1])
