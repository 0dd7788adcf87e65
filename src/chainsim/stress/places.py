"""The places of a network that may be out: every site, and every lane between two sites."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from chainsim.ordering import natural
from chainsim.plan.network import Network
from chainsim.plan.plan import Layout
from chainsim.policies.base import NetworkFacts
from chainsim.scenario.model import Lane
from chainsim.scenario.model_outages import Outage


@dataclass(frozen=True)
class Where:
    """A site, or the lanes between two sites under one name, with all their products.

    hit: stock points (rows of the Plan) that get nothing while it is out; of a site its own, which give nothing.
    customers: stock points with customers at or downstream of those. way: the longest expected time from there to
    customers, in time units: transport, handling, departures and reviews.
    """

    kind: Literal["site", "lane"]
    name: str
    site: str | None
    lanes: tuple[tuple[str, str, str], ...]
    hit: tuple[int, ...]
    customers: tuple[int, ...]
    way: float = 0.0

    def outage(self, start: float, duration: float) -> Outage:
        """It is out, once, as a surprise; the label is that of a scenario which says the same."""
        ends = self.site or " → ".join(self.lanes[0][:2])
        return Outage(f"{ends} at {start:.15g}", self.site, self.lanes, start, duration)


def places_of(network: Network, layout: Layout) -> list[Where]:
    """Sites from the customers upstream, then lanes in the order of where they lead, each by name."""
    found = []
    depth = dict.fromkeys(network.sites, 0)  # a site where nothing is asked for has no stock points
    for i, point in enumerate(network.points):
        depth[point.site] = max(depth[point.site], network.depth[point.site, point.product] + network.unlimited[i])
    for site in sorted(depth, key=lambda name: (depth[name], natural(name))):
        hit = tuple(i for i, point in enumerate(network.points) if point.site == site)
        found.append(Where("site", site, site, (), hit, _reached(layout, hit)))
    lanes: dict[tuple[str, str, str], list[int]] = {}
    for way in network.ways:
        if way.lane is not None:
            lanes.setdefault((way.lane.origin, way.lane.target, way.lane.name), []).append(way.target)
    ordered = sorted(lanes, key=lambda lane: (depth[lane[1]], *(natural(part) for part in (lane[1], lane[0], lane[2]))))
    for lane in ordered:
        hit = tuple(lanes[lane])
        name = " → ".join(lane[:2]) + (f" ({lane[2]})" if lane[2] else "")
        found.append(Where("lane", name, None, (lane,), hit, _reached(layout, hit)))
    return found


def with_ways(places: Sequence[Where], network: Network, facts: NetworkFacts) -> list[Where]:
    """The places, each with its longest way to customers under the reviews of one alternative."""
    below = _ways_below(network, facts)
    measured = []
    for place in places:
        if place.kind == "site":
            longest = max((below[i] + _production(network, i) for i in place.hit), default=0.0)
        else:
            name = place.lanes[0]
            longest = max(
                below[way.target] + _lane_time(way.lane) + _review(facts, way.target)
                for way in network.ways
                if way.lane and (way.lane.origin, way.lane.target, way.lane.name) == name
            )
        measured.append(replace(place, way=longest))
    return measured


def _reached(layout: Layout, hit: Sequence[int]) -> tuple[int, ...]:
    return tuple(sorted({customer for i in hit for customer in layout.reach[i]}))


def _ways_below(network: Network, facts: NetworkFacts) -> Mapping[int, float]:
    below: dict[int, float] = {}
    for i in range(len(network.points)):  # downstream first, so those below are complete
        times = [
            _lane_time(network.ways[j].lane) + _review(facts, network.target[j]) + below[network.target[j]]
            for j in network.lanes_from[i]
        ]
        times += [
            _production(network, target) + _review(facts, target) + below[target]
            for target in (network.target[j] for j in network.jobs_from[i])
        ]
        below[i] = max(times, default=0.0)
    return below


def _lane_time(lane: Lane | None) -> float:
    if lane is None:
        return 0.0
    parts = (lane.order_lag, lane.processing, lane.lead_time)
    waits = lane.departures.wait()[0] if lane.departures else 0.0
    return waits + sum(part.expectation() for part in parts if part is not None)


def _production(network: Network, i: int) -> float:
    made = [network.ways[j].production for j in network.lanes_to[i]]
    return max((production.lead_time.expectation() for production in made if production), default=0.0)


def _review(facts: NetworkFacts, i: int) -> float:
    return facts.points[i].review_interval if i < len(facts.points) else 0.0
