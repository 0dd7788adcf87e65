"""The world of one replication on simpy: the calendar, the clock and the hooks the rules call.

`World` is a simpy `Environment` with a calendar of our own (`engines.simpy_calendar`). Times are whole ticks, always absolute.
"""

from __future__ import annotations

from collections.abc import Sequence

from chainsim.chance.book import Streams
from chainsim.demand.tables import CUSTOMER
from chainsim.engines.books import Books, backwards, endless, instant_limit
from chainsim.engines.moments import REPEATED, moment
from chainsim.engines.pools import pool
from chainsim.engines.simpy_calendar import Calendar, Call, Tick
from chainsim.errors import BudgetError
from chainsim.plan.plan import Plan
from chainsim.plan.tables import FLOW, LANE, OUTAGE, PAGE, POINT, RESOURCE, SHIPMENT
from chainsim.plan.tables_ages import AGING
from chainsim.plan.tables_bills import ASSEMBLY, DESK, INPUT
from chainsim.plan.tables_calendars import OPENING
from chainsim.plan.tables_records import LEDGER
from chainsim.plan.tables_terms import BREAK, TERMS
from chainsim.record.record import Event
from chainsim.rules.assembly import advance_assembly
from chainsim.rules.calendar import key_of
from chainsim.rules.dock import advance_dock
from chainsim.rules.flow import carry_all
from chainsim.rules.make import advance_resource
from chainsim.rules.move import advance_lane
from chainsim.rules.phases import phase_of
from chainsim.rules.records import advance_ledger
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
        self.ledgers = LEDGER.rows(plan.ledgers)
        self.pages = PAGE.rows(plan.pages)
        self.openings = OPENING.rows(plan.openings)
        self.inputs = INPUT.rows(plan.inputs)
        self.assemblies = ASSEMBLY.rows(plan.assemblies)
        self.agings = AGING.rows(plan.agings)
        self.desks = DESK.rows(plan.desks)
        self.terms = TERMS.rows(plan.terms)
        self.breaks = BREAK.rows(plan.breaks)
        self.first_shipments = SHIPMENT.rows(plan.first_shipments)
        self.first_orders = SHIPMENT.rows(plan.first_orders)
        self.sources: list[int] = plan.sources.tolist()
        self.ancestors: list[int] = plan.ancestors.tolist()
        self.contents: list[float] = plan.contents.tolist()
        self.outage_lanes: list[int] = plan.outage_lanes.tolist()
        self.partners: list[int] = plan.partners.tolist()
        self.values: list[float] = plan.values.tolist()
        self.warp: list[float] = plan.warp.tolist()
        self.page_parameters: list[float] = plan.page_parameters.tolist()
        self.memory = [list(m) for m in plan.memory]
        self.draw = Streams(plan.streams, replication).draw
        self.chosen: list[int] = []
        self.claims, self.new_claim, self.free_claim = pool("claims", self.chosen)
        self.shipments, self.new_shipment, self.free_shipment = pool("shipments")
        self.lots, self.new_lot, self.free_lot = pool("lots")
        self.waiting = [0.0] * len(self.points)
        self.waiting_time = [0.0] * len(self.points)
        self.logging = log
        self.lines: list[Event] = []
        self.bells: dict[int, dict[int, Tick]] = {kind: {} for kind in REPEATED}
        self.books = Books(plan)
        self.edges: list[int] = self.books.edges.tolist()

    # the calendar

    def stuck(self, now: int, key: int) -> BudgetError:
        """An instant that does not end."""
        return BudgetError(endless(self.plan, now, key))

    def tick(self, kind: int, index: int) -> Tick:
        """A recurring happening, for whoever waits for it; `expect(kind, at, index)` rings it."""
        tick = Tick(self, key_of(self, kind, index))
        self.bells[kind][index] = tick
        return tick

    # the books

    def close_bucket(self, b: int) -> None:
        """Note every stock point as it stands, before anything of this instant."""
        carry_all(self, self.now)
        self.books.close(b, self)

    def open_window(self) -> None:
        """The warm-up is over: remember all totals, before anything of this instant."""
        self.advance_all(self.now)
        self.books.open(self)

    def advance_all(self, now: int) -> None:
        """Add up every time integral to `now`."""
        carry_all(self, now)
        for sp in self.points:
            advance(sp, now)
        for lane in self.lanes:
            advance_lane(lane, now)
        for terms in self.terms:
            advance_dock(self.lanes[terms.lane], terms, now)
        for resource in self.resources:
            advance_resource(resource, now)
        for row in self.assemblies:
            advance_assembly(row, now)
        for i in range(len(self.ledgers)):
            advance_ledger(self, i, now)

    # hooks of the rules

    def expect(self, kind: int, at: int, index: int) -> None:
        """Put a happening on the calendar: ring the bell of whoever waits for it, or call its rule when its moment comes."""
        if at < self.now:
            raise BudgetError(backwards(self.plan, self.now))
        bells = self.bells.get(kind)
        if bells is None:
            Call(self, key_of(self, kind, index), moment(self, kind, index)).ring(at)
            return
        bell = bells.get(index)
        if bell is None:  # nobody waits for it: its rule happens
            bell = bells[index] = Call(self, key_of(self, kind, index), moment(self, kind, index))
        bell.ring(at)

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
