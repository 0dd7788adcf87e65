"""Risk on the page: how often a year misses the target, how bad a bad year and a bad month are, and what lies between P10 and P90.

A year is said only where the horizon is one; else a replication is a run of so many days.
"""

from __future__ import annotations

import math

from chainsim.report.facts import Facts
from chainsim.report.numbers import UNDEFINED, Scale, length, on, percent, several, stretch
from chainsim.report.tables import Cell, Table
from chainsim.statistics import Quantile, Share

WORST_MONTH = "fill_rate_worst_month"


def risk_table(facts: Facts) -> Table | None:
    """A row a policy; None with one replication, with nothing random, or where the results have no such table."""
    if not facts.has("risk.csv") or facts.n < 2 or not facts.random:
        return None
    known = _known(facts)
    policies, year = facts.policies, facts.replication
    money = any(facts.mean(p, "total_cost") for p in policies)
    columns, cells = [("Policy", False)], [[Cell(p.label)] for p in policies]

    def add(head: str, scale: Scale, kpi: str, statistic: str) -> None:
        columns.append((f"{head}, {scale.unit}" if scale.unit else head, True))
        for row, policy in zip(cells, policies, strict=True):
            row.append(_cell(scale, known.get((policy.name, kpi, statistic))))

    share = Scale(0.01, "%")
    if facts.target is not None:
        add(
            f"{_several(year)} that miss the target",
            share._replace(decimals=0),
            "fill_rate",
            "misses_target",
        )
    rate = _scale(facts, known, "fill_rate", "share")
    add(f"Fill rate, worst {year} in 20", rate, "fill_rate", "worst_in_20")
    add(f"Fill rate, P10 of {_several(year).lower()}", rate, "fill_rate", "p10")
    add(f"Fill rate, P90 of {_several(year).lower()}", rate, "fill_rate", "p90")
    month = _month(facts)
    if any(kpi == WORST_MONTH for _, kpi, _ in known):
        monthly = _scale(facts, known, WORST_MONTH, "share")
        add(f"Worst {month} of a typical {year}", monthly, WORST_MONTH, "p50")
        add(f"Worst {month} of the worst {year} in 20", monthly, WORST_MONTH, "worst_in_20")
    if money:
        cost = _scale(facts, known, "total_cost", facts.kpi_units["total_cost"])
        add("Total cost, P10", cost, "total_cost", "p10")
        add("Total cost, P90", cost, "total_cost", "p90")
        add(f"Total cost, worst {year} in 20", cost, "total_cost", "worst_in_20")
    return Table("Risk", columns, cells, _notes(facts, known))


def _notes(facts: Facts, known: dict[tuple[str, str, str], Quantile | Share]) -> list[str]:
    year = facts.replication
    notes = [
        f"Over {several(facts.n, 'replication')}, each a {year}: eight in ten lie between P10 and P90, and one in twenty is as bad as the "
        "worst in 20, or worse. risk.csv has all intervals."
    ]
    if facts.target is not None:
        notes[0] += f" The target is a fill rate of {percent(facts.target)}."
    open_ = [
        q
        for (_, _, s), q in known.items()
        if s == "worst_in_20" and isinstance(q, Quantile) and q.low is None and q.value is not None
    ]
    if open_:
        enough = math.ceil(math.log((1.0 - facts.level) / 2.0) / math.log(0.95))
        notes.append(
            f"{several(facts.n, 'replication')} do not bound how bad the worst in 20 may be: from {enough} on its interval has two ends."
        )
    if _is_month(facts) and any(kpi == WORST_MONTH for _, kpi, _ in known):
        notes.append("A month is as many whole buckets as come closest to a twelfth of a year.")
    return notes


def _cell(scale: Scale, q: Quantile | Share | None) -> Cell:
    """The number; its interval on hovering, and beside a share of years, which so few years tell only roughly."""
    if q is None or q.value is None:
        return Cell(UNDEFINED)
    ends = [UNDEFINED if end is None else on(scale, end) for end in (q.low, q.high)]
    hint = f"{percent(q.level)} interval {ends[0]} to {ends[1]} {scale.unit}"
    text = on(scale, q.value)
    return Cell(f"{text}\u00a0({ends[0]} to {ends[1]})" if isinstance(q, Share) else text, q.value, hint)


def _known(facts: Facts) -> dict[tuple[str, str, str], Quantile | Share]:
    table = facts.tables.risk
    columns = (table[c].tolist() for c in ("policy", "kpi", "statistic", "value", "low", "high", "level", "n"))
    found: dict[tuple[str, str, str], Quantile | Share] = {}
    for policy, kpi, statistic, value, low, high, level, n in zip(*columns, strict=True):
        v, a, b = (None if x != x else float(x) for x in (value, low, high))
        found[policy, kpi, statistic] = (
            Share(0, int(n), v, a, b, level) if statistic == "misses_target" else Quantile(0.0, v, a, b, level, int(n))
        )
    return found


def _scale(facts: Facts, known: dict[tuple[str, str, str], Quantile | Share], kpi: str, unit: str) -> Scale:
    """One scale for the columns of a measure, with digits that tell P10 from P90."""
    own = {key: q for key, q in known.items() if key[1] == kpi and key[2] != "misses_target" and q.value is not None}
    spreads = []
    for policy in facts.policies:
        low, high = (own.get((policy.name, kpi, p)) for p in ("p10", "p90"))
        if low is not None and high is not None and low.value is not None and high.value is not None:
            spreads.append((low.value, max(abs(high.value - low.value) / 10.0, 1e-4 * abs(low.value))))
    return facts.units.scale(unit, spreads or [(q.value, None) for q in own.values()])


def _month(facts: Facts) -> str:
    """'month (28 days)'; 'period' or 'block of 4 periods' where buckets are no parts of months."""
    noun = month_noun(facts)
    return f"month ({length(_span(facts), facts.time_unit)})" if noun == "month" else noun


def month_noun(facts: Facts) -> str:
    """What the parts of a year are called of which the worst is told: 'month'; where buckets are no parts of months 'period', or 'block of
    10 periods'."""
    return "month" if _is_month(facts) else stretch(_span(facts), facts.time_unit)


def _span(facts: Facts) -> float:
    """How long such a part is, in time units."""
    return _each(facts) * float(facts.manifest["time"]["bucket"])


def _is_month(facts: Facts) -> bool:
    time = facts.manifest["time"]
    return facts.time_unit != "period" and abs(_span(facts) * 12.0 / float(time["units_per_year"]) - 1.0) < 0.2


def _each(facts: Facts) -> int:
    time = facts.manifest["time"]
    return max(1, round(float(time["units_per_year"]) / 12.0 / float(time["bucket"])))


def _several(year: str) -> str:
    return "Years" if year == "year" else year.replace("run ", "Runs ", 1)
