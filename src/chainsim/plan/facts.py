"""What policies may know before the run: the facts of every stock point, from the Scenario.

Demand is passed upstream along the lanes by their shares, and from products to their components by their bills of materials. A stock
point's demand is pooled over the *end* customers it
reaches, each with the sum of the shares of all paths to it: two half paths to one store are one whole store, not two
independent halves (S. Humair, J. Ruark, B. Tomlin, S. Willems 2013, Interfaces 43(5)).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isclose, sqrt
from typing import Any

from chainsim.chance.facts import EventLaw, LeadLaw
from chainsim.demand.base import DemandFacts
from chainsim.plan.ahead import season_ahead
from chainsim.plan.clock import clock_of
from chainsim.plan.covers import Cover, covers_of, moments, seen_by
from chainsim.plan.laws import event_laws, lead_law, review_phases, unknown_here
from chainsim.plan.network import Network
from chainsim.policies.base import NetworkFacts, PointFacts, Prices, SourceFacts
from chainsim.policies.season import follows
from chainsim.scenario.model import Alternative, Demand, Lane, PointPolicy, Production, Scenario, StockPoint


def network_facts(
    scenario: Scenario, network: Network, alternative: Alternative, demand: Mapping[int, Sequence[DemandFacts]]
) -> NetworkFacts:
    """The facts of all replenished stock points, downstream first. `demand`: own customers' streams by stock point."""
    streams = network.demands_at
    reached: dict[int, dict[int, float]] = {}  # stock point -> {selling stock point: units here for a unit sold there}
    earlier: dict[
        int, dict[int, float]
    ] = {}  # the same -> how long before a customer buys what he wants is ordered here
    covers: dict[int, float] = {}  # how much earlier it orders where its level follows the season, else 0
    clock = clock_of(scenario)
    by_calendar = covers_of(network, alternative, clock)
    alternative = seen_by(alternative, network, by_calendar)
    points = []
    for i in network.replenished:
        shares = {i: 1.0} if i in demand else {}
        early = dict.fromkeys(shares, 0.0)
        for j, per in units_drawn(network, i):
            for seller, share in reached[network.target[j]].items():
                shares[seller] = shares.get(seller, 0.0) + share * per * network.share_in_use(j)
                early.setdefault(seller, earlier[network.target[j]][seller] + covers[network.target[j]])
        reached[i] = {seller: share for seller, share in shares.items() if share > 0.0}
        earlier[i] = early
        met = [(facts, share) for seller, share in reached[i].items() for facts in demand[seller]]
        below = [stream for seller in reached[i] for stream in streams[seller]]
        own, laws = streams.get(i, []), event_laws(met)
        cover = by_calendar.get(i)
        point = _point_facts(scenario, network, alternative, i, pooled(met), own, below, laws, cover)
        if cover is not None and cover.leads and cover.sure:
            point = replace(point, crossing=False, keeps_order=True)
        governed = alternative.rules[(point.site, point.product)]
        seen = [(facts, share, early[seller]) for seller, share in reached[i].items() for facts in demand[seller]]
        review = cover.interval if cover is not None else point.review_interval
        points.append(replace(point, season=season_ahead(point, seen, governed.offset, clock), review_interval=review))
        covers[i] = point.lead_mean if follows(governed.policy) else 0.0
    arcs = tuple(tuple(sorted({network.target[j] for j in network.lanes_from[i]})) for i in network.replenished)
    return NetworkFacts(tuple(points), arcs, scenario.time.unit, scenario.currency, scenario.time.units_per_year)


def units_drawn(network: Network, i: int) -> list[tuple[int, float]]:
    """Ways that take from stock point i, and units of it in each of theirs: lanes, and jobs by their bills."""
    return [(j, 1.0) for j in network.lanes_from[i]] + [(j, dict(network.bills[j])[i]) for j in network.jobs_from[i]]


@dataclass(frozen=True)
class Pool:
    """Demand of several independent streams together; rates per time unit."""

    mean: float
    variance: float
    interval: float  # their common period; 0 when there is none, or customers come in continuous time
    size_mean: float
    size_sd: float
    poisson: bool


