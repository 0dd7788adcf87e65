"""What a product is, wherever it is kept (`model`)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Product:
    name: str
    unit_cost: float = 0.0
    unit_price: float = 0.0
    divisible: bool = False
    groups: tuple[str, ...] = ()
    made_of: tuple[tuple[str, float], ...] = ()  # components of one unit, and how many of each
    volume: float = 0.0  # of one unit, in whatever unit storage is charged by
    ends: float | None = None  # time units from the start after which nobody wants it; None: never
    salvage: float = 0.0  # what a unit left over then fetches
    write_off: float | None = None  # what it costs; None: what a unit is worth where it lies
