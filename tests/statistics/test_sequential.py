"""The fully sequential procedures: constants as published, decisions by hand, and the staged procedure held against them."""

from __future__ import annotations

import numpy as np
import pytest

from chainsim.errors import UsageError
from chainsim.statistics.observed import Observed
from chainsim.statistics.selection import Selection, Terms
from chainsim.statistics.sequential import boundary, eta, sequential


def constant(cost: float, filled: float, n: int = 100) -> Observed:
    return Observed(np.full(n, cost), np.full(n, filled), np.full(n, 100.0))


def test_eta_is_kim_and_nelsons() -> None:
    """η = ½[(2α/(k − 1))^(−2/(n₀ − 1)) − 1]: α = 5 %, k = 2, n₀ = 24 by hand: 0.1^(−2/23) = 1.221677."""
    assert eta(0.05, 24) == pytest.approx(0.5 * (1.2216774 - 1.0), abs=1e-6)


def test_the_triangle_closes_where_it_should() -> None:
    """At r = 2η(n₀ − 1)S²/tolerance² nothing is left of it."""
    end = 2.0 * eta(0.05, 11) * 10 * 4.0
    assert boundary(0.05, 11, np.array(4.0), 1.0, int(end) - 1) > 0.0
    assert boundary(0.05, 11, np.array(4.0), 1.0, int(end) + 1) == 0.0


def test_certain_data_are_decided_at_once() -> None:
    chosen = sequential([constant(50.0, 99.0), constant(40.0, 90.0), constant(45.0, 98.0)], (0.95,), 0.02, 1.0)
    assert chosen == ((2,), (30, 30, 30), False)


def test_nobody_serves() -> None:
    assert sequential([constant(50.0, 90.0)], (0.95,), 0.02, 1.0).winners == (None,)


def test_several_thresholds() -> None:
    both = [constant(50.0, 99.0), constant(40.0, 96.0)]
    assert sequential(both, (0.90, 0.98), 0.01, 1.0).winners == (1, 0)


def test_observations_that_end_too_early_are_told() -> None:
    noise = np.tile([-50.0, 50.0], 20)
    wild = [Observed(c + s * noise, np.full(40, 99.0), np.full(40, 100.0)) for c, s in ((50.0, 1), (50.0, -1))]
    assert sequential(wild, (0.95,), 0.02, 1.0).capped
    with pytest.raises(UsageError, match="30 replications"):
        sequential([constant(50.0, 99.0, 20)], (0.95,), 0.02, 1.0)


def test_elimination_by_hand() -> None:
    """Two candidates, d apart, S² of their difference known: the dearer goes at the first r with r·d > h²S²/(2δ) − δr/2."""
    luck = np.tile([-1.0, 1.0], 100)
    dear = Observed(53.0 + 4.0 * luck, np.full(200, 99.0), np.full(200, 100.0))
    cheap = constant(50.0, 99.0, 200)
    variance = float(np.var(4.0 * luck[:30], ddof=1))
    start = eta(0.025, 30) * 29 * variance / 1.0  # h²S²/(2δ), δ = 1
    r = next(r for r in range(30, 200) if float((dear.cost - cheap.cost)[:r].sum()) > max(0.0, start - r / 2.0))
    assert sequential([dear, cheap], (0.95,), 0.02, 1.0) == ((1,), (r, r), False)


@pytest.mark.parametrize("seed", range(20))
def test_staged_and_sequential_choose_alike(seed: int) -> None:
    """Where candidates lie clear of thresholds and of each other."""
    rng = np.random.default_rng(seed)
    n = 1024
    luck = rng.normal(size=n)
    truth = [(100.0, 0.97), (103.0, 0.98), (95.0, 0.92), (106.0, 0.99)]
    seen = [
        Observed(c + 5.0 * luck + 2.0 * rng.normal(size=n), 100.0 * q + 3.0 * luck + rng.normal(size=n), np.full(n, 100.0))
        for c, q in truth
    ]  # fmt: skip
    selection = Selection.of(4, Terms((0.95,), 0.02, 2.0))
    while not selection.done:
        selection = selection.look(seen)
    told, chosen = selection.answers[0], sequential(seen, (0.95,), 0.02, 2.0)
    assert told.converged
    assert (told.winner,) == chosen.winners == (0,)
