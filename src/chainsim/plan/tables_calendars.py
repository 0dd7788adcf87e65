"""Calendars as rows: when something is open."""

from __future__ import annotations

from chainsim.rows import Column as C
from chainsim.rows import Table

OPENING = Table(
    "Opening",
    (
        C("opens", "i8", "tick from which it is open"),
        C("closes", "i8", "tick from which it is closed again"),
        C("before", "i8", "open ticks of its calendar before this opening"),
        C("last", "i8", "last row of its calendar, which is open for ever"),
    ),
)
"""One time that a calendar is open. A calendar is known by its first row."""
