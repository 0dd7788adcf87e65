"""How demand changes while a run goes on (`model`)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    at: float
    factor: float


@dataclass(frozen=True)
class Surge:
    start: float
    duration: float
    factor: float
    known: bool = False  # planners expect it
