"""A lever as it might be: its positions, and the changes of the scenario at each; and how positions are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from chainsim.plan.derivation import Derivation
from chainsim.scenario.change import values_at
from chainsim.scenario.model import Scenario
from chainsim.scenario.nodes import Source

Group = Literal["policies", "world", "prices"]


@dataclass(frozen=True)
class Spot:
    """One position of a lever. text: what it says; detail: more of it; changes: path → value, none as mailed."""

    text: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    detail: str = ""


@dataclass(frozen=True)
class Offer:
    """A lever as it might be. base: its position as mailed."""

    id: str
    label: str
    group: Group
    spots: tuple[Spot, ...]
    base: int


@dataclass(frozen=True)
class Ground:
    """What offers are made from. derivations: of every policy, as mailed."""

    source: Source
    scenario: Scenario
    derivations: Mapping[str, Derivation]


def times(
    id: str,
    label: str,
    group: Group,
    factors: Sequence[float],
    changes: Callable[[float], Mapping[str, Any]],
    text: Callable[[float], str] = lambda by: f"× {by:g}",
) -> Offer:
    """A lever of factors; at 1 nothing changes."""
    spots = tuple(Spot(text(by), {} if by == 1.0 else changes(by)) for by in factors)
    return Offer(id, label, group, spots, factors.index(1.0))


def written(ground: Ground, *paths: str) -> list[str]:
    return [path for path in paths if values_at(ground.source, path)]


def shown(value: Any) -> str:
    """A value as people read it.

    >>> shown("25% per year"), shown("*1.2"), shown(0.95)
    ('25 % per year', '× 1.2', '0.95')
    """
    text = str(value)
    return f"× {text[1:].strip()}" if text.startswith("*") else text.replace("%", " %").replace("  %", " %")
