"""Finished points on disk, so that an interrupted experiment goes on where it was: plain arrays, checked by their hash."""

from __future__ import annotations

import hashlib
import io
import json
import logging
import re
from collections.abc import Container, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from chainsim.chance.streams import RNG_SCHEME
from chainsim.experiments.job import Found
from chainsim.experiments.model import Experiment
from chainsim.kpis import KPIS
from chainsim.study import disk
from chainsim.study.blocks import block_key
from chainsim.study.opening import read_file
from chainsim.study.store import sha256
from chainsim.version import __version__

log = logging.getLogger(__name__)
MOST = 500_000_000
_NAME = re.compile(r"(?P<key>[0-9a-f]{16})-point(?P<number>\d{1,6})-(?P<sha>[0-9a-f]{64})\.npz")


def identity_of(asked: Experiment) -> dict[str, Any]:
    """What two runs must share for their points to be interchangeable."""
    document = json.dumps(dict(asked.document), sort_keys=True, default=str)
    return {
        "experiment": hashlib.sha256(document.encode()).hexdigest(),
        "scenario": asked.base.scenario.sha256,
        "seed": asked.base.scenario.seed,
        "rng_scheme": RNG_SCHEME,
        "version": __version__,
        "policies": asked.alternatives,
    }


def key_of(identity: Mapping[str, Any]) -> str:
    """A short hash of what the numbers of a point depend on."""
    return block_key({**identity, "measures": KPIS.names()})


def keep(folder: Path, key: str, found: Found) -> None:
    """Keep one finished point. Raises OutputError."""
    told = {
        "alternatives": found.alternatives,
        "scopes": found.scopes,
        "warnings": found.warnings,
        "events": found.events,
    }
    words = np.frombuffer(json.dumps(told).encode(), np.uint8)
    buffer = io.BytesIO()
    assert found.numerators is not None
    assert found.denominators is not None
    np.savez(buffer, numerators=found.numerators, denominators=found.denominators, told=words)
    data = buffer.getvalue()
    path = folder / f"{key}-point{found.number}-{sha256(data)}.npz"
    with disk.told_as_output_error(path, len(data)):
        disk.write_file(path, data)


def recall(folder: Path, key: str, wanted: Container[int]) -> Iterator[Found]:
    """The sound points of a folder that are wanted, by number; damaged ones are passed over with a note."""
    for path in sorted(folder.glob("*.npz")):
        name = _NAME.fullmatch(path.name)
        if name is None or name["key"] != key or int(name["number"]) not in wanted:
            continue
        found = _read(path, name["sha"], int(name["number"]))
        if found is None:
            log.warning("%s is damaged; its point is computed again", path)
        else:
            yield found


def _read(path: Path, expected: str, number: int) -> Found | None:
    try:
        data = read_file(path, MOST)
        if sha256(data) != expected:
            return None
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            told = json.loads(file["told"].tobytes())
            above, below = file["numerators"], file["denominators"]
        names, scopes = tuple(told["alternatives"]), tuple((site, product) for site, product in told["scopes"])
        if above.ndim != 4 or above.shape != below.shape or above.shape[::2] != (len(names), len(scopes)):
            return None
        return Found(number, names, scopes, above, below, "", tuple(told["warnings"]), int(told["events"]))
    except Exception:  # whatever is wrong with a file somebody else may have written, it is not a point
        return None
