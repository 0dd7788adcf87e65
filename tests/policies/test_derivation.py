"""Derived parameters against numbers worked out by hand: demand 100 ± 20 a period unless said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chainsim.policies import levels, stages
from chainsim.policies.base import PointFacts, Settings
from chainsim.policies.rough import HELD, OVERTAKING, RARE, SEVERAL

from .stock_points import facts, network, poisson_facts, ready

Z90, Z95 = 1.2815515655446004, 1.6448536269514722


def derive(name: str, point: PointFacts, **given: Any) -> Settings:
    timing = {"review_interval": point.review_interval} if point.review_interval else {}
    return ready(name, **timing, **given).derive(network(point), [0])[0]


def textbook(name: str, point: PointFacts, **given: Any) -> Settings:
    """The same by the textbook's formula, as in class."""
    return derive(name, point, derivation="textbook", **given)


def exact(settings: Settings, name: str) -> float:
    return next(d.exact for d in settings.derived if d.name == name)


# --- where the service comes from -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "changes", "said"),
    [
        ({}, {}, "α = 0.95 (usual value"),
        ({}, {"backorder_cost": 3.6}, "S of least expected cost at these prices"),
        ({"derivation": "textbook"}, {"backorder_cost": 3.6}, "α = 0.9 (newsvendor ratio"),
        ({}, {"backorder_cost": 3.6, "target_fill_rate": 0.97}, "β = 0.97 (the scenario's target)"),
        ({"service_level": 0.8}, {"backorder_cost": 3.6, "target_fill_rate": 0.97}, "α = 0.8 (given)"),
        ({"service_level": 0.8, "fill_rate": 0.99}, {}, "β = 0.99 (given)"),
        ({}, {"backorder_cost": 3.6, "holding_cost": 0.0}, "α = 0.95 (usual value"),
    ],
)
def test_the_report_says_where_the_service_target_comes_from(
    given: dict[str, Any], changes: dict[str, Any], said: str
) -> None:
    assert said in derive("base_stock", facts(**changes), **given).derived[0].formula


def test_a_perfect_fill_rate_is_refused_with_the_place() -> None:
    with pytest.raises(ValueError, match="store / p: a fill rate of 1 cannot be planned for"):
        derive("base_stock", facts(target_fill_rate=1.0))


# --- base stock, (R, S) ---------------------------------------------------------------------------------------------


def test_base_stock_covers_the_lead_time() -> None:
    """400 + z·20·√4, rounded up, both numbers kept."""
    settings = textbook("base_stock", facts(), service_level=0.95)
    assert exact(settings, "order_up_to_level") == pytest.approx(400 + Z95 * 40)
    assert settings.p == (466.0,)
    assert settings.order_up_to == settings.wake_at == 466.0
    assert textbook("base_stock", facts(whole=False), service_level=0.95).p == pytest.approx((400 + Z95 * 40,))


def test_a_variable_lead_time_adds_to_the_deviation() -> None:
    """√(4·20² + 100²·0.3²) = 50."""
    settings = textbook("base_stock", facts(lead_sd=0.3), service_level=0.95)
    assert exact(settings, "order_up_to_level") == pytest.approx(400 + Z95 * 50)


@pytest.mark.parametrize(("before_demand", "interval"), [(False, 4.0), (True, 5.0)])
def test_the_protection_interval_follows_the_review_convention(before_demand: bool, interval: float) -> None:
    """P-SIM-6: demand per period, L = 2, R = 3: L + R − 1 after demand, L + R before."""
    point = facts(lead_mean=2.0, review_interval=3.0, demand_interval=1.0, before_demand=before_demand)
    settings = textbook("R_S", point, service_level=0.90)
    assert exact(settings, "order_up_to_level") == pytest.approx(100 * interval + Z90 * 20 * interval**0.5)
    assert settings.derived[0].inputs["M"] == interval


def test_poisson_demand_gets_a_poisson_level() -> None:
    """D ~ Poisson(6): P(D ≤ 9) = 0.916, P(D ≤ 8) = 0.847. Just before a receipt the customer who was ordered for is served
    as well: one unit more than the textbook's quantile."""
    assert derive("base_stock", poisson_facts(4.0, 1.5), service_level=0.9).p == (10.0,)
    assert textbook("base_stock", poisson_facts(4.0, 1.5), service_level=0.9).p == (9.0,)
    assert textbook("base_stock", poisson_facts(4.0, 1.5), service_level=0.84).p == (8.0,)


