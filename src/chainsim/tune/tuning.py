"""One tuning: every policy brought to the same target at least cost, confirmed on fresh replications, and written out."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from chainsim.engines.base import choose_engine
from chainsim.errors import UsageError
from chainsim.replicate.bench import MOST_WORKERS
from chainsim.replicate.executors.base import Executor
from chainsim.replicate.executors.choosing import check_jobs, choose_jobs
from chainsim.replicate.executors.shared import Shared
from chainsim.replicate.share import Share
from chainsim.study.kept import Keeper, Kept
from chainsim.study.manifest import identity_of
from chainsim.study.running import Interrupted
from chainsim.study.store import opened
from chainsim.tune.aim import Aim, amount_of, checked
from chainsim.tune.confirm import Candidate, Confirmed, confirm, foresee, with_slope
from chainsim.tune.folder import check_free, keep_candidates
from chainsim.tune.frontier import Point, point_of, ray
from chainsim.tune.groups import groups_of, touched
from chainsim.tune.results import Tuned
from chainsim.tune.search import Found, Sizes, search
from chainsim.tune.sentences import money
from chainsim.tune.subject import Subject
from chainsim.tune.trials import Tell, Trials
from chainsim.tune.writing import policy_entry

if TYPE_CHECKING:
    from chainsim.study.loading import Study

log = logging.getLogger(__name__)
LONG = 60_000.0
"""Events of a replication from which on samples may be smaller."""
PILOT, LEAST = 6, 20
"""Replications that tell how large samples must be there; the last is never smaller than so many."""
T = TypeVar("T")
R = TypeVar("R")


def tune(
    study: Study,
    aim: Aim,
    *,
    engine: str | None = None,
    jobs: int | None = None,
    out: str | Path | None = None,
    overwrite: bool = False,
    tell: Tell | None = None,
    most_replications: int | None = None,
    keeper: Keeper | None = None,
    executor: Executor | None = None,
) -> Tuned:
    """Bring the policies of a study to the target that `aim` names, at least cost. Nothing depends on `jobs` or `executor`.

    engine: instead of the scenario's. jobs: threads that simulate; None: as many as there are cores. With more than one, all
    policies are searched at the same time. out: folder for the files and the page. tell: is told one line a policy. most_replications: at the last look of a confirmation.
    keeper: keeps what every candidate gave. executor: where is simulated, in place of threads of this machine; several threads
    ask it at the same time.

    Raises UsageError and ScenarioError, with a sentence, before anything is simulated; Interrupted after Ctrl-C, when the
    candidates tried so far are kept in `out`; OutputError.
    """
    aim = _checked(study, aim)
    kept = None if keeper is None else keeper.opened(identity_of_tuning(study, aim, most_replications))
    place = None if out is None else Path(out)
    if place is not None:
        check_free(place, overwrite=overwrite)
    with nullcontext() if place is None else opened(place):
        tuned = _tuned(study, aim, engine, jobs, place, tell or _silent, most_replications, kept, None, executor)
    assert tuned is not None
    return tuned


def tune_share(
    study: Study,
    aim: Aim,
    keeper: Keeper,
    *,
    engine: str | None = None,
    jobs: int | None = None,
    tell: Tell | None = None,
    executor: Executor | None = None,
) -> None:
    """Search as `tune` does, and do the keeper's share of the confirmation and of the curves: what every candidate gave is kept.
    Raises as `tune` does."""
    aim = _checked(study, aim)
    kept = keeper.opened(identity_of_tuning(study, aim, None))
    _tuned(study, aim, engine, jobs, None, tell or _silent, None, kept, keeper.share, executor)


def identity_of_tuning(study: Study, aim: Aim, most: int | None) -> dict[str, Any]:
    """What two tunings must share for a candidate of one to give the same in the other."""
    return {**identity_of(study.scenario), "aim": repr(aim), "most": most}


def _checked(study: Study, aim: Aim) -> Aim:
    if study.written is None:
        raise UsageError(
            "this study was not read from anything, so no tuned scenario can be written: load it with chainsim.load"
        )
    return checked(aim, study.scenario)


def _tuned(
    study: Study, aim: Aim, engine: str | None, jobs: int | None, out: Path | None, tell: Tell, most: int | None,
    kept: Kept | None, share: Share | None, executor: Executor | None,
) -> Tuned | None:  # fmt: skip
    check_jobs(jobs)
    subjects, left_out = _subjects(study, aim)
    wanted = engine or study.scenario.engine
    if wanted != "auto":
        choose_engine(wanted)
    workers = 1 if executor else choose_jobs(-1 if jobs is None else jobs, MOST_WORKERS, float("inf"))
    side_by_side = len(subjects) if executor or workers > 1 else 1
    trials: dict[str, Trials] = {}
    try:
        with Shared(workers) as threads, ThreadPoolExecutor(side_by_side) as pool:
            trials |= {
                name: Trials(
                    subject,
                    aim,
                    engine=wanted,
                    most=aim.evaluations or float("inf"),
                    threads=threads,
                    executor=executor,
                    kept=kept,
                )
                for name, subject in subjects.items()
            }
            every = _Every(pool)
            try:
                sizes = _sizes(trials, aim, every)
                return _all(study, aim, subjects, left_out, trials, sizes, every, out, tell, most, share)
            except BaseException:
                for one in trials.values():
                    one.tally.cancelled = True
                getattr(executor, "stop", lambda: None)()
                raise
    except KeyboardInterrupt:
        where = ""
        if out is not None:
            keep_candidates(out, {name: one.tally.rows for name, one in trials.items()})
            where = f"; the candidates tried so far are kept in {out / 'candidates.csv'}"
        n = sum(one.tally.evaluations for one in trials.values())
        raise Interrupted(f"interrupted after {n} evaluations{where}") from None


def _sizes(trials: Mapping[str, Trials], aim: Aim, every: _Every) -> Sizes:
    """Samples as large as they must be for the service to be known within a quarter of the tolerance, or the cost within a quarter
    of a per cent: where replications are long, luck averages out within each."""
    events = max(one.bench.plan().expected_events for one in trials.values())
    if events < LONG:
        return Sizes()

    def needed(one: Trials) -> float:
        seen = one.see(one.subject.start, PILOT)
        if aim.measure:
            z = seen.above - one.targets[:, None] * seen.below
            errors = z.std(axis=1, ddof=1) / np.maximum(seen.below.mean(axis=1), 1e-300)
            return float((errors.max() / (aim.within / 4.0)) ** 2)
        return float((seen.cost.std(ddof=1) / abs(seen.cost.mean()) / 0.0025) ** 2)

    last = min(max(ceil(max(every(needed, trials.values()))), LEAST), Sizes().last)
    return Sizes(PILOT, max(PILOT, last // 3), last, max(PILOT, last // 3))


class _Every:
    """The same for every policy, at the same time; results in order."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self.pool = pool

    def __call__(self, work: Callable[[T], R], items: Iterable[T]) -> list[R]:
        return list(self.pool.map(work, items))


