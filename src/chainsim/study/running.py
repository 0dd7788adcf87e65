"""One run: every policy of a scenario, many replications, any number of workers, one set of results."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from chainsim.engines.base import choose_engine
from chainsim.errors import ChainsimError, Finding, UsageError
from chainsim.kpis import Detail
from chainsim.plan.buckets import bucket_edges
from chainsim.plan.compile import compile_plans
from chainsim.plan.derivation import derive_levels
from chainsim.plan.plan import Plan
from chainsim.policies.base import HELD
from chainsim.registry import did_you_mean
from chainsim.replicate.executors.choosing import check_jobs
from chainsim.replicate.progress import Progress
from chainsim.scenario.model import Scenario
from chainsim.statistics.amounts import Amount
from chainsim.statistics.stages import MOST, Precision
from chainsim.study import arguments, store
from chainsim.study.budget import (
    MAX_EVENTS,
    Levels,
    affordable,
    check_detail,
    check_events,
    check_size,
    choose_levels,
    told_as_budget_error,
)
from chainsim.study.calibration import Calibrated, calibrated
from chainsim.study.collection import Collection
from chainsim.study.inspection import inspect
from chainsim.study.manifest import (
    command_of,
    identity_of,
    make_manifest,
    network_json,
    planned_yaml,
    scenario_yaml,
)
from chainsim.study.planning import check_same_points
from chainsim.study.precision import Pursued, asked_amounts, pursue
from chainsim.study.results import Results
from chainsim.study.sense import sense
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
        derived levels (`study.calibration`).

    Raises UsageError, BudgetError (before simulating), OutputError (before simulating when the folder cannot be
    written or holds something else), Interrupted, and ReplicationError naming policy, replication and seed.
    """
    if not isinstance(scenario, Scenario):
        raise UsageError(
            f"chainsim.run takes a Scenario, not {scenario!r}; for a file: chainsim.load({str(scenario)!r}).run(…)"
            if isinstance(scenario, str | Path)
            else f"chainsim.run takes a Scenario, not {arguments.told(scenario)}"
            + (": a Study has its own `run`" if type(scenario).__name__ == "Study" else "; chainsim.load reads one")
        )
    replications = None if replications is None else arguments.whole("replications", replications, 1)
    asked = None if precision is None else asked_amounts("precision", precision, ("total_cost", "fill_rate"))
    matters = None if material is None else asked_amounts("material", material, ("total_cost",))
    most = None if max_replications is None else arguments.whole("max_replications", max_replications, 2)
    seed = None if seed is None else arguments.whole("seed", seed, 0)
    jobs = None if jobs is None else arguments.whole("jobs", jobs)
    block_size = None if block_size is None else arguments.whole("block_size", block_size, 1)
    policies = None if policies is None else arguments.names("policies", policies)
    max_events = arguments.above_zero("max_events", max_events)
    detail = check_detail(arguments.text("detail", detail, "auto"))
    out = None if out is None else arguments.place("out", out)
    overrides = {
        "replications": replications,
        "precision": None if asked is None else ", ".join(map(str, asked)),
        "max-replications": most,
        "material": None if matters is None else ", ".join(map(str, matters)),
        "seed": seed,
        "policies": ",".join(policies) if policies else None,
    }
    scenario = _settled(_measured_by(scenario, replications, asked, most, matters), seed, policies)
    if hold is not None:
        hold = _settled(hold, seed, policies)
        overrides["hold"] = True
    wanted = scenario.engine if engine is None else arguments.text("engine", engine, "auto")
    if wanted != "auto":
        choose_engine(wanted)
    check_jobs(jobs)
    if resume and out is None:
        raise UsageError("to resume a run, name its results folder")
    check_size(scenario, max_events)
    identity = identity_of(scenario, hold)
    with (
        store.opened(out) if out is not None else nullcontext() as folder,
        termination_is_an_interrupt(),
        told_as_budget_error(),
    ):
        known = folder.calibration() if folder is not None and resume and not overwrite else ()
        plans, calibration = _planned(scenario, hold or scenario, max_events, wanted, known, tell)
        edges = bucket_edges(plans[0].clock)

        def levels_for(n: int) -> Levels:
            return choose_levels(plans[0].layout, len(plans), n, len(edges) - 1, detail, len(plans[0].lanes))

        levels = levels_for(scenario.replications)
        if folder is not None:
            folder.begin(identity, _wanted(scenario), overwrite=overwrite, resume=resume)
            folder.keep_calibration(calibration.entries)
        collection = Collection(scenario, plans, levels, edges, identity, folder, progress)
        if resume and folder is not None:
            collection.recall(folder)
        try:
            engine = collection.simulate(wanted, jobs, block_size)
            pursued = None
            if scenario.precision is not None:

                def grow(n: int) -> None:
                    collection.extend(n, levels_for(n))
                    if resume and folder is not None:
                        collection.recall(folder)
                    collection.simulate(engine, jobs, block_size)

                most = affordable(plans, max_events, detail)
                pursued = pursue(scenario, collection, most, grow, tell)
                scenario = replace(scenario, replications=pursued.n)
            return _results(scenario, hold, collection, identity, engine, overrides, calibration, pursued)
        except KeyboardInterrupt:
            raise Interrupted(_how_to_go_on(scenario, overrides, out, collection)) from None


