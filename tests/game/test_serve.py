"""The room over a network: a small class in this process, and everything that it must refuse."""

from __future__ import annotations

import gc
import json
import logging
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import pytest

pytest.importorskip("starlette", reason="chainsim serve needs the extra [serve]")
pytest.importorskip("uvicorn", reason="chainsim serve needs the extra [serve]")
pytest.importorskip("websockets", reason="chainsim serve needs the extra [serve]")

import uvicorn
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from chainsim.game.diary import Diary, events
from chainsim.game.room import room_of
from chainsim.game.serve.app import LONGEST_MESSAGE, app_of
from chainsim.game.serve.hall import MOST_BAD, Hall

from .boards import TEACHER, beer, opening


class Class:
    """A running room."""

    def __init__(self, folder: Path, **options: Any) -> None:
        self.lines = ExitStack()
        begin = opening(beer(), **options)
        diary = Diary(folder)
        diary.write(begin)
        self.hall = Hall(room_of([begin]), diary)
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.place = f"127.0.0.1:{self.socket.getsockname()[1]}"
        config = uvicorn.Config(
            app_of(self.hall), log_level="error", ws="websockets-sansio", ws_max_size=LONGEST_MESSAGE
        )
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, args=([self.socket],), daemon=True)
        self.thread.start()
        while not self.server.started:
            time.sleep(0.01)

    def close(self) -> None:
        self.lines.close()
        self.server.should_exit = self.server.force_exit = True
        self.thread.join(5)
        self.socket.close()

    def line(self, **options: Any) -> ClientConnection:
        return self.lines.enter_context(connect(f"ws://{self.place}/socket", **options))


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Class]:
    running = Class(tmp_path)
    yield running
    running.close()


def say(line: ClientConnection, **message: Any) -> None:
    line.send(json.dumps(message))


STATES: WeakKeyDictionary[ClientConnection, dict[str, Any]] = WeakKeyDictionary()


def heard(line: ClientConnection, show: str, **wanted: Any) -> dict[str, Any]:
    """The next thing of this kind that is shown and says this. Orders alone leave all else of a player's state as it was."""
    while True:
        shown: dict[str, Any] = json.loads(line.recv(timeout=5))
        if shown["show"] == "orders":
            shown = {**STATES[line], **shown, "show": "player"}
        if shown["show"] == "player":
            STATES[line] = shown
        if shown["show"] == show and all(shown.get(key) == value for key, value in wanted.items()):
            return shown


def sit(room: Class, name: str, team: str = "Team 1", role: str = "retailer") -> tuple[ClientConnection, str]:
    line = room.line()
    say(line, do="join", code="abcd ", name=name, team=team, role=role)
    token = heard(line, "welcome")["token"]
    heard(line, "player")
    return line, token


def teacher(room: Class) -> ClientConnection:
    line = room.line()
    say(line, do="hello", token=TEACHER)
    heard(line, "teacher")
    return line


def test_a_small_class_plays_to_the_end_with_a_lost_line_a_late_joiner_and_empty_seats(
    room: Class, tmp_path: Path
) -> None:
    lead = teacher(room)
    ada, token = sit(room, "Ada")
    say(lead, do="start")
    heard(ada, "player", started=True)
    ada.close()  # her phone sleeps
    ada = room.line()
    say(ada, do="hello", token=token)
    late = None
    for period in range(1, 13):
        heard(ada, "player", period=period)
        if period == 6:
            late, _ = sit(room, "Late", role="factory")
        say(ada, do="order", period=period, quantity=period)
        if late is not None:
            heard(ada, "player", ordered=float(period))
            say(late, do="order", period=period, quantity=5)
    assert heard(ada, "player", over=True)["outcome"]["cost"] > 0
    say(lead, do="board")
    assert {row["who"] for row in heard(lead, "board")["rows"]} >= {"Team 1", "benchmark"}
    say(lead, do="moves")
    assert heard(lead, "moves")["text"].startswith("team,period,role,name,")
    again = room_of(events(tmp_path)).teams["Team 1"].board
    assert again.orders("retailer") == [float(k) for k in range(1, 13)]
    assert again.by_robot["factory"] == [True] * 5 + [False] * 7


