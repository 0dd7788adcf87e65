"""How many demands an order covers, by counting on the fingers; and lead times of orders that cross or queue."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chainsim.theory.cover import Rhythm, phases_of
from chainsim.theory.crossing import in_order_of_placement, in_order_of_receipt, still_out


@pytest.mark.parametrize(
    ("review", "before", "lead", "waited", "until_next"),
    [
        # demand at 0, 1, 2 …; a review at 0. Receipts come before the demand of their instant.
        (1.0, False, 0.0, 0, 1),  # received at once; the demand of 1 comes before the next receipt, just after it
        (1.0, False, 0.5, 0, 1),
        (1.0, False, 1.0, 0, 1),
        (1.0, False, 2.0, 1, 2),
        (1.0, False, 2.01, 2, 3),
        (1.0, True, 0.0, 0, 1),
        (1.0, True, 2.0, 2, 3),
        (1.0, True, 2.5, 3, 4),
        (7.0, False, 2.5, 2, 9),
        (0.0, False, 3.5, 3, 4),  # continuous: an order after each demand
    ],
)
def test_an_order_covers_whole_demands(review: float, before: bool, lead: float, waited: int, until_next: int) -> None:
    rhythm = Rhythm.of(1.0, review, before)
    assert rhythm.waited([lead]).tolist() == [[waited]]
    assert rhythm.until_next([lead]).tolist() == [[until_next]]


def test_weekly_demand_and_a_lead_time_of_days() -> None:
    """An order after Monday's demand, ten days: next Monday's and none more before its receipt."""
    assert Rhythm.of(7.0).waited([3.5, 7.0, 7.5, 10.0, 14.0, 14.5]).tolist() == [[0, 0, 1, 1, 1, 2]]
    assert Rhythm.of(7.0, 1.0, before=True).waited([0.5, 1.5]).tolist() == [[0, 0]]
    assert Rhythm.of(7.0, 1.0, before=True).waited([6.5]).tolist() == [[1]]  # ordered a day later: 6 days are left


@settings(deadline=None)
@given(
    every=st.integers(1, 30),
    review=st.integers(1, 60),
    gap=st.integers(0, 59),
    before=st.booleans(),
    lead=st.integers(0, 90),
)
def test_counts_are_what_a_calendar_says(every: int, review: int, gap: int, before: bool, lead: int) -> None:
    """Play the calendar: demand at multiples of e, reviews at gap + k·R; an order at each review that saw a demand since the
    last, its receipt just before the demand of its instant."""
    lead += 1  # a lead time of 0 counts as just above it; whole ticks do not tell
    instants = [k * every for k in range(400)]
    reviews = [gap % review + k * review for k in range(int(200 * every / review))]
    waits = set()
    seen_until = -1
    for t in reviews:
        seen = [d for d in instants if (d < t or (d == t and not before)) and d > seen_until]
        if seen and t > every + review:
            waits.add(sum(1 for d in instants if (d > t or (d == t and before)) and d < t + lead))
        if seen:
            seen_until = seen[-1]
    phases = phases_of(every, review, gap, before)
    rhythm = Rhythm(float(every), float(max(every, review)), tuple(map(float, phases)), before)
    assert waits <= set(rhythm.waited([float(lead)]).ravel().tolist())
    assert rhythm.between().mean() == pytest.approx(rhythm.per_interval)


def test_a_review_every_day_and_a_half_meets_one_or_two_demands() -> None:
    rhythm = Rhythm(2.0, 3.0, tuple(map(float, phases_of(2, 3, 0, before=False))))
    assert rhythm.phases == (2.0, 1.0)
    assert rhythm.between().tolist() == [1, 2]
    assert rhythm.between().mean() == rhythm.per_interval


def test_orders_that_cross_are_received_in_order() -> None:
    """1 or 9 days, an order a day: between receipts the k-th comes when k have: by simulation, mean 5, sd far below 4."""
    ranked = in_order_of_receipt(np.array([1.0, 9.0]), 1.0)
    draws = np.random.default_rng(1).choice([1.0, 9.0], 200_000)
    receipts = np.sort(np.arange(len(draws)) + draws) - np.arange(len(draws))
    inside = receipts[100:-100]
    assert ranked.mean() == pytest.approx(inside.mean(), abs=0.02)
    assert ranked.std() == pytest.approx(inside.std(), abs=0.03)


def test_orders_that_queue_take_longer() -> None:
    """The later waits for the earlier: by simulation of the running maximum."""
    queued = in_order_of_placement(np.array([1.0, 2.0, 6.0]), 1.0)
    draws = np.random.default_rng(2).choice([1.0, 2.0, 6.0], 200_000)
    waits = np.maximum.accumulate(np.arange(len(draws)) + draws) - np.arange(len(draws))
    assert queued.mean() == pytest.approx(waits.mean(), abs=0.02)
    assert queued.std() == pytest.approx(waits.std(), abs=0.02)


def test_survivors_count_from_just_after() -> None:
    assert still_out(np.array([2.0, 2.0, 3.0, 4.0]), np.array([1.9, 2.0, 3.0, 4.0])).tolist() == [1.0, 0.5, 0.25, 0.0]


def test_continuous_review_follows_demand_under_either_convention() -> None:
    assert Rhythm.of(1.0, 0.0, before=True) == Rhythm.of(1.0, 0.0, before=False)
    assert Rhythm.of(1.0, 0.0, before=True).between().tolist() == [1]