def test_one_for_one_ordering_needs_only_the_mean_lead_time() -> None:
    """Palm: with crossing lead times their spread does not matter; without crossing, or in a batch rule, it does."""
    steady, random = poisson_facts(4.0, 1.5), poisson_facts(4.0, 1.5, lead_sd=1.5)
    assert derive("base_stock", random, service_level=0.9).p == derive("base_stock", steady, service_level=0.9).p
    held = poisson_facts(4.0, 1.5, lead_sd=1.5, crossing=False)
    assert derive("base_stock", held, service_level=0.9).p[0] > 10.0


def test_base_stock_reaches_a_fill_rate_exactly_for_unit_poisson_demand() -> None:
    """Palm, λE[L] = 6: fill rate P(D ≤ S − 1) is 0.744 at S = 8 and 0.847 at S = 9."""
    assert derive("base_stock", poisson_facts(4.0, 1.5), fill_rate=0.74).p == (8.0,)
    assert derive("base_stock", poisson_facts(4.0, 1.5), fill_rate=0.75).p == (9.0,)


def test_periodic_fill_rate_counts_only_new_shortages() -> None:
    """Poisson 5 a period, L = 2 (P-CONV-1): S = 18 fills 0.8992 ordering before demand, 0.9973 after."""
    point = poisson_facts(5.0, 2.0, review_interval=1.0, demand_interval=1.0)
    assert textbook("R_S", point, fill_rate=0.9972).p == (18.0,)
    before = poisson_facts(5.0, 2.0, review_interval=1.0, demand_interval=1.0, before_demand=True)
    assert textbook("R_S", before, fill_rate=0.8991).p == (18.0,)
    assert textbook("R_S", before, fill_rate=0.8993).p == (19.0,)


@pytest.mark.parametrize("lost", [False, True])
def test_no_lead_time_still_stocks_the_next_demand(lost: bool) -> None:
    """L = 0, R = 1 after demand: a customer of the period cannot wait for the order that follows; Poisson 100, P(D ≤ 117) =
    0.957. The textbook's mean cover is 0, and at least one unit where sales are lost."""
    point = poisson_facts(100.0, 0.0, review_interval=1.0, demand_interval=1.0, lost_sales=lost)
    assert derive("R_S", point, service_level=0.95).p == (117.0,)
    assert textbook("R_S", point, service_level=0.95).p == ((117.0,) if lost else (0.0,))


def test_a_level_that_would_never_sell_is_raised() -> None:
    """With lost sales the position is never below 0: S ≥ 1, s ≥ 0, whatever the formula says, and it is said."""
    point = facts(lead_mean=0.0, lost_sales=True)
    assert textbook("base_stock", point, service_level=0.95).p == (1.0,)
    assert derive("jit", point).p == (1.0,)
    low = textbook("s_Q", facts(demand_sd=20.0, lead_mean=0.1, lost_sales=True), fill_rate=0.5, order_quantity=400.0)
    assert low.p[0] == 0.0
    assert "at least 0" in low.derived[0].formula
    assert derive("s_S", facts(lead_mean=0.1, lost_sales=True), fill_rate=0.5).p[0] == 0.0


def test_given_levels_are_not_rounded_or_judged() -> None:
    settings = derive("base_stock", facts(), order_up_to_level=12.5)
    assert settings.p == (12.5,)
    assert settings.derived[0].given


# --- (s, Q), EOQ, (s, S) --------------------------------------------------------------------------------------------


def test_eoq_balances_ordering_and_holding() -> None:
    """Q = √(2·50·100/0.4) = 158.1; s = 400 + z·40."""
    settings = textbook("eoq", facts(), service_level=0.95)
    assert exact(settings, "order_quantity") == pytest.approx(25000**0.5)
    assert settings.p == (466.0, 159.0, 0.0)
    assert settings.order_up_to == 625.0
    assert settings.wake_at == 466.0


@pytest.mark.parametrize(("missing", "word"), [("order_cost", "order cost K"), ("holding_cost", "holding cost h")])
@pytest.mark.parametrize("name", ["eoq", "s_Q", "s_S", "R_s_S"])
def test_a_lot_that_cannot_be_derived_names_the_formula(name: str, missing: str, word: str) -> None:
    point = facts(review_interval=1.0 if name == "R_s_S" else 0.0, **{missing: 0.0})
    with pytest.raises(ValueError, match=f"store / p: EOQ = √\\(2KD/h\\) needs .* {word}"):
        derive(name, point)


