"""(s, S) and optimal (s, Q): the published optima, and exhaustive search on small systems."""

from __future__ import annotations

import pytest

from chainsim.theory.lead_time_demand import LeadTimeDemand
from chainsim.theory.reorder_point import optimal_s_Q, poisson_measures
from chainsim.theory.s_S import (
    cost_of_s_S,
    inventory_cost,
    mean_undershoot,
    optimal_s_S,
    poisson_probabilities,
    renewal_density,
)

# P-ZF-1: K = 64, h = 1, b = 9, no lead time: mean demand, s*, S*, cost (Zheng & Federgruen 1991, table 1)
PUBLISHED = [
    (10, 6, 40, 35.022), (20, 14, 62, 49.173), (21, 15, 65, 50.406), (23, 17, 52, 52.757), (25, 19, 56, 54.262),
    (35, 28, 77, 61.215), (45, 37, 97, 67.776), (51, 43, 110, 71.611), (55, 47, 118, 74.149), (61, 52, 131, 77.929),
    (65, 56, 75, 78.518), (75, 67, 86, 79.554),
]  # fmt: skip


def poisson_cost(mean: float, h: float, b: float) -> object:
    return inventory_cost(LeadTimeDemand(mean, 0.0, "poisson"), h, b)


@pytest.mark.parametrize(("mean", "s", "S", "cost"), PUBLISHED)
def test_zheng_and_federgruen_table_1(mean: float, s: int, S: int, cost: float) -> None:
    best = optimal_s_S(64, poisson_probabilities(mean), poisson_cost(mean, 1, 9))  # type: ignore[arg-type]
    assert (best.reorder_point, best.order_up_to_level) == (s, S)
    assert best.cost == pytest.approx(cost, abs=1e-3)


@pytest.mark.parametrize(
    ("mean", "covered", "s", "S", "costs", "expected"),
    [
        (6, 6, 4, 10, (5, 1, 4), 8.03411156147),  # P-SS-1: no lead time
        (5, 15, 17, 30, (30, 1, 9), 20.6630320956),  # P-SS-2: lead time 2
    ],
)
def test_cost_of_a_given_policy(
    mean: float, covered: float, s: int, S: int, costs: tuple[float, float, float], expected: float
) -> None:
    order_cost, h, b = costs
    cost = cost_of_s_S(s, S, order_cost, poisson_probabilities(mean), poisson_cost(covered, h, b))  # type: ignore[arg-type]
    assert cost == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("order_cost", [0.0, 1.0, 12.0])
@pytest.mark.parametrize("odds", [[0.3, 0.4, 0.2, 0.1], [0.7, 0.0, 0.0, 0.3], [0.0, 0.5, 0.5]])
def test_the_optimum_is_that_of_a_search_over_every_pair(order_cost: float, odds: list[float]) -> None:
    mean = sum(j * p for j, p in enumerate(odds))
    cost = poisson_cost(3 * mean, 1.0, 5.0)
    best = optimal_s_S(order_cost, odds, cost)  # type: ignore[arg-type]
    every = {(s, S): cost_of_s_S(s, S, order_cost, odds, cost) for s in range(-8, 15) for S in range(s + 1, 40)}  # type: ignore[arg-type]
    assert best.cost == pytest.approx(min(every.values()), rel=1e-12)
    assert every[best.reorder_point, best.order_up_to_level] == pytest.approx(best.cost, rel=1e-12)


def test_s_S_with_unit_demand_is_s_Q() -> None:
    """A unit a period at most: the position passes every level, so (s, S) costs what (s, Q = S − s) does."""
    odds, cost = [0.4, 0.6], poisson_cost(3.0, 20.0, 150.0)
    periodic = optimal_s_S(100, odds, cost)  # type: ignore[arg-type]
    lot = optimal_s_Q(100, 0.6, cost)  # type: ignore[arg-type]
    assert (lot.reorder_point, lot.reorder_point + lot.order_quantity) == periodic[:2]
    assert lot.cost == pytest.approx(periodic.cost)


def test_optimal_s_Q_as_published() -> None:
    """P-RQ-3: λ = 1.5, L = 2, K = 100, h = 20, b = 150 (Snyder & Shen, Example 5.8), and no pair does better."""
    best = optimal_s_Q(100, 1.5, poisson_cost(3.0, 20, 150))  # type: ignore[arg-type]
    assert best[:2] == (3, 5)
    assert best.cost == pytest.approx(107.923580633, rel=1e-10)
    for s in range(-3, 12):
        for Q in range(1, 20):
            m = poisson_measures(3.0, s, Q)
            assert 100 * 1.5 / Q + 20 * m.on_hand + 150 * m.backorders >= best.cost - 1e-9


def test_renewal_density_counts_visits() -> None:
    """p(0) = ½, p(2) = ½: odd levels are never visited, even ones for two periods."""
    assert renewal_density([0.5, 0.0, 0.5], 5) == [2.0, 0.0, 2.0, 0.0, 2.0]
    with pytest.raises(ValueError, match="never above 0"):
        renewal_density([1.0], 3)


def test_s_must_be_below_S() -> None:
    with pytest.raises(ValueError, match=r"s \(5\) must be below .* S \(5\)"):
        cost_of_s_S(5, 5, 1.0, [0.5, 0.5], poisson_cost(3, 1, 1))  # type: ignore[arg-type]


def test_mean_undershoot_of_compound_demand() -> None:
    """P-SSC-1: sizes 1 … 4 with probabilities .4, .3, .2, .1 and S − s = 10: 0.749755 exactly, ¾ in the limit."""
    odds = [0.0, 0.4, 0.3, 0.2, 0.1]
    mean = sum(j * p for j, p in enumerate(odds))
    sd = (sum(j * j * p for j, p in enumerate(odds)) - mean**2) ** 0.5
    visits = renewal_density(odds, 10)
    exact = sum(visits[j] * odds[k] * (j + k - 10) for j in range(10) for k in range(1, 5) if j + k >= 10)
    assert exact == pytest.approx(0.749755328)
    assert mean_undershoot(mean, sd) == pytest.approx(0.75)
    assert mean_undershoot(mean, sd, whole=False) == pytest.approx(1.25)
    assert mean_undershoot(0.0, 0.0) == 0.0


def test_poisson_probabilities_are_complete() -> None:
    odds = poisson_probabilities(12.0)
    assert sum(odds) == pytest.approx(1.0, abs=1e-14)
    assert sum(j * p for j, p in enumerate(odds)) == pytest.approx(12.0, abs=1e-11)