def pooled(streams: Sequence[tuple[DemandFacts, float]]) -> Pool:
    """Streams, each with the units asked for here by one of its own: means add up by them, variances by their square."""
    streams = [(facts, share) for facts, share in streams if facts.mean_rate > 0.0]
    mean = sum(share * facts.mean_rate for facts, share in streams)
    events = sum(facts.mean_rate / facts.size_mean for facts, _ in streams if facts.size_mean > 0.0)  # a flow has none
    square = sum(
        share**2 * facts.mean_rate / facts.size_mean * (facts.size_mean**2 + facts.size_sd**2)
        for facts, share in streams
        if facts.size_mean > 0.0
    )
    size = sum(share * facts.mean_rate for facts, share in streams if facts.size_mean > 0.0) / events if events else 0.0
    intervals = {facts.interval for facts, _ in streams}
    return Pool(
        mean=mean,
        variance=sum(share**2 * facts.variance_rate for facts, share in streams),
        interval=intervals.pop() if len(intervals) == 1 else 0.0,
        size_mean=size,
        size_sd=sqrt(max(square / events - size**2, 0.0)) if events > 0.0 else 0.0,
        poisson=bool(streams) and all(facts.poisson and isclose(share, 1.0) for facts, share in streams),
    )


def _point_facts(
    scenario: Scenario,
    network: Network,
    alternative: Alternative,
    i: int,
    pool: Pool,
    own: Sequence[Demand],
    below: Sequence[Demand],
    events: tuple[tuple[EventLaw, int], ...],
    cover: Cover | None,
) -> PointFacts:
    """`own`: streams of customers here; `below`: those here and at all stock points it supplies in the end; `cover`: what a calendar
    makes of its lead times and receipts, where there is one."""
    timed: Mapping[int, LeadLaw] = cover.leads if cover is not None else {}
    point = network.points[i]
    governed = alternative.rules[(point.site, point.product)]
    known = {j: moments(timed[j]) if j in timed else lead_moments(network, j) for j in network.lanes_to[i]}
    sources = tuple(
        SourceFacts(network.limited_origin(j), network.share_in_use(j), *known[j], bool(network.bills[j]))
        for j in network.lanes_to[i]
    )
    used = [s for s in sources if s.share > 0]
    lead_mean = sum(s.share * s.lead_mean for s in used)
    lead_square = sum(s.share * (s.lead_sd**2 + s.lead_mean**2) for s in used)
    return PointFacts(
        index=i,
        site=point.site,
        product=point.product,
        kind=network.kind_of[point.site],
        demand_mean=pool.mean,
        demand_sd=sqrt(pool.variance),
        demand_interval=pool.interval,
        demand_size_mean=pool.size_mean,
        demand_size_sd=pool.size_sd,
        poisson=pool.poisson,
        customers=bool(own),
        lead_mean=lead_mean,
        lead_sd=sqrt(max(lead_square - lead_mean**2, 0.0)),
        sources=sources,
        crossing=all(
            lane.crossing and not lane.departures for j in network.lanes_to[i] if (lane := network.lane_of(j))
        ),
        review_interval=float(getattr(governed.policy, "review_interval", None) or 0.0),
        before_demand=governed.review == "before_demand" and bool(own),  # else it sees orders of the instant
        **_prices(network, i, own),
        lost_sales=any(stream.unmet in ("lost", "emergency") for stream in own),
        target_fill_rate=scenario.targets.get("fill_rate"),
        whole=not network.product_of[point.product].divisible,
        review_meets_demand=_meets(governed, pool.interval, below),
        production_rate=next(
            (p.rate for j in network.lanes_to[i] if (p := network.ways[j].production) and p.rate), 0.0
        ),
        **_laws(network, alternative, i, events, own, cover),
    )


def _prices(network: Network, i: int, own: Sequence[Demand]) -> dict[str, Any]:
    """The facts that are money."""
    point = network.points[i]
    return {
        "unit_cost": point.unit_cost,
        "holding_cost": point.holding_cost + point.storage_cost,
        "order_cost": sum(
            network.order_cost(j) + network.setup_cost(j) + network.shipment_cost(j)
            for j in network.lanes_to[i]
            if network.share_in_use(j) > 0
        ),
        "backorder_cost": point.backorder_cost,
        "lost_sale_cost": _of_a_lost_unit(point, own),
        "prices": _prices_by_size(network, i),
    }


