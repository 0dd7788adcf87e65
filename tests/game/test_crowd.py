"""A whole class against a real server over loopback."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

pytest.importorskip("starlette", reason="chainsim serve needs the extra [serve]")
pytest.importorskip("websockets", reason="chainsim serve needs the extra [serve]")


@pytest.mark.slow
def test_sixty_players_with_drops_late_joiners_absent_roles_and_a_killed_server(tmp_path: Path) -> None:
    from .crowd import check, classroom

    players, room, _ = asyncio.run(
        classroom(tmp_path / "class", teams=15, periods=36, late=6, leaving=4, kill_after=4.0)
    )
    check(players, room)
    times = sorted(t for player in players for t in player.answers)
    assert len(times) > 1500
    assert times[int(0.95 * len(times))] < 1.0  # the goal is 0.1 s on a quiet machine (`python -m tests.game.crowd`)
