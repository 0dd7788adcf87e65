"""An experiment in shards: each simulates its share of the points, dealt out one by one, since points may be of unlike length."""

from __future__ import annotations

from pathlib import Path

from chainsim.engines.base import choose_engine
from chainsim.experiments import kept
from chainsim.experiments.model import Experiment
from chainsim.experiments.running import Work, check_alike
from chainsim.replicate.executors.base import Executor
from chainsim.replicate.executors.choosing import check_jobs
from chainsim.replicate.progress import Progress
from chainsim.replicate.share import Share
from chainsim.study import arguments
from chainsim.study.budget import MAX_EVENTS, told_as_budget_error
from chainsim.study.given import files_of, kept_as
from chainsim.study.running import Interrupted, termination_is_an_interrupt
from chainsim.study.sharding import Shard
from chainsim.study.shards import Request, Shelf


def run_share(
    asked: Experiment,
    file: Path,
    share: Share,
    out: Path,
    *,
    jobs: int | None = None,
    engine: str = "auto",
    progress: Progress | None = None,
    max_events: float = MAX_EVENTS,
    executor: Executor | None = None,
) -> Shard:
    """Simulate one share of the points and keep it in a folder, which others may share. file: the experiment's own. What is
    there already is not simulated again. Raises as `run_experiment` does."""
    check_jobs(jobs)
    engine, max_events = arguments.text("engine", engine, "auto"), arguments.above_zero("max_events", max_events)
    if engine != "auto":
        choose_engine(engine)
    check_alike(asked)
    points = asked.points()
    mine = [point for k, point in enumerate(points) if share.takes(k)]
    identity = kept.identity_of(asked)
    (name, *_), given = kept_as(files_of(asked.base, file))
    request = Request("experiment", name, {}, share.of, f"chainsim experiment {file}")
    if not mine:
        Shelf.opened(out, share, identity, request, given).finished()
        return Shard(share, out, 0, 0, len(points), "points")
    work = Work(asked, mine, engine, max_events, progress)
    work.check()
    shelf = Shelf.opened(out, share, identity, request, given)
    with termination_is_an_interrupt(), told_as_budget_error():
        work.keep_in(shelf.blocks, kept.key_of(identity), recall=True)
        there = len(work.found)
        try:
            work.run(jobs, executor)
        except KeyboardInterrupt:
            raise Interrupted(
                f"interrupted: shard {share} has {len(work.found)} of its {len(mine)} points, which are kept in {out}. To go on: the "
                "same command again"
            ) from None
    shelf.finished()
    return Shard(share, out, len(mine) - there, len(mine), len(points), "points")
