"""Uniform random numbers by name and number: draw n of a stream is always the same, whoever asks, in any order.

A stream is a key: a hash of the seed and of the stream's name, its place in the model. Draw n is word `n mod 4` of
Philox4x64-10 (Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC'11) with that key and the
counter (n div 4, 0, 0, replication). So nothing depends on what else the model holds, on the order of the file, on
the number of workers, or on how many draws another stream took.
"""

from __future__ import annotations

from hashlib import blake2b
from threading import Lock
from typing import Any

import numpy as np

RNG_SCHEME = 1
"""Version of the rule from seed and name to numbers; it is part of every key and travels with every result."""

SMALLEST = 2.0**-53
"""The smallest uniform; the largest is 1 − SMALLEST."""


def stream_key(seed: int, *name: str) -> tuple[int, int]:
    """The two 64-bit key words of the stream called `name` under `seed`.

    Each part of the name is hashed with its length, so ("a", "bc") and ("ab", "c") are different streams.

    >>> stream_key(7, "demand", "store", "soup") == stream_key(7, "demand", "store", "soup")
    True
    >>> stream_key(7, "a", "bc") == stream_key(7, "ab", "c")
    False
    """
    digest = blake2b(digest_size=16)
    for part in ("chainsim", str(RNG_SCHEME), str(seed), *name):
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "little"))
        digest.update(data)
    word = digest.digest()
    return int.from_bytes(word[:8], "little"), int.from_bytes(word[8:], "little")


def uniforms(key: tuple[int, int], replication: int, start: int, count: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Draws number start … start + count − 1 of a stream: u = ((word >> 12) + ½) · 2⁻⁵², never 0 nor 1.

    >>> block = uniforms(stream_key(1, "x"), 0, 0, 100)
    >>> bool((uniforms(stream_key(1, "x"), 0, 37, 5) == block[37:42]).all())
    True
    """
    first, skip = divmod(start, 4)
    words = _words(key, replication, first, skip + count)[skip:]
    return ((words >> np.uint64(12)) + np.float64(0.5)) * np.float64(2.0**-52)


_PHILOX = np.random.Philox(0)
_STATE: Any = _PHILOX.state
_LOCK = Lock()  # threads share the one generator; making another costs ten times a change of state
_LAST = (1 << 64) - 1


def _words(key: tuple[int, int], replication: int, first: int, count: int) -> np.ndarray[Any, np.dtype[np.uint64]]:
    """`count` words from counter (first, 0, 0, replication) on."""
    # NumPy adds 1 to the 256-bit counter before each four words, so it is set to one less.
    if first > 0:
        counter = [first - 1, 0, 0, replication]
    else:
        counter = [_LAST, _LAST, _LAST, replication - 1 if replication > 0 else _LAST]
    with _LOCK:
        _STATE["state"] = {"counter": np.array(counter, np.uint64), "key": np.array(key, np.uint64)}
        _STATE["buffer_pos"] = 4
        _PHILOX.state = _STATE
        words: np.ndarray[Any, np.dtype[np.uint64]] = _PHILOX.random_raw(count)
    return words
