"""Tuning for least cost, from bad starts, on instances whose optimum is known exactly: within one per cent of the optimal cost.

What the search found is judged by the exact cost of its numbers, not by what it saw of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

import chainsim
from chainsim.theory.lead_time_demand import LeadTimeDemand
from chainsim.theory.reorder_point import poisson_measures
from chainsim.theory.s_S import cost_of_s_S, inventory_cost, optimal_s_S, poisson_probabilities
from chainsim.theory.serial import SerialSystem, cost_of_levels, optimal_levels
from chainsim.tune import Tuned

ZF = (10, 20, 21, 23, 25, 35, 45, 51, 55, 61, 65, 75)
SITES = {"source": {"kind": "supplier"}, "shop": {"kind": "store"}}


def numbers(tuned: Tuned) -> dict[str, float]:
    """Knob → value of the only stock point."""
    return {knob: after for _, _, _, knob, _, after in tuned.changes}


def least_cost(time: Mapping[str, Any], policy: Mapping[str, Any], **more: Any) -> Tuned:
    study = chainsim.load_dict(
        {"chainsim": 1, "title": "Known", "time": {"unit": "period", "bucket": 1, **time}, "seed": 1, "products": {"p": {}},
         "policies": {"tried": dict(policy)}, **more},
        name="known",
    )  # fmt: skip
    return study.tune(least_cost=True, jobs=1)


def test_the_best_reorder_point_and_lot() -> None:
    """P-RQ-3: K = 100, h = 20, b = 150, 1.5 a period, lead time 2; (3, 5) costs 107.92."""
    tuned = least_cost(
        {"warm_up": 50, "horizon": 365}, {"type": "s_Q", "service_level": 0.999, "derivation": "textbook"}, sites=SITES,
        lanes=[{"from": "source", "to": "shop", "lead_time": 2, "order_cost": 100}],
        demand=[{"site": "shop", "product": "p", "type": "arrivals", "rate": 1.5}],
        costs={"holding_cost": 20, "backorder": 150, "in_transit_owner": "none"},
    )  # fmt: skip
    found = numbers(tuned)
    r, Q = int(found["reorder_point"]), int(found["order_quantity"])

    def cost(r: int, Q: int) -> float:
        seen = poisson_measures(3.0, r, Q)
        return 100 * 1.5 / Q + 20 * seen.on_hand + 150 * seen.backorders

    best = min(cost(r, Q) for r in range(-2, 12) for Q in range(1, 15))
    assert abs(best - 107.923580633) < 1e-9
    assert cost(r, Q) <= 1.01 * best, (r, Q)


@pytest.mark.parametrize("mean", [pytest.param(mean, marks=[] if mean == 23 else pytest.mark.slow) for mean in ZF])
def test_the_best_min_max(mean: int) -> None:
    """P-ZF-1: K = 64, h = 1, b = 9; from levels that serve far too much."""
    tuned = least_cost(
        {"warm_up": 20, "horizon": 200, "review": "before_demand"},
        {"type": "R_s_S", "review_interval": 1, "service_level": 0.999, "derivation": "textbook"}, sites=SITES,
        lanes=[{"from": "source", "to": "shop", "lead_time": 0, "order_cost": 64}],
        demand=[{"site": "shop", "product": "p", "quantity": {"dist": "poisson", "mean": mean}}],
        costs={"holding_cost": 1, "backorder": 9, "in_transit_owner": "none"},
    )  # fmt: skip
    found = numbers(tuned)
    s, S = int(found["reorder_point"]), int(found["order_up_to_level"])
    law, period = poisson_probabilities(mean), inventory_cost(LeadTimeDemand(mean, 0.0, "poisson"), 1.0, 9.0)
    best = optimal_s_S(64.0, law, period)
    assert cost_of_s_S(s, S, 64.0, law, period) <= 1.01 * best.cost, (s, S)


@pytest.mark.slow
def test_the_best_line() -> None:
    """P-SER-1: four stages, each at first for itself with 99.9 %; Clark and Scarf's levels cost 12.688."""
    stages = ["stage_4", "stage_3", "stage_2", "stage_1"]
    tuned = least_cost(
        {"warm_up": 10, "horizon": 200}, {"type": "base_stock", "service_level": 0.999},
        sites={"source": {"kind": "supplier"}, **{name: {"kind": name} for name in stages}},
        lanes=[{"from": a, "to": b, "lead_time": 0.25} for a, b in zip(["source", *stages], stages, strict=False)],
        stock=[{"site": name, "holding_cost": 0.25 * (k + 1)} for k, name in enumerate(stages)],
        demand=[{"site": "stage_1", "product": "p", "type": "arrivals", "rate": 16}],
        costs={"backorder": 9, "in_transit_owner": "supplier"},
    )  # fmt: skip
    local = {site: after for _, site, _, _, _, after in tuned.changes}
    echelon = [sum(local[name] for name in stages[-k:]) for k in (1, 2, 3, 4)]
    system = SerialSystem((0.25,) * 4, (0.25,) * 4, 9.0, 16.0)
    assert cost_of_levels(system, echelon) <= 1.01 * optimal_levels(system).cost, local
