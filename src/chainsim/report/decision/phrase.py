"""Words with figures among them. A figure keeps the exact number of the tables beside what is said of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """text: as spoken; value: the number of the tables that it tells."""

    text: str
    value: float


Phrase = tuple[str | Figure, ...]


def phrase(*parts: str | Figure | Phrase) -> Phrase:
    """One phrase of several parts; empty ones are left out.

    >>> phrase("costs ", (Figure("€30k", 29_708.0), " a year"))
    ('costs ', Figure(text='€30k', value=29708.0), ' a year')
    """
    made: list[str | Figure] = []
    for part in parts:
        made.extend(part if isinstance(part, tuple) else (part,))
    return tuple(part for part in made if part != "")


def plain(said: Iterable[str | Figure]) -> str:
    """The words alone.

    >>> plain(("costs ", Figure("€30k", 29_708.0)))
    'costs €30k'
    """
    return "".join(part if isinstance(part, str) else part.text for part in said)
