"""One stocking place watched all the time, or made to stock; what a simulation's output varies by."""

from __future__ import annotations

from math import exp

from chainsim.theory import (
    base_stock,
    capacity,
    compound_poisson,
    lost_sales,
    output_series,
    queues,
    random_lead_time,
    reorder_point,
    seasonal,
)
from chainsim.theory.lead_time_demand import LeadTimeDemand, moments_over
from chainsim.theory.little import in_line, mean_wait
from chainsim.theory.s_S import inventory_cost, poisson_probabilities

Answers = dict[str, object]
SIZES = (0.4, 0.3, 0.2, 0.1)
UNIFORM = (0.2,) * 5


def r_Q(rate: float, lead_time: float, r: int, Q: int, K: float = 0, h: float = 0, b: float = 0) -> Answers:
    m = reorder_point.poisson_measures(rate * lead_time, r, Q)
    return {
        "OH": m.on_hand,
        "BO": m.backorders,
        "ready_rate": m.ready_rate,
        "P_IL_ge_0": m.nothing_owed,
        "fill_rate": m.fill_rate,
        "orders_per_time": rate / Q,
        "mean_wait": mean_wait(m.backorders, rate),
        "cost": K * rate / Q + h * m.on_hand + b * m.backorders,
    }


def best_r_Q() -> Answers:
    best = reorder_point.optimal_s_Q(100, 1.5, inventory_cost(LeadTimeDemand(3, 0, "poisson"), 20, 150))
    return {"r": best.reorder_point, "Q": best.order_quantity, "cost": best.cost}


def compound(m: compound_poisson.PositionMeasures) -> Answers:
    return {
        "OH": m.on_hand,
        "BO": m.backorders,
        "ready_rate": m.ready_rate,
        "P_IL_ge_0": m.nothing_owed,
        "fill_rate": m.fill_rate,
        "orders_per_time": m.orders,
    }


def compound_r_nQ() -> Answers:
    m = compound_poisson.r_nQ(3, SIZES, 2, 14, 8)
    return compound(m) | {"lines_filled_complete": m.line_fill_rate, "units_per_time": m.orders * m.order_size}


def compound_s_S() -> Answers:
    m = compound_poisson.s_S(3, SIZES, 2, 14, 24)
    return compound(m) | {"mean_order_size": m.order_size, "mean_undershoot": m.order_size - 10}


def normal_and_exact() -> Answers:
    exact, normal = reorder_point.poisson_measures(3.0, 4, 6), reorder_point.normal_measures(3.0, 3.0**0.5, 4, 6)
    return {
        "exact_OH": exact.on_hand,
        "exact_BO": exact.backorders,
        "exact_fill_rate": exact.fill_rate,
        "exact_ready_rate": exact.ready_rate,
        "normal_approx_CSL": normal.cycle_service,
        "normal_approx_fill_rate": normal.fill_rate,
        "normal_approx_fill_rate_simple": normal.simple_fill_rate,
        "normal_approx_BO": normal.backorders,
        "normal_approx_OH": normal.on_hand,
        "P_D_L_le_r_exact": reorder_point.cycle_service(LeadTimeDemand(3, 0, "poisson"), 4),
    }


def textbook_reorder_point() -> Answers:
    mean, sd = moments_over(2, 2500, 500)
    m = reorder_point.normal_measures(mean, sd, 6000, 10_000)
    stock = 6000 - mean + 10_000 / 2
    return {
        "safety_stock": 6000 - mean,
        "mean_inventory_textbook": stock,
        "CSL": m.cycle_service,
        "expected_shortage_per_cycle": LeadTimeDemand(mean, sd).loss(6000),
        "fill_rate_textbook": m.simple_fill_rate,
        "flow_time": mean_wait(stock, 2500),
        "fill_rate_HadleyWhitin": m.fill_rate,
    }


