"""What people may do in a room, and who may do it: every command is checked here and becomes events, or is refused."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from chainsim.errors import UsageError
from chainsim.game.room import PACES, Room, Team

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Letters of a room code: none that is taken for a digit."""
LONGEST_NAME, LONGEST_MESSAGE = 24, 200
SECONDS = (5, 3600)
MOST_TEAMS = 50
Event = dict[str, Any]


class Refused(UsageError):
    """A command that is not carried out: why."""


def new_code(length: int = 4) -> str:
    """A room code that people can read out."""
    return "".join(secrets.choice(LETTERS) for _ in range(length))


def new_token() -> str:
    """What a browser shows to be let in again."""
    return secrets.token_urlsafe(18)


def hashed(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def same(known: str, shown: str) -> bool:
    """Do they say the same? In a time that tells nothing."""
    return hmac.compare_digest(known.encode(), shown.encode())


def plain_name(text: Any, longest: int = LONGEST_NAME) -> str:
    """A name, or a message, on one line. Raises Refused."""
    if not isinstance(text, str):
        raise Refused("a name is a text")
    shown = re.sub(r"\s+", " ", "".join(c if c.isprintable() else " " for c in text)).strip()
    if not 1 <= len(shown) <= longest:
        raise Refused(f"between 1 and {longest} characters, please")
    return shown


def team_names(given: Sequence[str] | int) -> list[str]:
    """Names of the teams, from names or a number of them. Raises Refused."""
    names = [f"Team {i + 1}" for i in range(given)] if isinstance(given, int) else [plain_name(name) for name in given]
    if not 1 <= len(names) <= MOST_TEAMS:
        raise Refused(f"a room has 1 to {MOST_TEAMS} teams, not {len(names)}")
    if len(set(names)) < len(names):
        raise Refused("two teams have the same name")
    return names


# players


def join(room: Room, name: Any, token: str, team: Any = None, role: Any = None) -> Event:
    """Sit down: at the seat asked for, else at one of the fullest team that has one free."""
    named = plain_name(name)
    if team is None:
        free = [t for t in room.teams.values() if len(t.seats) < len(room.setting.roles)]
        if not free:
            raise Refused("all seats are taken")
        chosen = max(free, key=lambda t: len(t.seats))
    else:
        chosen = _team(room, team)
    open_roles = [r for r in room.setting.roles if r not in chosen.seats]
    if role is None:
        if not open_roles:
            raise Refused(f"all seats of {chosen.name} are taken")
        role = open_roles[0]
    elif role not in room.setting.roles:
        raise Refused("there is no such role")
    elif role not in open_roles:
        raise Refused(f"this seat is taken by {chosen.seats[role].name}")
    return {"kind": "join", "team": chosen.name, "role": role, "name": named, "token": hashed(token)}


def seat_of(room: Room, token: Any) -> tuple[str, str] | None:
    """Team and role of whoever shows this token; None for a stranger."""
    if not isinstance(token, str) or len(token) > 100:
        return None
    shown = hashed(token)
    for team in room.teams.values():
        for role, seat in team.seats.items():
            if same(seat.token, shown):
                return team.name, role
    return None


def order(room: Room, team: str, role: str, period: Any, quantity: Any) -> list[Event]:
    """A player's order for the period under way; it may be changed until the team moves on. With the pace 'ready' or 'timer' the
    last one moves the team on."""
    known = room.teams[team]
    if not room.started:
        raise Refused("the game has not begun")
    if known.board.record is not None:
        raise Refused("the game is over")
    if period != known.board.period or isinstance(period, bool):
        raise Refused(f"that was for another period; now it is {known.board.period}")
    if role not in known.board.on_turn:
        raise Refused("you decide after the role you supply")
    if isinstance(quantity, bool) or not isinstance(quantity, int | float):
        raise Refused("an order is a number")
    wrong = known.board.problem(role, float(quantity))
    if wrong:
        raise Refused(wrong)
    placed = float(quantity) + 0.0  # −0 is 0
    events: list[Event] = [
        {"kind": "order", "team": team, "role": role, "period": known.board.period, "quantity": placed}
    ]
    return [*events, *_on_if_ready(room.pace, known, role)]


# the teacher, and the clock


def is_teacher(room: Room, token: Any) -> bool:
    """Is this the teacher's token?"""
    return isinstance(token, str) and len(token) <= 100 and same(room.teacher, hashed(token))


def advance_of(team: Team) -> Event:
    """The event that moves a team on: a policy orders for whoever has not."""
    return {"kind": "advance", "team": team.name, "period": team.board.period}


def advance(room: Room, team: Any = None) -> list[Event]:
    """The teacher moves a team on, or all that are not at the end."""
    if not room.started:
        raise Refused("the game has not begun")
    teams = list(room.teams.values()) if team is None else [_team(room, team)]
    moving = [advance_of(known) for known in teams if known.board.record is None]
    if not moving:
        raise Refused("the game is over")
    return moving


def start(room: Room) -> Event:
    """The teacher begins."""
    if room.started:
        raise Refused("the game has begun already")
    return {"kind": "start"}


def settings(room: Room, wanted: Mapping[str, Any]) -> list[Event]:
    """The teacher changes the pace, the timer, what a team sees. Teams that a new pace finds ready move on."""
    event: Event = {"kind": "set"}
    for key, value in wanted.items():
        good = {
            "pace": lambda v: v in PACES,
            "seconds": lambda v: isinstance(v, int) and not isinstance(v, bool) and SECONDS[0] <= v <= SECONDS[1],
            "sharing": lambda v: isinstance(v, bool),
        }.get(key)
        if good is None:
            raise Refused("there is no such setting")
        if not good(value):
            raise Refused(f"{key} cannot be that")
        event[key] = value
    pace = event.get("pace", room.pace) if room.started else "teacher"
    waiting = [team for team in room.teams.values() if team.orders]
    return [event, *(each for team in waiting for each in _on_if_ready(pace, team))]


def overdue(room: Room) -> list[Event]:
    """The events that move teams on whose last order was written down and not the move: the server was killed in between."""
    waiting = [team for team in room.teams.values() if room.started and team.orders]
    return [each for team in waiting for each in _on_if_ready(room.pace, team)]


def message(room: Room, text: Any, team: Any = None) -> Event:
    """The teacher says something, to all or to one team."""
    to = "" if team is None else _team(room, team).name
    return {"kind": "message", "team": to, "text": plain_name(text, LONGEST_MESSAGE)}


def leave(room: Room, team: Any, role: Any) -> list[Event]:
    """A seat becomes free: the policy sits in until somebody takes it, and others need not wait for it."""
    known = _team(room, team)
    if not isinstance(role, str) or role not in known.seats:
        raise Refused("nobody sits there")
    others = set(known.orders) - {role}
    on = _on_if_ready(room.pace, known, role) if room.started and others else []
    return [{"kind": "leave", "team": known.name, "role": role}, *on]


def _on_if_ready(pace: str, team: Team, role: str = "") -> list[Event]:
    """The event that moves a team on, when nobody but this role is awaited and the pace lets it."""
    ready = pace != "teacher" and team.board.record is None and set(team.awaited) <= {role}
    return [advance_of(team)] if ready else []


def _team(room: Room, name: Any) -> Team:
    if not isinstance(name, str) or name not in room.teams:
        raise Refused("there is no such team")
    return room.teams[name]