def test_s_Q_reaches_a_fill_rate_exactly_for_unit_poisson_demand() -> None:
    """P-RQ-1: λL = 10, Q = 10, s = 12 fills 0.946957."""
    point = poisson_facts(10.0, 1.0)
    assert derive("s_Q", point, order_quantity=10.0, fill_rate=0.9469).p[:2] == (12.0, 10.0)
    assert derive("s_Q", point, order_quantity=10.0, fill_rate=0.9470).p[:2] == (13.0, 10.0)


def test_s_Q_under_periodic_review_protects_the_review_interval_too() -> None:
    settings = textbook("s_Q", facts(review_interval=5.0), service_level=0.95)
    assert exact(settings, "reorder_point") == pytest.approx(900 + Z95 * 60)


def test_a_family_counts_with_the_textbook_only_and_it_is_said() -> None:
    plain = derive("s_Q", facts(), service_level=0.95)
    named = derive("s_Q", facts(), service_level=0.95, lead_time_demand="gamma")
    assert named.p == plain.p
    assert "derivation: textbook" in named.warnings[0]
    assert plain.warnings == ()


def test_the_promise_says_what_was_asked_and_what_to_expect() -> None:
    """Unit Poisson, λL = 6, one for one: P(D ≤ 8) = 0.847 just before a receipt of the ninth (Palm)."""
    promise = derive("base_stock", poisson_facts(4.0, 1.5), service_level=0.84).promise
    assert promise is not None
    assert (promise.kind, promise.asked, promise.origin) == ("service", 0.84, "given")
    assert promise.expected == pytest.approx(0.847237, abs=1e-6)
    assert promise.one_less == pytest.approx(0.743980, abs=1e-6)
    assert derive("base_stock", facts(), order_up_to_level=12.0).promise is None


def test_what_the_level_does_not_know_of_is_carried() -> None:
    point = facts(unknown=("yield",), order_multiple=50.0, minimum_order=400.0)
    promise = derive("s_Q", point, service_level=0.95, order_quantity=100.0, watch="level").promise
    assert promise is not None
    assert promise.unknown == ("yield", "watching the inventory level instead of the position", "a minimum order")
    assert "an order multiple" in derive("base_stock", point).promise.unknown  # type: ignore[union-attr]
    assert textbook("s_Q", facts()).promise.by == "textbook"  # type: ignore[union-attr]


def test_where_a_formula_is_rough_it_is_carried() -> None:
    """Words that short simulations take up; none where the formula is exact."""

    def unknown(name: str, point: Any, **settings: Any) -> tuple[str, ...]:
        promise = derive(name, point, **settings).promise
        assert promise is not None
        return promise.unknown

    weekly = poisson_facts(20.0, 0.5, review_interval=7.0, demand_interval=1.0, lost_sales=True)
    assert unknown("s_Q", weekly, order_quantity=300.0) == (RARE,)
    assert unknown("s_Q", weekly, order_quantity=900.0) == ()
    assert unknown("R_S", weekly) == ()  # one order at most is on its way
    slow = facts(lost_sales=True, demand_size_mean=3.0, demand_size_sd=1.0)
    assert unknown("base_stock", slow) == (SEVERAL,)
    assert unknown("s_Q", poisson_facts(4.0, 1.0, lost_sales=True)) == ()
    assert unknown("base_stock", poisson_facts(4.0, 1.0, lost_sales=True), fill_rate=0.9) == ()  # Erlang
    assert unknown("base_stock", poisson_facts(4.0, 1.0, lost_sales=True), service_level=0.9) == (SEVERAL,)
    varied = poisson_facts(4.0, 3.0, lead_sd=1.0, crossing=True)
    assert unknown("base_stock", varied) == ()  # Palm
    assert unknown("s_Q", varied, order_quantity=4.0) == (OVERTAKING,)
    assert unknown("s_Q", varied, order_quantity=400.0) == ()
    assert unknown("base_stock", replace(varied, crossing=False)) == (HELD,)


def test_below_the_trigger_is_one_unit_more() -> None:
    at = derive("s_Q", facts(), service_level=0.95, order_quantity=100.0).p[0]
    below = derive("s_Q", facts(), service_level=0.95, order_quantity=100.0, trigger="below").p[0]
    assert below == at + 1.0


