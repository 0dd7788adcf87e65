"""Which numbers of the tables of continuous laws the draws of a page can reach: the others stay out of it.

A table covers uniforms down to 2⁻⁵³ on both sides, and a stream of a thousand draws hardly goes beyond 2⁻¹². Draw n of a stream in a
replication is known beforehand, so the cells that its first draws look at are known too. The page refuses to tell anything of a
replication that drew more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from chainsim.chance.book import STREAM
from chainsim.chance.streams import uniforms
from chainsim.chance.tables import CONTINUOUS, LAW, OCTAVES, TERMS
from chainsim.live.memory import Memory

Array = np.ndarray[Any, Any]

NUMBERS = "numbers_of_laws"
ROOM = 256
"""Draws of a stream on top of twice as many as are expected."""


class Reached:
    """How many draws of each stream a page can do (0: any number), and what its tables need for these.

    memories: of every policy, as mailed and at all positions of the levers. Where they have other streams, all tables stay whole.
    """

    def __init__(self, memories: Sequence[Memory], replications: int) -> None:
        self.replications = replications
        self.draws = _draws(memories)
        self._cells: dict[tuple[Any, ...], Array] = {}
        self._masks: dict[bytes, Array] = {}

    def of(self, memory: Memory) -> Memory:
        """The memory with 0 for every number that no draw reaches."""
        if not self.draws.any():
            return memory
        streams, laws = memory.words["streams"].view(STREAM.dtype), memory.words["laws"].view(LAW.dtype)
        profiles, numbers = memory.words["profiles"], memory.words[NUMBERS]
        key = _columns(streams, "law", "profile", "length") + _columns(laws, "kind", "first", "size", "start", "end")
        key += profiles.tobytes()
        if key not in self._masks:
            self._masks[key] = self._mask(streams, laws, profiles, len(numbers))
        return replace(memory, words={**memory.words, NUMBERS: np.where(self._masks[key], numbers, 0)})

    def _mask(self, streams: Array, laws: Array, profiles: Array, count: int) -> Array:
        """Which numbers are reached."""
        parted = (laws["start"] != 0.0) | (laws["end"] != 1.0)
        mask = np.ones(count, bool)
        trimmed = np.flatnonzero((laws["kind"] == CONTINUOUS) & ~parted)
        for law in laws[trimmed]:
            mask[law["first"] : law["first"] + 2 * OCTAVES * law["size"] * TERMS] = False
        wanted = set(trimmed.tolist())
        for stream, draws in zip(streams, self.draws, strict=True):
            for k, at in _laws_of(stream, profiles):
                if k not in wanted:
                    continue
                first, size = int(laws[k]["first"]), int(laws[k]["size"])
                if not draws:
                    mask[first : first + 2 * OCTAVES * size * TERMS] = True
                    continue
                cells = self._cells_of(stream, int(draws), at, size)
                mask[first + TERMS * cells[:, None] + np.arange(TERMS)] = True
        for law in laws[
            parted & (laws["kind"] == CONTINUOUS)
        ]:  # pieces of one law: what falls into each is not looked at
            mask[law["first"] : law["first"] + 2 * OCTAVES * law["size"] * TERMS] = True
        return mask

    def _cells_of(self, stream: Array, draws: int, at: Array | None, size: int) -> Array:
        """Cells of a table with so many cells in an octave, as `chance.tables` finds them. at: the law's places in the profile."""
        key = int(stream["key_low"]), int(stream["key_high"])
        known = (*key, draws, size, b"" if at is None else at.tobytes())
        if known not in self._cells:
            u = np.concatenate([uniforms(key, r, 0, draws).reshape(1, -1) for r in range(self.replications)])
            if at is not None:
                u = u[:, at[np.arange(draws) % len(at)]]
            upper = u > 0.5
            fraction, exponent = np.frexp(np.where(upper, 1.0 - u, u))
            cell = ((fraction - 0.5) * (2.0 * size)).astype(np.int64)
            self._cells[known] = np.unique((exponent + OCTAVES + OCTAVES * upper) * size + cell)
        return self._cells[known]


def _laws_of(stream: Array, profiles: Array) -> Iterable[tuple[int, Array | None]]:
    """The laws of a stream, each with its places in the profile; None: of every draw."""
    if stream["law"] >= 0:
        return [(int(stream["law"]), None)]
    there = profiles[stream["profile"] : stream["profile"] + stream["length"]]
    return [(int(k), there == k) for k in np.unique(there)]


def _draws(memories: Sequence[Memory]) -> Array:
    """By stream; a multiple of 4, as many as are made at once."""
    all_streams = [memory.words["streams"].view(STREAM.dtype) for memory in memories]
    keys = {_columns(streams, "key_low", "key_high") for streams in all_streams}
    if len(keys) != 1:
        return np.zeros(len(all_streams[0]) if all_streams else 0, np.int64)
    expected = np.array([streams["expected"] for streams in all_streams])
    draws = (2 * expected.max(axis=0) + ROOM + 3) // 4 * 4
    return np.where((expected > 0).all(axis=0), draws, 0)


def _columns(table: Array, *names: str) -> bytes:
    """These columns of a table and no others; a view of several fields has the rest of the row between them."""
    return b"".join(table[name].tobytes() for name in names)
