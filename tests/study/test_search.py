"""The smallest level that reaches what is asked, from known curves of service."""

from __future__ import annotations

from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainsim.study.search import MOST_RUNS, NEAR, Terms, grain_of, search


def terms(**changes: float) -> Terms:
    usual = {"asked": 0.95, "grain": 1.0, "spread": 10.0, "lowest": 0.0, "highest": 500.0}
    return Terms(**{**usual, **changes})


def test_one_less_is_measured_where_a_level_is_worth_much() -> None:
    steps = {5: 0.94, 6: 0.97}

    found = search(lambda level, _: steps[int(level)], 6.0, terms(lowest=5.0, highest=6.0))

    assert (found.level, found.service, found.one_less, found.runs, found.reached) == (6.0, 0.97, 0.94, 2, True)


@pytest.mark.parametrize(("lowest", "is_lowest"), [(6.0, True), (5.0, False)])
def test_a_level_that_nothing_can_lower_is_known_as_such(lowest: float, is_lowest: bool) -> None:
    found = search(lambda level, _: 0.97 if level >= 6.0 else 0.9, 6.0, terms(lowest=lowest))

    assert (found.level, found.reached, found.lowest) == (6.0, True, is_lowest)


def test_a_level_that_is_hardly_over_is_taken_at_once() -> None:
    found = search(lambda level, _: 0.9515, 40.0, terms())

    assert (found.level, found.runs, found.one_less) == (40.0, 1, None)


@pytest.mark.parametrize(("truth", "expected"), [(0.951, 18.0), (0.949, 19.0)])
def test_a_level_that_nearly_reaches_is_measured_again_more_closely(truth: float, expected: float) -> None:
    """18 units serve 0.949 in a short run, 19 serve 0.966: what 18 serve over more replications decides."""
    asked: list[tuple[float, bool]] = []

    def service(level: float, closely: bool) -> float:
        asked.append((level, closely))
        return truth if closely else {17.0: 0.931, 18.0: 0.949, 19.0: 0.966}[level]

    found = search(service, 18.0, terms())

    assert asked == [(18.0, False), (19.0, False), (18.0, True)]
    assert (found.level, found.runs, found.reached) == (expected, 3, True)
    assert found.one_less == (None if expected == 18.0 else truth)


def test_the_lowest_level_is_taken_where_it_reaches() -> None:
    found = search(lambda level, _: 0.999, 3.0, terms())

    assert (found.level, found.reached) == (0.0, True)


def test_a_ceiling_below_what_is_asked_is_seen_and_the_smallest_level_near_the_best_taken() -> None:
    found = search(lambda level, _: min(0.9, level / 100.0), 50.0, terms())

    assert not found.reached
    assert found.ceiling
    assert found.service > 0.9 - NEAR
    assert found.runs < MOST_RUNS


def test_runs_are_bounded_and_what_was_not_reached_is_said() -> None:
    found = search(lambda level, _: level / 1e6, 1.0, terms(highest=1e9, spread=1.0))

    assert (found.runs, found.reached, found.ceiling) == (MOST_RUNS, False, False)


@given(
    mean=st.floats(5.0, 300.0),
    sd=st.floats(1.5, 60.0),
    guess=st.floats(0.3, 3.0),
    start=st.floats(-3.0, 4.0),
    asked=st.sampled_from([0.9, 0.95, 0.97, 0.99]),
)
def test_any_normal_curve_is_reached_from_any_start_nearby(
    mean: float, sd: float, guess: float, start: float, asked: float
) -> None:
    def service(level: float) -> float:
        return NormalDist(mean, sd).cdf(level)

    first = float(max(round(mean + start * sd), 0))

    found = search(lambda level, _: service(level), first, terms(asked=asked, spread=guess * sd, highest=5000.0))

    assert found.reached
    assert found.service - asked <= NEAR or found.level == 0.0 or service(found.level - 1.0) < asked + NEAR


@pytest.mark.parametrize("spread", [0.003, 0.7, 18.0, 4000.0])
def test_the_grain_of_a_divisible_product_is_a_small_part_of_the_spread(spread: float) -> None:
    assert spread / 500.0 <= grain_of(spread, whole=False) <= spread / 50.0
    assert grain_of(spread, whole=True) == 1.0
