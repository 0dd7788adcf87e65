"""Names and money of a Plan, as measures and messages need them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from chainsim.ordering import natural
from chainsim.plan.crowd import Crowd
from chainsim.plan.network import Network
from chainsim.plan.plan import Layout, Money
from chainsim.scenario.model import Scenario, StockPoint


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
        content=_content(network, reach),
        parts=_parts(network, reach),
        volume=tuple(network.product_of[p.product].volume for p in network.points),
        excess_beyond=tuple(scenario.time.ticks(p.excess_beyond or 0.0) for p in network.points),
        dead_after=tuple(scenario.time.ticks(p.dead_after or 0.0) for p in network.points),
        lanes=tuple(way.lane.name if way.lane else "" for way in network.ways),
    )


def _content(network: Network, reach: Sequence[Sequence[int]]) -> tuple[float, ...]:
    """Units of each stock point's product in one unit sold downstream; NaN where there are several answers; () without bills."""
    if not any(network.bills):
        return ()
    found = [{network.content(i, seller) for seller in sellers} or {1.0} for i, sellers in enumerate(reach)]
    return tuple(contents.pop() if len(contents) == 1 else float("nan") for contents in found)


def _parts(network: Network, reach: Sequence[Sequence[int]]) -> tuple[bool, ...]:
    """Whether each stock point's product goes into another one that is sold; () without bills."""
    if not any(network.bills):
        return ()
    product = [p.product for p in network.points]
    return tuple(any(product[seller] != product[i] for seller in sellers) for i, sellers in enumerate(reach))


def _share(point: StockPoint) -> float:
    """Carrying cost as a share of value per time unit; NaN where it was given by the unit."""
    return np.nan if point.carrying_rate is None else point.carrying_rate


def _left_over(network: Network, point: StockPoint) -> float:
    """What a unit costs that is left over when nobody wants the product any more, less what it fetches."""
    product = network.product_of[point.product]
    return (point.unit_cost if product.write_off is None else product.write_off) - product.salvage


def _markdown(network: Network, point: StockPoint) -> float:
    """By how much an old unit is cheaper."""
    return network.product_of[point.product].unit_price - point.markdown.price if point.markdown else 0.0


def money_of(scenario: Scenario, network: Network) -> Money:
    """Prices by stock point and lane. Stock in transit is charged at its owner's rate, work at that of its components."""
    points = network.points
    holding = np.array([p.holding_cost for p in points])
    owner = []
    for way in network.ways:
        rule = way.lane.in_transit_owner if way.lane else "receiver"
        charged = {"receiver": way.target, "supplier": way.origin, "none": -1}[rule]
        owner.append(-1 if charged >= 0 and network.unlimited[charged] else charged)
    unit_cost, rate = np.array([p.unit_cost for p in points]), np.array([_share(p) for p in points])
    paid, value, share = (np.array([of[i] if i >= 0 else 0.0 for i in owner]) for of in (holding, unit_cost, rate))
    for j, bill in enumerate(network.bills):
        if bill:  # value is added when a unit is finished: until then it is worth its components, and costs what they cost to hold
            parts, per = np.array(bill).T
            parts = parts.astype(np.int64)
            paid[j], value[j] = per @ holding[parts], per @ unit_cost[parts]
            share[j] = rate[parts[0]] if len(set(rate[parts].tolist())) == 1 else np.nan
    return Money(
        unit_cost=unit_cost,
        unit_price=np.array([network.product_of[p.product].unit_price for p in points]),
        holding=holding,
        storage=np.array([p.storage_cost for p in points]),
        backorder=np.array([p.backorder_cost for p in points]),
        lost_sale=np.array([p.lost_sale_cost for p in points]),
        order_cost=np.array([network.order_cost(j) for j in range(len(network.ways))]),
        setup=np.array([network.setup_cost(j) for j in range(len(network.ways))]),
        lane_unit_cost=np.array([network.unit_cost(j) for j in range(len(network.ways))]),
        in_transit_holding=paid,
        in_transit_point=np.array(owner, np.int64),
        in_transit_value=value,
        in_transit_rate=share,
        carrying_rate=rate,
        currency=scenario.currency,
        bucket_ends=scenario.charge == "bucket_ends",
        transshipment=np.array([p.transshipment_cost for p in points]),
        outdating=np.array([p.outdating_cost for p in points]),
        emergency=np.array([p.emergency_cost for p in points]),
        shrinkage=np.array([p.shrinkage_cost for p in points]),
        counting=np.array([p.counting_cost for p in points]),
        decay=np.array([p.decay_cost for p in points]),
        stockout=np.array([p.stockout_cost for p in points]),
        shipment=np.array([way.lane.shipment_cost if way.lane else 0.0 for way in network.ways]),
        markdown=np.array([_markdown(network, p) for p in points]),
        left_over=np.array([_left_over(network, p) for p in points]),
        vehicle=np.array([way.lane.vehicle_cost if way.lane else 0.0 for way in network.ways]),
        duty=np.array([way.lane.duty if way.lane else 0.0 for way in network.ways]),
    )
