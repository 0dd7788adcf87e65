"""A rule that chainsim does not know, as an outside package brings it. In a file of its own, because compiled code is kept
until the file of a rule changes."""

from __future__ import annotations

from typing import Any


def order_seven(stock: Any, p: Any, memory: Any) -> float:
    """Seven units, whenever asked."""
    return 7.0
