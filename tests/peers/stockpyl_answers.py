"""Run by stockpyl's own interpreter: its analytic functions on published instances, as JSON on standard output."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from scipy import stats
from stockpyl import eoq, gsm_tree, loss_functions, newsvendor, rq, ss, ssm_serial, supply_uncertainty, wagner_whitin
from stockpyl.instances import load_instance
from stockpyl.sim import simulation
from stockpyl.supply_chain_network import single_stage_system

DISCOUNTS = (0.3, 1300, [0, 400, 800], [0.75, 0.72, 0.68])
ODDS = {1: 0.25, 2: 0.05, 3: 0.1, 4: 0.2, 5: 0.15, 6: 0.1, 7: 0.1, 8: 0.05}
JOINT = (40, [15] * 4, [0.24] * 4, [86000, 12500, 1400, 3000])
YIELD = (18500, 0.06, 75000)


def serial(name: str) -> Any:
    levels, cost = ssm_serial.optimize_base_stock_levels(network=load_instance(name))[:2]
    return [[levels[k] for k in sorted(levels)], cost]


def guaranteed_service() -> Any:
    tree = gsm_tree.preprocess_tree(load_instance("example_6_5"))
    times, cost = gsm_tree.optimize_committed_service_times(tree=tree)
    return [[times[k] for k in sorted(times)], cost]


def simulated_base_stock() -> Any:
    """Mean units on hand and owed at the end of a period, and the fill rate: Poisson(5), S = 18, lead time 2."""
    network = single_stage_system(
        holding_cost=1,
        stockout_cost=9,
        demand_type="P",
        mean=5,
        policy_type="BS",
        base_stock_level=18,
        shipment_lead_time=2,
    )
    simulation(network=network, num_periods=60_000, rand_seed=3, progress_bar=False)
    periods = network.nodes[0].state_vars[200:60_000]
    levels = [next(iter(period.inventory_level.values())) for period in periods]
    fill_rate = next(iter(periods[-1].fill_rate.values()))
    return [sum(max(x, 0) for x in levels) / len(levels), sum(max(-x, 0) for x in levels) / len(levels), fill_rate]


def yield_single() -> Any:
    law = stats.uniform(-0.5, 1.0)
    return supply_uncertainty.newsvendor_with_additive_yield_uncertainty(15e6, 75e6, 1.5, yield_distribution=law)


ANSWERS: dict[str, Callable[[], Any]] = {
    "eoq": lambda: eoq.economic_order_quantity(8, 0.225, 1300),
    "eoq_all_units": lambda: eoq.economic_order_quantity_with_all_units_discounts(8, *DISCOUNTS),
    "eoq_incremental": lambda: eoq.economic_order_quantity_with_incremental_discounts(8, *DISCOUNTS),
    "eoq_backorders": lambda: eoq.economic_order_quantity_with_backorders(8, 0.225, 5, 1300),
    "epq": lambda: eoq.economic_production_quantity(4, 0.08, 80, 110),
    "joint": lambda: eoq.joint_replenishment_problem_silver_heuristic(*JOINT),
    "wagner_whitin": lambda: wagner_whitin.wagner_whitin(4, 2, 500, [90, 120, 80, 70])[:2],
    "newsvendor_normal": lambda: newsvendor.newsvendor_normal(0.18, 0.70, 50, 8),
    "newsvendor_poisson": lambda: newsvendor.newsvendor_poisson(200, 270, 18),
    "newsvendor_discrete": lambda: newsvendor.newsvendor_discrete(500_000, 1_000_000, demand_pmf=ODDS),
    "r_Q_poisson": lambda: rq.r_q_poisson_exact(20, 150, 100, 1.5, 2),
    "r_Q_poisson_cost": lambda: rq.r_q_cost_poisson(12, 10, 1, 9, 20, 10, 1),
    "s_S": lambda: ss.s_s_discrete_exact(1, 9, 64, True, 10),
    "s_S_cost": lambda: ss.s_s_cost_discrete(4, 10, 1, 4, 5, True, 6),
    "eoq_disruptions": lambda: supply_uncertainty.eoq_with_disruptions(8, 0.225, 5, 1300, 1.5, 14),
    "base_stock_disruptions": lambda: supply_uncertainty.newsvendor_with_disruptions(0.25, 3, 2000, 0.04, 0.25),
    "base_stock_disruptions_cost": lambda: supply_uncertainty.newsvendor_with_disruptions(
        0.25, 3, 2000, 0.04, 0.25, base_stock_level=8000
    ),
    "yield_additive": lambda: supply_uncertainty.eoq_with_additive_yield_uncertainty(*YIELD, -15000, 9000),
    "yield_multiplicative": lambda: supply_uncertainty.eoq_with_multiplicative_yield_uncertainty(
        *YIELD, 5 / 6, (5 / 252) ** 0.5
    ),
    "yield_single": yield_single,
    "loss_normal": lambda: loss_functions.normal_loss(6000, 5000, 500 * 2**0.5)[0],
    "loss_normal_second": lambda: loss_functions.normal_second_loss(4, 3, 3**0.5)[0],
    "loss_poisson": lambda: loss_functions.poisson_loss(19, 18)[0],
    "loss_gamma": lambda: loss_functions.gamma_loss(10, 0.390625, 16)[0],
    "loss_negative_binomial": lambda: loss_functions.negative_binomial_loss(10, 3, 0.25)[0],
    "loss_uniform": lambda: loss_functions.uniform_loss(4, 2, 8)[0],
    "loss_geometric": lambda: loss_functions.geometric_loss(4, 0.25)[0],
    "loss_exponential": lambda: loss_functions.exponential_loss(1, 2)[0],
    "second_loss_poisson": lambda: loss_functions.poisson_second_loss(12, 10)[0],
    "second_loss_geometric": lambda: loss_functions.geometric_second_loss(4, 0.25)[0],
    "second_loss_exponential": lambda: loss_functions.exponential_second_loss(1, 2)[0],
    "serial_normal": lambda: serial("example_6_1"),
    "serial_shang_song_1": lambda: serial("shang_song_1"),
    "serial_shang_song_9": lambda: serial("shang_song_9"),
    "guaranteed_service": guaranteed_service,
    "simulated_base_stock": simulated_base_stock,
    "newsvendor_lead_time": lambda: newsvendor.newsvendor_poisson_cost(18, 1, 9, 15),
    "newsvendor_normal_lead_time": lambda: newsvendor.newsvendor_normal(1, 9, 5, 5**0.5, lead_time=2),
    "s_above_S": lambda: ss.s_s_cost_discrete(10, 4, 1, 4, 5, True, 6),
}


def asked(question: Callable[[], Any]) -> Any:
    """What it answers, or the error it raises, as text."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            return question()
    except Exception as error:  # whatever a peer raises is its answer
        return f"{type(error).__name__}: {error}"


if __name__ == "__main__":
    found = {name: asked(question) for name, question in ANSWERS.items()}
    print(json.dumps({"version": version("stockpyl"), "answers": found}, default=float))