def test_the_timer_orders_for_the_slow(room: Class) -> None:
    lead = teacher(room)
    ada, _ = sit(room, "Ada")
    bob, _ = sit(room, "Bob", role="factory")
    say(lead, do="set", pace="timer", seconds=5)
    say(lead, do="start")
    assert heard(ada, "player", started=True)["seconds"] > 4.0
    say(bob, do="order", period=1, quantity=5)
    heard(bob, "player", ordered=5.0)
    room.hall.deadlines["Team 1"] = 0.0  # five seconds later
    assert heard(ada, "player", period=2)["ordered"] is None
    assert room.hall.room.teams["Team 1"].board.by_robot["retailer"] == [True]
    assert room.hall.room.teams["Team 1"].board.orders("factory") == [5.0]


@pytest.mark.parametrize("do", ["start", "advance", "set", "message", "free", "board", "moves"])
def test_nobody_but_the_teacher(room: Class, do: str) -> None:
    ada, _ = sit(room, "Ada")
    say(ada, do=do)
    assert heard(ada, "refused")["text"] == "only the teacher may do this"
    with room.line() as stranger:
        say(stranger, do=do)
        heard(stranger, "refused")


def test_nobody_orders_for_another_or_before_the_game(room: Class) -> None:
    ada, _ = sit(room, "Ada")
    say(ada, do="order", period=1, quantity=4)
    assert "not begun" in heard(ada, "refused")["text"]
    say(ada, do="order", period=1, quantity=4, team="Team 2", role="factory")
    assert "other keys" in heard(ada, "refused")["text"]
    with room.line() as stranger:
        say(stranger, do="order", period=1, quantity=4)
        assert "no role" in heard(stranger, "refused")["text"]
        say(stranger, do="hello", code="ABCD", token="guess")
        assert set(heard(stranger, "lobby")) >= {"seats"}


def test_a_player_is_never_sent_another_team(room: Class) -> None:
    lead = teacher(room)
    ada, _ = sit(room, "Ada")
    eve, _ = sit(room, "Eve", "Team 2")
    say(lead, do="set", sharing=True)
    say(lead, do="start")
    say(lead, do="message", text="only two", team="Team 2")
    heard(eve, "player", started=True, messages=["only two"])
    say(eve, do="order", period=1, quantity=77)
    heard(eve, "player", period=2)
    say(ada, do="order", period=1, quantity=4)
    while (shown := json.loads(ada.recv(timeout=5))).get("period") != 2:
        assert not {"Eve", "Team 2", "only two", "77"} & set(json.dumps(shown).replace('"', " ").split())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "7",
        "[]",
        "{",
        '{"do":7}',
        '{"do":"dance"}',
        '{"do":"hello","x":1}',
        '{"do":"order","period":NaN,"quantity":1}',
        "[" * 2000,
        '{"do":"hello","token":"\\ud800"}',
        '{"do":"hello","code":"\\ud800"}',
    ],
)
def test_what_is_no_message_is_refused(room: Class, text: str) -> None:
    with room.line() as line:
        line.send(text)
        heard(line, "refused")


def test_a_hostile_teacher_and_player_are_refused_in_words_and_minus_nought_is_nought(room: Class) -> None:
    lead = teacher(room)
    ada, _ = sit(room, "Ada")
    say(lead, do="free", team="Team 1", role=[])
    assert heard(lead, "refused")["text"] == "nobody sits there"
    say(lead, do="set", pace="teacher")
    say(lead, do="start")
    heard(ada, "player", started=True)
    ada.send('{"do":"order","period":1,"quantity":1' + 400 * "0" + "}")
    assert heard(ada, "refused")["text"] == "this is no message"
    ada.send('{"do":"order","period":1.0,"quantity":-0.0}')
    assert str(heard(ada, "player", ordered=0.0)["ordered"]) == "0.0"