def _prices_by_size(network: Network, i: int) -> Prices | None:
    """What a unit costs by the size of an order, where all orders go to one lane and it has such prices."""
    lanes = [lane for j in network.lanes_to[i] if network.share_in_use(j) > 0.0 and (lane := network.lane_of(j))]
    if len(lanes) != 1 or not lanes[0].price_breaks:
        return None
    starts, prices = zip(*lanes[0].price_breaks, strict=True)
    rate, room = network.points[i].carrying_rate or 0.0, network.points[i].storage_cost
    return Prices(starts, prices, lanes[0].incremental, rate, lanes[0].duty, room)


def at_other_prices(known: NetworkFacts, scenario: Scenario, network: Network) -> NetworkFacts:
    """The facts of a scenario of which all is known but its prices and targets: those of another one in which only these differ."""
    streams, target = network.demands_at, scenario.targets.get("fill_rate")
    points = (
        replace(point, target_fill_rate=target, **_prices(network, i, streams.get(i, [])))
        for i, point in zip(network.replenished, known.points, strict=True)
    )
    return replace(known, points=tuple(points), currency=scenario.currency)


def _of_a_lost_unit(point: StockPoint, own: Sequence[Demand]) -> float:
    """Money for a unit that finds no stock and does not wait: lost, or brought in emergency."""
    all_emergency = bool(own) and all(stream.unmet == "emergency" for stream in own)
    return point.emergency_cost if all_emergency else point.lost_sale_cost


def _laws(
    network: Network,
    alternative: Alternative,
    i: int,
    events: tuple[tuple[EventLaw, int], ...],
    own: Sequence[Demand],
    cover: Cover | None,
) -> dict[str, Any]:
    """The laws behind the facts, and what no formula knows."""
    point = network.points[i]
    governed = alternative.rules[(point.site, point.product)]
    review = float(getattr(governed.policy, "review_interval", None) or 0.0)
    timed: Mapping[int, LeadLaw] = cover.leads if cover is not None else {}
    laws = [law for law, _ in events]
    used = [(j, share) for j in network.lanes_to[i] if (share := network.share_in_use(j)) > 0.0]
    return {
        "events": events,
        "leads": tuple(timed.get(j) or lead_law(network, j, share, review, governed.offset) for j, share in used),
        "phases": review_phases(network, governed, laws, orders_only=not own),
        "keeps_order": bool(used) and all((lane := network.lane_of(j)) and lane.departures for j, _ in used),
        "minimum_order": point.minimum_order,
        "order_multiple": point.order_multiple,
        "maximum_order": point.maximum_order,
        "unknown": unknown_here(network, i, laws, own, alternative.rules, cover is not None and cover.uneven),
    }


def _meets(governed: PointPolicy, interval: float, streams: Sequence[Demand]) -> bool:
    """Whether every periodic review happens at an instant of demand."""
    review = getattr(governed.policy, "review_interval", None)
    if not review or interval <= 0.0:
        return False
    if governed.offset == "random" or not isclose(review / interval, round(review / interval), abs_tol=1e-9):
        return False
    gaps = {(governed.offset - getattr(stream.process, "offset", 0.0)) / interval for stream in streams}
    return all(isclose(gap, round(gap), abs_tol=1e-9) for gap in gaps)


def lead_moments(network: Network, j: int) -> tuple[float, float]:
    """Mean and standard deviation of the nominal lead time of lane j (waiting at the supplier excluded)."""
    lane: Lane | Production = network.ways[j].lane or network.ways[j].production  # type: ignore[assignment]
    if isinstance(lane, Lane):
        parts = [lane.order_lag, lane.processing, lane.lead_time]
    else:
        parts = [lane.setup_time, lane.unit_time, lane.lead_time]
    known = [(part.expectation(), part.standard_deviation()) for part in parts if part is not None]
    if isinstance(lane, Lane) and lane.departures:
        known.append(lane.departures.wait())
    return sum(mean for mean, _ in known), sqrt(sum(sd**2 for _, sd in known))
