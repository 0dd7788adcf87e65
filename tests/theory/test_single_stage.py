"""Single-stage theory: against published numbers, against sums taken the long way, and against itself."""

from __future__ import annotations

from math import ceil, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from chainsim.theory import base_stock, bullwhip, eoq, reorder_point
from chainsim.theory.lead_time_demand import FAMILIES, Family, LeadTimeDemand, moments_over
from chainsim.theory.newsvendor import critical_ratio, newsvendor, newsvendor_discrete

families = st.sampled_from(FAMILIES)
means = st.floats(0.05, 500.0)


def demand_of(family: Family, mean: float, ratio: float) -> LeadTimeDemand:
    """A demand with variance/mean = ratio where the family allows it."""
    return LeadTimeDemand(mean, sqrt(mean * (1.01 + ratio if family == "negative_binomial" else ratio)), family)


def long_way(demand: LeadTimeDemand) -> object:
    """The same distribution from scipy.stats, parametrised independently."""
    mean, sd = demand.mean, demand.sd
    if demand.family == "normal":
        return stats.norm(mean, sd)
    if demand.family == "poisson":
        return stats.poisson(mean)
    if demand.family == "gamma":
        return stats.gamma(mean**2 / sd**2, scale=sd**2 / mean)
    return stats.nbinom(mean**2 / (sd**2 - mean), mean / sd**2)


# --- lead-time demand and loss functions ------------------------------------------------------------------------------


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(("mean", "sd"), [(0.4, 1.1), (6.0, 4.0), (50.0, 30.0)])
@pytest.mark.parametrize("level", [-2.0, 0.0, 0.5, 3.0, 7.25, 60.0])
def test_loss_and_probability_agree_with_the_long_way(family: Family, mean: float, sd: float, level: float) -> None:
    """E[(D − x)⁺] = ∫ P(D > t) dt from x on."""
    demand = LeadTimeDemand(mean, sd, family)
    law = long_way(demand)
    assert demand.cdf(level) == pytest.approx(float(law.cdf(level)), abs=1e-12)  # type: ignore[attr-defined]
    if demand.discrete:
        units = np.arange(0, 2000)
        expected = float(np.maximum(units - level, 0.0) @ law.pmf(units))  # type: ignore[attr-defined]
    else:
        expected = float(law.expect(lambda d: max(d - level, 0.0), lb=level))  # type: ignore[attr-defined]
    assert demand.loss(level) == pytest.approx(expected, abs=1e-7 * (1 + mean))


@given(family=families, mean=means, ratio=st.floats(0.1, 20.0), probability=st.floats(0.001, 0.999))
def test_a_quantile_is_the_smallest_level_that_is_high_enough(
    family: Family, mean: float, ratio: float, probability: float
) -> None:
    demand = demand_of(family, mean, ratio)
    level = demand.quantile(probability)
    assert demand.cdf(level + 1e-9 * (1 + abs(level))) >= probability - 1e-9
    assert demand.cdf(level - (1 if demand.discrete else 1e-6 * demand.sd + 1e-9)) <= probability
    if demand.discrete:
        assert level == ceil(level)


@given(family=families, mean=means, ratio=st.floats(0.1, 20.0), level=st.floats(-100, 900), step=st.floats(0.01, 50))
def test_loss_falls_by_at_most_the_step_and_never_below_zero(
    family: Family, mean: float, ratio: float, level: float, step: float
) -> None:
    demand = demand_of(family, mean, ratio)
    here, there = demand.loss(level), demand.loss(level + step)
    assert 0.0 <= there <= here + 1e-9
    assert here - there <= step + 1e-9 * (1 + mean)
    assert here >= mean - level - 1e-9 * (1 + mean)


@given(family=families, mean=means, ratio=st.floats(0.1, 20.0), more=st.floats(0, 40), level=st.floats(0, 900))
def test_an_added_quantity_shifts_everything(
    family: Family, mean: float, ratio: float, more: float, level: float
) -> None:
    demand = demand_of(family, mean, ratio)
    assert demand.plus(more).loss(level) == demand.loss(level - more)
    assert demand.plus(more).cdf(level) == demand.cdf(level - more)
    assert demand.plus(more).quantile(0.9) == demand.quantile(0.9) + more


