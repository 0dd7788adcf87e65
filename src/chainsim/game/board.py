"""The board: one replication on the reference engine that stops before every review until it is told what to order.

Nothing of the engine's rules is changed. The calendar is carried out up to the next review of a role, and on from there when
the order is known; so the record of a game is that of the same orders replayed as policy `plan`, to the last bit.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from chainsim.engines.processes import everybody
from chainsim.engines.simpy_engine import put_under_way
from chainsim.engines.world import World
from chainsim.errors import UsageError
from chainsim.game.robot import Robot
from chainsim.game.setting import Setting
from chainsim.plan.plan import Plan
from chainsim.record.record import Record
from chainsim.rules.calendar import key_of
from chainsim.rules.grid import tick_at
from chainsim.rules.order import adjust
from chainsim.rules.phases import PERIODIC_REVIEW_DUE

MOST_UNITS = 1_000_000.0


class Week(NamedTuple):
    """One period of one role, as it stood when it ordered: units.

    demand: ordered from it since its last order. received: what came in since. net_stock: on hand less owed. on_order: ordered
    before and not yet received; in_transit: of that, on the road or in production. order: what it ordered then; None: not yet.
    cost: its own so far, money.
    """

    period: int
    demand: float
    received: float
    net_stock: float
    on_order: float
    in_transit: float
    cost: float
    order: float | None = None


class Board(World):
    """A game under way. `turn` orders and moves on; `week` is what a role sees.

    period: the one that is being ordered for, from 1; one more than there are when the game is over. on_turn: roles that order now;
    one whose customer's order comes without delay decides after it.
    """

    def __init__(self, setting: Setting, plan: Plan, robots: Mapping[str, Robot]) -> None:
        """plan: `setting.board()`. robots: by role, who sits in."""
        super().__init__(plan, 0)
        self.setting = setting
        self.rows = {role: setting.row_of(plan, role) for role in setting.roles}
        self.role_of = {row: role for role, row in self.rows.items()}
        self.robots = robots
        self.weeks: dict[str, list[Week]] = {role: [] for role in setting.roles}
        self.by_robot: dict[str, list[bool]] = {role: [] for role in setting.roles}
        self.record: Record | None = None
        self._hand: dict[str, float | None] = {}
        self._received = dict.fromkeys(setting.roles, 0.0)  # before its last order, units
        self._prices = {role: self._price(row) for role, row in self.rows.items()}
        put_under_way(self)
        everybody(self)
        self.period, self.on_turn = 1, list[str]()
        self._go_on()
        self._look()

    def _look(self) -> None:
        """Which period it is, and whose turn; nothing changes either but `turn`."""
        self.period = min(len(weeks) for weeks in self.weeks.values()) + 1
        lags = zip(self.setting.roles, self.setting.lagged, strict=True)
        self.on_turn = [] if self.record is not None else [role for role, lagged in lags if self._may(role, lagged)]

    def _may(self, role: str, lagged: bool) -> bool:
        undone = len(self.weeks[role]) < self.period and role not in self._hand
        if lagged or not undone:
            return undone
        below = self.setting.roles[self.setting.roles.index(role) - 1]
        return len(self.weeks[below]) >= self.period

    def problem(self, role: str, quantity: float) -> str:
        """Why a role cannot order this; '' if it can."""
        if not 0.0 <= quantity <= MOST_UNITS:
            return f"an order is between 0 and {MOST_UNITS:,.0f} units"
        placed = adjust(self.points[self.rows[role]], quantity)
        return "" if placed == quantity else f"{quantity:g} units cannot be ordered; {placed:g} can"

    def turn(self, orders: Mapping[str, float]) -> None:
        """The roles on turn order and the game goes on to the next; a robot orders for those who are not in `orders`. Raises
        UsageError for an order that cannot be placed, or of a role that is not on turn."""
        turn = list(self.on_turn)
        for role, quantity in orders.items():
            wrong = self.problem(role, quantity) if role in turn else "it is not on turn"
            if wrong:
                raise UsageError(f"{role}: {wrong}")
        self._hand |= {role: orders.get(role) for role in turn}
        self._go_on()
        self._look()

    def week(self, role: str) -> Week:
        """How a role stands now."""
        row = self.rows[role]
        sp, weeks = self.points[row], self.weeks[role]
        lane = self.lanes[self.sources[sp.first_source]]
        return Week(
            len(weeks) + 1, sp.recent_demand, sp.received - self._received[role], sp.on_hand - sp.backorders, sp.on_order, lane.in_transit,
            self._cost(row),
        )  # fmt: skip

    def orders(self, role: str) -> list[float]:
        """What a role has ordered so far, period by period."""
        return [week.order or 0.0 for week in self.weeks[role]]

    def cost(self, role: str) -> float:
        """A role's own cost so far: stock, what it owes or lost, its orders."""
        return self._cost(self.rows[role])

    # the engine's side

    def order_quantity(self, p: int) -> float:
        role = self.role_of[p]
        sp, week = self.points[p], self.week(role)
        advice = self.robots[role].advice(sp, self.now)
        wanted = self._hand.pop(role)
        quantity = adjust(sp, advice if wanted is None else wanted)
        self._received[role] = sp.received
        self.weeks[role].append(week._replace(order=quantity))
        self.by_robot[role].append(wanted is None)
        return quantity

    def _go_on(self) -> None:
        """Carry out the calendar up to the first review nobody has decided, or to the end."""
        while self.record is None:
            at, key, role = min(self._next_review(role) for role in self.setting.roles)
            if at >= self.end:
                self.run_until(self.end)
                self.advance_all(self.end)
                self.now = self.end
                self.record = self.books.record(0, self)
            elif role in self._hand:
                self.run_until(at, key + 1)
            else:
                self.run_until(at, key)
                self.now = at
                return

    def _next_review(self, role: str) -> tuple[int, int, str]:
        row = self.rows[role]
        sp = self.points[row]
        at = tick_at(sp.offset, sp.review_interval, sp.review_rest, len(self.weeks[role]))
        return at, key_of(self, PERIODIC_REVIEW_DUE, row), role

    # money

    def prices_per_unit_of_time(self, role: str) -> list[float]:
        """Money per unit in stock, and owed, for a time unit; per unit lost; per order."""
        held, owed, lost, order = self._prices[role]
        ticks = self.plan.clock.ticks_per_unit
        return [held * ticks, owed * ticks, lost, order]

    def _price(self, row: int) -> tuple[float, float, float, float]:
        """Money per unit-tick in stock and owed, per unit lost, per order. Every role pays for what it owes, as on the board:
        at the customers' price where it has none of its own."""
        money, ticks = self.plan.money, self.plan.clock.ticks_per_unit
        owed = float(money.backorder[row]) or float(money.backorder[self.rows[self.setting.roles[0]]])
        lane = self.sources[self.points[row].first_source]
        return (
            float(money.holding[row]) / ticks,
            owed / ticks,
            float(money.lost_sale[row]),
            float(money.order_cost[lane]),
        )

    def _cost(self, row: int) -> float:
        sp, elapsed = self.points[row], self.now - self.points[row].since
        held, owed, lost, order = self._prices[self.role_of[row]]
        stock = held * (sp.on_hand_time + sp.on_hand * elapsed) + owed * (sp.backorder_time + sp.backorders * elapsed)
        return float(stock + lost * sp.lost + order * sp.orders)
