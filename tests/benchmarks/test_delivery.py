"""The short form of benchmarks/delivery.py: what was asked is delivered, or the reader is told."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType

import pytest
import yaml

import chainsim
from chainsim.engines.base import compiled_support

FOLDER = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def delivery() -> ModuleType:
    sys.path.insert(0, str(FOLDER))
    try:
        return importlib.import_module("delivery")
    finally:
        sys.path.remove(str(FOLDER))


@pytest.mark.parametrize("group", ["single", "featured", "network"])
def test_every_model_is_a_scenario(group: str, delivery: ModuleType) -> None:
    for number in range(12):
        model = delivery.MAKERS[group](number)
        study = chainsim.load_text(yaml.safe_dump({**model.document, "policies": {"asked": model.policy}}))

        assert set(model.watched) <= set(study.explain_policies()["asked"])


def test_models_are_drawn_the_same_every_time(delivery: ModuleType) -> None:
    assert [delivery.single(k) for k in range(5)] == [delivery.single(k) for k in range(5)]
    assert delivery.single(1) != delivery.single(2)


def test_a_level_is_right_short_or_over(delivery: ModuleType) -> None:
    assert delivery.judged(0.9601, 0.95, None, 0.01) == "over"
    assert delivery.judged(0.9601, 0.95, 0.949, 0.01) == "right"  # the smallest whole level that reaches it
    assert delivery.judged(0.9601, 0.95, 0.951, 0.01) == "over"
    assert delivery.judged(0.9399, 0.95, None, 0.01) == "short"
    assert delivery.judged(0.9401, 0.95, None, 0.01) == "right"


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_asked_is_delivered(delivery: ModuleType) -> None:
    if not compiled_support():
        pytest.skip("needs the compiled engine")
    counts = {"single": 45, "featured": 10, "network": 5}

    rows = [row for group, n in counts.items() for number in range(n) for row in delivery.measure((group, number))]

    told = delivery.summary(rows)
    assert sum(part["refused"] for part in told.values()) == 0
    assert told["single"]["formula"]["right"] >= 0.9  # 0.911 when written: lost sales with several orders out, and told
    assert told["single"]["asked"]["right"] >= 0.95  # 0.956 when written; the goal of 0.995 is missed, see how-we-know
    assert told["featured"]["asked"]["right"] >= 0.9
    assert told["network"]["asked"]["right"] >= 0.85
    assert sum(part["misses_without_warning"] for part in told.values()) <= 1  # one, 1.0 point short; the goal is none
