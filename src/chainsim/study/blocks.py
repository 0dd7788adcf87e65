"""Finished blocks on disk: plain arrays, checked by the hash in their name and by their shape."""

from __future__ import annotations

import hashlib
import io
import json
import logging
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from chainsim.study import disk
from chainsim.study.cells import AUDIT, Block, Outcome
from chainsim.study.store import sha256

log = logging.getLogger(__name__)
ARRAYS = ("numerators", "denominators", "series", "audit", "events", "delivery")
_NAME = re.compile(r"(?P<key>[0-9a-f]{16})-(?P<first>\d{1,9})-(?P<count>\d{1,9})-(?P<sha>[0-9a-f]{64})\.npz")


def block_key(facts: Mapping[str, Any]) -> str:
    """A short hash of what the numbers of a block depend on: run, policy, measures, scopes."""
    return hashlib.sha256(json.dumps(dict(facts), sort_keys=True).encode()).hexdigest()[:16]


def save_block(folder: Path, key: str, outcome: Outcome) -> None:
    """Keep one finished block. Raises OutputError."""
    buffer = io.BytesIO()
    np.savez(buffer, **{name: getattr(outcome, name) for name in ARRAYS})
    data = buffer.getvalue()
    path = folder / f"{key}-{outcome.block.first}-{outcome.block.count}-{sha256(data)}.npz"
    with disk.told_as_output_error(path, len(data)):
        disk.write_file(path, data)


def load_blocks(
    folder: Path,
    keys: Mapping[str, int],
    shape: tuple[int, int],
    series: tuple[int, int, int],
    delivery: tuple[int, int],
) -> Iterator[Outcome]:
    """The sound blocks of a folder whose key is known (key → policy); others are passed over, damaged ones with a note.

    shape, series, delivery: what one replication's measures, series and sums of deliveries must look like.
    """
    for path in sorted(folder.glob("*.npz")):
        name = _NAME.fullmatch(path.name)
        if name is None or name["key"] not in keys:
            continue
        block = Block(keys[name["key"]], int(name["first"]), int(name["count"]))
        arrays = _read(path, name["sha"])
        n = block.count
        measures = {"numerators": (n, *shape), "denominators": (n, *shape), "delivery": (n, *delivery)}
        wanted = {**measures, "series": (n, *series), "audit": (n, len(AUDIT)), "events": (n,)}
        if arrays is None or any(arrays[a].shape != wanted[a] or arrays[a].dtype.kind not in "fi" for a in ARRAYS):
            log.warning("%s is damaged; its replications are computed again", path)
            continue
        yield Outcome(block, **arrays)


def _read(path: Path, expected: str) -> dict[str, Any] | None:
    try:
        data = path.read_bytes()
        if sha256(data) != expected:
            return None
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            return {name: file[name] for name in ARRAYS}
    except Exception:  # whatever is wrong with a file somebody else may have written, it is not a block
        return None
