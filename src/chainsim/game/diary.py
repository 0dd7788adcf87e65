"""The record of a game on disk: one line of JSON for everything that happened, in order; it only grows.

A line is with the operating system before anybody is told of it, so that a killed process loses nothing; `sync` brings it to
the disk itself, against a power cut. After a crash the game is what its lines make of it, played again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from chainsim.errors import UsageError

FILE = "game.jsonl"
MOST_BYTES = 64_000_000


class Diary:
    """The file of one game, open to be written to."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / FILE
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._cut_torn_line()
        self._out = self.file.open("ab")

    def write(self, *events: Mapping[str, Any]) -> None:
        """Append events, in one piece; they outlive the process when this returns."""
        lines = [json.dumps(event, ensure_ascii=False, allow_nan=False) + "\n" for event in events]
        self._out.write("".join(lines).encode())
        self._out.flush()

    def sync(self) -> None:
        """Bring what was written to the disk."""
        os.fsync(self._out.fileno())

    def close(self) -> None:
        self._out.close()

    def _cut_torn_line(self) -> None:
        """A line that was being written when the process was killed was never told to anybody: it goes."""
        if not self.file.is_file():
            return
        data = self.file.read_bytes()
        whole = data.rfind(b"\n") + 1
        if whole < len(data):
            with self.file.open("r+b") as file:
                file.truncate(whole)


def events(folder: Path) -> Iterator[dict[str, Any]]:
    """The events of a game's folder, in order. Raises UsageError where there is no game, or a line is none."""
    file = folder / FILE
    if not file.is_file():
        raise UsageError(f"{folder} is no folder of a game: there is no {FILE} in it")
    if file.stat().st_size > MOST_BYTES:
        raise UsageError(f"{file} is longer than {MOST_BYTES:,} bytes; no game is")
    lines = file.read_bytes().split(b"\n")
    for number, line in enumerate(lines[:-1], start=1):  # what follows the last line end was never whole
        try:
            event = json.loads(line)
        except ValueError:
            event = None
        if not isinstance(event, dict) or not isinstance(event.get("kind"), str):
            raise UsageError(f"{file}:{number}: this line is no event of a game")
        yield event
