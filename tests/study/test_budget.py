"""The estimate that budgets, workers and the choice of engine go by is of the right size."""

from __future__ import annotations

import pytest

from chainsim.data import scenario_text
from chainsim.engines.base import simulate
from chainsim.plan.compile import compile_plan
from chainsim.scenario.load import load_text
from tests.semantics.stage import stage


@pytest.mark.parametrize("name", ["beer_game", "grocer", "health_programme"])
def test_the_expected_events_are_within_a_factor_of_two(name: str) -> None:
    scenario = load_text(scenario_text(name), f"{name}.yaml", None)
    for alternative in scenario.alternatives:
        plan = compile_plan(scenario, alternative.name)
        assert 0.5 < plan.expected_events / simulate(plan, 0, engine="simpy").events < 2.0, alternative.name


def test_a_review_is_not_an_order() -> None:
    """100 days, each with one customer, one review and one end of a bucket, and three or four orders of thirty units."""
    plan, record = stage(
        """
products: {p: {}}
sites: {supplier: {kind: supplier}, store: {kind: store}}
lanes: [{from: supplier, to: store, lead_time: 2}]
demand: [{site: store, product: p, quantity: 1}]
policies: {only: {type: s_Q, review_interval: 1, reorder_point: 5, order_quantity: 30}}
""",
        horizon=100,
    )
    assert plan.expected_events == pytest.approx(record.events, rel=0.1)
