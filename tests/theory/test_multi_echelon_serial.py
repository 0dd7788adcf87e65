"""Serial systems: published optima, the (r, nQ) example of Chen & Zheng, bounds, and an independent recursion."""

from __future__ import annotations

import random

import numpy as np
import pytest
from scipy import stats

from chainsim.theory.lattice import DemandEvent, Lattice, fill_rate, level_for_fill_rate, level_for_probability
from chainsim.theory.serial import (
    SerialSystem,
    cost_of_levels,
    customer_net_stock,
    levels_for_fill_rate,
    levels_for_service_level,
    local_levels,
    nested_levels,
    optimal_levels,
    shang_song_bounds,
    shang_song_levels,
)

QUARTERS = (0.25,) * 4
ROW_1 = SerialSystem(QUARTERS, (0.25,) * 4, backorder_cost=9.0, demand_mean=16.0)
ROW_9 = SerialSystem(QUARTERS, (0.25, 2.5, 2.5, 0.25), backorder_cost=9.0, demand_mean=16.0)
EXAMPLE_6_1 = SerialSystem((1.0, 1.0, 2.0), (3.0, 2.0, 2.0), 37.12, demand_mean=5.0, demand_sd=1.0, whole=False)
TWO_STAGES = SerialSystem((1.0, 1.5), (1.0, 0.5), backorder_cost=20.0, demand_mean=5.0)


@pytest.mark.parametrize(
    ("system", "levels", "cost", "published", "local"),
    [
        (ROW_1, (8, 13, 18, 22), 12.6878978279, 12.688, (8, 5, 5, 4)),
        (ROW_9, (9, 10, 13, 19), 53.0076047701, 53.008, (9, 1, 3, 6)),
    ],
)
def test_shang_and_song_table_1(system, levels, cost, published, local):
    best = optimal_levels(system)
    assert best.levels == levels
    assert best.cost == pytest.approx(cost, abs=1e-8)
    assert best.cost == pytest.approx(published, abs=5e-4)
    assert local_levels(best.levels) == local


def test_snyder_and_shen_example_6_1_with_normal_demand():
    best = optimal_levels(EXAMPLE_6_1)
    assert best.levels == pytest.approx((6.49088734709, 12.017611564, 22.7055018078), abs=0.02)
    assert best.cost == pytest.approx(47.6601514221, rel=1e-5)


@pytest.mark.parametrize(
    ("system", "levels", "on_hand", "backorders", "ready_rate"),
    [
        (ROW_1, (8, 13, 18, 22), 3.31221016343, 0.206529574634, 0.853015859823),
        (ROW_9, (9, 10, 13, 19), 1.5775885263, 1.09696903649, 0.525821660236),
    ],
)
def test_net_stock_at_the_customers_end(system, levels, on_hand, backorders, ready_rate):
    stock = customer_net_stock(system, levels)
    assert stock.shortage(0.0) == pytest.approx(on_hand, abs=1e-8)
    assert stock.negative().shortage(0.0) == pytest.approx(backorders, abs=1e-8)
    assert 1.0 - stock.probability_up_to(0.0) == pytest.approx(ready_rate, abs=1e-8)
    assert fill_rate(stock, Lattice.point(1.0)) == pytest.approx(ready_rate, abs=1e-8)


def test_cost_agrees_with_the_recursion_of_local_backorders():
    """B_N = (D_N − s_N)⁺, B_j = (B_{j+1} + D_j − s_j)⁺: another road to the same cost."""
    for system in (ROW_1, ROW_9):
        local_rates = np.cumsum(system.echelon_holding[::-1])[::-1]
        levels = optimal_levels(system).levels
        owed, cost = Lattice.point(0.0), 0.0
        for stage in reversed(range(4)):
            short = owed.plus(system.demands[stage])
            level = local_levels(levels)[stage]
            on_hand = short.negative().shortage(-level)
            moving_in = system.demand_mean * system.lead_times[stage]
            upstream_rate = local_rates[stage + 1] if stage < 3 else 0.0
            cost += local_rates[stage] * on_hand + upstream_rate * moving_in
            kept = np.maximum(np.arange(short.first, short.last + 1) - round(level), 0)
            owed = Lattice(1.0, 0, np.bincount(kept, weights=short.mass))
        cost += system.backorder_cost * owed.mean
        assert optimal_levels(system).cost == pytest.approx(cost, abs=1e-8)


