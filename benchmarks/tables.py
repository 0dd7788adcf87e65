"""The results as Markdown: goals first, then speed, then whether the work was the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contenders import CHAINSIM, CONTENDERS, LEAN, REPLICATIONS, STOCKPYL, TUNED, WRITTEN, Measured
from models.workload import WORKLOADS

TOLERANCE = 0.02
"""Largest relative difference in orders placed, from the lean model, at which speeds are still compared."""

MISSING = "–"
Results = Mapping[tuple[str, str], Measured]  # (contender, workload)


@dataclass(frozen=True)
class Goal:
    """How many times as quick as somebody, or at most so much of something. goal None: for information."""

    text: str
    workload: str
    against: str
    goal: float | None


SPEED_GOALS = (
    Goal("store-days/s, × SupplyNetPy as its documentation writes it", "w1_c", WRITTEN, 20),
    Goal("store-days/s, × SupplyNetPy as its documentation writes it", "w1_d", WRITTEN, 10),
    Goal("store-days/s, × SupplyNetPy as its documentation writes it", "w2_d", WRITTEN, None),
    Goal("store-days/s, × SupplyNetPy tuned by us", "w1_c", TUNED, None),
    Goal("store-days/s, × SupplyNetPy tuned by us", "w1_d", TUNED, None),
    Goal("store-days/s, × SupplyNetPy tuned by us", "w2_d", TUNED, None),
    Goal("store-days/s, × stockpyl", "w1_d", STOCKPYL, 60),
    Goal("store-days/s, × stockpyl", "w2_d", STOCKPYL, None),
)
LEAN_GOALS = {"w1_c": 2.0, "w1_d": 2.0, "w2_d": None}  # time at most so many times the lean model's
MEMORY_GOAL = 300.0  # MB, W2-D
GROWTH_GOAL = 2.0  # time per store-day at 1,000 stores ÷ at 10


def markdown(results: Results) -> str:
    """All three tables, with the versions measured."""
    return "\n\n".join([goals(results), speeds(results), work(results), versions(results)])


def goals(results: Results) -> str:
    """chainsim's simpy engine beside each goal. A ratio is refused when the orders placed differ too much."""
    rows = []
    for goal in SPEED_GOALS:
        refusal = not_comparable(results, goal.workload, goal.against)
        ratio = None if refusal else results[CHAINSIM, goal.workload].rate / results[goal.against, goal.workload].rate
        rows.append(row(goal.workload, goal.text, goal.goal, ratio, "×", refusal, at_least=True))
    for name, limit in LEAN_GOALS.items():
        refusal = not_comparable(results, name, LEAN)
        ratio = None if refusal else results[LEAN, name].rate / results[CHAINSIM, name].rate
        rows.append(row(name, "time of a replication, × the lean simpy model", limit, ratio, "×", refusal))
    large, small = results.get((CHAINSIM, "w2_d")), results.get((CHAINSIM, "w1_d"))
    missing = "not measured"
    rows.append(row("w2_d", "peak memory", MEMORY_GOAL, large.middle("peak_mb") if large else None, " MB", missing))
    growth = small.rate / large.rate if large and small else None
    rows.append(
        row("w2_d", "time per store-day, × that of W1-D (1,000 stores ÷ 10)", GROWTH_GOAL, growth, "×", missing)
    )
    return table("| workload | chainsim, simpy engine | goal | measured | met |", "|---|---|---:|---:|---|", rows)


def row(
    workload: str, text: str, goal: float | None, found: float | None, unit: str, refusal: str, at_least: bool = False
) -> str:
    wanted = MISSING if goal is None else f"{'≥' if at_least else '≤'} {goal:g}{unit}"
    measured = refusal if found is None else f"{found:.3g}{unit}"
    met = MISSING
    if goal is not None and found is not None:
        met = "yes" if (found >= goal if at_least else found <= goal) else "**no**"
    return f"| {WORKLOADS[workload].title} | {text} | {wanted} | {measured} | {met} |"


def not_comparable(results: Results, workload: str, against: str) -> str:
    """Why chainsim and `against` must not be compared on a workload; '' when they may be."""
    yardstick = results.get((LEAN, workload))
    for name in (CHAINSIM, against):
        found = results.get((name, workload))
        if found is None or yardstick is None:
            return "not measured"
        difference = found.orders / yardstick.orders - 1.0
        if abs(difference) > TOLERANCE:
            return f"refused: {name} placed {difference:+.1%} orders"
    return ""


def speeds(results: Results) -> str:
    rows = []
    for workload in WORKLOADS.values():
        for contender in CONTENDERS:
            found = results.get((contender.name, workload.name))
            if found is None:
                continue
            times = " | ".join(f"{found.middle(part):.3f}" for part in ("start", "build", "run"))
            rows.append(
                f"| {workload.title} | {contender.name} | {thousands(found.rate)} | {times} "
                f"| {found.middle('peak_mb'):.0f} | {len(found.runs)} × {REPLICATIONS[workload.name]} |"
            )
    head = "| workload | contender | store-days/s | start, s | build, s | one replication, s | peak MB | runs |"
    return table(head, "|---|---|---:|---:|---:|---:|---:|---:|", rows)


def work(results: Results) -> str:
    """What each contender found, side by side: is it the same work?"""
    rows = []
    for workload in WORKLOADS.values():
        for contender in CONTENDERS:
            found = results.get((contender.name, workload.name))
            if found is None:
                continue
            names = ("fill_rate", "on_hand", "store_orders", "dc_orders", "order_variance_ratio")
            fill, on_hand, stores, dcs, variance = (found.measure(name) for name in names)
            yardstick = results.get((LEAN, workload.name))
            off = MISSING if yardstick is None else f"{found.orders / yardstick.orders - 1.0:+.2%}"
            rows.append(
                f"| {workload.title} | {contender.name} | {number(fill, '.4f')} | {number(on_hand, '.1f')} "
                f"| {number(stores, ',.0f')} | {number(dcs, ',.1f')} | {off} | {number(variance, '.3g')} |"
            )
    head = (
        "| workload | contender | unit fill rate | mean stock of a store | store orders | DC orders "
        "| orders, against lean | order variance ratio |"
    )
    return table(head, "|---|---|---:|---:|---:|---:|---:|---:|", rows)


def versions(results: Results) -> str:
    found = {name: measured.runs[0]["versions"] for (name, _), measured in results.items()}
    lines = [f"{name}: {', '.join(f'{k} {v}' for k, v in of.items())}" for name, of in found.items()]
    return "Measured with " + "; ".join(lines) + "."


def number(value: float | None, form: str) -> str:
    return MISSING if value is None else format(value, form)


def thousands(rate: float) -> str:
    return f"{float(f'{rate:.3g}'):,.0f}"


def table(head: str, rule: str, rows: list[str]) -> str:
    return "\n".join([head, rule, *rows])
