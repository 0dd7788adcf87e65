"""A room: teams at their boards, who sits where, and the rules of the class. Its state is what its events make of it.

Nothing here knows of a network or a clock. `apply` takes events that were checked (`game.desk`); the same events always
give the same room, so a room that was lost is played again from its diary.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chainsim.errors import UsageError
from chainsim.game.board import Board
from chainsim.game.robot import Robot
from chainsim.game.setting import Setting, made_of

PACES = ("teacher", "ready", "timer")
"""Who moves on: the teacher alone; a team as soon as all its players have ordered; the same, and a timer orders for the slow."""
MOST_MESSAGES = 20


@dataclass
class Seat:
    """A player: name, and the hash of the token that only his browser has."""

    name: str
    token: str


@dataclass
class Team:
    """One chain: its board, who sits where, what was ordered for the period under way."""

    name: str
    board: Board
    seats: dict[str, Seat] = field(default_factory=dict)
    orders: dict[str, float] = field(default_factory=dict)

    @property
    def awaited(self) -> list[str]:
        """Roles on turn that somebody plays and that have not ordered."""
        return [role for role in self.board.on_turn if role in self.seats and role not in self.orders]


class Room:
    """The teams, and how they are run: pace, seconds of the timer, whether a team sees its whole chain."""

    def __init__(self, setting: Setting, opening: Mapping[str, Any]) -> None:
        self.setting = setting
        self.policy: str = opening["policy"]
        self.code: str = opening["code"]
        self.teacher: str = opening["teacher"]
        self.pace: str = opening["pace"]
        self.seconds: int = opening["seconds"]
        self.sharing: bool = opening["sharing"]
        self.started = False
        self.messages: list[tuple[str, str]] = []  # (team or '' for all, text)
        plan = setting.board()
        self.teams = {
            name: Team(
                name, Board(setting, plan, {r: Robot(*setting.sitting_in(self.policy, r)) for r in setting.roles})
            )
            for name in opening["teams"]
        }

    def apply(self, event: Mapping[str, Any]) -> None:
        """Let an event happen."""
        kind = event["kind"]
        if kind == "set":
            for key in ("pace", "seconds", "sharing"):
                setattr(self, key, event.get(key, getattr(self, key)))
        elif kind == "start":
            self.started = True
        elif kind == "teacher":  # the server was started again, and has a new token for him
            self.teacher = event["token"]
        elif kind == "message":
            self.messages = [*self.messages, (event["team"], event["text"])][-MOST_MESSAGES:]
        elif kind in ("join", "leave", "order", "advance"):
            self._apply_to(self.teams[event["team"]], event)
        else:
            raise UsageError(f"unknown event '{kind}': was this game played with a later chainsim?")

    def _apply_to(self, team: Team, event: Mapping[str, Any]) -> None:
        if event["kind"] == "join":
            team.seats[event["role"]] = Seat(event["name"], event["token"])
        elif event["kind"] == "leave":
            del team.seats[event["role"]]
            team.orders.pop(event["role"], None)
        elif event["kind"] == "order":
            team.orders[event["role"]] = event["quantity"]
        else:
            team.board.turn(team.orders)
            team.orders = {}

    @property
    def over(self) -> bool:
        """Have all teams played to the end?"""
        return all(team.board.record is not None for team in self.teams.values())


def opening_of(setting: Setting, **options: Any) -> dict[str, Any]:
    """The first event of a room; options: policy, code, teacher (a hash), pace, seconds, sharing, teams."""
    return {
        "kind": "open",
        "name": setting.name,
        "folder": None if setting.folder is None else str(setting.folder.resolve()),
        "document": dict(setting.document),
        "periods": setting.periods,
        "sha256": setting.scenario.sha256,
        **options,
    }


def room_of(events: Iterable[Mapping[str, Any]]) -> Room:
    """The room that its events make. Raises UsageError where the first is not its opening, or the tables of its scenario are no
    longer what they were."""
    stream = iter(events)
    opening = next(stream, None)
    if opening is None or opening["kind"] != "open":
        raise UsageError("this game has no beginning")
    folder = None if opening["folder"] is None else Path(opening["folder"])
    setting = made_of(opening["document"], opening["name"], folder, opening["periods"])
    if setting.scenario.sha256 != opening["sha256"]:
        raise UsageError("the scenario of this game, or a table beside it, is no longer what was played")
    room = Room(setting, opening)
    for event in stream:
        room.apply(event)
    return room
