"""The tables of a run, a sheet each, with labels and units in place of ids."""

from __future__ import annotations

from collections.abc import Iterator

from chainsim.kpis import LANE_KPIS
from chainsim.report.appendix import audit_table, definitions_table
from chainsim.report.book.measures import MOST_ROWS, left_out, level
from chainsim.report.book.writer import Column, Writer
from chainsim.report.facts import Facts, Policy
from chainsim.report.judged import pairs_notes
from chainsim.report.symbols import notation, one_symbol

LANE_TITLES = {id: kpi.title for id, kpi in LANE_KPIS.items()}
RISKS = {"fill_rate_worst_month": "Fill rate, worst month"}
STATISTICS = {
    "misses_target": "misses the target",
    "worst_in_20": "worst in 20",
    "p10": "P10",
    "p50": "P50",
    "p90": "P90",
}


def _evenly(rows: list[list[object]], facts: Facts, file: str) -> tuple[list[list[object]], str]:
    """No more rows than a sheet should have, as many of every policy (named first in a row), and a sentence on what was cut."""
    if len(rows) <= MOST_ROWS:
        return rows, ""
    each = MOST_ROWS // len(facts.policies)
    kept = [row for p in facts.policies for row in [r for r in rows if r[0] == p.label][:each]]
    return kept, f"The first {each} rows of each policy, of {len(rows)} in all; the rest is in {file}."


def comparison(writer: Writer, facts: Facts) -> None:
    """Every policy against the baseline, with its verdict."""
    labels = {p.name: p.label for p in facts.policies}
    table = facts.tables.comparison
    names = ("kpi", "policy", "baseline", "difference", "half_width", "verdict", "n")
    rows = (
        [
            facts.title_of(kpi),
            facts.kpi_units[kpi],
            labels.get(policy, policy),
            labels.get(base, base),
            d,
            h,
            verdict,
            n,
        ]
        for kpi, policy, base, d, h, verdict, n in zip(*(table[c].tolist() for c in names), strict=True)
        if d == d and (d or h)
    )
    columns = [
        Column("Measure", 34), Column("Unit", 12), Column("Policy", 26), Column("Against", 26), Column("Difference", 14), Column("±", 12),
        Column("Verdict", 24), Column("Replications", 12),
    ]  # fmt: skip
    notes = ["Differences are paired by replication; rows of no difference are left out."]
    writer.table("Comparison", "Every policy against the baseline, measure by measure.", columns, rows, notes)


def pairs(writer: Writer, facts: Facts) -> None:
    """All pairs, with intervals that hold together."""
    labels = {p.name: p.label for p in facts.policies}
    names = ("kpi", "first", "second", "difference", "half_width", "verdict", "settles", "n")
    rows = (
        [
            facts.title_of(kpi),
            facts.kpi_units[kpi],
            labels[first],
            labels[second],
            d,
            h,
            verdict,
            None if s != s else float(s),
            n,
        ]
        for kpi, first, second, d, h, verdict, s, n in zip(
            *(facts.tables.pairs[c].tolist() for c in names), strict=True
        )
        if d == d and (d or h)
    )
    columns = [
        Column("Measure", 34), Column("Unit", 12), Column("Policy", 26), Column("Against", 26), Column("Difference", 14), Column("±", 12),
        Column("Verdict", 24), Column("Replications that would settle it, about", 16, wrap=True), Column("Replications", 12),
    ]  # fmt: skip
    notes = [*pairs_notes(facts), "Rows of no difference are left out."]
    writer.table(
        "Pairs",
        "All pairs of policies, with intervals that hold together.",
        columns,
        rows,
        [note.replace("`", "") for note in notes],
    )


def risk(writer: Writer, facts: Facts) -> None:
    """What means hide."""
    labels = {p.name: p.label for p in facts.policies}
    table = facts.tables.risk
    names = ("policy", "kpi", "statistic", "value", "low", "high", "n")
    rows = [
        [
            labels[policy], RISKS.get(kpi) or facts.title_of(kpi), STATISTICS.get(statistic, statistic),
            facts.kpi_units["total_cost"] if kpi == "total_cost" else "share", value, low, high, n,
        ]
        for policy, kpi, statistic, value, low, high, n in zip(*(table[c].tolist() for c in names), strict=True)
    ]  # fmt: skip
    columns = [
        Column("Policy", 26), Column("Measure", 26), Column("Statistic", 16), Column("Unit", 12), Column("Value", 12), Column("Low", 12),
        Column("High", 12), Column("Replications", 12),
    ]  # fmt: skip
    notes = [f"Over replications, each a {facts.replication}; an end is empty where so few say nothing of it."]
    writer.table("Risk", "How often and how badly every policy fails.", columns, iter(rows), notes)


