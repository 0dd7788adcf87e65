"""What laws of one stock point share is computed once: it changes nothing, to the last bit."""

from __future__ import annotations

import numpy as np
import pytest

from chainsim.theory.positions import Addends, Rule, convolved, loss
from chainsim.theory.service_curve import curve
from chainsim.theory.service_lost import TINY, Window
from chainsim.theory.stage import Stage


def law(points: int, seed: int) -> np.ndarray:
    found = np.random.default_rng(seed).random(points)
    return np.asarray(found / found.sum())


@pytest.mark.parametrize("points", [5, 63, 64, 700])
def test_a_sum_is_the_same_whether_a_transform_was_kept_or_not(points: int) -> None:
    one, other = law(points, 1), law(points, 2)
    held = Addends(one, other)
    for k, size in enumerate((points, 3 * points, points)):
        more = law(size, 3 + k)
        first, second = held.to(more)
        assert (first == convolved(more, one)).all()
        assert (second == convolved(more, other)).all()
        assert np.allclose(first, np.convolve(more, one), atol=1e-15)


@pytest.mark.parametrize("kind", ["service", "fill_rate"])
def test_a_window_by_hand(kind: str) -> None:
    """Σ P(O)·F(y − O)^γ·g(y − O) / Σ P(O)·F(y − O)^γ, term by term."""
    cycle, out, gamma, levels = np.array([0.2, 0.5, 0.3]), np.array([0.6, 0.3, 0.1]), 0.5, np.arange(6)
    below, wants = np.cumsum(cycle), np.array([0.0, 0.5, 0.3]) / 0.8
    expected = []
    for y in levels:
        over = under = 0.0
        for o, chance in enumerate(out):
            x = y - o
            if x < 0:
                continue
            weight = chance * below[min(x, 2)] ** gamma
            under += weight
            short = sum(p * max(z - x, 0) for z, p in enumerate(cycle))
            over += weight * (wants[: x + 1].sum() if kind == "service" else short)
        expected.append(over / max(under, TINY))
    window = Window(cycle, levels, kind, gamma)
    for _ in range(2):  # kept, or not yet
        assert window.of((0, out)).tolist() == pytest.approx(expected, abs=1e-15)
    assert loss((0, cycle), np.array([0])).tolist() == pytest.approx([1.1])


def stage(review: float, lost: bool, spread: float) -> Stage:
    leads = 3.0 + spread * (np.arange(64) + 0.5)
    return Stage(law(9, 5), leads, rate=0.8, review=review, dispersion=1.3, lost=lost)


@pytest.mark.parametrize("spread", [0.05, 0.4])
@pytest.mark.parametrize("lost", [False, True])
@pytest.mark.parametrize("rule", ["S", "sQ", "sS"])
def test_the_curve_of_a_lot_is_the_same_after_others(rule: Rule, lost: bool, spread: float) -> None:
    """A stage keeps transforms for other lots: what was asked before moves nothing."""
    for review in (0.0, 7.0):
        used = stage(review, lost, spread)
        for lot in (30, 12, 31):
            curve(used, "sQ", lot, "fill_rate")
        for kind in ("service", "fill_rate"):
            levels, service = curve(used, rule, 12, kind)
            same_levels, same_service = curve(stage(review, lost, spread), rule, 12, kind)
            assert (levels == same_levels).all()
            assert (service == same_service).all()
