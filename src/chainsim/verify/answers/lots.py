"""Steady and known demand: lots, discounts, calendars, yields, disruptions; the newsvendor; bookkeeping."""

from __future__ import annotations

from chainsim.theory import (
    allocation,
    base_stock,
    beer_game,
    decay,
    discounts,
    disruptions,
    eoq,
    joint_replenishment,
    little,
    lot_sizing,
    newsvendor,
    power_of_two,
    random_yield,
    worked_trace,
)
from chainsim.theory.lead_time_demand import LeadTimeDemand

Answers = dict[str, object]


def lot(K: float, D: float, h: float, Q: float | None = None) -> Answers:
    best = eoq.economic_order_quantity(K, D, h)
    used = eoq.lot_measures(Q or best, K, D, h)
    return {
        "Q_opt": best,
        "cost_opt": eoq.lot_cost(best, K, D, h),
        "Q": Q or best,
        "cost": used.cost,
        "orders_per_time": used.orders,
        "cycle_time": used.cycle_time,
        "mean_on_hand": used.on_hand,
        "turns": used.turns,
    }


def unit_demands() -> Answers:
    on_hand = eoq.on_hand_of_unit_demands(20, "when_empty")
    orders = eoq.lot_measures(20, 100, 1, 1).orders
    return {
        "mean_on_hand_if_replenished_at_the_emptying_epoch": on_hand,
        "mean_on_hand_if_replenished_at_next_demand_epoch_before_serving": eoq.on_hand_of_unit_demands(
            20, "at_next_demand"
        ),
        "orders_per_time": orders,
        "cost_emptying_epoch": 100 * orders + on_hand,
    }


def planned_backorders() -> Answers:
    best = eoq.eoq_with_backorders(8, 1300, 0.225, 5)
    return {
        "Q_opt": best.quantity,
        "stockout_fraction": best.waiting_share,
        "max_inventory": best.most_stock,
        "max_backorder": best.most_backorders,
        "cost_opt": best.cost,
        "mean_on_hand": best.on_hand,
        "mean_backorders": best.backorders,
        "fill_rate": 1.0 - best.waiting_share,
    }


def production_lot() -> Answers:
    best = eoq.economic_production_quantity(4, 80, 0.08, 110)
    return {
        "Q_opt": best.quantity,
        "cost_opt": best.cost,
        "max_inventory": best.most_stock,
        "mean_on_hand": best.most_stock / 2.0,
        "uptime_fraction": best.busy_share,
        "cycle_time": best.cycle_time,
    }


def quantity_discounts() -> Answers:
    schedule = (8, 1300, 0.3, (0, 400, 800), (0.75, 0.72, 0.68))
    whole, steps = discounts.all_units(*schedule), discounts.incremental(*schedule)
    return {
        "all_units_Q": whole.quantity,
        "all_units_cost": whole.cost,
        "incremental_Q": steps.quantity,
        "incremental_cost": steps.cost,
    }


def wagner_whitin() -> Answers:
    plan = lot_sizing.wagner_whitin([90, 120, 80, 70], 500, 2)
    return {"cost_opt": plan.cost, "orders": plan.orders}


def joint() -> Answers:
    costs = (40, (15,) * 4, (0.24,) * 4, (86000, 12500, 1400, 3000))
    plan = joint_replenishment.silver(*costs)
    return {
        "cost": joint_replenishment.cyclic_cost(0.1, (1, 1, 3, 2), *costs),
        "items_mean_on_hand": joint_replenishment.mean_on_hand(0.1, (1, 1, 3, 2), costs[3]),
        "orders_of_base_cycle_per_time": 1 / 0.1,
        "silver_heuristic_cost": plan.cost,
        "silver_heuristic_base_cycle": plan.base_cycle,
        "silver_heuristic_multiples": plan.multiples,
    }


def calendar() -> Answers:
    best = power_of_two.power_of_two(100, 52, 2, 1 / 52)
    return {
        "T_opt": best.interval,
        "cost_opt": best.cost,
        "T_po2": best.calendar_interval,
        "cost_po2": best.calendar_cost,
        "ratio": best.ratio,
    }


def decaying() -> Answers:
    found = decay.decaying_lot(0.25, 50, 600, 1, 4, 0.4)
    return {
        "Q": found.quantity,
        "mean_on_hand": found.on_hand,
        "units_lost_per_time": found.lost,
        "cost": found.cost,
    }


def just_in_time() -> Answers:
    line = little.in_line(10.0, (2, 3, 1))
    stages = [(units, LeadTimeDemand(units - 10.0, 0.0), LeadTimeDemand(units, 0.0)) for units in line]
    return {
        "fill_rate": base_stock.fill_rate(*stages[-1]),
        "on_hand_end_of_day_every_stage": max(level - end.mean + end.loss(level) for level, _, end in stages),
        "pipeline_total": sum(line),
        "pipeline_by_stage": line,
        "delivered_units": 10.0 * 200,
        "bullwhip_ratio": worked_trace.summary(
            worked_trace.one_store([10] * 8, 1, worked_trace.R_S(1, 20), on_hand=20)
        ).bullwhip,
    }


def newsvendor_answers(found: newsvendor.Newsvendor, same_level: bool = False) -> Answers:
    answers: Answers = {
        "S_opt": found.level,
        "cost": found.cost,
        "mean_leftover": found.leftover,
        "mean_short": found.shortage,
        "prob_no_stockout": found.no_stockout,
        "fill_rate": found.fill_rate,
    }
    return answers | ({"S": found.level} if same_level else {})


