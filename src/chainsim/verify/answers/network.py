"""Several stocking places: serial, distribution, assembly, pooling, production lines, bullwhip, guaranteed service."""

from __future__ import annotations

from math import sqrt

from chainsim.theory import (
    assembly,
    base_stock,
    bullwhip,
    bullwhip_chain,
    guaranteed_service,
    one_warehouse,
    pooling,
    queues,
    serial,
    serial_stock,
    transshipment,
)
from chainsim.theory.guaranteed_service_problem import Stage
from chainsim.verify.answers.chains import AT, RATE, chain_04

Answers = dict[str, object]


def shang_song(*echelon_holding: float) -> Answers:
    system = serial.SerialSystem((0.25,) * 4, echelon_holding, backorder_cost=9.0, demand_mean=16.0)
    best = serial.optimal_levels(system)
    local = serial.local_levels(best.levels)
    stocks = serial_stock.stage_stocks(system, local)
    answers: Answers = {
        "optimal_echelon_S_stage1_first": best.levels,
        "optimal_cost": best.cost,
        "local_S_stage1_first": local,
        "ready_rate": stocks[0].ready_rate,
        "cost": serial_stock.stage_costs(system, stocks),
        "published_optimal_cost": best.cost,
    }
    for i, stage in enumerate(stocks, start=1):
        answers |= {f"OH{i}": stage.on_hand, f"BO{i}": stage.backorders}
    return answers


def normal_serial() -> Answers:
    system = serial.SerialSystem((1.0, 1.0, 2.0), (3.0, 2.0, 2.0), 37.12, 5.0, demand_sd=1.0, whole=False, grid=0.002)
    best = serial.optimal_levels(system)
    return {"optimal_echelon_S_stage1_first": best.levels, "optimal_cost": best.cost}


def batches() -> Answers:
    system = serial.SerialSystem((1.0, 1.5), (1.0, 0.5), backorder_cost=20.0, demand_mean=5.0)
    m = serial_stock.two_stages_with_batches(system, (6, 14), (4, 8))
    return {
        "OH1": m.store_on_hand,
        "BO1": m.store_backorders,
        "fill_rate": m.fill_rate,
        "OH2": m.upstream_on_hand,
        "echelon_IL2": m.echelon_net_stock,
        "cost": serial.cost_of_levels(system, (6 + 4, 14 + 8), (4, 8)),
    }


def warehouse(
    rates: tuple[float, ...], times: tuple[float, ...], levels: tuple[int, ...], L0: float, S0: int
) -> Answers:
    centre = one_warehouse.Stream.poisson(sum(rates), L0)
    m = one_warehouse.warehouse_measures(centre, S0)
    answers: Answers = {
        "warehouse_BO": m.backorders,
        "warehouse_OH": m.on_hand,
        "warehouse_fill": m.fill_rate,
        "warehouse_delay": m.backorders / sum(rates),
    }
    for i, (rate, time, level) in enumerate(zip(rates, times, levels, strict=True), start=1):
        shop = one_warehouse.Stream.poisson(rate, time)
        exact = one_warehouse.retailer_measures(centre, S0, shop, level)
        metric = one_warehouse.retailer_measures(centre, S0, shop, level, "metric")
        graves = one_warehouse.retailer_measures(centre, S0, shop, level, "two_moment")
        answers |= {
            f"OH_{i}": exact.on_hand,
            f"BO_{i}": exact.backorders,
            f"fill_rate_{i}": exact.fill_rate,
            f"BO_metric_{i}": metric.backorders,
            f"fill_metric_{i}": metric.fill_rate,
            f"BO_graves_nb_{i}": graves.backorders,
            f"fill_graves_nb_{i}": graves.fill_rate,
        }
    return answers


def pooled() -> Answers:
    m = pooling.risk_pooling(4, 100, 20, 0.0, 2, 1, 9)
    return {
        "decentralised_cost": m.separate_cost,
        "centralised_cost": m.pooled_cost,
        "ratio": m.ratio,
        "sqrt_law_ratio": 1 / sqrt(4),
        "S_each": m.level_each,
        "S_pooled": m.pooled_level,
        "safety_stock_each": m.safety_stock_each,
    }


def assembled() -> Answers:
    system = assembly.Assembly(4.0, 1.0, 3.0, 1.5)
    m, best = system.stock(7, 20, 13), system.rosling(1, 1, 1, 20)
    product, level_b, level_a = (int(level) for level in best.levels)
    return {
        "OH_A": m.on_hand_a,
        "OH_B": m.on_hand_b,
        "OH_final": m.on_hand,
        "BO": m.backorders,
        "fill_rate": m.fill_rate,
        "WIP": m.in_assembly,
        "cost": system.cost(m, 1, 1, 1, 20),
        "rosling_serial_echelon_S(final,B,A)": best.levels,
        "rosling_optimal_cost_balanced_policy": best.cost,
        "plain_echelon_policy_cost_at_rosling_S": system.cost(system.stock(product, level_a, level_b), 1, 1, 1, 20),
    }


def tandem() -> Answers:
    m = queues.tandem(0.7, 1.0, 1.1, 4, 3)
    return {
        "OH1": m.on_hand,
        "BO1": m.backorders,
        "fill_rate": m.fill_rate,
        "OH2": m.between,
        "WIP1": m.in_last_stage,
    }


