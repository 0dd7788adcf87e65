"""Below the fold: where every number comes from. Derived parameters, run adviser, audit, definitions, warnings."""

from __future__ import annotations

import math

from chainsim.report.facts import Facts
from chainsim.report.names import shown
from chainsim.report.numbers import HARD, UNDEFINED, length, percent, several
from chainsim.report.tables import Cell, Table, number_cell, text_table
from chainsim.statistics import Estimate
from chainsim.verify.passed import Passed

MOST_ROWS = 40
COST_PRECISION, FILL_PRECISION = 0.01, 0.005


def derived_tables(facts: Facts) -> list[Table]:
    """Per policy every parameter with its formula and inputs; stock points with the same numbers share a row."""
    tables = []
    for policy in facts.policies:
        own = facts.tables.derived
        own = own[own["policy"] == policy.name]
        columns = ["name", "symbol", "value", "exact", "unit", "formula", "inputs", "given"]
        groups: dict[tuple[object, ...], list[str]] = {}
        for site, product, *values in zip(
            *(own[c].astype(object).tolist() for c in ("site", "product", *columns)), strict=True
        ):
            groups.setdefault(tuple(values), []).append(f"{shown(site, 24)} / {shown(product, 24)}")
        rows = []
        for (name, symbol, value, exact, unit, formula, inputs, given), points in list(groups.items())[:MOST_ROWS]:
            where = points[0] if len(points) == 1 else f"{points[0]} and {len(points) - 1} more"
            source = "given in the scenario" if given is True else str(formula)
            rows.append(
                [
                    Cell(where, hint="; ".join(points[:20])), Cell(f"{name} {symbol}".strip()), number_cell(_float(value)),
                    number_cell(_float(exact)), Cell(str(unit)), Cell(source), Cell(_tidy(str(inputs))),
                ]
            )  # fmt: skip
        if not rows:
            continue
        cut = [f"{several(len(groups) - MOST_ROWS, 'further row')} in derived.csv."] if len(groups) > MOST_ROWS else []
        heads = [("Stock points", False), ("Parameter", False), ("Used", True), ("Before rounding", True), ("Unit", False), ("Formula", False), ("Inputs", False)]  # fmt: skip
        tables.append(Table(policy.label, heads, rows, cut))
    return tables


def run_adviser(facts: Facts) -> list[str]:
    """Is the run long enough, started late enough, repeated often enough? In sentences."""
    time = facts.manifest["time"]
    advice = []
    for kpi, wanted, words in (
        ("total_cost", COST_PRECISION, f"±1{HARD}% of total cost"),
        ("fill_rate", FILL_PRECISION, f"±0.5{HARD}percentage points of fill rate"),
    ):
        needed = {
            p.label: _needed(facts.estimate(p, kpi), wanted, relative=kpi == "total_cost") for p in facts.policies
        }
        known = {label: n for label, n in needed.items() if n is not None}
        if known:
            worst = max(known, key=lambda label: known[label])
            enough = known[worst] <= facts.n
            verdict = f"the {facts.n} of this run are enough" if enough else f"this run has {facts.n}"
            advice.append(f"For {words}: about {several(known[worst], 'replication')} ({worst} needs most); {verdict}.")
    buckets = int(time["horizon"] / time["bucket"] + 1e-9)
    if buckets >= 2:
        error = math.sqrt(2.0 / (buckets - 1))
        advice.append(
            f"The window holds {several(buckets, 'full bucket')} of {length(time['bucket'], facts.time_unit)}. A variance over so many is "
            f"known to about {percent(round(error, 2))} within one replication (independent normal buckets), which is what "
            "bullwhip ratios are made of."
        )
    advice.append(_warm_up(facts))
    return advice


def audit_table(facts: Facts) -> Table:
    """What was checked at the end of every replication."""
    labels = {p.name: p.label for p in facts.policies}
    audit = facts.tables.audit
    rows = []
    for policy, check, value, limit, passed, meaning in zip(
        *(audit[c].astype(object).tolist() for c in ("policy", "check", "value", "limit", "passed", "meaning")),
        strict=True,
    ):
        # what is only told, not judged, has no limit
        verdict = "passed" if passed is True else "failed" if passed is False else ""
        value, limit = _float(value), _float(limit)
        held = f"{value:.2g}" if value == value and abs(value) < 1e-3 and value else number_cell(value).text
        allowed = UNDEFINED if limit != limit else f"{limit:g}"
        rows.append(
            [Cell(labels.get(policy, policy)), Cell(str(check).replace("_", " ").replace("littles law", "Little’s law")),
             Cell(held, None if value != value else value), Cell(allowed), Cell(verdict), Cell(str(meaning))]
        )  # fmt: skip
    heads = [
        ("Policy", False),
        ("Check", False),
        ("Value", True),
        ("Limit", True),
        ("Result", False),
        ("Meaning", False),
    ]
    return Table("Audit", heads, rows, ["A violation would have stopped the run."])


