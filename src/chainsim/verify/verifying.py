"""Verify: every case against theory and, where it has a scenario, against simulation on each engine.

In rounds, each on all cores: twenty replications of everything; as many more as the precision of the level asks for; and for what
missed, a fresh seed with four times the effort.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from chainsim.replicate.progress import Progress
from chainsim.theory.output_series import coverage_limits
from chainsim.verify.answers import answers
from chainsim.verify.cases import LEVELS as LEVEL_NAMES
from chainsim.verify.cases import Case, LevelName, Reading
from chainsim.verify.judging import (
    BEYOND_CHANCE,
    LEVELS,
    REPLICATIONS,
    RERUN_EFFORT,
    STUDY,
    Judgement,
    Level,
    covering,
    equal,
    half_width_wanted,
    judge,
    replications_for,
)
from chainsim.verify.readings import Quotient, Value, scale_of
from chainsim.verify.rows import Row, Verdict
from chainsim.verify.sampling import Sample, fill, samples_of

ROUNDS = (0.5, 1.0, 1.0, 1.0, 1.0, 1.0)
"""Until every interval is narrow enough the number of replications is reckoned anew from what was seen: the part of those wanting
that is simulated. The first twenty tell a variance to a third only, so half of what they ask for must show whether the other half is needed."""


class Comparison(NamedTuple):
    """One reading against one number; `element` says which of a list, None for a whole value. relative: the half-width wanted,
    where it is not the usual one."""

    quantity: str
    reading: Reading
    known: float
    element: int | None
    relative: float | None = None


def verify(
    cases: Sequence[Case],
    level: LevelName = "default",
    engines: Sequence[str] = ("simpy",),
    jobs: int | None = None,
    progress: Progress | None = None,
) -> list[Row]:
    """Every comparison of these cases, in their order. Nothing is printed and nothing is written.

    level: how narrow the intervals are to be, and which cases are simulated. engines: names of `chainsim.engines`.
    jobs: workers; None decides by size. Raises what a scenario raises; a wrong number or a run that breaks off raises nothing: it is a failure in
    the rows.
    """
    rows: dict[tuple[str, int], list[Row]] = {}
    for case in cases:
        rows[case.id, 0] = list(_theory(case)) + list(_not_simulated(case, level))
    simulated = [c for c in cases if _runs(c, level)]
    for place, engine in enumerate(engines, start=1):
        found = _simulate(simulated, LEVELS[level], engine, jobs, progress)
        for case in simulated:
            rows[case.id, place] = found[case.id]
    return [row for case in cases for place in range(len(engines) + 1) for row in rows.get((case.id, place), [])]


def _runs(case: Case, level: LevelName) -> bool:
    return bool(case.scenarios) and LEVEL_NAMES.index(case.level) <= LEVEL_NAMES.index(level)


def _theory(case: Case) -> Iterator[Row]:
    found = answers(case.id)
    for quantity, known in case.values.items():
        if quantity not in found:
            continue
        relative, absolute, why = case.tolerance(quantity)
        verdict: Verdict = "passed" if equal(found[quantity], known, relative, absolute) else "failed"
        yield Row(case.id, quantity, "", "theory", "", known, found[quantity], None, None, None, 1, verdict, why)


def _not_simulated(case: Case, level: LevelName) -> Iterator[Row]:
    if case.missing:
        yield Row(case.id, "", "", "", "", None, None, None, None, None, 0, "missing", case.missing)
    if case.scenarios and not _runs(case, level):
        note = f"simulated from level {case.level} on"
        yield Row(case.id, "", "", "", "", None, None, None, None, None, 0, "not run", note)


def _simulate(
    cases: Sequence[Case], level: Level, engine: str, jobs: int | None, progress: Progress | None
) -> dict[str, list[Row]]:
    """Rows of the simulated quantities of these cases, on one engine."""
    first = {case.id: samples_of(case, engine) for case in cases}
    by_id = {case.id: case for case in cases}
    every = [s for samples in first.values() for s in samples]
    for sample in every:
        case = by_id[sample.case]
        sample.wanted = 1 if case.exact else STUDY * level.studies if case.intervals else REPLICATIONS
    fill(every, jobs, progress)
    for part in ROUNDS:
        for case in cases:
            if not case.exact and not case.intervals:
                _ask_for_more(case, first[case.id], level, part)
        fill(every, jobs, progress)
    rows = {case.id: list(_rows(case, first[case.id], level, "")) for case in cases}
    again = {id: {r.quantity for r in found if _may_be_chance(r)} for id, found in rows.items()}
    second = {id: samples_of(by_id[id], engine, 1, missed) for id, missed in again.items() if missed}
    for id, samples in second.items():
        most = max(s.wanted for s in first[id])
        for sample in samples:
            sample.wanted = RERUN_EFFORT * most
    fill([s for samples in second.values() for s in samples], jobs, progress)
    for id, samples in second.items():
        told = {
            (r.quantity, r.where): r for r in _rows(by_id[id], samples, level, "second seed, four times the effort")
        }
        rows[id] = [told.get((r.quantity, r.where), r) if _may_be_chance(r) else r for r in rows[id]]
    return rows


def _may_be_chance(row: Row) -> bool:
    """Whether a miss deserves a second seed; without this a broken installation would take an hour to say so."""
    return (
        row.how == "simulated"
        and row.verdict == "failed"
        and row.n > 0
        and (row.z is None or abs(row.z) <= BEYOND_CHANCE)
    )


def _ask_for_more(case: Case, samples: Sequence[Sample], level: Level, part: float) -> None:
    """A part of the replications wanting for the precision of the level, of each sample, within the events allowed."""
    most = level.events / len(samples)
    for sample in samples:
        if sample.trouble:
            continue
        needed = REPLICATIONS
        for comparison in comparisons(case):
            if comparison.reading in sample.readings:
                told = _judge(comparison, sample, level)
                if abs(told.z) <= BEYOND_CHANCE:
                    needed = max(needed, replications_for(told))
        needed = sample.replications + math.ceil(part * (needed - sample.replications))
        a_replication = max(sample.events / sample.replications, 1.0)
        sample.wanted = max(sample.replications, min(needed, math.floor(most / a_replication)))


def comparisons(case: Case) -> Iterator[Comparison]:
    """Every reading of a case with the number it should give; of a list, each reading its own element."""
    for quantity, readings in case.simulated.items():
        known = case.values[quantity]
        relative = case.precision[quantity][0] if quantity in case.precision else None
        if isinstance(known, list):
            for i, (reading, element) in enumerate(zip(readings, known, strict=True)):
                yield Comparison(quantity, reading, float(element), i, relative)
        else:
            yield from (Comparison(quantity, reading, float(known), None, relative) for reading in readings)


def _judge(comparison: Comparison, sample: Sample, level: Level) -> Judgement:
    known, reading = comparison.known, comparison.reading
    if comparison.relative is None:
        wanted = half_width_wanted(known, scale_of(reading), sample.demand(reading), level.coarseness)
    else:
        wanted = level.coarseness * comparison.relative * abs(known)
    return judge(sample.columns[reading], known, wanted)


def _rows(case: Case, samples: Sequence[Sample], level: Level, note: str) -> Iterator[Row]:
    home = {reading: sample for sample in samples for reading in sample.readings if not sample.trouble}
    yield from _troubles(case, samples)
    if case.exact:
        yield from _exact_rows(case, home)
        return
    for quantity, reading in case.intervals.items():
        if reading in home:
            yield _coverage(case, quantity, home[reading].columns[reading], home[reading].engine, note)
    for comparison in comparisons(case):
        if comparison.reading not in home:
            continue
        sample = home[comparison.reading]
        told = _judge(comparison, sample, level)
        verdict: Verdict = "failed" if not told.agrees else "passed" if told.narrow else "too wide"
        yield Row(
            case.id, comparison.quantity, _where(case, comparison), "simulated", sample.engine, comparison.known, told.mean,
            told.half_width, told.wanted, told.z, told.n, verdict, note,
        )  # fmt: skip


def _troubles(case: Case, samples: Sequence[Sample]) -> Iterator[Row]:
    """Every quantity of what could not be simulated has failed."""
    for sample in samples:
        if sample.trouble:
            for quantity, readings in (*case.simulated.items(), *((q, (r,)) for q, r in case.intervals.items())):
                if any(reading in sample.readings for reading in readings):
                    yield Row(
                        case.id, quantity, "", "exact" if case.exact else "simulated", sample.engine, case.values[quantity], None,
                        None, None, None, 0, "failed", f"could not be simulated: {sample.trouble}",
                    )  # fmt: skip


SKEWED = 0.02
"""Coverage that intervals may lack where replications are short and their values skewed."""


def _coverage(case: Case, quantity: str, column: Sequence[Value], engine: str, note: str) -> Row:
    """How many studies' intervals cover the known answer, against what chance allows."""
    studies = len(column) // STUDY
    known = float(case.values[quantity])
    count = covering(column, known)
    low, high = coverage_limits(studies, 0.95)
    verdict: Verdict = "passed" if low - SKEWED * studies <= count <= high else "failed"
    told = f"of {studies} intervals of 95 %{'; ' if note else ''}{note}"
    return Row(
        case.id, quantity, "covered", "simulated", engine, [low, high], count, None, None, None, studies, verdict, told
    )  # fmt: skip