def test_chen_and_zheng_two_stages_with_batches():
    levels, batches = (6 + 4, 14 + 8), (4, 8)
    stock = customer_net_stock(TWO_STAGES, levels, batches)
    assert stock.shortage(0.0) == pytest.approx(3.26545544883, abs=1e-9)
    assert stock.negative().shortage(0.0) == pytest.approx(0.237089156361, abs=1e-9)
    assert fill_rate(stock, Lattice.point(1.0)) == pytest.approx(0.827732440312, abs=1e-9)
    assert cost_of_levels(TWO_STAGES, levels, batches) == pytest.approx(13.6257831542, abs=1e-8)


def test_batches_of_one_are_base_stock():
    assert optimal_levels(TWO_STAGES, (1, 1)) == optimal_levels(TWO_STAGES)


def test_batches_on_a_coarse_lattice_stay_nested():
    """A thousand times the demand and the batches, on a lattice of more than one unit: a thousand times the levels."""
    system = SerialSystem((1.0, 1.5), (1.0, 0.5), 20.0, demand_mean=20_000.0, demand_sd=4_000.0)
    small = SerialSystem((1.0, 1.5), (1.0, 0.5), 20.0, demand_mean=20.0, demand_sd=4.0, whole=False)
    assert system.step > 1.0
    best, unit = optimal_levels(system, (3_030.0, 9_090.0)), optimal_levels(small, (3.03, 9.09))
    assert best.levels == pytest.approx([1000.0 * level for level in unit.levels], rel=2e-3)
    assert best.cost == pytest.approx(1000.0 * unit.cost, rel=2e-3)


def test_optimal_batch_levels_are_no_worse_than_their_neighbours():
    best = optimal_levels(TWO_STAGES, (4, 8))
    for d1 in (-1, 0, 1):
        for d2 in (-1, 0, 1):
            levels = (best.levels[0] + d1, best.levels[1] + d2)
            assert cost_of_levels(TWO_STAGES, levels, (4, 8)) >= best.cost - 1e-9


def test_batches_must_be_nested():
    with pytest.raises(ValueError, match="multiple"):
        optimal_levels(TWO_STAGES, (4, 6))


@pytest.mark.parametrize("seed", range(8))
def test_optimum_lies_between_the_newsvendor_bounds_and_beats_its_neighbours(seed):
    rng = random.Random(seed)
    stages = rng.randint(1, 4)
    system = SerialSystem(
        tuple(rng.choice((0.5, 1.0, 2.0)) for _ in range(stages)),
        tuple(rng.uniform(0.2, 3.0) for _ in range(stages)),
        rng.uniform(2.0, 40.0),
        rng.uniform(0.5, 8.0),
    )
    best = optimal_levels(system)
    lower, upper = shang_song_bounds(system)
    assert all(low <= level <= up for low, level, up in zip(lower, best.levels, upper, strict=True))
    assert cost_of_levels(system, best.levels) == pytest.approx(best.cost)
    assert cost_of_levels(system, shang_song_levels(system)) >= best.cost - 1e-9
    for stage in range(stages):
        for change in (-1.0, 1.0):
            other = [level + change * (i == stage) for i, level in enumerate(best.levels)]
            assert cost_of_levels(system, other) >= best.cost - 1e-9


