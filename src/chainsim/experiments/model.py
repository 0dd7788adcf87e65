"""An experiment as a value: a base study, what is varied, what is looked at, and what is asked of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from chainsim.experiments.design import Design
from chainsim.experiments.factors import Factor, shown
from chainsim.kpis import KPIS
from chainsim.study.loading import Study

LEVELS = ("rederived", "kept")
"""rederived: policies plan with the values of the point. kept: they run with what they derived in the base scenario."""


@dataclass(frozen=True)
class Response:
    """A measure at a scope, named as in the tables of a run: site and product '' are the whole network."""

    kpi: str
    site: str = ""
    product: str = ""

    def __str__(self) -> str:
        where = " / ".join(part for part in (self.site, self.product) if part)
        return f"{self.kpi} at {where}" if where else self.kpi

    @property
    def title(self) -> str:
        """The measure in words."""
        where = " / ".join(part for part in (self.site, self.product) if part)
        return f"{KPIS.get(self.kpi).title}{f', {where}' if where else ''}"


@dataclass(frozen=True)
class Constraint:
    """What a policy must hold at a point to be chosen there: its estimate is at least, or at most, the bound."""

    response: Response
    bound: float
    least: bool

    def holds(self, value: float | None) -> bool:
        """Whether an estimate keeps it; what is undefined does not."""
        if value is None:
            return False
        return value >= self.bound - 1e-12 if self.least else value <= self.bound + 1e-12


@dataclass(frozen=True)
class Curve:
    """The curve that theory gives of a response against a factor: a name of `theory_curves.CURVES` and its numbers."""

    name: str
    response: Response
    factor: str
    numbers: Mapping[str, Any]


@dataclass(frozen=True)
class Point:
    """A combination of the factors' values. number: from 1."""

    number: int
    values: tuple[Any, ...]
    changes: Mapping[str, Any]

    def told(self, factors: Sequence[Factor]) -> str:
        """Its values in words.

        >>> Point(3, (0.5, 2), {}).told([Factor("cv", "x"), Factor("n", "y")])
        'point 3 (cv = 0.5, n = 2)'
        """
        values = ", ".join(f"{f.name} = {shown(v)}" for f, v in zip(factors, self.values, strict=True))
        return f"point {self.number} ({values})"


@dataclass(frozen=True)
class Experiment:
    """base: the study with what holds at all points. responses: the first is drawn first. objective: what the best policy has
    least of (or most, as the measure goes). choice: the policy whose futures are looked at, '' for the one best most often.
    document: all of it as plain data, as `experiment.yaml` of the results has it."""

    name: str
    title: str
    story: str
    base: Study
    factors: tuple[Factor, ...]
    design: Design
    responses: tuple[Response, ...]
    objective: Response
    constraint: Constraint | None = None
    policies: tuple[str, ...] = ()
    levels: tuple[Literal["rederived", "kept"], ...] = ("rederived",)
    tuned: Mapping[str, Any] | None = None
    curves: tuple[Curve, ...] = ()
    choice: str = ""
    document: Mapping[str, Any] = field(default_factory=dict)

    @property
    def replications(self) -> int:
        """At every point."""
        return self.base.scenario.replications

    @property
    def alternatives(self) -> list[str]:
        """Names of what is compared at every point, the baseline first."""
        return [named(policy, kind, self.levels) for kind in self.levels for policy in self.policies]

    @property
    def watched(self) -> tuple[Response, ...]:
        """Everything that is estimated at a place of its own: responses, objective, constraint, each once."""
        asked = (*self.responses, self.objective, *([self.constraint.response] if self.constraint else []))
        return tuple(dict.fromkeys(asked))

    def points(self) -> list[Point]:
        """All points in the order of the design."""
        found = []
        for number, values in enumerate(self.design.rows(self.factors), 1):
            changes: dict[str, Any] = {}
            for factor, value in zip(self.factors, values, strict=True):
                changes.update(factor.changes(value))
            found.append(Point(number, values, changes))
        return found


def named(policy: str, kind: str, levels: Sequence[str]) -> str:
    """What a policy is called among the alternatives: itself, and with its levels kept too where both are asked for."""
    return f"{policy} (kept)" if kind == "kept" and len(levels) > 1 else policy
