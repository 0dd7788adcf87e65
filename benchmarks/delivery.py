#!/usr/bin/env python3
"""Is what was asked delivered? Random models by the thousand, run as a user would run them.

    python benchmarks/delivery.py                       # 1,000 single stages, 150 with features, 60 networks: delivery.json
    python benchmarks/delivery.py --models 40 --featured 10 --networks 3 --out /tmp/some.json
    python docs/make_how_we_know.py                     # the table into docs/how-we-know.md

Needs chainsim[fast]. Each model is a scenario file (`delivery_models.py`) with three policies: the textbook's levels, the
levels of the formula as `validate` shows them, and what `run` makes of the same policy, short simulations and all.
*Right* is within 1 point of what was asked, or more by the smallest whole level that reaches it: one unit less is
simulated as well. *Short* and *over* are the others. In networks the shops are judged, within 1.5 points. What four
replications leave in doubt (an interval that holds the edge of a verdict) is judged by 16, by 64; what is then still
in doubt is counted.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import time
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import yaml
from delivery_models import Model, network, single

import chainsim

OUT = Path(__file__).with_name("delivery.json")
POINT, NETWORK_POINT = 0.01, 0.015
MORE = (4, 16)
"""Times the replications of a model, while a verdict is in doubt."""
TEXTBOOK: dict[str, Any] = {"derivation": "textbook"}
LEVELS = ("reorder_point", "order_up_to_level")
KPI = {"fill_rate": "fill_rate", "service_level": "cycle_service_level"}
MAKERS: dict[str, Callable[[int], Model]] = {
    "single": single,
    "featured": lambda number: single(number, featured=True),
    "network": network,
}
Row = dict[str, Any]


def given(policy: dict[str, Any], levels: dict[str, float], by: float = 0.0) -> dict[str, Any]:
    """The policy with its numbers written out, `by` units higher."""
    kept = {k: v for k, v in policy.items() if k not in ("fill_rate", "service_level", "derivation")}
    if kept["type"] in ("s_Q", "eoq"):
        return {
            **kept,
            "type": "s_Q",
            "reorder_point": levels["reorder_point"] + by,
            "order_quantity": levels["order_quantity"],
        }
    return {**kept, **{name: levels[name] + by for name in LEVELS if name in levels}}


def run(model: Model, policies: dict[str, Any], times: int = 1) -> chainsim.Results:
    document = {**model.document, "policies": policies, "replications": times * model.document["replications"]}
    return chainsim.load_text(yaml.safe_dump(document)).run(engine="compiled", jobs=1)


def service(results: chainsim.Results, policy: str, model: Model, site: str, product: str) -> tuple[float, float]:
    """What was delivered, and its half-width."""
    table = results.summary
    row = table[
        (table["policy"] == policy) & (table["site"] == site) & (table["product"] == product)
        & (table["kpi"] == KPI[model.kind])
    ].iloc[0]  # fmt: skip
    return float(row["mean"]) if row["mean"] == row["mean"] else 0.0, float(row["half_width"] or 0.0)


def numbers_of(results: chainsim.Results, policy: str, site: str, product: str) -> dict[str, float]:
    table = results.derived
    rows = table[(table["policy"] == policy) & (table["site"] == site) & (table["product"] == product)]
    return dict(zip(rows["name"], rows["value"], strict=True))


def warned(results: chainsim.Results, policy: str, site: str, product: str) -> str:
    """What a user is told about a stock point's level: the first warning, else the verdict of asked against delivered."""
    place = f"{site} / {product}"
    for warning in results.manifest["warnings"]:
        where, _, words = warning["message"].partition(": ")
        if warning["policy"] == policy and (where == place or place in warning["message"]):
            return str(words)
    table = results.delivered
    rows = table[(table["policy"] == policy) & (table["site"] == site) & (table["product"] == product)]
    told = rows[rows["verdict"] != "delivers"]
    return f"{told.iloc[0]['verdict']} in the results: {told.iloc[0]['why']}" if len(told) else ""


def judged(delivered: float, asked: float, one_less: float | None, tolerance: float) -> str:
    """right, short or over.

    >>> judged(0.955, 0.95, None, 0.01), judged(0.93, 0.95, None, 0.01), judged(0.99, 0.95, 0.94, 0.01)
    ('right', 'short', 'right')
    """
    if abs(delivered - asked) <= tolerance:
        return "right"
    if delivered < asked:
        return "short"
    return "right" if one_less is not None and one_less < asked else "over"


