"""Games to test with."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from chainsim.data import scenario_path
from chainsim.game import desk
from chainsim.game.board import Board
from chainsim.game.robot import Robot
from chainsim.game.room import Room, opening_of, room_of
from chainsim.game.setting import Setting, setting_of

TEACHER = "the teacher's token"


@cache
def beer(periods: int = 12) -> Setting:
    return setting_of(scenario_path("beer_game"), periods=periods)


def board(setting: Setting, policy: str = "") -> Board:
    sitter = policy or setting.sitters[0]
    return Board(setting, setting.board(), {r: Robot(*setting.sitting_in(sitter, r)) for r in setting.roles})


def opening(setting: Setting, **options: Any) -> Mapping[str, Any]:
    usual = {
        "policy": "human", "code": "ABCD", "teacher": desk.hashed(TEACHER), "pace": "ready", "seconds": 30, "sharing": False,
        "teams": ["Team 1", "Team 2"],
    }  # fmt: skip
    return opening_of(setting, **{**usual, **options})


def room(**options: Any) -> Room:
    return room_of([opening(beer(), **options)])
