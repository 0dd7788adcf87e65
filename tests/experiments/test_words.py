"""What a sweep says of its largest effect: an effect that may be chance is told as one."""

from __future__ import annotations

from dataclasses import replace

import pytest

import chainsim
from chainsim.report.experiment import words
from chainsim.report.experiment.view import View
from chainsim.report.experiment.words import answer
from tests.experiments.town import TOWN


def test_an_effect_that_may_be_chance_is_not_called_what_moves_most(monkeypatch: pytest.MonkeyPatch) -> None:
    found = chainsim.load_dict(TOWN).sweep(
        {"costs.carrying_rate": ["15% per year", "40% per year"], "lanes[dc->store].order_cost": [2, 4]},
        replications=2, policies=["weekly"], jobs=1,
    )  # fmt: skip
    view = View(found.findings)
    effect = words.largest(view)
    assert effect is not None
    said = [text for text in answer(view).more if "moves the total cost" in text]
    assert len(said) == 1
    assert said[0].startswith(f"What moves the total cost of weekly most is {effect.factor}")
    unsure = replace(
        effect, low=effect.effect - 2.0 * abs(effect.effect), high=effect.effect + 2.0 * abs(effect.effect)
    )
    monkeypatch.setattr(words, "largest", lambda view: unsure)
    told = [text for text in answer(view).more if "moves the total cost" in text]
    assert len(told) == 1
    assert told[0].startswith("No factor moves the total cost of weekly beyond chance here: the largest effect, ")
    assert "±" in told[0]
