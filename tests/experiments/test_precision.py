"""A scenario that asks for a precision: points have one number of replications, and that is said."""

from __future__ import annotations

from typing import Any

import pytest

import chainsim
from chainsim.errors import UsageError

from .test_reading import GRID


def test_a_precision_is_refused_where_points_are_compared_one_by_one() -> None:
    precise: dict[str, Any] = {key: value for key, value in GRID.items() if key != "replications"}
    precise["set"] = {**precise.get("set", {}), "replications": {"precision": "5% of total_cost"}}

    with pytest.raises(UsageError, match="asks for a precision"):
        chainsim.experiment(precise)
