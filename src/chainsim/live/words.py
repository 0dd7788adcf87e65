"""Words of 64 bits for a page: each run of them once, laid out so that they take little room."""

from __future__ import annotations

import gzip
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


class Words:
    """Arrays of 64-bit words, laid end to end; the same array is kept once."""

    def __init__(self) -> None:
        self._parts: list[Array] = []
        self._places: dict[bytes, int] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def put(self, array: Array, columns: int = 1) -> int:
        """Where an array of int64 or float64 begins; −1 for one of zeros only. columns: of a table, which is kept column by column."""
        words = np.ascontiguousarray(array).reshape(-1, columns).T.reshape(-1).view(np.int64)
        if not words.any():
            return -1
        data = words.tobytes()
        if data not in self._places:
            self._places[data] = self._count
            self._parts.append(words)
            self._count += len(words)
        return self._places[data]

    def packed(self) -> bytes:
        """All words, each as its difference from the one before, gzipped byte plane by byte plane: columns count up or repeat themselves, so
        that most differences are 0 or small."""
        words = np.concatenate([np.zeros(1, np.int64), *self._parts]).view(np.uint64)
        planes = np.diff(words).view(np.uint8).reshape(-1, 8).T
        return gzip.compress(np.ascontiguousarray(planes).tobytes(), 9, mtime=0)
