"""What was simulated of something by its name, kept on disk: arrays by replication, in pieces, whoever made them.

A search or a stress test asks for the same thing again when it is resumed, or put together from shards: replications first … of
what a name says. It is given what is kept, and simulates the rest. Plain arrays, checked by their hash.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from chainsim.replicate.share import Share
from chainsim.study import disk
from chainsim.study.blocks import WHOSE, block_key, is_whose, whose, written
from chainsim.study.opening import read_file
from chainsim.study.shards import Gathered, Request, Shelf
from chainsim.study.store import sha256

log = logging.getLogger(__name__)
Array = np.ndarray[Any, Any]
Arrays = Mapping[str, Array]
MOST = 500_000_000
_NAME = re.compile(
    r"(?P<key>[0-9a-f]{16})-(?P<what>[0-9a-f]{16})-(?P<first>\d{1,9})-(?P<count>\d{1,9})-(?P<sha>[0-9a-f]{64})\.npz"
)


class Kept:
    """Arrays by name, whose first axis is the replication. folders: to be read; into: to be written. identity: what all of it
    depends on beside the names."""

    def __init__(self, identity: Mapping[str, Any], folders: Sequence[Path], into: Path | None) -> None:
        self.key, self.into = block_key(identity), into
        self._pieces: dict[str, list[tuple[int, int, str, Path]]] = {}
        for folder in dict.fromkeys(folders):
            for path in sorted(folder.glob(f"{self.key}-*.npz")):
                name = _NAME.fullmatch(path.name)
                if name is not None:
                    piece = (int(name["first"]), int(name["count"]), name["sha"], path)
                    self._pieces.setdefault(name["what"], []).append(piece)

    def of(self, name: str, first: int, count: int, make: Callable[[int, int], Arrays]) -> dict[str, Array]:
        """Replications first … first + count − 1 of what a name says: those kept, and the others as make(first, count) gives
        them, which are kept from now on. Raises OutputError."""
        parts: list[tuple[int, Arrays]] = []
        here, end = first, first + count
        for start, arrays in self._recalled(name, first, end):
            if start > here:
                parts.append((here, self._made(name, here, start - here, make)))
            parts.append((start, arrays))
            here = start + _length(arrays)
        if here < end:
            parts.append((here, self._made(name, here, end - here, make)))
        return {array: np.concatenate([part[array] for _, part in parts]) for array in parts[0][1]}

    def words(self, name: str, make: Callable[[], Any]) -> Any:
        """The same of plain data."""
        found = self.of(name, 0, 1, lambda *_: {"told": np.frombuffer(json.dumps(make()).encode(), np.uint8)[None]})
        return json.loads(found["told"][0].tobytes())

    def _recalled(self, name: str, first: int, end: int) -> list[tuple[int, Arrays]]:
        """What there is of these replications, in order, each once."""
        found: list[tuple[int, Arrays]] = []
        here = first
        for start, count, sha, path in sorted(self._pieces.get(_what(name), ())):
            low, high = max(start, here), min(start + count, end)
            if low >= high:
                continue
            arrays = _read(path, sha, count)
            if arrays is None:
                log.warning("%s is damaged; its replications are computed again", path)
                continue
            if not is_whose(arrays.pop(WHOSE), whose(f"{self.key}-{_what(name)}", start, count), path):
                continue
            found.append((low, {array: values[low - start : high - start] for array, values in arrays.items()}))
            here = high
        return found

    def _made(self, name: str, first: int, count: int, make: Callable[[int, int], Arrays]) -> Arrays:
        arrays = make(first, count)
        if self.into is not None:
            buffer, said = io.BytesIO(), whose(f"{self.key}-{_what(name)}", first, count)
            plain: dict[str, Any] = {WHOSE: written(said), **{k: np.asarray(values) for k, values in arrays.items()}}
            np.savez(buffer, **plain)
            data = buffer.getvalue()
            path = self.into / f"{said}-{sha256(data)}.npz"
            with disk.told_as_output_error(path, len(data)):
                disk.write_file(path, data)
        return arrays


class Keeper(Protocol):
    """Who keeps what a command simulates. share: the part of it that is to be done; None: all."""

    @property
    def share(self) -> Share | None: ...

    def opened(self, identity: Mapping[str, Any]) -> Kept:
        """What is kept for work of this identity. Raises OutputError where it is another's."""


@dataclass(frozen=True)
class Sharing:
    """One shard of a command."""

    share: Share
    out: Path
    request: Request
    given: Mapping[str, bytes]

    def opened(self, identity: Mapping[str, Any]) -> Kept:
        """As `Keeper` says."""
        identity = json.loads(json.dumps(identity))  # as it is read back
        shelf = Shelf.opened(self.out, self.share, identity, self.request, self.given)
        return Kept(identity, [shelf.blocks], shelf.blocks)

    def finished(self, engine: str = "") -> None:
        """As `Shelf.finished`."""
        Shelf(self.out, self.share).finished(engine)


@dataclass(frozen=True)
class Merging:
    """All shards of a command."""

    gathered: Gathered
    share: Share | None = None

    def opened(self, identity: Mapping[str, Any]) -> Kept:
        """As `Keeper` says."""
        identity = json.loads(json.dumps(identity))
        self.gathered.check_identity(identity)
        return Kept(identity, self.gathered.blocks, None)


def _what(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:16]


def _length(arrays: Arrays) -> int:
    return len(next(iter(arrays.values())))


def _read(path: Path, expected: str, count: int) -> dict[str, Array] | None:
    """The arrays of a piece, and whose it says they are; None when it is none."""
    try:
        data = read_file(path, MOST)
        if sha256(data) != expected:
            return None
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        sound = len(arrays) > 1 and all(len(v) == count for name, v in arrays.items() if name != WHOSE)
        return arrays if sound and WHOSE in arrays else None
    except Exception:  # whatever is wrong with a file somebody else may have written, it is not a piece
        return None
