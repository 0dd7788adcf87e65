"""Running an experiment: every point, many policies, any number of workers, one set of results."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from chainsim.engines.base import choose_engine
from chainsim.errors import ChainsimError, Finding, Place, ScenarioError, UsageError
from chainsim.experiments import kept
from chainsim.experiments.job import Found, PointJob, only, planner_of, told
from chainsim.experiments.model import Experiment, Point
from chainsim.experiments.reading import read_experiment
from chainsim.experiments.results import ExperimentResults
from chainsim.experiments.writing import experiment_files, manifest_of
from chainsim.replicate.executors.base import Executor
from chainsim.replicate.executors.choosing import check_jobs, choose_jobs
from chainsim.replicate.executors.here import Here
from chainsim.replicate.executors.processes import Processes
from chainsim.replicate.progress import Clock, Progress
from chainsim.scenario.model import Scenario
from chainsim.study import arguments, store
from chainsim.study.budget import MAX_EVENTS, check_size, told_as_budget_error
from chainsim.study.planning import Planned
from chainsim.study.running import Interrupted, termination_is_an_interrupt
from chainsim.study.shards import Gathered

T = TypeVar("T")
MOST_TOLD = 10
"""Points that cannot be read are named up to so many."""
MOST_HELD = 100_000
"""Stock points of all points' scenarios that are held in memory, once read."""
FEW_SECONDS = 4.0
"""Work below which starting worker processes costs more than it saves."""


def experiment(given: str | Path | Mapping[str, Any] | Experiment, **options: Any) -> ExperimentResults:
    """Run an experiment: a file, the name of a shipped one, or plain data as its YAML would give it.

    The options are those of `run_experiment`. Raises ScenarioError with every finding, before anything is simulated.
    """
    if not isinstance(given, str | Path | Mapping | Experiment):
        raise UsageError(f"an experiment is a file, the name of a shipped one, or a mapping, not {given!r}")
    made = given if isinstance(given, Experiment) else read_experiment(given)
    return run_experiment(made, **options)


def run_experiment(
    asked: Experiment,
    *,
    out: str | Path | None = None,
    jobs: int | None = None,
    engine: str = "auto",
    progress: Progress | None = None,
    overwrite: bool = False,
    resume: bool = False,
    max_events: float = MAX_EVENTS,
    executor: Executor | None = None,
    gathered: Gathered | None = None,
) -> ExperimentResults:
    """Simulate every point of the design. The result is the same for any `jobs` and either engine.

    out: results folder; None keeps results in memory. jobs: worker processes, −1 for all cores, None decides by size. resume:
    keep the finished points of an interrupted run of the same experiment. progress: called with points done, points in all and
    seconds left. max_events: of one point. executor: where points are simulated, in place of workers of this machine. gathered:
    shards that did the points; those that could not be, or are damaged, are tried again here.

    A point that cannot be (a value a policy cannot take) is named in the results, with its factors' values; the others run.
    Raises ScenarioError when none can be, UsageError, OutputError (before simulating), Interrupted.
    """
    check_jobs(jobs)
    engine, max_events = arguments.text("engine", engine, "auto"), arguments.above_zero("max_events", max_events)
    if engine != "auto":
        choose_engine(engine)
    if resume and out is None:
        raise UsageError("to resume an experiment, name its results folder")
    check_alike(asked)
    points = asked.points()
    work = Work(asked, points, engine, max_events, progress)
    findings = work.check()
    if len(work.found) == len(points):
        raise ScenarioError(list(dict.fromkeys(findings))[:MOST_TOLD])
    place = None if out is None else arguments.place("out", out)
    with (
        store.opened(place) if place is not None else nullcontext() as folder,
        termination_is_an_interrupt(),
        told_as_budget_error(),
    ):
        if folder is not None:
            identity = kept.identity_of(asked)
            if gathered is not None:
                gathered.check_identity(identity)
            folder.begin(identity, asked.replications, overwrite=overwrite, resume=resume)
            work.keep_in(folder.blocks, kept.key_of(identity), recall=resume)
            for blocks in gathered.blocks if gathered is not None else ():
                work.recall(blocks)
        try:
            work.run(jobs, executor)
        except KeyboardInterrupt:
            raise Interrupted(_how_to_go_on(work, place)) from None
        found = [work.found[point.number] for point in points]
        files = experiment_files(asked, points, found)
        manifest = manifest_of(asked, points, found, files)
        if folder is not None:
            folder.commit(files, manifest)
        return ExperimentResults(asked, points, found, files, manifest, place)


def check_alike(asked: Experiment) -> None:
    """Raises UsageError for what would give points different numbers of replications: they are paired across points."""
    if asked.base.scenario.precision is not None:
        raise UsageError(
            "the scenario asks for a precision, which every point would reach with another number of replications; all points have "
            "the same: give one number (--replications, replications:)"
        )
    for factor in asked.factors:
        for path in [factor.path, *(path for level in factor.levels.values() for path in level)]:
            if path.partition(".")[0] == "replications":
                raise UsageError(
                    f"factor {factor.name}: all points have the same number of replications, so that they can be compared one by "
                    "one; give one number (--replications, replications:), and vary something else"
                )


