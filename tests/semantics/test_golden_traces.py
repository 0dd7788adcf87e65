"""Traces short enough to check with a pencil (public known-answer cases P-TRC-1 … 5): every number of every period."""

from __future__ import annotations

from pathlib import Path

import pytest

from .stage import demand_rows, series, stage, total

DEMAND = [4, 0, 7, 3, 5, 9, 2, 6, 1, 8, 4, 3]


def single_store(policy: str, lead_time: int, start: int, unmet: str = "backorder") -> str:
    return f"""
    products: {{p: {{}}}}
    sites: {{supplier: {{kind: supplier}}, store: {{kind: store}}}}
    lanes: [{{from: supplier, to: store, lead_time: {lead_time}}}]
    stock: [{{site: store, initial: {{on_hand: {start}}}}}]
    demand: [{{site: store, product: p, type: history, file: demand.csv, every: 1, unmet: {unmet}}}]
    policies: {{only: {policy}}}
    """


CASES = {
    "P-TRC-1": (
        single_store("{type: R_s_S, review_interval: 1, reorder_point: 8, order_up_to_level: 20}", 2, 15),
        {
            "ordered": [0, 0, 0, 16, 0, 0, 17, 0, 0, 0, 17, 0],
            "received": [0, 0, 0, 0, 0, 16, 0, 0, 17, 0, 0, 0],
            "on_hand": [11, 11, 4, 1, 0, 3, 1, 0, 11, 3, 0, 0],
            "backorders": [0, 0, 0, 0, 4, 0, 0, 5, 0, 0, 1, 4],
            "filled": [4, 0, 7, 3, 1, 9, 2, 1, 1, 8, 3, 0],
        },
    ),
    "P-TRC-2": (
        single_store("{type: R_s_S, review_interval: 1, reorder_point: 8, order_up_to_level: 20}", 2, 15, "lost"),
        {
            "ordered": [0, 0, 0, 16, 0, 0, 13, 0, 0, 0, 16, 0],
            "on_hand": [11, 11, 4, 1, 0, 7, 5, 0, 12, 4, 0, 0],
            "lost": [0, 0, 0, 0, 4, 0, 0, 1, 0, 0, 0, 3],
            "filled": [4, 0, 7, 3, 1, 9, 2, 5, 1, 8, 4, 0],
        },
    ),
    "P-TRC-3": (
        single_store("{type: s_Q, review_interval: 1, reorder_point: 6, order_quantity: 5}", 1, 10),
        {
            "ordered": [0, 5, 0, 5, 5, 5, 5, 5, 5, 0, 10, 5],
            "received": [0, 0, 5, 0, 5, 5, 5, 5, 5, 5, 0, 10],
            "on_hand": [6, 6, 4, 1, 1, 0, 0, 0, 3, 0, 0, 3],
            "backorders": [0, 0, 0, 0, 0, 3, 0, 1, 0, 0, 4, 0],
        },
    ),
    "P-TRC-4": (
        single_store("{type: R_S, review_interval: 3, order_up_to_level: 22}", 1, 18),
        {
            "ordered": [4, 0, 0, 11, 0, 0, 17, 0, 0, 9, 0, 0],
            "received": [0, 4, 0, 0, 11, 0, 0, 17, 0, 0, 9, 0],
            "on_hand": [14, 18, 11, 8, 14, 5, 3, 14, 13, 5, 10, 7],
            "backorders": [0] * 12,
        },
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_golden_trace_of_one_store(case: str, tmp_path: Path) -> None:
    demand_rows(tmp_path, [float(x) for x in DEMAND])
    body, expected = CASES[case]
    plan, record = stage(body, review="before_demand", folder=tmp_path)
    for name, values in expected.items():
        assert series(plan, record, name, "store") == values, name
    assert total(plan, record, "demanded", "store") == sum(DEMAND)


def test_golden_trace_of_a_dc_and_a_store(tmp_path: Path) -> None:
    """P-TRC-5: local base stocks 12 and 9; the DC sees the store's order at the instant it is placed, ships what it has."""
    demand_rows(tmp_path, [float(x) for x in DEMAND])
    plan, record = stage(
        """
        products: {p: {}}
        sites: {supplier: {kind: supplier}, dc: {kind: dc}, store: {kind: store}}
        lanes:
          - {from: supplier, to: dc, lead_time: 2}
          - {from: dc, to: store, lead_time: 1}
        stock:
          - {site: dc, initial: {on_hand: 9}}
          - {site: store, initial: {on_hand: 12}}
        demand: [{site: store, product: p, type: history, file: demand.csv, every: 1}]
        policies:
          only:
            type: base_stock
            review_interval: 1
            order_up_to_level: 9
            rules: [{site: store, type: base_stock, review_interval: 1, order_up_to_level: 12}]
        """,
        review="before_demand",
        folder=tmp_path,
    )
    assert series(plan, record, "ordered", "store") == [0, 4, 0, 7, 3, 5, 9, 2, 6, 1, 8, 4]
    assert series(plan, record, "ordered", "dc") == [0, 4, 0, 7, 3, 5, 9, 2, 6, 1, 8, 4]
    assert series(plan, record, "shipped", "dc") == [0, 4, 0, 7, 2, 6, 4, 5, 8, 1, 8, 1]
    assert series(plan, record, "received", "store") == [0, 0, 4, 0, 7, 2, 6, 4, 5, 8, 1, 8]
    assert series(plan, record, "received", "dc") == [0, 0, 0, 4, 0, 7, 3, 5, 9, 2, 6, 1]
    assert series(plan, record, "on_hand", "store") == [8, 8, 5, 2, 4, 0, 1, 0, 3, 3, 0, 5]
    assert series(plan, record, "backorders", "store") == [0, 0, 0, 0, 0, 3, 0, 1, 0, 0, 0, 0]
    assert series(plan, record, "on_hand", "dc") == [9, 5, 5, 2, 0, 1, 0, 0, 1, 2, 0, 0]
    assert series(plan, record, "backorders", "dc") == [0, 0, 0, 0, 1, 0, 5, 2, 0, 0, 0, 3]
    assert series(plan, record, "in_transit", "store") == [0, 4, 0, 7, 2, 6, 4, 5, 8, 1, 8, 1]
