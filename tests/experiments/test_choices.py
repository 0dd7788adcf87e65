"""Which policy is best where, and what breaks a choice: made-up numbers of which it is known."""

from __future__ import annotations

import pytest

from chainsim.report.experiment.view import View
from chainsim.report.experiment.words import answer

from .made_up import TWO, coded, findings

GRID = {
    "a": {"path": "costs.carrying_rate", "values": "10%:30%:5 per year"},
    "b": {"path": "lanes[source->dc].lead_time.cv", "values": [0.2, 0.4, 0.6, 0.8]},
}
NOISE = [0.1, -0.2, 0.15, -0.05, 0.2, -0.2]


def crossing(values: tuple[float, ...], policy: str, r: int) -> tuple[float, float]:
    """s_Q is 2 cheaper, but 2 dearer where a is 25 or more."""
    dearer = 2.0 if values[0] >= 25.0 else -2.0
    return (100.0 + (dearer + NOISE[r] if policy == "s_Q" else 0.0) + r, 0.95)


def test_the_choice_is_the_policy_chosen_most_often_and_the_box_says_where_it_breaks() -> None:
    found = findings(GRID, crossing)
    assert found.choices.choice == "s_Q"
    assert found.choices.counts == {"s_Q": 12, "weekly": 8}
    [box] = found.boxes
    assert found.words(box) == "a is at least 25% per year"
    assert (box.density, box.coverage) == (1.0, 1.0)
    told = answer(View(found))
    assert "s_Q" in told.headline
    assert "12 of 20 points" in told.headline
    assert any("a is at least 25% per year (8 of 8 points there, 8 of all 8 that break it)" in s for s in told.more)


def test_a_choice_that_is_asked_for_is_looked_at() -> None:
    found = findings(GRID, crossing, choice="weekly")
    [box] = found.boxes
    assert found.words(box) == "a is at most 20% per year"


def test_a_difference_within_chance_breaks_nothing() -> None:
    def tied(values: tuple[float, ...], policy: str, r: int) -> tuple[float, float]:
        return 100.0 + (NOISE[r] + 0.001 if policy == "weekly" else 0.0), 0.95

    found = findings(TWO, tied)
    assert set(found.broken.values()) == {""}
    places = {s.standing.place for stands in found.choices.stands.values() for s in stands if s.standing}
    assert places == {"may be best"}
    assert "No future tried breaks the choice" in answer(View(found)).more[0]


def test_who_misses_the_constraint_may_not_be_chosen() -> None:
    def short(values: tuple[float, ...], policy: str, r: int) -> tuple[float, float]:
        a, _ = coded(values)
        return (90.0 + NOISE[r] if policy == "s_Q" else 100.0), (0.8 if policy == "s_Q" and a > 0 else 0.96)

    found = findings(TWO, short, constraint={"kpi": "fill_rate", "at_least": "95 %"}, choice="s_Q")
    assert found.broken == {0: "", 1: "", 2: "misses", 3: "misses"}
    chosen = [next(s.policy for s in found.choices.stands[i] if s.chosen) for i in range(4)]
    assert chosen == ["s_Q", "s_Q", "weekly", "weekly"]
    assert found.words(found.boxes[0]) == "a is at least 30% per year"


def test_one_policy_is_told_by_its_best_point() -> None:
    def valley(values: tuple[float, ...], policy: str, r: int) -> tuple[float, float]:
        return (values[0] - 20.0) ** 2 + 50.0, 0.95

    found = findings({"a": GRID["a"]}, valley, policies=["s_Q"])
    assert not found.choices.breakable
    told = answer(View(found))
    assert told.headline.startswith("Total cost of s_Q is lowest at a = 20% per year".replace(" = ", "\u00a0=\u00a0"))


def test_a_point_that_failed_is_counted_out() -> None:
    told = answer(View(findings(GRID, crossing, failed=(1, 2))))
    assert "of 18 points" in told.headline
    assert told.more[-1] == "2 points of 20 could not be simulated and are named below."


@pytest.mark.parametrize("failed", [(1, 2, 3, 4)])
def test_nothing_but_failures_is_said(failed: tuple[int, ...]) -> None:
    assert answer(View(findings(TWO, crossing, failed=failed))).headline == "No point could be simulated."
