"""`sourcing: expedite`: a quick lane beside the regular one; by hand, and against two published policies' exact values."""

from __future__ import annotations

from math import sqrt
from pathlib import Path

import numpy as np
import pytest

from chainsim.engines.base import simulate
from chainsim.errors import ScenarioError
from chainsim.plan.compile import compile_plan
from chainsim.record.audit import violations
from chainsim.scenario.load import load_text

from .stage import HEAD, demand_rows, log_of, series, stage
from .test_windows import kpi

STORE = """
products: {p: {}}
sites: {near: {kind: supplier}, far: {kind: supplier}, store: {kind: store}}
lanes:
  - {from: near, to: store, lead_time: 0, unit_cost: 105, priority: 1}
  - {from: far, to: store, lead_time: 2, unit_cost: 100, priority: 2}
stock: [{site: store, sourcing: expedite, expedite_up_to: 4, holding_cost: 5}]
demand: [{site: store, product: p, DEMAND}]
costs: {backorder: 495, in_transit_owner: none}
policies: {only: {POLICY}}
"""
DUAL_INDEX = "type: R_S, review_interval: 1, order_up_to_level: 7"
BASE_SURGE = "type: T_Q, review_interval: 1, order_quantity: 1"


def store(policy: str, demand: str = "type: history, file: demand.csv, column: p, on_end: zero") -> str:
    return STORE.replace("POLICY", policy).replace("DEMAND", demand)


def test_the_quick_lane_first_then_the_policys_own_order(tmp_path: Path) -> None:
    """S_e = 4, S_r = 7, reviewed before demand. At 1: 3 on hand, 1 expedited, there at once; position 4, so 3 ordered for 3.
    At 2: 0 on hand, 4 expedited; the position is 7 again."""
    demand_rows(tmp_path, [4, 4])
    plan, record = stage(store(DUAL_INDEX), horizon=5, review="before_demand", folder=tmp_path)
    unit = plan.clock.ticks_per_unit
    assert [(line.tick // unit, line.quantity) for line in log_of(record, "order")] == [(1, 1.0), (1, 3.0), (2, 4.0)]
    assert [(line.tick // unit, line.quantity) for line in log_of(record, "receive")] == [(1, 1.0), (2, 4.0), (3, 3.0)]
    assert series(plan, record, "on_hand", "store") == [3, 0, 4, 7, 7]
    assert violations(record, plan) == []


def test_units_on_the_quick_lane_are_not_expedited_twice(tmp_path: Path) -> None:
    """The quick lane takes 1.5 periods: what is expedited at 1 is still due at 2, and counts there."""
    demand_rows(tmp_path, [4, 4])
    body = store(DUAL_INDEX).replace("lead_time: 0", "lead_time: 1.5")
    plan, record = stage(body, horizon=6, review="before_demand", folder=tmp_path)
    quick = [line.quantity for line in log_of(record, "order")]
    assert quick == [1.0, 3.0, 4.0]  # at 1: 1 quick, 3 regular; at 2: 1 owed, 1 due: 4 + 1 − 1; at 3: none
    assert violations(record, plan) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        # Veeraraghavan & Scheller-Wolf (2008): dual index, Δ = 3
        (DUAL_INDEX, {"near": 0.801470588235, "far": 1.19852941176, "OH": 2.60294117647, "cost": 217.022058824}),
        # Allon & Van Mieghem (2010): tailored base-surge, one unit a period
        (BASE_SURGE, {"near": 1.0, "far": 1.0, "OH": 2.38060945767, "cost": 216.903047288}),
    ],
    ids=["P-DUAL-1", "P-TBS-1"],
)
def test_simulation_agrees_with_theory(policy: str, expected: dict[str, float]) -> None:
    demand = "quantity: {dist: discrete_uniform, low: 0, high: 4}"
    text = HEAD.replace("HORIZON", "6000").replace("REVIEW", "before_demand").replace("warm_up: 0", "warm_up: 200")
    plan = compile_plan(load_text(text + store(policy, demand), "case.yaml", None), "only")
    seen: dict[str, list[float]] = {name: [] for name in expected}
    for replication in range(24):
        record = simulate(plan, replication)
        ordered = (record.closing["lanes"]["ordered"] - record.opening["lanes"]["ordered"]) / 6000
        for j, origin in enumerate(plan.lanes["origin"]):
            seen[plan.layout.sites[plan.layout.site[origin]]].append(float(ordered[j]))
        seen["OH"].append(kpi(plan, record, "on_hand_mean"))
        seen["cost"].append(kpi(plan, record, "total_cost"))
        assert kpi(plan, record, "backorders_mean") == 0
    for name, value in expected.items():
        mean, error = np.mean(seen[name]), np.std(seen[name], ddof=1) / sqrt(24)
        assert error <= max(0.01 * value, 0.01), f"{name}: too wide to prove anything ({error:.4g})"
        assert abs(mean - value) <= 4 * error + 1e-9, f"{name}: {mean:.6g} against {value:.6g} ± {error:.2g}"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (", expedite_up_to: 4", "", "expedite needs the level to expedite up to"),
        ("sourcing: expedite", "sourcing: priority", "sourcing: priority: nothing is expedited"),
        ("priority: 2", "priority: 1", "two sources of different priority"),
        ("sourcing: expedite", "sourcing: expedit", "did you mean 'expedite'"),
    ],
)
def test_what_expediting_needs(old: str, new: str, said: str) -> None:
    body = store(DUAL_INDEX, "quantity: 1").replace(old, new)
    with pytest.raises(ScenarioError) as refused:
        stage(body)
    assert said in str(refused.value)