def test_a_browser_that_goes_leaves_no_trace_on_the_teachers_screen(room: Class) -> None:
    told: list[str] = []
    ada, _ = sit(room, "Ada")
    handler = logging.Handler()
    handler.emit = lambda record: told.append(record.getMessage())  # type: ignore[method-assign]
    log = logging.getLogger("asyncio")
    log.addHandler(handler)
    try:
        ada.close()
        deadline = time.monotonic() + 5.0
        while room.hall.connections and time.monotonic() < deadline:
            time.sleep(0.01)
        sit(room, "Bob", role="factory")  # the loop has gone on: the task that told Ada is over
        gc.collect()
    finally:
        log.removeHandler(handler)
    assert told == []


def test_a_wrong_code_and_who_keeps_trying(room: Class) -> None:
    with room.line() as line:
        for _ in range(MOST_BAD + 1):
            say(line, do="hello", code="AAAA")
        with pytest.raises(ConnectionClosed):
            while True:
                assert json.loads(line.recv(timeout=5))["show"] == "refused"


def test_bytes_and_long_messages_end_the_connection(room: Class) -> None:
    for message in (b"\x00" * 10, "x" * (LONGEST_MESSAGE + 1)):
        with room.line() as line:
            line.send(message)
            with pytest.raises(ConnectionClosed):
                line.recv(timeout=5)
    sit(room, "Ada")  # the room goes on


def test_another_site_cannot_talk_through_a_browser(room: Class) -> None:
    with pytest.raises(InvalidStatus):
        room.line(origin="http://evil.example").close()
    room.line(origin=f"http://{room.place}").close()


def test_a_freed_seat_is_lost_to_its_token(room: Class) -> None:
    lead = teacher(room)
    ada, token = sit(room, "Ada")
    say(lead, do="free", team="Team 1", role="retailer")
    heard(ada, "away")
    with room.line() as line:
        say(line, do="hello", code="ABCD", token=token)
        assert heard(line, "lobby")["seats"]["Team 1"]["retailer"] is None


def test_the_page_is_one_answer_that_loads_nothing(room: Class) -> None:
    with urllib.request.urlopen(f"http://{room.place}/") as answer:
        text, policy = answer.read().decode(), answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    assert "src=" not in text
    assert "href=" not in text.split("<script>")[0]
    assert "style=" not in text.split("<style>")[0] + text.split("</style>")[1].split("<script>")[0]
    for address in ("/debrief/x/1-team-1", "/debrief/x/slides", "/debrief/..%2f..", "/game.jsonl", "/slides.html"):
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(f"http://{room.place}{address}")


def test_an_order_sends_what_it_changed_and_a_move_sends_all(room: Class) -> None:
    """Whoever knows a state is sent the orders alone; a new line, and a new period, the whole."""
    lead = teacher(room)
    ada, token = sit(room, "Ada")
    ben, _ = sit(room, "Ben", role="factory")
    say(lead, do="start")
    heard(ada, "player", started=True)
    heard(ben, "player", started=True)
    say(ada, do="order", period=1, quantity=4)
    news = json.loads(ben.recv(timeout=5))
    assert news == {"show": "orders", "ordered": None, "awaited": ["factory"], "seconds": None}
    again = room.line()
    say(again, do="hello", token=token)
    assert json.loads(again.recv(timeout=5))["show"] == "player"
    say(ben, do="order", period=1, quantity=4)
    whole = json.loads(ben.recv(timeout=5))
    assert (whole["show"], whole["period"], whole["ordered"]) == ("player", 2, None)
    assert len(whole["weeks"]) == 1


def test_a_server_killed_between_the_last_order_and_the_move_moves_on_when_it_is_back(tmp_path: Path) -> None:
    """The lines of an order and of the move are written in one piece, but a disk may keep the first alone."""
    diary = Diary(tmp_path)
    seat = {"team": "Team 1", "role": "retailer", "period": 1}
    begun = [
        opening(beer(), pace="ready"),
        {"kind": "join", **seat, "name": "Ada", "token": "x"},
        {"kind": "start"},
        {"kind": "order", **seat, "quantity": 4.0},
    ]
    diary.write(*begun)
    hall = Hall(room_of(events(tmp_path)), diary)
    assert hall.room.teams["Team 1"].board.period == 2
    assert [event["kind"] for event in events(tmp_path)][-1] == "advance"
    diary.close()