def test_a_given_S_finds_its_own_s() -> None:
    """s and S − s fit each other: the same s as for that difference."""
    found = derive("s_S", facts(), order_up_to_level=700.0, service_level=0.95)
    s = found.p[0]
    again = ready("s_S", service_level=0.95)
    from chainsim.policies.levels import derived_level

    assert derived_level(again, facts(), "sS", 700.0 - s).level.value == pytest.approx(s, abs=1.0)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("family", "expected"), [("normal", 17.0), ("gamma", 18.0), ("negative_binomial", 17.0), ("poisson", 15.0)]
)
def test_s_Q_takes_the_quantile_of_the_family_asked_for(family: str, expected: float) -> None:
    """Mean 10, sd 4 over the lead time; 0.95 quantiles 16.58, 17.36, 17 (F = 0.957), 15 (F = 0.951)."""
    point = facts(demand_mean=2.5, demand_sd=2.0)
    assert textbook("s_Q", point, service_level=0.95, lead_time_demand=family).p[0] == expected


def test_a_negative_binomial_needs_more_variance_than_mean() -> None:
    with pytest.raises(ValueError, match="store / p: a negative binomial demand needs a variance above its mean"):
        textbook("s_Q", facts(demand_mean=100.0, demand_sd=1.0), lead_time_demand="negative_binomial")


def test_autoregressive_by_hand() -> None:
    """100 ± 20 a period, L = 2 after demand: m = 2. ρ = 0.5: 0.75 of a deviation; σ_m² = 400·0.75·(1 + 1.5²)."""
    point = facts(review_interval=1.0, demand_interval=1.0, lead_mean=2.0)
    settings = textbook("autoregressive", point, service_level=0.95, rho=0.5)
    assert settings.p == pytest.approx((200 + Z95 * (400 * 0.75 * 3.25) ** 0.5, 0.75, 100.0))


def test_autoregressive_without_memory_is_order_up_to() -> None:
    """Also where an order covers part of an interval: M = 2.5."""
    point = facts(review_interval=1.0, demand_interval=1.0, lead_mean=2.5, whole=False)
    settings = textbook("autoregressive", point, service_level=0.95, rho=0.0)
    assert settings.p == pytest.approx((*textbook("R_S", point, service_level=0.95).p, 0.0, 100.0))


def test_the_trigger_reaches_the_rule() -> None:
    settings = derive("s_S", facts(), reorder_point=10.0, order_up_to_level=20.0, trigger="below")
    assert settings.p == (10.0, 20.0, 1.0)


def test_s_S_adds_an_economic_lot_to_s() -> None:
    settings = textbook("s_S", facts(), service_level=0.95)
    assert settings.p[:2] == (466.0, 466.0 + 159.0)
    assert exact(settings, "order_up_to_level") == pytest.approx(400 + Z95 * 40 + 25000**0.5)
    assert textbook("s_S", facts(), reorder_point=10.0).p[:2] == (10.0, 169.0)


def test_s_above_S_is_a_problem_and_s_equal_to_S_is_not() -> None:
    assert ready("s_S", reorder_point=20.0, order_up_to_level=20.0).problems() == []
    [(field, message, cure)] = ready("s_S", reorder_point=60.0, order_up_to_level=40.0).problems()
    assert field == "order_up_to_level"
    assert "60" in message
    assert "40" in message
    assert cure == "did you swap s and S?"
    assert ready("R_s_S", reorder_point=60.0, order_up_to_level=40.0).problems() != []


def test_a_derived_s_above_a_given_S_is_refused() -> None:
    with pytest.raises(ValueError, match="s = 466 is above the given order_up_to_level S = 300"):
        textbook("s_S", facts(), order_up_to_level=300.0, service_level=0.95)


# --- pull, constant and forecast-driven ------------------------------------------------------------------------------


def test_jit_holds_mean_demand_only() -> None:
    settings = derive("jit", facts(lead_mean=3.995))
    assert settings.p == (400.0,)
    assert exact(settings, "order_up_to_level") == pytest.approx(399.5)
    assert "no safety stock" in settings.warnings[0]
    buffered = derive("jit", facts(), buffer=7.0, buffer_time=0.5)
    assert buffered.p == (457.0,)
    assert buffered.warnings == ()
    assert derive("jit", facts(demand_sd=0.0)).warnings == ()  # level demand needs none


def test_jit_of_the_level_line() -> None:
    """P-JIT-1: ten a day, two days, review daily after demand: S = the pipeline of 20."""
    point = facts(demand_mean=10.0, demand_sd=0.0, demand_interval=1.0, lead_mean=2.0, review_interval=1.0)
    assert derive("jit", point).p == (20.0,)


