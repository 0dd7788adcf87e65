"""Cost at exactly the target: whole units overshoot it, and a tenth of a point of service is worth money.

Every replication's cost is carried along the policy's own slope, C′_r = C_r − λ·(numerator_r − q·denominator_r)/mean
denominator. Its mean is the cost at service q, to first order; and replication by replication it takes out the luck
of the year, which moves cost and service together: a control variate whose coefficient comes from elsewhere (`variance`
takes it from the same sample).

λ must come from other replications than those it corrects, or it flatters; the service must lie within `NEAR` of the
target, or the straight line is a guess; what remains uncertain of λ adds |service − q| × its error. All three are
told.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from chainsim.errors import UsageError
from chainsim.statistics.estimate import Estimate, estimate
from chainsim.statistics.observed import Array, Observed

NEAR = 0.003
"""Of service: farther from the target the slope is not trusted."""


@dataclass(frozen=True)
class Slope:
    """value: money per time unit for one whole of service (for 100 points). error: its standard error. replications:
    numbers of those it was measured on."""

    value: float
    error: float
    replications: range


@dataclass(frozen=True)
class Carried:
    """Cost at the target, one value per replication.

    cost: C′. service: sum ÷ sum. distance: service − target. near: whether |distance| ≤ NEAR. doubt: |distance| × the
    slope's standard error, money per time unit that no number of replications takes away.
    """

    cost: Array
    service: float
    distance: float
    near: bool
    doubt: float

    def estimate(self, level: float = 0.95) -> Estimate:
        """Mean cost at the target; the interval does not hold `doubt`."""
        return estimate(self.cost.tolist(), level)


def slope_between(below: Observed, above: Observed, replications: range) -> Slope:
    """λ = Δcost ÷ Δservice of two settings of one policy around the target, on the same replications, with the
    jackknife's standard error.

    Raises UsageError when they are not as many as said, or the second does not serve more.

    >>> units = np.full(3, 100.0)
    >>> slope = slope_between(Observed(np.array([50.0, 52.0, 51.0]), np.array([95.0, 97.0, 96.0]), units),
    ...                       Observed(np.array([54.0, 56.0, 55.0]), np.array([97.0, 99.0, 98.0]), units), range(3))
    >>> round(slope.value, 9), round(slope.error, 9)
    (200.0, 0.0)
    """
    n = len(replications)
    if n < 2 or len(below) != n or len(above) != n:
        raise UsageError(
            f"a slope needs two replications or more, the same of both: {n} numbers for {len(below)} and {len(above)} costs"
        )
    cost = np.asarray(above.cost) - np.asarray(below.cost)
    gains = _left_out(above) - _left_out(below)
    gain = _service(above) - _service(below)
    if not (gain > 0.0 and (gains > 0.0).all()):
        raise UsageError(f"the second setting must serve more than the first in every sample: it serves {gain:+.6f}")
    slopes = (cost.sum() - cost) / (n - 1) / gains
    error = np.sqrt((n - 1) / n * np.square(slopes - slopes.mean()).sum())
    return Slope(float(cost.mean() / gain), float(error), replications)


def at_target(seen: Observed, target: float, slope: Slope, replications: range) -> Carried:
    """Cost of one candidate carried to exactly the target. replications: the numbers of those seen.

    Raises UsageError when the slope was measured on some of these.

    >>> seen = Observed(np.array([50.0, 52.0]), np.array([97.0, 97.4]), np.full(2, 100.0))
    >>> carried = at_target(seen, 0.97, Slope(200.0, 10.0, range(100)), range(100, 102))
    >>> carried.cost.round(6).tolist(), round(carried.distance, 6), carried.near, round(carried.doubt, 6)
    ([50.0, 51.2], 0.002, True, 0.02)
    """
    if max(slope.replications.start, replications.start) < min(slope.replications.stop, replications.stop):
        raise UsageError(
            f"the slope was measured on replications {slope.replications.start} to {slope.replications.stop - 1} and may not correct "
            f"{replications.start} to {replications.stop - 1}: take it from others"
        )
    if len(seen) != len(replications):
        raise UsageError(f"{len(replications)} replication numbers for {len(seen)} costs")
    above, below = np.asarray(seen.numerators, np.float64), np.asarray(seen.denominators, np.float64)
    service = _service(seen)
    distance = service - target
    cost = np.asarray(seen.cost) - slope.value * (above - target * below) / below.mean()
    return Carried(cost, service, distance, abs(distance) <= NEAR * (1.0 + 1e-12), abs(distance) * slope.error)


def _service(seen: Observed) -> float:
    below = float(np.sum(seen.denominators)) if seen.denominators is not None else 0.0
    if seen.numerators is None or below <= 0.0:
        raise UsageError(
            "cost is carried to a target of service: numerators and denominators are needed, with something to divide by"
        )
    return float(np.sum(seen.numerators)) / below


def _left_out(seen: Observed) -> Array:
    """The service without each of the replications."""
    above, below = np.asarray(seen.numerators, np.float64), np.asarray(seen.denominators, np.float64)
    left: Array = (above.sum() - above) / (below.sum() - below)
    return left
