"""Scenario + alternative → Plan.

Everything uncertain is settled here, once: indices, ticks, streams, parameters, initial state. Engines only look up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, inf
from typing import Any

import numpy as np

from chainsim.chance.book import StreamBook
from chainsim.errors import Finding, Place, ScenarioError
from chainsim.plan.clock import clock_of
from chainsim.plan.crowd import Crowd, compile_customers
from chainsim.plan.derivation import Levels, chosen_alternatives, derive
from chainsim.plan.echelons import below_at_start, gains_of_lanes, initial_echelon_positions, watchers_above
from chainsim.plan.facts import network_facts
from chainsim.plan.flows import check_flows, compile_flows
from chainsim.plan.layout import layout_of, money_of
from chainsim.plan.network import Network
from chainsim.plan.plan import Array, Clock, Layout, Money, Plan
from chainsim.plan.promises import busy_buckets, promises_of
from chainsim.plan.seasons import compile_pages
from chainsim.plan.supply import compile_lanes, compile_outages, compile_resources, random_offset
from chainsim.plan.tables import POINT, SHIPMENT
from chainsim.policies.base import NetworkFacts, Settings
from chainsim.rules.allocate import ALLOCATION
from chainsim.rules.order import SOURCING
from chainsim.rules.position import WATCH
from chainsim.rules.shelf import ISSUING
from chainsim.scenario.model import Alternative, Scenario, StockPoint


def compile_plan(
    scenario: Scenario,
    alternative: str,
    *,
    seed: int | None = None,
    levels: Levels | None = None,
    ground: Ground | None = None,
) -> Plan:
    """The Plan of one alternative, by its name in the scenario.

    levels: what its stock points run with, in place of what its policies derive; those left out never order.
    ground: what `ground_of` made of this scenario and seed, for one who compiles the same alternative again and again.
    Raises ScenarioError when a parameter cannot be derived, UsageError for an unknown alternative.
    """
    [chosen] = chosen_alternatives(scenario, [alternative])
    return _compiled(scenario, chosen, ground or ground_of(scenario, seed), levels)


def compile_plans(
    scenario: Scenario,
    alternatives: Sequence[str] | None = None,
    *,
    seed: int | None = None,
    levels: Mapping[str, Levels] | None = None,
) -> list[Plan]:
    """The Plans of several alternatives, all by default. What they share (customers, lanes, plants) is compiled once.

    levels: by alternative, as in `compile_plan`. Raises as it does.
    """
    chosen, known = chosen_alternatives(scenario, alternatives), levels or {}
    ground = ground_of(scenario, seed)
    return [_compiled(scenario, one, ground, known.get(one.name)) for one in chosen]


@dataclass(frozen=True)
class Ground:
    """What is the same under every policy."""

    network: Network
    clock: Clock
    book: StreamBook
    crowd: Crowd
    lanes: Array
    resources: Array
    resource_of: dict[tuple[str, str], int]
    outages: Array
    outage_lanes: Array
    layout: Layout
    money: Money
    busy: Array
    _facts: dict[str, NetworkFacts] = field(default_factory=dict, repr=False, compare=False)

    def facts_of(self, scenario: Scenario, alternative: Alternative) -> NetworkFacts:
        """What the policies of an alternative of the scenario may know, gathered once, whatever its levels."""
        if alternative.name not in self._facts:
            self._facts[alternative.name] = network_facts(scenario, self.network, alternative, self.crowd.facts)
        return self._facts[alternative.name]


def ground_of(scenario: Scenario, seed: int | None) -> Ground:
    """Compiled once for all alternatives and levels. seed: instead of the scenario's."""
    network = Network(scenario)
    clock = clock_of(scenario)
    book = StreamBook(scenario.seed if seed is None else seed)
    crowd = compile_customers(scenario, network, book, clock)
    lanes = compile_lanes(network, book, clock)
    resources, resource_of = compile_resources(network, book, clock)
    outages, outage_lanes = compile_outages(scenario, network, book, clock)
    layout, money = layout_of(scenario, network, crowd), money_of(scenario, network)
    busy = _frozen(busy_buckets(scenario, network, layout, clock))
    return Ground(
        network, clock, book, crowd, lanes, resources, resource_of, outages, outage_lanes, layout, money, busy
    )


