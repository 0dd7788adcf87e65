"""The theory against itself: limits in which one model becomes another, and sums taken the long way."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from chainsim.theory import (
    assembly,
    base_stock,
    bullwhip,
    bullwhip_chain,
    capacity,
    compound_poisson,
    dual_sourcing,
    lost_sales,
    lost_sales_optimal,
    newsvendor,
    output_series,
    periodic_review,
    perishables,
    pooling,
    queues,
    random_lead_time,
    record_errors,
    reorder_point,
    seasonal,
    serial,
    serial_stock,
    transshipment,
)
from chainsim.theory.lead_time_demand import LeadTimeDemand
from chainsim.theory.markov import stationary
from chainsim.theory.s_S import poisson_probabilities
from chainsim.theory.s_S_random_lag import RandomLag

small = settings(max_examples=30)


# --- one stocking place -----------------------------------------------------------------------------------------------


def test_compound_poisson_by_conditioning_on_the_customers() -> None:
    sizes = (0.4, 0.3, 0.2, 0.1)
    found = compound_poisson.compound_poisson(3.0, sizes)
    mass, sum_of = np.zeros(len(found.mass)), np.ones(1)
    for n in range(60):
        mass[: len(sum_of)] += stats.poisson.pmf(n, 3.0) * sum_of[: len(mass)]
        sum_of = np.convolve(sum_of, [0.0, *sizes])
    assert found.mass == pytest.approx(mass, abs=1e-15)
    many = compound_poisson.compound_poisson(600.0, sizes)  # beyond where e^(−λt) is split
    assert (many.mean, many.variance) == pytest.approx((1200.0, 3000.0))


@given(mean=st.floats(0.5, 20), r=st.integers(0, 25), Q=st.integers(1, 12))
@small
def test_customers_of_one_unit(mean: float, r: int, Q: int) -> None:
    exact = reorder_point.poisson_measures(mean, r, Q)
    for m in (compound_poisson.r_nQ(mean, (1.0,), 1.0, r, Q), compound_poisson.s_S(mean, (1.0,), 1.0, r, r + Q)):
        assert m[:5] == pytest.approx(exact, abs=1e-10)
        assert (m.line_fill_rate, m.orders, m.order_size) == pytest.approx((exact.fill_rate, mean / Q, Q))


def test_one_order_per_unit_is_base_stock_with_any_lead_time() -> None:
    palm = base_stock.palm(4, 1.5, 8)
    crossing = random_lead_time.crossing(4, 1.5, 7, 1)
    assert crossing[:3] == pytest.approx((palm.on_hand, palm.backorders, palm.ready_rate))
    steady = seasonal.base_stock(seasonal.Sine(4, 0, 3), 1.5, 8)
    assert steady == pytest.approx((palm.on_hand, palm.backorders, palm.ready_rate, palm.ready_rate, 6.0))
    assert base_stock.waits_at_most(0, 4, 1.5, 8) == palm.ready_rate


def test_mean_wait_is_the_area_above_the_distribution_of_waits() -> None:
    times = (np.arange(4000) + 0.5) * 1.5 / 4000
    area = sum(1.0 - base_stock.waits_at_most(float(t), 4, 1.5, 8) for t in times) * 1.5 / 4000
    assert area == pytest.approx(base_stock.palm(4, 1.5, 8).wait, rel=1e-6)


def test_lots_with_lost_sales_by_a_markov_chain() -> None:
    """(r, Q) with an Erlang lead time of more and more phases tends to a constant one."""
    rate, r, Q = 4.0, 5, 8

    def served_and_held(phases: int) -> np.ndarray:
        def moves(state: tuple[int, int]) -> list[tuple[tuple[int, int], float]]:
            stock, phase = state
            steps = []
            if stock:
                steps.append(((stock - 1, 1 if stock == r + 1 else phase), rate))
            if phase:
                steps.append(((stock + Q, 0) if phase == phases else (stock, phase + 1), float(phases)))
            return steps

        odds = stationary((r + Q, 0), moves)
        return np.array(
            [sum(p * (stock > 0) for (stock, _), p in odds.items()), sum(p * k for (k, _), p in odds.items())]
        )

    m = lost_sales.r_Q(rate, 1.0, r, Q)
    # the error falls as 1/phases
    assert 2 * served_and_held(160) - served_and_held(80) == pytest.approx([m.fill_rate, m.on_hand], rel=2e-5)


@pytest.mark.parametrize(("lead_time", "review"), [(0, 1), (2, 1), (2, 3)])
def test_R_s_S_by_its_markov_chain(lead_time: int, review: int) -> None:
    """Positions after reviews, one chain step per review: the same probabilities as the renewal density."""
    s, S, mean = 7, 15, 3.0
    demand = stats.poisson.pmf(np.arange(80), mean * review)

    def moves(y: int) -> list[tuple[int, float]]:
        return [(y - d if y - d > s else S, float(p)) for d, p in enumerate(demand)]

    odds = stationary(S, moves)
    ends = [mean * (lead_time + 1 + k) for k in range(review)]
    owed = np.mean([sum(p * LeadTimeDemand(e, 0, "poisson").loss(y) for y, p in odds.items()) for e in ends])
    ordering = sum(p * float(demand[y - s :].sum()) for y, p in odds.items())
    m = periodic_review.R_s_S(poisson_probabilities(mean), lead_time, review, s, S)
    assert (m.backorders, m.orders) == pytest.approx((owed, ordering / review), rel=1e-9)


def test_the_narrowest_s_S_is_base_stock() -> None:
    wide, narrow = periodic_review.R_s_S(poisson_probabilities(5), 2, 1, 17, 18), periodic_review.base_stock(5, 18, 2)
    assert (wide.on_hand, wide.backorders, wide.nothing_owed, wide.fill_rate) == pytest.approx(narrow)
    times, palm = periodic_review.R_S(5, 1e-6, 2, 18), base_stock.palm(5, 2, 18)  # hardly any time between reviews
    assert times[:3] == pytest.approx((palm.on_hand, palm.backorders, palm.ready_rate), rel=1e-4)


def test_lost_sales_without_a_lead_time_are_a_newsvendor() -> None:
    m = lost_sales.base_stock(poisson_probabilities(5), 0, 7)
    lost = LeadTimeDemand(5, 0, "poisson").loss(7)
    assert (m.lost, m.on_hand) == pytest.approx((lost, 7 - 5 + lost))
    assert lost_sales.s_S(poisson_probabilities(5), 2, 14, 15)[:3] == pytest.approx(
        lost_sales.base_stock(poisson_probabilities(5), 2, 15)[:3]
    )


@pytest.mark.parametrize(("lead_time", "printed"), [(1, (4.04, 5.44, 6.68, 7.84)), (2, (4.40, 6.09, 7.66, 9.11))])
def test_least_costs_of_zipkin_2008_table_3(lead_time: int, printed: tuple[float, ...]) -> None:
    """Poisson demand of mean 5, h = 1, b = 4, 9, 19, 39."""
    demand = poisson_probabilities(5)
    found = [lost_sales_optimal.least_cost(demand, lead_time, 1, b) for b in (4, 9, 19, 39)]
    assert [round(cost, 2) for cost in found] == list(printed)


@pytest.mark.parametrize("lead_time", [1, 2])
def test_the_least_cost_is_below_the_best_base_stock_and_above_no_lead_time(lead_time: int) -> None:
    demand = poisson_probabilities(2)
    least = lost_sales_optimal.least_cost(demand, lead_time, 1, 9)
    free = newsvendor.newsvendor(LeadTimeDemand(2, 0, "poisson"), 9, 1).cost
    assert free < least <= lost_sales_optimal.best_base_stock(demand, lead_time, 1, 9).cost


def test_law_and_kelton_tends_to_the_long_run() -> None:
    system = RandomLag(10.0, (0.167, 0.333, 0.333, 0.167), (0.5, 1.0), 32.0, 3.0, 1.0, 5.0)
    run = system.long_run(20, 60)
    early, late = (system.first_periods(20, 60, 60, n).total for n in (200, 400))
    assert 2 * late - early == pytest.approx(run.total, rel=1e-9)  # the start adds a constant to the sum
    assert system.first_periods(20, 60, 90, 1).order == 0.0


def test_what_never_perishes_and_what_lives_a_day() -> None:
    demand = poisson_probabilities(4)
    assert perishables.base_stock(demand, 8, 6).outdated < 1e-3
    day = [perishables.base_stock(demand, 8, 1, issuing) for issuing in ("fifo", "lifo")]
    left = 8 - 4 + LeadTimeDemand(4, 0, "poisson").loss(8)
    assert [m.outdated for m in day] == pytest.approx([left, left])
    for m in (*day, perishables.base_stock(demand, 8, 3, "lifo")):
        assert m.ordered == pytest.approx(4 - m.lost + m.outdated)


def test_two_suppliers_at_the_ends_of_their_range() -> None:
    demand = (0.2,) * 5
    never = dual_sourcing.tailored_base_surge(demand, 0, 4)
    assert (never.overshoot, never.expedited, never.on_hand) == pytest.approx((0.0, 2.0, 2.0))
    only_quick = dual_sourcing.dual_index(demand, 2, 4, 0)
    assert (only_quick.regular, only_quick.on_hand) == pytest.approx((0.0, 2.0), abs=1e-12)
    for gap in (1, 3, 6):
        m = dual_sourcing.dual_index(demand, 2, 4, gap)
        assert m.on_hand - m.backorders == pytest.approx(4 + m.overshoot - 2.0)


def test_records_without_losses_are_right() -> None:
    m = record_errors.base_stock(poisson_probabilities(4), 9, 0.0, 20)
    assert (m.error, m.lost) == pytest.approx((0.0, LeadTimeDemand(4, 0, "poisson").loss(9)))


def test_capacity_without_a_limit_is_base_stock() -> None:
    limit, free = capacity.measures(poisson_probabilities(4), 40, 9), periodic_review.base_stock(4, 9, 0)
    assert limit[:4] == pytest.approx(free)
    # exponential demand on a fine grid of whole units
    fine = np.diff(stats.expon(scale=20).cdf(np.concatenate(([0.0], np.arange(800) + 0.5)))).tolist()
    chain, closed = capacity.measures(fine, 26, 80), capacity.exponential_measures(1, 1.3, 4)
    assert (chain.on_hand / 20, chain.backorders / 20) == pytest.approx((closed.on_hand, closed.backorders), rel=1e-3)


# --- networks ---------------------------------------------------------------------------------------------------------


def test_a_tandem_with_a_quick_first_stage_is_one_server() -> None:
    line, one = queues.tandem(0.7, 1.0, 1e6, 4, 0), queues.make_to_stock(0.7, 1.0, 4)
    assert (line.on_hand, line.backorders, line.fill_rate) == pytest.approx((*one[:2], one.fill_rate), rel=1e-4)
    assert queues.card_loop(1, 5, 2.0).throughput == 2.0


def test_assembly_with_one_component_always_there_is_a_line() -> None:
    stock = assembly.Assembly(4.0, 1.0, 3.0, 1.5).stock(7, 20, 80)
    line = serial.SerialSystem((1.0, 3.0), (1.0, 1.0), 20.0, demand_mean=4.0)
    net = serial.customer_net_stock(line, (7, 20))
    assert (stock.on_hand, stock.backorders) == pytest.approx((net.shortage(0.0), net.negative().shortage(0.0)))


def test_stages_in_two_ways() -> None:
    system = serial.SerialSystem((0.5, 1.0, 2.0), (1.0, 0.5, 0.25), 10.0, demand_mean=4.0)
    for levels in ((5.0, 9.0, 16.0), (6.0, 6.0, 20.0)):
        stocks = serial_stock.stage_stocks(system, serial.local_levels(levels))
        assert serial_stock.stage_costs(system, stocks) == pytest.approx(serial.cost_of_levels(system, levels))
    two = serial.SerialSystem((1.0, 1.5), (1.0, 0.5), 20.0, demand_mean=5.0)
    single = serial_stock.two_stages_with_batches(two, (9, 17), (1, 1))
    store, upstream = serial_stock.stage_stocks(two, (10, 8))
    assert single[:4] == pytest.approx((store.on_hand, store.backorders, store.ready_rate, upstream.on_hand))


def test_pooling_and_helping() -> None:
    assert pooling.risk_pooling(4, 100, 20, 1.0, 2, 1, 9).ratio == pytest.approx(1.0)
    m = transshipment.two_stores((2.0, 1.0), 1.5, (3, 0))
    assert (m.second.own, m.lost) == pytest.approx((0.0, base_stock.erlang_loss(4.5, 3)))


def test_bullwhip_of_one_stage_and_of_batches_of_a_period() -> None:
    for chain in (bullwhip_chain.decentralised, bullwhip_chain.centralised, bullwhip_chain.product_bound):
        assert chain((3,), 4) == pytest.approx((bullwhip.moving_average(3, 4),))
    assert len(set(bullwhip_chain.batched_orders(6, 1, 20, 4)[1:])) == 1


def test_order_batching_by_drawing_every_arrangement() -> None:
    """Three retailers, two review days, demand 5 for sure: all arrangements are equally likely."""
    asked = [sum(10 for day in days if day == 0) for days in itertools.product((0, 1), repeat=2)]
    assert bullwhip_chain.batched_orders(2, 2, 5, 0.0).random == pytest.approx(float(np.var(asked)))
    assert bullwhip_chain.batched_orders(2, 2, 5, 0.0).synchronised == pytest.approx(float(np.var([20, 0])))


# --- output -----------------------------------------------------------------------------------------------------------


def test_independent_output_and_a_covariance_matrix() -> None:
    free = output_series.mean_of_ar1(0.0, 2.0, 40, 8)
    assert free[1:2] + free[4:] == pytest.approx((0.1, 0.1, 0.1))
    n, phi = 12, 0.6
    covariance = phi ** np.abs(np.subtract.outer(np.arange(n), np.arange(n))) / (1 - phi**2)
    assert output_series.mean_of_ar1(phi, 1.0, n, 3).variance_of_mean == pytest.approx(covariance.mean())


def test_mser_keeps_a_series_without_warm_up() -> None:
    assert output_series.mser([1.0, 2.0, 3.0, 4.0, 5.0] * 20).cut == 0
    assert output_series.mser([50.0] * 7 + [1.0, 2.0] * 60).cut == 10  # whole batches
