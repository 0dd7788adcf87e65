"""What was computed once, kept as long as it fits: a memo bounded by the memory that its arrays take, not by their number."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")
MOST_BYTES = 64 * 2**20


class Kept(Generic[T]):
    """Values by key; those not asked for the longest are forgotten first. Threads may ask at the same time.

    >>> squares = Kept[int](lambda value: 8, most=16)
    >>> [squares.get(n, lambda n=n: n * n) for n in (1, 2, 1, 3)], squares.computed
    ([1, 4, 1, 9], 3)
    >>> 1 in squares, 2 in squares
    (True, False)
    """

    def __init__(self, size: Callable[[T], int], most: int = MOST_BYTES) -> None:
        """size: bytes that a value takes. most: bytes of all together."""
        self.size, self.most = size, most
        self.computed = 0
        """How many values were computed."""
        self._values: OrderedDict[Hashable, T] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def __contains__(self, key: Hashable) -> bool:
        return key in self._values

    def get(self, key: Hashable, compute: Callable[[], T]) -> T:
        """The value of this key, computed where it is not known; a key and its value always go together."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        value = compute()
        with self._lock:
            self.computed += 1
            if key not in self._values:
                self._values[key] = value
                self._bytes += self.size(value)
            while self._bytes > self.most and self._values:
                self._bytes -= self.size(self._values.popitem(last=False)[1])
        return value

    def forget(self) -> None:
        """Everything."""
        with self._lock:
            self._values.clear()
            self._bytes = 0
