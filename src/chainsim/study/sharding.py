"""A run in shards: each does its share of the replications, anywhere and any time; then they are put together.

Replication r of a policy is the same wherever it is simulated, so a share is arithmetic (`replicate.share`), and what is put
together is byte for byte what one machine gives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chainsim.errors import UsageError
from chainsim.plan.buckets import bucket_edges
from chainsim.replicate.progress import Progress
from chainsim.replicate.share import Share
from chainsim.study.asked import Asked, asked_of
from chainsim.study.budget import told_as_budget_error
from chainsim.study.collection import Collection
from chainsim.study.given import files_of, kept_as
from chainsim.study.loading import Study
from chainsim.study.manifest import command_of
from chainsim.study.results import Results
from chainsim.study.running import Interrupted, carried_out, levels_of, planned_of, termination_is_an_interrupt
from chainsim.study.shards import Gathered, Request, Shelf
from chainsim.study.store import Folder

KEPT = ("replications", "material", "seed", "policies", "detail")
"""Options of a run that its results depend on: the same for all shards, and for whoever merges."""
UNLIMITED = 1e300


@dataclass(frozen=True)
class Shard:
    """What came of a shard. done: units of work (what: their name) done now; of: all of its own; total: of all shards; None where
    it cannot be counted beforehand."""

    share: Share
    folder: Path
    done: int = 0
    of: int = 0
    total: int | None = None
    what: str = "replications"

    def __str__(self) -> str:
        if self.total is None:
            return f"Shard {self.share} of the {self.what} is done, kept in {self.folder}."
        if not self.of:
            return f"Shard {self.share} has nothing to do: there are {self.total} {self.what} in all."
        again = "" if self.done == self.of else f" ({self.of - self.done} of them were there already)"
        return f"Shard {self.share} is done: {self.of} of {self.total} {self.what}{again}, kept in {self.folder}."


def run_shard(
    study: Study,
    share: Share,
    out: Path,
    *,
    changes: Mapping[str, Any] | None = None,
    hold: bool = False,
    progress: Progress | None = None,
    tell: Callable[[str], None] | None = None,
    max_events: float,
    **options: Any,
) -> Shard:
    """Simulate one share of a run and keep it in a folder, which others may share. What is there already is not simulated
    again. study: with its changes, which are told once more as `changes`; the other options are those of `chainsim.run`.
    max_events: of this share.

    Raises as `chainsim.run` does, before anything is simulated.
    """
    held = study.planned.scenario if hold else None
    asked = asked_of(study.scenario, out=out, hold=held, max_events=max_events * share.of, **options)
    if asked.scenario.precision is not None:
        raise UsageError(
            "how many replications a precision takes is known when they are there, so they cannot be shared beforehand: give a "
            "number (--replications 1000), which the page judges all the same"
        )
    kept = {name: options[name] for name in KEPT if options.get(name) is not None}
    detail = None if asked.detail == "auto" else asked.detail
    command = command_of("run", asked.scenario, {**asked.overrides, "detail": detail})
    (file, *_), given = kept_as(files_of(study))
    request = Request("run", file, {"changes": dict(changes or {}), "hold": hold, **kept}, share.of, command)
    shelf = Shelf.opened(out, share, asked.identity, request, given)
    with termination_is_an_interrupt(), told_as_budget_error():
        return _simulated(asked, shelf, progress, tell)


def merged_run(
    study: Study, gathered: Gathered, out: Path, *, hold: bool = False, overwrite: bool = False, **options: Any
) -> Results:
    """What shards of a run give together: the results of one machine. Nothing is simulated but what is inspected. Raises
    OutputError naming what is missing."""
    held = study.planned.scenario if hold else None
    asked = asked_of(study.scenario, out=out, hold=held, max_events=UNLIMITED, **options)
    results = carried_out(asked, resume=True, overwrite=overwrite, gathered=gathered)
    results.origin = study
    return results


def _simulated(asked: Asked, shelf: Shelf, progress: Progress | None, tell: Callable[[str], None] | None) -> Shard:
    scenario, share = asked.scenario, shelf.share
    total = scenario.replications * len(scenario.alternatives)
    if not range(total)[share.row(total)]:
        shelf.finished()
        return Shard(share, shelf.folder, 0, 0, total)
    folder = Folder(shelf.folder)
    known = folder.kept_calibration()
    plans, calibration = planned_of(asked, known, tell)
    if not known:
        folder.keep_calibration(calibration.entries)
    edges = bucket_edges(plans[0].clock)
    levels = levels_of(asked, plans, len(edges) - 1, scenario.replications)
    collection = Collection(scenario, plans, levels, edges, asked.identity, shelf.blocks, progress, share)
    collection.recall(shelf.blocks)
    there = collection.done
    try:
        engine = collection.engine(asked.engine, asked.jobs)
        collection.simulate(engine, asked.jobs, asked.block_size, asked.executor)
    except KeyboardInterrupt:
        raise Interrupted(
            f"interrupted: shard {share} has {collection.done} of its {collection.total} replications, which are kept in "
            f"{shelf.folder}. To go on: the same command again"
        ) from None
    shelf.finished(engine)
    return Shard(share, shelf.folder, collection.total - there, collection.total, total)