def crossing() -> Answers:
    kept, crossed = random_lead_time.sequential(5, 1.2, 6, 4), random_lead_time.crossing(5, 1.2, 6, 4)
    return {
        "sequential_OH": kept.on_hand,
        "sequential_BO": kept.backorders,
        "sequential_fill_rate": kept.fill_rate,
        "crossing_OH": crossed.on_hand,
        "crossing_BO": crossed.backorders,
        "crossing_fill_rate": crossed.fill_rate,
        "crossing_mean_outstanding_orders": crossed.outstanding,
    }


def lost_lot() -> Answers:
    m = lost_sales.r_Q(4, 1, 5, 8)
    return {
        "fill_rate": m.fill_rate,
        "orders_per_time": m.orders,
        "OH": m.on_hand,
        "lost_per_time": m.lost,
        "mean_cycle": m.cycle,
    }


def palm(rate: float, lead_time: float, level: int) -> Answers:
    m = base_stock.palm(rate, lead_time, level)
    return {
        "OH": m.on_hand,
        "BO": m.backorders,
        "ready_rate": m.ready_rate,
        "P_IL_ge_0": m.nothing_owed,
        "fill_rate": m.ready_rate,
        "mean_wait": m.wait,
        "pipeline": m.on_order,
        "P_wait_le_half_L_constant_L": base_stock.waits_at_most(lead_time / 2, rate, lead_time, level),
    }


def erlang() -> Answers:
    m = base_stock.erlang(4, 1.5, 8)
    return {"loss_prob": m.lost_share, "fill_rate": 1 - m.lost_share, "pipeline": m.on_order, "OH": m.on_hand}


def seasons() -> Answers:
    m = seasonal.base_stock(seasonal.Sine(5, 3, 4), 1, 8)
    return {
        "OH": m.on_hand,
        "BO": m.backorders,
        "ready_rate": m.ready_rate,
        "fill_rate": m.fill_rate,
        "pipeline": m.on_order,
    }


def make_to_stock() -> Answers:
    m = queues.make_to_stock(0.8, 1, 5)
    return {
        "OH": m.on_hand,
        "BO": m.backorders,
        "fill_rate": m.fill_rate,
        "mean_wait": m.wait,
        "mean_orders_in_process": m.in_process,
    }


def exponential_capacity() -> Answers:
    m, queue = capacity.exponential_measures(1, 1.3, 4), capacity.exponential_shortfall(1, 1.3, 1, 9)
    return {
        "sigma": queue.sigma,
        "theta": queue.theta,
        "OH": m.on_hand,
        "BO": m.backorders,
        "P_no_backorder_end": m.nothing_owed,
        "fill_rate": m.fill_rate,
        "mean_shortfall": m.shortfall,
        "S_opt": queue.best_level,
        "cost_opt": queue.best_cost,
        "cost": m.on_hand + 9 * m.backorders,
    }


def poisson_capacity() -> Answers:
    m = capacity.measures(poisson_probabilities(4), 5, 9)
    return {
        "mean_shortfall": m.shortfall,
        "OH": m.on_hand,
        "BO": m.backorders,
        "P_no_backorder_end": m.nothing_owed,
        "fill_rate": m.fill_rate,
    }


def identities() -> Answers:
    m, lost = base_stock.palm(4, 1.5, 8), base_stock.erlang(4, 1.5, 8)
    return {
        "backorder_pipeline_mean": in_line(4, (1.5,))[0],
        "lost_sales_pipeline_mean": in_line(4 * (1 - lost.lost_share), (1.5,))[0],
        "OH_minus_BO": m.on_hand - m.backorders,
        "wait_times_lambda_equals_BO": 4 * m.wait,
        "IP_constant": m.on_hand - m.backorders + m.on_order,
    }


def correlated_output() -> Answers:
    m = output_series.mean_of_ar1(0.8, 1, 2000, 20)
    return {
        "marginal_variance": m.marginal_variance,
        "variance_of_mean": m.variance_of_mean,
        "time_average_variance_constant": m.time_average_constant,
        "expected_batch_means_estimate_of_variance_of_mean": m.expected_batch_estimate,
        "expected_naive_estimate": m.expected_naive_estimate,
        "lag1_autocorrelation": 0.8,
        "batch_mean_variance": m.batch_mean_variance,
    }


