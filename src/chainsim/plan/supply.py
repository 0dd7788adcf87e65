"""Lanes, production and outages as rows, with their random streams."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainsim.chance.base import Distribution
from chainsim.chance.book import StreamBook
from chainsim.chance.families import Constant, Discrete, Uniform
from chainsim.plan.network import Network
from chainsim.plan.openings import OpeningBook
from chainsim.plan.plan import Array, Clock
from chainsim.plan.tables import LANE, OUTAGE, RESOURCE
from chainsim.rules.grid import ticks_within
from chainsim.rules.make import CAPACITY, MACHINES, RATE
from chainsim.rules.outage import STOPS, WORK
from chainsim.rules.setups import SETUP_FOR
from chainsim.scenario.model import Departures, Production, Scenario, StockPoint, Yield
from chainsim.scenario.model_calendars import Calendar


def time_stream(book: StreamBook, name: tuple[str, ...], time: Distribution | None, clock: Clock) -> int:
    """A stream of lengths of time in ticks; -1 for none and for a constant 0. A constant time is never rounded up, so that
    what is received and demanded at one instant on paper is so in the run, whatever the interval."""
    if time is None or (isinstance(time, Constant) and time.expectation() == 0.0):
        return -1
    if isinstance(time, Constant):
        return book.stream(
            name, Constant(value=float(ticks_within(time.expectation(), clock.ticks_per_unit))), rounding="ticks"
        )
    return book.stream(name, time, unit=clock.ticks_per_unit, rounding="ticks")


def _rest(time: Distribution | None, clock: Clock) -> float:
    """Part of a tick, 0 to 1, that a constant time is longer than its stream says; 0 for others."""
    if not isinstance(time, Constant):
        return 0.0
    rest = clock.rest(time.expectation())
    return rest + 1.0 if rest < 0.0 else rest


def random_offset(book: StreamBook, point: StockPoint, interval: float, clock: Clock) -> int:
    """The stream of a random first review, uniform over the review interval."""
    name = ("review", point.site, point.product, "offset")
    return time_stream(book, name, Uniform(low=0.0, high=interval), clock)


def compile_lanes(network: Network, book: StreamBook, clock: Clock, openings: OpeningBook) -> Array:
    """Rows of the LANE table: lanes and production, in the order of Network.ways."""
    rows = LANE.array(len(network.ways))
    for j, way in enumerate(network.ways):
        row = rows[j]
        row["origin"], row["target"] = way.origin, way.target
        row["share"], row["priority"] = network.split_share(j), network.priority(j)
        if way.lane:
            lane = way.lane
            name = ("lane", lane.origin, lane.target, lane.product, lane.name)
            row["all_or_nothing"], row["no_crossing"] = lane.all_or_nothing, not lane.crossing
            row["lag_stream"] = time_stream(book, (*name, "order_lag"), lane.order_lag, clock)
            row["processing_stream"] = time_stream(book, (*name, "processing"), lane.processing, clock)
            row["transport_stream"] = time_stream(book, (*name, "transport"), lane.lead_time, clock)
            row["transport_rest"] = _rest(lane.lead_time, clock)
            _compile_yield(row, book, name, lane.yields)
            if lane.departures:
                compile_departures(book, row, name, lane.departures, clock)
            for what in vars(lane.timetable) if lane.timetable else ():
                row[f"{what}_days"] = openings.row(getattr(lane.timetable, what))
            row["timed"] = lane.departures is not None or lane.timetable is not None
        elif way.production:
            point = network.points[way.target]
            made = ("production", point.site, point.product, "lead_time")
            row["transport_stream"] = time_stream(book, made, way.production.lead_time, clock)
            row["transport_rest"] = _rest(way.production.lead_time, clock)
            _compile_yield(row, book, made[:-1], way.production.yields)
            row["transport_days"] = openings.row(way.production.working_days)
            row["timed"] = way.production.working_days is not None
    return rows


def _compile_yield(row: Any, book: StreamBook, name: tuple[str, ...], yields: Yield | None) -> None:
    if yields is not None:
        row["yields"] = 1
        for what in ("fraction", "lost", "extra"):
            drawn = getattr(yields, what)
            if drawn is not None:
                row[f"{what}_stream"] = book.stream((*name, "yield", what), drawn, rounding="none")


def compile_departures(book: StreamBook, row: Any, name: tuple[str, ...], departures: Departures, clock: Clock) -> None:
    """When shipments of a lane may leave: fixed times, or a stream of gaps."""
    if departures.gap is not None:
        row["departure_stream"] = time_stream(book, (*name, "departures"), departures.gap, clock)
    else:
        every = departures.every or 0.0
        row["departure_every"], row["departure_rest"] = max(1, clock.ticks(every)), clock.rest(every)
        row["next_departure"] = row["first_departure"] = clock.ticks(departures.offset)


def compile_resources(network: Network, book: StreamBook, clock: Clock) -> tuple[Array, dict[tuple[str, str], int]]:
    """Rows of the RESOURCE table, and their indices by site and product.

    The products of a work centre share its machines or its capacity. Where nothing is limited each has a row of its own, so that
    products that have nothing to do with one another stay apart.
    """
    shared: list[tuple[str, list[str], Production, tuple[str, ...]]] = []
    for site in network.sites:
        centres = network.centres_of.get(site, ())
        for production in centres:
            here = [product for product in production.products if (site, product) in network.index]
            limited = any(x is not None for x in (production.machines, production.capacity, production.rate))
            split = [here] if limited or not here else [[product] for product in here]
            name = ("production", site) if len(centres) == 1 else ("production", site, *production.products)
            shared += [(site, products, production, name) for products in split]
    rows = RESOURCE.array(len(shared))
    for row, (site, products, production, name) in zip(rows, shared, strict=True):
        row["site"] = network.sites.index(site)
        row["rank"] = max((network.index[(site, product)] for product in products), default=0)
        if production.machines is not None:
            row["kind"], row["machines"], row["free"] = MACHINES, production.machines, production.machines
            row["unit_stream"] = book.stream(
                (*name, "unit_time"),
                production.unit_time or Constant(value=0.0),
                unit=clock.ticks_per_unit,
                rounding="ticks",
            )
        elif production.capacity is not None:
            row["kind"], row["capacity"] = CAPACITY, production.capacity
            row["period"], row["period_rest"] = clock.ticks(production.period), clock.rest(production.period)
        elif production.rate is not None:
            row["kind"], row["machines"], row["free"] = RATE, 1, 1  # one lot at a time
        if production.setup_for is not None:
            row["setup"] = 1 + SETUP_FOR.code(production.setup_for)
            row["setup_stream"] = time_stream(book, (*name, "setup_time"), production.setup_time, clock)
    return rows, {(site, product): r for r, (site, products, *_) in enumerate(shared) for product in products}


def compile_outages(scenario: Scenario, network: Network, book: StreamBook, clock: Clock) -> tuple[Array, Array]:
    """Rows of the OUTAGE table and the lanes they are about, in order of their labels. Those of an outage of a site are the lanes from
    it, and where lead times are stretched its production, if these are changed at all."""
    outages = sorted(scenario.outages, key=lambda outage: outage.label)
    place = {outage.label: u for u, outage in enumerate(outages)}
    rows = OUTAGE.array(len(outages))
    lanes: list[int] = []
    for u, outage in enumerate(outages):
        row = rows[u]
        row["site"] = network.sites.index(outage.site) if outage.site else -1
        moved = outage.stretches != 1.0 or outage.holds
        hit = [
            j
            for j, way in enumerate(network.ways)
            if (way.lane and (way.lane.origin, way.lane.target, way.lane.name) in outage.lanes)
            or (moved and way.lane and way.lane.origin == outage.site)
            or (outage.stretches != 1.0 and way.production and network.points[way.target].site == outage.site)
        ]
        row["first_lane"], row["lanes"] = len(lanes), len(hit)
        lanes.extend(hit)
        row["stops"], row["destroys"] = STOPS.code(outage.stops), outage.destroys
        row["start"] = clock.ticks(outage.start)
        row["every"], row["every_rest"] = clock.ticks(outage.every or 0.0), clock.rest(outage.every or 0.0)
        row["stretches"], row["holds"] = outage.stretches, outage.holds
        if outage.after is not None:
            row["after"], row["by_end"] = place[outage.after.label], outage.after.when == "ends"
            row["lag_stream"] = time_stream(book, ("outage", outage.label, "lag"), outage.after.lag, clock)
            if (chance := outage.after.probability) < 1.0:
                whether = Discrete(values=(0.0, 1.0), probabilities=(1.0 - chance, chance))
                row["chance_stream"] = book.stream(("outage", outage.label, "chance"), whether)
        if outage.time_between is not None:
            row["up_stream"] = book.stream(
                ("outage", outage.label, "time_between"),
                outage.time_between,
                unit=clock.ticks_per_unit,
                rounding="ticks",
            )
        if isinstance(outage.duration, Distribution):
            row["down_stream"] = book.stream(
                ("outage", outage.label, "duration"), outage.duration, unit=clock.ticks_per_unit, rounding="ticks"
            )
        else:
            row["duration"] = clock.ticks(outage.duration)
    return rows, np.array(lanes, np.int64)


def compile_endings(network: Network, clock: Clock) -> Array:
    """Rows of the OUTAGE table for products whose life ends: no orders from then on, for ever."""
    ended = [
        (k, product.ends)
        for k, name in enumerate(network.products)
        if (product := network.product_of[name]).ends is not None
    ]
    rows = OUTAGE.array(len(ended))
    for row, (k, ends) in zip(rows, ended, strict=True):
        row["site"], row["product"], row["stops"] = -1, k, STOPS.code("orders")
        row["start"], row["duration"] = clock.ticks(ends), clock.end
    return rows


def compile_closures(network: Network, clock: Clock, openings: OpeningBook) -> Array:
    """Rows of the OUTAGE table for the days on which a plant does not work: no job starts then."""
    shut: dict[tuple[int, Calendar], None] = {}
    for site in network.sites:
        for production in network.centres_of.get(site, ()):
            if production.working_days is not None:
                shut[network.sites.index(site), production.working_days] = None
    closed = [(site, *times) for site, calendar in shut for times in openings.closures(calendar, clock)]
    rows = OUTAGE.array(len(closed))
    for row, (place, start, end) in zip(rows, closed, strict=True):
        row["site"], row["stops"] = place, WORK
        row["start"] = start
        row["duration"] = end - start
    return rows
