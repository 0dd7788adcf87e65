"""Words of 64 bits for a page: each run of them once, laid out so that they take little room."""

from __future__ import annotations

import gzip
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


class Words:
    """Arrays of 64-bit words, laid end to end; the same array is kept once."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._places: dict[bytes, int] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def put(self, array: Array) -> int:
        """Where an array of int64 or float64 begins; −1 for one of zeros only."""
        data = np.ascontiguousarray(array).tobytes()
        if not data.strip(b"\0"):
            return -1
        if data not in self._places:
            self._places[data] = self._count
            self._parts.append(data)
            self._count += len(data) // 8
        return self._places[data]

    def packed(self) -> bytes:
        """All words, gzipped byte plane by byte plane: words are mostly 0 in the same places, and neighbours are alike."""
        planes = np.frombuffer(b"".join(self._parts), np.uint8).reshape(-1, 8).T
        return gzip.compress(np.ascontiguousarray(planes).tobytes(), 9, mtime=0)
