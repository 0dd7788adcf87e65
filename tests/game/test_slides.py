"""Slides of a game: what they show, that names in them are no markup, and that they load and run nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chainsim.errors import UsageError
from chainsim.game.causes_told import looks_of
from chainsim.game.room import Room, room_of
from chainsim.game.slides import path, slides, write_slides
from tests.game.boards import beer, opening

HOSTILE = "<b onclick=x>&A"


def played(*teams: str, periods: int = 36) -> Room:
    """Teams without players: the policy orders in every seat."""
    moves = [{"kind": "advance", "team": team, "period": k} for team in teams for k in range(1, periods + 1)]
    return room_of([opening(beer(36), teams=list(teams)), {"kind": "start"}, *moves])


def test_curves_of_every_team_and_of_the_best_policy_on_one_scale(tmp_path: Path) -> None:
    room = played("Team 1", HOSTILE)
    text = write_slides(room, tmp_path, looks_of(room)).read_text("utf-8")
    assert "What customers bought: 4 at first, never more than 8" in text
    boards = [team.board for team in room.teams.values()]
    most = max(max(boards[0].orders(role)) for role in room.setting.roles)
    assert f"Team 1: customers bought 8 at most, the factory ordered up to {most:g}" in text
    assert path(boards[0].orders("factory"), 0.0, most) in text
    assert "Sterman&#39;s benchmark: customers bought 8 at most" in text
    assert text.count('class="orders"') == 1 + 4 * 3  # the customers; two teams and the best policy, four roles each
    assert re.search(r"<td>1</td><td class=.left.>Sterman&#39;s benchmark</td><td>204</td><td>1.0</td>", text)
    assert "with all on order seen" in text


def test_names_are_no_markup_and_nothing_is_loaded_or_run() -> None:
    room = played(HOSTILE)
    text = slides(room, looks_of(room))
    assert "<b onclick" not in text
    assert "&lt;b onclick=x&gt;&amp;A" in text
    assert not re.search(r"<script|src=|href=.(?!data:,)|url\(", text)
    assert "default-src 'none'" in text


def test_a_game_nobody_has_finished_has_none() -> None:
    room = played("Team 1", periods=3)
    with pytest.raises(UsageError, match="nothing to show yet"):
        slides(room, looks_of(room))