def coverage() -> Answers:
    m = base_stock.palm(4, 1.5, 8)
    low, high = output_series.coverage_limits(1000, 0.95)
    return {
        "true_OH": m.on_hand,
        "true_BO": m.backorders,
        "coverage_count_min": low,
        "coverage_count_max": high,
        "nominal": 0.95,
    }


def truncation() -> Answers:
    series = [10 * exp(-i / 20) + ((7919 * i) % 101) / 101 - 0.5 for i in range(500)]
    cut = output_series.mser(series)
    return {
        "batches": cut.batches,
        "d_batches": cut.cut_batches,
        "d_obs": cut.cut,
        "mser": cut.statistic,
        "truncated_mean": cut.mean,
        "full_mean": cut.full_mean,
    }


def slow_mover() -> Answers:
    m = base_stock.palm(0.03, 30, 2)
    return {
        "fill_rate": m.ready_rate,
        "ready_rate": m.ready_rate,
        "OH": m.on_hand,
        "BO": m.backorders,
        "mean_wait": m.wait,
    }


def lots_for_a_fill_rate() -> Answers:
    sizes = (0.25, 0.25, 0.125, 0.125, 0.125, 0.125)
    answers: Answers = {}
    level = next(r for r in range(40) if compound_poisson.r_nQ(1, sizes, 2, r, 6).fill_rate >= 0.95)
    for name, r in (("reaches", level), ("one_less", level - 1)):
        m = compound_poisson.r_nQ(1, sizes, 2, r, 6)
        answers |= {f"{name}.fill_rate": m.fill_rate, f"{name}.OH": m.on_hand, f"{name}.BO": m.backorders}
    return {"reorder_point": level, **answers}


def work_in_process() -> Answers:
    rate, work, curing = 0.75, 1.0, 2.0
    queue = rate * rate * work * work / (2.0 * (1.0 - rate * work))  # Pollaczek and Khinchine, constant work
    in_process = rate * (work + curing)
    return {
        "in_process": in_process,
        "utilisation": rate * work,
        "BO": queue + in_process,
        "mean_wait": mean_wait(queue + in_process, rate),
        "carrying_cost": 4.0 * in_process,
    }


def lost_at_low_levels() -> Answers:
    lots, each = lost_sales.r_Q(0.2, 5, 0, 2), lost_sales.base_stock(poisson_probabilities(0.5), 2, 2)
    return {
        "lots_of_2.fill_rate": lots.fill_rate,
        "lots_of_2.OH": lots.on_hand,
        "lots_of_2.lost_per_time": lots.lost,
        "up_to_2.fill_rate": each.fill_rate,
        "up_to_2.OH": each.on_hand,
        "up_to_2.lost_per_time": each.lost,
    }


ANSWERS = {
    "P-SLOW-1": slow_mover,
    "P-RQT-1": lots_for_a_fill_rate,
    "P-WIP-1": work_in_process,
    "P-LSL-1": lost_at_low_levels,
    "P-RQ-1": lambda: r_Q(10, 1, 12, 10, 20, 1, 9),
    "P-RQ-2": lambda: r_Q(1, 4, 3, 20),
    "P-RQ-3": best_r_Q,
    "P-RQC-1": compound_r_nQ,
    "P-SSC-1": compound_s_S,
    "P-RQN-1": normal_and_exact,
    "P-ROP-1": textbook_reorder_point,
    "P-RQX-1": crossing,
    "P-RQL-1": lost_lot,
    "P-PALM-1": lambda: palm(4, 1.5, 8),
    "P-PALM-2": lambda: palm(0.5, 4, 2),
    "P-ERL-1": erlang,
    "P-NHPP-1": seasons,
    "P-MM1-1": make_to_stock,
    "P-CAP-1": exponential_capacity,
    "P-CAP-2": poisson_capacity,
    "P-ID-1": identities,
    "P-OUT-1": correlated_output,
    "P-OUT-2": coverage,
    "P-OUT-3": truncation,
}