@pytest.mark.parametrize("family", ["normal", "gamma", "negative_binomial"])
def test_a_known_demand_has_no_spread(family: Family) -> None:
    demand = LeadTimeDemand(12.0, 0.0, family)
    assert (demand.quantile(0.5), demand.quantile(0.999)) == (12.0, 12.0)
    assert (demand.cdf(11.9), demand.cdf(12.0)) == (0.0, 1.0)
    assert (demand.loss(10.0), demand.loss(13.0)) == (2.0, 0.0)


def test_no_demand_needs_no_stock() -> None:
    assert [LeadTimeDemand(0.0, 0.0, family).quantile(0.99) for family in FAMILIES] == [0.0] * 4


@pytest.mark.parametrize(("mean", "sd"), [(4.0, 1.0), (4.0, 2.0)])
def test_a_negative_binomial_with_too_little_variance_is_refused(mean: float, sd: float) -> None:
    with pytest.raises(ValueError, match="variance above its mean"):
        LeadTimeDemand(mean, sd, "negative_binomial")


@pytest.mark.parametrize("probability", [0.0, 1.0, 1.2])
def test_certainty_cannot_be_planned_for(probability: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        LeadTimeDemand(4.0, 1.0).quantile(probability)
    with pytest.raises(ValueError, match="between 0 and 1"):
        reorder_point.safety_factor(probability)
    with pytest.raises(ValueError, match="between 0 and 1"):
        base_stock.level_for_fill_rate(LeadTimeDemand(4.0, 1.0), LeadTimeDemand(5.0, 1.0), probability)


def test_moments_over_a_random_interval() -> None:
    assert moments_over(9.0, 10.0, 4.0) == (90.0, 12.0)
    assert moments_over(0.0, 10.0, 4.0, 0.5) == (0.0, 5.0)


# --- EOQ family, newsvendor -----------------------------------------------------------------------------------------


@given(
    order_cost=st.floats(0.1, 1000), demand=st.floats(0.1, 1e5), holding=st.floats(0.01, 100), factor=st.floats(0.2, 5)
)
def test_no_lot_is_cheaper_than_the_economic_one(
    order_cost: float, demand: float, holding: float, factor: float
) -> None:
    """And the cost of a lot f times too large is ½(f + 1/f) times the least (Silver, Pyke & Thomas §4.3)."""
    best = eoq.economic_order_quantity(order_cost, demand, holding)
    least = eoq.lot_cost(best, order_cost, demand, holding)
    assert least == pytest.approx(sqrt(2 * order_cost * demand * holding))
    off = eoq.lot_cost(factor * best, order_cost, demand, holding)
    assert off == pytest.approx(least * (factor + 1 / factor) / 2)


def test_planned_backorders_and_production_lots_tend_to_the_eoq() -> None:
    plain = eoq.economic_order_quantity(8, 1300, 0.225)
    assert eoq.eoq_with_backorders(8, 1300, 0.225, 1e12).quantity == pytest.approx(plain)
    assert eoq.economic_production_quantity(8, 1300, 0.225, 1e15).quantity == pytest.approx(plain)


@pytest.mark.parametrize(
    ("arguments", "word"), [((0, 1, 1), "order cost K"), ((1, 1, 0), "holding cost h"), ((1, 0, 1), "demand rate D")]
)
def test_an_eoq_without_a_cost_names_the_formula(arguments: tuple[float, float, float], word: str) -> None:
    with pytest.raises(ValueError, match=f"EOQ = √\\(2KD/h\\) needs .* {word}"):
        eoq.economic_order_quantity(*arguments)


def test_production_slower_than_demand_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot keep up"):
        eoq.economic_production_quantity(4, 80, 0.08, 80)


def test_newsvendor_with_any_distribution_agrees_with_the_family() -> None:
    odds = {float(k): float(stats.poisson.pmf(k, 18)) for k in range(100)}
    assert newsvendor_discrete(odds, 270, 200) == pytest.approx(newsvendor(LeadTimeDemand(18, 0, "poisson"), 270, 200))


def test_newsvendor_refuses_what_makes_no_sense() -> None:
    with pytest.raises(ValueError, match="sum to 1"):
        newsvendor_discrete({1: 0.5, 2: 0.4}, 1, 1)
    with pytest.raises(ValueError, match="both costs above 0"):
        critical_ratio(0, 1)


# --- (s, Q) -----------------------------------------------------------------------------------------------------------


@given(mean=st.floats(0.1, 40), s=st.integers(-5, 60), Q=st.integers(1, 30))
def test_the_loss_formula_is_exact_for_unit_poisson_demand(mean: float, s: int, Q: int) -> None:
    demand = LeadTimeDemand(mean, 0.0, "poisson")
    assert reorder_point.fill_rate(demand, s, Q) == pytest.approx(
        reorder_point.poisson_measures(mean, s, Q).fill_rate, abs=1e-9
    )


@given(
    family=families,
    mean=st.floats(0.5, 200),
    ratio=st.floats(0.2, 9),
    Q=st.integers(1, 300),
    target=st.floats(0.01, 0.999),
)
def test_the_reorder_point_for_a_fill_rate_is_the_smallest(
    family: Family, mean: float, ratio: float, Q: int, target: float
) -> None:
    demand = demand_of(family, mean, ratio)
    s = reorder_point.reorder_point_for_fill_rate(demand, Q, target)
    assert reorder_point.fill_rate(demand, s, Q) >= target - 1e-9
    less = s - (1.0 if demand.discrete else 1e-3 * demand.sd)
    if less >= -Q:
        assert reorder_point.fill_rate(demand, less, Q) < target


# --- base stock -------------------------------------------------------------------------------------------------------


def test_base_stock_is_s_Q_with_lots_of_one() -> None:
    one = reorder_point.poisson_measures(6.0, 7, 1)
    palm = base_stock.palm(4, 1.5, 8)
    assert (one.on_hand, one.backorders, one.ready_rate) == pytest.approx(
        (palm.on_hand, palm.backorders, palm.ready_rate)
    )


def test_erlang_loss_as_defined() -> None:
    """B = (aˢ/s!) / Σ aⁿ/n! is a ratio of Poisson probabilities."""
    assert base_stock.erlang_loss(6.0, 0) == 1.0
    for a, level in ((0.3, 2), (20.0, 15)):
        expected = stats.poisson.pmf(level, a) / stats.poisson.cdf(level, a)
        assert base_stock.erlang_loss(a, level) == pytest.approx(expected)


@given(
    family=families,
    before=st.floats(0.0, 50),
    step=st.floats(0.5, 30),
    ratio=st.floats(0.2, 9),
    target=st.floats(0.05, 0.999),
)
def test_the_level_for_a_fill_rate_is_the_smallest(
    family: Family, before: float, step: float, ratio: float, target: float
) -> None:
    start, end = demand_of(family, before, ratio), demand_of(family, before + step, ratio)
    level = base_stock.level_for_fill_rate(start, end, target)
    assert base_stock.fill_rate(level, start, end) >= target - 1e-9
    less = level - (1.0 if end.discrete else 1e-3 * end.sd)
    if less >= 0.0:
        assert base_stock.fill_rate(less, start, end) < target + 1e-12


# --- bullwhip ---------------------------------------------------------------------------------------------------------


def test_bullwhip_of_a_best_forecast_by_its_response_to_a_shock() -> None:
    """Demand ρᵏ after a shock; S_t moves by d_t·(ρ + … + ρᴸ); orders are S_t − S_{t−1} + d_t."""
    for L, r in ((3, 0.6), (1, 0.3), (5, 0.9)):
        demand = r ** np.arange(2000)
        level = demand * sum(r**i for i in range(1, L + 1))
        orders = np.diff(np.concatenate(([0.0], level))) + demand
        assert bullwhip.best_forecast(L, r) == pytest.approx(float(orders @ orders / (demand @ demand)))


@pytest.mark.parametrize("share", [0.1, 0.25, 0.7, 1.0])
def test_net_stock_amplification_by_its_response_to_a_shock(share: float) -> None:
    """L + 1 = 4 periods covered: net stock at the end of t holds the shock less what orders placed 4 or more periods
    ago have brought."""
    shock = np.zeros(500)
    shock[0] = 1.0
    position, orders, level = 0.0, [], []
    for t, demand in enumerate(shock):
        position -= demand
        orders.append(-share * position)
        position += orders[-1]
        level.append(sum(orders[: max(t - 3, 0)]) - 1.0)
    response = np.array(level)
    assert bullwhip.net_stock_amplification(4, share) == pytest.approx(float(response @ response))
