"""The network as numbers: stock points in order of rank, ways to be replenished (lanes and production), who is above whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from chainsim.ordering import natural
from chainsim.scenario.model import Demand, Lane, Production, Scenario, StockPoint
from chainsim.scenario.model_product import Product
from chainsim.scenario.sources import Weight, usual, weight


@dataclass(frozen=True)
class Way:
    """One way a stock point is replenished: a lane from another site, or production at its own."""

    target: int
    origin: int  # stock point that ships; -1: production
    lane: Lane | None = None
    production: Production | None = None


class Network:
    """Indices of one Scenario. Stock points are numbered by rank: leaves first, suppliers last, then names."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.kind_of = {site.name: site.kind for site in scenario.sites}
        self.product_of: dict[str, Product] = {product.name: product for product in scenario.products}
        self.sites = sorted((site.name for site in scenario.sites), key=natural)
        self.products = sorted(self.product_of, key=natural)
        self.centres_of = {site.name: site.production for site in scenario.sites if site.production}
        self.points: list[StockPoint] = sorted(scenario.points, key=self._order)
        self.index = {(p.site, p.product): i for i, p in enumerate(self.points)}
        self.unlimited = [self.kind_of[p.site] == "supplier" for p in self.points]
        self.replenished = [i for i in range(len(self.points)) if not self.unlimited[i]]
        self.ways = self._ways()
        self.bills = [self._bill(way) for way in self.ways]
        """Of each way: (stock point, units of it in one unit) of the components; () for a lane, and where it is made of nothing."""
        self.jobs_from: list[list[int]] = [[] for _ in self.points]
        """Ways whose jobs take from a stock point."""
        for j, bill in enumerate(self.bills):
            for component, _ in bill:
                self.jobs_from[component].append(j)
        self.target = [way.target for way in self.ways]
        self.lanes_to: list[list[int]] = [[] for _ in self.points]
        self.lanes_from: list[list[int]] = [[] for _ in self.points]
        for j, way in enumerate(self.ways):
            self.lanes_to[way.target].append(j)
            if way.origin >= 0:
                self.lanes_from[way.origin].append(j)
        for i, ways in enumerate(self.lanes_to):
            self.lanes_to[i] = sorted(ways, key=lambda j: (self.priority(j), j))

    @cached_property
    def depth(self) -> dict[tuple[str, str], int]:
        """Longest path of lanes and bills of materials below each stock point."""
        below: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for lane in self.scenario.lanes:
            below.setdefault((lane.origin, lane.product), []).append((lane.target, lane.product))
        for site, centres in self.centres_of.items():
            for product, bill in (made for centre in centres for made in centre.bills):
                for component, _ in bill:
                    below.setdefault((site, component), []).append((site, product))
        depth: dict[tuple[str, str], int] = {}
        for start in [(p.site, p.product) for p in self.scenario.points]:
            stack = [start]
            while stack:
                node = stack[-1]
                waiting = [n for n in below.get(node, ()) if n not in depth]
                if node not in depth and not waiting:
                    depth[node] = 1 + max((depth[n] for n in below.get(node, ())), default=-1)
                if waiting:
                    stack.extend(waiting)
                else:
                    stack.pop()
        return depth

    @cached_property
    def demands_at(self) -> dict[int, list[Demand]]:
        """Streams of customers by the stock point that they come to, in the scenario's order."""
        found: dict[int, list[Demand]] = {}
        for demand in self.scenario.demands:
            found.setdefault(self.index[(demand.site, demand.product)], []).append(demand)
        return found

    @cached_property
    def helped(self) -> set[tuple[str, str]]:
        """Sites and products that transship to customers of another site."""
        return {(site, demand.product) for demand in self.scenario.demands for site in demand.transship_from}

    def _order(self, p: StockPoint) -> tuple[object, ...]:
        return (
            self.kind_of[p.site] == "supplier",
            self.depth[(p.site, p.product)],
            natural(p.site),
            natural(p.product),
        )

    def _ways(self) -> tuple[Way, ...]:
        ways = []
        for lane in self.scenario.lanes:
            ways.append(
                Way(self.index[(lane.target, lane.product)], self.index[(lane.origin, lane.product)], lane=lane)
            )
        for site, centres in self.centres_of.items():
            for centre in centres:
                for product in centre.products:
                    if (site, product) in self.index:
                        ways.append(Way(self.index[(site, product)], -1, production=centre))
        return tuple(
            sorted(ways, key=lambda w: (w.target, w.origin < 0, w.origin, natural(w.lane.name) if w.lane else ()))
        )

    def _bill(self, way: Way) -> tuple[tuple[int, float], ...]:
        if way.production is None:
            return ()
        made = self.points[way.target]
        return tuple((self.index[(made.site, part)], per) for part, per in way.production.bill(made.product))

    @cached_property
    def _contents(self) -> dict[str, dict[str, float]]:
        """Units of every component in a unit of each product that has a bill, through all levels. Where recipes differ in a
        component nobody follows its echelon (`scenario.checks_bills`)."""
        bills = {p: bill for centres in self.centres_of.values() for c in centres for p, bill in c.bills}
        found: dict[str, dict[str, float]] = {}

        def contents(product: str) -> Mapping[str, float]:
            if product not in found:
                within: dict[str, float] = {}
                for component, per in bills.get(product, ()):
                    within[component] = within.get(component, 0.0) + per
                    for inner, of_it in contents(component).items():
                        within[inner] = within.get(inner, 0.0) + per * of_it
                found[product] = within
            return found[product]

        for product in bills:
            contents(product)
        return found

    def content(self, a: int, i: int) -> float:
        """Units of stock point a's product in one unit at stock point i."""
        component, product = self.points[a].product, self.points[i].product
        return 1.0 if component == product else self._contents.get(product, {}).get(component, 0.0)

    def lane_of(self, j: int) -> Lane | None:
        return self.ways[j].lane

    def priority(self, j: int) -> int:
        lane = self.ways[j].lane
        return lane.priority if lane else 1

    def ends(self, i: int) -> float | None:
        """When the life of stock point i's product ends, time units from the start; None: never."""
        return self.product_of[self.points[i].product].ends

    def order_cost(self, j: int) -> float:
        way = self.ways[j]
        return way.lane.order_cost if way.lane else way.production.order_cost if way.production else 0.0

    def setup_cost(self, j: int) -> float:
        """Of each set-up of a machine for what is made on way j."""
        made = self.ways[j].production
        return made.setup_cost if made else 0.0

    def unit_cost(self, j: int) -> float:
        way = self.ways[j]
        return way.lane.unit_cost if way.lane else way.production.unit_cost if way.production else 0.0

    def shipment_cost(self, j: int) -> float:
        lane = self.ways[j].lane
        return lane.shipment_cost if lane else 0.0

    def limited_origin(self, j: int) -> int | None:
        """The supplying stock point, or None for production and unlimited suppliers."""
        origin = self.ways[j].origin
        return None if origin < 0 or self.unlimited[origin] else origin

    def share_in_use(self, j: int) -> float:
        """Share of the target's orders expected on way j: its share under `split`, else all on the usual one."""
        target = self.ways[j].target
        if self.points[target].sourcing == "split":
            return self.split_share(j)
        return 1.0 if self._usual[target] == j else 0.0

    @cached_property
    def _usual(self) -> dict[int, int]:
        """The way that orders of each stock point usually go where they are not split."""
        return {
            i: ways[usual(self.points[i].sourcing, [self._worth(j) for j in ways])]
            for i, ways in enumerate(self.lanes_to)
            if ways
        }

    def weight(self, j: int) -> Weight:
        """What an order weighs on way j when its source is chosen; nothing where there is no choice by weight."""
        return weight(self.points[self.ways[j].target].sourcing, *self._worth(j))

    def _worth(self, j: int) -> tuple[Lane | Production, float]:
        """A way, and what a unit is worth that comes on it; made of components, what these are worth."""
        way = self.ways[j]
        parts = sum(per * self.points[part].unit_cost for part, per in self.bills[j])
        worth = parts if self.bills[j] else self.points[way.target].unit_cost
        return way.lane or way.production, worth  # type: ignore[return-value]

    def split_share(self, j: int) -> float:
        """Share of way j when orders are split; production at the site takes what the lanes leave."""
        way = self.ways[j]
        if way.lane:
            return way.lane.share
        lanes = [self.ways[k].lane for k in self.lanes_to[way.target]]
        return max(0.0, 1.0 - sum(lane.share for lane in lanes if lane))

    def below(self, i: int) -> set[int]:
        """Stock points strictly downstream of i."""
        return self._below[i]

    @cached_property
    def downstream(self) -> list[list[int]]:
        """Stock points strictly downstream of each, in order."""
        return [sorted(below) for below in self._below]

    @cached_property
    def _below(self) -> list[set[int]]:
        below: list[set[int]] = [set() for _ in self.points]
        for i in range(len(self.points)):  # downstream first, so those below are complete
            for j in (*self.lanes_from[i], *self.jobs_from[i]):
                target = self.target[j]
                below[i] |= {target} | below[target]
        return below
