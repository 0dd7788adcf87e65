"""The run adviser: is the run long enough, started late enough, repeated often enough?"""

from __future__ import annotations

import math
from typing import NamedTuple

from chainsim.report.facts import Facts, Policy
from chainsim.report.numbers import HARD, length, percent, several
from chainsim.report.precision import replications
from chainsim.statistics import Estimate

COST_PRECISION, FILL_PRECISION = 0.01, 0.005
DRIFT, CHANCE = 0.05, 2.0
"""A drift of stock by less than this share, or this many standard errors, is none."""


def run_adviser(facts: Facts) -> list[str]:
    """Is the run long enough, started late enough, repeated often enough? In sentences."""
    if not facts.random:
        alone = "Nothing here is random: one replication tells all there is to know."
        return [alone, _warm_up(facts)] if facts.n > 1 else [_warm_up(facts)]
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
            if known[worst] <= facts.n:
                advice.append(f"For {words} the {several(facts.n, 'replication')} of this run are enough.")
                continue
            most = f" ({worst} the most)" if len(known) > 1 else ""
            advice.append(f"For {words} {replications(known[worst])} are needed{most}; this run has {facts.n}.")
    buckets = int(time["horizon"] / time["bucket"] + 1e-9)
    if buckets >= 2:
        error = math.sqrt(2.0 / (buckets - 1))
        advice.append(
            f"The window holds {several(buckets, 'full bucket')} of {length(time['bucket'], facts.time_unit)}: the variance of orders by the "
            f"bucket, of which bullwhip ratios are made, is known to about ±{percent(round(error, 2))} within one replication (for "
            "independent normal buckets)."
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
    drifts = {p.label: drift for p in facts.policies if (drift := _drift(facts, p)) is not None}
    if not drifts:
        return f"{counted}The window is too short to tell whether that is long enough."
    worst = max(drifts, key=lambda label: (drifts[label].sure, abs(drifts[label].share)))
    share, sure = drifts[worst]
    where = f"lies {percent(round(abs(share), 3))} {'above' if share > 0 else 'below'} the rest under {worst}"
    most = ", the most of all policies" if len(drifts) > 1 else ""
    told = f"{counted}Stock in the first quarter of the window {where}{most}"
    if sure:
        return f"{told}: a longer warm-up is worth trying."
    chance = ", which is no more than chance" if abs(share) > DRIFT else ""
    return f"{told}{chance}: no sign that a longer warm-up is needed."


class Drift(NamedTuple):
    """How far stock in the first quarter of the window lies off the rest, and whether that is more than chance and worth a word."""

    share: float
    sure: bool


def _drift(facts: Facts, policy: Policy) -> Drift | None:
    """None where the window is too short to tell, or nothing is held."""
    series = facts.series(policy, "", "on_hand")
    if series is None or len(series[0]) < 8:
        return None
    mean = series[1]["mean"]
    quarter = len(mean) // 4
    rest = mean[quarter:]
    if (level := float(rest.mean())) <= 0.0:
        return None
    share = float(mean[:quarter].mean()) / level - 1.0
    # buckets as they scatter in the rest, taken as independent
    chance = CHANCE * float(rest.std(ddof=1)) / level * math.sqrt(1.0 / quarter + 1.0 / len(rest))
    return Drift(share, abs(share) > max(DRIFT, chance))
