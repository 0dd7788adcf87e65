"""The run adviser: is the run long enough, started late enough, repeated often enough?"""

from __future__ import annotations

import math

from chainsim.report.facts import Facts
from chainsim.report.judged import OPEN, judged
from chainsim.report.numbers import HARD, length, percent, several
from chainsim.report.phrases import at_least, listed
from chainsim.report.precision import replications
from chainsim.report.starting import warm_up_line, warm_up_sentences
from chainsim.statistics import Estimate, replications_needed

COST_PRECISION, FILL_PRECISION = 0.01, 0.005
MOST_OPEN = 4
"""Pairs named of which more replications would settle the cost."""


def run_adviser(facts: Facts) -> list[str]:
    """Is the run long enough, started late enough, repeated often enough? In sentences."""
    if not facts.random:
        alone = "Nothing here is random: one replication tells all there is to know."
        return [alone, *warm_up_sentences(facts)] if facts.n > 1 else warm_up_sentences(facts)
    time = facts.manifest["time"]
    advice = _asked(facts) + _open(facts)
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
    return advice + warm_up_sentences(facts)


def lines(facts: Facts) -> list[str]:
    """What the terminal says of the run, a line each: the precision asked for, and the warm-up."""
    if not facts.random:
        return []
    return [line for line in (*_asked(facts), warm_up_line(facts)) if line]


def _asked(facts: Facts) -> list[str]:
    """Whether the precision that was asked for is there; nothing where none was."""
    told = facts.manifest.get("precision")
    if not told:
        return []
    labels = {p.name: p.label for p in facts.policies}
    asked = listed([f"± {text}".replace("%", f"{HARD}%").replace("_", " ") for text in told["asked"]], "and")
    stages = " → ".join(f"{n}" for n in told["stages"])
    if told["reached"]:
        return [
            f"Precision: {asked} under every policy, reached with {several(facts.n, 'replication')} (stages {stages})."
        ]
    missed = [row for row in told["got"] if not row["reached"]]
    parts = []
    for row in missed:
        unit = facts.kpi_units.get(row["measure"], "")
        points = (lambda text: text.replace("%", "points")) if unit == "share" else str
        got = "undefined" if row["half_width"] is None else f"± {points(facts.units.value(unit, row['half_width']))}"
        wanted = "" if row["within"] is None else f" instead of {points(facts.units.value(unit, row['within']))}"
        parts.append(
            f"{facts.title_of(row['measure']).lower()} of {labels.get(row['policy'], row['policy'])} {got}{wanted}"
        )
    why = {
        "max": f"the most that was allowed ({told['max']}) is used up",
        "budget": "the budget of events or memory allows no more",
        "undefined": "a measure that is undefined has no interval",
    }[told["limit"]]
    more = "; …" if len(parts) > MOST_OPEN else ""
    return [
        f"Precision NOT reached: {asked} was asked, and after {several(facts.n, 'replication')} (stages {stages}) {why}: "
        f"{'; '.join(parts[:MOST_OPEN])}{more}."
    ]


def _open(facts: Facts) -> list[str]:
    """How many replications would settle what is open: whose cost differs, and who meets the target."""
    told = []
    pairs = [j for j in judged(facts, "total_cost") if j.verdict == OPEN and j.settles is not None]
    named = [f"{j.first} and {j.second} {replications(j.settles)}" for j in sorted(pairs, key=lambda j: j.settles or 0)]
    if named:
        more = f"; {len(named) - MOST_OPEN} more pairs above" if len(named) > MOST_OPEN else ""
        told.append(
            f"To tell costs apart (all pairs at once): {'; '.join(named[:MOST_OPEN])}{more}. This run has {facts.n}."
        )
    if facts.target is not None:
        unsure = []
        for policy in facts.policies:
            e = facts.estimate(policy, "fill_rate")
            inside = e.low is not None and e.low < facts.target and at_least(e.high, facts.target)
            if (
                inside
                and (n := replications_needed((e.mean or 0.0) - facts.target, e.half_width or 0.0, facts.n)) is not None
            ):
                unsure.append(f"{policy.label} {replications(n)}")
        if unsure:
            told.append(
                f"To tell on which side of the target of {percent(facts.target)} a policy lies: {'; '.join(unsure)}."
            )
    return told


def _needed(e: Estimate, precision: float, *, relative: bool) -> int | None:
    """n·(half-width ÷ wanted)², rounded up."""
    if not e.mean or not e.half_width:
        return None
    wanted = precision * abs(e.mean) if relative else precision
    return max(2, math.ceil(e.n * (e.half_width / wanted) ** 2))
