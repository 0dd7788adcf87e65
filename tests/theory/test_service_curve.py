"""The service curve: levels worked out by hand, equality with every exact model that fits, and bounds elsewhere."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from chainsim.chance import DISTRIBUTIONS
from chainsim.chance.law import equally_likely, law_of
from chainsim.theory import base_stock as exact_base_stock
from chainsim.theory import compound_poisson, lost_sales, periodic_review, random_lead_time
from chainsim.theory.cover import Rhythm
from chainsim.theory.s_S import poisson_probabilities
from chainsim.theory.service_curve import curve, smallest_level
from chainsim.theory.stage import Stage

SIZES = np.array([0.0, *[1 / 6] * 6])
UNIT = np.array([0.0, 1.0])


def poisson(mean: float) -> Any:
    return law_of(DISTRIBUTIONS.get("poisson")(mean=mean))


def level(stage: Stage, rule: Any, lot: int, kind: Any, target: float) -> int:
    levels, service = curve(stage, rule, lot, kind)
    place = smallest_level(levels, service, target)
    assert place is not None
    return int(levels[place])


def at(stage: Stage, rule: Any, lot: int, kind: Any, where: int) -> float:
    levels, service = curve(stage, rule, lot, kind)
    return float(service[int(np.searchsorted(levels, where))])


# --- answers known from outside ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lead", "before", "expected"), [(3.5, False, 117), (10.0, False, 224), (3.5, True, 224), (10.0, True, 329)]
)
def test_weekly_demand_and_a_lead_time_in_days(lead: float, before: bool, expected: int) -> None:
    """Poisson 100 a week. 3.5 days: the week that was ordered, P(D ≤ 117) = 0.957; 10 days: one week more; before demand
    (reviewed weekly): one week more again."""
    stage = Stage(poisson(100.0), np.array([lead]), Rhythm.of(7.0, 7.0, before))
    assert level(stage, "S", 1, "service", 0.95) == expected


@pytest.mark.parametrize(("lead", "expected"), [(2.0, 47), (2.01, 69), (2.5, 69), (3.0, 69)])
def test_a_broken_lead_time_meets_the_next_whole_demand(lead: float, expected: int) -> None:
    """Poisson 20 a day, fill rate 0.97."""
    stage = Stage(poisson(20.0), np.array([lead]), Rhythm.of(1.0, 1.0))
    assert level(stage, "S", 1, "fill_rate", 0.97) == expected


def test_one_day_or_nine_that_may_cross() -> None:
    """Poisson 10 a day: the units outstanding count, not the demand over one lead time: 78 (a normal demand over the lead
    time would say 117). Simulated over 2 million days: 77 gives 0.9445, 78 gives 0.9510, ± 0.0008."""
    stage = Stage(poisson(10.0), np.array([1.0, 9.0]), Rhythm.of(1.0, 1.0))
    assert level(stage, "S", 1, "service", 0.95) == 78
    assert at(stage, "S", 1, "service", 77) == pytest.approx(0.9445, abs=0.001)
    assert at(stage, "S", 1, "service", 78) == pytest.approx(0.9510, abs=0.001)


def test_receipts_of_one_instant_end_one_cycle() -> None:
    """One unit a day, ordered after it; one or two days, each as likely; S = 1. Just before a receipt of day t the order of
    t − 1 is out, so that nobody waits if the order of t − 2 came yesterday: then that of t − 1 is what comes today. A
    quarter of the days; something comes on three quarters (not when t − 2 came yesterday and t − 1 comes tomorrow).
    S = 2 always has what the orders of two days are waiting for."""
    stage = Stage(UNIT, np.array([1.0, 2.0]), Rhythm.of(1.0, 1.0))

    assert at(stage, "S", 1, "service", 1) == pytest.approx(1.0 / 3.0)
    assert at(stage, "S", 1, "service", 2) == pytest.approx(1.0)


@pytest.mark.parametrize("rule", ["sQ", "sS"])
@pytest.mark.parametrize("kind", ["service", "fill_rate"])
def test_lots_of_one_are_base_stock(rule: Any, kind: Any) -> None:
    """Orders that cross: exact, as S = s + 1."""
    stage = Stage(SIZES, np.array([1.0, 4.0]), rate=2.0)
    levels, service = curve(stage, rule, 1, kind)

    assert service.tolist() == curve(stage, "S", 1, kind)[1].tolist()
    assert levels[0] == -1


def test_uniform_and_two_or_three_days_are_the_same_supply_for_a_fill_rate() -> None:
    """Customers come once a day: in both spellings half of the orders meet two demands, half three."""
    spread = Stage(poisson(20.0), equally_likely(DISTRIBUTIONS.get("uniform")(low=1.0, high=3.0)), Rhythm.of(1.0, 1.0))
    listed = Stage(poisson(20.0), np.array([2.0, 3.0]), Rhythm.of(1.0, 1.0))
    assert level(spread, "S", 1, "fill_rate", 0.97) == level(listed, "S", 1, "fill_rate", 0.97) == 66


def test_a_centre_behind_94_shops_covers_twelve_weeks() -> None:
    """It sees their orders of the instant and reviews after them, although shops review before their customers come:
    L + R − 1 = 12 weeks of demand, not 13. 12·112 + 2.326·√(12·112) = 1429.3, and a unit for the skew."""
    stage = Stage(poisson(112.0), np.array([12.0]), Rhythm.of(1.0, 1.0))
    assert level(stage, "S", 1, "service", 0.99) in (1430, 1431)


def test_a_corner_shop_that_loses_sales_orders_at_nothing_left() -> None:
    """Lead time one day, after demand: nothing is demanded before the receipt, so s = 0, and each lot loses the undershoot
    alone: 6 a day, spread evenly above s: E[U] = (36 + 6)/12 − ½ = 3, less what whole lots leave; 120 / (120 + 3)."""
    stage = Stage(poisson(6.0), np.array([1.0]), Rhythm.of(1.0), lost=True)
    levels, service = curve(stage, "sQ", 120, "fill_rate")
    assert levels[0] == 0
    assert service[0] == pytest.approx(120 / 123, abs=1e-6)


# --- equal to the exact models ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("s", "lot"), [(5, 3), (12, 10), (0, 7)])
def test_compound_poisson_lots(s: int, lot: int) -> None:
    stage = Stage(SIZES, np.array([2.0]), rate=1.5)
    sizes = [1 / 6] * 6
    assert at(stage, "sQ", lot, "fill_rate", s) == pytest.approx(
        compound_poisson.r_nQ(1.5, sizes, 2.0, s, lot).fill_rate, abs=1e-12
    )
    assert at(stage, "sS", lot, "fill_rate", s) == pytest.approx(
        compound_poisson.s_S(1.5, sizes, 2.0, s, s + lot).fill_rate, abs=1e-12
    )


@pytest.mark.parametrize(("lead", "review", "s", "S"), [(2, 1, 15, 30), (0, 1, 4, 9), (1, 3, 20, 26)])
def test_periodic_min_max(lead: int, review: int, s: int, S: int) -> None:
    exact = periodic_review.R_s_S(poisson_probabilities(5.0), lead, review, s, S)
    stage = Stage(poisson(5.0), np.array([float(lead)]), Rhythm.of(1.0, float(review), before=True))
    assert at(stage, "sS", S - s, "fill_rate", s) == pytest.approx(exact.fill_rate, abs=1e-9)


@pytest.mark.parametrize("after", [False, True])
def test_periodic_base_stock(after: bool) -> None:
    exact = periodic_review.base_stock(5.0, 18, 2, after)
    stage = Stage(poisson(5.0), np.array([2.0]), Rhythm.of(1.0, 1.0, before=not after))
    assert at(stage, "S", 1, "fill_rate", 18) == pytest.approx(exact.fill_rate, abs=1e-9)


def test_reviews_in_continuous_time() -> None:
    exact = periodic_review.R_S(4.0, 0.5, 1.25, 9)
    stage = Stage(UNIT, np.array([1.25]), rate=4.0, review=0.5)
    assert at(stage, "S", 1, "fill_rate", 9) == pytest.approx(exact.ready_rate, abs=1e-9)
    # both over receipts: only a review that orders ends a cycle
    assert at(stage, "S", 1, "service", 9) == pytest.approx(exact.cycle_service, abs=1e-9)


def test_one_for_one_that_crosses_is_palms() -> None:
    """Any lead time of mean 1.5: λE[L] = 6, fill rate P(D ≤ S − 1), and per cycle the same."""
    spread = equally_likely(DISTRIBUTIONS.get("gamma")(mean=1.5, cv=1.0))
    stage = Stage(UNIT, spread * (1.5 / spread.mean()), rate=4.0)
    exact = exact_base_stock.palm(4.0, 1.5, 9)
    assert at(stage, "S", 1, "fill_rate", 9) == pytest.approx(exact.ready_rate, abs=1e-9)
    assert at(stage, "S", 1, "service", 9) == pytest.approx(exact.ready_rate, abs=1e-9)


def test_one_for_one_with_lost_sales_is_erlangs() -> None:
    stage = Stage(UNIT, np.array([1.5]), rate=4.0, lost=True)
    for S in (3, 6, 9):
        exact = exact_base_stock.erlang(4.0, 1.5, S)
        assert at(stage, "S", 1, "fill_rate", S) == pytest.approx(1.0 - exact.lost_share, abs=1e-9)


@pytest.mark.parametrize(("r", "lot"), [(5, 8), (0, 4), (11, 12)])
def test_lost_sales_with_one_order_out(r: int, lot: int) -> None:
    stage = Stage(UNIT, np.array([1.0]), rate=4.0, lost=True)
    assert at(stage, "sQ", lot, "fill_rate", r) == pytest.approx(lost_sales.r_Q(4.0, 1.0, r, lot).fill_rate, abs=1e-9)


# what `service_lost` states: (mean demand, lead time), levels with an exact fill rate from 0.90 up, and the furthest off
# from there, from 0.95 up and from 0.98 up. Measured: 0.0089, 0.0054, 0.0015; 0.0080, 0.0031, 0.0010; 0.0067, 0.0027,
# 0.0009; 0.0183, 0.0059, 0.0030.
LOST = [
    (5.0, 1, range(12, 18), (0.009, 0.0055, 0.0016)),
    (5.0, 2, range(17, 24), (0.0082, 0.0032, 0.0011)),
    (2.0, 1, range(6, 10), (0.007, 0.0028, 0.001)),
    (2.0, 3, range(10, 16), (0.0185, 0.006, 0.003)),
]


@pytest.mark.parametrize(("mean", "lead", "levels", "within"), LOST)
def test_lost_sales_order_up_to_against_the_markov_chain(
    mean: float, lead: int, levels: range, within: tuple[float, float, float]
) -> None:
    """Reviewed before demand: an approximation whose stated accuracy depends on how high the fill rate is. It promises
    too much for a lead time of one demand, too little for longer ones."""
    stage = Stage(poisson(mean), np.array([float(lead)]), Rhythm.of(1.0, 1.0, before=True), lost=True)
    where, service = curve(stage, "S", 1, "fill_rate")
    floors = []
    for S in levels:
        exact = lost_sales.base_stock(poisson_probabilities(mean, 1e-9), lead, S).fill_rate
        off = float(service[int(np.searchsorted(where, S))]) - exact
        floor = int(np.searchsorted((0.90, 0.95, 0.98), exact, side="right")) - 1
        floors.append(floor)
        assert floor >= 0, S
        assert 0.0 < (off if lead == 1 else -off) <= within[floor], S
    assert set(floors) == {0, 1, 2}


def test_lost_sales_order_up_to_where_a_tenth_is_lost() -> None:
    """Below 0.90 it is cruder: an eighth of the lost share, 0.1070 said to be 0.0935 (Poisson 5, one demand, S = 11)."""
    exact = lost_sales.base_stock(poisson_probabilities(5.0, 1e-9), 1, 11).fill_rate
    stage = Stage(poisson(5.0), np.array([1.0]), Rhythm.of(1.0, 1.0, before=True), lost=True)
    assert 1.0 - exact == pytest.approx(0.1070, abs=5e-5)
    assert 1.0 - at(stage, "S", 1, "fill_rate", 11) == pytest.approx(0.0935, abs=5e-5)


def test_lots_that_cross_are_near_the_exact_chain() -> None:
    """Exponential lead time, Q = 4, 1.5 orders out on average: within 0.012."""
    exact = random_lead_time.crossing(6.0, 1.0, 6, 4)
    leads = equally_likely(DISTRIBUTIONS.get("exponential")(mean=1.0))
    assert at(Stage(UNIT, leads, rate=6.0), "sQ", 4, "fill_rate", 6) == pytest.approx(exact.fill_rate, abs=0.012)


# --- properties -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", ["S", "sQ", "sS"])
@pytest.mark.parametrize("kind", ["service", "fill_rate"])
@pytest.mark.parametrize("lost", [False, True])
@pytest.mark.parametrize("orders", ["cross", "queue", "keep"])
def test_service_is_a_share_that_ends_at_one(rule: Any, kind: Any, lost: bool, orders: Any) -> None:
    leads = equally_likely(DISTRIBUTIONS.get("uniform")(low=1.0, high=3.0), 64)
    for stage in (
        Stage(poisson(3.0), leads, Rhythm.of(1.0, 2.0), orders=orders, lost=lost),
        Stage(SIZES, leads, rate=1.0, orders=orders, lost=lost),
        Stage(SIZES, leads, rate=1.0, review=1.5, orders=orders, lost=lost),
    ):
        levels, service = curve(stage, rule, 5, kind)
        assert float(service.min()) > -0.02
        assert float(service.max()) < 1.0 + 1e-9
        assert float(service[-1]) == pytest.approx(1.0, abs=1e-6)
        assert levels[0] == (0 if lost or rule == "S" else -5)
        assert float(np.diff(service).min()) > -0.02


def test_a_law_with_more_dispersion_needs_more_stock() -> None:
    """Customers in bunches (dispersion 2), at random (1), evenly (0.5): the level follows."""
    levels = [
        level(Stage(UNIT, np.array([3.0]), rate=5.0, dispersion=d), "sQ", 10, "service", 0.95) for d in (0.5, 1.0, 2.0)
    ]
    assert levels == sorted(levels)
    assert levels[0] < levels[2]
