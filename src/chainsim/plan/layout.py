"""Names and money of a Plan, as measures and messages need them."""

from __future__ import annotations

import numpy as np

from chainsim.ordering import natural
from chainsim.plan.crowd import Crowd
from chainsim.plan.network import Network
from chainsim.plan.plan import Layout, Money
from chainsim.scenario.model import Scenario


def layout_of(scenario: Scenario, network: Network, crowd: Crowd) -> Layout:
    """Who is where, and which customers are downstream of whom."""
    site_index = {name: i for i, name in enumerate(network.sites)}
    product_index = {name: i for i, name in enumerate(network.products)}
    serves = [i in crowd.facts for i in range(len(network.points))]
    reach = tuple(tuple(sorted(k for k in {i} | network.below(i) if serves[k])) for i in range(len(network.points)))
    groups_of = {site.name: site.groups for site in scenario.sites}
    depth: dict[str, int] = {}
    for p in network.points:
        kind = network.kind_of[p.site]
        depth[kind] = max(depth.get(kind, 0), network.depth[(p.site, p.product)])
    return Layout(
        sites=tuple(network.sites),
        kinds=tuple(network.kind_of[site] for site in network.sites),
        products=tuple(network.products),
        site=np.array([site_index[p.site] for p in network.points], np.int64),
        product=np.array([product_index[p.product] for p in network.points], np.int64),
        unlimited=np.array(network.unlimited, bool),
        customers=np.array(serves, bool),
        reach=reach,
        echelons=tuple(sorted(depth, key=lambda kind: (depth[kind], natural(kind)))),
        site_groups=tuple(groups_of[site] for site in network.sites),
        product_groups=tuple(network.product_of[product].groups for product in network.products),
        lanes=tuple(way.lane.name if way.lane else "" for way in network.ways),
    )


def money_of(scenario: Scenario, network: Network) -> Money:
    """Prices by stock point and lane. Stock in transit is charged at its owner's rate."""
    points = network.points
    holding = np.array([p.holding_cost for p in points])
    owner = []
    for way in network.ways:
        rule = way.lane.in_transit_owner if way.lane else "receiver"
        charged = {"receiver": way.target, "supplier": way.origin, "none": -1}[rule]
        owner.append(-1 if charged >= 0 and network.unlimited[charged] else charged)
    return Money(
        unit_cost=np.array([p.unit_cost for p in points]),
        unit_price=np.array([network.product_of[p.product].unit_price for p in points]),
        holding=holding,
        backorder=np.array([p.backorder_cost for p in points]),
        lost_sale=np.array([p.lost_sale_cost for p in points]),
        order_cost=np.array([network.order_cost(j) for j in range(len(network.ways))]),
        lane_unit_cost=np.array([network.unit_cost(j) for j in range(len(network.ways))]),
        in_transit_holding=np.array([holding[i] if i >= 0 else 0.0 for i in owner]),
        in_transit_point=np.array(owner, np.int64),
        carrying_rate=np.array([np.nan if p.carrying_rate is None else p.carrying_rate for p in points]),
        currency=scenario.currency,
        bucket_ends=scenario.charge == "bucket_ends",
        transshipment=np.array([p.transshipment_cost for p in points]),
        outdating=np.array([p.outdating_cost for p in points]),
        emergency=np.array([p.emergency_cost for p in points]),
        shrinkage=np.array([p.shrinkage_cost for p in points]),
        counting=np.array([p.counting_cost for p in points]),
    )