def _all(
    study: Study, aim: Aim, subjects: Mapping[str, Subject], left_out: Mapping[str, str], trials: Mapping[str, Trials],
    sizes: Sizes, every: _Every, out: Path | None, tell: Tell, most: int | None,
    share: Share | None,
) -> Tuned | None:  # fmt: skip
    currency = study.scenario.currency

    def sought(name: str) -> Found:
        one = trials[name]
        found = search(one, groups_of(subjects[name], aim.groups), sizes, lambda stage: log.info("%s: %s", name, stage))
        service = f"{100 * one.service(found.seen):.2f} %  " if aim.measure else ""
        free = aim.free_of(name)
        tell(
            f"{name}  n = {len(found.seen)}  {one.tally.evaluations} tried  {service}{money(float(found.seen.cost.mean()), currency)}/year  ({free})"
        )
        return found

    found = dict(zip(subjects, every(sought, subjects), strict=True))
    same = _same(subjects, found)
    candidates = every(
        lambda name: (
            with_slope(Candidate(trials[name], found[name]), sizes)
            if aim.measure
            else Candidate(trials[name], found[name])
        ),
        [name for name in subjects if name not in same],
    )
    if share is not None:
        foresee(candidates, sizes, most, share, every)
        if aim.measure:
            every(lambda c: ray(c, sizes, aim.confidence), [c for k, c in enumerate(candidates) if share.takes(k)])
        return None
    cheapest = min(float(candidate.found.seen.cost.mean()) for candidate in candidates)
    indifference = amount_of("indifference", aim.indifference, abs(cheapest))
    said = confirm(candidates, sizes, indifference, most, every)
    tell(
        f"confirmed on {max(len(s) for s in said.seen)} fresh replications, attempt {said.attempt}; told by {len(said.told[0])} others"
    )
    points: dict[str, tuple[Point, ...]] = {}
    if aim.measure:
        curves = every(lambda candidate: ray(candidate, sizes, aim.confidence), said.candidates)
        points = {candidate.name: curve for candidate, curve in zip(said.candidates, curves, strict=True)}
    found = {**found, **{c.name: c.found for c in said.candidates}}
    found = {name: found[same[name]] if name in same else one for name, one in found.items()}
    tuned = Tuned(
        study=_study(study, subjects, found), aim=aim, subjects=subjects, found=found, confirmed=said, points=points,
        today=_today(trials, said, sizes), left_out=left_out, same=same, indifference=indifference,
        material=amount_of("material", aim.material, abs(cheapest)), sizes=sizes,
        tallies={name: tuple(one.tally.rows) for name, one in trials.items()},
    )  # fmt: skip
    if out is not None:
        tuned.write(out)
    return tuned


