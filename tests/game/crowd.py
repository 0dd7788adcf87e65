"""A class of headless players against a real server: drops, late joiners, people who leave, a killed server.

    python -m tests.game.crowd            # 15 teams of 4, 36 weeks; prints answer times
    python -m tests.game.crowd 2          # players think for up to two seconds

A player orders as soon as he is on turn, sometimes loses the line, and remembers what he was told was ordered.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from chainsim.engines.parity import fingerprint
from chainsim.engines.simpy_engine import simulate
from chainsim.game.diary import events
from chainsim.game.room import Room, room_of
from chainsim.plan.compile import compile_plan

LINE_LOST = (ConnectionClosed, InvalidHandshake, OSError, TimeoutError)


@dataclass
class Server:
    """`chainsim serve` as a process, that can be killed and started again."""

    folder: Path
    options: list[str]
    port: int = 0
    code: str = ""
    teacher: str = ""
    process: subprocess.Popen[str] | None = None
    used: float = 0.0
    """Processor seconds after it was there for players."""

    def start(self, *more: str) -> None:
        self.port = self.port or free_port()
        command = [
            sys.executable,
            "-m",
            "chainsim",
            "serve",
            "beer-game",
            "--host",
            "127.0.0.1",
            "--port",
            str(self.port),
        ]
        self.process = subprocess.Popen(
            [*command, "--out", str(self.folder), *more], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, bufsize=1,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if found := re.search(r"\?code=([A-Z]+)", line):
                self.code = found[1]
            if found := re.search(r"#teacher=(\S+)", line):
                self.teacher = found[1]
                break
        assert self.teacher, "the server did not start"
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    self.used -= self._processor()
                    return
            time.sleep(0.05)
        raise AssertionError("the server does not listen")

    def kill(self) -> None:
        assert self.process is not None
        self.used += self._processor()
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def _processor(self) -> float:
        """Processor seconds that the server took so far; 0 where the system does not tell."""
        assert self.process is not None
        told = Path(f"/proc/{self.process.pid}/stat")
        if not told.exists():
            return 0.0
        return sum(map(int, told.read_text().rsplit(")", 1)[1].split()[11:13])) / os.sysconf("SC_CLK_TCK")

    @property
    def address(self) -> str:
        return f"ws://127.0.0.1:{self.port}/socket"


@dataclass
class Player:
    """One phone."""

    server: Server
    name: str
    chance: Random
    joins_after: float = 0.0
    leaves_at: int = 10**6
    drops: float = 0.03
    thinks: float = 0.05
    token: str | None = None
    seat: tuple[str, str] | None = None
    ordered: dict[int, float] = field(default_factory=dict)  # period → what the server said was ordered
    answers: list[float] = field(default_factory=list)
    lost: int = 0
    done: bool = False

    async def play(self) -> None:
        await asyncio.sleep(self.joins_after)
        while not self.done:
            try:
                async with connect(self.server.address, open_timeout=20) as line:
                    await self._sit(line)
                    await self._go_on(line)
            except LINE_LOST:
                self.lost += 1
                await asyncio.sleep(self.chance.uniform(0.05, 0.4))

    async def _sit(self, line: ClientConnection) -> None:
        if self.token is None:
            await _say(line, do="join", code=self.server.code, name=self.name)
        else:
            await _say(line, do="hello", code=self.server.code, token=self.token)

    async def _go_on(self, line: ClientConnection) -> None:
        asked: tuple[int, float, float] | None = None  # period, quantity, when
        state: dict[str, Any] = {}
        async for text in line:
            shown = json.loads(text)
            if shown["show"] == "welcome":
                self.token = shown["token"]
            if shown["show"] == "refused" and self.token is None:
                raise AssertionError(shown["text"])
            if shown["show"] == "away":
                self.done = True
                return
            if shown["show"] not in ("player", "orders"):
                continue
            shown = state = {**state, **shown}
            self.seat = (shown["team"], shown["role"])
            if asked and (shown["period"] > asked[0] or shown["ordered"] == asked[1]):
                self.answers.append(time.perf_counter() - asked[2])
                self.ordered[asked[0]] = asked[1]
                asked = None
            if shown["over"]:
                self.done = True
                return
            if shown["period"] >= self.leaves_at:
                await _say(line, do="leave")
            elif shown["on_turn"] and shown["ordered"] is None and asked is None:
                await asyncio.sleep(self.chance.uniform(0.0, self.thinks))
                if self.chance.random() < self.drops:
                    return  # the phone sleeps; it comes back
                quantity = float(self.chance.randrange(0, 15))
                asked = (shown["period"], quantity, time.perf_counter())
                await _say(line, do="order", period=shown["period"], quantity=quantity)


async def teach(server: Server, players: list[Player], kill_after: float) -> None:
    """The teacher: begins, talks, lets the chain be seen, and loses his server once."""
    async with connect(server.address, open_timeout=20) as line:
        await _say(line, do="hello", token=server.teacher)
        while sum(player.seat is not None for player in players) < sum(player.joins_after == 0.0 for player in players):
            await asyncio.sleep(0.05)
        await _say(line, do="start")
        await _say(line, do="message", text="begin")
        await asyncio.sleep(kill_after / 2)
        await _say(line, do="set", sharing=True)
        await asyncio.sleep(kill_after / 2)
    server.kill()
    await asyncio.to_thread(server.start, "--resume")
    async with connect(server.address, open_timeout=20) as line:
        await _say(line, do="hello", token=server.teacher)
        async for text in line:
            shown = json.loads(text)
            if shown.get("over"):
                return
            here = [player for player in players if not player.done]
            for team in shown["teams"]:  # where nobody sits any more, the teacher moves on
                if not here and not team["over"] and all(each["name"] is None for each in team["roles"]):
                    await _say(line, do="advance", team=team["team"])
            if here:
                await asyncio.sleep(0.2)
                await _say(line, do="hello", token=server.teacher)


async def _say(line: ClientConnection, **message: Any) -> None:
    await line.send(json.dumps(message))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def classroom(
    folder: Path, *, teams: int, periods: int, late: int, leaving: int, kill_after: float, thinks: float = 0.05
) -> tuple[list[Player], Room, float]:
    """A whole game; everybody, the room as its diary tells it, and the server's processor seconds."""
    server = Server(folder, [])
    server.start("--teams", str(teams), "--periods", str(periods))
    people = 4 * teams
    players = [
        Player(
            server, f"P{i}", Random(i), thinks=thinks, joins_after=kill_after * 1.5 if i < late else 0.0,
            leaves_at=periods * 2 // 3 if i % 15 == 7 and i // 15 < leaving else 10**6,
        )
        for i in range(people)
    ]  # fmt: skip
    try:
        await asyncio.gather(teach(server, players, kill_after), *(player.play() for player in players))
    finally:
        server.kill()
    return players, room_of(events(folder)), server.used


