"""The grid of divisible quantities."""

from __future__ import annotations

GRID = 1e9
"""Divisible quantities are kept to 10⁻⁹ of a unit, so that what is equal on paper is equal in the run."""


def on_grid(quantity: float) -> float:
    """The nearest whole number of 10⁻⁹ units.

    >>> on_grid(0.1 + 0.2) == 0.3
    True
    """
    return (quantity * GRID + 0.5) // 1.0 / GRID
