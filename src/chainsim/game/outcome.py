"""What a game came to: cost and bullwhip of every role, and what the policies would have cost at the same board."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from statistics import variance
from typing import Any

from chainsim.game.board import Board
from chainsim.game.robot import Robot
from chainsim.game.setting import Setting


@dataclass(frozen=True)
class Part:
    """One role: its own cost (every role pays for its stock and for what it owes), its orders' variance over that of what was
    ordered from it, and over that of the customers' demand (None: that does not vary), its largest order, the most it owed."""

    role: str
    cost: float
    bullwhip: float | None
    bullwhip_cumulative: float | None
    largest_order: float
    most_owed: float


@dataclass(frozen=True)
class Outcome:
    """All roles, the one that customers buy from first."""

    parts: tuple[Part, ...]

    @property
    def cost(self) -> float:
        """What the chain cost: the sum over its roles."""
        return sum(part.cost for part in self.parts)

    @property
    def bullwhip(self) -> float | None:
        """Variance of the last role's orders over that of the customers' demand."""
        return self.parts[-1].bullwhip_cumulative

    def plain(self) -> dict[str, Any]:
        """As plain data."""
        return {"cost": self.cost, "bullwhip": self.bullwhip, "parts": [vars(part) for part in self.parts]}


def outcome_of(board: Board) -> Outcome:
    """The outcome of a board, as far as it was played."""
    customers = [week.demand for week in board.weeks[board.setting.roles[0]]]
    parts = []
    for role in board.setting.roles:
        weeks, orders = board.weeks[role], board.orders(role)
        demand = [week.demand for week in weeks]
        parts.append(
            Part(
                role, board.cost(role), _ratio(orders, demand), _ratio(orders, customers), max(orders, default=0.0),
                max((-week.net_stock for week in weeks if week.net_stock < 0), default=0.0),
            )
        )  # fmt: skip
    return Outcome(tuple(parts))


def played_by(setting: Setting, policy: str) -> Board:
    """The same board, played by a policy in every seat."""
    board = Board(setting, setting.board(), {role: Robot(*setting.sitting_in(policy, role)) for role in setting.roles})
    while board.on_turn:
        board.turn({})
    return board


def outcomes_of_policies(setting: Setting) -> dict[str, Outcome]:
    """The same board under every policy that can sit in, the cheapest first."""
    found = {policy: outcome_of(played_by(setting, policy)) for policy in setting.sitters}
    return dict(sorted(found.items(), key=lambda item: item[1].cost))


def had_one_followed(board: Board, role: str, policy: str) -> float:
    """What the chain would have cost if this role had followed a policy and all others had ordered as they did: money more than
    was played (below 0: less)."""
    return replayed(board, board.setting, policy, [role]) - outcome_of(board).cost


def replayed(board: Board, setting: Setting, policy: str, seats: Collection[str]) -> float:
    """What the chain would have cost with a policy of the setting in some seats, and all others ordering as they did: money."""
    robots = {role: Robot(*setting.sitting_in(policy, role)) for role in setting.roles}
    again = Board(setting, board.plan, robots)
    while turn := again.on_turn:
        again.turn({role: board.orders(role)[len(again.weeks[role])] for role in turn if role not in seats})
    return outcome_of(again).cost


def _ratio(above: Sequence[float], below: Sequence[float]) -> float | None:
    if len(above) < 2 or (spread := variance(below)) == 0.0:
        return None
    return variance(above) / spread
