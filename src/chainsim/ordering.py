"""The order people expect of names: store-2 before store-10."""

from __future__ import annotations

import re
from functools import lru_cache


@lru_cache(maxsize=100_000)
def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """Sorting key that puts store-2 before store-10.

    >>> sorted(["store-10", "store-2", "dc"], key=natural)
    ['dc', 'store-2', 'store-10']
    """
    parts = re.split(r"([0-9]+)", name)
    key = tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part)
    return (*key, (-1, 0, name))  # '1' and '01' are two names
