"""One stocking place reviewed at fixed times: backorders, lost sales, perishing, two suppliers, wrong records."""

from __future__ import annotations

from chainsim.theory import (
    dual_sourcing,
    lost_sales,
    lost_sales_optimal,
    periodic_review,
    perishables,
    record_errors,
)
from chainsim.theory.lead_time_demand import LeadTimeDemand
from chainsim.theory.s_S import cost_of_s_S, inventory_cost, optimal_s_S, poisson_probabilities
from chainsim.theory.s_S_random_lag import RandomLag

Answers = dict[str, object]
SIZES = (0.4, 0.3, 0.2, 0.1)
UNIFORM = (0.2,) * 5


def law_and_kelton() -> Answers:
    system = RandomLag(10.0, (0.167, 0.333, 0.333, 0.167), (0.5, 1.0), 32.0, 3.0, 1.0, 5.0)
    answers: Answers = {}
    for s, S in ((20, 40), (20, 60), (20, 80), (20, 100), (40, 60), (40, 80), (40, 100), (60, 80), (60, 100)):
        run, first = system.long_run(s, S), system.first_periods(s, S, 60, 120)
        answers |= {
            f"({s},{S}).longrun_total": run.total,
            f"({s},{S}).longrun_order": run.order,
            f"({s},{S}).longrun_hold": run.holding,
            f"({s},{S}).longrun_short": run.backorder,
            f"({s},{S}).mean120_total": first.total,
        }
    return answers


def zheng_and_federgruen() -> Answers:
    answers: Answers = {}
    for mean in (10, 20, 21, 23, 25, 35, 45, 51, 55, 61, 65, 75):
        best = optimal_s_S(64, poisson_probabilities(mean), inventory_cost(LeadTimeDemand(mean, 0, "poisson"), 1, 9))
        s, S = best.reorder_point, best.order_up_to_level
        name = f"mu={mean} (s,S)=({s},{S})"  # the optimum is part of the answer
        m = periodic_review.R_s_S(poisson_probabilities(mean), 0, 1, s, S)
        answers |= {f"{name}.cost": best.cost, f"{name}.published": m.cost(64, 1, 9), f"{name}.fill_rate": m.fill_rate}
    return answers


def R_s_S(mean: float, s: int, S: int, lead_time: int, review: int, h: float, b: float, K: float) -> Answers:
    m = periodic_review.R_s_S(poisson_probabilities(mean), lead_time, review, s, S)
    if review == 1:  # two roads to one number
        other = inventory_cost(LeadTimeDemand(mean * (lead_time + 1), 0, "poisson"), h, b)
        assert abs(cost_of_s_S(s, S, K, poisson_probabilities(mean), other) / m.cost(K, h, b) - 1.0) < 1e-11
    return {
        "cost": m.cost(K, h, b),
        "OH": m.on_hand,
        "BO": m.backorders,
        "P_no_backorder_end": m.nothing_owed,
        "fill_rate": m.fill_rate,
        "orders_per_period": m.orders,
        "P_no_backorder_end_of_review_cycle": m.nothing_owed_end_of_cycle,
    }


def conventions() -> Answers:
    answers: Answers = {}
    for name, after in (("order_before_demand", False), ("order_after_demand", True)):
        m = periodic_review.base_stock(5, 18, 2, after)
        answers |= {
            f"{name}.OH": m.on_hand,
            f"{name}.BO": m.backorders,
            f"{name}.P_no_backorder_end": m.nothing_owed,
            f"{name}.fill_rate": m.fill_rate,
        }
    time = periodic_review.R_S(5, 1, 2, 18)
    return answers | {
        "continuous_time_R1.OH": time.on_hand,
        "continuous_time_R1.BO": time.backorders,
        "continuous_time_R1.fill_rate": time.ready_rate,
        "continuous_time_R1.cycle_service": time.cycle_service,
    }


def R_S() -> Answers:
    m = periodic_review.R_S(4, 2, 1.5, 18)
    return {
        "OH": m.on_hand,
        "BO": m.backorders,
        "ready_rate": m.ready_rate,
        "fill_rate": m.ready_rate,
        "cycle_service": m.cycle_service,
        "P_order": m.order_probability,
        "orders_per_time": m.orders,
        "order_mean": m.order_mean,
        "order_variance": m.order_variance,
    }


