"""The results as Markdown: goals first, then speed, then whether the work was the same, then growth."""

from __future__ import annotations

from findings import Contest, Findings
from goals import MISSING, figure, goals
from models.workload import WORKLOADS
from probes import AXES, CONTENDERS, ENGINES, GROWTH, LEAN, point


def markdown(f: Findings) -> str:
    """All tables, with the machine and the versions measured."""
    sections = {  # those that have anything to tell
        "Goals": goals(f),
        "Speed and memory": speeds(f),
        "The work done": work(f),
        "Growth": growth(f),
        "Versions": versions(f),
    }
    told = "On " + "; ".join(dict.fromkeys(f.machines.values())) + "."
    return "\n\n".join([told, *(f"### {title}\n\n{text}" for title, text in sections.items() if text)])


def contests(f: Findings) -> list[tuple[str, Contest]]:
    """Every contender on every workload, as far as measured."""
    pairs = [(c.name, f.contest(w, c.name)) for w in WORKLOADS for c in CONTENDERS]
    return [(name, contest) for name, contest in pairs if contest]


def speeds(f: Findings) -> str:
    rows = []
    for name, found in contests(f):
        times = " | ".join(f"{found.middle(part):.3f}" for part in ("start", "build"))
        rows.append(
            f"| {WORKLOADS[found.workload].title} | {name} | {thousands(found.rate)} | {times} "
            f"| {figure(1000 * found.middle('run'))} | {found.middle('peak_mb'):.0f} "
            f"| {len(found.runs)} × {found.runs[0]['replications']} |"
        )
    head = "| workload | contender | store-days/s | start, s | build, s | one replication, ms | peak MB | runs |"
    return table(head, "|---|---|---:|---:|---:|---:|---:|---:|", rows)


def work(f: Findings) -> str:
    """What each contender found, side by side: is it the same work?"""
    rows = []
    for name, found in contests(f):
        names = ("fill_rate", "on_hand", "store_orders", "dc_orders", "order_variance_ratio")
        fill, on_hand, stores, dcs, variance = (found.measure(measure) for measure in names)
        yardstick = f.contest(found.workload, LEAN)
        off = MISSING if yardstick is None else f"{found.orders / yardstick.orders - 1.0:+.2%}"
        rows.append(
            f"| {WORKLOADS[found.workload].title} | {name} | {number(fill, '.4f')} | {number(on_hand, '.1f')} "
            f"| {number(stores, ',.0f')} | {number(dcs, ',.1f')} | {off} | {MISSING if variance is None else figure(variance)} |"
        )
    head = (
        "| workload | contender | unit fill rate | mean stock of a store | store orders | DC orders "
        "| orders, against lean | order variance ratio |"
    )
    return table(head, "|---|---|---:|---:|---:|---:|---:|---:|", rows)


def growth(f: Findings) -> str:
    """CPU seconds of a replication (of all, where replications grow) and peak memory, both engines."""
    if not f.runs.get(GROWTH):
        return ""
    rows = []
    for axis, sizes in AXES.items():
        for size in sizes:
            cells = [f"{size:,} {axis}"]
            for engine in ENGINES:
                name = point(engine, axis, size)
                seconds = f.middle(GROWTH, name, "seconds" if axis == "replications" else "replication")
                cells += [number(seconds, ".3g"), number(f.middle(GROWTH, name, "peak_mb"), ".0f")]
            rows.append("| " + " | ".join(cells) + " |")
    head = "| | simpy, s | simpy, MB | compiled, s | compiled, MB |"
    return "![Time and memory against size](growth.svg)\n\n" + table(head, "|---|---:|---:|---:|---:|", rows)


def versions(f: Findings) -> str:
    found = {name: contest.runs[0]["versions"] for name, contest in contests(f)}
    return "\n".join(f"- {name}: {', '.join(f'{k} {v}' for k, v in of.items())}" for name, of in found.items())


def number(value: float | None, form: str) -> str:
    return MISSING if value is None else format(value, form)


def thousands(rate: float) -> str:
    return f"{float(f'{rate:.3g}'):,.0f}"


def table(head: str, rule: str, rows: list[str]) -> str:
    return "\n".join([head, rule, *rows]) if rows else ""
