"""What a replenishment policy is: a few described numbers and one rule.

A policy has two halves. The *rule* is a plain function `order_quantity(stock, p, memory) -> float`, called at every
review; it may read the stock row, its own parameters `p` and its `memory` (a list of floats it alone may change).
It is written in the small subset of Python that numba compiles (numbers, arithmetic, comparisons, `if`, loops over
`p` and `memory`; no imports, no objects). The *derivation* turns what the user gave, or left open, into the numbers
of `p`, stock point by stock point, by the textbook's formula; it runs once, before the simulation.

A policy is one file: a frozen dataclass registered under its YAML name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, NamedTuple

from chainsim.chance.facts import EventLaw, LeadLaw
from chainsim.policies.knobs import Knobs
from chainsim.registry import Registry
from chainsim.rules.position import Watch

Rule = Callable[[Any, Sequence[float], list[float]], float]
Review = Literal["continuous", "periodic", "either"]

POLICIES: Registry[type[Policy]] = Registry("policy", "chainsim.policies", "chainsim.policies")


AGED = "goods that are not fresh when they come"
"""In `PointFacts.unknown`: they keep their age, and a source keeps them for a while."""
IN_LOTS = "orders that come in lots or at other times than demand"
"""In `PointFacts.unknown`: a stock point below does not pass each demand on by itself and at once."""
DOWNSTREAM = " downstream"
"""In `PointFacts.unknown`, after what makes the orders of the sites below more or less than the demand behind them."""
MORE_THAN = "more than the textbook's "
"""In `Promise.unknown`, before the law that the textbook takes demand to have."""
A_WAIT = "a wait at "
"""In `PointFacts.unknown`, before the name of a source that may run short."""
COMPONENTS = "a wait for components"
"""In `PointFacts.unknown`: what it is made of may be lacking."""
SIBLINGS = "components that wait for one another"
"""In `PointFacts.unknown`: jobs that use it use other components too, and are released when all are there."""
HELD = "changes of the world"
"""In `Promise.unknown`: the level was derived before the scenario was changed, and is held."""


@dataclass(frozen=True)
class SourceFacts:
    """One way a stock point is replenished. `origin` is the index of the supplying stock point in
    `NetworkFacts.points`; None for an unlimited supplier or production at the site. `components`: it is production, and of
    what is kept here."""

    origin: int | None
    share: float
    lead_mean: float
    lead_sd: float
    components: bool = False


@dataclass(frozen=True)
class Prices:
    """What a unit costs by the size of an order on the one lane in use.

    starts: sizes from which on each of `prices` holds, from 0 upwards (units). incremental: for the units beyond its start only.
    carrying_rate: share of what a unit cost that holding it costs, per time unit; 0 where holding is given by the unit. duty: share of
    what a unit cost. storage: of a unit per time unit, whatever it cost, beside the carrying rate.
    """

    starts: tuple[float, ...]
    prices: tuple[float, ...]
    incremental: bool
    carrying_rate: float
    duty: float = 0.0
    storage: float = 0.0


@dataclass(frozen=True)
class PointFacts:
    """What is known about one stock point before anything happens. Times in the scenario's unit, money in its currency."""

    index: int
    site: str
    product: str
    kind: str
    # demand it must pass on: its own customers' and all end customers' downstream, in its own units
    demand_mean: float  # units per time unit
    demand_sd: float  # sd of demand over one time unit (variance grows linearly with time)
    demand_interval: float  # period of the demand if it comes once per period, 0 for arrivals in continuous time
    demand_size_mean: float  # mean size of one demand event, units
    demand_size_sd: float
    poisson: bool  # demand over an interval is Poisson distributed
    customers: bool  # end customers buy here
    # supply
    lead_mean: float  # order lag + processing + transport (or production), waiting at the supplier excluded; over sources by share
    lead_sd: float
    sources: tuple[SourceFacts, ...]
    crossing: bool
    # review, from the policy's own rule for this stock point
    review_interval: float  # 0 for continuous review
    before_demand: bool
    # money
    unit_cost: float  # value of one unit here
    holding_cost: float  # h, per unit per time unit
    order_cost: float  # K, per order, own lane or production; with the cost of a shipment, one for each order
    backorder_cost: float  # b, per unit per time unit
    lost_sale_cost: float  # per unit
    lost_sales: bool  # unmet demand is lost or supplied in emergency (else it waits)
    target_fill_rate: float | None  # the scenario's target, if any
    whole: bool  # quantities are whole units
    review_meets_demand: bool = True  # periodic reviews share their instants with the demand of a period
    production_rate: float = 0.0  # units made per time unit where lots flow into stock as they are made; 0: all at once
    # laws, where they are known: what derived levels are made of
    events: tuple[tuple[EventLaw, int], ...] = ()  # streams of demand, and how many like it, independent of each other
    leads: tuple[LeadLaw, ...] = ()  # the nominal lead time of each source that is used
    phases: tuple[float, ...] = ()  # times from a review to the next demand, equally likely; (): by the convention
    keeps_order: bool = False  # lead times are such that no order overtakes another (departures)
    minimum_order: float = 0.0
    order_multiple: float = 0.0
    maximum_order: float = 0.0  # 0: none
    unknown: tuple[str, ...] = ()  # what no formula of a level knows of here, in words: 'yield', 'a lifetime' ...
    # known course of demand: from this time on, what an order placed now must cover is so many times the mean; () level
    season: tuple[tuple[float, float], ...] = ()
    lot: float = 0.0  # the lot chosen for the mean demand, where demand is taken at another level; 0: to be chosen
    prices: Prices | None = None  # where a unit costs by the size of the order

    @property
    def protection_interval(self) -> float:
        """Mean time an order must cover, by the textbook. With demand once per period (length e): L + R − e when reviews come at the
        instants of demand and after it; otherwise, before demand or between, L + R; with arrivals in continuous time
        L + R; with continuous review L."""
        interval = self.lead_mean + self.review_interval
        if (
            self.review_interval > 0
            and self.demand_interval > 0
            and self.review_meets_demand
            and not self.before_demand
        ):
            interval -= self.demand_interval
        return max(interval, 0.0)