def measure_single(model: Model) -> list[Row]:
    """The one shop: by textbook, by formula, and as run."""
    site, product = model.watched[0]
    asked = {"asked": model.policy, "textbook": {**model.policy, **TEXTBOOK}}
    derived = chainsim.load_text(yaml.safe_dump({**model.document, "policies": asked})).explain_policies()
    formula = {d.name: d.value for d in derived["asked"][site, product]}
    policies = {**asked, "formula": given(model.policy, formula)}
    results = run(model, policies)
    levels = {p: numbers_of(results, p, site, product) for p in ("textbook", "formula", "asked")}
    text = warned(results, "asked", site, product)
    calibrated = bool(results.manifest["calibration"])
    found, less = seen(model, results, levels, 1)
    doubted = [p for p in ("formula", "asked") if in_doubt(found[p], model.asked, less.get(p), POINT)]
    for times in MORE:  # the levels are settled, more customers come
        if not doubted:
            break
        open_ = {
            p: levels[p] for p in doubted if p == "asked" or levels[p] != levels["asked"] or "asked" not in doubted
        }
        again = run(
            model, {p: model.policy if p == "asked" else given(model.policy, open_[p]) for p in open_}, times
        )  # what is asked comes with its levels of a season
        better, lower = seen(model, again, open_, times)
        for p in doubted:
            same = p if p in open_ else "asked"
            found[p] = better[same]
            less.pop(p, None)
            less |= {p: lower[same]} if same in lower else {}
        doubted = [p for p in doubted if in_doubt(found[p], model.asked, less.get(p), POINT)]
    row: Row = {
        "model": model.name,
        "story": model.story,
        "target": model.asked,
        "kind": model.kind,
        "reason": model.reason,
    }
    row |= {"features": model.features, "warning": text, "half_width": found["asked"][1], "calibrated": calibrated}
    row["in_doubt"] = "asked" in doubted
    for policy, (mean, _) in found.items():
        row[policy] = mean
        row[f"{policy}_verdict"] = judged(mean, model.asked, less[policy][0] if policy in less else None, POINT)
    return [row]


def seen(
    model: Model, results: chainsim.Results, levels: dict[str, dict[str, float]], times: int
) -> tuple[dict[str, tuple[float, float]], dict[str, tuple[float, float]]]:
    """Service (mean, half-width) of each policy; and, of those well above what was asked, with one unit less."""
    site, product = model.watched[0]
    found = {p: service(results, p, model, site, product) for p in levels}
    over = {p: levels[p] for p, (mean, _) in found.items() if mean > model.asked + POINT}
    lower = {p: given(model.policy, numbers, by=-1.0) for p, numbers in over.items() if _above_nothing(numbers)}
    again = run(model, lower, times) if lower else None
    less = {p: service(again, p, model, site, product) if again and p in lower else (0.0, 0.0) for p in over}
    return found, less


def in_doubt(
    delivered: tuple[float, float], asked: float, one_less: tuple[float, float] | None, tolerance: float
) -> bool:
    """Whether an interval (mean, half-width) holds an edge of the verdict.

    Intervals are of 95 % each, and there are a thousand models: they are taken twice as wide.

    >>> in_doubt((0.955, 0.002), 0.95, None, 0.01), in_doubt((0.955, 0.003), 0.95, None, 0.01)
    (False, True)
    """
    mean, half = delivered[0], 2.0 * delivered[1]
    doubt = any(abs(mean - edge) <= half for edge in (asked - tolerance, asked + tolerance))
    if one_less is None:
        return doubt
    return (
        abs(one_less[0] - asked) <= 2.0 * one_less[1]
    )  # is it the smallest that reaches? Then the first doubt is none


def _above_nothing(numbers: dict[str, float]) -> bool:
    """Whether one unit less is still a level."""
    return numbers.get("order_up_to_level", 1.0) > 1.0


def measure_network(model: Model) -> list[Row]:
    """Every shop: by textbook and as run."""
    results = run(model, {"asked": model.policy, "textbook": {**model.policy, **TEXTBOOK}})
    rows = []
    for site, product in model.watched:
        row: Row = {"model": model.name, "story": f"{model.story}; {site} / {product}", "target": model.asked}
        row |= {"kind": model.kind, "reason": model.reason, "features": model.features}
        row["warning"] = warned(results, "asked", site, product)
        mine = [
            e
            for e in results.manifest["calibration"]
            if (e["policy"], e["site"], e["product"]) == ("asked", site, product)
        ]
        row["calibrated"] = bool(mine)
        one_less = {"asked": mine[0]["one_less"] if mine else None}  # as the short simulations measured it
        for policy in ("textbook", "asked"):
            mean, half = service(results, policy, model, site, product)
            row[policy], row["half_width"] = mean, half
            row[f"{policy}_verdict"] = judged(mean, model.asked, one_less.get(policy), NETWORK_POINT)
        rows.append(row)
    return rows


