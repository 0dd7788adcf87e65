"""From a file to a Scenario, or to everything that is wrong with it, all at once."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path as FilePath
from typing import Any

from chainsim.errors import BudgetError, Finding, ScenarioError
from chainsim.scenario import (
    checks_bills,
    checks_calendars,
    checks_echelons,
    checks_flow,
    checks_levers,
    checks_load,
    checks_loads,
    checks_network,
    checks_numbers,
    checks_stress,
    checks_terms,
    checks_work,
)
from chainsim.scenario.checks_names import check_names
from chainsim.scenario.document import document_of, hash_of
from chainsim.scenario.draft import Draft
from chainsim.scenario.expand import expand
from chainsim.scenario.files import Files, Refused, read_regular
from chainsim.scenario.followed import followed
from chainsim.scenario.model import Scenario, TimeSpec
from chainsim.scenario.names import Names
from chainsim.scenario.nodes import MOST_FINDINGS, Source, in_order
from chainsim.scenario.plain import node_of
from chainsim.scenario.prune import prune
from chainsim.scenario.read import MAX_BYTES, decode, read_yaml, refused
from chainsim.scenario.schema_errors import validate
from chainsim.scenario.units import Units, units_of
from chainsim.scenario.written import Written
from chainsim.statistics.stages import Precision


def load(
    path: str | os.PathLike[str],
    *,
    base: str | os.PathLike[str] | None = None,
    max_bytes: int = MAX_BYTES,
    files_anywhere: bool = False,
) -> Scenario:
    """The Scenario of a YAML file. Raises ScenarioError with every finding (at most 20, in order of place).

    base: folder that `file:` names are relative to and must stay in; default the scenario's own.
    files_anywhere: lets `file:` lead out of that folder. Never set it for a scenario that came from somebody else.
    """
    return read(written_in(path, base=base, max_bytes=max_bytes, files_anywhere=files_anywhere))


def load_text(
    text: str,
    name: str = "scenario.yaml",
    folder: str | os.PathLike[str] | None = None,
    *,
    files_anywhere: bool = False,
) -> Scenario:
    """The Scenario of a text, called `name` in messages; without `folder` it cannot name tables."""
    return read(written_as(text, name, folder, files_anywhere=files_anywhere))


def written_in(
    path: str | os.PathLike[str],
    *,
    base: str | os.PathLike[str] | None = None,
    max_bytes: int = MAX_BYTES,
    files_anywhere: bool = False,
) -> Written:
    """What is written in a YAML file, to be read; arguments and errors are those of `load`."""
    file = FilePath(path)
    folder = file.parent if base is None else base
    return written_as(_text(file, max_bytes), str(path), folder, files_anywhere=files_anywhere)


def written_as(
    given: str | Mapping[str, Any],
    name: str = "scenario.yaml",
    folder: str | os.PathLike[str] | None = None,
    *,
    files_anywhere: bool = False,
) -> Written:
    """The same of a text, or of a mapping such as YAML would give."""
    source = read_yaml(given, name) if isinstance(given, str) else Source(name, [], node_of(given, name))
    return Written(source, None if folder is None else FilePath(folder), files_anywhere).inlined()


def read(written: Written) -> Scenario:
    """The Scenario of what is written. Raises ScenarioError with every finding (at most 20, in order of place)."""
    findings, draft, data, files = _examine(written)
    errors = [f for f in findings if f.severity == "error"]
    if draft is None or data is None or errors:
        raise ScenarioError(in_order(errors)[:MOST_FINDINGS])
    return _scenario(draft, data, files, written, in_order(findings))


def check(path: str | os.PathLike[str], *, max_bytes: int = MAX_BYTES) -> list[Finding]:
    """Everything worth saying about a scenario file, errors and warnings, in order of place; [] when all is well."""
    try:
        findings, *_ = _examine(written_in(path, max_bytes=max_bytes))
    except ScenarioError as error:
        findings = error.findings
    return in_order(findings)


def _text(file: FilePath, max_bytes: int) -> str:
    try:
        data = read_regular(file, str(file), max_bytes)
    except Refused as error:
        raise refused(str(file), error.message) from None
    except BudgetError as error:
        raise refused(str(file), str(error).removeprefix(f"{file}: "), "split long tables off into CSV files") from None
    return decode(data, str(file), max_bytes)


def _examine(written: Written) -> tuple[list[Finding], Draft | None, dict[str, Any] | None, Files]:
    """Findings, and as much of the scenario as could be made in spite of them."""
    source, files = written.source, written.files()
    plain = source.root.plain()
    units = units_of(plain)
    names = Names(plain)
    data, wrong = validate(source, plain, units)
    findings = wrong + check_names(source, plain, names)
    complete = not findings
    if data is None:
        pruned = prune(source, units)
        if pruned is None:
            return findings, None, None, files
        source, data = pruned
    draft = Draft(source, data, names, _time(data["time"], units))
    expand(draft, files)
    areas = (checks_network, checks_numbers, checks_flow, checks_bills, checks_terms, checks_loads, checks_calendars)
    _run(draft, [rule for area in areas for rule in area.ALWAYS])
    if complete:
        _run(draft, [rule for area in areas for rule in area.WHEN_NAMES_ARE_RIGHT])
        _run(draft, (*checks_levers.CHECKS, *checks_stress.CHECKS, *checks_echelons.CHECKS, *checks_bills.CHECKS))
        for more in (checks_work.CHECKS, checks_load.CHECKS):  # the second would do what the first refuses
            if not any(f.severity == "error" for f in draft.findings):
                _run(draft, more)
    return findings + draft.findings, draft, data, files


def _run(draft: Draft, checks: Iterable[Any]) -> None:
    for one in checks:
        one(draft)


def _time(keys: dict[str, Any], units: Units) -> TimeSpec:
    week = 1.0 if units.unit == "period" else units.length("1 week")
    bucket = keys["bucket"] if keys["bucket"] is not None else min(week, keys["horizon"])
    return TimeSpec(
        unit=units.unit,
        warm_up=keys["warm_up"],
        horizon=keys["horizon"],
        bucket=bucket,
        review=keys["review"],
        periods_per_year=units.periods_per_year,
        series=keys["series"],
        start=keys["start"],
    )


def _precision(given: int | Mapping[str, Any]) -> Precision | None:
    """None where a number of replications was given."""
    return Precision(given["precision"], given["min"], given["max"]) if isinstance(given, Mapping) else None


def _scenario(draft: Draft, data: dict[str, Any], files: Files, written: Written, findings: list[Finding]) -> Scenario:
    document = followed(document_of(draft, data), data, draft.time)
    precision = _precision(data["replications"])
    targets = {key: value for key, value in data["targets"].items() if value is not None}
    return Scenario(
        title=data["title"],
        time=draft.time,
        replications=data["replications"] if precision is None else precision.least,
        precision=precision,
        material=tuple(data["material"]),
        seed=data["seed"],
        confidence=data["confidence"],
        products=tuple(draft.products.values()),
        sites=tuple(draft.sites.values()),
        lanes=tuple(lane for lane, _ in draft.lanes),
        points=tuple(draft.points.values()),
        demands=tuple(demand for demand, _ in draft.demands),
        outages=tuple(outage for outage, _ in draft.outages),
        alternatives=tuple(draft.alternatives),
        targets=targets,
        currency=data["costs"]["currency"],
        charge=data["costs"]["charge"],
        engine=data["engine"],
        story=data["story"],
        name=FilePath(written.source.file).stem,
        tables=draft.tables,
        warnings=tuple(f for f in findings if f.severity == "warning"),
        notes=tuple(dict.fromkeys(files.notes)),
        changes=dict(written.changes),
        tune={key: value for key, value in (data["tune"] or {}).items() if value is not None},
        stress={key: value for key, value in (data["stress"] or {}).items() if value is not None},
        levers=None if data["levers"] is None else tuple(data["levers"]),
        document=document,
        sha256=hash_of(
            {**{k: v for k, v in document.items() if k not in ("material", "stress", "levers")}, "engine": None},
            {file: table.sha256 for file, table in draft.tables.items()},
        ),
    )
