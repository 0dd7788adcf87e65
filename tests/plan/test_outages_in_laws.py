"""Which outages the level of a stock point has to know of."""

from __future__ import annotations

from textwrap import dedent

import pytest

from chainsim.plan.laws import _of_supply
from chainsim.plan.network import Network
from chainsim.scenario.load import load_text
from tests.semantics.stage import HEAD


@pytest.mark.parametrize(
    ("disruption", "word"),
    [
        ("lane: {to: shop}, stops: nothing, stretches: 2", "lead times that disruptions change"),
        ("lane: {to: shop}", "outages"),
    ],
)
def test_levels_of_other_places_know_nothing_of_an_outage_of_a_lane(disruption: str, word: str) -> None:
    """Neither the plant, which no lane leads to, nor the shop at the end of another."""
    text = f"""
    products: {{p: {{unit_cost: 10}}}}
    sites: {{supplier: {{kind: supplier}}, shop: {{kind: store}}, other: {{kind: store}}, plant: {{kind: plant, production: {{lead_time: 1}}}}}}
    lanes: [{{from: supplier, to: [shop, other], lead_time: 1}}]
    demand: [{{site: [shop, other, plant], product: p, type: per_period, quantity: 2, unmet: lost}}]
    disruptions: [{{type: outage, known: true, {disruption}, start: 4, duration: 2}}]
    policies: {{only: {{type: base_stock, order_up_to_level: 10}}}}
    """
    head = HEAD.replace("HORIZON", "9").replace("REVIEW", "after_demand")
    network = Network(load_text(head + dedent(text), "case.yaml", None))
    told = {name.site: list(_of_supply(network, i)) for i, name in enumerate(network.points) if network.lanes_to[i]}
    assert told == {"shop": [word], "other": [], "plant": []}
