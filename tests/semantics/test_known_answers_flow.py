"""Flows, random yield and disruptions against renewal theory: Snyder & Shen, Fundamentals of Supply Chain Theory,
2nd ed. (2019), chapter 9. Bounds as in `test_known_answers`.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from chainsim.engines.base import simulate
from chainsim.plan.compile import compile_plan
from chainsim.plan.plan import Plan
from chainsim.record.audit import audit
from chainsim.record.record import SERIES, Record
from chainsim.scenario.load import load_text
from tests.fastest import ENGINE

from .stage import HEAD, point

pytestmark = pytest.mark.slow
REPLICATIONS = 20

STORE = """
products: {p: {divisible: true}}
sites: {supplier: {kind: supplier}, store: {kind: store}}
lanes: [{from: supplier, to: store, lead_time: 0, order_cost: 18500, yield: {YIELD}}]
demand: [{site: store, product: p, type: flow, rate: 75000}]
policies: {only: {type: s_Q, reorder_point: 0, order_quantity: LOT}}
"""


def plan_of(body: str, horizon: float, review: str = "after_demand") -> Plan:
    head = HEAD.replace("HORIZON", str(horizon)).replace("REVIEW", review).replace("bucket: 1,", "bucket: 1000,")
    if horizon < 1000:
        head = head.replace("bucket: 1000,", "bucket: 1,")
    return compile_plan(load_text(head + body, "case.yaml"), "only")


def per_time(plan: Plan, record: Record, holding: float, order: float, lost: float = 0.0) -> dict[str, float]:
    row = record.closing["points"][point(plan, "store")]
    time = plan.clock.end / plan.clock.ticks_per_unit
    on_hand = row["on_hand_time"] / plan.clock.end
    return {
        "cost": holding * on_hand + (order * row["orders"] + lost * row["lost"]) / time,
        "OH": on_hand,
        "BO": row["backorder_time"] / plan.clock.end,
        "fill": row["filled"] / row["demanded"],
        "orders": row["orders"] / time,
    }


def geometric(probability: float) -> str:
    """Periods until the state changes: 1, 2, 3 …"""
    chances = probability * (1 - probability) ** np.arange(600)
    chances /= chances.sum()
    return f"{{dist: discrete, values: {list(range(1, 601))}, probabilities: {chances.tolist()}}}"


def agree(seen: list[dict[str, float]], expected: dict[str, float], width: float = 0.005) -> None:
    for name, value in expected.items():
        values = np.array([row[name] for row in seen])
        error = values.std(ddof=1) / sqrt(len(values))
        assert error <= max(width * value, 1e-3), f"{name}: too wide to prove anything ({error:.4g})"
        assert abs(values.mean() - value) <= 4 * error, f"{name}: {values.mean():.7g} against {value:.7g} ± {error:.2g}"


@pytest.mark.parametrize(
    ("given", "lot", "cost"),
    [
        ("lost: {dist: normal, mean: 15000, sd: 9000}", 230246.370469, 12914.7822281),
        # any fraction of mean 5/6 and variance 5/252
        (
            f"fraction: {{dist: uniform, low: {5 / 6 - sqrt(5 / 84)}, high: {5 / 6 + sqrt(5 / 84)}}}",
            254460.213,
            13086.52524,
        ),
    ],
)
def test_eoq_with_random_yield(given: str, lot: float, cost: float) -> None:
    """P-YLD-1, P-YLD-2 (Examples 9.4, 9.5): receive Q + Y or Q·Z; g = (K + h E[R²] / 2D) ÷ (E[R] / D)."""
    plan = plan_of(STORE.replace("YIELD", given).replace("LOT", str(lot)), 3000)
    records = [simulate(plan, r, engine=ENGINE) for r in range(REPLICATIONS)]
    for record in records:
        audit(record, plan)
    agree([per_time(plan, record, 0.06, 18500) for record in records], {"cost": cost}, width=0.001)


def test_one_order_with_additive_yield() -> None:
    """P-YLD-3 (Example 9.6): S = 11/6 ordered for a demand of 1.5, U(−½, ½) units more arrive; many single periods."""
    body = """
