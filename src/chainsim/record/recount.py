"""The total cost of one replication once more, from its event log alone.

Nothing of the totals in a Record is read: stock is what the lines say it was after each of them, units on their way are what was
shipped and not yet received, who waits, is lost or is helped is the part of a demand that left neither the shelf. What a log does not
tell is said rather than guessed.
"""

from __future__ import annotations

from dataclasses import dataclass

from chainsim.plan.plan import Plan
from chainsim.record.bought import Bought
from chainsim.record.record import Record
from chainsim.record.sentences import over
from chainsim.rules.customer import EMERGENCY, LOST, SOME_WAIT
from chainsim.rules.grid import on_grid
from chainsim.rules.log import (
    BACKFILLED,
    CONSUMED,
    COUNTED,
    DECAYED,
    DEMANDED,
    DEPARTED,
    DESTROYED,
    GAVE_UP,
    LENT,
    ORDERED,
    OUTDATED,
    RECEIVED,
    REQUESTED,
    SHIPPED,
    SHRUNK,
)  # fmt: skip
from chainsim.rules.make import UNLIMITED
from chainsim.rules.order import FIRST

LINES = frozenset(
    f"{name}_cost"
    for name in (
        "carrying", "ordering", "setup", "transport", "production", "shortage", "emergency", "transshipment", "outdating",
        "shrinkage", "count", "decay", "destruction", "purchase", "duty", "shipment", "vehicle", "stockout", "storage",
        "write_off",
    )
)  # fmt: skip
"""The measures whose sum the ledger below tells. A total with another line in it is not recounted."""


@dataclass(frozen=True)
class Recount:
    """cost: total cost per year of the window, in the plan's currency; None when the log does not tell it, and `reason` says why."""

    cost: float | None
    reason: str = ""


def recount(record: Record, plan: Plan) -> Recount:
    """The total cost per year from the lines of `record.log`, prices from the plan. Raises ValueError without a log.

    >>> import chainsim
    >>> from chainsim.data import scenario_path
    >>> from chainsim.engines.base import simulate
    >>> from chainsim.plan.compile import compile_plan
    >>> plan = compile_plan(chainsim.load(scenario_path("beer_game")).scenario, "pass_through")
    >>> round(recount(simulate(plan, 0, engine="simpy", log=True), plan).cost, 6)
    1245.412088
    """
    if record.log is None:
        raise ValueError("a recount needs the event log: simulate(…, log=True)")
    reason = untold(plan)
    return Recount(None, reason) if reason else Recount(_Ledger(plan).read(record))


def untold(plan: Plan) -> str:
    """Why an event log of this plan does not tell its cost; '' when it does."""
    if len(plan.flows):
        return "a flow moves without events"
    for p in range(len(plan.points)):
        unmet = _unmet(plan, p)
        if EMERGENCY in unmet and unmet & {LOST, SOME_WAIT} and plan.money.lost_sale[p] != plan.money.emergency[p]:
            return "some customers of a stock point are lost and others supplied in emergency, and the log does not tell which"
    plants = set(plan.outages["site"].tolist())
    buyers = set(plan.lanes["target"][plan.terms["lane"][plan.terms["breaks"] > 0]].tolist())
    for j, lane in enumerate(plan.lanes):
        target = plan.points[lane["target"]]
        counted = _lane_of_orders(plan, int(lane["target"])) >= 0
        if plan.money.in_transit_holding[j] != 0.0 and lane["origin"] < 0 and lane["assembly"] < 0:
            if plan.resources["kind"][target["resource"]] != UNLIMITED or int(target["site"]) in plants:
                return "production waits for its plant, and the log does not tell when it starts"
            if not counted:
                return "orders have several sources, production among them, and the log does not tell which was chosen"
        told = lane["origin"] >= 0 and lane["lag_stream"] < 0 and j not in plan.first_orders["lane"]
        if plan.money.setup[j] != 0.0:
            return "machines are set up, and the log does not tell when"
        placing = plan.money.order_cost[j] != 0.0 or int(lane["target"]) in buyers
        if placing and not counted and not told:
            return "orders have several sources, and the log does not tell which was chosen when it was placed"
    return ""


