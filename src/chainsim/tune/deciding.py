"""What `chainsim run --decide` compares: today's policy as it is written, and every policy at its best.

Every policy is brought to the target at least cost. Where more service than the target costs less, as when an empty shelf is dear,
the policy's numbers are those of least cost: a target is what is asked at least. The search draws its own random numbers (the
next seed), so that the run which follows judges what was found on luck that no search has seen.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chainsim.errors import UsageError
from chainsim.study.csvtext import csv_bytes
from chainsim.study.store import json_bytes
from chainsim.tune.frontier import cheapest
from chainsim.tune.results import FRONTIER, OUTCOMES, TUNED, Tuned

if TYPE_CHECKING:
    from chainsim.study.loading import Study

MARK = "_tuned"
"""Ends the name of the baseline's tuned twin."""


@dataclass(frozen=True)
class Decided:
    """study: what to run. files: of the tuning, by name in the results folder. why_not: why nothing was tuned, in words; '' where it was."""

    study: Study
    files: Mapping[str, bytes]
    why_not: str = ""


def decided(
    study: Study,
    *,
    policies: Sequence[str] | None = None,
    seed: int | None = None,
    engine: str | None = None,
    jobs: int | None = None,
    tell: Callable[[str], None] | None = None,
) -> Decided:
    """Tune the policies of a study, and put the tuned ones beside the first as it is. policies, seed, engine, jobs: of the run.

    Raises as `Study.tune` does, but for a scenario in which nothing can be tuned: that is said.
    """
    names = list(policies or study.policies)
    apart = study.with_({"seed": (study.scenario.seed if seed is None else seed) + 1})
    options: dict[str, Any] = {"policies": names, "engine": engine, "jobs": jobs, "tell": tell}
    if not _has_costs(study):
        return Decided(_only(study, names), {}, "the scenario names no costs, so no numbers are better than others")
    try:
        tuned = apart.tune(**options)
        least = apart.tune(least_cost=True, **options) if _more_is_cheaper(tuned) else None
    except UsageError as error:
        return Decided(_only(study, names), {}, str(error))
    baseline, twin = names[0], _twin(names)
    entries = {}
    for name in names:
        best = least if least is not None and name in _more_is_cheaper(tuned) and name in least.found else tuned
        if name in best.found:
            written = _entry(best.study, name)
            label = str(written.get("label") or study.scenario.alternatives[study.policies.index(name)].label)
            entries[twin if name == baseline else name] = {**written, "label": f"{label}, tuned"}
    if not entries:
        return Decided(_only(study, names), {}, "; ".join(tuned.left_out.values()))
    changed = study.with_({f"policies[{name}]": entry for name, entry in entries.items()})
    # told by the command that asked for it, not by every number that was found
    scenario = dataclasses.replace(changed.scenario, changes=study.scenario.changes)
    kept = _only(dataclasses.replace(changed, scenario=scenario), [*names, *([twin] if twin in entries else [])])
    return Decided(kept, _files(tuned, least, {baseline: twin}))


def _more_is_cheaper(tuned: Tuned) -> list[str]:
    """Policies whose cost is least above the target; with them those that came out at the target with the same numbers, which have no
    curve of their own."""
    if not tuned.aim.measure:
        return []
    enough = tuned.aim.target + tuned.aim.within
    found = {name for name, points in tuned.points.items() if points and cheapest(points)[0].service > enough}
    return [name for name in (*tuned.points, *tuned.same) if tuned.same.get(name, name) in found]


def _has_costs(study: Study) -> bool:
    """Whether the scenario as it is written prices stock or what is missing: without, no numbers are better than others."""
    return study.written is not None and bool(study.written.source.root.plain().get("costs"))


def _entry(study: Study, name: str) -> dict[str, Any]:
    assert study.written is not None
    return dict(study.written.source.root.plain()["policies"][name])


def _only(study: Study, names: Sequence[str]) -> Study:
    """The study with these policies alone, in this order."""
    known = {a.name: a for a in study.scenario.alternatives}
    return dataclasses.replace(
        study, scenario=dataclasses.replace(study.scenario, alternatives=tuple(known[name] for name in names))
    )


def _twin(names: Sequence[str]) -> str:
    """A name that no policy has yet."""
    name = names[0] + MARK
    while name in names:
        name += MARK
    return name


def _files(tuned: Tuned, least: Tuned | None, renamed: Mapping[str, str]) -> dict[str, bytes]:
    """The tables of the tuning, policies by the names that they have in the run."""

    def of(rows: Sequence[Sequence[Any]]) -> list[Sequence[Any]]:
        return [(renamed.get(row[0], row[0]), *row[1:]) for row in rows]

    files = {
        "tune/statement.json": json_bytes(tuned.facts),
        "tune/tuned.csv": csv_bytes(TUNED, of(tuned.changes)),
        "tune/frontier.csv": csv_bytes(FRONTIER, of(tuned.frontier_rows)),
        "tune/outcomes.csv": csv_bytes(OUTCOMES, of(tuned.outcome_rows)),
    }
    if least is not None:
        files["tune/least_cost.json"] = json_bytes(least.facts)
        files["tune/tuned_least_cost.csv"] = csv_bytes(TUNED, of(least.changes))
    return files
