"""The laws behind the facts: demand events and lead times as distributions, when reviews meet demand, and what no formula
of a level knows of a stock point."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import floor, isclose

from chainsim.chance.base import Distribution
from chainsim.chance.facts import EventLaw, LeadLaw
from chainsim.chance.simple import Constant
from chainsim.demand.base import DemandFacts
from chainsim.plan.agings import comes_aged
from chainsim.plan.network import Network
from chainsim.policies import base_stock
from chainsim.policies.base import A_WAIT, AGED, COMPONENTS, DOWNSTREAM, IN_LOTS, SIBLINGS, Policy
from chainsim.scenario.model import Demand, Lane, PointPolicy, Production
from chainsim.scenario.model_calendars import Calendar
from chainsim.theory.cover import phases_of

LOADS = "the wait for a load"


def event_laws(streams: Sequence[tuple[DemandFacts, float]]) -> tuple[tuple[EventLaw, int], ...]:
    """The streams of demand as laws, equal ones counted; () where one has no law."""
    counted: dict[int, tuple[EventLaw, float, int]] = {}  # by identity: copies share their facts
    for facts, share in streams:
        if facts.mean_rate <= 0.0:
            continue
        if facts.law is None:
            return ()
        key = hash((id(facts.law), share))
        _, _, n = counted.get(key, (facts.law, share, 0))
        counted[key] = (facts.law, share, n + 1)
    found: dict[EventLaw, int] = {}
    for law, share, n in counted.values():
        law = law if isclose(share, 1.0) else replace(law, share=law.share * share)
        found[law] = found.get(law, 0) + n
    return tuple(found.items())


def lead_law(network: Network, j: int, share: float, review: float, offset: float | str) -> LeadLaw:
    """The nominal lead time of way j. Where orders are placed and shipments leave by one calendar, the wait between is
    sure and becomes a part."""
    way = network.ways[j]
    if way.production is not None:
        return LeadLaw((way.production.lead_time,), share)
    lane = way.lane
    assert lane is not None
    before = [part for part in (lane.order_lag, lane.processing) if part is not None]
    parts: list[Distribution] = [*before, lane.lead_time]
    leaving = lane.departures
    if leaving is None:
        return LeadLaw(tuple(parts), share)
    if leaving.gap is not None:
        return LeadLaw(tuple(parts), share, gap=leaving.gap)
    every = leaving.every or 0.0
    sure = all(part.lowest() == part.highest() for part in before)
    if sure and review > 0.0 and not isinstance(offset, str) and isclose(review / every, round(review / every)):
        ready = offset + sum(part.lowest() for part in before)
        wait = (leaving.offset - ready) / every
        return LeadLaw((*parts, Constant(value=every * max(wait - floor(wait + 1e-9), 0.0))), share)
    return LeadLaw(tuple(parts), share, departures=every)


def review_phases(
    network: Network, governed: PointPolicy, laws: Sequence[EventLaw], orders_only: bool
) -> tuple[float, ...]:
    """Times φ from a review to the next demand (`theory.cover`). `orders_only`: it serves other sites and no customers, so
    it sees their orders of the instant under either convention."""
    if not laws or laws[0].every <= 0.0:
        return ()
    time = network.scenario.time
    every, review = time.ticks(laws[0].every), time.ticks(getattr(governed.policy, "review_interval", None) or 0.0)
    gap = None if isinstance(governed.offset, str) else time.ticks(governed.offset) - time.ticks(laws[0].offset)
    before = governed.review == "before_demand" and not orders_only
    return tuple(phase / time.ticks_per_unit for phase in phases_of(every, review, gap, before))


def unknown_here(
    network: Network,
    i: int,
    laws: Sequence[EventLaw],
    own: Sequence[Demand],
    rules: Mapping[tuple[str, str], PointPolicy],
    uneven: bool,
) -> tuple[str, ...]:
    """What no formula of a level knows of stock point i, in words for a sentence: 'the level does not know of …'. uneven: its
    calendar makes receipts come at distances so different that their mean tells little."""
    point, ways = network.points[i], network.lanes_to[i]
    found = [*_of_demand(network, i, laws, own), *_of_supply(network, i)]
    if point.lifetime is not None:
        found.append(f"a lifetime of {point.lifetime:g}" + (" on average" if point.life else ""))
        if comes_aged(network, i):
            found.append(AGED)
    if any(calendar.closed for calendar in calendars_here(network, i)):
        found.append("shutdowns")
    elif uneven:
        found.append("receipts at uneven distances")
    if point.decay:
        found.append(f"decay of {point.decay:g} of stock per time unit")
    if point.loss or point.misbooking:
        found.append("records that differ from the shelf")
    if point.one_open_order:
        found.append("one open order at a time")
    chosen = point.sourcing in ("cheapest", "fastest") and len(ways) > 1
    used = sum(network.share_in_use(j) > 0.0 for j in ways)
    if chosen or point.sourcing in ("expedite", "priority") or used > 1:
        found.append("several sources")
    if any(len(network.bills[j]) > 1 for j in network.jobs_from[i]):
        found.append(SIBLINGS)
    found += changed_below(network, i)
    for target in {network.target[j] for j in (*network.lanes_from[i], *network.jobs_from[i])}:
        below = network.points[target]
        governed = rules.get((below.site, below.product))
        if governed and not (below.order_days is None and _passes_on(governed.policy, laws)):
            found.append(IN_LOTS)
            break
    return tuple(dict.fromkeys(found))


def calendars_here(network: Network, i: int) -> Iterator[Calendar]:
    """Every calendar that the orders of stock point i go by, until they are received."""
    ways = [network.ways[j] for j in network.lanes_to[i] if network.share_in_use(j) > 0.0]
    found = [network.points[i].order_days]
    found += [
        calendar for way in ways if way.lane and way.lane.timetable for calendar in vars(way.lane.timetable).values()
    ]
    found += [way.production.working_days for way in ways if way.production]
    return (calendar for calendar in found if calendar is not None)


def changed_below(network: Network, i: int) -> tuple[str, ...]:
    """What makes the sites downstream order more or less than their customers demand, in words."""
    below = network.below(i)
    ways = [network.ways[j] for k in below for j in network.lanes_to[k] if network.share_in_use(j) > 0.0]
    streams = [stream for k in below for stream in network.demands_at.get(k, ())]
    points = [network.points[k] for k in below]
    found = {
        "sales lost": any(stream.unmet != "backorder" or stream.transship_from for stream in streams),
        "goods thrown away": any(point.lifetime is not None for point in points),
        "yield": any(_yields(way.lane, way.production) for way in ways),
        "losses": any(point.loss or point.misbooking for point in points),
    }
    return tuple(f"{what}{DOWNSTREAM}" for what, there in found.items() if there)


def _of_demand(network: Network, i: int, laws: Sequence[EventLaw], own: Sequence[Demand]) -> Iterator[str]:
    for law in laws:
        yield from law.unknown
    if len({(law.every, law.offset % law.every if law.every else 0.0) for law in laws}) > 1:
        yield "streams of demand at different times"
    if any(law.share != 1.0 for law in laws) and _split_below(network, i):
        yield "orders split between sources"
    for stream in own:
        if stream.unmet == "patience":
            yield "customers' patience"
        if stream.unmet == "some_wait":
            yield "customers of whom only some wait"
        if stream.all_or_nothing:
            yield "customers who take all or nothing"
        if stream.transship_from:
            yield "transshipment"
    if len({stream.unmet for stream in own}) > 1:
        yield "customers who wait beside those who do not"


def _split_below(network: Network, i: int) -> bool:
    """Whether a stock point that draws on stock point i, directly or in turn, shares its orders out over several ways."""
    here = {i} | network.below(i)
    taking = (j for k in here for j in (*network.lanes_from[k], *network.jobs_from[k]))
    return any(0.0 < network.share_in_use(j) < 1.0 for j in taking)


def _of_supply(network: Network, i: int) -> Iterator[str]:
    point = network.points[i]
    for j in network.lanes_to[i]:
        lane, production = network.ways[j].lane, network.ways[j].production
        if network.share_in_use(j) <= 0.0:
            continue
        if _yields(lane, production):
            yield "yield"
        if production and (production.capacity is not None or production.machines is not None or production.rate):
            yield "capacity"
        if production and production.setup_time is not None:
            yield "set-ups"
        if network.bills[j]:
            yield COMPONENTS
        if lane and lane.all_or_nothing:
            yield "shipments of all or nothing"
        if lane and lane.consolidation:
            yield LOADS
        origin = network.limited_origin(j)
        if origin is not None:
            yield f"{A_WAIT}{network.points[origin].site}"
        for outage in network.scenario.outages:
            place = (lane.origin, lane.target, lane.name) if lane else None
            source = lane.origin if lane and outage.of_supply else None
            own = outage.stops != "nothing" or outage.destroys > 0.0 or production is not None
            at = outage.site is not None and outage.site in (point.site if own else None, source)
            if (at or place in outage.lanes) and outage.known:  # a surprise moves no level
                yield from outage.told


def _yields(lane: Lane | None, production: Production | None) -> bool:
    way = lane or production
    return way is not None and way.yields is not None


def _passes_on(policy: Policy, laws: Sequence[EventLaw]) -> bool:
    """Whether a stock point below orders each demand by itself and at once."""
    review = getattr(policy, "review_interval", None) or 0.0
    return type(policy).rule is base_stock.order_quantity and (
        review == 0.0 or any(isclose(review, law.every) for law in laws)
    )