def _subjects(study: Study, aim: Aim) -> tuple[dict[str, Subject], dict[str, str]]:
    """Policies to tune; those that cannot be, and why. Raises UsageError where none is left, or one was named that cannot be."""
    subjects: dict[str, Subject] = {}
    left_out: dict[str, str] = {}
    named = touched(study.scenario, aim.groups)
    for name in aim.policies:
        try:
            subject = Subject(study.scenario, name, lambda place: any(place[0] in sites for sites in named.values()))
        except UsageError as error:
            left_out[name] = str(error)
            continue
        for sites in named.values():
            subject.only(sites)
        subjects[name] = subject
    if not subjects:
        raise UsageError("no policy can be tuned: " + "; ".join(f"{name}: {why}" for name, why in left_out.items()))
    return subjects, left_out


def _same(subjects: Mapping[str, Subject], found: Mapping[str, Found]) -> dict[str, str]:
    """Policies whose rules and numbers are those of an earlier one."""
    first: dict[object, str] = {}
    same: dict[str, str] = {}
    for name, one in found.items():
        subject = subjects[name]
        known = subject.settings(one.written)
        rules = subject.rules(one.written)
        key = tuple(
            (place, type(rules[place].policy).rule, known[place].p, known[place].order_up_to, repr(known[place].pages),
             getattr(rules[place].policy, "review_interval", None), getattr(rules[place].policy, "watch", None),
             rules[place].offset, rules[place].review)
            for place in known
        )  # fmt: skip
        if key in first:
            same[name] = first[key]
        else:
            first[key] = name
    return same


def _study(study: Study, subjects: Mapping[str, Subject], found: Mapping[str, Found]) -> Study:
    """The study with every number given."""
    changes: dict[str, Any] = {
        f"policies[{name}]": policy_entry(study.scenario, name, subjects[name].rules(one.written))
        for name, one in found.items()
    }
    return study.with_(changes)


def _today(trials: Mapping[str, Trials], said: Confirmed, sizes: Sizes) -> dict[str, Point]:
    """The policies as asked, on the search's replications."""
    found = {}
    for candidate in said.candidates:
        one = trials[candidate.name]
        seen = one.see(one.subject.start, sizes.last)
        found[candidate.name] = point_of(candidate, 0, seen, one.aim.confidence)
    return found


def _silent(text: str) -> None:
    pass
