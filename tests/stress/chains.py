"""Chains whose outages can be followed with a pencil: demand of 10 a day at whole days, fixed lead times, daily orders."""

from __future__ import annotations

import chainsim
from chainsim.plan.derivation import derive_levels
from chainsim.plan.frame import Frame
from chainsim.plan.ground import ground_of
from chainsim.scenario.model import Scenario
from chainsim.stress.calm import Calm

SHOP = """
chainsim: 1
title: A shop with a supplier two days away
time: {unit: day, warm_up: 20, horizon: 100, bucket: 1}
replications: 2
seed: 1
products: {tea: {unit_cost: 2, unit_price: 5}}
sites: {source: {kind: supplier}, shop: {kind: store}}
lanes: [{from: source, to: shop, lead_time: 2}]
demand: [{site: shop, product: tea, quantity: 10, unmet: UNMET}]
costs: {currency: EUR, holding_cost: 0.01, lost_sale: margin}
targets: {fill_rate: 0.9}
policies: {daily: {type: base_stock, order_up_to_level: 40, review_interval: 1}}
"""
CHAIN = """
chainsim: 1
title: A shop behind a warehouse
time: {unit: day, warm_up: 20, horizon: 100, bucket: 1}
replications: 1
products: {tea: {unit_cost: 2, unit_price: 5}}
sites: {source: {kind: supplier}, dc: {kind: dc}, shop: {kind: store}}
lanes: [{from: source, to: dc, lead_time: 3}, {from: dc, to: shop, lead_time: 1}]
demand: [{site: shop, product: tea, quantity: 10}]
costs: {currency: EUR, holding_cost: 0.01}
stock: [{site: dc, holding_cost: 0.005}]
targets: {fill_rate: 0.9}
policies:
  daily:
    type: base_stock
    order_up_to_level: 30
    review_interval: 1
    rules: [{kind: dc, type: base_stock, order_up_to_level: 60, review_interval: 1}]
"""


def shop(unmet: str = "backorder") -> Scenario:
    return chainsim.load_text(SHOP.replace("UNMET", unmet)).scenario


def calm_of(scenario: Scenario, alternative: str = "daily") -> Calm:
    derived = derive_levels(scenario)
    [chosen] = [a for a in scenario.alternatives if a.name == alternative]
    return Calm(Frame(chosen, ground_of(scenario)), derived[alternative].levels)
