"""The Scenario: what the user wrote, validated, expanded and frozen.

Everything is said here once per site, product, lane and stock point: copies are expanded, selectors resolved,
defaults filled in, durations in the scenario's time unit, rates per time unit. The Plan is compiled from this and
from nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal

from chainsim.chance.base import Distribution
from chainsim.dated import told
from chainsim.demand.base import DemandProcess
from chainsim.errors import Finding
from chainsim.policies.adjust import Adjust
from chainsim.policies.base import Policy
from chainsim.rules.allocate import Allocation
from chainsim.rules.customer import Unmet
from chainsim.rules.grid import rest_of_ticks, tick_at, to_ticks
from chainsim.rules.order import Sourcing
from chainsim.rules.setups import SetupFor
from chainsim.rules.shelf import Issuing
from chainsim.scenario.model_calendars import Calendar, Timetable
from chainsim.scenario.model_changes import Step, Surge
from chainsim.scenario.model_outages import Outage
from chainsim.scenario.model_product import Product
from chainsim.scenario.model_shelf import Count, Loss, Markdown, Mistake
from chainsim.scenario.summary import Summarised
from chainsim.statistics.amounts import Amount
from chainsim.statistics.stages import Precision

TimeUnit = Literal["hour", "day", "week", "period"]
TICKS: dict[str, int] = {
    "hour": 3_600_000_000,
    "day": 86_400_000_000,
    "week": 604_800_000_000,
    "period": 1_000_000_000,
}
"""Ticks per time unit: 1 µs for hour, day and week, 10⁻⁹ of an abstract period (DESIGN §2)."""
PER_YEAR: dict[str, float] = {"hour": 8760.0, "day": 365.0, "week": 365.0 / 7.0}


@dataclass(frozen=True)
class TimeSpec:
    """Clock of the study; lengths in `unit`."""

    unit: TimeUnit
    warm_up: float
    horizon: float
    bucket: float
    review: Literal["after_demand", "before_demand"] = "after_demand"
    periods_per_year: float = 1.0
    series: Literal["stock_point", "group"] | None = field(default=None, repr=False)
    """Whose bucket series are kept; None: every stock point's own where memory allows. It moves no customer, and so is not told by `repr`."""
    start: str | None = field(default=None, repr=False)  # the ISO date of time 0; it moves no customer either

    @property
    def ticks_per_unit(self) -> int:
        return TICKS[self.unit]

    @property
    def units_per_year(self) -> float:
        return PER_YEAR.get(self.unit, self.periods_per_year)

    def ticks(self, length: float) -> int:
        """A length in time units as whole ticks, rounded half up."""
        return to_ticks(length, self.ticks_per_unit)

    def told(self, time: float) -> str:
        """An instant, time units since the start of the run, as people read it: its date where the run has one."""
        return told(self.start, self.ticks(time)) if self.start else f"{self.unit} {time:g}"

    @property
    def end(self) -> int:
        """First tick after the run: the run covers [0, end)."""
        return self.ticks(self.warm_up) + self.ticks(self.horizon)

    def occasions(self, first: float, interval: float) -> int:
        """How often what comes at `first` + k × `interval` happens in the run.

        >>> TimeSpec("period", 0.0, 4.0, 1.0).occasions(0.0, 1.0), TimeSpec("period", 0.0, 1.0, 1.0).occasions(0.0, 1 / 3)
        (4, 3)
        """
        start, every = self.ticks(first), self.ticks(interval)
        rest = rest_of_ticks(interval, self.ticks_per_unit)
        count = max(int((self.end - start) // (every + rest)) - 1, 0)
        while tick_at(start, every, rest, count) < self.end:
            count += 1
        return count


@dataclass(frozen=True)
class Yield:
    """How much of a shipment is good: fraction × units − lost + extra, each drawn for every shipment."""

    fraction: Distribution | None = None
    lost: Distribution | None = None
    extra: Distribution | None = None


@dataclass(frozen=True)
class Production:
    """A work centre of a site: a lead time, and machines (one unit each), a capacity per period, or a rate, for its products."""

    products: tuple[str, ...]
    lead_time: Distribution
    machines: int | None = None
    unit_time: Distribution | None = None
    capacity: float | None = None  # units that may start per `period`
    period: float = 1.0  # time units
    setup_for: SetupFor | None = (
        None  # what machines are set up for: each order, or each change of product; None: nothing
    )
    setup_time: Distribution | None = None
    setup_cost: float = 0.0
    order_cost: float = 0.0
    unit_cost: float = 0.0
    rate: float | None = None  # units made per time unit, into stock as they are made
    yields: Yield | None = None
    bills: tuple[tuple[str, tuple[tuple[str, float], ...]], ...] = ()  # product, its components of one unit
    all_or_nothing: bool = False  # a job waits until the components of all its units are there
    working_days: Calendar | None = None
    path: tuple[str | int, ...] = field(default=(), compare=False, repr=False)

    def bill(self, product: str) -> tuple[tuple[str, float], ...]:
        """Components of one unit made here; () for nothing that is kept here."""
        return dict(self.bills).get(product, ())


@dataclass(frozen=True)
class Site:
    name: str
    kind: str
    base: str  # name before `copies` numbered it
    groups: tuple[str, ...] = ()
    production: tuple[Production, ...] = ()  # its work centres

    @property
    def unlimited(self) -> bool:
        return self.kind == "supplier"


@dataclass(frozen=True)
class Departures:
    """When a lane's shipments may leave: at offset + k × `every`, or at random, `gap` apart; exactly one of these two."""

    every: float | None = None
    offset: float = 0.0
    gap: Distribution | None = None

    def wait(self) -> tuple[float, float]:
        """Mean and standard deviation of the time from any moment to the next departure.

        Renewal theory: E[G²] ÷ 2E[G], E[G³] ÷ 3E[G] for the square (S. Ross 2014, Introduction to Probability Models,
        §7.7); the third moment is that of a gamma gap, exact for constant and exponential ones.
        """
        mean, sd = (self.every or 0.0, 0.0) if self.gap is None else (
            self.gap.expectation(), self.gap.standard_deviation()
        )  # fmt: skip
        square = sd**2 / mean**2
        wait = mean * (1.0 + square) / 2.0
        wait_square = mean**2 * (1.0 + square) * (1.0 + 2.0 * square) / 3.0
        return wait, float(max(wait_square - wait**2, 0.0) ** 0.5)


@dataclass(frozen=True)
class Consolidation:
    """When what waits at the dock of a lane leaves: at so many units, or when the first of them has waited so long; at least one."""

    until: float | None = None
    or_after: float | None = None  # time units


@dataclass(frozen=True)
class Lane:
    """One product from one site to another. `name` tells apart two lanes between the same ends ('' otherwise)."""

    origin: str
    target: str
    product: str
    lead_time: Distribution
    name: str = ""
    processing: Distribution | None = None
    order_lag: Distribution | None = None
    crossing: bool = True
    order_cost: float = 0.0
    unit_cost: float = 0.0
    in_transit_owner: Literal["supplier", "receiver", "none"] = "receiver"
    all_or_nothing: bool = False
    share: float = 1.0
    priority: int = 1
    yields: Yield | None = None
    departures: Departures | None = None
    timetable: Timetable | None = None
    consolidation: Consolidation | None = None
    vehicle_capacity: float = 0.0  # units; 0: nobody counts vehicles
    vehicle_cost: float = 0.0
    shipment_cost: float = 0.0
    duty: float = 0.0  # share of the value of what arrives
    price_breaks: tuple[tuple[float, float], ...] = ()  # order size, and price of a unit from it on; the first from 0
    incremental: bool = False  # a price holds for the units beyond its break, not for all


@dataclass(frozen=True)
class Arriving:
    """An initial shipment, or an initial order on its way as information: from a site, a quantity, a due time."""

    origin: str
    quantity: float
    due: float


@dataclass(frozen=True)
class StockPoint:
    """One product at one site, with its rules and its money (holding_cost: per unit per time unit; carrying_rate: the share of unit_cost
    that it is, None where it was given by the unit)."""

    site: str
    product: str
    allocation: Allocation = "first_come"
    sourcing: Sourcing = "first"
    unit_cost: float = 0.0
    holding_cost: float = 0.0
    backorder_cost: float = 0.0
    lost_sale_cost: float = 0.0
    minimum_order: float = 0.0
    order_multiple: float = 0.0
    maximum_order: float = 0.0
    on_hand: float | None = None  # None: the policy's order-up-to level
    shipments: tuple[Arriving, ...] = ()
    orders: tuple[Arriving, ...] = ()
    emergency_cost: float = 0.0
    lifetime: float | None = None  # time units from receipt, at random their mean; None: for ever
    life: Distribution | None = None  # of lifetimes drawn for each receipt; None: all alike
    issuing: Issuing = "fifo"
    age: Literal["restarts", "travels"] = "restarts"  # of what comes from another stock point with a lifetime
    outdating_cost: float = 0.0
    markdown: Markdown | None = None  # what older units are sold for
    excess_beyond: float | None = None  # time units of demand beyond which stock is excess
    dead_after: float | None = None  # time units without anything leaving after which it is dead
    expedite_up_to: float | None = None
    transshipment_cost: float = 0.0
    loss: Loss | None = None
    misbooking: Mistake | None = None
    count: Count | None = None
    shrinkage_cost: float = 0.0  # of a unit lost unseen
    counting_cost: float = 0.0  # of a count
    decay: float = 0.0  # share of what is there that is lost per time unit, at every instant
    decay_cost: float = 0.0  # of a unit that decays
    carrying_rate: float | None = None
    storage_cost: float = 0.0  # of the room a unit takes, per time unit
    stockout_cost: float = 0.0  # of an end customer's order that stock does not fill
    one_open_order: bool = False  # none is placed before the last one is in
    order_days: Calendar | None = None


@dataclass(frozen=True)
class Demand:
    """One stream of end customers at one stock point. `label` names its random streams."""

    site: str
    product: str
    label: str
    process: DemandProcess
    unmet: Unmet = "backorder"
    patience: float = 0.0
    all_or_nothing: bool = False
    priority: int = 1
    promise: float = 0.0
    weekly: tuple[float, ...] = ()
    yearly: tuple[float, ...] = ()
    steps: tuple[Step, ...] = ()
    surges: tuple[Surge, ...] = ()
    waiting_share: float = 0.0  # with 'some_wait': share of customers who wait for what the shelf lacks
    transship_from: tuple[str, ...] = ()  # sites that hand over when the shelf is short, in this order

    def louder(self, factor: float) -> Demand:
        """The same stream, its level `factor` times as high from the first day on."""
        return replace(self, steps=in_order((*self.steps, Step(0.0, factor))))


def in_order(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Steps as a Demand holds them."""
    return tuple(sorted(steps, key=lambda step: (step.at, step.factor)))


@dataclass(frozen=True)
class PointPolicy:
    """The policy of one stock point in one alternative, with the review settings common to all policies."""

    policy: Policy
    offset: float | Literal["random"] = 0.0
    review: Literal["after_demand", "before_demand"] = "after_demand"
    path: tuple[str | int, ...] = field(default=(), compare=False, repr=False)
    place: Finding | None = field(default=None, compare=False, repr=False)
    """Where the file gives it, as path and as the finding that points there: for what only the derivation can say."""


@dataclass(frozen=True)
class Alternative:
    """One of the policies to compare: a rule for every stock point that is replenished."""

    name: str
    label: str
    rules: Mapping[tuple[str, str], PointPolicy]
    """(site, product) -> policy. Stock points governed by one rule of the file share one `Policy` object, so that a
    network policy sees them together."""
    adjust: Mapping[tuple[str, str], Adjust] = field(default_factory=dict)
    """(site, product) -> what comes on top of its derived numbers, where anything does."""


@dataclass(frozen=True)
class HistoryTable:
    """A CSV of past demand: period index 0, 1, 2 … and one column of quantities per name, gaps already treated."""

    columns: Mapping[str, tuple[float, ...]]
    first: str = ""  # the first date, month or period
    sha256: str = ""
    understood: str = ""  # how it was read, in words
    monthly: bool = False
    text: bytes = b""  # the file itself where it is small: a results folder keeps it, so that its scenario.yaml runs


@dataclass(frozen=True, repr=False)
class Scenario(Summarised):
    """What a study is about. In a notebook it shows itself as `summary` does; `values` is all of it."""

    title: str
    time: TimeSpec
    replications: int
    seed: int
    confidence: float
    products: tuple[Product, ...]
    sites: tuple[Site, ...]
    lanes: tuple[Lane, ...]
    points: tuple[StockPoint, ...]
    demands: tuple[Demand, ...]
    outages: tuple[Outage, ...]
    alternatives: tuple[Alternative, ...]
    targets: Mapping[str, float]
    currency: str = ""
    charge: Literal["time_averages", "bucket_ends"] = "time_averages"
    engine: str = "auto"
    precision: Precision | None = None
    """As many replications as it takes; `replications` are then those of the first stage."""
    material: tuple[Amount, ...] = ()
    """Differences that begin to matter."""
    story: str = ""
    name: str = ""  # file name without ending; the results folder's default name
    tables: Mapping[str, HistoryTable] = None  # type: ignore[assignment]
    warnings: tuple[Any, ...] = field(default=(), compare=False)  # Findings of severity 'warning'
    notes: tuple[str, ...] = field(default=(), compare=False)  # what was understood of tables, in words
    document: Mapping[str, Any] = None  # type: ignore[assignment]
    """The validated file as plain data, every default filled in: what scenario.yaml of the results is made from."""
    tune: Mapping[str, Any] = field(default_factory=dict)
    """What `tune:` says, where it says anything: keys of `chainsim.tune.Aim`."""
    stress: Mapping[str, Any] = field(default_factory=dict, compare=False)
    """What `stress:` says, where it says anything: options of `chainsim.stress`."""
    levers: tuple[str | Mapping[str, Any], ...] | None = field(default=None, compare=False)
    """What the page lets its reader move, by name or as keys of `lever`; None: what goes with the scenario."""
    sha256: str = ""
    """Hash of the meaning: resolved document and data files."""
    changes: Mapping[str, Any] = field(default_factory=dict, compare=False)
    """What was changed of what is written, path by path, as plain data (`scenario.change`)."""

    @property
    def values(self) -> tuple[Any, ...]:
        """Everything that tells this scenario from another one."""
        return tuple(getattr(self, f.name) for f in fields(self) if f.compare)
