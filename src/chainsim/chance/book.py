"""The book of all streams of a Plan, and the streams as a replication draws from them.

`StreamBook` is used while a Plan is made: it names streams, builds tables, and stores what is equal once.
`StreamArrays` is what travels to workers. `Streams` draws: it needs NumPy only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from chainsim.chance.base import Array, Distribution
from chainsim.chance.streams import stream_key, uniforms
from chainsim.chance.tables import LAW, build, evaluate
from chainsim.rows import Column as C
from chainsim.rows import Table

Rounding = Literal["none", "whole", "ticks"]

STREAM = Table(
    "Stream",
    (
        C("key_low", "u8", "first key word"),
        C("key_high", "u8", "second key word"),
        C("law", "i8", "row of the law of every draw; -1: by profile", -1),
        C("profile", "i8", "first entry of the profile: draw n has the law of entry n mod `length`"),
        C("length", "i8", "entries of the profile"),
        C("rounded", "i8", "1: cut at 0, rounded half up to a whole number, and cut at LONGEST"),
        C("expected", "i8", "draws that a replication will probably take; 0 unknown"),
    ),
)

LONGEST = 2.0**61
"""Rounded draws end here, 73,000 years of ticks, so that times stay whole numbers of 64 bits."""

FIRST_BLOCK, LARGEST_BLOCK, ALL_BLOCKS = 128, 4096, 1_000_000


@dataclass(frozen=True)
class StreamArrays:
    """All streams of a Plan: rows of STREAM and LAW, the numbers of all tables, and the profiles."""

    streams: np.ndarray[Any, Any]
    laws: np.ndarray[Any, Any]
    data: Array
    profiles: np.ndarray[Any, np.dtype[np.int64]]


class StreamBook:
    """Collects streams. The draws of a stream depend on seed, name and replication alone.

    >>> from chainsim.chance.simple import Uniform
    >>> book = StreamBook(seed=7)
    >>> lead_time = book.stream(("lane", "dc", "store"), Uniform(low=1.0, high=3.0))
    >>> draws = Streams(book.arrays(), replication=0)
    >>> 1.0 < draws.draw(lead_time) < 3.0
    True
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._streams: list[tuple[Any, ...]] = []
        self._names: set[tuple[str, ...]] = set()
        self._laws: list[tuple[Any, ...]] = []
        self._data: list[Array] = []
        self._length = 0
        self._tables: dict[Distribution, tuple[int, int, int, int]] = {}
        self._law_of: dict[tuple[Distribution, float], int] = {}
        self._profiles: list[bytes] = []
        self._profile_of: dict[bytes, int] = {}
        self._profile_length = 0
        self._listed: dict[tuple[int, float], tuple[Sequence[Distribution], int]] = {}
        """Where the profile of a list stands that streams share; the list is held, so that no other gets its number."""

    def copy(self) -> StreamBook:
        """A book of its own with all streams so far: what is written into it is not in this one."""
        other = StreamBook(self.seed)
        for name, held in vars(self).items():
            setattr(other, name, held.copy() if hasattr(held, "copy") else held)
        return other

    def stream(
        self,
        name: tuple[str, ...],
        distribution: Distribution,
        *,
        unit: float = 1.0,
        rounding: Rounding = "none",
        profile: Sequence[Distribution] | None = None,
        expected: float = 0.0,
    ) -> int:
        """Register the stream called `name`; returns its index.

        unit: multiplies every value (ticks per time unit for lengths of time).
        rounding: 'whole' units and 'ticks' cut negative values at 0 and round half up.
        profile: draw n has the distribution profile[n mod length] instead (demand with a season).
        expected: how many draws a replication will probably take, if known; changes speed only.
        Raises ValueError for a name taken twice, and for a distribution too extreme to be tabled.
        """
        if name in self._names:
            raise ValueError(f"two streams are called {name}: their draws would be the same")
        self._names.add(name)
        law, first, length = -1, 0, 0
        if profile is None:
            law = self._law(distribution, unit)
        else:
            held = self._listed.get((id(profile), unit))
            if held is None:
                laws = {id(member): self._law(member, unit) for member in {id(m): m for m in profile}.values()}
                held = self._listed[id(profile), unit] = (
                    profile,
                    self._profile([laws[id(member)] for member in profile]),
                )
            first, length = held[1], len(profile)
        rounded = int(rounding != "none")
        expected = int(min(max(expected, 0.0), 1e9))
        self._streams.append((*stream_key(self.seed, *name), law, first, length, rounded, expected))
        return len(self._streams) - 1

    def arrays(self) -> StreamArrays:
        """Everything so far, read-only."""
        made = StreamArrays(
            streams=np.array(self._streams, STREAM.dtype),
            laws=np.array(self._laws, LAW.dtype),
            data=np.concatenate([np.zeros(0), *self._data]),
            profiles=np.frombuffer(b"".join(self._profiles), np.int64).copy(),
        )
        for array in (made.streams, made.laws, made.data, made.profiles):
            array.flags.writeable = False
        return made

    def _law(self, distribution: Distribution, unit: float) -> int:
        """The first row of the law of a distribution."""
        known = self._law_of.get((distribution, unit))
        if known is not None:
            return known
        rows = []
        for piece in distribution.pieces():
            kind, first, size, guides = self._table(piece.shape)
            rows.append((kind, first, size, guides, piece.start, piece.end, piece.scale * unit, piece.shift * unit))
        self._law_of[(distribution, unit)] = len(self._laws)
        self._laws.extend(rows)
        return len(self._laws) - len(rows)

    def _table(self, shape: Distribution) -> tuple[int, int, int, int]:
        """Kind, place, size and guides of the table of a shape."""
        if shape not in self._tables:
            kind, size, guides, numbers = build(shape)
            self._tables[shape] = (kind, self._length, size, guides)
            self._data.append(numbers)
            self._length += len(numbers)
        return self._tables[shape]

    def _profile(self, laws: list[int]) -> int:
        """Where a profile of laws is stored."""
        content = np.array(laws, np.int64).tobytes()
        if content not in self._profile_of:
            self._profile_of[content] = self._profile_length
            self._profiles.append(content)
            self._profile_length += len(laws)
        return self._profile_of[content]


class Streams:
    """The streams of one replication. Draws are made in blocks; how long they are changes nothing but speed."""

    def __init__(self, arrays: StreamArrays, replication: int) -> None:
        self._arrays = arrays
        self._replication = replication
        streams = STREAM.rows(arrays.streams)
        self._largest = max(FIRST_BLOCK, min(LARGEST_BLOCK, ALL_BLOCKS // max(1, len(streams))))
        self._next = [self._values(stream).__next__ for stream in streams]

    def draw(self, stream: int) -> float:
        """The next value of a stream, by its index."""
        return self._next[stream]()

    def _values(self, stream: Any) -> Iterator[float]:
        start = 0
        length = min(stream.expected, self._largest) or FIRST_BLOCK
        while True:
            yield from self.block(stream, start, length).tolist()
            start += length
            length = min(4 * length, self._largest)

    def block(self, stream: Any, start: int, count: int) -> Array:
        """Draws number start … start + count − 1 of a row of STREAM."""
        arrays = self._arrays
        u = uniforms((stream.key_low, stream.key_high), self._replication, start, count)
        if stream.law >= 0:
            law: Any = stream.law
        else:
            law = arrays.profiles[stream.profile + np.arange(start, start + count) % stream.length]
        x = evaluate(u, law, arrays.laws, arrays.data)
        return np.minimum(np.floor(np.maximum(x, 0.0) + 0.5), LONGEST) if stream.rounded else x
