"""The hall: who is connected, what they ask for, what they are shown. It turns messages into events of the room and tells those
concerned; it knows no network library, only connections that take and give text."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chainsim.game import desk, sight
from chainsim.game.debrief import SLIDES, leaderboard, moves_csv
from chainsim.game.diary import Diary
from chainsim.game.room import Room

MOST_CONNECTIONS = 400
MOST_BAD = 20
"""So many refused messages, and a connection is closed."""
MOST_A_SECOND = 30
MOST_DIGITS = 15
"""Of a whole number: more than any order has, and a float can hold it."""
TEACHER = ("", "teacher")
Who = tuple[str, str]
Message = Mapping[str, Any]


class Unreadable(desk.Refused):
    """A message that is none."""


class Connection:
    """One browser. who: team and role of a player, TEACHER, or None for a newcomer. `changed` is set when it has to be shown
    something again. seen: the state of its role that it was sent last."""

    def __init__(self) -> None:
        self.who: Who | None = None
        self.welcome = False
        self.changed = asyncio.Event()
        self.replies: list[dict[str, Any]] = []
        self.seen: str | None = None
        self.bad = 0
        self.second, self.messages = 0, 0

    def reply(self, **shown: Any) -> None:
        """Say something to this one alone."""
        self.replies.append(shown)
        self.changed.set()

    def is_flooding(self, now: float) -> bool:
        """Did it say more than anybody needs to in this second?"""
        if int(now) != self.second:
            self.second, self.messages = int(now), 0
        self.messages += 1
        return self.messages > MOST_A_SECOND


class Hall:
    """Everybody in one room. address: where newcomers find it, for the teacher's screen."""

    def __init__(self, room: Room, diary: Diary, address: str = "", qr: Sequence[str] = ()) -> None:
        self.room, self.diary = room, diary
        self.address, self.qr = address, list(qr)
        self.connections: set[Connection] = set()
        self.deadlines: dict[str, float] = {}
        self.pages: dict[str, str] = {}  # team → address of its page; '' → that of the slides
        self.key = desk.new_token()
        self._states: dict[Who, str] = {}  # as text, made once for all who look and however often
        self._commands: dict[str, Callable[[Connection, Message], None]] = {
            "hello": self._hello, "join": self._join, "order": self._order, "leave": self._leave, "start": self._start,
            "advance": self._advance, "set": self._set, "message": self._message, "free": self._free, "board": self._board,
            "moves": self._moves,
        }  # fmt: skip
        self._wind_up()
        self._do(desk.overdue(room))

    # what comes in

    def hear(self, connection: Connection, text: str) -> bool:
        """Carry a message out, or refuse it; False when the connection is to be closed."""
        try:
            if connection.is_flooding(time.monotonic()):
                raise Unreadable("too many messages")
            message = _read(text)
            command = self._commands.get(message.get("do", ""))
            if command is None:
                raise Unreadable("there is no such command")
            command(connection, message)
        except desk.Refused as refused:
            connection.bad += 1 + 4 * isinstance(refused, Unreadable)
            connection.reply(show="refused", text=str(refused))
        return connection.bad <= MOST_BAD

    def _hello(self, connection: Connection, message: Message) -> None:
        """Who is this? A token is enough; a newcomer needs the code of the room."""
        _only(message, "code", "token")
        token = message.get("token")
        if desk.is_teacher(self.room, token):
            connection.who = TEACHER
        elif (seat := desk.seat_of(self.room, token)) is not None:
            connection.who = seat
        else:
            self._check_code(message)
            connection.who = None
        connection.welcome, connection.seen = True, None
        connection.changed.set()

    def _join(self, connection: Connection, message: Message) -> None:
        _only(message, "code", "name", "team", "role")
        self._check_code(message)
        if connection.who is not None:
            raise desk.Refused("you sit already")
        token = desk.new_token()
        event = desk.join(self.room, message.get("name"), token, message.get("team"), message.get("role"))
        self._do([event])
        connection.who, connection.welcome = (event["team"], event["role"]), True
        connection.reply(show="welcome", token=token)

    def _check_code(self, message: Message) -> None:
        code = message.get("code")
        if not isinstance(code, str) or not desk.same(self.room.code, code.strip().upper()[:20]):
            raise desk.Refused("this is not the code of the room")

    def _order(self, connection: Connection, message: Message) -> None:
        _only(message, "period", "quantity")
        team, role = self._player(connection)
        self._do(desk.order(self.room, team, role, message.get("period"), message.get("quantity")))

    def _leave(self, connection: Connection, message: Message) -> None:
        _only(message)
        team, role = self._player(connection)
        self._do(desk.leave(self.room, team, role))

    def _start(self, connection: Connection, message: Message) -> None:
        _only(message)
        self._teacher(connection)
        self._do([desk.start(self.room)])

    def _advance(self, connection: Connection, message: Message) -> None:
        _only(message, "team")
        self._teacher(connection)
        self._do(desk.advance(self.room, message.get("team")))

    def _set(self, connection: Connection, message: Message) -> None:
        self._teacher(connection)
        self._do(desk.settings(self.room, {key: value for key, value in message.items() if key != "do"}))

    def _message(self, connection: Connection, message: Message) -> None:
        _only(message, "text", "team")
        self._teacher(connection)
        self._do([desk.message(self.room, message.get("text"), message.get("team"))])

    def _free(self, connection: Connection, message: Message) -> None:
        _only(message, "team", "role")
        self._teacher(connection)
        self._do(desk.leave(self.room, message.get("team"), message.get("role")))

    def _board(self, connection: Connection, message: Message) -> None:
        _only(message)
        self._teacher(connection)
        connection.reply(show="board", rows=[line._asdict() for line in leaderboard(self.room)])

    def _moves(self, connection: Connection, message: Message) -> None:
        _only(message)
        self._teacher(connection)
        connection.reply(show="moves", text=moves_csv(self.room).decode())

    @staticmethod
    def _player(connection: Connection) -> Who:
        if connection.who is None or connection.who == TEACHER:
            raise desk.Refused("you play no role")
        return connection.who

    @staticmethod
    def _teacher(connection: Connection) -> None:
        if connection.who != TEACHER:
            raise desk.Refused("only the teacher may do this")

    # what happens

    def _do(self, events: Sequence[Mapping[str, Any]]) -> None:
        """Write events down, let them happen, and have everybody concerned look again."""
        self.diary.write(*events)
        for event in events:
            self.room.apply(event)
            self._forget(event)
            if event["kind"] in ("start", "set", "advance"):
                self._wind_up(event.get("team"))
            if event["kind"] == "leave":
                self._send_away(event["team"], event["role"])
        concerned = {event.get("team") or "" for event in events}
        seats = any(event["kind"] in ("join", "leave") for event in events)
        for connection in self.connections:
            who = connection.who
            if who == TEACHER or "" in concerned or (seats if who is None else who[0] in concerned):
                connection.changed.set()

    def _forget(self, event: Mapping[str, Any]) -> None:
        """Drop the states that an event changed; an order changes none (`sight.of_orders`)."""
        if event["kind"] != "order":
            team = event.get("team") or None
            self._states = {who: state for who, state in self._states.items() if team is not None and who[0] != team}

    def _send_away(self, team: str, role: str) -> None:
        for connection in self.connections:
            if connection.who == (team, role):
                connection.who, connection.seen = None, None
                connection.reply(show="away")

    def _wind_up(self, team: str | None = None) -> None:
        """Set the timers of a team, or of all."""
        room = self.room
        for name in room.teams if team is None else (team,):
            self.deadlines.pop(name, None)
            if room.started and room.pace == "timer" and room.teams[name].board.record is None:
                self.deadlines[name] = time.monotonic() + room.seconds

    def tick(self) -> None:
        """Order for the slow."""
        now = time.monotonic()
        late = [self.room.teams[name] for name, deadline in self.deadlines.items() if deadline <= now]
        for team in late:
            self._do([desk.advance_of(team)])

    def find_pages(self) -> None:
        """Look which teams' pages and slides are there (`chainsim debrief` writes them)."""
        if (self.diary.folder / SLIDES).is_file():
            self.pages[""] = f"/debrief/{self.key}/slides"
        for number, team in enumerate(self.room.teams, start=1):
            for page in self.diary.folder.glob(f"debrief/{number}-*/report.html"):
                self.pages[team] = f"/debrief/{self.key}/{page.parent.name}"

    # what goes out

    def told(self, connection: Connection) -> list[str]:
        """What this browser is sent now: what was said to it alone, then what it is to show. Of a state that it has, only the orders
        of its team, which may be all that changed."""
        replies, connection.replies = connection.replies, []
        texts = [text_of(reply) for reply in replies]
        who = connection.who
        if who is None or who == TEACHER:
            shown = self.shown(connection)
            return texts if shown is None else [*texts, text_of(shown)]
        state, team = self._state(who), self.room.teams[who[0]]
        again, connection.seen = connection.seen is state, state
        orders = text_of({**sight.of_orders(team, who[1]), "seconds": self._seconds(who[0])})
        return [*texts, ('{"show":"orders"' if again else state[:-1]) + "," + orders[1:]]

    def _state(self, who: Who) -> str:
        if who not in self._states:
            role = sight.of_role(self.room, self.room.teams[who[0]], who[1])
            self._states[who] = text_of({"show": "player", **role})
        return self._states[who]

    def shown(self, connection: Connection) -> dict[str, Any] | None:
        """What this browser is to show now; None for one that has not said who it is."""
        if not connection.welcome:
            return None
        if connection.who is None:
            return {"show": "lobby", **sight.of_newcomer(self.room)}
        if connection.who == TEACHER:
            here = {c.who for c in self.connections}
            shown = sight.of_teacher(self.room)
            for team in shown["teams"]:
                team["seconds"] = self._seconds(team["team"])
                for role in team["roles"]:
                    role["here"] = (team["team"], role["role"]) in here
            extra = {"seconds": self.room.seconds, "address": self.address, "qr": self.qr, "pages": self.pages}
            return {"show": "teacher", **shown, **extra}
        team_name, role_name = connection.who
        view = sight.of_player(self.room, self.room.teams[team_name], role_name)
        return {"show": "player", **view, "seconds": self._seconds(team_name)}

    def _seconds(self, team: str) -> float | None:
        deadline = self.deadlines.get(team)
        return None if deadline is None else max(round(deadline - time.monotonic(), 1), 0.0)


def text_of(shown: Mapping[str, Any]) -> str:
    """As it goes over the line."""
    return json.dumps(shown, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _read(text: str) -> dict[str, Any]:
    try:
        message = json.loads(text, parse_constant=_no_number, parse_int=_whole)
        json.dumps(message, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except (ValueError, RecursionError):
        raise Unreadable("this is no message") from None
    if not isinstance(message, dict) or not isinstance(message.get("do"), str):
        raise Unreadable("this is no message")
    return message


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no number of JSON")


def _whole(text: str) -> int:
    if len(text) > MOST_DIGITS:
        raise ValueError("longer than any number here")
    return int(text)


def _only(message: Message, *keys: str) -> None:
    """Refuse a message with keys that its command does not have."""
    if not set(message) <= {"do", *keys}:
        raise Unreadable("this command has other keys")
