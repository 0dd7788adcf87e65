"""The world of one replication on simpy: the calendar, the clock and the hooks the rules call.

`World` is a simpy `Environment` whose calendar is ordered by (time, key): the key packs phase, rank and sequence
(`rules.phases`), so what happens first at one instant never depends on which process was created first. Times are
whole ticks, always absolute.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from heapq import heappop, heappush
from typing import Any

import simpy

from chainsim.chance.book import Streams
from chainsim.demand.tables import CUSTOMER
from chainsim.engines import processes
from chainsim.engines.books import Books, backwards, endless, instant_limit
from chainsim.errors import BudgetError
from chainsim.plan.plan import Plan
from chainsim.plan.tables import CLAIM, FLOW, LANE, LOT, OUTAGE, PAGE, POINT, RESOURCE, SHIPMENT
from chainsim.record.record import Event
from chainsim.rules.calendar import key_of
from chainsim.rules.flow import run_all
from chainsim.rules.make import advance_resource
from chainsim.rules.move import advance_lane
from chainsim.rules.phases import FLOW_DUE, ORDER_DUE, SHIPMENT_DUE, UNIT_DONE, phase_of
from chainsim.rules.stock import advance

HOUSEKEEPING = 1
"""simpy's own events, the begin and end of processes, have the keys 0 and 1; they are not counted."""


class Tick(simpy.Event):
    """A recurring happening with a fixed place in the order of its instant.

    Whoever waits says `yield tick.at(time)`, or `yield tick.idle()` until somebody calls `ring(time)`. One object serves
    for ever, which saves making a simpy event for every happening.
    """

    def __init__(self, world: World, key: int) -> None:
        super().__init__(world)
        self._ok = True
        self._value = None
        self.key = key
        self.calendar: list[Any] = world._queue

    def at(self, when: int) -> Tick:
        """Ring at tick `when`; to be yielded."""
        self.callbacks = []
        heappush(self.calendar, (when, self.key, next(self.env._eid), self))
        return self

    def idle(self) -> Tick:
        """Wait until somebody rings; to be yielded."""
        self.callbacks = []
        return self

    def ring(self, when: int) -> None:
        """Wake whoever is idle at tick `when`."""
        heappush(self.calendar, (when, self.key, next(self.env._eid), self))