def lost_base_stock() -> Answers:
    m = lost_sales.base_stock(poisson_probabilities(5), 2, 15)
    best = lost_sales_optimal.best_base_stock(poisson_probabilities(5), 2, 1, 4)
    least = lost_sales_optimal.least_cost(poisson_probabilities(5), 2, 1, 4)
    return {
        "cost": m.cost(0, 1, 4),
        "OH": m.on_hand,
        "lost_per_period": m.lost,
        "fill_rate": m.fill_rate,
        "best_base_stock_level": best.level,
        "best_base_stock_cost": best.cost,
        "optimal_policy_cost": least,
        "published_optimal_cost": least,
    }


def lost_s_S() -> Answers:
    m = lost_sales.s_S(poisson_probabilities(4), 1, 8, 15)
    return {
        "cost": m.cost(8, 1, 10),
        "OH": m.on_hand,
        "lost_per_period": m.lost,
        "fill_rate": m.fill_rate,
        "orders_per_period": m.orders,
    }


def perishable(issuing: perishables.Issuing) -> Answers:
    m = perishables.base_stock(poisson_probabilities(4), 8, 2, issuing)
    return {
        "outdates_per_period": m.outdated,
        "lost_per_period": m.lost,
        "fill_rate": m.fill_rate,
        "mean_order": m.ordered,
        "outdate_fraction": m.outdated_share,
        "P_no_stockout": m.no_stockout,
    }


def dual_index() -> Answers:
    m = dual_sourcing.dual_index(UNIFORM, 2, 4, 3)
    return {
        "expedited_per_period": m.expedited,
        "regular_per_period": m.regular,
        "OH": m.on_hand,
        "BO": m.backorders,
        "cost": m.cost(5, 495, 105, 100),
    }


def base_surge() -> Answers:
    m = dual_sourcing.tailored_base_surge(UNIFORM, 1, 4)
    return {
        "mean_overshoot": m.overshoot,
        "OH": m.on_hand,
        "BO": m.backorders,
        "expedited_per_period": m.expedited,
        "cost": m.cost(5, 495, 105, 100),
    }


def wrong_records() -> Answers:
    m = record_errors.base_stock(poisson_probabilities(4), 9, 0.1, 20)
    return {
        "fill_rate": m.fill_rate,
        "mean_on_hand_end": m.on_hand,
        "mean_record_error_start": m.error,
        "lost_per_period": m.lost,
    }


def broken_lead_times() -> Answers:
    answers: Answers = {}
    for name, late in (("constant", (1.0, 1.0)), ("uniform", (1.0, 0.68, 0.28))):
        m = periodic_review.base_stock_of_crossing_orders(poisson_probabilities(5), late, 15)
        answers |= {
            f"{name}.OH_end": m.on_hand,
            f"{name}.P_no_backorder_end": m.nothing_owed,
            f"{name}.fill_rate": m.fill_rate,
        }
    return answers


ANSWERS = {
    "P-FRAC-1": broken_lead_times,
    "P-LK-1": law_and_kelton,
    "P-ZF-1": zheng_and_federgruen,
    "P-SS-1": lambda: R_s_S(6, 4, 10, lead_time=0, review=1, h=1, b=4, K=5),
    "P-SS-2": lambda: R_s_S(5, 17, 30, lead_time=2, review=1, h=1, b=9, K=30),
    "P-RSS-1": lambda: R_s_S(5, 27, 42, lead_time=2, review=3, h=1, b=9, K=30),
    "P-CONV-1": conventions,
    "P-RS-1": R_S,
    "P-LSP-1": lost_base_stock,
    "P-LSS-1": lost_s_S,
    "P-PER-1": lambda: perishable("fifo"),
    "P-PER-2": lambda: perishable("lifo"),
    "P-DUAL-1": dual_index,
    "P-TBS-1": base_surge,
    "P-INV-1": wrong_records,
}
