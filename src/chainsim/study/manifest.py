"""Provenance: what a results folder says about how it came to be. No user name, no host, no path."""

from __future__ import annotations

import hashlib
import json
import platform
import shlex
import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from chainsim.chance.streams import RNG_SCHEME
from chainsim.kpis import Scopes, cost_lines
from chainsim.plan.plan import Plan
from chainsim.scenario.days import days_in_words
from chainsim.scenario.factor import factor_in
from chainsim.scenario.model import Scenario
from chainsim.scenario.summary import lanes_of
from chainsim.study.budget import Levels, finest, series_told
from chainsim.study.calibration import Calibrated
from chainsim.study.inspection import Inspection
from chainsim.study.precision import Pursued
from chainsim.study.results import file_hashes
from chainsim.study.store import FORMAT, PLANNED, json_bytes
from chainsim.study.tables import shown_once
from chainsim.study.telling import told_once
from chainsim.version import __version__

TRIMMED = ("replications.csv", "series.csv")
"""Tables that a lean folder has in part."""
AS_LEAN = ", as --lean asks"
HELD = "the policies keep the numbers that they had before these changes (--hold)"


def identity_of(scenario: Scenario, held: Scenario | None = None) -> dict[str, Any]:
    """What two runs must share for their blocks to be interchangeable. Which engine made them is not part of it.

    held: the scenario whose levels are run with, where it is another one.
    """
    return {
        "scenario": scenario.sha256 or _fingerprint(scenario),
        **({} if held is None else {"held": held.sha256 or _fingerprint(held)}),
        "seed": scenario.seed,
        "rng_scheme": RNG_SCHEME,
        "version": __version__,
        "policies": [a.name for a in scenario.alternatives],
    }


def make_manifest(
    scenario: Scenario,
    plans: Sequence[Plan],
    levels: Levels,
    identity: Mapping[str, Any],
    files: Mapping[str, bytes],
    events: int,
    engine: str,
    inspections: Sequence[Inspection],
    overrides: Mapping[str, Any],
    calibration: Calibrated,
    pursued: Pursued | None,
    odd: Mapping[str, Sequence[str]],
) -> dict[str, Any]:
    """The content of manifest.json. odd: what `study.sense` found, by policy. The moment of the run stands here and nowhere else."""
    layout, clock, spec = plans[0].layout, plans[0].clock, scenario.time
    return {
        "chainsim": __version__,
        "format": FORMAT,
        "scenario": {
            "name": scenario.name,
            "title": scenario.title,
            "story": scenario.story,
            "sha256": identity["scenario"],
        },
        "identity": dict(identity),
        "command": command_of("run", scenario, overrides),
        "finished": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "seed": scenario.seed,
        "rng_scheme": RNG_SCHEME,
        "common_random_numbers": True,
        "customers": customers_of(scenario),
        "engine": engine,
        "parity": {plan.policy: i.parity for plan, i in zip(plans, inspections, strict=True)},
        "replications": scenario.replications,
        "precision": None if pursued is None else pursued.as_manifest(),
        "confidence": scenario.confidence,
        "material": [str(amount) for amount in scenario.material],
        "policies": [{"name": a.name, "label": a.label or a.name} for a in scenario.alternatives],
        "baseline": scenario.alternatives[0].name,
        "targets": dict(scenario.targets),
        "cost_lines": [line.id for line in cost_lines()],
        "currency": scenario.currency,
        "time": {
            "unit": spec.unit,
            "warm_up": spec.warm_up,
            "horizon": spec.horizon,
            "bucket": spec.bucket,
            "review": spec.review,
            "units_per_year": clock.units_per_year,
            **({"start": spec.start} if spec.start else {}),
        },
        "counts": {
            "sites": len(layout.sites),
            "products": len(layout.products),
            "stock_points": int((~np.asarray(layout.unlimited, bool)).sum()),
            "made": int((plans[0].lanes["origin"] < 0).sum()),
            "lanes": lanes_of((lane.origin, lane.target) for lane in scenario.lanes),
            "events": events,
        },
        "detail": {
            "summary": levels.summary,
            "replications": levels.written["replications.csv"],
            "series": levels.written["series.csv"],
            "delivered": levels.delivered,
            "lean": levels.lean,
            **({} if levels.measures is None else {"measures": list(levels.measures)}),
            "left_out": _left_out(plans, levels, scenario.replications),
        },
        "demand_changes": _demand_changes(scenario),
        **({"calendars": days} if (days := days_in_words(scenario.document)) else {}),
        "warnings": _warnings(scenario, plans, "held" in identity, odd),
        "calibration": list(calibration.entries),
        "versions": {"python": platform.python_version(), "numpy": np.__version__},
        "files": file_hashes(files),
    }


def customers_of(scenario: Scenario) -> str:
    """A hash of who buys what, when: demand, its tables and the clock. With the seed the same, the customers of two runs are."""
    tables = {name: table.sha256 for name, table in (scenario.tables or {}).items()}
    text = repr([scenario.time, sorted(map(repr, scenario.demands)), sorted(tables.items())])
    return hashlib.sha256(text.encode()).hexdigest()


