"""Raising a candidate that was refused: by what is missing, within the tolerance; the last time as far as the luck of the years asks."""

from __future__ import annotations

from math import sqrt
from types import SimpleNamespace
from typing import Any

import pytest

from chainsim.tune import confirm
from chainsim.tune.aim import Aim
from chainsim.tune.confirm import ATTEMPTS, SPARE


class Refused:
    """A candidate that nothing makes sure, and what it was asked to rise by. It serves 97.05 % on 120 replications, its bound is 96.0."""

    def __init__(self, asked: list[float]) -> None:
        self.asked = asked
        self.found = SimpleNamespace(ceiling=None)
        self.trials = SimpleNamespace(aim=Aim(target=0.97, within=0.002), service=lambda seen: 0.9705)

    def raised(self, sizes: Any, by: float) -> Refused:
        self.asked.append(by)
        return Refused(self.asked)


def attempt(
    candidates: Any, indifference: Any, confidence: Any, first: Any, attempt: int, raised: Any, *rest: Any
) -> Any:
    """What a confirmation says that is not sure of its one candidate."""
    answer = SimpleNamespace(serves=(), service=(SimpleNamespace(low=0.96),))
    terms = SimpleNamespace(targets=(0.97,), sizes=(30, 480))
    return SimpleNamespace(
        candidates=tuple(candidates), seen=(range(120),), answer=answer, terms=terms, attempt=attempt, raised=raised
    )


def test_only_the_last_raise_goes_beyond_the_tolerance(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confirm, "_attempt", attempt)
    asked: list[float] = []
    said = confirm._confirmed([Refused(asked)], None, 0.0, None, None)  # type: ignore[arg-type, list-item]
    assert (said.attempt, said.raised) == (ATTEMPTS, (ATTEMPTS - 1,))
    within, last = asked[:-1], asked[-1]
    assert within == [pytest.approx(0.002)] * (ATTEMPTS - 2)
    # at the last look the bound lies √(120 / 480) as far below: so far above the target, and a fifth more
    assert last == pytest.approx(0.97 + SPARE * sqrt(120 / 480) * (0.9705 - 0.96) - 0.9705)
    assert last > 0.002
