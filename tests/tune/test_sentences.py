"""What a tuning says where costs could not be carried to the target."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from chainsim.tune.aim import Aim
from chainsim.tune.sentences import as_tuned


def said(*near: bool | None, at_target: bool = False, winner: int | None = 0) -> Any:
    carried = tuple(None if one is None else SimpleNamespace(near=one) for one in near)
    return SimpleNamespace(carried=carried, at_target=at_target, answer=SimpleNamespace(winner=winner))


def test_costs_that_are_not_at_the_target_are_said() -> None:
    told = as_tuned(Aim(target=0.95), said(True, None, False), ("Weekly", "(s, Q)", "Min-max"))

    assert told.startswith("Costs are compared as tuned, not at exactly 95.0 %")
    assert "((s, Q), Min-max)" in told
    assert "0.3 points" in told


@pytest.mark.parametrize(
    ("aim", "found"),
    [
        (Aim(target=0.95), said(True, True, at_target=True)),
        (Aim(target=0.95, hold="at_least"), said(None, None)),
        (Aim(measure=""), said(None, None)),
        (Aim(target=0.95), said(None, None, winner=None)),
    ],
)
def test_nothing_is_said_where_it_is_not_so(aim: Aim, found: Any) -> None:
    assert as_tuned(aim, found, ("one", "other")) == ""