class _Level:
    """Something that stays what it is until it changes, and its time integral from a tick on.

    bucket: where it counts at the ends of buckets only, their length: each end stands for the whole bucket before it.
    """

    __slots__ = ("amount", "bucket", "since", "start", "total")

    def __init__(self, amount: float, start: int, bucket: int = 0) -> None:
        self.amount, self.since, self.start, self.bucket, self.total = amount, start, start, bucket, 0.0

    def becomes(self, amount: float, tick: int) -> None:
        if tick > self.since:
            self.total += self.amount * (self.counted(tick) - self.counted(self.since))
            self.since = tick
        self.amount = amount

    def counted(self, tick: int) -> int:
        """Ticks from the start that count by now."""
        elapsed = tick - self.start
        return elapsed // self.bucket * self.bucket if self.bucket else elapsed

    def changes(self, by: float, tick: int) -> None:
        self.becomes(on_grid(self.amount + by), tick)


class _Ledger:
    """Levels by stock point and lane, and money spent in the window, as lines are read."""

    def __init__(self, plan: Plan) -> None:
        start, points = plan.clock.warm_up, plan.points
        self.plan = plan
        bucket = plan.clock.bucket if plan.money.bucket_ends else 0
        self.on_hand = [_Level(x, start, bucket) for x in points["on_hand"].tolist()]
        self.waiting = [_Level(x, start, bucket) for x in points["customer_backorders"].tolist()]
        self.in_transit = [_Level(0.0, start) for _ in plan.lanes]
        for first in plan.first_shipments:
            self.in_transit[first["lane"]].amount += float(first["quantity"])
        self.owed: list[float] = points["backorders"].tolist()
        self.lane_of_orders = [_lane_of_orders(plan, p) for p in range(len(points))]
        self.released = _first_components(plan)
        self.produced: list[bool] = (plan.lanes["origin"] < 0).tolist()
        self.by_request = [self.lane_of_orders[p] < 0 for p in plan.lanes["target"].tolist()]
        money = plan.money
        emergency = [EMERGENCY in _unmet(plan, p) for p in range(len(points))]
        self.unmet_cost = [float((money.emergency if e else money.lost_sale)[p]) for p, e in enumerate(emergency)]
        self.bought = Bought(plan)
        self.spent = 0.0
        self.lent = 0.0

    def read(self, record: Record) -> float:
        """Every line in turn, then the year's cost."""
        clock, money = self.plan.clock, self.plan.money
        suppliers = set(self.plan.points["unlimited"].nonzero()[0].tolist())
        for line in record.log or ():
            spent = self._take(*line)
            if line.tick >= clock.warm_up and (
                line.point not in suppliers or line.kind in (SHIPPED, REQUESTED, DEPARTED)
            ):
                self.spent += spent
        held = 0.0  # money × ticks ÷ ticks per time unit
        window = clock.end - clock.warm_up
        for levels, prices in (
            (self.on_hand, money.holding + money.storage),
            (self.waiting, money.backorder),
            (self.in_transit, money.in_transit_holding),
        ):
            for i, level in enumerate(levels):
                if levels is not self.in_transit and i in suppliers:
                    continue
                level.becomes(level.amount, clock.end)
                counted = level.total * (window / level.counted(clock.end))
                held += counted * (
                    float(prices[i]) + self._paid_beyond(levels is self.in_transit, i, levels is self.waiting)
                )
        self.spent += self.bought.spent()
        return (held + self.spent * clock.ticks_per_unit) * clock.units_per_year / window

    def _paid_beyond(self, moving: bool, i: int, owed: bool) -> float:
        """Carrying cost of what a unit cost beyond its worth, per time unit, where that is charged as a share of value."""
        share = float((self.plan.money.in_transit_rate if moving else self.plan.money.carrying_rate)[i])
        if owed or share != share:
            return 0.0
        return share * (self.bought.premium(i) if moving else self.bought.premium_of_stock(i))

    def _take(
        self,
        tick: int,
        _phase: int,
        kind: int,
        p: int,
        lane: int,
        quantity: float,
        on_hand: float,
        _on_order: float,
        owed: float,
        *_numbers: int,
    ) -> float:
        """Carry the levels over one line; returns the money it costs at once."""
        money, spent, in_window = self.plan.money, 0.0, tick >= self.plan.clock.warm_up
        if kind == DEMANDED:
            waits = owed - self.owed[p]
            unmet = on_grid(quantity - (self.on_hand[p].amount - on_hand) - waits - self.lent)
            spent = self.lent * float(money.transshipment[p]) + unmet * self.unmet_cost[p]
            if on_grid(quantity - (self.on_hand[p].amount - on_hand)) > 0.0:
                spent += float(money.stockout[p])
            self.lent = 0.0
            self.waiting[p].changes(waits, tick)
        elif kind in (BACKFILLED, GAVE_UP):
            self.waiting[p].changes(-quantity, tick)
            spent = quantity * float(money.lost_sale[p]) if kind == GAVE_UP else 0.0
        elif kind == SHIPPED:
            self.in_transit[lane].changes(quantity, tick)
            spent = quantity * float(money.lane_unit_cost[lane]) + self.bought.sent(lane, quantity, together=False)
        elif kind == DEPARTED:
            spent = self.bought.sent(lane, quantity, together=True)
        elif kind == CONSUMED:
            if self.released[lane][0] == p:  # work in process from its release on
                self.in_transit[lane].changes(on_grid(quantity / self.released[lane][1]), tick)
        elif kind == RECEIVED:
            self.in_transit[lane].changes(-quantity, tick)
            spent = quantity * float(money.lane_unit_cost[lane]) if self.produced[lane] else 0.0
            self.bought.arrived[lane] += quantity if in_window else 0.0
        elif kind == ORDERED:
            lane = self.lane_of_orders[p]
            if lane >= 0:
                spent = float(money.order_cost[lane])
                if in_window:
                    self.bought.order(lane, quantity)
                if self.produced[lane] and lane not in self.released:  # a plant without limits starts at once
                    self.in_transit[lane].changes(quantity, tick)
        elif kind == REQUESTED and not self.produced[lane]:
            spent = float(money.order_cost[lane]) if self.by_request[lane] else 0.0
            if self.by_request[lane] and in_window:
                self.bought.order(lane, quantity)
        elif kind == OUTDATED:
            spent = quantity * float((money.left_over if over(self.plan, p, tick) else money.outdating)[p])
        elif kind == SHRUNK:
            spent = quantity * float(money.shrinkage[p])
        elif kind == DECAYED:
            spent = quantity * float(money.decay[p])
        elif kind == DESTROYED:
            spent = quantity * float(money.unit_cost[p])
        elif kind == COUNTED:
            spent = float(money.counting[p])
        elif kind == LENT:  # the line of the demand that is helped comes next
            self.lent += quantity
        self.on_hand[p].becomes(on_hand, tick)
        self.owed[p] = owed
        return spent


def _first_components(plan: Plan) -> dict[int, tuple[int, float]]:
    """By lane of what is made of components: the first of them, and units of it in one unit."""
    found = {}
    for assembly in plan.assemblies:
        line = plan.inputs[assembly["first_input"]]
        found[int(assembly["lane"])] = int(line["point"]), float(line["per"])
    return found


def _unmet(plan: Plan, p: int) -> set[int]:
    """What the customers of a stock point do when the shelf is short."""
    return set(plan.customers["unmet"][plan.customers["point"] == p].tolist())


def _lane_of_orders(plan: Plan, p: int) -> int:
    """The lane that every order of a stock point takes; -1 when there are several to choose from."""
    sp = plan.points[p]
    if sp["sources"] == 1 or (sp["sources"] > 1 and sp["sourcing"] == FIRST):
        return int(plan.sources[sp["first_source"]])
    return -1