NO_PRICES: dict[str, Any] = {
    **dict.fromkeys(("unit_cost", "holding_cost", "order_cost", "backorder_cost", "lost_sale_cost"), 0.0),
    "prices": None,
}
"""The facts that are money, at nothing."""


@dataclass(frozen=True)
class NetworkFacts:
    """All stock points of the scenario that are replenished (unlimited suppliers excluded), downstream before upstream.

    `arcs[i]` are the indices of the stock points that i supplies. `time_unit` and `currency` are for sentences only.
    """

    points: tuple[PointFacts, ...]
    arcs: tuple[tuple[int, ...], ...]
    time_unit: str
    currency: str
    periods_per_year: float  # time units per year


@dataclass(frozen=True)
class Derived:
    """One parameter as the report shows it: name, symbol, the number used, the number before rounding up, the
    formula (plain text) and its inputs. `given` is True when the user wrote it."""

    name: str
    symbol: str
    value: float
    exact: float
    unit: str
    formula: str
    inputs: Mapping[str, float] = field(default_factory=dict)
    given: bool = False


@dataclass(frozen=True)
class Promise:
    """What the levels of one stock point were asked to deliver, and what they should: asked against delivered.

    kind: 'service' (cycle service level), 'fill_rate', or 'cost' (least expected cost; `asked` is None).
    asked: the value asked for, from `origin` (the policy, the scenario's target, ...).
    expected: what these levels should deliver by the model's own laws, or by short simulations; None where neither can say.
    one_less: the same with levels one unit lower, so that whole units that overshoot are understood; None if unknown.
    by: which road the level came: a formula of the model's own law, short simulations, two moments only, the textbook, a plan
        for the whole network.
    unknown: what of this stock point the level does not know of ('yield', 'outages', 'a wait at dc' ...), in words.
    known: what short simulations knew of instead.
    reached: whether they found a level that reaches what was asked. lowest: whether it is the lowest that makes sense.
    """

    kind: Literal["service", "fill_rate", "cost"]
    asked: float | None
    origin: str
    expected: float | None = None
    one_less: float | None = None
    by: Literal["formula", "calibrated", "moments", "textbook", "network"] = "formula"
    unknown: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    reached: bool = True
    lowest: bool = False


@dataclass(frozen=True)
class Page:
    """Parameters of a rule for a while, where its levels follow a known season.

    at: time units from time 0 from which they are in force. p, wake_at: as in `Settings`.
    """

    at: float
    p: tuple[float, ...]
    wake_at: float


