"""The levels `multi_echelon` derives, simulated: the theory behind them must tell what happens."""

from __future__ import annotations

from textwrap import dedent

import numpy as np
import pytest

from chainsim.engines.base import simulate
from chainsim.plan.compile import compile_plan
from chainsim.plan.plan import Plan
from chainsim.scenario.load import load_text
from chainsim.theory.lattice import Lattice, fill_rate
from chainsim.theory.one_warehouse import Stream, retailer_measures
from chainsim.theory.serial import SerialSystem, customer_net_stock
from tests.fastest import ENGINE

pytestmark = pytest.mark.slow

REPLICATIONS = 8

HEAD = """
chainsim: 1
title: Levels derived, then simulated
time: {unit: day, warm_up: 100, horizon: 3000, bucket: week}
replications: 8
seed: 11
products: {p: {unit_cost: 1}}
costs: {carrying_rate: 20% per year, backorder: 1}
"""

LINE = """
sites: {vendor: {kind: supplier}, dc: {kind: dc}, store: {kind: store}}
lanes:
  - {from: vendor, to: dc, lead_time: 1.5, order_cost: ORDER_COST}
  - {from: dc, to: store, lead_time: 1, order_cost: ORDER_COST}
demand:
  - {site: store, product: p, type: arrivals, rate: 5 per day}
policies:
  line: {type: multi_echelon, fill_rate: 0.9}
"""

WAREHOUSE = """
sites: {vendor: {kind: supplier}, dc: {kind: dc}, store: {kind: store, copies: 3}}
lanes:
  - {from: vendor, to: dc, lead_time: 3}
  - {from: dc, to: store, lead_time: 1}
demand:
  - {site: store, product: p, type: arrivals, rate: 2 per day}
policies:
  warehouse: {type: multi_echelon, fill_rate: 0.9}
"""


def fill_rates(body: str) -> tuple[Plan, list[float]]:
    """The plan, and the fill rate of the network in each replication."""
    scenario = load_text(HEAD + dedent(body), "case.yaml", None)
    plan = compile_plan(scenario, scenario.alternatives[0].name)
    rates = []
    for number in range(REPLICATIONS):
        record = simulate(plan, number, engine=ENGINE)
        filled, demanded = (
            float((record.closing["points"][name] - record.opening["points"][name]).sum())
            for name in ("filled", "demanded")
        )
        rates.append(filled / demanded)
    return plan, rates


def assert_near(rates: list[float], expected: float) -> None:
    error = float(np.std(rates, ddof=1)) / len(rates) ** 0.5
    assert abs(float(np.mean(rates)) - expected) <= 4.0 * error


def parameters(plan: Plan, site: str) -> tuple[float, ...]:
    return plan.parameters[list(plan.layout.site).index(plan.layout.sites.index(site))]


@pytest.mark.parametrize("order_cost", [0.0, 0.005])
def test_a_line_fills_what_the_recursion_says(order_cost):
    plan, rates = fill_rates(LINE.replace("ORDER_COST", str(order_cost)))
    levels, batches = [], []
    for site in ("store", "dc"):
        level, batch = parameters(plan, site)
        levels.append(level + batch)
        batches.append(max(batch, 1.0))
    assert (max(batches) > 1.0) == (order_cost > 0.0)
    system = SerialSystem((1.0, 1.5), (0.1, 0.1), 1.0, demand_mean=5.0)
    expected = fill_rate(customer_net_stock(system, levels, batches), Lattice.point(1.0))
    assert expected >= 0.9
    assert_near(rates, expected)


def test_a_warehouse_and_its_retailers_fill_what_the_exact_measures_say():
    plan, rates = fill_rates(WAREHOUSE)
    level, own = parameters(plan, "dc")[0], parameters(plan, "store-1")[0]
    expected = retailer_measures(Stream.poisson(6.0, 3.0), level, Stream.poisson(2.0, 1.0), own, "exact").fill_rate
    assert_near(rates, expected)