def lanes(writer: Writer, facts: Facts) -> None:
    """Every lane under every policy."""
    labels = {p.name: p.label for p in facts.policies}
    names = ("policy", "from", "to", "lane", "product", "kpi", "unit", "mean", "half_width")
    rows = [
        [labels[policy], a, b, lane, product, LANE_TITLES.get(kpi, kpi), unit, mean, half]
        for policy, a, b, lane, product, kpi, unit, mean, half in zip(
            *(facts.tables.lanes[c].tolist() for c in names), strict=True
        )
    ]
    columns = [
        Column("Policy", 26), Column("From", 16), Column("To", 16), Column("Lane", 12), Column("Product", 14), Column("Measure", 16), Column("Unit", 10),
        Column("Mean", 12), Column("±", 12),
    ]  # fmt: skip
    kept, cut = _evenly(rows, facts, "lanes.csv")
    notes = [cut, level(facts)] if cut else [level(facts)]
    writer.table("Lanes", "What every lane carries and costs.", columns, iter(kept), notes, rest=cut)


def replications(writer: Writer, facts: Facts) -> None:
    """Measures of the whole network, a row a replication and policy."""
    kpis = [k for k in facts.kpis if any(facts.mean(p, k) not in (0, None) for p in facts.policies)]
    columns = [Column("Policy", 26), Column("Replication", 11)]
    columns += [Column(facts.title_of(k), 13, wrap=True, unit=facts.kpi_units[k]) for k in kpis]
    rows, cut = _evenly(list(_replication_rows(facts, kpis)), facts, "replications.csv")
    where = "Whole network; echelons and sites, as far as they were kept, are in replications.csv."
    notes = [*([cut] if cut else []), where, *left_out(facts)]
    about = "Every measure of the whole network in every replication."
    writer.table("Replications", about, columns, iter(rows), notes, pages=max(1, len(kpis) // 16), rest=cut or where)


def _replication_rows(facts: Facts, kpis: list[str]) -> Iterator[list[object]]:
    def of(policy: Policy) -> Iterator[list[object]]:
        samples = [facts.samples(policy, k).tolist() for k in kpis]
        for r, values in enumerate(zip(*samples, strict=True)):
            yield [policy.label, r, *values]

    for policy in facts.policies:
        yield from of(policy)


def derived(writer: Writer, facts: Facts) -> None:
    """Every parameter of every policy with its formula."""
    labels = {p.name: p.label for p in facts.policies}
    table = facts.tables.derived
    names = ("policy", "site", "product", "name", "symbol", "value", "exact", "unit", "formula", "inputs", "given")
    rows = [
        [
            labels.get(policy, policy), site, product, str(name).replace("_", " "), one_symbol(str(name), str(symbol)), value, exact, unit,
            "given in the scenario" if given is True else notation(str(formula)), notation(str(inputs)),
        ]
        for policy, site, product, name, symbol, value, exact, unit, formula, inputs, given in zip(
            *(table[c].astype(object).tolist() for c in names), strict=True
        )
    ]  # fmt: skip
    kept, cut = _evenly(rows, facts, "derived.csv")
    columns = [
        Column("Policy", 22, wrap=True), Column("Site", 14), Column("Product", 14), Column("Parameter", 18), Column("Symbol", 8), Column("Used", 11),
        Column("Before rounding", 11), Column("Unit", 8), Column("Formula", 46, wrap=True), Column("Inputs", 46, wrap=True),
    ]  # fmt: skip
    about = "Every parameter of every policy, with its formula."
    writer.table("Derived", about, columns, iter(kept), [cut] if cut else [], rest=cut)


def delivered(writer: Writer, facts: Facts) -> None:
    """What was asked of every stock point and group, and what it got."""
    shares = ("asked", "delivered", "half_width", "low", "high", "expected", "one_less")
    table = facts.tables.delivered.drop(columns=["kpi"])
    labels = {p.name: p.label for p in facts.policies}
    columns = [
        Column(name.replace("_", " ").capitalize(), 40 if name in ("why", "formula", "origin") else 14, wrap=True)
        for name in table.columns
    ]
    rows = [
        [labels.get(v, v) if k == "policy" else None if k in shares and v != v else v for k, v in row.items()]
        for row in table.to_dict("records")
    ]
    kept, cut = _evenly(rows, facts, "delivered.csv")
    notes = [*([cut] if cut else []), "Asked and delivered: shares between 0 and 1."]
    about = "What service was asked of every stock point, what was delivered, and why they differ."
    writer.table("Delivered", about, columns, iter(kept), notes, rest=cut)


def words(writer: Writer, facts: Facts) -> None:
    """Audit and definitions."""
    for name, about, table in (
        ("Audit", "What was checked after every replication.", audit_table(facts)),
        ("Definitions", "What every measure is.", definitions_table(facts)),
    ):
        columns = [
            Column(head, 40 if head in ("Definition", "Meaning") else 22, wrap=True) for head, _ in table.columns
        ]
        rows = [
            [cell.text.replace("`", "") if cell.value is None else cell.value for cell in row] for row in table.rows
        ]
        writer.table(name, about, columns, iter(rows), [note.replace("`", "") for note in table.notes])
