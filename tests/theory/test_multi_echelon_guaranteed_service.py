"""Guaranteed service: published chains, and the two methods against each other and against trying everything."""

from __future__ import annotations

import itertools
import random
from math import sqrt

import pytest

from chainsim.theory.guaranteed_service import evaluate, place_safety_stock, pooled_sds
from chainsim.theory.guaranteed_service_problem import Stage
from chainsim.theory.guaranteed_service_tree import is_forest
from chainsim.verify.answers.chains import AT, chain_04


def test_serial_line_of_simpson():
    line = [
        Stage(t, h, demand_sd=4.0, demand_mean=20.0, safety_factor=1.645, service_time=end)
        for t, h, end in ((3, 1, None), (3, 2, None), (4, 4, None), (2, 7, 0.0))
    ]
    for method in ("tree", "mixed_integer"):
        best = place_safety_stock(line, [(0, 1), (1, 2), (2, 3)], method)
        assert best.cost == pytest.approx(145.058782568, abs=1e-8)
        assert best.service_times == (3, 0, 4, 0)
        assert best.net_replenishment_times == (0, 6, 0, 6)
        assert best.safety_stocks == pytest.approx((0.0, 16.1176425075, 0.0, 16.1176425075))
        assert best.base_stocks == pytest.approx((0.0, 136.117642508, 0.0, 136.117642508))


def test_tree_of_snyder_and_shen_example_6_5():
    arcs = [(0, 2), (2, 1), (2, 3)]
    sds = pooled_sds(4, arcs, [0.0, 1.0, 0.0, 1.0])
    assert sds == pytest.approx((sqrt(2.0), 1.0, sqrt(2.0), 1.0))
    stages = [
        Stage(2, 1, sds[0], inbound=1.0),
        Stage(1, 3, sds[1], service_time=0.0),
        Stage(1, 2, sds[2]),
        Stage(1, 3, sds[3], service_time=1.0),
    ]
    for method in ("tree", "mixed_integer"):
        best = place_safety_stock(stages, arcs, method)
        assert best.cost == pytest.approx(2.0 * sqrt(2.0) + sqrt(6.0) + 3.0, abs=1e-9)
        assert best.service_times == (0, 0, 0, 1)


def test_willems_chain_04():
    stages, arcs = chain_04()
    best = place_safety_stock(stages, arcs)
    assert best.cost == pytest.approx(48962.7052651, rel=1e-9)
    assert [best.service_times[AT[f"Manuf_{m}"]] for m in range(1, 8)] == [35.0] * 7
    assert [best.service_times[k] for k in range(4)] == [0.0] * 4
    # times on a coarser grid than the lead times still pass whole times on
    assert place_safety_stock(stages, arcs, steps=150).cost == pytest.approx(48962.7052651, rel=1e-9)


def random_stages(rng: random.Random, arcs: list[tuple[int, int]], count: int, longest: int) -> list[Stage]:
    supplying = {i for i, _ in arcs}
    sds = pooled_sds(count, arcs, [0.0 if k in supplying else float(rng.randint(1, 5)) for k in range(count)])
    return [
        Stage(
            rng.randint(0, longest),
            rng.randint(1, 9),
            sds[k],
            inbound=rng.choice((0, 0, 2)),
            service_time=None if k in supplying else float(rng.randint(0, 2)),
        )
        for k in range(count)
    ]


@pytest.mark.parametrize("seed", range(12))
def test_dynamic_and_mixed_integer_programming_agree_on_random_trees(seed):
    rng = random.Random(seed)
    count = rng.randint(2, 9)
    arcs = [(k, rng.randrange(k)) if rng.random() < 0.5 else (rng.randrange(k), k) for k in range(1, count)]
    stages = random_stages(rng, arcs, count, 6)
    tree, general = (place_safety_stock(stages, arcs, method) for method in ("tree", "mixed_integer"))
    assert tree.cost == pytest.approx(general.cost, abs=1e-6)
    assert_feasible(stages, arcs, tree.service_times)
    assert_feasible(stages, arcs, general.service_times)


@pytest.mark.parametrize("seed", range(8))
def test_general_networks_against_all_service_times(seed):
    rng = random.Random(100 + seed)
    count = 4
    arcs = [pair for pair in itertools.combinations(range(count), 2) if rng.random() < 0.7]
    stages = random_stages(rng, arcs, count, 2)
    best = place_safety_stock(stages, arcs)
    # a time longer than a stage can take is cut by `evaluate`, longer than promised is not allowed
    ranges = [range(int(min(11.0, s.service_time if s.service_time is not None else 11.0)) + 1) for s in stages]
    least = min(evaluate(stages, arcs, times).cost for times in itertools.product(*ranges))
    assert best.cost == pytest.approx(least, abs=1e-6)
    assert_feasible(stages, arcs, best.service_times)


def assert_feasible(stages, arcs, times):
    placed = evaluate(stages, arcs, times)
    assert placed.service_times == tuple(times)
    assert all(tau >= 0.0 for tau in placed.net_replenishment_times)
    assert all(s.service_time is None or t <= s.service_time for s, t in zip(stages, times, strict=True))


def test_lead_times_that_are_not_whole_are_passed_on_whole():
    line = [Stage(7.3, 1.0, 10.0), Stage(2.37, 1.2, 10.0, service_time=0.0)]
    best = place_safety_stock(line, [(0, 1)], steps=50)
    assert best.cost == pytest.approx(min(10 * sqrt(7.3) + 12 * sqrt(2.37), 12 * sqrt(9.67)))
    assert best.net_replenishment_times == pytest.approx((0.0, 9.67))


def test_random_lead_time_adds_its_own_variance():
    steady = Stage(9.0, 1.0, demand_sd=2.0, demand_mean=10.0)
    shaky = Stage(9.0, 1.0, demand_sd=2.0, demand_mean=10.0, lead_sd=1.0)
    assert steady.covered(9.0) == pytest.approx((90.0, 6.0))
    assert shaky.covered(9.0) == pytest.approx((90.0, sqrt(36.0 + 100.0)))  # 9 deviations from 0: not cut off
    mean, sd = shaky.covered(0.0)  # X⁺ of a standard normal: mean 1 / √(2π), variance 1/2 − 1 / (2π)
    assert (mean, sd) == pytest.approx((3.98942, sqrt(4.0 * 0.398942 + 100.0 * 0.340845)), rel=1e-5)


def test_two_paths_to_one_end_item_count_as_two_units():
    arcs = [(0, 1), (0, 2), (1, 3), (2, 3)]
    assert pooled_sds(4, arcs, [0.0, 0.0, 0.0, 5.0]) == (10.0, 5.0, 5.0, 5.0)
    assert not is_forest(4, arcs)
    with pytest.raises(ValueError, match="undirected cycle"):
        place_safety_stock([Stage(1, 1, 1.0)] * 4, arcs, "tree")


def test_a_circle_is_refused():
    with pytest.raises(ValueError, match="circle"):
        place_safety_stock([Stage(1, 1, 1.0)] * 2, [(0, 1), (1, 0)])