def _compiled(scenario: Scenario, chosen: Alternative, ground: Ground, levels: Levels | None) -> Plan:
    network, clock, book, crowd = ground.network, ground.clock, ground.book.copy(), ground.crowd
    lanes, resources, outages, outage_lanes = (
        table.copy() for table in (ground.lanes, ground.resources, ground.outages, ground.outage_lanes)
    )
    facts = ground.facts_of(scenario, chosen)
    if levels is None:
        settings = derive(scenario, chosen, network, facts)
    else:
        settings = {network.index[place]: known for place, known in levels.items()}
    points, rules = _points(scenario, network, chosen, settings, ground.resource_of, book, clock)
    pages, page_parameters = compile_pages(points, settings, clock)
    machines = np.isin(points["resource"], np.flatnonzero(resources["kind"] == 1))
    sources, ancestors = _wire(network, points, lanes)
    flows = compile_flows(scenario, network, points, clock)
    check_flows(scenario, chosen, network, points, settings)
    shipments, orders = _initial(network, clock)
    initial_echelon_positions(network, points, shipments, orders)
    return Plan(
        policy=chosen.name,
        clock=clock,
        layout=ground.layout,
        money=ground.money,
        streams=book.arrays(),
        points=_frozen(points),
        lanes=_frozen(lanes),
        customers=_frozen(crowd.rows),
        resources=_frozen(resources),
        outages=_frozen(outages),
        sources=_frozen(sources),
        ancestors=_frozen(ancestors),
        outage_lanes=_frozen(outage_lanes),
        partners=_frozen(crowd.partners),
        values=_frozen(crowd.values),
        warp=_frozen(crowd.warp),
        parameters=tuple(settings[i].p if i in settings else () for i in range(len(network.points))),
        memory=tuple(settings[i].memory if i in settings else () for i in range(len(network.points))),
        rules=rules,
        first_shipments=_frozen(shipments),
        first_orders=_frozen(orders),
        derived={(network.points[i].site, network.points[i].product): settings[i].derived for i in sorted(settings)},
        warnings=tuple(
            f"{network.points[i].site} / {network.points[i].product}: {text}"
            for i in sorted(settings)
            for text in settings[i].warnings
        ),
        expected_events=_expected_events(facts, settings, machines, crowd, clock),
        flows=_frozen(flows),
        promises=promises_of(network, chosen, facts, settings),
        busy=ground.busy,
        pages=_frozen(pages),
        page_parameters=_frozen(page_parameters),
    )


def _points(
    scenario: Scenario,
    network: Network,
    alternative: Alternative,
    settings: dict[int, Settings],
    resource_of: dict[tuple[str, str], int],
    book: StreamBook,
    clock: Clock,
) -> tuple[Array, tuple[Any, ...]]:
    """Rows of the POINT table, and the rules they name."""
    rows = POINT.array(len(network.points))
    rules: list[Any] = []
    site_index = {name: i for i, name in enumerate(network.sites)}
    product_index = {name: i for i, name in enumerate(network.products)}
    for i, point in enumerate(network.points):
        row = rows[i]
        whole = not network.product_of[point.product].divisible
        row["site"], row["product"] = site_index[point.site], product_index[point.product]
        row["rank"], row["unlimited"], row["whole"] = i, network.unlimited[i], whole
        row["wake_at"] = -inf
        row["minimum"], row["multiple"] = point.minimum_order, point.order_multiple
        row["maximum"] = point.maximum_order
        row["allocation"], row["sourcing"] = ALLOCATION.code(point.allocation), SOURCING.code(point.sourcing)
        if any(network.ways[j].production for j in network.lanes_to[i]):
            row["resource"] = resource_of[(point.site, point.product)]
        if i in settings:
            governed = alternative.rules[(point.site, point.product)]
            rule = type(governed.policy).rule
            if rule not in rules:
                rules.append(rule)
            row["policy"] = rules.index(rule)
            interval = float(getattr(governed.policy, "review_interval", None) or 0.0)
            row["review_interval"], row["review_rest"] = clock.ticks(interval), clock.rest(interval)
            row["before_demand"] = governed.review == "before_demand"
            if governed.offset == "random" and interval > 0:
                row["offset"] = -1
                row["offset_stream"] = random_offset(book, point, interval, clock)
            elif governed.offset != "random":
                row["offset"] = clock.ticks(governed.offset)
            row["watch"] = WATCH.code(_watch(governed.policy, settings[i]))
            row["wake_at"] = settings[i].wake_at if interval == 0.0 else -inf
        row["expedite_up_to"] = point.expedite_up_to or 0.0
        if point.lifetime is not None and not network.unlimited[i]:
            row["lifetime"] = max(1, clock.ticks(point.lifetime))
            row["issuing"] = ISSUING.code(point.issuing)
        on_hand = point.on_hand
        if on_hand is None:
            start = settings[i].order_up_to - below_at_start(network, rows, i) if i in settings else 0.0
            on_hand = max(start, 0.0)
            on_hand = float(ceil(on_hand)) if whole else on_hand
        row["on_hand"] = 0.0 if network.unlimited[i] else on_hand
    return rows, tuple(rules)