def _planned(
    scenario: Scenario,
    planned: Scenario,
    max_events: float,
    engine: str,
    known: Sequence[Mapping[str, Any]],
    tell: Callable[[str], None] | None,
) -> tuple[list[Plan], Calibrated]:
    """The Plans of a scenario, with levels as they are derived and as short simulations correct them in the one that is planned
    for, which is itself unless levels are held; the budget is looked at before these."""
    if planned is not scenario:
        check_same_points(scenario, planned)
    derivations = derive_levels(planned)
    plans = compile_plans(scenario, levels={name: derived.levels for name, derived in derivations.items()})
    check_events(plans, scenario.replications, max_events)
    try:
        calibration = calibrated(planned, derivations, engine=engine, known=known, tell=tell)
    except KeyboardInterrupt:
        raise Interrupted("interrupted during the short simulations that correct levels; nothing was kept") from None
    changed = [name for name, derived in derivations.items() if calibration.levels[name] != derived.levels]
    again = (
        dict(zip(changed, compile_plans(scenario, changed, levels=calibration.levels), strict=True)) if changed else {}
    )
    plans = [again.get(plan.policy, plan) for plan in plans]
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
) -> Results:
    """Tables, manifest, and both into the folder if there is one."""
    plans, levels, numbers = collection.plans, collection.levels, collection.numbers()
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
        scenario, plans, levels, identity, files, events, engine, inspections, overrides, calibration, pursued,
        sense(plans, numbers.measured, levels.summary),
    )  # fmt: skip
    tables = {name: table.text for name, table in (scenario.tables or {}).items()}
    if collection.folder is None:
        return Results(manifest, files, tables=tables, plans=plans, calibration=calibration)
    manifest["tables"] = collection.folder.keep(tables, files)
    collection.folder.commit(files, manifest)
    return Results(manifest, files, collection.folder.path, tables, plans, calibration)


def _measured_by(
    scenario: Scenario,
    replications: int | None,
    asked: tuple[Amount, ...] | None,
    most: int | None,
    matters: tuple[Amount, ...] | None,
) -> Scenario:
    """The scenario with the replications, the precision and the materiality of the call; its document says so too."""
    known = scenario.precision
    if asked is None and replications is not None:
        known = None  # a number is a number
    least = scenario.replications if replications is None else replications
    precision = known if asked is None else Precision(asked, least, max(least, MOST))
    if most is not None:
        if precision is None:
            raise UsageError("max_replications is for a run with a precision: give `precision` as well")
        if most < least:
            raise UsageError(f"max_replications is {most}, and the first stage has {least} replications: ask for more")
        precision = replace(precision, most=most)
    document = dict(scenario.document or {})
    if document:
        if precision is not None:
            told = {"precision": [str(a) for a in precision.asked], "min": least, "max": precision.most}
            document["replications"] = told
        elif replications is not None:
            document["replications"] = replications
        if matters is not None:
            document["material"] = [str(amount) for amount in matters]
    return replace(
        scenario,
        replications=least,
        precision=precision,
        material=scenario.material if matters is None else matters,
        document=document,
    )


def _wanted(scenario: Scenario) -> int | list[str]:
    """What a folder's results must have been asked for to be replaced without a word."""
    return scenario.replications if scenario.precision is None else [str(a) for a in scenario.precision.asked]


def _settled(scenario: Scenario, seed: int | None, policies: Sequence[str] | None) -> Scenario:
    """The scenario with what the call says instead of the file; its document says so too."""
    alternatives = scenario.alternatives
    if policies is not None:
        known = {a.name: a for a in alternatives}
        for name in policies:
            if name not in known:
                raise UsageError(f"unknown policy '{name}'{did_you_mean(name, list(known))}; known: {', '.join(known)}")
        if not policies or len(set(policies)) < len(policies):
            raise UsageError("policies: name at least one, and each only once")
        alternatives = tuple(known[name] for name in policies)
    left_out = {a.name for a in scenario.alternatives} - {a.name for a in alternatives}
    document = dict(scenario.document or {})
    if document:
        document.update({} if seed is None else {"seed": seed})
        if isinstance(document.get("policies"), Mapping):
            document["policies"] = {a.name: document["policies"][a.name] for a in alternatives}
    return replace(
        scenario,
        seed=scenario.seed if seed is None else seed,
        alternatives=alternatives,
        warnings=warnings_without(scenario.warnings, left_out),
        document=document,
    )


def warnings_without(warnings: Iterable[Finding], policies: Container[str]) -> tuple[Finding, ...]:
    """The warnings that are not about one of these policies."""
    return tuple(w for w in warnings if not (w.path.startswith("policies.") and w.path.split(".")[1] in policies))


def _how_to_go_on(
    scenario: Scenario, overrides: Mapping[str, Any], out: str | Path | None, collection: Collection
) -> str:
    done, total = collection.done, collection.total
    if out is None:
        return (
            f"interrupted after {done} of {total} replications; nothing was kept, because no results folder was named"
        )
    return (
        f"interrupted after {done} of {total} replications, which are kept in {out}. To go on: run the same command "
        f"again with --resume ({command_of('run', scenario, {**overrides, 'out': out, 'resume': True})})"
    )


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