def test_bounds_are_newsvendor_quantiles():
    lower, upper = shang_song_bounds(ROW_9)
    assert lower[2] == stats.poisson.ppf((9 + 0.25) / (9 + 5.5), 12.0)
    assert upper[2] == stats.poisson.ppf((9 + 0.25) / (9 + 0.25 + 2.5), 12.0)
    assert shang_song_levels(ROW_1) == (8, 13, 18, 22)


def test_one_stage_is_a_newsvendor():
    system = SerialSystem((2.0,), (1.0,), backorder_cost=9.0, demand_mean=5.0)
    assert optimal_levels(system).levels == (stats.poisson.ppf(0.9, 10.0),)


def test_without_added_value_all_stock_goes_to_the_customers():
    levels = optimal_levels(SerialSystem((1.0, 1.5), (0.0, 0.5), 20.0, demand_mean=5.0)).levels
    assert local_levels(levels)[1] == 0.0
    assert nested_levels(levels)[1] == stats.poisson.ppf(20.0 / 20.5, 12.5)


def test_levels_for_a_fill_rate_reach_it_with_the_least():
    for batches in ((), (4.0, 8.0)):
        found = levels_for_fill_rate(TWO_STAGES, 0.95, DemandEvent(), batches)
        rate = fill_rate(customer_net_stock(TWO_STAGES, found.levels, batches), Lattice.point(1.0))
        lower = tuple(level - 1.0 for level in found.levels)
        below = fill_rate(customer_net_stock(TWO_STAGES, lower, batches), Lattice.point(1.0))
        assert below < 0.95 <= rate


def test_levels_for_a_service_level_reach_it_at_the_lowest_position():
    found = levels_for_service_level(TWO_STAGES, 0.9, (4.0, 8.0))
    stock = customer_net_stock(TWO_STAGES, (found.levels[0] - 3.0, found.levels[1]), (1.0, 8.0))
    assert 1.0 - stock.probability_up_to(-1.0) >= 0.9


@pytest.mark.parametrize(
    ("lead_times", "holding", "backorder", "mean"),
    [
        ((1.0,), (1.0, 2.0), 1.0, 1.0),
        ((1.0,), (0.0,), 1.0, 1.0),
        ((1.0,), (-1.0,), 1.0, 1.0),
        ((1.0,), (1.0,), 0.0, 1.0),
    ],
)
def test_senseless_systems_are_refused(lead_times, holding, backorder, mean):
    with pytest.raises(ValueError, match=r"must|needs"):
        SerialSystem(lead_times, holding, backorder, mean)


@pytest.mark.parametrize(
    "demand",
    [
        Lattice.poisson(3.0),
        Lattice.negative_binomial(3.0, 2.5),
        Lattice.normal(3.0, 1.0, 0.05),
        Lattice.gamma(3.0, 2.0, 0.05),
    ],
)
def test_lattices_keep_their_moments_and_losses(demand):
    assert demand.mass.sum() == pytest.approx(1.0)
    assert demand.mean == pytest.approx(3.0, abs=2e-3)
    direct = [demand.shortage(n * demand.step) for n in range(-3, 9)]
    assert demand.shortages(-3, 8) == pytest.approx(direct, abs=1e-9)


def test_fill_rate_level_of_r_nq_is_the_textbook_formula():
    """1 − [G(r) − G(r + Q)] / Q ≥ 0.95, G the Poisson loss of mean 6."""
    demand, batch = Lattice.poisson(6.0), 10.0
    rates = {r: 1.0 - (demand.shortage(r) - demand.shortage(r + batch)) / batch for r in range(-1, 20)}
    least = min(r for r, rate in rates.items() if rate >= 0.95)
    assert level_for_fill_rate(demand, Lattice.point(1.0), 0.95, batch) == least + 1


def test_level_for_a_probability_averages_over_the_batch():
    demand = Lattice.poisson(10.0)
    level = level_for_probability(demand, 0.95, 8.0)
    average = [np.mean(stats.poisson.cdf(np.arange(s, s + 8), 10.0)) for s in (level - 1, level)]
    assert average[0] < 0.95 <= average[1]