def any_demand() -> Answers:
    odds = {1.0: 0.25, 2: 0.05, 3: 0.1, 4: 0.2, 5: 0.15, 6: 0.1, 7: 0.1, 8: 0.05}
    return newsvendor_answers(newsvendor.newsvendor_discrete(odds, 1_000_000, 500_000))


def unreliable_lot() -> Answers:
    system = (8, 1300, 0.225, 5, 1.5, 14)
    best = disruptions.eoq_with_disruptions(*system)
    used = disruptions.lot_under_disruptions(772.811056874, *system)
    return {
        "Q_opt": best.quantity,
        "cost_opt": best.cost,
        "Q": used.quantity,
        "cost": used.cost,
        "fill_rate": used.fill_rate,
        "mean_on_hand": used.on_hand,
        "orders_per_time": used.orders,
    }


def unreliable_base_stock() -> Answers:
    best = disruptions.optimal_base_stock_under_disruptions(2000, 0.25, 3, 0.04, 0.25)
    at = disruptions.base_stock_under_disruptions(8000, 2000, 0.25, 3, 0.04, 0.25)
    return {"S_opt": best.level, "S": at.level, "OH": at.on_hand, "BO": at.backorders, "cost": at.cost}


def uncertain_lot(kind: str) -> Answers:
    if kind == "additive":
        best = random_yield.additive_lot(18500, 75000, 0.06, -15000, 9000)
    else:
        best = random_yield.multiplicative_lot(18500, 75000, 0.06, 5 / 6, (5 / 252) ** 0.5)
    return {"Q_opt": best.quantity, "cost_opt": best.cost}


def uncertain_order() -> Answers:
    best = random_yield.optimal_single_order(1.5, 15e6, 75e6, -0.5, 0.5)
    return {
        "S_opt": best.quantity,
        "S": best.quantity,
        "mean_leftover": best.leftover,
        "mean_short": best.shortage,
        "cost": best.cost,
        "prob_no_stockout": best.no_stockout,
    }


def rationing() -> Answers:
    orders = (80, 50, 20)
    return {
        rule.__name__: rule(100, orders) for rule in (allocation.proportional, allocation.linear, allocation.uniform)
    }


def beer(rule: beer_game.Rule, published: bool) -> Answers:
    game = beer_game.play(rule, [4] * 4 + [8] * 32)
    answers: Answers = {"total_cost": sum(game.cost)}
    stages = ("retailer", "wholesaler", "distributor", "factory")
    answers |= {f"cost_{stage}": cost for stage, cost in zip(stages, game.cost, strict=True)}
    answers |= {
        "peak_order_by_stage": game.peak_order,
        "max_backlog_by_stage": game.most_backlog,
        "final_net_inventory_by_stage": game.final_net,
        "order_variance_by_stage": game.order_variance,
    }
    return answers | ({"published": game.cost} if published else {})


DEMAND = (4, 0, 7, 3, 5, 9, 2, 6, 1, 8, 4, 3)


def trace(lead_time: int, rule: worked_trace.Rule, on_hand: int, lost_sales: bool = False) -> Answers:
    sheet = worked_trace.one_store(DEMAND, lead_time, rule, on_hand, lost_sales)
    foot = worked_trace.summary(sheet)
    return {
        "mean_on_hand_end": foot.on_hand,
        "mean_backorders_end": foot.backorders,
        "fill_rate_units": foot.fill_rate,
        "periods_without_shortage": foot.no_shortage,
        "P_end_backorder_free": foot.nothing_owed,
        "lost_units": foot.lost,
        "orders_placed": foot.orders,
        "units_ordered": foot.ordered,
        "bullwhip_sample_ratio": foot.bullwhip,
        "trace": [(t, *line) for t, line in enumerate(sheet)],
    }


def two_stage_trace() -> Answers:
    sheet = worked_trace.store_and_warehouse(DEMAND, (1, 2), (12, 9))
    return {"rows": [(t, *line) for t, line in enumerate(sheet)]}


ANSWERS = {
    "P-EOQ-1": lambda: lot(8, 1300, 0.225),
    "P-EOQ-2": lambda: lot(50, 365, 2, Q=146),
    "P-EOQ-3": unit_demands,
    "P-EOQB-1": planned_backorders,
    "P-EPQ-1": production_lot,
    "P-DISC-1": quantity_discounts,
    "P-WW-1": wagner_whitin,
    "P-JRP-1": joint,
    "P-PO2-1": calendar,
    "P-DET-1": decaying,
    "P-JIT-1": just_in_time,
    "P-NV-1": lambda: newsvendor_answers(newsvendor.newsvendor(LeadTimeDemand(50, 8), 0.7, 0.18), same_level=True),
    "P-NV-2": lambda: newsvendor_answers(newsvendor.newsvendor(LeadTimeDemand(18, 0, "poisson"), 270, 200)),
    "P-NV-3": any_demand,
    "P-DIS-1": unreliable_lot,
    "P-DIS-2": unreliable_base_stock,
    "P-YLD-1": lambda: uncertain_lot("additive"),
    "P-YLD-2": lambda: uncertain_lot("multiplicative"),
    "P-YLD-3": uncertain_order,
    "P-ALLOC-1": rationing,
    "P-BEER-1": lambda: beer(beer_game.sterman(), published=True),
    "P-BEER-2": lambda: beer(beer_game.pass_on, published=False),
    "P-TRC-1": lambda: trace(2, worked_trace.s_S(8, 20), 15),
    "P-TRC-2": lambda: trace(2, worked_trace.s_S(8, 20), 15, lost_sales=True),
    "P-TRC-3": lambda: trace(1, worked_trace.r_nQ(6, 5), 10),
    "P-TRC-4": lambda: trace(1, worked_trace.R_S(3, 22), 18),
    "P-TRC-5": two_stage_trace,
}