def _exact_rows(case: Case, home: dict[Reading, Sample]) -> Iterator[Row]:
    for quantity, readings in case.simulated.items():
        known = case.values[quantity]
        relative, absolute, why = case.tolerance(quantity)
        whole = isinstance(known, list) and len(readings) == len(known) > 1
        pairs: list[tuple[Reading, object, int | None]] = (
            [(r, k, i) for i, (r, k) in enumerate(zip(readings, known, strict=True))]
            if whole
            else [(r, known, None) for r in readings]
        )
        for reading, value, element in pairs:
            if reading not in home:
                continue
            sample = home[reading]
            first = sample.columns[reading][0]
            found: object = first.value if isinstance(first, Quotient) else first
            if isinstance(found, float) and math.isnan(found):
                found = None  # undefined
            verdict: Verdict = "passed" if equal(found, value, relative, absolute) else "failed"
            where = _where(case, Comparison(quantity, reading, 0.0, element))
            yield Row(case.id, quantity, where, "exact", sample.engine, value, found, None, None, None, 1, verdict, why)


def _where(case: Case, comparison: Comparison) -> str:
    """What tells this reading apart from the others of its quantity."""
    several = len(case.simulated[comparison.quantity]) > 1
    return comparison.reading.where if several or comparison.element is not None else ""
