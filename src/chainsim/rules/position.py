"""What a planner looks at before ordering. Every policy reads stock through these."""

from __future__ import annotations

from typing import Any


def inventory_position(stock: Any) -> float:
    """On hand + on order − backorders, in units. Lost sales never enter.

    >>> from types import SimpleNamespace as Row
    >>> inventory_position(Row(on_hand=3.0, on_order=10.0, backorders=1.0))
    12.0
    """
    return stock.on_hand + stock.on_order - stock.backorders


def inventory_level(stock: Any) -> float:
    """On hand − backorders, in units: net inventory."""
    return stock.on_hand - stock.backorders