def check(players: list[Player], room: Room) -> None:
    """Everybody's orders stand in the record, and the record is that of the same orders as policy `plan`."""
    assert room.over
    for player in players:
        assert player.seat is not None
        team, role = player.seat
        orders = room.teams[team].board.orders(role)
        assert {period: orders[period - 1] for period in player.ordered} == player.ordered, player.name
    for team in room.teams.values():
        setting = room.setting
        name, document = setting.with_orders({role: team.board.orders(role) for role in setting.roles}, team.name)
        assert team.board.record is not None
        assert fingerprint(simulate(compile_plan(setting.read(document), name), 0)) == fingerprint(team.board.record)


def told(players: list[Player], seconds: float) -> str:
    """Answer times in words."""
    times = sorted(1000 * t for player in players for t in player.answers)
    at = lambda share: times[min(int(share * len(times)), len(times) - 1)]  # noqa: E731
    return (
        f"{len(players)} players, {len(times)} orders in {seconds:.0f} s; answered in {at(0.5):.0f} ms (median), {at(0.95):.0f} ms (95 %), "
        f"{at(0.99):.0f} ms (99 %), {times[-1]:.0f} ms (slowest); {sum(player.lost for player in players)} lines lost"
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        began = time.perf_counter()
        everybody, played, used = asyncio.run(
            classroom(
                Path(place),
                teams=15,
                periods=36,
                late=6,
                leaving=4,
                kill_after=4.0,
                thinks=float(sys.argv[1]) if sys.argv[1:] else 0.05,
            )
        )
        check(everybody, played)
        print(told(everybody, time.perf_counter() - began))
        print(
            f"the server took {1000 * used / sum(len(player.answers) for player in everybody):.2f} ms of a processor an order"
        )
