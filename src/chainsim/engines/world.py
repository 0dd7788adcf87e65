"""The world of one replication on simpy: the calendar, the clock and the hooks the rules call.

`World` is a simpy `Environment` with a calendar of our own (`engines.simpy_calendar`). Times are whole ticks, always absolute.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chainsim.chance.book import Streams
from chainsim.demand.tables import CUSTOMER
from chainsim.engines.books import Books, backwards, endless, instant_limit
from chainsim.engines.moments import happening
from chainsim.engines.simpy_calendar import Calendar, Tick
from chainsim.errors import BudgetError
from chainsim.plan.plan import Plan
from chainsim.plan.tables import CLAIM, FLOW, LANE, LOT, OUTAGE, PAGE, POINT, RESOURCE, SHIPMENT
from chainsim.record.record import Event
from chainsim.rules.calendar import key_of
from chainsim.rules.flow import carry_all
from chainsim.rules.make import advance_resource
from chainsim.rules.move import advance_lane
from chainsim.rules.phases import phase_of
from chainsim.rules.stock import advance


class World(Calendar):
    """Everything a rule may touch in one replication of a Plan."""

    def __init__(self, plan: Plan, replication: int, *, log: bool = False) -> None:
        super().__init__(instant_limit(plan))
        self.plan = plan
        self.warm_up = plan.clock.warm_up
        self.bucket = plan.clock.bucket
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
        self.bells: dict[int, dict[int, Tick]] = {}
        self.books = Books(plan)
        self.edges: list[int] = self.books.edges.tolist()

    # the calendar

    def stuck(self, now: int, key: int) -> BudgetError:
        """An instant that does not end."""
        return BudgetError(endless(self.plan, now, key))

    def tick(self, kind: int, index: int) -> Tick:
        """A recurring happening, for whoever waits for it; `expect(kind, at, index)` rings it."""
        tick = Tick(self, key_of(self, kind, index))
        self.bells.setdefault(kind, {})[index] = tick
        return tick

    # the books

    def close_bucket(self, b: int) -> None:
        """Note every stock point as it stands, before anything of this instant."""
        carry_all(self, self.now)
        self.books.close(b, self)

    def open_window(self) -> None:
        """The warm-up is over: remember all totals, before anything of this instant."""
        self.advance_all(self.now)
        self.books.open(self.points, self.lanes, self.resources)

    def advance_all(self, now: int) -> None:
        """Add up every time integral to `now`."""
        carry_all(self, now)
        for sp in self.points:
            advance(sp, now)
        for lane in self.lanes:
            advance_lane(lane, now)
        for resource in self.resources:
            advance_resource(resource, now)

    # hooks of the rules

    def expect(self, kind: int, at: int, index: int) -> None:
        """Put a happening on the calendar: ring the bell of whoever waits for it, or note its moment."""
        if at < self.now:
            raise BudgetError(backwards(self.plan, self.now))
        bell = self.bells.get(kind)
        if bell is not None:
            bell[index].ring(at)
        else:  # an event with a callback: a process would put two more events on the calendar
            event = Tick(self, key_of(self, kind, index)).at(at)
            event.callbacks = [happening(self, kind, index)]

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
