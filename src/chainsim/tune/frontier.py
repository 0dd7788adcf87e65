"""Cost against service of one alternative: from where it was tuned only the levels where customers buy move, all else as tuned."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from chainsim.statistics import Sample, estimate
from chainsim.tune.confirm import Candidate
from chainsim.tune.search import Sizes
from chainsim.tune.trials import Impossible, Seen, Stopped

LOWEST, HIGHEST = 0.90, 0.999
MOST_POINTS = 8
"""Points of the curve on each side of where it was tuned."""
FLAT = 2e-4
"""Of service: where so many steps win less, the curve is at its end."""


@dataclass(frozen=True)
class Point:
    """A point of the curve with its intervals. steps: of the selling levels from the tuned candidate."""

    policy: str
    steps: int
    service: float
    service_low: float
    service_high: float
    cost: float
    cost_low: float
    cost_high: float


def ray(candidate: Candidate, sizes: Sizes, confidence: float) -> tuple[Point, ...]:
    """The curve of a candidate between 90 and 99.9 %, in order of service, on the search's replications."""
    found = candidate.found
    points: dict[int, Point] = {0: point_of(candidate, 0, found.seen.first(sizes.ray), confidence)}
    for way in (1, -1):
        stride, at = 1, 0
        last = points[0].service
        for _ in range(MOST_POINTS):
            if (way > 0 and last >= HIGHEST) or (way < 0 and last <= LOWEST):
                break
            at += way * stride
            try:
                spot = replace(found.spot, selling=found.spot.selling + at)
                seen = candidate.trials.see(found.map.at(spot), sizes.ray)
            except (Impossible, Stopped):
                break
            points[at] = point_of(candidate, at, seen, confidence)
            won = abs(points[at].service - last)
            last = points[at].service
            if won < FLAT and stride >= 8:
                break
            if won < 0.01:
                stride *= 2 if won > 0.003 else 4
            elif won > 0.025 and stride > 1:
                stride //= 2
    return tuple(points[at] for at in sorted(points))


def point_of(candidate: Candidate, steps: int, seen: Seen, confidence: float) -> Point:
    """A point with its intervals: Student's for the cost, the logit's for the service (`statistics.estimate`)."""
    trials = candidate.trials
    service = trials.service(seen)
    low = high = service
    if len(trials.scopes):
        worst = int((seen.services - trials.targets).argmin())
        share = estimate(Sample(seen.above[worst].tolist(), seen.below[worst].tolist()), confidence)
        low, high = share.low or service, share.high or service
    money = estimate(seen.cost.tolist(), confidence)
    mean, half = money.mean or 0.0, money.half_width or 0.0
    return Point(candidate.name, steps, service, low, high, mean, mean - half, mean + half)


def cost_at(points: tuple[Point, ...], service: float) -> float | None:
    """The cost on the curve at a service, on the straight line between its points; None beyond its ends."""
    ordered = sorted(points, key=lambda point: point.service)
    for low, high in pairwise(ordered):
        if low.service <= service <= high.service:
            gain = high.service - low.service
            share = (service - low.service) / gain if gain > 0.0 else 0.0
            return low.cost + share * (high.cost - low.cost)
    return None


def cheapest(points: tuple[Point, ...]) -> tuple[Point, bool]:
    """The point of least cost, and whether the curve turns there: False at its upper end, where cost still falls."""
    ordered = sorted(points, key=lambda point: point.service)
    best = min(ordered, key=lambda point: point.cost)
    return best, best is not ordered[-1]


def per_tenth(candidate: Candidate) -> float | None:
    """Money per year for a tenth of a point of service, at the target."""
    return None if candidate.slope is None else candidate.slope.value / 1000.0
