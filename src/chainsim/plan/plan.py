"""The Plan: one policy of one scenario as read-only arrays. A replication is then only a number.

Engines know a Plan and a Record, never a Scenario. Everything is small, picklable and shared by all replications.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from chainsim import dated
from chainsim.chance.book import StreamArrays
from chainsim.plan.tables import FLOW, PAGE
from chainsim.plan.tables_ages import AGING
from chainsim.plan.tables_bills import ASSEMBLY, DESK, INPUT
from chainsim.plan.tables_calendars import OPENING
from chainsim.plan.tables_records import LEDGER
from chainsim.plan.tables_terms import BREAK, TERMS
from chainsim.rules.grid import rest_of_ticks, to_ticks

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Clock:
    """Ticks of the run: it covers [0, end); statistics cover [warm_up, end)."""

    warm_up: int
    end: int
    bucket: int
    ticks_per_unit: int
    units_per_year: float
    unit: str
    start: str = ""  # the ISO date of time 0; none where empty

    def told(self, tick: int) -> str:
        """An instant as people read it: its date where the run has one, else time units since the start of the run.

        >>> Clock(0, 100, 10, 1, 1.0, "period").told(7), Clock(0, 9, 9, 86_400_000_000, 365.0, "day", "2026-04-01").told(0)
        ('period 7', '2026-04-01')
        """
        return dated.told(self.start, tick) if self.start else f"{self.unit} {tick / self.ticks_per_unit:g}"

    def ticks(self, length: float) -> int:
        """A length in time units as whole ticks, rounded half up.

        >>> Clock(0, 100, 10, ticks_per_unit=10, units_per_year=1.0, unit="period").ticks(0.25)
        3
        """
        return to_ticks(length, self.ticks_per_unit)

    def rest(self, length: float) -> float:
        """What `ticks` rounds away, for what comes again and again (`rules.grid.tick_at`)."""
        return rest_of_ticks(length, self.ticks_per_unit)


@dataclass(frozen=True)
class Layout:
    """Names and places, for measures and messages. Stock points are in the order of rank, suppliers last."""

    sites: tuple[str, ...]
    kinds: tuple[str, ...]  # kind of each site
    products: tuple[str, ...]
    site: Array  # site index of each stock point
    product: Array  # product index of each stock point
    unlimited: Array  # bool, suppliers: excluded from measures
    customers: Array  # bool, end customers buy here
    reach: tuple[tuple[int, ...], ...]  # stock points with customers at or downstream of each stock point
    echelons: tuple[str, ...]  # kinds in order from the customers upstream
    site_groups: tuple[tuple[str, ...], ...] = ()  # groups each site belongs to; () when there are none
    product_groups: tuple[tuple[str, ...], ...] = ()  # groups each product belongs to; () when there are none
    content: tuple[
        float, ...
    ] = ()  # units in one sold downstream, of each component; NaN where they differ; () without bills
    parts: tuple[
        bool, ...
    ] = ()  # whether each stock point's product goes into another one that is sold; () without bills
    lanes: tuple[str, ...] = ()  # name of each lane where several share their ends, '' else
    volume: tuple[float, ...] = ()  # of one unit at each stock point
    excess_beyond: tuple[int, ...] = ()  # ticks of demand beyond which each stock point's stock is excess; 0: unsaid
    dead_after: tuple[int, ...] = ()  # ticks without anything leaving after which it is dead; 0: unsaid


@dataclass(frozen=True)
class Money:
    """Prices, per stock point and lane; rates per time unit."""

    unit_cost: Array  # [points] value of a unit in stock
    unit_price: Array  # [points] what a customer pays
    holding: Array  # [points] per unit on hand per time unit
    storage: Array  # [points] per unit on hand per time unit, for the room it takes
    backorder: Array  # [points] per customer unit waiting per time unit
    lost_sale: Array  # [points] per customer unit lost
    emergency: Array  # [points] per customer unit supplied in emergency, on top of its value
    transshipment: Array  # [points] per customer unit that a partner supplied
    outdating: Array  # [points] per unit thrown away at the end of its life
    shrinkage: Array  # [points] per unit lost unseen
    counting: Array  # [points] per count
    markdown: Array  # [points] by how much a unit is cheaper that is old
    left_over: Array  # [points] per unit left over at the end of its product's life, less what it fetches
    decay: Array  # [points] per unit decayed
    order_cost: Array  # [lanes] per order placed (production lanes: per production order)
    setup: Array  # [lanes] per set-up of a machine (0 on lanes)
    lane_unit_cost: Array  # [lanes] per unit shipped (production lanes: per unit produced)
    in_transit_holding: Array  # [lanes] per unit in transit per time unit, already 0 where nobody is charged
    in_transit_point: Array  # [lanes] stock point charged with it, -1 none
    in_transit_value: (
        Array  # [lanes] value of a unit in transit or in work: of what is made of components, that of these
    )
    in_transit_rate: (
        Array  # [lanes] share of that value per time unit that `in_transit_holding` is; NaN where it is not
    )
    carrying_rate: (
        Array  # [points] share of unit_cost per time unit that `holding` is; NaN where it was given by the unit
    )
    stockout: Array  # [points] per order of a customer not filled complete from stock
    shipment: Array  # [lanes] per shipment (0 in production)
    vehicle: Array  # [lanes] per vehicle (0 in production)
    duty: Array  # [lanes] share of the value of what arrives (0 in production)
    currency: str
    bucket_ends: bool = False  # holding and backorder costs are charged on what stands at the ends of buckets


@dataclass(frozen=True)
class Plan:
    """One policy, ready to run. All arrays are read-only."""

    policy: str
    clock: Clock
    layout: Layout
    money: Money
    streams: StreamArrays
    points: Array  # tables.POINT
    lanes: Array  # tables.LANE
    customers: Array  # demand.tables.CUSTOMER
    resources: Array  # tables.RESOURCE
    outages: Array  # tables.OUTAGE
    sources: Array  # lane indices, by stock point
    ancestors: Array  # stock point indices, by stock point and by lane
    outage_lanes: Array  # lane indices, by outage
    partners: Array  # stock point indices, by customer stream
    values: Array  # demand histories
    warp: Array  # cumulative demand levels
    parameters: tuple[tuple[float, ...], ...]  # p of each stock point
    memory: tuple[tuple[float, ...], ...]  # initial memory of each stock point
    rules: tuple[Callable[..., float], ...]  # order_quantity functions, by POINT.policy
    first_shipments: Array  # initial shipments: (lane, quantity, due tick) rows, tables.SHIPMENT
    first_orders: Array  # initial orders on their way as information: (lane, quantity, due tick), tables.SHIPMENT
    derived: Mapping[tuple[str, str], tuple[Any, ...]]  # (site, product) -> policies.base.Derived, for the report
    warnings: tuple[str, ...] = ()
    expected_events: float = 0.0
    flows: Array = field(default_factory=lambda: FLOW.array(0))  # tables.FLOW
    promises: Mapping[tuple[str, str], Any] = field(default_factory=dict)  # (site, product) -> policies.base.Promise
    busy: Array = field(default_factory=lambda: np.zeros((0, 0), bool))
    """[points, buckets] where a declared season, step or surge makes demand higher than its mean; empty: it is level"""
    ledgers: Array = field(
        default_factory=lambda: LEDGER.array(0)
    )  # tables_records.LEDGER, of stock points whose books may lie
    pages: Array = field(default_factory=lambda: PAGE.array(0))  # tables.PAGE, by stock point, in order of time
    page_parameters: Array = field(default_factory=lambda: np.zeros(0))  # p of each page, end to end
    inputs: Array = field(default_factory=lambda: INPUT.array(0))  # tables_bills.INPUT, by assembly
    assemblies: Array = field(default_factory=lambda: ASSEMBLY.array(0))  # tables_bills.ASSEMBLY, by lane
    agings: Array = field(default_factory=lambda: AGING.array(0))  # tables_ages.AGING, where goods keep their age
    desks: Array = field(default_factory=lambda: DESK.array(0))  # tables_bills.DESK
    contents: Array = field(
        default_factory=lambda: np.zeros(0)
    )  # beside `ancestors`: units of each that one unit holds, or brings
    terms: Array = field(default_factory=lambda: TERMS.array(0))  # tables_terms.TERMS, by lane
    breaks: Array = field(default_factory=lambda: BREAK.array(0))  # tables_terms.BREAK, by terms
    openings: Array = field(default_factory=lambda: OPENING.array(0))  # tables_calendars.OPENING, by calendar

    @property
    def series_rows(self) -> int:
        """How many rows the bucket series have: one for each stock point, or one for each group of them (`plan.series`)."""
        return int(self.points["series_row"].max(initial=-1)) + 1

    @property
    def grouped(self) -> bool:
        """Whether bucket series are kept of groups of stock points."""
        return self.series_rows < len(self.points)


def frozen(array: Array) -> Array:
    """The array itself, from now on read-only."""
    array.flags.writeable = False
    return array
