"""What policies may know before the run: the facts of every stock point, from the Scenario.

Demand is passed upstream through the lanes by their shares; means and variances add up (independent customers).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt

from chainsim.demand.base import DemandFacts
from chainsim.plan.network import Network
from chainsim.policies.base import NetworkFacts, PointFacts, SourceFacts
from chainsim.scenario.model import Alternative, Lane, Production, Scenario


def network_facts(
    scenario: Scenario, network: Network, alternative: Alternative, demand: Mapping[int, Sequence[DemandFacts]]
) -> NetworkFacts:
    """The facts of all replenished stock points, downstream first. `demand`: own customers' streams by stock point."""
    pooled: dict[int, Pool] = {}
    points = []
    for i in network.replenished:
        pool = Pool.of(demand.get(i, ()))
        for j in network.lanes_from[i]:
            pool = pool.plus(pooled[network.target[j]], network.share_in_use(j))
        pooled[i] = pool
        points.append(_point_facts(scenario, network, alternative, i, pool, i in demand))
    arcs = tuple(tuple(sorted({network.target[j] for j in network.lanes_from[i]})) for i in network.replenished)
    return NetworkFacts(tuple(points), arcs, scenario.time.unit, scenario.currency, scenario.time.units_per_year)


class Pool:
    """Demand of several independent streams together."""

    def __init__(self, mean: float, variance: float, events: float, square: float, interval: float | None, poisson: bool):
        self.mean, self.variance = mean, variance  # per time unit
        self.events, self.square = events, square  # demand events per time unit; their summed squared sizes
        self.interval, self.poisson = interval, poisson  # None: nothing pooled yet

    @classmethod
    def of(cls, streams: Sequence[DemandFacts]) -> Pool:
        pool = cls(0.0, 0.0, 0.0, 0.0, None, True)
        for facts in streams:
            events = facts.mean_rate / facts.size_mean if facts.size_mean > 0 else 0.0
            square = events * (facts.size_mean**2 + facts.size_sd**2)
            pool = pool.plus(
                cls(facts.mean_rate, facts.variance_rate, events, square, facts.interval, facts.poisson), 1.0
            )
        return pool

    def plus(self, other: Pool, share: float) -> Pool:
        """This and a share of the other; with arrivals in continuous time anywhere, the interval is 0."""
        if other.mean <= 0.0 or share <= 0.0:
            return self
        interval = other.interval if self.interval is None or self.interval == other.interval else 0.0
        return Pool(
            self.mean + share * other.mean,
            self.variance + share**2 * other.variance,
            self.events + other.events,
            self.square + share**2 * other.square,
            interval,
            self.poisson and other.poisson and share == 1.0,
        )


def _point_facts(
    scenario: Scenario, network: Network, alternative: Alternative, i: int, pool: Pool, customers: bool
) -> PointFacts:
    point = network.points[i]
    governed = alternative.rules[(point.site, point.product)]
    sources = tuple(
        SourceFacts(network.limited_origin(j), network.share_in_use(j), *lead_moments(network, j))
        for j in network.lanes_to[i]
    )
    used = [s for s in sources if s.share > 0]
    lead_mean = sum(s.share * s.lead_mean for s in used)
    lead_square = sum(s.share * (s.lead_sd**2 + s.lead_mean**2) for s in used)
    size_mean = pool.mean / pool.events if pool.events > 0 else 0.0
    size_square = pool.square / pool.events if pool.events > 0 else 0.0
    streams = [d for d in scenario.demands if (d.site, d.product) == (point.site, point.product)]
    return PointFacts(
        index=i,
        site=point.site,
        product=point.product,
        kind=network.kind_of[point.site],
        demand_mean=pool.mean,
        demand_sd=sqrt(pool.variance),
        demand_interval=pool.interval or 0.0,
        demand_size_mean=size_mean,
        demand_size_sd=sqrt(max(size_square - size_mean**2, 0.0)),
        poisson=pool.poisson and pool.mean > 0,
        customers=customers,
        lead_mean=lead_mean,
        lead_sd=sqrt(max(lead_square - lead_mean**2, 0.0)),
        sources=sources,
        crossing=all(network.lane_of(j).crossing for j in network.lanes_to[i] if network.lane_of(j)),
        review_interval=float(getattr(governed.policy, "review_interval", None) or 0.0),
        before_demand=governed.review == "before_demand",
        unit_cost=point.unit_cost,
        holding_cost=point.holding_cost,
        order_cost=sum(network.order_cost(j) for j in network.lanes_to[i] if network.share_in_use(j) > 0),
        backorder_cost=point.backorder_cost,
        lost_sale_cost=point.lost_sale_cost,
        lost_sales=any(d.unmet == "lost" for d in streams),
        target_fill_rate=scenario.targets.get("fill_rate"),
        whole=not network.product_of[point.product].divisible,
    )


def lead_moments(network: Network, j: int) -> tuple[float, float]:
    """Mean and standard deviation of the nominal lead time of lane j (waiting at the supplier excluded)."""
    lane: Lane | Production = network.ways[j].lane or network.ways[j].production  # type: ignore[assignment]
    if isinstance(lane, Lane):
        parts = [lane.order_lag, lane.processing, lane.lead_time]
    else:
        parts = [lane.unit_time, lane.lead_time]
    known = [part for part in parts if part is not None]
    return sum(part.expectation() for part in known), sqrt(sum(part.standard_deviation() ** 2 for part in known))