def cards() -> Answers:
    m = queues.card_loop(4, 8, 1.0)
    return {"throughput": m.throughput, "cycle_time": m.cycle_time, "mean_wip_per_station": m.jobs_per_station}


def information() -> Answers:
    exact = bullwhip_chain.decentralised((2, 2, 2), 5)
    answers: Answers = {f"decentralised_exact_stage_{k}": ratio for k, ratio in enumerate(exact, start=1)}
    return answers | {
        "decentralised_exact_by_stage": exact,
        "centralised_by_stage": bullwhip_chain.centralised((2, 2, 2), 5),
        "decentralised_product_lower_bound_by_stage": bullwhip_chain.product_bound((2, 2, 2), 5),
    }


def smoothing() -> Answers:
    return {"ratio": bullwhip.proportional(0.25), "inventory_ratio": bullwhip.net_stock_amplification(3, 0.25)}


def batching() -> Answers:
    m = bullwhip_chain.batched_orders(10, 5, 20, 4)
    return {
        "demand_variance": m.demand_variance,
        "random_phases_variance": m.random,
        "synchronised_variance": m.synchronised,
        "balanced_variance": m.balanced,
        "mean": m.mean,
    }


def lateral() -> Answers:
    m = transshipment.two_stores((2, 1), 1, (3, 2))
    return {
        "local_fill_1": m.first.own,
        "local_fill_2": m.second.own,
        "transshipped_1": m.first.transshipped,
        "transshipped_2": m.second.transshipped,
        "lost_fraction": m.lost,
        "OH_1": m.first.on_hand,
        "OH_2": m.second.on_hand,
        "erlang_check": base_stock.erlang_loss(3.0, 5),
    }


def simpson() -> Answers:
    line = [
        Stage(t, h, 4.0, 20.0, 1.645, service_time=end)
        for t, h, end in ((3, 1, None), (3, 2, None), (4, 4, None), (2, 7, 0.0))
    ]
    best = guaranteed_service.place_safety_stock(line, [(0, 1), (1, 2), (2, 3)])
    return {
        "optimal_cost": best.cost,
        "outbound_service_times": best.service_times,
        "net_replenishment_times": best.net_replenishment_times,
        "safety_stocks": best.safety_stocks,
        "base_stocks": best.base_stocks,
    }


def tree() -> Answers:
    arcs = [(0, 2), (2, 1), (2, 3)]
    sds = guaranteed_service.pooled_sds(4, arcs, [0.0, 1.0, 0.0, 1.0])
    times, holding = (2, 1, 1, 1), (1, 3, 2, 3)
    inbound, promised = (1.0, 0.0, 0.0, 0.0), (None, 0.0, None, 1.0)
    stages = [Stage(times[k], holding[k], sds[k], inbound=inbound[k], service_time=promised[k]) for k in range(4)]
    best = guaranteed_service.place_safety_stock(stages, arcs)
    return {
        "optimal_cost": best.cost,
        "published_cost": best.cost,
        "service_times": {str(k + 1): time for k, time in enumerate(best.service_times)},
        "net_demand_sd": {str(k + 1): sd for k, sd in enumerate(sds)},
    }


def toys() -> Answers:
    best = guaranteed_service.place_safety_stock(*chain_04())
    once = guaranteed_service.place_safety_stock(*chain_04(rate=1.0))
    wanted = {f"P{k}": f"Part_{k}" for k in range(1, 5)}
    wanted |= {name: name for name in [f"Manuf_{m}" for m in range(1, 8)] + ["Dist_1", "Dist_4"]}
    return {
        "optimal_cost_per_year": best.cost,
        "optimal_cost_before_annual_rate": once.cost,
        "published_optimal_cost": once.cost * RATE,
        "service_times": {short: best.service_times[AT[name]] for short, name in wanted.items()},
    }


ANSWERS = {
    "P-SER-1": lambda: shang_song(0.25, 0.25, 0.25, 0.25),
    "P-SER-2": lambda: shang_song(0.25, 2.5, 2.5, 0.25),
    "P-SER-3": normal_serial,
    "P-SRNQ-1": batches,
    "P-OWMR-1": lambda: warehouse((1, 2, 0.5), (1, 1, 2), (3, 4, 2), 2, 6),
    "P-OWMR-2": lambda: warehouse((0.25,) * 4, (1,) * 4, (1,) * 4, 3, 2),
    "P-POOL-1": pooled,
    "P-ASM-1": assembled,
    "P-TAND-1": tandem,
    "P-CONWIP-1": cards,
    "P-BW-1": lambda: {"ratio": bullwhip.moving_average(2, 5)},
    "P-BW-2": lambda: {"ratio": bullwhip.moving_average(2, 5, 0.5)},
    "P-BW-3": lambda: {"ratio": bullwhip.exponential_smoothing(2, 0.3)},
    "P-BW-4": information,
    "P-BW-5": lambda: {"ratio": bullwhip.best_forecast(3, 0.6)},
    "P-BW-6": smoothing,
    "P-BW-7": batching,
    "P-LAT-1": lateral,
    "P-GSM-1": simpson,
    "P-GSM-2": tree,
    "P-GSM-3": toys,
}
