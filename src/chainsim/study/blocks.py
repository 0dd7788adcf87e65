"""Finished blocks on disk: plain arrays, checked by the hash in their name, by whose they say they are, and by their shape."""

from __future__ import annotations

import hashlib
import io
import json
import logging
import math
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from chainsim.replicate.task import Block
from chainsim.study import disk
from chainsim.study.measuring import Measured
from chainsim.study.opening import read_file
from chainsim.study.store import sha256

log = logging.getLogger(__name__)
ARRAYS = Measured._fields
WHOSE = "whose"
"""The array in which a file says what it holds: names can be changed, and are believed only where they agree."""
HEADERS = 100_000
"""Bytes of a block beside its numbers, at most."""
_NAME = re.compile(r"(?P<key>[0-9a-f]{16})-(?P<first>\d{1,9})-(?P<count>\d{1,9})-(?P<sha>[0-9a-f]{64})\.npz")


def block_key(facts: Mapping[str, Any]) -> str:
    """A short hash of what the numbers of a block depend on: run, policy, measures, scopes."""
    return hashlib.sha256(json.dumps(dict(facts), sort_keys=True).encode()).hexdigest()[:16]


def whose(key: str, first: int, count: int) -> str:
    """Of what, which replications: as the name of a file says it, and the file itself."""
    return f"{key}-{first}-{count}"


def written(text: str) -> np.ndarray[Any, Any]:
    """Text as a plain array."""
    return np.frombuffer(text.encode(), np.uint8)


def is_whose(said: np.ndarray[Any, Any], expected: str, path: Path) -> bool:
    """Whether a file holds what its name says; told in words where it does not."""
    if said.dtype == np.uint8 and said.tobytes() == expected.encode():
        return True
    log.warning(
        "%s holds something else than its name says (was it renamed?): other replications, another policy or another run. It is not "
        "taken; its replications are computed again",
        path,
    )
    return False


def save_block(folder: Path, key: str, block: Block, measured: Measured) -> None:
    """Keep one finished block. Raises OutputError."""
    buffer = io.BytesIO()
    arrays: dict[str, Any] = {WHOSE: written(whose(key, block.first, block.count)), **measured._asdict()}
    np.savez_compressed(buffer, **arrays)  # a tenth of the size: series are mostly alike from week to week
    data = buffer.getvalue()
    path = folder / f"{key}-{block.first}-{block.count}-{sha256(data)}.npz"
    with disk.told_as_output_error(path, len(data)):
        disk.write_file(path, data)


def load_blocks(
    folder: Path,
    keys: Mapping[str, int],
    shapes: Mapping[str, tuple[int, ...]],
    wants: Callable[[Block], bool],
) -> Iterator[tuple[Block, Measured]]:
    """The sound blocks of a folder whose key is known (key → policy) and that are wanted; others are not read, damaged ones
    are passed over with a note.

    shapes: what one replication's numbers must look like, by array.
    """
    for path in sorted(folder.glob("*.npz")):
        name = _NAME.fullmatch(path.name)
        if name is None or name["key"] not in keys:
            continue
        block = Block(keys[name["key"]], int(name["first"]), int(name["count"]))
        if not wants(block):
            continue
        wanted = {array: (block.count, *shape) for array, shape in shapes.items()}
        arrays, said = _read(path, name["sha"], 8 * sum(math.prod(sizes) for sizes in wanted.values()) + HEADERS)
        if arrays is None or any(arrays[a].shape != wanted[a] or arrays[a].dtype.kind not in "fi" for a in ARRAYS):
            log.warning("%s is damaged; its replications are computed again", path)
            continue
        if is_whose(said, whose(name["key"], block.first, block.count), path):
            yield block, Measured(**arrays)


def _read(path: Path, expected: str, most: int) -> tuple[dict[str, Any] | None, Any]:
    """The arrays of a block of at most so many bytes, packed or not, and whose it says they are; None when it is none, or a link to
    somewhere that never ends."""
    try:
        data = read_file(path, most)
        if sha256(data) != expected:
            return None, None
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(part.file_size for part in packed.infolist()) > most:
                return None, None
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            return {name: file[name] for name in ARRAYS}, file[WHOSE]
    except Exception:  # whatever is wrong with a file somebody else may have written, it is not a block
        return None, None
