"""Lanes on the page, where stock points have more than one: how much of their inflow each carries, and what it costs."""

from __future__ import annotations

from collections import defaultdict

from chainsim.report.facts import Facts, Policy
from chainsim.report.intervals import explained, written
from chainsim.report.names import shown
from chainsim.report.numbers import several
from chainsim.report.tables import Cell, Table
from chainsim.statistics import Estimate

MOST_LANES = 40
Key = tuple[str, str, str, str]


def lanes_table(facts: Facts, policy: Policy) -> Table | None:
    """The lanes into stock points with several, under one policy; None where there is none, or lanes were not kept."""
    if not facts.has("lanes.csv"):
        return None
    table = facts.tables.lanes
    own = table[table["policy"] == policy.name]
    names = ("from", "to", "lane", "product", "kpi", "unit", "mean", "half_width", "low", "high", "n", "method")
    lanes: dict[Key, dict[str, Estimate]] = defaultdict(dict)
    units: dict[str, str] = {}
    for a, b, lane, product, kpi, unit, mean, half, low, high, n, method in zip(
        *(own[c].tolist() for c in names), strict=True
    ):
        m, h, *ends = (None if x != x else float(x) for x in (mean, half, low, high))
        both = None if None in ends else (ends[0], ends[1])
        lanes[a, b, lane, product][kpi] = Estimate(m, h, facts.level, int(n), method, ends=both)  # type: ignore[arg-type]
        units[kpi] = unit
    sources: dict[tuple[str, str], int] = defaultdict(int)
    for _, to, _, product in lanes:
        sources[to, product] += 1
    several_ways = {key: found for key, found in lanes.items() if sources[key[1], key[3]] > 1}
    if not several_ways:
        return None
    shown_ones = dict(list(several_ways.items())[:MOST_LANES])
    kpis = [k for k in ("lane_share", "lane_units", "lane_orders", "lane_cost") if k in units]
    heads = {"lane_share": "Share of inflow", "lane_units": "Units", "lane_orders": "Orders", "lane_cost": "Cost"}
    scales = {k: facts.units.scale(units[k], [(f[k].mean, f[k].half_width) for f in shown_ones.values()]) for k in kpis}
    rows = [
        [
            Cell(" / ".join(shown(name, 24) for name in (to, product))),
            Cell("production" if a == to else shown(a, 24) + (f" ({shown(lane, 24)})" if lane else "")),
            *(Cell(written(scales[k], found[k]), found[k].mean) for k in kpis),
        ]
        for (a, to, lane, product), found in shown_ones.items()
    ]
    columns = [("Stock point", False), ("From", False)]
    columns += [
        (f"{heads[k]}, {scales[k].unit}" if scales[k].unit and scales[k].unit != heads[k].lower() else heads[k], True)
        for k in kpis
    ]
    left_out = len(several_ways) - len(shown_ones)
    notes = [
        "Orders placed and units received in the window; cost: orders, freight or making, and carrying what is under way. lanes.csv has every "
        "lane under every policy.",
        *explained(cell.text for row in rows for cell in row),
    ]
    if left_out > 0:
        notes.insert(0, f"{several(left_out, 'further lane')} in lanes.csv.")
    return Table(f"Stock points with several sources, {policy.label}", columns, rows, notes)
