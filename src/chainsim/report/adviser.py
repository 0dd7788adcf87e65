"""The run adviser: is the run long enough, started late enough, repeated often enough?"""

from __future__ import annotations

import math

from chainsim.report.facts import Facts
from chainsim.report.numbers import HARD, length, percent, several
from chainsim.report.precision import replications
from chainsim.statistics import Estimate

COST_PRECISION, FILL_PRECISION = 0.01, 0.005


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
            advice.append(f"For {words}: {replications(known[worst])} ({worst} needs most); {verdict}.")
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


def _needed(e: Estimate, precision: float, *, relative: bool) -> int | None:
    """n·(half-width ÷ wanted)², rounded up."""
    if not e.mean or not e.half_width:
        return None
    wanted = precision * abs(e.mean) if relative else precision
    return max(2, math.ceil(e.n * (e.half_width / wanted) ** 2))


def _warm_up(facts: Facts) -> str:
    """Stock in the first quarter of the window against the rest: a run that starts too early drifts. Where demand itself changes,
    or nothing is left out on purpose, drift is no sign of that."""
    if not facts.warm_up:
        return "The scenario has no warm-up: the run counts from its first moment on, and how it starts is part of the numbers."
    counted = f"The first {length(facts.warm_up, facts.time_unit)} (warm-up) are not counted. "
    if changes := facts.manifest.get("demand_changes", []):
        reason = " and ".join(changes)
        return f"{counted}Demand has a {reason} here, so stock that changes over the run does not tell whether that is long enough."
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
        return f"{told}: a longer warm-up is worth trying."
    return f"{told}: no sign that a longer warm-up is needed."
