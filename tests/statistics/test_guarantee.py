"""The short form of benchmarks/guarantee.py: the sentence is true as often as it says, and the manual's table is the one that was measured."""

from __future__ import annotations

import importlib
import json
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from chainsim.theory.output_series import coverage_limits

ROOT = Path(__file__).parents[2]
SHORT = 60


def module(folder: str, name: str) -> ModuleType:
    sys.path.insert(0, str(ROOT / folder))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(ROOT / folder))


@pytest.fixture(scope="module")
def guarantee() -> ModuleType:
    return module("benchmarks", "guarantee")


def test_the_manual_shows_what_was_measured() -> None:
    made = module("docs", "make_statistics")
    assert made.PAGE.read_text("utf-8") == made.page(), "run: python docs/make_statistics.py"


def test_what_was_measured_keeps_the_promise() -> None:
    rows = json.loads((ROOT / "benchmarks" / "guarantee.json").read_text("utf-8"))
    assert len(rows) >= 8
    assert all(row["studies"] >= 400 and row["held"] >= 0.95 and row["always"] >= 0.95 for row in rows)


def test_all_problems_were_measured(guarantee: ModuleType) -> None:
    rows = json.loads((ROOT / "benchmarks" / "guarantee.json").read_text("utf-8"))
    assert [row["problem"] for row in rows] == [problem.name for problem in guarantee.problems()]


@pytest.mark.parametrize("number", [2, 3, 5, 8])
def test_the_sentence_is_true_often_enough(number: int, guarantee: ModuleType) -> None:
    problem = guarantee.problems()[number]
    found = guarantee.measured(problem, number, SHORT)
    low, _ = coverage_limits(SHORT, 0.95)
    assert found["held"] * SHORT >= low
    assert found["referee_right"] * SHORT >= low


@pytest.mark.slow
@pytest.mark.parametrize("number", range(14))
def test_every_problem_keeps_the_promise(number: int, guarantee: ModuleType) -> None:
    found = guarantee.measured(guarantee.problems()[number], number, 100)
    assert found["held"] * 100 >= coverage_limits(100, 0.95)[0]


@pytest.mark.parametrize("number", [9, 11, 13])
def test_simulated_inventories_have_the_mean_that_theory_says(number: int, guarantee: ModuleType) -> None:
    """Costs and fill rates of the benchmark's own simulations within 4.5 standard errors."""
    problem = guarantee.problems()[number]
    filled, demanded, cost = problem.draw(np.random.default_rng(20), 1500)
    assert (np.abs(cost.mean(axis=1) - problem.cost) <= 4.5 * cost.std(axis=1, ddof=1) / np.sqrt(1500)).all()
    excess = filled - problem.service[:, None] * demanded
    assert (np.abs(excess.mean(axis=1)) <= 4.5 * excess.std(axis=1, ddof=1) / np.sqrt(1500)).all()


def test_the_count_notices_a_false_sentence(guarantee: ModuleType) -> None:
    """The same problem judged as if the candidate marked fell short, or a much cheaper one served."""
    problem = guarantee.problems()[2]
    selection = guarantee.Selection.of(2, guarantee.Terms(problem.targets, problem.within, 1.0))
    years = guarantee.Years(problem, (1,))
    while not selection.done:
        selection = selection.look(list(years.first(selection.size)))
    told = selection.answers[0]
    assert guarantee.true(problem, told)
    assert not guarantee.true(replace(problem, service=np.array([0.94, 0.94])), told)
    assert not guarantee.true(replace(problem, cost=np.array([100.0, 50.0])), told)
    assert guarantee.right(problem, 0.95, 0)
    assert not guarantee.right(problem, 0.95, 1)
    assert not guarantee.right(problem, 0.95, None)
