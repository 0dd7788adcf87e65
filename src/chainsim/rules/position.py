"""What a planner looks at before ordering. Every policy reads stock through these."""

from __future__ import annotations

from typing import Any

from chainsim.rules.grid import on_grid


def inventory_position(stock: Any) -> float:
    """On hand + on order − backorders, in units. Lost sales never enter.

    >>> from types import SimpleNamespace as Row
    >>> inventory_position(Row(on_hand=3.0, on_order=10.0, backorders=1.0, whole=1))
    12.0
    """
    position = stock.on_hand + stock.on_order - stock.backorders
    return position if stock.whole == 1 else on_grid(position)


def inventory_level(stock: Any) -> float:
    """On hand − backorders, in units: net inventory."""
    level = stock.on_hand - stock.backorders
    return level if stock.whole == 1 else on_grid(level)
