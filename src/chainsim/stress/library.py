"""Shocks on the same scenario, policy by policy: with the levels of the calm world, and with levels derived for the shock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from chainsim.errors import BudgetError, ScenarioError
from chainsim.kpis import KPIS
from chainsim.plan.derivation import Levels
from chainsim.plan.frame import Frame
from chainsim.plan.ground import ground_of
from chainsim.scenario.model import Scenario
from chainsim.statistics import Estimate, Sample, Standing, compare_with_best, estimate
from chainsim.statistics.paired import paired_difference
from chainsim.stress.calm import Calm
from chainsim.stress.watch import PLAINLY, Keeping, Seen, observe

Array = np.ndarray[Any, Any]
Planned = Literal["unchanged", "re-derived"]
MEASURES = ("fill_rate", "lost_sales_rate", "margin", "total_cost")
STANDINGS = {"best": "cheapest", "may be best": "may be cheapest", "not best": "dearer", "undefined": "cannot be told"}
"""How `statistics.Standing` reads where cost is compared."""


@dataclass(frozen=True)
class Shocked:
    """One shock as it is applied. scenario: in which it surprises; planned: in which it is known. words: what it is.
    why_not: why it cannot be applied, in words; '' where it can."""

    name: str
    words: str
    scenario: Scenario | None = None
    planned: Scenario | None = None
    why_not: str = ""


@dataclass(frozen=True)
class Stood:
    """How one policy stood one shock (calm: shock ''). values: estimates by measure; gains: the shock's minus the calm
    path's, paired. met: whether every target is met on average; sure: whether the intervals say the same; None without
    targets. standing: among the policies under the same shock; gap: its cost above that of the best of the others
    that meet the targets, all of them at once, paired. why_not: in place of numbers.
    """

    policy: str
    shock: str
    words: str
    levels: Planned
    values: Mapping[str, Estimate]
    gains: Mapping[str, Estimate]
    met: bool | None
    sure: bool
    standing: str = ""
    why_not: str = ""
    gap: Standing | None = None


def measures_of(scenario: Scenario) -> tuple[str, ...]:
    """What is measured: the usual, and whatever has a target."""
    return tuple(dict.fromkeys([*MEASURES, *scenario.targets]))


def sample(seen: Seen, measures: Sequence[str], name: str) -> Sample:
    """One measure in every replication."""
    k = measures.index(name)
    return Sample.of(seen.numerators[:, k].tolist(), seen.denominators[:, k].tolist(), KPIS.get(name).unit)


def meets(scenario: Scenario, values: Mapping[str, Estimate]) -> tuple[bool | None, bool]:
    """Whether the targets are met on average, and whether the intervals leave no doubt of it; None without targets."""
    if not scenario.targets:
        return None, True
    met, sure = True, True
    for name, target in scenario.targets.items():
        sign = -1.0 if KPIS.get(name).direction == "lower" else 1.0
        found = values[name]
        if found.mean is None:
            return False, False
        met = met and sign * found.mean >= sign * target - 1e-12
        if found.low is not None and found.high is not None:
            sure = sure and not found.low < target < found.high
    return met, sure


def library(
    calms: Sequence[Calm],
    shocks: Sequence[Shocked],
    replications: int,
    *,
    derive: Callable[[Scenario, str], Mapping[str, Levels]] | None,
    engine: str,
    jobs: int | None = None,
    done: Callable[[int], None] = lambda count: None,
    keeping: Keeping = PLAINLY,
) -> list[Stood]:
    """Every policy on the calm path and under every shock, twice. derive: the levels of all policies in a scenario, given with what it is in
    words; None: once only, with the levels of the calm world.

    Raises as `observe` does; levels that cannot be derived are said in the row.
    """
    scenario = calms[0].frame.ground.scenario
    measures, level = measures_of(scenario), scenario.confidence
    found: list[Stood] = []
    subjects, keys = [], []
    for key, calm, frame, levels in _worlds(calms, shocks, derive, found):
        subjects.append(calm.subject(measures, plan=frame.plan(levels)))
        keys.append(key)
    seen: dict[tuple[str, str, Planned], Seen] = {}
    names = [f"shock {key!r}" for key in keys]
    for of, one in observe(subjects, replications, names, keeping, engine=engine, jobs=jobs):
        seen[keys[of]] = one
        done(replications)
    words = {shock.name: shock.words for shock in shocks}
    for policy, shock, levels_are in keys:
        samples = {name: sample(seen[policy, shock, levels_are], measures, name) for name in measures}
        before = {name: sample(seen[policy, "", "unchanged"], measures, name) for name in measures}
        values = {name: estimate(samples[name], level) for name in measures}
        gains = {name: paired_difference(samples[name], before[name], level) for name in measures} if shock else {}
        met, sure = meets(scenario, values)
        found.append(Stood(policy, shock, words.get(shock, ""), levels_are, values, gains, met, sure))
    costs = {key: sample(seen[key], measures, "total_cost").numerators for key in keys}
    return _in_order(_with_standings(found, costs, level), calms, shocks)


def _worlds(
    calms: Sequence[Calm],
    shocks: Sequence[Shocked],
    derive: Callable[[Scenario, str], Mapping[str, Levels]] | None,
    found: list[Stood],
) -> Iterator[tuple[tuple[str, str, Planned], Calm, Frame, Levels]]:
    """What is to be simulated; what cannot be is noted in `found`."""
    for calm in calms:
        yield (calm.policy, "", "unchanged"), calm, calm.frame, calm.levels
    for shock in shocks:
        if shock.scenario is None or shock.planned is None:
            found += [
                Stood(calm.policy, shock.name, shock.words, "unchanged", {}, {}, None, False, why_not=shock.why_not)
                for calm in calms
            ]
            continue
        frames = _frames(shock.scenario, calms)
        for calm in calms:
            yield (calm.policy, shock.name, "unchanged"), calm, frames[calm.policy], calm.levels
        if derive is None:
            continue
        try:
            levels = derive(shock.planned, shock.words)
        except (ScenarioError, BudgetError) as error:
            why = f"levels cannot be derived for it: {str(error).splitlines()[0]}"
            found += [
                Stood(calm.policy, shock.name, shock.words, "re-derived", {}, {}, None, False, why_not=why)
                for calm in calms
            ]
            continue
        frames = _frames(shock.planned, calms)
        for calm in calms:
            yield (calm.policy, shock.name, "re-derived"), calm, frames[calm.policy], levels[calm.policy]


def _frames(scenario: Scenario, calms: Sequence[Calm]) -> dict[str, Frame]:
    """A frame for each policy, on one ground."""
    ground = ground_of(scenario)
    known = {alternative.name: alternative for alternative in scenario.alternatives}
    return {calm.policy: Frame(known[calm.policy], ground) for calm in calms}


def _with_standings(
    rows: Sequence[Stood], costs: Mapping[tuple[str, str, Planned], Sequence[float]], level: float
) -> list[Stood]:
    """Each with its place among the policies under the same shock: of those that meet the targets, the cheapest, who cannot
    be told apart from it (multiple comparison with the best, paired), and who is dearer."""
    placed = []
    for row in rows:
        rivals = [r for r in rows if (r.shock, r.levels) == (row.shock, row.levels) and r.values]
        eligible = [r for r in rivals if r.met is not False]
        if not row.values:
            placed.append(row)
            continue
        if row.met is False:
            placed.append(replace(row, standing="misses the target"))
            continue
        standing, gap = "cheapest", None
        if len(eligible) > 1:
            told = compare_with_best([costs[r.policy, r.shock, r.levels] for r in eligible], level, "lower")
            gap = told[[r.policy for r in eligible].index(row.policy)]
            standing = STANDINGS[gap.place]
        placed.append(replace(row, standing=standing, gap=gap))
    return placed


def _in_order(rows: Sequence[Stood], calms: Sequence[Calm], shocks: Sequence[Shocked]) -> list[Stood]:
    policies, names = [c.policy for c in calms], ["", *(s.name for s in shocks)]
    return sorted(rows, key=lambda r: (policies.index(r.policy), names.index(r.shock), r.levels != "unchanged"))
