"""Costs carried to exactly the target: by hand, its conditions, and what it is good for."""

from __future__ import annotations

import numpy as np
import pytest

from chainsim.errors import UsageError
from chainsim.statistics import compare
from chainsim.statistics.at_target import NEAR, Slope, at_target, slope_between
from chainsim.statistics.observed import Observed

UNITS = np.full(4, 100.0)
SLOPE = Slope(-1000.0, 50.0, range(0, 100))


def test_every_replication_is_carried_along_the_slope() -> None:
    """q = 97 %: replications 1, −1, 0 and 0.4 units off; 1 unit of 100 is worth 10."""
    seen = Observed(np.array([50.0, 70.0, 60.0, 56.0]), np.array([98.0, 96.0, 97.0, 97.4]), UNITS)
    carried = at_target(seen, 0.97, SLOPE, range(100, 104))
    assert carried.cost.tolist() == pytest.approx([60.0, 60.0, 60.0, 60.0])
    assert carried.service == pytest.approx(0.971)
    assert carried.distance == pytest.approx(0.001)
    assert carried.near
    assert carried.doubt == pytest.approx(0.05)
    assert carried.estimate().mean == pytest.approx(60.0)


def test_its_mean_is_the_mean_cost_less_the_slope_times_the_distance() -> None:
    rng = np.random.default_rng(5)
    demanded = rng.uniform(50.0, 150.0, 40)
    seen = Observed(rng.normal(50.0, 5.0, 40), demanded * rng.uniform(0.95, 1.0, 40), demanded)
    carried = at_target(seen, 0.97, SLOPE, range(100, 140))
    assert carried.cost.mean() == pytest.approx(seen.cost.mean() - SLOPE.value * carried.distance)


def test_too_far_is_told() -> None:
    far = Observed(np.full(4, 50.0), UNITS * (0.97 + 1.1 * NEAR), UNITS)
    assert not at_target(far, 0.97, SLOPE, range(100, 104)).near
    edge = Observed(np.full(4, 50.0), UNITS * (0.97 - NEAR), UNITS)
    assert at_target(edge, 0.97, SLOPE, range(100, 104)).near


@pytest.mark.parametrize("replications", [range(99, 103), range(0, 4), range(96, 100)])
def test_a_slope_may_not_correct_what_it_was_measured_on(replications: range) -> None:
    with pytest.raises(UsageError, match="measured on replications 0 to 99"):
        at_target(Observed(np.ones(4), UNITS, UNITS), 0.97, SLOPE, replications)


def test_slope_by_hand() -> None:
    """Δcost 4, 6; Δservice 2, 2 units of 100: λ = 5 ÷ 0.02; left out: 6 ÷ 0.02 and 4 ÷ 0.02, error √(½·2·50²)."""
    units = np.full(2, 100.0)
    below, above = (
        Observed(np.array([50.0, 50.0]), np.array([95.0, 96.0]), units),
        Observed(np.array([54.0, 56.0]), np.array([97.0, 98.0]), units),
    )
    slope = slope_between(below, above, range(2))
    assert slope.value == pytest.approx(250.0)
    assert slope.error == pytest.approx(50.0)


def test_slopes_that_mean_nothing_are_refused() -> None:
    low, high = Observed(np.ones(4), UNITS * 0.95, UNITS), Observed(np.ones(4), UNITS * 0.97, UNITS)
    with pytest.raises(UsageError, match="must serve more"):
        slope_between(high, low, range(4))
    with pytest.raises(UsageError, match="two replications"):
        slope_between(low, high, range(3))
    with pytest.raises(UsageError, match="numerators and denominators"):
        at_target(Observed(np.ones(4)), 0.97, SLOPE, range(100, 104))
    with pytest.raises(UsageError, match="3 replication numbers for 4"):
        at_target(low, 0.97, SLOPE, range(100, 103))


def test_a_tie_of_policies_that_overshoot_unlike_is_seen_through() -> None:
    """Two policies on one line of cost against service, 0.1 points apart: raw, the one that serves more looks dearer; at the target they are
    equal, and the deviation of their difference is a small part of what it was."""
    rng = np.random.default_rng(6)
    n, slope = 400, 26_000.0
    luck = rng.normal(0.0, 0.02, (2, n))
    demanded = np.full(n, 1000.0)
    carried, raw = [], []
    for level, year in zip((0.970, 0.971), luck, strict=True):
        cost = 31_000.0 + slope * (level - 0.97 + year) + rng.normal(0.0, 50.0, n)
        seen = Observed(cost, demanded * (level + year), demanded)
        raw.append(cost.tolist())
        carried.append(at_target(seen, 0.97, Slope(slope, 0.0, range(100)), range(100, 100 + n)).cost.tolist())
    before, after = compare(*raw).difference, compare(*carried).difference
    assert before.half_width is not None
    assert after.half_width is not None
    assert after.half_width < before.half_width / 5.0
    assert abs(after.mean or 0.0) < 4.5 / 1.96 * after.half_width