def audit_notes(facts: Facts) -> list[str]:
    """Do both engines tell one story, and does this chainsim know its known answers? Folders of before say nothing of parity."""
    labels = {p.name: p.label for p in facts.policies}
    told: dict[str, list[str]] = {}
    for policy, verdict in facts.manifest.get("parity", {}).items():
        told.setdefault(str(verdict), []).append(labels.get(policy, policy))
    notes = []
    for verdict, of in told.items():
        same = verdict == "identical"
        words = (
            "replication 0 is identical on the compiled and the simpy engine" if same else f"not compared ({verdict})"
        )
        notes.append(f"Engine parity: {words}{'' if len(told) == 1 else ': ' + ', '.join(of)}.")
    return [*notes, Passed.read().sentence()]


def definitions_table(facts: Facts) -> Table:
    """Every measure shown: what it is, over what, in which unit."""
    rows = []
    for id, kpi in facts.kpis.items():
        if kpi is None:
            rows.append([id, facts.kpi_units[id], "A measure of an extension that is not loaded here.", "", ""])
            continue
        window = kpi.window + (f"; {kpi.bucket}" if kpi.bucket else "")
        rows.append([f"{kpi.title} ({id})", facts.kpi_units[id], kpi.definition, kpi.denominator or UNDEFINED, window])
    return text_table("Definitions", ["Measure", "Unit", "Definition", "Divided by", "Window and bucket"], rows)


def warnings_of(facts: Facts) -> list[str]:
    """What the scenario's author should know, in sentences."""
    labels = {p.name: p.label for p in facts.policies}
    told = []
    for warning in facts.manifest["warnings"]:
        where = " ".join(shown(w, 60) for w in (labels.get(warning["policy"], ""), warning["where"]) if w)
        told.append(
            ": ".join(part for part in (where, " ".join((warning["message"], warning["cure"])).strip()) if part)
        )
    return list(dict.fromkeys(told))


def _needed(e: Estimate, precision: float, *, relative: bool) -> int | None:
    """n·(half-width ÷ wanted)², rounded up."""
    if not e.mean or not e.half_width:
        return None
    wanted = precision * abs(e.mean) if relative else precision
    times = e.half_width / wanted
    return max(2, math.ceil(e.n * times * times))


def _warm_up(facts: Facts) -> str:
    """Stock in the first quarter of the window against the rest: a run that starts too early drifts."""
    counted = f"The first {length(facts.manifest['time']['warm_up'], facts.time_unit)} (warm-up) are not counted. "
    drifts = {}
    for policy in facts.policies:
        series = facts.series(policy, "", "on_hand")
        if series is None or len(series[0]) < 8:
            continue
        mean = series[1]["mean"]
        quarter = len(mean) // 4
        if (rest := float(mean[quarter:].mean())) > 0:
            drifts[policy.label] = float(mean[:quarter].mean()) / rest - 1.0
    if not drifts:
        return f"{counted}The window is too short to tell whether that is long enough."
    worst = max(drifts, key=lambda label: abs(drifts[label]))
    off = percent(round(abs(drifts[worst]), 3))
    side = "above" if drifts[worst] > 0 else "below"
    told = f"{counted}Stock in the first quarter of the window lies {off} {side} the rest under {worst}, the most of all policies"
    if abs(drifts[worst]) > 0.05:
        return f"{told}: unless demand is seasonal, a longer warm-up is worth trying."
    return f"{told}: no sign that a longer warm-up is needed."


def _tidy(inputs: str) -> str:
    """'d = 20.0; L = 7.333333333' with the digits that matter."""
    parts = []
    for part in inputs.split("; "):
        name, equals, value = part.partition(" = ")
        number = _float(value)
        parts.append(f"{name} = {number_cell(number).text}" if equals and number == number else part)
    return "; ".join(parts)


def _float(value: object) -> float:
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return math.nan