def _watch(policy: Any, settings: Settings) -> str:
    """What continuous review watches: the stock point's settings, else what the user said, else what the rule reads."""
    watch: str = settings.watch or getattr(policy, "watch", None) or type(policy).watches
    return watch


def _wire(network: Network, points: Array, lanes: Array) -> tuple[Array, Array]:
    """Fill in the index ranges: sources of each stock point, and the echelons each demand or shipment touches."""
    sources: list[int] = []
    ancestors: list[int] = []
    above = watchers_above(network, points)
    for i in range(len(network.points)):
        points[i]["first_source"], points[i]["sources"] = len(sources), len(network.lanes_to[i])
        sources.extend(network.lanes_to[i])
        points[i]["first_ancestor"], points[i]["ancestors"] = len(ancestors), len(above[i])
        ancestors.extend(above[i])
    for j, gaining in enumerate(gains_of_lanes(network, above)):
        lanes[j]["first_gain"], lanes[j]["gains"] = len(ancestors), len(gaining)
        ancestors.extend(gaining)
    return np.array(sources, np.int64), np.array(ancestors, np.int64)


def _initial(network: Network, clock: Clock) -> tuple[Array, Array]:
    """Initial shipments and initial orders on their way, as rows with lane, quantity and due tick."""
    tables = []
    for what in ("shipments", "orders"):
        rows = []
        for i, point in enumerate(network.points):
            for arriving in getattr(point, what):
                for j in network.lanes_to[i]:
                    lane = network.lane_of(j)
                    if (lane.origin if lane else point.site) == arriving.origin:
                        if lane is None and what == "orders":
                            raise ScenarioError([_no_letter_to_oneself(network.scenario, point)])
                        rows.append((j, arriving.quantity, clock.ticks(arriving.due)))
                        break
        table = SHIPMENT.array(len(rows))
        for row, (j, quantity, due) in zip(table, rows, strict=True):
            row["lane"], row["quantity"], row["due"] = j, quantity, due
        tables.append(table)
    return tables[0], tables[1]


def _no_letter_to_oneself(scenario: Scenario, point: StockPoint) -> Finding:
    where = f"stock ({point.site} / {point.product}).initial.orders"
    message = "an order for production at the site itself is never on its way as information"
    return Finding("error", Place(scenario.name), where, message, "write it under initial.shipments, with its due time")


def _expected_events(
    facts: NetworkFacts, settings: dict[int, Settings], machines: Array, crowd: Crowd, clock: Clock
) -> float:
    """A rough count of calendar events in one replication, for budgets and progress.

    Every arrival is an event, every periodic review, and every order about three (dispatch, receipt, serve), four under
    continuous review. An order comes about once per order quantity, which is what lies between the order-up-to and the
    wake level, and at most once per review.
    """
    length = clock.end / clock.ticks_per_unit
    per_time = 0.0
    for i, chosen in settings.items():
        fact = facts.points[i]
        arrivals = fact.demand_mean / fact.demand_size_mean if fact.demand_size_mean > 0 else inf  # a flow
        below = max(fact.demand_size_mean - 1.0, 0.0) / 2.0  # how far the position has fallen below s, at least
        batch = max(chosen.order_up_to - chosen.wake_at + below, fact.demand_size_mean, 1e-9)
        orders = reviews = min(arrivals, fact.demand_mean / batch)
        if fact.review_interval > 0:
            reviews = 1.0 / fact.review_interval
            orders = min(orders, reviews)
        per_time += reviews + 3.0 * orders + len(chosen.pages) / length
        if machines[i]:
            per_time += 2.0 * fact.demand_mean  # every unit is made by itself
    return float(crowd.arrivals + length * per_time + clock.end // clock.bucket + 1)


def _frozen(array: Array) -> Array:
    array.flags.writeable = False
    return array
