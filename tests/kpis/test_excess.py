"""Excess and dead stock, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from chainsim.engines.base import simulate
from chainsim.errors import ScenarioError
from chainsim.kpis import measure
from chainsim.plan.compile import compile_plan
from chainsim.scenario.load import load_text

TEXT = """
chainsim: 1
title: What lies there
time: {unit: day, warm_up: 2, horizon: 10.5, bucket: 2}
replications: 1
products: {p: {unit_cost: 3}, q: {unit_cost: 5}, r: {unit_cost: 7}}
sites: {supplier: {kind: supplier}, shop: {kind: store}}
lanes: [{from: supplier, to: shop, lead_time: 1}]
stock:
  - {site: shop, initial: {on_hand: 20}}
  - {product: [p, q], STOCK}
demand:
  - {site: shop, product: p, quantity: 1, every: 1}
  - {site: shop, product: q, quantity: 2, every: 100, offset: 5}
  - {site: shop, product: r, quantity: 2, every: 100}
policies: {only: {type: s_Q, reorder_point: -100, order_quantity: 1}}
"""


def measured(stock: str) -> dict[tuple[str, str], float]:
    """By measure and product, on both engines."""
    scenario = load_text(TEXT.replace("STOCK", stock), "case.yaml")
    plan = compile_plan(scenario, "only")
    found = []
    for engine in ("simpy", "compiled"):
        table = measure(simulate(plan, 0, engine=engine), plan, "stock_point")
        names = {scope.product: i for i, scope in enumerate(table.scopes) if not scope.site}
        found.append(
            {
                (kpi, product): float(table.values[i, list(table.ids).index(kpi)])
                for kpi in ("excess_units", "excess_value", "dead_units", "dead_value")
                for product, i in names.items()
                if kpi in table.ids
            }
        )
    np.testing.assert_equal(found[0], found[1])
    return found[0]


def test_what_is_beyond_the_demand_of_a_while() -> None:
    """The window is [2, 12.5), its whole buckets end at 12: p sold at 0 … 11, 8 are left, and 11 were asked for in 10.5 days, so
    four days of demand are 44/10.5. q sold 2 at 5: 18 are left, of which 8/10.5 are four days' demand. r says nothing."""
    found = measured("excess_beyond: 4 days")
    p, q = 8 - 44 / 10.5, 18 - 8 / 10.5
    assert found["excess_units", "p"] == pytest.approx(p)
    assert found["excess_units", "q"] == pytest.approx(q)
    assert found["excess_units", ""] == pytest.approx(p + q)
    assert found["excess_value", ""] == pytest.approx(3 * p + 5 * q)
    assert np.isnan(found["excess_units", "r"])
    assert ("dead_units", "") not in found


@pytest.mark.parametrize(
    ("dead_after", "dead"), [("6 days", 18.0), ("8 days", 0.0), ("5 days", 18.0), ("6.5 days", 0.0)]
)
def test_what_nothing_left_for_a_while(dead_after: str, dead: float) -> None:
    """q was last sold at 5, in the bucket [4, 6): the three whole buckets after it are six days, and 6.5 days are four buckets."""
    found = measured(f"dead_after: {dead_after}")
    assert found["dead_units", ""] == found["dead_units", "q"] == dead
    assert found["dead_value", ""] == 5 * dead
    assert found["dead_units", "p"] == 0.0


def test_it_cannot_be_longer_than_the_window() -> None:
    with pytest.raises(ScenarioError, match="dead_after.*longer than the whole buckets of the window"):
        measured("dead_after: 11 days")


def test_the_page_tells_it_too() -> None:
    from chainsim.kpis import Scopes
    from chainsim.live.trace import traced

    plan = compile_plan(load_text(TEXT.replace("STOCK", "excess_beyond: 4, dead_after: 4"), "case.yaml"), "only")
    made = traced(plan, Scopes.of(plan.layout, "network"))
    assert made.refused == {}
    assert {"excess_units", "dead_value"} <= set(made.measures)
