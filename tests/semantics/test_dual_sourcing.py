"""`sourcing: expedite`: a quick lane beside the regular one, by hand. (Against theory: P-DUAL-1, P-TBS-1.)"""

from __future__ import annotations

from pathlib import Path

import pytest

from chainsim.errors import ScenarioError
from chainsim.record.audit import violations

from .stage import demand_rows, log_of, series, stage

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
