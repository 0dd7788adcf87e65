"""Boxes: small cases by hand, then random ones of which the answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from chainsim.experiments.discovery import Axis, Box, discover


def axes(points: np.ndarray, names: str = "abcd") -> list[Axis]:
    return [Axis(name, column, True) for name, column in zip(names, points.T, strict=False)]


def test_a_corner_of_a_grid_is_found_exactly() -> None:
    points = np.array([(a, b) for a in range(5) for b in range(4)], float)
    broken = [a >= 3 and b <= 1 for a, b in points]
    [box] = discover(axes(points), broken)
    assert (box.points, box.broken, box.coverage, box.density) == (4, 4, 1.0, 1.0)
    assert {(limit.axis, limit.low, limit.high) for limit in box.limits} == {(0, 3.0, np.inf), (1, -np.inf, 1.0)}


def test_a_factor_that_does_not_matter_is_not_named() -> None:
    chance = np.random.default_rng(5)
    points = chance.random((200, 4))
    [box, *_] = discover(axes(points), points[:, 1] > 0.7)
    assert [limit.axis for limit in box.limits] == [1]
    assert box.limits[0].low == pytest.approx(0.7, abs=0.02)
    assert box.density > 0.95
    assert box.coverage > 0.95
    assert box.limits[0].chance < 1e-10


def test_two_regions_are_two_boxes() -> None:
    points = np.array([(a, b) for a in range(10) for b in range(10)], float)
    low, high = (points < 3).all(axis=1), (points > 6).all(axis=1)
    boxes = discover(axes(points), low | high)
    assert len(boxes) == 2
    assert [box.points for box in boxes] == [9, 9]
    assert sum(box.broken for box in boxes) == 18


def test_names_are_kept_or_not() -> None:
    axis = Axis("carrier", np.array([0.0, 1.0, 2.0] * 4), False)
    [box] = discover([axis], [k == 1.0 for k in axis.values])
    assert box.limits[0].kept == frozenset({1.0})
    assert box.density == 1.0


@pytest.mark.parametrize("broken", [[False] * 6, [True] * 6])
def test_nothing_to_find(broken: list[bool]) -> None:
    assert discover([Axis("x", np.arange(6.0), True)], broken) == []


def test_noise_gives_no_narrow_box_that_is_sure() -> None:
    """Points that break by chance: what is found is told with a chance that is not small."""
    chance = np.random.default_rng(1)
    points = chance.random((60, 3))
    boxes: list[Box] = discover(axes(points), chance.random(60) < 0.3)
    assert all(limit.chance > 1e-3 for box in boxes for limit in box.limits)
