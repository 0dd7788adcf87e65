"""`chainsim play` and `chainsim debrief`: a game in the terminal, stopped, gone on with, looked back at."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.fixture
def no_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing takes seconds: one slow test does."""
    from chainsim.game import debrief

    def tables_only(room: Any, folder: Path, *more: Any) -> list[Path]:
        debrief.write_tables(room, folder, {})
        return [folder / "report.html"]

    monkeypatch.setattr(debrief, "write_debrief", tables_only)


def types(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(line + "\n" for line in lines)))


def test_a_game_is_stopped_gone_on_with_and_looked_back_at(
    chainsim: Run, no_pages: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    types(monkeypatch, "4", "many", "2.5", "-1", "6", "q")
    code, out, err = chainsim("play", "beer-game", "--periods", "5", "--role", "factory")
    assert code == 0
    assert "You are factory; 'human' plays retailer, wholesaler, distributor." in out
    assert "'many' is no number" in out
    assert "2.5 units cannot be ordered; 3 can" in out
    assert "between 0 and" in out
    assert "--resume" in err
    types(monkeypatch, "7", "8", "9")
    code, out, err = chainsim("play", "beer-game", "--resume")
    assert code == 0
    assert "Week 3 of 5" in out
    assert "benchmark" in out
    folder = Path("results/beer_game-game")
    rows = list(csv.DictReader((folder / "moves.csv").open(encoding="utf-8")))
    assert [float(row["order"]) for row in rows if row["role"] == "factory"] == [4, 6, 7, 8, 9]
    assert {row["by"] for row in rows if row["role"] == "retailer"} == {"human"}
    code, out, err = chainsim("debrief", str(folder), "--no-pages")
    assert code == 0
    assert "You" in out
    events = [json.loads(line)["kind"] for line in (folder / "game.jsonl").read_text("utf-8").splitlines()]
    assert events == ["open", "join", "start", *["order", "advance"] * 5]


def test_the_end_of_input_stops_the_game(chainsim: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    types(monkeypatch, "4")
    code, _, err = chainsim("play", "beer-game", "--out", "g")
    assert code == 0
    assert "Go on with: chainsim play beer-game --resume --out g" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--role", "king"), "unknown role 'king'; known: retailer"),
        (("--absent", "humans"), "unknown policy 'humans'"),
        (("--periods", "0"), "a game has 1 to"),
        (("--resume",), "no folder of a game"),
        (("--set", "lanes[*].order_lga=1"), "order_lga"),
        (("--page", "g.html", "--role", "factory", "--sharing"), "--page cannot go with --role, --sharing"),
    ],
)
def test_what_is_refused_before_the_game(chainsim: Run, words: tuple[str, ...], said: str) -> None:
    code, _, err = chainsim("play", "beer-game", *words)
    assert code != 0
    assert said in err
    assert not Path("results").exists()


def test_a_folder_with_a_game_is_not_played_over(chainsim: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        types(monkeypatch, "q")
        code, _, err = chainsim("play", "beer-game", "--out", "g")
    assert code != 0
    assert "holds a game already" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [(("--pace", "quick"), "known: teacher, ready, timer"), (("--seconds", "1"), "between 5 and 3600"), (("--teams", "0"), "1 to 50 teams"),
     (("--names", "A,A"), "the same name"), (("--absent", "nobody"), "unknown policy")],
)  # fmt: skip
def test_what_serve_refuses(chainsim: Run, words: tuple[str, ...], said: str) -> None:
    pytest.importorskip("starlette", reason="chainsim serve needs the extra [serve]")
    code, _, err = chainsim("serve", "beer-game", *words)
    assert code != 0
    assert said in err
    assert not Path("results").exists()


@pytest.mark.slow
def test_the_page_of_a_game(chainsim: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Replayed on the ordinary road, in two replications since nothing is random."""
    types(monkeypatch, *"444488888888")
    assert chainsim("play", "beer-game", "--periods", "12", "--out", "g")[0] == 0
    place = Path("g/debrief/1-you")
    manifest = json.loads((place / "manifest.json").read_text("utf-8"))
    assert manifest["replications"] == 2
    assert manifest["policies"][0]["label"] == "You"
    assert {"report.html", "moves.csv", "roles.csv", "leaderboard.csv"} <= {path.name for path in place.iterdir()}


def test_a_game_that_goes_on_stays_what_it_is(chainsim: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    types(monkeypatch, "4")
    code, out, _ = chainsim("play", "beer-game", "--periods", "5", "--out", "g")
    assert code == 0
    assert out.endswith("\n")
    assert out.count("Week 2 of 5") == 1
    before = Path("g/game.jsonl").read_bytes()
    goes_on: list[tuple[tuple[str, ...], str]] = [
        (("beer-game", "--role", "factory", "--periods", "9"), "--resume cannot go with --role, --periods"),
        (("beer-game", "--set", "seed=2", "--seed", "3"), "--resume cannot go with --set, --seed"),
        (("serial_textbook",), "is a game of beer_game.yaml, not of serial_textbook.yaml"),
        (("beergame",), "unknown game 'beergame' (did you mean 'beer_game'?)"),
    ]
    for words, said in goes_on:
        code, _, err = chainsim("play", *words, "--out", "g", "--resume")
        assert code == 2
        assert said in err
    assert Path("g/game.jsonl").read_bytes() == before
    assert hashlib.sha256(b"").hexdigest() not in before.decode()  # nobody sits down by showing nothing
    for words, said in (
        (("--team", "Nobody"), "unknown team"),
        (("--team", "You"), "has not finished"),
        (("--no-pages", "--open"), "--open"),
    ):
        code, out, err = chainsim("debrief", "g", *words)
        assert (code, out) == (2, "")
        assert said in err


def test_a_class_that_goes_on_stays_what_it_is(chainsim: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("starlette", reason="chainsim serve needs the extra [serve]")
    types(monkeypatch, "4")
    chainsim("play", "beer-game", "--periods", "5", "--out", "g")
    with socket.create_server(("127.0.0.1", 0)) as free:
        at = ("--host", "127.0.0.1", "--port", str(free.getsockname()[1]))
    for words, said in ((("--teams", "9"), "--resume cannot go with --teams"), ((), "the game of one person")):
        code, _, err = chainsim("serve", "beer-game", "--out", "g", "--resume", *at, *words)
        assert code == 2
        assert said in err
    code, _, err = chainsim("serve", "beer-game", "--out", "h", "--teams", "9", "--names", "A,B")
    assert code == 2
    assert "--names cannot go with --teams" in err
    assert not Path("h").exists()


def test_a_port_that_is_taken_is_told_before_a_game_is_begun(chainsim: Run) -> None:
    pytest.importorskip("starlette", reason="chainsim serve needs the extra [serve]")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, out, err = chainsim("serve", "beer-game", "--out", "h", "--host", "127.0.0.1", "--port", str(port))
    assert (code, out) == (2, "")
    assert f"cannot listen at 127.0.0.1, port {port}" in err
    assert not Path("h").exists()