class Work:
    """Points done and points to do."""

    def __init__(
        self, asked: Experiment, points: Sequence[Point], engine: str, max_events: float, progress: Progress | None
    ) -> None:
        self.asked, self.points, self.engine, self.max_events = asked, points, engine, max_events
        self.progress, self.total = progress, len(points)
        self.found: dict[int, Found] = {}
        self.scenarios: dict[int, Scenario] = {}
        self.blocks: Path | None = None
        self.key = ""

    def check(self) -> list[Finding]:
        """Read every point before anything is simulated; those that cannot be are found to have failed, and why is told. What was
        read is kept for the work, where it is small."""
        findings: list[Finding] = []
        for point in self.points:
            try:
                scenario = only(self.asked.base.with_(point.changes).scenario, self.asked.policies)
                check_size(scenario, self.max_events)
                if len(self.points) * len(scenario.points) <= MOST_HELD:
                    self.scenarios[point.number] = scenario
            except ScenarioError as error:
                self.found[point.number] = Found(point.number, failure=told(error))
                findings += error.findings
            except ChainsimError as error:
                self.found[point.number] = Found(point.number, failure=str(error))
                findings.append(Finding("error", Place(self.asked.name), point.told(self.asked.factors), str(error)))
        return findings

    def keep_in(self, blocks: Path, key: str, *, recall: bool) -> None:
        """Keep finished points in a folder, and take those that are there."""
        self.blocks, self.key = blocks, key
        if recall:
            self.recall(blocks)

    def recall(self, blocks: Path) -> None:
        """Take the points that are wanted of those in a folder."""
        here = {point.number for point in self.points} - set(self.found)
        self.found.update({found.number: found for found in kept.recall(blocks, self.key, here)})

    def run(self, jobs: int | None, executor: Executor | None = None) -> None:
        """Simulate what is missing, keeping each point as it comes."""
        todo = [point for point in self.points if point.number not in self.found]
        base = self._base() if todo else None
        missing = [self._job(point, base) for point in todo]
        if self.progress:
            self.progress(len(self.found), self.total, None)
        begun = time.monotonic()
        if missing and jobs is None and executor is None:
            # the first point tells how long they take, and warms what the others share
            self._take(missing[0].run())
            missing = missing[1:]
        seconds = (time.monotonic() - begun) * len(missing)
        executor = executor or _executor(jobs, len(missing), seconds)
        clock = Clock(total=self.total, workers=executor.workers)
        tasks = side_by_side(missing, executor.workers)
        if isinstance(executor, Processes):  # workers need not search again for what the first point found
            searched = planner_of(self.engine, self.max_events).found
            tasks[: executor.workers] = [replace(job, searched=searched) for job in tasks[: executor.workers]]
        for _, found in executor.submit(tasks):
            self._take(found)
            if self.progress:
                done = len(self.found)
                self.progress(done, self.total, clock.left(done, time.monotonic()))

    def _job(self, point: Point, base: Planned | None) -> PointJob:
        asked = self.asked
        return PointJob(
            point, asked.base, asked.policies, asked.levels, asked.watched, self.engine, len(self.points), base, asked.tuned,
            self.max_events, self.scenarios.get(point.number),
        )  # fmt: skip

    def _base(self) -> Planned | None:
        if "kept" not in self.asked.levels:
            return None
        scenario = only(self.asked.base.scenario, self.asked.policies)
        return replace(planner_of(self.engine, self.max_events).plans(scenario), plans=[])  # workers need the levels

    def _take(self, found: Found) -> None:
        self.found[found.number] = found
        if self.blocks is not None and not found.failure:
            kept.keep(self.blocks, self.key, found)


def side_by_side(tasks: Sequence[T], workers: int) -> list[T]:
    """The order in which workers who take turns get neighbours each, since these share most of what a worker remembers.

    >>> side_by_side([1, 2, 3, 4, 5], 2), side_by_side([1, 2, 3], 1)
    ([1, 4, 2, 5, 3], [1, 2, 3])
    """
    each = -(-len(tasks) // workers)
    return [task for k in range(each) for task in tasks[k::each]]


def _executor(jobs: int | None, tasks: int, seconds: float) -> Executor:
    workers = choose_jobs(jobs, max(tasks, 1), 0.0 if jobs is None and seconds < FEW_SECONDS else float("inf"))
    return Here() if workers == 1 else Processes(workers)


def _how_to_go_on(work: Work, place: Path | None) -> str:
    done = f"interrupted after {len(work.found)} of {work.total} points"
    if place is None:
        return f"{done}; nothing was kept, because no results folder was named"
    return f"{done}, which are kept in {place}. To go on: run the same command again with --resume"
