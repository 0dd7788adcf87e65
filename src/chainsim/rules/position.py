"""What a planner looks at before ordering. Every policy reads stock through these."""

from __future__ import annotations

from typing import Literal

from chainsim.rules.choices import Choices
from chainsim.rules.grid import on_grid
from chainsim.rules.rows import Point

Watch = Literal["position", "level", "echelon", "on_hand"]
WATCH = Choices(Watch)
POSITION, LEVEL, ECHELON, ON_HAND = range(4)  # POINT.watch


def inventory_position(stock: Point) -> float:
    """On hand + on order − backorders, in units, as the books have them. Lost sales never enter.

    >>> from chainsim.plan.tables import POINT
    >>> inventory_position(POINT.row(on_hand=3.0, on_order=10.0, backorders=1.0, whole=1))
    12.0
    """
    position = stock.on_hand + stock.unseen + stock.on_order - stock.backorders
    return position if stock.whole == 1 else on_grid(position)


def inventory_level(stock: Point) -> float:
    """On hand − backorders, in units, as the books have them: net inventory."""
    level = stock.on_hand + stock.unseen - stock.backorders
    return level if stock.whole == 1 else on_grid(level)


def on_hand_in_books(stock: Point) -> float:
    """On hand as the books have it, in units: what a planner takes the shelf to hold."""
    on_hand: float = stock.on_hand
    return on_hand if stock.unseen == 0.0 else on_grid(on_hand + stock.unseen)


def watched_quantity(stock: Point) -> float:
    """What the planner of this stock point compares with a level: its position, its level, or the position of its
    echelon, in units.

    >>> from chainsim.plan.tables import POINT
    >>> watched_quantity(POINT.row(watch=ECHELON, on_hand=3.0, on_order=10.0, backorders=1.0, whole=1, echelon_position=25.0))
    25.0
    """
    if stock.watch == POSITION:
        if stock.whole == 1:  # nearly always, and at every customer: `inventory_position` without its call
            position: float = stock.on_hand + stock.unseen + stock.on_order - stock.backorders
            return position
        return inventory_position(stock)
    if stock.watch == ECHELON:
        echelon: float = stock.echelon_position
        return echelon
    if stock.watch == LEVEL:
        return inventory_level(stock)
    return on_hand_in_books(stock)
