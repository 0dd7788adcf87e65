"""Where readings register themselves, with what their precision is measured against."""

from __future__ import annotations

from collections.abc import Callable

from chainsim.verify.cases import Scale
from chainsim.verify.readings.sight import Found

READINGS: dict[str, Callable[..., Found]] = {}
SCALES: dict[str, Scale] = {}
"""Of each reading, what it is measured against."""
LOGGED: set[str] = set()
"""Readings that need the event log."""


def reading(scale: Scale = "units", *, log: bool = False) -> Callable[[Callable[..., Found]], Callable[..., Found]]:
    """Decorator: offer the function `(sight, place, *arguments)` under its name."""

    def add(function: Callable[..., Found]) -> Callable[..., Found]:
        READINGS[function.__name__] = function
        SCALES[function.__name__] = scale
        if log:
            LOGGED.add(function.__name__)
        return function

    return add
