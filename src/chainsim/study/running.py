"""One run: every policy of a scenario, many replications, any number of workers, one set of results."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from chainsim.engines.base import ENGINES
from chainsim.errors import ChainsimError, MissingPartError, UsageError
from chainsim.kpis import Detail, Scopes, kpis_of
from chainsim.plan.buckets import bucket_edges
from chainsim.plan.compile import compile_plans
from chainsim.plan.derivation import derive_levels
from chainsim.plan.ground import Ground
from chainsim.plan.plan import Plan
from chainsim.policies.base import HELD
from chainsim.replicate.executors.base import Executor
from chainsim.replicate.progress import Progress
from chainsim.scenario.files import book_of
from chainsim.scenario.model import Scenario
from chainsim.study import store
from chainsim.study.asked import Asked, asked_of
from chainsim.study.budget import (
    MAX_EVENTS,
    Levels,
    affordable,
    check_events,
    check_groups,
    choose_levels,
    told_as_budget_error,
)
from chainsim.study.by_replication import judged_on, measures_told
from chainsim.study.calibration import Calibrated, calibrated
from chainsim.study.collection import Collection
from chainsim.study.inspection import inspect
from chainsim.study.manifest import (
    command_of,
    make_manifest,
    network_json,
    planned_yaml,
    scenario_yaml,
)
from chainsim.study.planning import check_same_points
from chainsim.study.precision import Pursued, pursue
from chainsim.study.results import Results
from chainsim.study.sense import sense
from chainsim.study.shards import Gathered
from chainsim.study.store import PLANNED
from chainsim.study.tables import make_tables

log = logging.getLogger(__name__)
Array = np.ndarray[Any, Any]


class Interrupted(ChainsimError):
    """Stopped by Ctrl-C or a termination signal; finished blocks are kept when there is a results folder."""

    exit_code = 130


def run(
    scenario: Scenario,
    *,
    out: str | Path | None = None,
    replications: int | None = None,
    precision: str | Sequence[str] | None = None,
    max_replications: int | None = None,
    material: str | Sequence[str] | None = None,
    jobs: int | None = None,
    engine: str | None = None,
    seed: int | None = None,
    policies: Sequence[str] | None = None,
    hold: Scenario | None = None,
    progress: Progress | None = None,
    overwrite: bool = False,
    resume: bool = False,
    max_events: float = MAX_EVENTS,
    detail: Detail | Literal["auto"] = "auto",
    block_size: int | None = None,
    tell: Callable[[str], None] | None = None,
    executor: Executor | None = None,
    lean: bool = False,
) -> Results:
    """Simulate every policy and measure it. The result is the same for any `jobs` and `block_size`.

    out: results folder; None keeps results in memory. replications, seed, policies: instead of the scenario's (the
        first of `policies` becomes the baseline). precision: half-widths to be reached under every policy, such as
        '1% of total_cost, 0.5 points of fill_rate': the run goes on in stages, from `replications` (the scenario's) up to
        `max_replications` (1000), until they are, and says if they were not; `replications` alone is that many. material:
        differences that begin to matter, written in the same way, instead of the scenario's. jobs: workers (processes; threads with the compiled engine),
        −1 for all cores, None decides by size. engine: 'simpy', 'compiled' or 'auto' (the compiled one when it is
        installed, supports every policy and pays); None: the scenario's.
    hold: the scenario that policies believe in: their numbers are those derived (and corrected) in it, and only what happens is
        that of `scenario`. `Study.run(hold=True)` takes what the study was before its changes.
    overwrite: replace whatever results the folder holds. resume: keep the finished blocks of an interrupted run of the
        same scenario, seed and version, or extend its replications.
    max_events: refuse a run that would take more. detail: how far down tables go: 'network', 'echelon', 'site', 'stock_point',
        or 'auto', as far as they stay small; what was left out is in `manifest["detail"]["left_out"]`.
    tell: called with a sentence before what takes time and is not a replication: the short simulations that correct
        derived levels (`study.calibration`). executor: where replications are simulated, in place of workers of this machine.
    lean: replications.csv of the whole network and series.csv of it and its echelons only, which is all that the page draws; the
        blocks of a results folder keep the rest, and `resume=True` without it writes all without simulating again.

    Raises UsageError, BudgetError (before simulating), OutputError (before simulating when the folder cannot be
    written or holds something else), Interrupted, and ReplicationError naming policy, replication and seed.
    """
    asked = asked_of(
        scenario, out=out, replications=replications, precision=precision, max_replications=max_replications, material=material,
        jobs=jobs, engine=engine, seed=seed, policies=policies, hold=hold, max_events=max_events, detail=detail,
        block_size=block_size, executor=executor, lean=lean,
    )  # fmt: skip
    if resume and out is None:
        raise UsageError("to resume a run, name its results folder")
    return carried_out(asked, progress=progress, overwrite=overwrite, resume=resume, tell=tell)


def carried_out(
    asked: Asked,
    *,
    progress: Progress | None = None,
    overwrite: bool = False,
    resume: bool = False,
    tell: Callable[[str], None] | None = None,
    gathered: Gathered | None = None,
) -> Results:
    """What is asked, with tables and manifest. gathered: shards that did all of it; nothing is simulated then. Raises as `run`
    does, and OutputError naming the shards whose replications are missing."""
    scenario, identity, jobs = asked.scenario, asked.identity, asked.jobs
    with (
        store.opened(asked.out) if asked.out is not None else nullcontext() as folder,
        termination_is_an_interrupt(),
        told_as_budget_error(),
    ):
        sources = [folder.blocks] if folder is not None and resume else []
        known: Sequence[Mapping[str, Any]] = ()
        if gathered is not None:
            gathered.check_identity(identity)
            sources = list(dict.fromkeys([*gathered.blocks, *sources]))
        elif folder is not None and resume and not overwrite:
            known = folder.calibration()
        plans, calibration = planned_of(asked, known, tell)
        edges = bucket_edges(plans[0].clock)
        levels = levels_of(asked, plans, len(edges) - 1, scenario.replications)
        if folder is not None:
            folder.begin(identity, asked.wanted, overwrite=overwrite, resume=resume)
            folder.keep_calibration(calibration.entries)
        blocks = None if folder is None else folder.blocks
        collection = Collection(scenario, plans, levels, edges, identity, blocks, progress)

        def recall() -> None:
            for source in sources:
                collection.recall(source)

        try:
            recall()
            if gathered is not None:
                gathered.check(collection.sampler)
            engine = _engine(collection, asked, gathered)
            collection.simulate(engine, jobs, asked.block_size, asked.executor)
            pursued = None
            if scenario.precision is not None:

                def grow(n: int) -> None:
                    collection.extend(n, levels_of(asked, plans, len(edges) - 1, n))
                    recall()
                    collection.simulate(engine, jobs, asked.block_size, asked.executor)

                most = affordable(plans, asked.max_events, asked.detail)
                pursued = pursue(scenario, collection, most, grow, tell)
                scenario = replace(scenario, replications=pursued.n)
            return _results(
                scenario,
                asked.held,
                collection,
                identity,
                engine,
                asked.overrides,
                calibration,
                pursued,
                folder,
                "" if gathered is None else gathered.engine,
            )
        except KeyboardInterrupt:
            raise Interrupted(how_to_go_on(asked, collection)) from None


def _engine(collection: Collection, asked: Asked, gathered: Gathered | None) -> str:
    """What simulates; for whoever puts shards together, what simulated those, where it is there: with it they are inspected."""
    if gathered is not None and gathered.engine in ENGINES:
        with suppress(MissingPartError):
            return collection.engine(gathered.engine, asked.jobs)
    return collection.engine(asked.engine, asked.jobs)


def levels_of(asked: Asked, plans: Sequence[Plan], buckets: int, n: int) -> Levels:
    """How far down the tables of so many replications go."""
    plan = plans[0]
    return choose_levels(
        plan.layout, len(plans), n, buckets, asked.detail, len(plan.lanes), asked.lean, grouped=plan.grouped
    )


def planned_of(
    asked: Asked, known: Sequence[Mapping[str, Any]], tell: Callable[[str], None] | None
) -> tuple[list[Plan], Calibrated]:
    """The Plans of a scenario, with levels as they are derived and as short simulations correct them in the one that is planned
    for, which is itself unless levels are held; the budget is looked at before these. known: corrections that were found
    before."""
    scenario, planned = asked.scenario, asked.held or asked.scenario
    if planned is not scenario:
        check_same_points(scenario, planned)
    derivations = derive_levels(planned)
    grounds: dict[int, Ground] = {}
    levels = {name: derived.levels for name, derived in derivations.items()}
    facts = {name: derived.facts for name, derived in derivations.items()} if planned is scenario else {}
    plans = compile_plans(scenario, levels=levels, grounds=grounds, facts=facts)
    check_groups(plans[0], scenario.time)
    check_events(plans, scenario.replications, asked.max_events)
    try:
        calibration = calibrated(planned, derivations, engine=asked.engine, known=known, tell=tell, search=not known)
    except KeyboardInterrupt:
        raise Interrupted("interrupted during the short simulations that correct levels; nothing was kept") from None
    changed = [name for name, derived in derivations.items() if calibration.levels[name] != derived.levels]
    if changed:
        levels, kept = dict(calibration.levels), {plan.policy: plan for plan in plans if plan.policy not in changed}
        plans.clear()  # of a large network two of each would be much
        again = compile_plans(scenario, changed, levels=levels, grounds=grounds)
        by_name = {**kept, **{plan.policy: plan for plan in again}}
        plans = [by_name[alternative.name] for alternative in scenario.alternatives]
    if plans[
        0
    ].grouped:  # no page moves these levels (`live.limits`), and the facts they come from are as large as the Plans
        calibration = replace(calibration, corrected={})
    return plans if planned.document == scenario.document else [_held(plan) for plan in plans], calibration


def _held(plan: Plan) -> Plan:
    """The Plan whose levels are those of another world: what they were expected to deliver there says nothing here."""
    promises = {
        place: replace(promise, expected=None, one_less=None, unknown=(*promise.unknown, HELD))
        for place, promise in plan.promises.items()
    }
    return replace(plan, promises=promises)


def _results(
    scenario: Scenario,
    held: Scenario | None,
    collection: Collection,
    identity: Mapping[str, Any],
    engine: str,
    overrides: Mapping[str, Any],
    calibration: Calibrated,
    pursued: Pursued | None,
    folder: store.Folder | None,
    simulated_by: str,
) -> Results:
    """Tables, manifest, and both into the folder if there is one. simulated_by: where that was not this `engine`."""
    plans, numbers = collection.plans, collection.numbers()
    network = len(Scopes.of(plans[0].layout, "network"))
    told = measures_told(list(kpis_of(plans)), numbers.measured, network, judged_on(scenario))
    levels = replace(
        collection.levels, measures=told if collection.levels.written["replications.csv"] == "network" else None
    )
    inspections = [inspect(plan, scenario.replications, engine) for plan in plans]
    files = {
        **make_tables(plans, numbers, levels, scenario, inspections),
        "network.json": network_json(plans[0]),
        "scenario.yaml": scenario_yaml(scenario, held=held is not None),
    }
    if held is not None:
        files[PLANNED] = planned_yaml(held)
    events = int(sum(e.sum() for e in numbers.events))
    manifest = make_manifest(
        scenario, plans, levels, identity, files, events, simulated_by or engine, inspections, overrides, calibration, pursued,
        sense(plans, numbers.measured, levels.summary),
    )  # fmt: skip
    tables = {book_of(name): table.text for name, table in (scenario.tables or {}).items()}
    if folder is None:
        return Results(manifest, files, tables=tables, plans=plans, calibration=calibration)
    manifest["tables"] = folder.keep(tables, files)
    folder.commit(files, manifest)
    return Results(manifest, files, folder.path, tables, plans, calibration)


def how_to_go_on(asked: Asked, collection: Collection) -> str:
    """What an interrupted run says."""
    done = f"interrupted after {collection.done} of {collection.total} replications"
    if asked.out is None:
        return f"{done}; nothing was kept, because no results folder was named"
    again = command_of("run", asked.scenario, {**asked.overrides, "out": asked.out, "resume": True})
    return f"{done}, which are kept in {asked.out}. To go on: run the same command again with --resume ({again})"


@contextmanager
def termination_is_an_interrupt() -> Iterator[None]:
    """A scheduler's SIGTERM stops a run as Ctrl-C does. Only the main thread may set handlers."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