def test_the_toyota_formula_gives_the_cards() -> None:
    """100 · 4 · 1.1 / 25 = 17.6 cards."""
    settings = derive("kanban", facts(), container=25.0)
    assert settings.p == (18.0, 25.0)
    assert exact(settings, "cards") == pytest.approx(17.6)
    assert settings.order_up_to == 450.0
    assert settings.wake_at == 425.0
    assert derive("kanban", facts(), container=25.0, cards=3).p == (3.0, 25.0)
    assert derive("kanban", facts(lead_mean=0.0)).p[0] == 1.0


def test_a_constant_order_is_mean_demand_and_not_rounded_up() -> None:
    settings = derive("T_Q", facts(demand_mean=4.2, demand_sd=1.0, review_interval=1.0))
    assert settings.p == (4.2, 1.0)
    assert "wanders" in settings.warnings[0]
    assert derive("T_Q", facts(review_interval=1.0), order_quantity=5.0).p == (5.0, 1.0)


def test_forecasts_start_at_the_mean_of_a_review_interval() -> None:
    """R = 2, L = 4, continuous arrivals: M/R = 3, mean 200 ± 20√2 per review."""
    settings = derive("moving_average", facts(review_interval=2.0), window=3, service_level=0.95)
    assert settings.p == pytest.approx((3.0, 3.0, Z95 * 3**0.5, 20 * 2**0.5, 1.0))
    assert settings.memory == (0.0, 200.0, 200.0, 200.0)
    assert settings.order_up_to == pytest.approx(600 + Z95 * 20 * 6**0.5)
    smoothed = derive("exponential_smoothing", facts(review_interval=2.0), deviation="known", service_level=0.5)
    assert smoothed.p == pytest.approx((0.3, 3.0, 0.0, 20 * 2**0.5, 0.0))
    assert smoothed.memory == pytest.approx((0.0, 200.0, 800.0))


def test_forecasts_keep_the_safety_stock_of_a_variable_lead_time() -> None:
    """z·√(M·σ² + d²·σ_L²) at the known standard deviation: M = 5, √(5·400 + 900) = 53.85."""
    settings = derive("moving_average", facts(review_interval=1.0, lead_sd=0.3), service_level=0.95)
    assert settings.p[2] * settings.p[3] == pytest.approx(Z95 * 2900**0.5)


def test_pout_covers_what_smoothing_adds() -> None:
    """M = 3, φ = 0.25: 400·(3 + 0.5625/0.4375) = 400·4.285714 (P-BW-6's inventory ratio)."""
    point = facts(lead_mean=3.0, review_interval=1.0, demand_interval=1.0)
    settings = derive("pout", point, service_level=0.95)
    assert settings.p == pytest.approx((0.25, 0.0, 3.0, Z95 * 20 * (30 / 7) ** 0.5))
    assert settings.memory == (0.0, 100.0)
    plain = derive("pout", point, service_level=0.95, proportion=1.0)
    assert exact(plain, "order_up_to_level") == pytest.approx(300 + Z95 * 20 * 3**0.5)


@pytest.mark.parametrize("name", ["moving_average", "exponential_smoothing", "pout", "R_S"])
def test_at_level_forecasts_the_first_order_is_the_demand(name: str) -> None:
    """Started at S, the first review orders exactly what was demanded."""
    from chainsim.policies.base import POLICIES

    from .stock_points import row

    settings = derive(name, facts(review_interval=1.0, whole=False), service_level=0.5)
    stock = row(settings.order_up_to - 30.0, recent_demand=30.0)
    first = POLICIES.get(name).rule(stock, settings.p, list(settings.memory))
    expected = 100.0 + 0.25 * (30.0 - 100.0) if name == "pout" else 30.0
    assert first == pytest.approx(expected)


def test_the_curve_of_a_stock_point_is_kept_for_every_service_and_price() -> None:
    """A tuning asks for one service after another, a sweep at one price after another: the curve is computed once."""

    def level(fill_rate: float, holding_cost: float) -> float:
        return derive("s_Q", facts(holding_cost=holding_cost), fill_rate=fill_rate, order_quantity=40.0).p[0]

    levels._read.cache_clear()
    stages.curve_of.cache_clear()
    level(0.9, 0.4)
    known = level(0.97, 0.4), level(0.97, 0.8)
    assert stages.curve_of.cache_info().misses == 1
    levels._read.cache_clear()
    stages.curve_of.cache_clear()
    assert (level(0.97, 0.4), level(0.97, 0.8)) == known
    assert known[0] > level(0.9, 0.4)
