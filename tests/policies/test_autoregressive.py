"""The best forecast of AR(1) demand, simulated: what it orders period by period, on both engines."""

from __future__ import annotations

from pathlib import Path

import pytest

from chainsim.engines import simpy_engine
from chainsim.engines.parity import first_difference

from ..semantics.stage import demand_rows, series, stage

STORE = """
    products: {p: {divisible: true}}
    sites: {supplier: {kind: supplier}, store: {kind: store}}
    lanes: [{from: supplier, to: store, lead_time: 2}]
    stock: [{site: store, initial: {on_hand: 20}}]
    demand: [{site: store, product: p, type: history, file: demand.csv, column: p}]
    policies: {only: {type: autoregressive, rho: 0.5, service_level: 0.5, review_interval: 1}}
"""


def test_orders_by_hand(tmp_path: Path) -> None:
    """Mean 10, an order covers two periods: S = 20 + 0.75 · (D − 10), from the second review on.

    Order = change of S + demand: 10; then S = 26: 6 + 18; then S = 17: −9 + 6 < 0 is no order, and 3 stay too many.
    """
    demand_rows(tmp_path, [10, 18, 6, 6, 10])
    plan, record = stage(STORE, horizon=5, folder=tmp_path)
    assert plan.parameters[0] == (20.0, 0.75, 10.0)
    assert series(plan, record, "ordered", "store") == [10, 24, 0, 3, 13]


def test_both_engines_walk_one_path(tmp_path: Path) -> None:
    pytest.importorskip("numba")
    from chainsim.engines import compiled_engine

    correlated = "type: ar1, mean: 30, sd: 10, rho: 0.5}]"
    body = STORE.replace("type: history, file: demand.csv, column: p}]", correlated).replace("divisible: true", "")
    plan, record = stage(body, horizon=200)
    assert (
        first_difference(simpy_engine.simulate(plan, 0, log=True), compiled_engine.simulate(plan, 0, log=True), plan)
        is None
    )
    assert len(set(series(plan, record, "ordered", "store"))) > 20