class World(simpy.Environment):
    """Everything a rule may touch in one replication of a Plan."""

    now: int = 0  # a plain attribute: read at every event

    def __init__(self, plan: Plan, replication: int, *, log: bool = False) -> None:
        super().__init__(0)
        self.plan = plan
        self.warm_up = plan.clock.warm_up
        self.end = plan.clock.end
        self.points = POINT.rows(plan.points)
        self.lanes = LANE.rows(plan.lanes)
        self.customers = CUSTOMER.rows(plan.customers)
        self.resources = RESOURCE.rows(plan.resources)
        self.outages = OUTAGE.rows(plan.outages)
        self.flows = FLOW.rows(plan.flows)
        self.pages = PAGE.rows(plan.pages)
        self.first_shipments = SHIPMENT.rows(plan.first_shipments)
        self.first_orders = SHIPMENT.rows(plan.first_orders)
        self.sources: list[int] = plan.sources.tolist()
        self.ancestors: list[int] = plan.ancestors.tolist()
        self.outage_lanes: list[int] = plan.outage_lanes.tolist()
        self.partners: list[int] = plan.partners.tolist()
        self.values: list[float] = plan.values.tolist()
        self.warp: list[float] = plan.warp.tolist()
        self.page_parameters: list[float] = plan.page_parameters.tolist()
        self.memory = [list(m) for m in plan.memory]
        self.draw = Streams(plan.streams, replication).draw
        self.claims: list[Any] = []
        self.free_claims: list[int] = []
        self.shipments: list[Any] = []
        self.free_shipments: list[int] = []
        self.lots: list[Any] = []
        self.free_lots: list[int] = []
        self.chosen: list[int] = []
        self.waiting = [0.0] * len(self.points)
        self.waiting_time = [0.0] * len(self.points)
        self.numbers = 0
        self.logging = log
        self.lines: list[Event] = []
        self.key = 0
        self.instant_limit = instant_limit(plan)
        self.events = 0
        self.bells: dict[int, dict[int, Tick]] = {}
        self.books = Books(plan)
        self.edges: list[int] = self.books.edges.tolist()

    # the calendar

    def run_until(self, end: int) -> None:
        """Carry out everything before tick `end`, in the order of the calendar."""
        queue: list[Any] = self._queue
        now, events, limit = -1, 0, 0
        while queue and queue[0][0] < end:
            when, key, _, event = heappop(queue)
            if when != now:
                self.now = self._now = now = when
                limit = events + self.instant_limit
            events += key > HOUSEKEEPING
            if events > limit:
                raise BudgetError(endless(self.plan, now, key))
            self.key = key
            callbacks, event.callbacks = event.callbacks, None
            for callback in callbacks:
                callback(event)
            if not event._ok and not hasattr(event, "_defused"):
                raise event._value
        self.events += events

    def tick(self, kind: int, index: int) -> Tick:
        """A recurring happening, for whoever waits for it; `expect(kind, at, index)` rings it."""
        tick = Tick(self, key_of(self, kind, index))
        self.bells.setdefault(kind, {})[index] = tick
        return tick

    # the books

    def close_bucket(self, b: int) -> None:
        """Note every stock point as it stands, before anything of this instant."""
        run_all(self, self.now)
        self.books.close(b, self.points, self.lanes)

    def open_window(self) -> None:
        """The warm-up is over: remember all totals, before anything of this instant."""
        self.advance_all(self.now)
        self.books.open(self.points, self.lanes, self.resources)

    def advance_all(self, now: int) -> None:
        """Add up every time integral to `now`."""
        run_all(self, now)
        for sp in self.points:
            advance(sp, now)
        for lane in self.lanes:
            advance_lane(lane, now)
        for resource in self.resources:
            advance_resource(resource, now)

    # hooks of the rules

    def expect(self, kind: int, at: int, index: int) -> None:
        """Put a happening on the calendar: ring the bell of whoever waits for it, or start its story."""
        if at < self.now:
            raise BudgetError(backwards(self.plan, self.now))
        bell = self.bells.get(kind)
        if bell is not None:
            bell[index].ring(at)
        elif kind == SHIPMENT_DUE:
            self.moment(kind, at, processes.shipment, index)
        elif kind == ORDER_DUE:
            self.moment(kind, at, processes.order, index)
        elif kind == UNIT_DONE:
            self.moment(kind, at, processes.machine, index)
        elif kind == FLOW_DUE:
            self.moment(kind, at, processes.flow, index)
        else:
            self.moment(kind, at, processes.patience(self.claims[index].number), index)

    def moment(self, kind: int, at: int, happening: Callable[[World, int], None], index: int) -> None:
        """A single happening.

        An event with a callback, not a process: there is nothing to tell between now and then, and a process would
        put two more events on the calendar.
        """
        event = Tick(self, key_of(self, kind, index)).at(at)
        event.callbacks = [lambda _: happening(self, index)]

    def order_quantity(self, p: int) -> float:
        """Ask the policy of stock point p."""
        plan = self.plan
        sp = self.points[p]
        parameters: Sequence[float] = plan.parameters[p]
        if sp.page >= 0:
            page = self.pages[sp.page]
            parameters = self.page_parameters[page.first : page.first + page.count]
        quantity: float = plan.rules[sp.policy](sp, parameters, self.memory[p])
        return quantity

    def new_claim(self) -> int:
        """A row of the pool of claims."""
        self.numbers += 1
        if self.free_claims:
            k = self.free_claims.pop()
        else:
            k = len(self.claims)
            self.claims.append(CLAIM.rows(CLAIM.array(1))[0])
            self.chosen.append(-1)
        self.claims[k].number = self.numbers
        return k

    def free_claim(self, k: int) -> None:
        self.claims[k].number = -1
        self.free_claims.append(k)

    def new_shipment(self) -> int:
        """A row of the pool of shipments."""
        if self.free_shipments:
            return self.free_shipments.pop()
        self.shipments.append(SHIPMENT.rows(SHIPMENT.array(1))[0])
        return len(self.shipments) - 1

    def free_shipment(self, s: int) -> None:
        self.free_shipments.append(s)

    def new_lot(self) -> int:
        """A row of the pool of lots."""
        if self.free_lots:
            return self.free_lots.pop()
        self.lots.append(LOT.rows(LOT.array(1))[0])
        return len(self.lots) - 1

    def free_lot(self, k: int) -> None:
        self.free_lots.append(k)

    def log(self, kind: int, p: int, lane: int, quantity: float, claim: int, shipment: int) -> None:
        """One line of the event log."""
        sp = self.points[p]
        self.lines.append(
            Event(
                self.now,
                phase_of(self.key),
                kind,
                p,
                lane,
                quantity,
                sp.on_hand,
                sp.on_order,
                sp.backorders,
                claim,
                shipment,
            )
        )