@dataclass(frozen=True)
class Settings:
    """What one stock point runs with: the rule's parameters and what the engine must know.

    p: the rule's parameters, in the rule's own order.
    order_up_to: the highest level of what is watched (S, s + Q); from it comes the initial stock when the scenario gives
        none, less the initial stock downstream where the echelon is watched.
    memory: initial contents of the rule's memory.
    wake_at: continuous review only: the rule orders nothing while the watched quantity is above this level, so the
        engine need not ask (infinity: always ask). A promise; a property test holds every policy to it.
    watch: what continuous review of this stock point watches, where it is not the same for all of the policy's.
    promise: what derived levels were asked to deliver; None where all were given.
    pages: where levels follow a season, what is in force from which time on: in order of time, the first from time 0
        on, with `p` and `wake_at`. Empty: `p` throughout.
    """

    p: tuple[float, ...]
    order_up_to: float
    derived: tuple[Derived, ...] = ()
    memory: tuple[float, ...] = ()
    wake_at: float = float("inf")
    watch: Watch | None = None
    warnings: tuple[str, ...] = ()
    promise: Promise | None = None
    pages: Sequence[Page] = ()


Steps = tuple[str | int, ...]
"""The way into a policy as it is written: a field, and the number of an item of it from 0."""


class OrderSizes(NamedTuple):
    """Orders that a stock point can place. whole: in whole units only. minimum, multiple, maximum: units, 0 for none."""

    whole: int
    minimum: float
    multiple: float
    maximum: float


class Policy:
    """Base of all policies. Subclasses are frozen, keyword-only dataclasses made of `field_of` fields.

    Class attributes a subclass sets:
        title: the name in charts and tables ('Reorder point, fixed quantity (s, Q)').
        summary: the rule in one sentence.
        source: book or paper, with the equation.
        review: which review it can run under; 'either' lets the scenario's `review_interval` decide.
        watches: the quantity its rule reads ('position' unless the rule needs another).
        rule: staticmethod(order_quantity).
        knobs: what `chainsim tune` may move; None: nothing was declared, and tuning says so.
    Optional instance fields read by the engine if present: `review_interval`, `offset`, `trigger`, `watch`.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    summary: ClassVar[str]
    source: ClassVar[str]
    review: ClassVar[Review] = "either"
    watches: ClassVar[Watch] = "position"
    rule: ClassVar[staticmethod[[Any, Sequence[float], list[float]], float]]
    knobs: ClassVar[Knobs | None] = None

    def problems(self) -> list[tuple[str, str, str]]:
        """What is wrong inside this one policy: (field, message, cure). Cross-field checks such as s ≤ S."""
        return []

    def problems_over(self, reviews: int) -> list[tuple[Literal["error", "warning"], Steps, str, str]]:
        """What is wrong in a run in which each stock point is reviewed so many times: (severity, where in it, message, cure)."""
        return []

    def problems_of(self, sizes: OrderSizes) -> list[tuple[Steps, str, str]]:
        """What is wrong at a stock point where orders have these sizes: (where in it, message, cure)."""
        return []

    def settings(self, point: PointFacts) -> Settings:
        """Parameters of one stock point. Raises ValueError with a sentence when they cannot be derived."""
        raise NotImplementedError

    def reads_prices(self, point: PointFacts) -> bool:
        """Whether `settings` may be others at other prices. Where a service is asked and no lot is to be chosen, prices say nothing;
        in doubt, they do."""
        return True

    def derive(self, network: NetworkFacts, points: Sequence[int]) -> dict[int, Settings]:
        """Parameters of every stock point this policy governs. Network policies override this one."""
        return {i: self.settings(network.points[i]) for i in points}


def watched(policy: Policy, settings: Settings) -> Watch:
    """What continuous review of a stock point watches: what its settings say, else what the user said, else what the rule
    reads."""
    watch: Watch = settings.watch or getattr(policy, "watch", None) or type(policy).watches
    return watch


def where(point: PointFacts) -> str:
    """The stock point in a sentence."""
    return f"{point.site} / {point.product}"


def round_up(x: float, whole: bool) -> float:
    """Round a derived quantity up to whole units (with a guard against 12.000000001 becoming 13).

    >>> round_up(12.0000000001, True), round_up(12.2, True), round_up(12.2, False)
    (12.0, 13.0, 12.2)
    """
    if not whole:
        return float(x)
    import math

    return float(math.ceil(x - 1e-9 * max(1.0, abs(x))))