def measure(task: tuple[str, int]) -> list[Row]:
    """One model; what cannot be run is told, not hidden."""
    group, number = task
    model = MAKERS[group](number)
    started = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            rows = measure_network(model) if group == "network" else measure_single(model)
        except Exception as error:  # one model must not hide the others
            told = f"{type(error).__name__}: {error}"
            rows = [{"model": model.name, "story": model.story, "target": model.asked, "refused": told}]
    for row in rows:
        row["group"], row["seconds"] = group, round((time.process_time() - started) / len(rows), 3)
    return rows


def measured(tasks: list[tuple[str, int]], jobs: int) -> Iterable[list[Row]]:
    if jobs == 1:
        yield from map(measure, tasks)
        return
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        yield from pool.imap_unordered(measure, tasks, chunksize=4)


def summary(rows: list[Row]) -> dict[str, Any]:
    """Shares by group and by how the level came, and how well warnings fit."""
    told: dict[str, Any] = {}
    for group in dict.fromkeys(r["group"] for r in rows):
        own = [r for r in rows if r["group"] == group and "refused" not in r]
        told[group] = {
            "levels": len(own),
            "refused": sum(r["group"] == group and "refused" in r for r in rows),
            "calibrated": sum(r["calibrated"] for r in own),
            "half_width": sorted(r["half_width"] for r in own)[len(own) // 2] if own else None,
        }
        for policy in ("textbook", "formula", "asked"):
            verdicts = [r[f"{policy}_verdict"] for r in own if f"{policy}_verdict" in r]
            if verdicts:
                told[group][policy] = {
                    **{v: verdicts.count(v) / len(verdicts) for v in ("right", "short", "over")},
                    "worst": min(r[policy] - r["target"] for r in own if policy in r),
                }
        kept = [r for r in own if not r["calibrated"]]
        told[group]["not corrected"] = {"levels": len(kept), "right": sum(r["asked_verdict"] == "right" for r in kept)}
        told[group]["in_doubt"] = sum(r.get("in_doubt", False) for r in own)
        misses = [r for r in own if r["asked_verdict"] != "right"]
        right = [r for r in own if r["asked_verdict"] == "right"]
        told[group]["misses"] = len(misses)
        told[group]["misses_without_warning"] = sum(not r["warning"] for r in misses)
        told[group]["right_with_warning"] = sum(bool(r["warning"]) for r in right) / max(len(right), 1)
    return told


def worst(rows: list[Row], most: int = 20) -> list[Row]:
    """The levels as run that lie furthest from what was asked, and are not right."""
    missed = [r for r in rows if r.get("asked_verdict", "right") != "right"]
    return sorted(missed, key=lambda r: -abs(r["asked"] - r["target"]))[:most]


def main() -> None:
    parser = argparse.ArgumentParser(description="What is delivered of the service asked, over random models.")
    parser.add_argument("--models", type=int, default=1000, help="single stages")
    parser.add_argument("--featured", type=int, default=150, help="single stages with yield, outages, lifetimes …")
    parser.add_argument("--networks", type=int, default=60)
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--rows", type=Path, help="every level, as JSON")
    asked = parser.parse_args()
    counts = {"single": asked.models, "featured": asked.featured, "network": asked.networks}
    tasks = [(group, number) for group, n in counts.items() for number in range(n)]
    rows: list[Row] = []
    for k, found in enumerate(measured(tasks, asked.jobs), 1):
        rows += found
        if k % 50 == 0 or k == len(tasks):
            print(f"{k} of {len(tasks)} models", file=sys.stderr, flush=True)
    rows.sort(key=lambda r: (list(counts).index(r["group"]), int(r["model"].split()[1]), r["story"]))
    told = summary(rows)
    seconds = sum(r["seconds"] for r in rows)
    asked.out.write_text(
        json.dumps(
            {"version": chainsim.__version__, "summary": told, "worst": worst(rows), "seconds": seconds},
            indent=1, ensure_ascii=False,
        )
        + "\n",
        "utf-8",
    )  # fmt: skip
    if asked.rows:
        asked.rows.write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
    print(json.dumps(told, indent=1))
    print(f"{seconds:.0f} s of processor time")


if __name__ == "__main__":
    main()
