"""What the recommendation is made of, and what it says (`report.narrative` makes it)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from chainsim.statistics import Sample

Kind = Literal[
    "recommended", "lowest cost", "most service", "no clear winner", "none meets", "undefined", "only policy", "same rule"
]  # fmt: skip
"""Forms that a recommendation can take; 'none meets': no policy reaches the target, 'undefined': nothing was demanded."""


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
class Choice:
    """What the words of a recommendation are about, by place of policy. ties: who cannot be told apart from the best; equal: who is
    as good for practical purposes; runner_up: with whom it is compared first. settles: replications that would tell ties apart.
    level: of each interval of the best against another, that all hold together; None for the usual one."""

    kind: Kind
    best: int
    ties: tuple[int, ...] = ()
    equal: tuple[int, ...] = ()
    runner_up: int | None = None
    settles: int | None = None
    level: float | None = None


@dataclass(frozen=True)
class Narrative:
    """What the page opens with. choice: what is recommended, as data. standings: for each policy its verdict in a few words.
    sensitivity: '' where there is nothing to rank.
    """

    choice: Choice
    headline: str
    text: str
    sensitivity: str
    standings: tuple[str, ...]

    @property
    def chosen(self) -> int:
        """Place of the recommended policy, or of the one that comes closest."""
        return self.choice.best