products: {p: {divisible: true}}
sites: {supplier: {kind: supplier}, store: {kind: store, copies: 500}}
lanes: [{from: supplier, to: store, lead_time: 0, yield: {lost: 0.5, extra: {dist: uniform, low: 0, high: 1}}}]
stock: [{site: store, initial: {on_hand: 0}}]
demand: [{site: store, product: p, quantity: 1.5, unmet: lost}]
policies: {only: {type: R_S, review_interval: 1, order_up_to_level: 1.83333333333}}
"""
    plan = plan_of(body, 1, "before_demand")
    stores = np.flatnonzero(~plan.layout.unlimited)
    seen = []
    for r in range(REPLICATIONS):
        record = simulate(plan, r, engine=ENGINE)
        audit(record, plan)
        left = record.series[SERIES.index("on_hand"), stores, 0]
        short = record.series[SERIES.index("lost"), stores, 0]
        seen.append(
            {
                "leftover": left.mean(),
                "short": short.mean(),
                "cost": 15e6 * left.mean() + 75e6 * short.mean(),
                "no stock-out": (short <= 0).mean(),
            }
        )
    expected = {"leftover": 0.347222222222, "short": 0.0138888888889, "cost": 6.25e6, "no stock-out": 0.833333333333}
    agree(seen, expected, width=0.01)


def test_eoq_with_supplier_disruptions() -> None:
    """P-DIS-1 (Example 9.1): the supplier is up Exp(1.5), down Exp(14); an order waits for it, and demand at 0 is lost."""
    body = """
products: {p: {divisible: true}}
sites: {supplier: {kind: supplier}, store: {kind: store}}
lanes: [{from: supplier, to: store, lead_time: 0}]
demand: [{site: store, product: p, type: flow, rate: 1300, unmet: lost}]
disruptions:
  - type: outage
    lane: {from: supplier, to: store}
    time_between: {dist: exponential, rate: 1.5}
    duration: {dist: exponential, rate: 14}
policies: {only: {type: s_Q, reorder_point: 0, order_quantity: 772.811056874}}
"""
    plan = plan_of(body, 2000)
    records = [simulate(plan, r, engine=ENGINE) for r in range(REPLICATIONS)]
    for record in records:
        audit(record, plan)
    expected = {"cost": 173.950002573, "fill": 0.988506878823, "OH": 381.964522875, "orders": 1.66283715928}
    agree([per_time(plan, record, 0.225, 8, 5) for record in records], expected, width=0.01)


def test_base_stock_with_supplier_disruptions() -> None:
    """P-DIS-2 (Example 9.3): demand of 2000 a period, the supplier goes down with 0.04, up with 0.25 each period."""
    body = """
products: {p: {}}
sites: {supplier: {kind: supplier}, store: {kind: store}}
lanes: [{from: supplier, to: store, lead_time: 0}]
demand: [{site: store, product: p, quantity: 2000}]
disruptions:
  - type: outage
    lane: {from: supplier, to: store}
    time_between: GEOMETRIC_UP
    duration: GEOMETRIC_DOWN
policies: {only: {type: R_S, review_interval: 1, order_up_to_level: 8000}}
"""
    body = body.replace("GEOMETRIC_UP", geometric(0.04)).replace("GEOMETRIC_DOWN", geometric(0.25))
    plan = plan_of(body, 20000, "before_demand")
    seen = []
    for r in range(REPLICATIONS):
        row = per_time(plan, simulate(plan, r, engine=ENGINE), 0.25, 0)
        seen.append({**row, "cost": 0.25 * row["OH"] + 3 * row["BO"]})
    agree(seen, {"OH": 5362.06896552, "BO": 465.517241379, "cost": 2737.06896552}, width=0.03)
