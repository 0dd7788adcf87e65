"""One alternative, ready for any levels: what no level changes is compiled once, and levels are put into it.

A search for levels compiles the same alternative again and again. Customers, lanes, streams, names, prices and facts stay;
what follows from a level is few numbers: parameters of the rules, wake levels, initial stock, echelon positions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil, inf
from typing import Any

import numpy as np

from chainsim.chance.book import StreamArrays
from chainsim.plan.adjusting import adjusted
from chainsim.plan.derivation import Before, Levels, derive
from chainsim.plan.echelons import echelon_positions, gains_of_lanes, on_hand_below, watchers_above
from chainsim.plan.flows import check_flows, compile_flows
from chainsim.plan.ground import Ground
from chainsim.plan.openings import pages_of
from chainsim.plan.plan import Array, Plan, frozen
from chainsim.plan.promises import promises_of
from chainsim.plan.seasons import PageBook
from chainsim.plan.supply import random_offset
from chainsim.policies.base import NetworkFacts, Settings, watched
from chainsim.rules.decay import STEP
from chainsim.rules.position import ECHELON, WATCH
from chainsim.scenario.model import Alternative


@dataclass(frozen=True)
class Shape:
    """What is the same for all levels of the same stock points that watch the same quantities.

    points: rows of POINT, where everything is filled in but wake levels, pages, initial stock and echelon positions.
    continuous: stock points under continuous review. echelons: those that watch their echelon.
    """

    points: Array
    lanes: Array
    flows: Array
    sources: Array
    ancestors: Array
    contents: Array
    rules: tuple[Any, ...]
    streams: StreamArrays
    continuous: tuple[int, ...]
    echelons: frozenset[int]


class Frame:
    """One alternative of a scenario, to be compiled with any levels. Plans of the same frame share what they can."""

    def __init__(self, alternative: Alternative, ground: Ground, known: Frame | None = None) -> None:
        """known: another one, of which is taken what is the same: all that no price changes."""
        self.alternative, self.ground = alternative, ground
        self._pages = PageBook(ground.clock)
        self._shapes: dict[tuple[tuple[int, int], ...], Shape] = {}
        self._derived: Before = {} if known is None or known.alternative != alternative else known._derived
        if known is not None and known.ground.points is ground.points and known.alternative == alternative:
            self._pages, self._shapes = known._pages, known._shapes

    @cached_property
    def facts(self) -> NetworkFacts:
        """What its policies are told."""
        return self.ground.facts_of(self.alternative)

    def derived(self) -> Levels:
        """What its policies derive. Raises ScenarioError when a parameter cannot be derived."""
        points, facts = self.ground.network.points, self.facts
        settings = derive(self.ground.scenario, self.alternative, self.ground.network, facts, self._derived)
        self._derived = {i: (facts.points[i], known) for i, known in settings.items()}
        return {(points[i].site, points[i].product): known for i, known in settings.items()}

    def asked(self) -> Levels:
        """The same with what the scenario puts on top. Raises as `derived` does."""
        return adjusted(self.alternative, self.ground.network, self.facts, self.derived())

    def plan(self, levels: Levels) -> Plan:
        """The Plan with these levels; stock points left out never order. Raises ScenarioError where a level does not go
        with a flow of demand."""
        ground, network = self.ground, self.ground.network
        settings = {network.index[place]: known for place, known in levels.items()}
        shape = self._shape(settings)
        points = shape.points.copy()
        points["wake_at"][list(shape.continuous)] = [settings[i].wake_at for i in shape.continuous]
        pages, page_parameters = self._pages.compile(points, self._with_days_off(points, settings))
        check_flows(self.ground.scenario, self.alternative, network, points, settings)
        on_hand = self._initial_stock(settings, shape.echelons)
        shipments, orders = ground.initial
        points["on_hand"] = on_hand
        points["echelon_position"] = echelon_positions(network, on_hand, shipments, orders, shape.echelons)
        nobody: tuple[float, ...] = ()
        everyone = range(len(network.points))
        ordered = sorted(settings)
        return Plan(
            policy=self.alternative.name,
            clock=ground.clock,
            layout=ground.layout,
            money=ground.money,
            streams=shape.streams,
            points=frozen(points),
            lanes=shape.lanes,
            customers=ground.crowd.rows,
            resources=ground.resources,
            outages=ground.outages,
            ledgers=ground.ledgers,
            agings=ground.agings,
            sources=shape.sources,
            ancestors=shape.ancestors,
            outage_lanes=ground.outage_lanes,
            partners=ground.crowd.partners,
            values=ground.crowd.values,
            warp=ground.crowd.warp,
            parameters=tuple(settings[i].p if i in settings else nobody for i in everyone),
            memory=tuple(settings[i].memory if i in settings else nobody for i in everyone),
            rules=shape.rules,
            first_shipments=shipments,
            first_orders=orders,
            derived={(network.points[i].site, network.points[i].product): settings[i].derived for i in ordered},
            warnings=tuple(
                f"{network.points[i].site} / {network.points[i].product}: {text}"
                for i in ordered
                for text in settings[i].warnings
            ),
            expected_events=self._events(settings),
            flows=shape.flows,
            promises=promises_of(network, self.alternative, self.facts, settings),
            busy=ground.busy,
            inputs=ground.inputs,
            assemblies=ground.assemblies,
            desks=ground.desks,
            terms=ground.terms,
            breaks=ground.breaks,
            openings=ground.openings,
            contents=shape.contents,
            pages=frozen(pages),
            page_parameters=frozen(page_parameters),
        )

    def _with_days_off(self, points: Array, settings: Mapping[int, Settings]) -> Mapping[int, Settings]:
        """The same, with pages for the days on which planners who watch continuously do not look."""
        found, openings = dict(settings), self.ground.openings
        for i, known in settings.items():
            first = int(points["order_days"][i])
            if first >= 0 and points["review_interval"][i] == 0:
                rows = openings[first : openings["last"][first] + 1]
                found[i] = replace(known, pages=pages_of(known, rows, self.ground.clock))
        return found

    # what no level changes

    def _shape(self, settings: Mapping[int, Settings]) -> Shape:
        key = tuple((i, WATCH.code(self._watch(i, known))) for i, known in settings.items())
        if key not in self._shapes:
            self._shapes[key] = self._new_shape(dict(key))
        return self._shapes[key]

    def _watch(self, i: int, settings: Settings) -> str:
        point = self.ground.network.points[i]
        return watched(self.alternative.rules[(point.site, point.product)].policy, settings)

    def _new_shape(self, watches: Mapping[int, int]) -> Shape:
        """watches: what each stock point that orders watches."""
        ground, network = self.ground, self.ground.network
        book, lanes = ground.book.copy(), ground.lanes.copy()
        points = ground.points.copy()
        rules: list[Any] = []
        continuous: list[int] = []
        for i in sorted(watches):
            point, row = network.points[i], points[i]
            governed = self.alternative.rules[(point.site, point.product)]
            rule = type(governed.policy).rule
            if rule not in rules:
                rules.append(rule)
            row["policy"] = rules.index(rule)
            interval = float(getattr(governed.policy, "review_interval", None) or 0.0)
            row["review_interval"], row["review_rest"] = ground.clock.ticks(interval), ground.clock.rest(interval)
            if interval == 0.0:
                continuous.append(i)
                row["offset"] = ground.openings["opens"][row["order_days"]] if row["order_days"] >= 0 else 0
            row["before_demand"] = governed.review == "before_demand"
            if governed.offset == "random" and interval > 0:
                row["offset"] = -1
                row["offset_stream"] = random_offset(book, point, interval, ground.clock)
            elif governed.offset != "random" and interval > 0:
                row["offset"] = ground.clock.ticks(governed.offset)
            row["watch"] = watches[i]
        sources, ancestors, contents = self._wire(points, lanes)
        flows = compile_flows(self.ground.scenario, network, points, ground.clock)
        return Shape(
            frozen(points), frozen(lanes), frozen(flows), frozen(sources), frozen(ancestors), frozen(contents), tuple(rules),
            book.arrays(), tuple(continuous), frozenset(i for i, watch in watches.items() if watch == ECHELON),
        )  # fmt: skip

    def _wire(self, points: Array, lanes: Array) -> tuple[Array, Array, Array]:
        """Fill in the index ranges: sources of each stock point, and the echelons each demand or shipment touches, with what of each
        is in a unit."""
        network = self.ground.network
        sources: list[int] = []
        touched: list[tuple[int, float]] = []
        above = watchers_above(network, points)
        for i in range(len(network.points)):
            points[i]["first_source"], points[i]["sources"] = len(sources), len(network.lanes_to[i])
            sources.extend(network.lanes_to[i])
            points[i]["first_ancestor"], points[i]["ancestors"] = len(touched), len(above[i])
            touched.extend((a, network.content(a, i)) for a in above[i])
        for j, gaining in enumerate(gains_of_lanes(network, above)):
            lanes[j]["first_gain"], lanes[j]["gains"] = len(touched), len(gaining)
            touched.extend(gaining)
        ancestors, contents = [a for a, _ in touched], [content for _, content in touched]
        return np.array(sources, np.int64), np.array(ancestors, np.int64), np.array(contents, np.float64)

    # what follows from levels

    def _initial_stock(self, settings: Mapping[int, Settings], echelons: frozenset[int]) -> list[float]:
        """On hand at time 0: what the scenario gives; else the level, where an echelon is watched less all that is on
        hand downstream. Those downstream come first, so theirs is known."""
        network = self.ground.network
        on_hand: list[float] = []
        for i, point in enumerate(network.points):
            start = point.on_hand
            if network.unlimited[i]:
                start = 0.0
            elif start is None:
                level = settings[i].order_up_to if i in settings else 0.0
                start = max(level - on_hand_below(network, on_hand, i), 0.0) if i in echelons else max(level, 0.0)
                start = start if network.product_of[point.product].divisible else float(ceil(start))
            on_hand.append(start)
        return on_hand

    def expected_events(self, levels: Levels) -> float:
        """As the Plan with these levels tells, without making it."""
        index = self.ground.network.index
        return self._events({index[place]: known for place, known in levels.items()})

    def _events(self, settings: Mapping[int, Settings]) -> float:
        """A rough count of calendar events in one replication, for budgets and progress.

        Every arrival is an event, every periodic review, and every order about three (dispatch, receipt, serve), four under
        continuous review. An order comes about once per order quantity, which is what lies between the order-up-to and the
        wake level, and at most once per review.
        """
        clock, machines = self.ground.clock, self.ground.on_machines
        points = self.ground.facts_at_any_prices(self.alternative).points
        length = clock.end / clock.ticks_per_unit
        per_time = 0.0
        for i, chosen in settings.items():
            fact = points[i]
            arrivals = fact.demand_mean / fact.demand_size_mean if fact.demand_size_mean > 0 else inf  # a flow
            below = max(fact.demand_size_mean - 1.0, 0.0) / 2.0  # how far the position has fallen below s, at least
            batch = max(chosen.order_up_to - chosen.wake_at + below, fact.demand_size_mean, 1e-9)
            orders = reviews = min(arrivals, fact.demand_mean / batch)
            if fact.review_interval > 0:
                reviews = 1.0 / fact.review_interval
                orders = min(orders, reviews)
            per_time += reviews + 3.0 * orders + len(chosen.pages) / length
            if i in machines:
                per_time += 2.0 * fact.demand_mean  # every unit is made by itself
        for point in self.ground.network.points:
            if point.loss:
                per_time += 1.0 / point.loss.gap.expectation()
            if point.count and point.count.every:
                per_time += 1.0 / point.count.every
        for i, chosen in settings.items():
            if (rate := self.ground.network.points[i].decay) > 0.0 and chosen.order_up_to < inf:
                per_time += rate * max(chosen.order_up_to, 1.0 / STEP)
        return float(self.ground.crowd.arrivals + length * per_time + clock.end // clock.bucket + 1)
