"""What a rule sees of a row: one Protocol for each field table. Units and meanings: `plan.tables`, `demand.tables`.

Made from these tables by `python docs/make_rows.py`; do not edit.
"""

from __future__ import annotations

from typing import Protocol


class Terms(Protocol):
    lane: int
    first_break: int
    breaks: int
    incremental: int
    one_open: int
    gathers: int
    until: float
    longest: int
    capacity: float
    by_calendar: int
    weight: float
    weight_a_unit: float
    weight_of_price: float
    weight_a_vehicle: float
    purchases: float
    paused: int
    at_dock: float
    leave_at: int
    since: int
    dock_time: float
    carried: float
    loads: int
    vehicles: float


class Break(Protocol):
    start: float
    price: float
    below: float
