"""What is the same under every policy of a scenario: compiled once for all alternatives and levels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from math import inf
from typing import Any

import numpy as np

from chainsim.chance.book import StreamBook
from chainsim.plan.agings import compile_agings
from chainsim.plan.bills import compile_bills
from chainsim.plan.clock import clock_of
from chainsim.plan.crowd import Crowd, compile_customers
from chainsim.plan.facts import at_other_prices, network_facts
from chainsim.plan.layout import layout_of, money_of
from chainsim.plan.ledgers import compile_ledgers
from chainsim.plan.network import Network
from chainsim.plan.openings import OpeningBook
from chainsim.plan.plan import Array, Clock, Layout, Money, frozen
from chainsim.plan.promises import busy_buckets
from chainsim.plan.series import series_rows
from chainsim.plan.supply import (
    compile_closures,
    compile_endings,
    compile_lanes,
    compile_outages,
    compile_resources,
    time_stream,
)
from chainsim.plan.tables import POINT, SHIPMENT
from chainsim.plan.terms import compile_terms
from chainsim.policies.base import NetworkFacts
from chainsim.rules.allocate import ALLOCATION
from chainsim.rules.make import MACHINES
from chainsim.rules.order import SOURCING
from chainsim.rules.shelf import ISSUING
from chainsim.scenario.model import Alternative, Scenario

Facts = dict[str, tuple[Alternative, NetworkFacts]]
"""What was gathered for alternatives, by name."""


@dataclass(frozen=True)
class Ground:
    """The network, its customers, lanes, plants and streams. All arrays are read-only.

    points: rows of POINT, without what a policy says. book_of_crowd: the streams of customers alone, which are registered first.
    _before: facts of a scenario that differs in prices and targets only.
    """

    scenario: Scenario
    network: Network
    clock: Clock
    book: StreamBook
    crowd: Crowd
    points: Array
    lanes: Array
    resources: Array
    outages: Array
    outage_lanes: Array
    ledgers: Array
    layout: Layout
    money: Money
    busy: Array
    inputs: Array
    assemblies: Array
    desks: Array
    terms: Array
    breaks: Array
    agings: Array
    openings: Array
    book_of_crowd: StreamBook
    _facts: Facts = field(default_factory=dict, repr=False, compare=False)
    _before: Facts = field(default_factory=dict, repr=False, compare=False)

    def facts_of(self, alternative: Alternative) -> NetworkFacts:
        """What the policies of an alternative of the scenario may know, gathered once, whatever its levels."""
        name = alternative.name
        if name not in self._facts:
            asked, facts = self._before.get(name, (None, None))
            if facts is None or asked != alternative:
                facts = network_facts(self.scenario, self.network, alternative, self.crowd.facts)
            else:
                facts = at_other_prices(facts, self.scenario, self.network)
            self._facts[name] = alternative, facts
        return self._facts[name][1]

    def tell(self, alternative: Alternative, facts: NetworkFacts) -> None:
        """Facts of an alternative of this very scenario that somebody gathered before."""
        self._facts.setdefault(alternative.name, (alternative, facts))

    def facts_at_any_prices(self, alternative: Alternative) -> NetworkFacts:
        """The same where prices do not count: those of another scenario will do, if they are known."""
        asked, facts = self._before.get(alternative.name, (None, None))
        return facts if facts is not None and asked == alternative else self.facts_of(alternative)

    @cached_property
    def on_machines(self) -> frozenset[int]:
        """Stock points whose units are made one by one."""
        machines = np.isin(self.points["resource"], np.flatnonzero(self.resources["kind"] == MACHINES))
        return frozenset(np.flatnonzero(machines).tolist())

    @cached_property
    def initial(self) -> tuple[Array, Array]:
        """Initial shipments and initial orders on their way, as rows of SHIPMENT: lane, quantity and due tick."""
        tables = []
        for what in ("shipments", "orders"):
            rows = []
            for i, point in enumerate(self.network.points):
                for arriving in getattr(point, what):
                    for j in self.network.lanes_to[i]:
                        lane = self.network.lane_of(j)
                        if (lane.origin if lane else point.site) == arriving.origin:
                            rows.append((j, arriving.quantity, self.clock.ticks(arriving.due)))
                            break
            table = SHIPMENT.array(len(rows))
            for row, (j, quantity, due) in zip(table, rows, strict=True):
                row["lane"], row["quantity"], row["due"] = j, quantity, due
            tables.append(frozen(table))
        return tables[0], tables[1]


def ground_of(scenario: Scenario, seed: int | None = None, known: Ground | None = None) -> Ground:
    """The ground of a scenario. seed: instead of the scenario's. known: that of another one, of which is taken what is the same:
    all of it, all but prices, or its customers."""
    network = Network(scenario)
    clock = clock_of(scenario)
    seed = scenario.seed if seed is None else seed
    if known is not None and known.book.seed == seed and same_but_for_prices(scenario, known.scenario):
        money = money_of(scenario, network)
        before = {**known._before, **known._facts}
        return replace(known, scenario=scenario, network=network, money=money, _facts={}, _before=before)
    if known is not None and known.book.seed == seed and _same_customers(scenario, network, known):
        crowd, book_of_crowd = known.crowd, known.book_of_crowd
    else:
        book_of_crowd = StreamBook(seed)
        crowd = compile_customers(scenario, network, book_of_crowd, clock)
    book = book_of_crowd.copy()
    openings = OpeningBook(scenario, clock)
    lanes = compile_lanes(network, book, clock, openings)
    resources, resource_of = compile_resources(network, book, clock)
    outages, outage_lanes = compile_outages(scenario, network, book, clock)
    outages = np.concatenate([outages, compile_closures(network, clock, openings), compile_endings(network, clock)])
    layout, money = layout_of(scenario, network, crowd), money_of(scenario, network)
    points = _points(network, resource_of, clock)
    points["life_stream"] = [
        time_stream(book, ("stock", p.site, p.product, "lifetime"), p.life, clock) for p in network.points
    ]
    points["order_days"] = [openings.row(point.order_days) for point in network.points]
    rows_of_openings = openings.rows
    bills = compile_bills(network, points, lanes)
    terms = compile_terms(network, lanes, clock)
    ledgers = compile_ledgers(network, points, book, clock)
    agings = compile_agings(network, lanes)
    busy = busy_buckets(scenario, network, layout, clock)
    points["series_row"] = series_rows(scenario, layout, busy)
    for array in (
        crowd.rows,
        crowd.partners,
        crowd.values,
        crowd.warp,
        points,
        lanes,
        resources,
        outages,
        outage_lanes,
        *bills,
        *terms,
        ledgers,
        agings,
        rows_of_openings,
    ):
        frozen(array)
    return Ground(
        scenario, network, clock, book, crowd, points, lanes, resources, outages, outage_lanes, ledgers, layout, money, frozen(busy),
        *bills, *terms, agings, rows_of_openings, book_of_crowd,
    )  # fmt: skip


NO_GROUND = frozenset(
    ["title", "replications", "confidence", "alternatives", "targets", "engine", "precision", "material", "story", "name", "document",
     "tune", "sha256"]
)  # fmt: skip
"""What two scenarios may differ in and have the same ground: what is asked of it, and how it is run."""
MONEY = {
    "currency": frozenset[str](),
    "charge": frozenset[str](),
    "products": frozenset(["unit_cost", "unit_price", "salvage", "write_off"]),
    "lanes": frozenset(["order_cost", "unit_cost", "shipment_cost", "vehicle_cost", "duty"]),
    "points": frozenset(
        ["unit_cost", "holding_cost", "backorder_cost", "lost_sale_cost", "emergency_cost", "outdating_cost", "transshipment_cost",
         "shrinkage_cost", "counting_cost", "decay_cost", "stockout_cost", "storage_cost",
         "carrying_rate"]
    ),
}  # fmt: skip
"""Fields of a scenario that are money, or whose own fields of these names are."""


def same_but_for_prices(one: Scenario, other: Scenario) -> bool:
    """Whether nothing differs but what is asked, and money that moves nothing: not where the cheapest source is chosen by it."""
    if any(point.sourcing == "cheapest" for point in one.points):
        return _differs(one, other) <= NO_GROUND
    for name in _differs(one, other) - NO_GROUND:
        if name not in MONEY:
            return False
        if MONEY[name] and _without(getattr(one, name), MONEY[name]) != _without(getattr(other, name), MONEY[name]):
            return False
    return True


def _without(things: Sequence[Any], prices: frozenset[str]) -> list[tuple[Any, ...]]:
    """All of these but their prices."""
    return [tuple(value for name, value in vars(thing).items() if name not in prices) for thing in things]


def _differs(one: Scenario, other: Scenario) -> set[str]:
    """Fields of two scenarios that are not the same."""
    return {f.name for f in fields(one) if f.compare and getattr(one, f.name) != getattr(other, f.name)}


def _same_customers(scenario: Scenario, network: Network, known: Ground) -> bool:
    """Whether all that `compile_customers` reads is the same: prices are not."""
    there = known.scenario
    whole = [(product.name, product.divisible) for product in scenario.products]
    return (
        (scenario.time, scenario.demands, scenario.tables) == (there.time, there.demands, there.tables)
        and network.index == known.network.index
        and whole == [(product.name, product.divisible) for product in there.products]
    )


def _points(network: Network, resource_of: dict[tuple[str, str], int], clock: Clock) -> Array:
    """Rows of the POINT table, as far as no policy matters."""
    rows = POINT.array(len(network.points))
    site_index = {name: i for i, name in enumerate(network.sites)}
    product_index = {name: i for i, name in enumerate(network.products)}
    for i, point in enumerate(network.points):
        row = rows[i]
        row["site"], row["product"] = site_index[point.site], product_index[point.product]
        row["rank"], row["unlimited"] = i, network.unlimited[i]
        row["whole"] = not network.product_of[point.product].divisible
        row["wake_at"] = -inf
        row["minimum"], row["multiple"] = point.minimum_order, point.order_multiple
        row["maximum"] = point.maximum_order
        row["allocation"], row["sourcing"] = ALLOCATION.code(point.allocation), SOURCING.code(point.sourcing)
        if any(network.ways[j].production for j in network.lanes_to[i]):
            row["resource"] = resource_of[(point.site, point.product)]
        row["expedite_up_to"] = point.expedite_up_to or 0.0
        if point.lifetime is not None and not network.unlimited[i]:
            row["lifetime"] = max(1, clock.ticks(point.lifetime))
            row["issuing"] = ISSUING.code(point.issuing)
    return rows
