"""What a key of the scenario file is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

REQUIRED: Any = object()


@dataclass(frozen=True)
class Key:
    """One key. `kind` is a FieldInfo kind or one of `kinds.KINDS`; `of` names a section (kind 'section' …)."""

    kind: str
    meaning: str
    example: Any
    default: Any = REQUIRED
    least: float | None = None
    above: float | None = None
    most: float | None = None
    below: float | None = None
    choices: tuple[str, ...] = ()
    of: str = ""
    dimension: str = ""  # 'value' or '1/value': a distribution's field that carries the unit of what is drawn
    unit: str = ""


Keys = dict[str, Key]
