"""One run: every policy of a scenario, many replications, any number of workers, one set of results."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from chainsim.engines.base import choose_engine
from chainsim.errors import ChainsimError, Finding, UsageError
from chainsim.kpis import Detail
from chainsim.plan.buckets import bucket_edges
from chainsim.plan.compile import compile_plan
from chainsim.registry import did_you_mean
from chainsim.scenario.model import Scenario
from chainsim.study import store
from chainsim.study.budget import MAX_EVENTS, check_events, check_size, choose_levels
from chainsim.study.collection import Collection, Progress
from chainsim.study.executor import check_jobs
from chainsim.study.inspection import inspect
from chainsim.study.manifest import identity_of, make_manifest, network_json, scenario_yaml
from chainsim.study.results import Results
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
    jobs: int | None = None,
    engine: str | None = None,
    seed: int | None = None,
    policies: Sequence[str] | None = None,
    progress: Progress | None = None,
    overwrite: bool = False,
    resume: bool = False,
    max_events: float = MAX_EVENTS,
    detail: Detail | Literal["auto"] = "auto",
    block_size: int | None = None,
) -> Results:
    """Simulate every policy and measure it. The result is the same for any `jobs` and `block_size`.

    out: results folder; None keeps results in memory. replications, seed, policies: instead of the scenario's (the
        first of `policies` becomes the baseline). jobs: workers (processes; threads with the compiled engine),
        −1 for all cores, None decides by size. engine: 'simpy', 'compiled' or 'auto' (the compiled one when it is
        installed, supports every policy and pays); None: the scenario's.
    overwrite: replace whatever results the folder holds. resume: keep the finished blocks of an interrupted run of the
        same scenario, seed and version, or extend its replications.
    max_events: refuse a run that would take more. detail: how far down tables go ('auto' keeps large networks small).

    Raises UsageError, BudgetError (before simulating), OutputError (before simulating when the folder cannot be
    written or holds something else), Interrupted, and ReplicationError naming policy, replication and seed.
    """
    if not isinstance(scenario, Scenario):
        raise UsageError(
            f"chainsim.run takes a Scenario, not {scenario!r}; for a file: chainsim.load({str(scenario)!r}).run(…)"
            if isinstance(scenario, str | Path)
            else f"chainsim.run takes a Scenario, not a {type(scenario).__name__}: a Study has its own `run`"
        )
    overrides = {"replications": replications, "seed": seed, "policies": ",".join(policies) if policies else None}
    scenario = _settled(scenario, replications, seed, policies)
    wanted = engine or scenario.engine
    if wanted != "auto":
        choose_engine(wanted)
    check_jobs(jobs)
    if block_size is not None and block_size < 1:
        raise UsageError(f"block_size must be at least 1, not {block_size}")
    if resume and out is None:
        raise UsageError("to resume a run, name its results folder")
    check_size(scenario)
    identity = identity_of(scenario)
    with store.opened(Path(out)) if out is not None else nullcontext() as folder, _termination_is_an_interrupt():
        plans = [compile_plan(scenario, a.name) for a in scenario.alternatives]
        check_events(plans, scenario.replications, max_events)
        edges = bucket_edges(plans[0].clock)
        levels = choose_levels(plans[0].layout, len(plans), scenario.replications, len(edges) - 1, detail)
        if folder is not None:
            folder.begin(identity, scenario.replications, overwrite=overwrite, resume=resume)
        cells = Collection(scenario, plans, levels, edges, identity, folder, progress)
        if resume and folder is not None:
            cells.recall(folder)
        try:
            engine = cells.simulate(wanted, jobs, block_size)
            return _results(scenario, cells, identity, engine, overrides)
        except KeyboardInterrupt:
            raise Interrupted(_how_to_go_on(scenario, out, cells)) from None


def _results(
    scenario: Scenario, cells: Collection, identity: Mapping[str, Any], engine: str, overrides: Mapping[str, Any]
) -> Results:
    """Tables, manifest, and both into the folder if there is one."""
    plans, levels, numbers = cells.plans, cells.levels, cells.numbers()
    inspections = [inspect(plan, scenario.replications, engine) for plan in plans]
    files = {
        **make_tables(plans, numbers, levels, scenario.confidence, inspections),
        "network.json": network_json(plans[0]),
        "scenario.yaml": scenario_yaml(scenario),
    }
    events = int(sum(e.sum() for e in numbers.events))
    manifest = make_manifest(scenario, plans, levels, identity, files, events, engine, inspections, overrides)
    tables = {name: table.text for name, table in (scenario.tables or {}).items()}
    if cells.folder is None:
        return Results(manifest, files, tables=tables)
    manifest["tables"] = cells.folder.keep(tables, files)
    cells.folder.commit(files, manifest)
    return Results(manifest, files, cells.folder.path, tables)


def _settled(
    scenario: Scenario, replications: int | None, seed: int | None, policies: Sequence[str] | None
) -> Scenario:
    """The scenario with what the call says instead of the file; its document says so too."""
    if replications is not None and (
        isinstance(replications, bool) or not isinstance(replications, int) or replications < 1
    ):
        raise UsageError(f"replications must be a whole number of at least 1, not {replications!r}")
    if seed is not None and (isinstance(seed, bool) or not isinstance(seed, int) or seed < 0):
        raise UsageError(f"the seed must be a whole number of at least 0, not {seed!r}")
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
        document.update({k: v for k, v in (("replications", replications), ("seed", seed)) if v is not None})
        if isinstance(document.get("policies"), Mapping):
            document["policies"] = {a.name: document["policies"][a.name] for a in alternatives}
    return replace(
        scenario,
        replications=scenario.replications if replications is None else replications,
        seed=scenario.seed if seed is None else seed,
        alternatives=alternatives,
        warnings=warnings_without(scenario.warnings, left_out),
        document=document,
    )


def warnings_without(warnings: Iterable[Finding], policies: Container[str]) -> tuple[Finding, ...]:
    """The warnings that are not about one of these policies."""
    return tuple(w for w in warnings if not (w.path.startswith("policies.") and w.path.split(".")[1] in policies))


def _how_to_go_on(scenario: Scenario, out: str | Path | None, cells: Collection) -> str:
    done, total = int(cells.done.sum()), cells.done.size
    if out is None:
        return (
            f"interrupted after {done} of {total} replications; nothing was kept, because no results folder was named"
        )
    return (
        f"interrupted after {done} of {total} replications, which are kept in {out}. To go on: run the same command "
        f"again with --resume (chainsim run {scenario.name or 'scenario'}.yaml --out {out} --resume)"
    )


@contextmanager
def _termination_is_an_interrupt() -> Iterator[None]:
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