def network_json(plan: Plan) -> bytes:
    """The picture of the network as data."""
    layout = plan.layout
    names = [(layout.sites[s], layout.products[p]) for s, p in zip(layout.site, layout.product, strict=True)]
    lanes = []
    for origin, target in zip(plan.lanes["origin"].tolist(), plan.lanes["target"].tolist(), strict=True):
        site, product = names[target]
        lanes.append(
            {
                "from": names[origin][0] if origin >= 0 else site,
                "to": site,
                "product": product,
                "production": origin < 0,
            }
        )
    return json_bytes(
        {
            "sites": [{"name": n, "kind": k} for n, k in zip(layout.sites, layout.kinds, strict=True)],
            "echelons": list(layout.echelons),
            "products": list(layout.products),
            "product_groups": {
                product: list(groups)
                for product, groups in zip(
                    layout.products, layout.product_groups or [()] * len(layout.products), strict=True
                )
                if groups
            },
            "lanes": lanes,
            "stock_points": [
                {"site": site, "product": product, "unlimited": bool(u), "customers": bool(c)}
                for (site, product), u, c in zip(names, layout.unlimited, layout.customers, strict=True)
            ],
        }
    )


def scenario_yaml(scenario: Scenario, *, held: bool = False) -> bytes:
    """The resolved scenario, runnable as it is. held: it was run with the levels of another one."""
    head = "# The resolved scenario of these results: every default filled in. "
    head += (
        f"Its levels were those of {PLANNED}, where its\n# policies did not know of it; run by itself, it derives its own. "
        "The command of these results is in manifest.json.\n"
        if held
        else "Run it with: chainsim run scenario.yaml\n"
    )
    return _yaml(scenario, head)


def planned_yaml(scenario: Scenario) -> bytes:
    """The resolved scenario whose levels were run with in another one."""
    return _yaml(
        scenario, "# The scenario that the policies of these results believe in: their levels are derived from it.\n"
    )


def _yaml(scenario: Scenario, head: str) -> bytes:
    # only the writer of results needs a YAML library
    import yaml

    text = yaml.safe_dump(_plain(scenario.document or {}), sort_keys=False, allow_unicode=True, width=120)
    return (head + text).encode()


def _demand_changes(scenario: Scenario) -> list[str]:
    """What makes demand change over the run by itself, in words."""
    found = {
        "season": any(d.weekly or d.yearly for d in scenario.demands),
        "step": any(d.steps for d in scenario.demands),
        "surge": any(d.surges for d in scenario.demands),
    }
    return [word for word, there in found.items() if there]


def _plain(value: Any) -> Any:
    """Mappings and sequences as the dict and list that YAML knows."""
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    return value


def command_of(verb: str, scenario: Scenario, overrides: Mapping[str, Any]) -> str:
    """The command line that asks for the same. overrides: its options by name; True is a flag, None was not given."""
    given = [f"--set {shlex.quote(f'{path}={told(value)}')}" for path, value in scenario.changes.items()]
    for name, value in overrides.items():
        if value is not None:
            given.append(f"--{name}" if value is True else f"--{name} {shlex.quote(str(value))}")
    return " ".join([f"chainsim {verb}", shlex.quote(f"{scenario.name or 'scenario'}.yaml"), *given])


def told(value: Any) -> str:
    """A changed value as `--set` reads it. JSON is YAML, and means the same by any version of it; a factor is itself.

    >>> told("*1.2"), told("25% per year"), told({"dist": "gamma", "mean": 3})
    ('*1.2', '"25% per year"', '{"dist": "gamma", "mean": 3}')
    """
    return value if factor_in(value) is not None else json.dumps(value, ensure_ascii=False)


def _left_out(plans: Sequence[Plan], levels: Levels, replications: int) -> list[str]:
    """In words, what the tables do not tell because the network is large, or the replications are many, or because the folder
    is to be lean."""
    plan = plans[0]
    whole = len(Scopes.of(plan.layout, finest(plan.layout)))
    said = []
    for table, level in levels.written.items():
        n = len(Scopes.of(plan.layout, level))
        if n < whole:
            why = AS_LEAN if levels.lean and table in TRIMMED else ""
            said.append(
                f"{table} goes down to the {level.replace('_', ' ')} ({n} of {whole} parts of the network){why}"
            )
    if levels.measures is not None:
        said.append(
            f"{replications:,} replications are many: replications.csv tells {len(levels.measures)} measures of the whole network "
            f"({', '.join(levels.measures)}); summary.csv has all, of all replications"
        )
    if replications > levels.first:
        said.append(
            f"{replications:,} replications are many: series.csv and warm_up.csv are of the first {levels.first:,}"
        )
    shown = shown_once(plans)
    if shown is not None:
        told, there = sum(map(len, shown)), sum(len(plan.derived) for plan in plans)
        said.append(f"derived.csv tells stock points with the same numbers once ({told:,} of {there:,})")
    if plan.grouped:
        said.append(series_told(plan))
    if not levels.months:
        said.append("months.csv tells no month, there are so many; risk.csv knows them")
    if not levels.lanes:
        said.append(f"lanes.csv tells none of the {len(plan.lanes)} lanes")
    return said


def _warnings(
    scenario: Scenario, plans: Sequence[Plan], held: bool, odd: Mapping[str, Sequence[str]]
) -> list[dict[str, str]]:
    own = [{"policy": "", "where": f.path, "message": f.message, "cure": f.cure} for f in scenario.warnings]
    own += [{"policy": "", "where": "", "message": HELD, "cure": ""}] * held
    names = (*plans[0].layout.sites, *plans[0].layout.products)
    derived = [
        {"policy": p.policy, "where": "", "message": w, "cure": ""}
        for p in plans
        for w in (
            *told_once(p.warnings, of=len(p.derived), names=names, full="derived.csv"),
            *told_once(odd[p.policy], of=len(p.derived), names=names),
        )
    ]
    return own + derived


def _fingerprint(scenario: Scenario) -> str:
    """A scenario made in code has no text to hash: its document is hashed, or else its values."""
    text = (
        json.dumps(_plain(scenario.document), sort_keys=True, default=repr)
        if scenario.document
        else repr(scenario.values)
    )
    return hashlib.sha256(text.encode()).hexdigest()
