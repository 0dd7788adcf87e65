"""What a run is asked for, checked once and settled: the scenario with what the call says instead of the file, and how it is run."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from chainsim.engines.base import choose_engine
from chainsim.errors import Finding, UsageError
from chainsim.kpis import Detail
from chainsim.registry import did_you_mean
from chainsim.replicate.executors.base import Executor
from chainsim.replicate.executors.choosing import check_jobs
from chainsim.scenario.model import Scenario
from chainsim.statistics.amounts import Amount
from chainsim.statistics.stages import MOST, Precision
from chainsim.study import arguments
from chainsim.study.budget import MAX_EVENTS, check_detail, check_size
from chainsim.study.manifest import identity_of
from chainsim.study.precision import asked_amounts


@dataclass(frozen=True)
class Asked:
    """scenario: with what the call says instead of the file. held: the one that policies believe in, where it is another.
    overrides: what the call said, as options of the command line. The others are those of `chainsim.run`."""

    scenario: Scenario
    held: Scenario | None
    overrides: Mapping[str, Any]
    out: Path | None
    engine: str
    jobs: int | None
    detail: Detail | Literal["auto"]
    max_events: float
    block_size: int | None
    executor: Executor | None
    lean: bool = False

    @property
    def identity(self) -> dict[str, Any]:
        """What two runs must share for their blocks to be interchangeable."""
        return identity_of(self.scenario, self.held)

    @property
    def wanted(self) -> int | list[str]:
        """What a folder's results must have been asked for to be replaced without a word."""
        precision = self.scenario.precision
        return self.scenario.replications if precision is None else [str(a) for a in precision.asked]


def asked_of(
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
    max_events: float = MAX_EVENTS,
    detail: Detail | Literal["auto"] = "auto",
    block_size: int | None = None,
    executor: Executor | None = None,
    lean: bool = False,
) -> Asked:
    """The arguments of `chainsim.run`, checked. Raises UsageError, BudgetError, MissingPartError."""
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
    scenario = settled(measured_by(scenario, replications, asked, most, matters), seed, policies)
    if hold is not None:
        hold = settled(hold, seed, policies)
        overrides["hold"] = True
    wanted = scenario.engine if engine is None else arguments.text("engine", engine, "auto")
    if wanted != "auto":
        choose_engine(wanted)
    check_jobs(jobs)
    check_size(scenario, max_events)
    return Asked(scenario, hold, overrides, out, wanted, jobs, detail, max_events, block_size, executor, lean)


def measured_by(
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


def settled(scenario: Scenario, seed: int | None, policies: Sequence[str] | None) -> Scenario:
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
