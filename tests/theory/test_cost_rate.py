"""What a position costs: worked by hand, as a known formula gives it, and the sum that it must be."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from chainsim.theory.cost_rate import Prices, cost_of_levels, cost_rate, cost_rate_one_for_one, time_by_count
from chainsim.theory.cover import Rhythm
from chainsim.theory.least_cost import best_lot, best_min_max, best_reorder_point, best_reorder_point_below, cost_of_lot
from chainsim.theory.service_curve import laws_of
from chainsim.theory.stage import Stage, Sums

UNIT = np.array([0.0, 1.0])
HELD, OWED = 1.0, 9.0


def poisson(mean: float) -> np.ndarray:
    return np.asarray(stats.poisson.pmf(np.arange(int(mean + 12 * mean**0.5 + 20)), mean))


def rate(stage: Stage, first: int, count: int, **more: float) -> np.ndarray:
    prices = Prices(**{"holding": HELD, "backorder": OWED, **more})
    return cost_rate(stage, Sums(stage, stage.reach(count)), stage.leads, prices, first, count).cost


def test_constant_demand_without_lead_time_by_hand() -> None:
    """Two units a period. Before demand: y − 2 stays. After it: an order is there at once, so that y stays until the next."""
    two = np.array([0.0, 0.0, 1.0])
    before = Stage(two, np.zeros(1), Rhythm.of(1.0, 1.0, before=True))
    assert rate(before, 0, 5) == pytest.approx([18.0, 9.0, 0.0, 1.0, 2.0])
    after = Stage(two, np.zeros(1), Rhythm.of(1.0, 1.0))
    assert rate(after, -1, 4) == pytest.approx([9.0, 0.0, 1.0, 2.0])


def test_a_broken_lead_time_by_hand() -> None:
    """One unit a period, lead time 1¼, reviewed after every second demand: received at 1¼ and 3¼ after the review, in which
    one demand came for ¾, two for 1, three for the last ¼ of a period."""
    rhythm = Rhythm.of(1.0, 2.0)
    first, step, shares = time_by_count(rhythm, np.array([1.25]))
    assert (first, step) == (1, 1)
    assert shares.tolist() == pytest.approx([0.375, 0.5, 0.125])
    stage = Stage(UNIT, np.array([1.25]), rhythm)
    assert rate(stage, 2, 1)[0] == pytest.approx(0.375 * 1 * HELD + 0.125 * 1 * OWED)


def test_shares_of_time_where_the_phase_differs() -> None:
    """Reviews every 1½ periods: with half of them one demand comes before the next, with the others two."""
    rhythm = Rhythm(1.0, 1.5, (1.0, 0.5))
    # phase 1: none until 1, one for the rest (½); phase ½: none until ½, one until 1½
    assert time_by_count(rhythm, np.zeros(1)).shares.tolist() == pytest.approx([1.5 / 3.0, 1.5 / 3.0])


def test_shares_of_time_of_many_demands_keep_their_mean() -> None:
    """A thousand million demands until the receipt and as many until the next: half as many more on average."""
    counts = time_by_count(Rhythm.of(1e-9, 1.0), np.array([1.0, 2.0]))
    assert len(counts.shares) <= 258
    assert counts.mean == pytest.approx(2e9, rel=1e-9)


def test_many_demands_between_reviews_cost_what_each_of_them_says() -> None:
    """One unit a thousand times a review, lead time ½: the mean of G over the counts 500 … 1499, worked one by one."""
    stage = Stage(UNIT, np.array([0.5]), Rhythm.of(1e-3, 1.0))
    n = np.arange(500, 1500)
    by_hand = [np.mean(HELD * np.maximum(y - n, 0) + OWED * np.maximum(n - y, 0)) for y in (900, 1400)]
    assert rate(stage, 900, 501)[[0, 500]] == pytest.approx(by_hand, rel=1e-4)


def test_continuous_time_is_the_law_of_lead_time_demand() -> None:
    stage = Stage(UNIT, np.array([2.0]), rate=1.5)
    y, d = np.arange(0, 12), np.arange(80)
    short = (np.maximum(d - y[:, None], 0) * stats.poisson.pmf(d, 3.0)).sum(axis=1)
    assert rate(stage, 0, 12) == pytest.approx(HELD * (y - 3.0 + short) + OWED * short, abs=1e-9)


def test_reviews_in_continuous_time_average_over_the_interval() -> None:
    stage = Stage(UNIT, np.array([1.0]), rate=4.0, review=2.0)
    times, d = 1.0 + (np.arange(400) + 0.5) / 200, np.arange(80)
    short = (np.maximum(d - 10, 0) * stats.poisson.pmf(d, 4.0 * times[:, None])).sum(axis=1)
    held = 10 - 4.0 * times + short
    assert rate(stage, 10, 1)[0] == pytest.approx(float((HELD * held + OWED * short).mean()), rel=1e-4)


def test_lost_sales_price_what_is_newly_short() -> None:
    """Poisson 20 a day, lead time 2 after demand: an order meets one demand (n(2) = 1) before its receipt, the next after."""
    stage = Stage(poisson(20), np.array([2.0]), Rhythm.of(1.0, 1.0), lost=True)
    one, two = (stats.poisson(20.0 * n) for n in (1, 2))
    k = np.arange(200)
    newly = float((np.maximum(k - 45, 0) * (two.pmf(k) - one.pmf(k))).sum())
    with_price = rate(stage, 45, 1, backorder=0.0, lost=30.0)[0]
    assert with_price - rate(stage, 45, 1, backorder=0.0)[0] == pytest.approx(30.0 * newly, abs=1e-9)
    assert np.isinf(rate(stage, -1, 3, lost=30.0)[:2]).all()  # a position of 0 never orders again


@pytest.mark.parametrize("leads", [[1.0, 9.0], [2.0, 3.0]])
def test_crossing_base_stock_counts_what_is_on_its_way(leads: list[float]) -> None:
    """Stock and backorders differ by y less demand over the mean lead time, whichever order comes first; and the exact law
    of what is on its way is cheaper than that of the lead times as drawn."""
    stage = Stage(poisson(10), np.array(leads), Rhythm.of(1.0, 1.0))
    sums = Sums(stage, stage.reach(0))
    held = cost_rate_one_for_one(stage, sums, Prices(1.0, -1.0), 70, 1).cost[0]
    assert held == pytest.approx(70 - 10 * (np.mean(leads)), abs=1e-6)
    as_drawn = cost_rate(stage, sums, stage.leads, Prices(HELD, OWED), 0, 150)
    exact = cost_rate_one_for_one(stage, sums, Prices(HELD, OWED), 0, 150)
    assert exact.cost.min() <= as_drawn.cost.min() + 1e-9


def test_levels_of_a_lot_cost_what_the_formulas_say() -> None:
    stage = Stage(poisson(20), np.array([2.5]), Rhythm.of(1.0, 1.0))
    sums = Sums(stage, stage.reach(0))
    G = cost_rate(stage, sums, stage.leads, Prices(HELD, OWED), -200, stage.reach(0) + 400)
    between = sums.mass(sums.between())
    lots = cost_of_levels(laws_of(stage, "sQ", 50), G, "sQ", 64.0, stage.per_time)
    assert lots.best == best_reorder_point(G, 50)
    assert lots.at(40) == pytest.approx(cost_of_lot(G, 40, 50, 64.0, between, 1.0))
    best = best_min_max(G, 64.0, between, 1.0)
    delta = best.order_up_to_level - best.reorder_point
    pairs = cost_of_levels(laws_of(stage, "sS", delta), G, "sS", 64.0, stage.per_time)
    assert pairs.best == best.reorder_point
    assert pairs.at(pairs.best) == pytest.approx(best.cost)
    below = best_reorder_point_below(G, best.order_up_to_level, 64.0, between, 1.0)
    assert below[:2] == best[:2]
    assert below.cost == pytest.approx(best.cost)
    assert best.cost <= best_lot(G, 64.0, between, 1.0).cost
