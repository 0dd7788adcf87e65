"""Who may do what in a room, and a room that is what its diary says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from chainsim.engines.parity import fingerprint
from chainsim.errors import UsageError
from chainsim.game import desk, sight
from chainsim.game.diary import FILE, Diary, events
from chainsim.game.room import Room, room_of

from .boards import TEACHER, beer, opening, room


def do(known: Room, *happened: dict[str, Any]) -> None:
    for event in happened:
        known.apply(event)


def seated(**options: Any) -> Room:
    """Two players of Team 1; the game has begun."""
    known = room(**options)
    do(
        known,
        desk.join(known, "Ada", "a", "Team 1", "retailer"),
        desk.join(known, "Bob", "b", "Team 1", "factory"),
        desk.start(known),
    )
    return known


def test_the_last_of_a_team_moves_it_on_and_policies_order_for_the_absent() -> None:
    known = seated()
    do(known, *desk.order(known, "Team 1", "retailer", 1, 6))
    assert known.teams["Team 1"].board.period == 1
    assert known.teams["Team 1"].awaited == ["factory"]
    do(known, *desk.order(known, "Team 1", "factory", 1, 3))
    board = known.teams["Team 1"].board
    assert (board.period, board.orders("retailer"), board.orders("factory")) == (2, [6.0], [3.0])
    assert board.by_robot["wholesaler"] == [True]
    assert known.teams["Team 2"].board.period == 1


def test_with_the_teacher_s_pace_nobody_else_moves_on() -> None:
    known = seated(pace="teacher")
    do(known, *desk.order(known, "Team 1", "retailer", 1, 6), *desk.order(known, "Team 1", "factory", 1, 3))
    assert known.teams["Team 1"].board.period == 1
    do(known, *desk.advance(known, "Team 1"))
    assert known.teams["Team 1"].board.orders("retailer") == [6.0]


def test_nobody_waits_for_a_player_who_leaves() -> None:
    known = seated()
    do(known, *desk.order(known, "Team 1", "retailer", 1, 6))
    do(known, *desk.leave(known, "Team 1", "factory"))
    assert known.teams["Team 1"].board.period == 2
    do(known, *desk.leave(known, "Team 1", "retailer"))
    assert known.teams["Team 1"].board.period == 2, "where nobody plays, the teacher moves on"


def test_a_quicker_pace_moves_those_on_who_are_ready() -> None:
    known = seated(pace="teacher")
    do(known, *desk.order(known, "Team 1", "retailer", 1, 6), *desk.order(known, "Team 1", "factory", 1, 6))
    do(known, *desk.settings(known, {"pace": "ready"}))
    assert [team.board.period for team in known.teams.values()] == [2, 1]


def test_an_order_may_be_changed_until_the_team_moves_on() -> None:
    known = seated()
    do(known, *desk.order(known, "Team 1", "retailer", 1, 6), *desk.order(known, "Team 1", "retailer", 1, 7))
    do(known, *desk.order(known, "Team 1", "factory", 1, 3))
    assert known.teams["Team 1"].board.orders("retailer") == [7.0]


@pytest.mark.parametrize(
    ("period", "quantity", "said"),
    [(2, 4, "another period"), (True, 4, "another period"), ("1", 4, "another period"), (1, "4", "is a number"), (1, True, "is a number"),
     (1, None, "is a number"), (1, -1, "between 0"), (1, 0.5, "cannot be ordered"), (1, 1e300, "between 0"), (1, [4], "is a number")],
)  # fmt: skip
def test_bad_orders_are_refused(period: Any, quantity: Any, said: str) -> None:
    with pytest.raises(desk.Refused, match=said):
        desk.order(seated(), "Team 1", "retailer", period, quantity)


@pytest.mark.parametrize(
    ("name", "team", "role", "said"),
    [("", None, None, "between 1 and"), (7, None, None, "a text"), ("x" * 25, None, None, "between 1 and"), ("C", "Team 9", None, "no such team"),
     ("C", ["Team 1"], None, "no such team"), ("C", "Team 1", "king", "no such role"), ("C", "Team 1", "retailer", "taken by Ada")],
)  # fmt: skip
def test_bad_seats_are_refused(name: Any, team: Any, role: Any, said: str) -> None:
    with pytest.raises(desk.Refused, match=said):
        desk.join(seated(), name, "t", team, role)


def test_late_joiners_fill_the_fullest_team_first() -> None:
    known = seated()
    for i in range(6):
        do(known, desk.join(known, f"N{i}", f"t{i}"))
    assert [len(team.seats) for team in known.teams.values()] == [4, 4]
    with pytest.raises(desk.Refused, match="all seats are taken"):
        desk.join(known, "Late", "t")


def test_tokens_open_their_own_seat_only() -> None:
    known = seated()
    assert desk.seat_of(known, "a") == ("Team 1", "retailer")
    assert desk.seat_of(known, "c") is None
    assert desk.seat_of(known, desk.hashed("a")) is None, "what is on the disk opens nothing"
    assert desk.is_teacher(known, TEACHER)
    assert not desk.is_teacher(known, known.teacher)


@pytest.mark.parametrize(
    "wanted", [{"pace": "quick"}, {"seconds": 1}, {"seconds": True}, {"sharing": 1}, {"teams": []}, {"teacher": "x"}]
)
def test_bad_settings_are_refused(wanted: dict[str, Any]) -> None:
    with pytest.raises(desk.Refused):
        desk.settings(room(), wanted)


def test_a_player_sees_his_own_role_and_with_sharing_his_chain_never_another_team() -> None:
    known = seated()
    do(known, desk.join(known, "Eve", "e", "Team 2", "retailer"), desk.message(known, "hurry", "Team 2"))
    shown = sight.of_player(known, known.teams["Team 1"], "retailer")
    assert "chain" not in shown
    assert shown["messages"] == []
    do(known, *desk.settings(known, {"sharing": True}))
    shown = sight.of_player(known, known.teams["Team 1"], "retailer")
    assert [each["role"] for each in shown["chain"]] == ["retailer", "wholesaler", "distributor", "factory"]
    assert "Eve" not in str(shown)
    assert "Team 2" not in str(shown)


def test_a_killed_game_goes_on_where_it_was(tmp_path: Path) -> None:
    """Every event is on the disk; the half line of a killed process is nobody's."""
    diary = Diary(tmp_path)
    begin = dict(opening(beer()))
    diary.write(begin)
    known = room_of([begin])
    happened = [desk.join(known, "Ada", "a", "Team 1", "retailer"), desk.start(known)]
    do(known, *happened)
    for quantity in (4, 9, 0):
        more = desk.order(known, "Team 1", "retailer", known.teams["Team 1"].board.period, quantity)
        do(known, *more)
        happened += more
    for event in happened:
        diary.write(event)
    diary.close()
    with (tmp_path / FILE).open("ab") as file:
        file.write(b'{"kind":"order","team":"Te')
    again = room_of(events(tmp_path))
    Diary(tmp_path).close()
    assert (tmp_path / FILE).read_bytes().endswith(b"}\n")
    for one in (known, again):
        while not one.over:
            do(one, *desk.advance(one))
    [a, b] = [one.teams["Team 1"].board.record for one in (known, again)]
    assert a is not None
    assert b is not None
    assert fingerprint(a) == fingerprint(b)
    assert again.teams["Team 1"].board.orders("retailer")[:3] == [4.0, 9.0, 0.0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no beginning"),
        ("[]\n", "no event"),
        ("{\n", "no event"),
        ('{"kind":"start"}\n', "no beginning"),
        ('{"kind":7}\n', "no event"),
    ],
)
def test_a_broken_diary_is_told(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / FILE).write_text(text, "utf-8")
    with pytest.raises(UsageError, match=said):
        room_of(events(tmp_path))


def test_a_folder_without_a_game_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no folder of a game"):
        list(events(tmp_path))
