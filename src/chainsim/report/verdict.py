"""What the recommendation is made of, and what it says (`report.narrative` makes it)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chainsim.statistics import Sample


@dataclass(frozen=True)
class Option:
    """One policy as the sentence needs it: costs and fill rates over replications, and the mean of each cost line by its name."""

    label: str
    costs: Sequence[float]
    fills: Sequence[float] | Sample
    lines: Mapping[str, float]
    asked: str = ""
    """The service its own levels were asked for, in words; '' for none."""


@dataclass(frozen=True)
class Narrative:
    """What the page opens with. chosen: place of the recommended policy, or of the one that comes closest.

    standings: for each policy its verdict in a few words. sensitivity: '' where there is nothing to rank.
    """

    chosen: int
    headline: str
    text: str
    sensitivity: str
    standings: tuple[str, ...]
