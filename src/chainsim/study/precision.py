"""As many replications as the precision asked for takes, in stages (`statistics.stages`), and what is said of it.

The replications are the first n of the seed, whatever the stages were: a run of `replications: n` gives the same tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chainsim.errors import Finding, ScenarioError, UsageError
from chainsim.kpis import KPIS
from chainsim.registry import did_you_mean
from chainsim.scenario.model import Scenario
from chainsim.scenario.nodes import Source
from chainsim.statistics import Estimate, estimate
from chainsim.statistics.amounts import Amount, amounts
from chainsim.statistics.stages import Precision, needed, next_size, reached
from chainsim.study import arguments
from chainsim.study.collection import Collection
from chainsim.study.judging import sample_of


@dataclass(frozen=True)
class Pursued:
    """What came of it. stages: replications after each; limit: what ended it where not everything was reached: 'max' or 'budget'."""

    precision: Precision
    stages: tuple[int, ...]
    got: tuple[tuple[str, Amount, Estimate], ...]
    limit: str

    @property
    def n(self) -> int:
        """Replications of each policy."""
        return self.stages[-1]

    def as_manifest(self) -> dict[str, Any]:
        """As manifest.json has it."""
        rows = [
            {
                "policy": policy,
                "measure": amount.measure,
                "asked": str(amount),
                "within": amount.of(e.mean),
                "half_width": e.half_width,
                "reached": reached(e, amount),
            }
            for policy, amount, e in self.got
        ]
        return {
            "asked": [str(amount) for amount in self.precision.asked],
            "min": self.precision.least,
            "max": self.precision.most,
            "stages": list(self.stages),
            "reached": all(row["reached"] for row in rows),
            "limit": self.limit,
            "got": rows,
        }


def pursue(
    scenario: Scenario,
    collection: Collection,
    most: int,
    grow: Callable[[int], None],
    tell: Callable[[str], None] | None,
) -> Pursued:
    """Grow the collection, which holds the first stage, until everything asked is reached, or `most` replications, which the budget
    allows, are there."""
    asked = scenario.precision
    assert asked is not None
    allowed = replace(asked, most=min(asked.most, most))
    stages = [scenario.replications]
    while True:
        got = _look(collection, asked.asked)
        left = [(policy, amount, e) for policy, amount, e in got if not reached(e, amount)]
        known = [
            needed(e, amount) for _, amount, e in left if e.mean is not None
        ]  # what is undefined no number defines
        more = next_size(allowed, stages[-1], known) if known else stages[-1]
        if more == stages[-1]:
            break
        if tell is not None:
            tell(f"{_still_open(left)}: {stages[-1]} replications are not enough; going on to {more}")
        grow(more)
        stages.append(more)
    limit = "" if not left else "undefined" if not known else "max" if stages[-1] >= asked.most else "budget"
    return Pursued(asked, tuple(stages), tuple(got), limit)


def asked_amounts(name: str, given: Any, percent: Sequence[str]) -> tuple[Amount, ...]:
    """Amounts handed to the package or the command line. Raises UsageError."""
    texts = given if isinstance(given, str) else arguments.names(name, given)
    try:
        found = amounts(texts, percent, ("fill_rate",))
    except ValueError as error:
        raise UsageError(f"{name} {error}") from None
    if wrong := misnamed(found):
        raise UsageError(f"{name} {wrong[0]}{wrong[1]}")
    return found


def check_amounts(scenario: Scenario, source: Source) -> None:
    """Whether the measures that a scenario names are there. Raises ScenarioError."""
    precision = scenario.precision.asked if scenario.precision else ()
    given: list[tuple[tuple[str, ...], Iterable[Amount]]] = [
        (("replications", "precision"), precision),
        (("material",), scenario.material),
    ]
    wrong: list[Finding] = [
        source.finding(path, *told) for path, found in given if (told := misnamed(found)) is not None
    ]
    if wrong:
        raise ScenarioError(wrong)


def misnamed(found: Iterable[Amount]) -> tuple[str, str] | None:
    """What is wrong with the first amount of a measure that is none, or of which it cannot be; and the cure."""
    known = KPIS.names()
    for amount in found:
        if amount.measure not in known:
            return (
                f"names an unknown measure '{amount.measure}'{did_you_mean(amount.measure, known)}",
                "" if did_you_mean(amount.measure, known) else "; `chainsim list kpis` has them all",
            )
        if amount.scale == "points" and KPIS.get(amount.measure).unit != "share":
            return (
                f"asks for points of '{amount.measure}', which is no share",
                f": write '{amount.size:g}% of {amount.measure}'",
            )
    return None


def _look(collection: Collection, asked: Sequence[Amount]) -> list[tuple[str, Amount, Estimate]]:
    """The measures asked for of the whole network, as the replications so far give them."""
    names = KPIS.names()
    return [
        (plan.policy, amount, estimate(sample_of(measured, 0, names.index(amount.measure)), collection.confidence))
        for plan, measured in zip(collection.plans, collection.numbers().measured, strict=True)
        for amount in asked
    ]


def _still_open(left: Sequence[tuple[str, Amount, Estimate]]) -> str:
    """Which measures are not there yet."""
    return "precision of " + ", ".join(dict.fromkeys(amount.measure for _, amount, _ in left))
