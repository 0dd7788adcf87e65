"""The same numbers for a spreadsheet: one sheet a table, typed cells with units and labels, text never a formula, pages that can
be printed, the same bytes every time."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime

import xlsxwriter

from chainsim.kpis import LANE_KPIS
from chainsim.places import ECHELON, GROUP
from chainsim.report.appendix import audit_table, definitions_table, kept
from chainsim.report.facts import Facts, Policy, kind_words
from chainsim.report.intervals import beside, lopsided
from chainsim.report.judged import pairs_notes
from chainsim.report.names import shown
from chainsim.report.numbers import HARD, percent, several
from chainsim.report.sheets import Column, Writer
from chainsim.report.symbols import notation, one_symbol
from chainsim.report.verdict import Narrative

MOST_ROWS = 20_000
"""Longer tables are cut, with a note above them: nobody scrolls through more, and the CSV has them all."""
LANE_TITLES = {id: kpi.title for id, kpi in LANE_KPIS.items()}
FIRST = ("total_cost", "fill_rate")
"""Measures of the overview that come before all others."""


def workbook_bytes(facts: Facts, narrative: Narrative) -> bytes:
    """workbook.xlsx: policies at a glance, then every table."""
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(stream, options)
    # a fixed date: the same results give the same bytes
    book.set_properties(
        {"title": facts.title, "created": datetime(2000, 1, 1), "comments": f"chainsim {facts.manifest['chainsim']}"}
    )
    writer = Writer(book, facts.units.is_money)
    _overview(writer, facts, narrative)
    _summary(writer, facts)
    _comparison(writer, facts)
    if facts.has("pairs.csv"):
        _pairs(writer, facts)
    if facts.has("risk.csv"):
        _risk(writer, facts)
    if facts.has("lanes.csv") and len(facts.tables.lanes):
        _lanes(writer, facts)
    _replications(writer, facts)
    _derived(writer, facts)
    if facts.has_delivered:
        _delivered(writer, facts)
    for name, table in (("Audit", audit_table(facts)), ("Definitions", definitions_table(facts))):
        columns = [
            Column(head, 40 if head in ("Definition", "Meaning") else 22, wrap=True) for head, _ in table.columns
        ]
        rows = [
            [cell.text.replace("`", "") if cell.value is None else cell.value for cell in row] for row in table.rows
        ]
        writer.table(name, columns, iter(rows), [note.replace("`", "") for note in table.notes])
    book.close()
    return stream.getvalue()


def _delivered(writer: Writer, facts: Facts) -> None:
    """What was asked of every stock point and group, and what it got."""
    shares = ("asked", "delivered", "half_width", "low", "high", "expected", "one_less")
    table = facts.tables.delivered.drop(columns=["kpi"])
    labels = {p.name: p.label for p in facts.policies}
    columns = [
        Column(name.replace("_", " ").capitalize(), 40 if name in ("why", "formula", "origin") else 14, wrap=True)
        for name in table.columns
    ]
    rows = (
        [labels.get(v, v) if k == "policy" else None if k in shares and v != v else v for k, v in row.items()]
        for row in table.to_dict("records")
    )
    writer.table("Delivered", columns, rows, ["Asked and delivered: shares between 0 and 1."])


def _overview(writer: Writer, facts: Facts, narrative: Narrative) -> None:
    """Verdict, cost and fill rate first, then every other measure; policies across."""
    columns = [Column("Measure", 34, wrap=True), Column("Unit", 14), *_across(facts)]
    story = f"{narrative.headline} {narrative.text} {narrative.sensitivity}".strip()
    notes = [facts.title, story, _level(facts)]
    writer.table(
        "Overview", columns, _overview_rows(facts, narrative), notes, filtered=False, strong=_strong(narrative)
    )


def _strong(narrative: Narrative) -> int | None:
    """The column of the recommended policy."""
    return 2 + 2 * narrative.chosen if narrative.standings[narrative.chosen] == "recommended" else None


def _overview_rows(facts: Facts, narrative: Narrative) -> Iterator[list[object]]:
    yield ["Verdict", "", *(c for p in facts.policies for c in (narrative.standings[p.index], None))]
    if facts.target is not None:
        yield ["Target of the fill rate", "share", *(c for _ in facts.policies for c in (facts.target, None))]
    kpis = [*(k for k in FIRST if k in facts.kpis), *(k for k in facts.kpis if k not in FIRST)]
    for kpi in kpis:
        if all(facts.mean(p, kpi) in (0, None) for p in facts.policies):
            continue
        yield [facts.title_of(kpi), facts.kpi_units[kpi], *_estimates(facts, kpi)]
        if kpi == "total_cost" and len(facts.policies) > 1:
            yield [f"Against {facts.baseline.label}", facts.kpi_units[kpi], *_differences(facts, kpi)]


def _differences(facts: Facts, kpi: str) -> Iterator[float | None]:
    """Paired difference to the baseline and its half-width, policy by policy."""
    table = facts.tables.comparison
    own = table[table["kpi"] == kpi]
    found = {p: (d, h) for p, d, h in zip(own["policy"], own["difference"], own["half_width"], strict=True)}
    for policy in facts.policies:
        yield from found.get(policy.name, (None, None))


def _across(facts: Facts) -> list[Column]:
    """Mean and half-width of every policy, each under its name."""
    return [c for p in facts.policies for c in (Column(p.label, 15, wrap=True), Column(f"± {p.label}", 12, wrap=True))]


def _estimates(facts: Facts, kpi: str, site: str = "", product: str = "") -> Iterator[float | str | None]:
    """Mean and half-width of every policy; where the interval is lopsided its two ends in words instead of the half-width."""
    for policy in facts.policies:
        e = facts.estimate(policy, kpi, site, product)
        scale = facts.units.scale(facts.kpi_units[kpi], [(e.mean, e.half_width)])
        yield from (e.mean, beside(facts.units, facts.kpi_units[kpi], e) if lopsided(scale, e) else e.half_width)


def _level(facts: Facts) -> str:
    if facts.n == 1:
        return "One replication, no intervals."
    return (
        f"± is the half-width of the {percent(facts.level)} interval over {several(facts.n, 'replication')}; where the interval does not reach "
        "equally far to both sides, its ends, in per cent: 93 to 99.9.".replace(HARD, " ")
    )


def _summary(writer: Writer, facts: Facts) -> None:
    """Every measure at every place, all policies side by side."""
    rows = _summary_rows(facts)
    cut = [*_kept(facts), _level(facts)]
    if len(rows) > MOST_ROWS:
        last = rows[MOST_ROWS - 1]
        cut.insert(
            0,
            f"The first {MOST_ROWS} of {len(rows)} rows, of all policies, down to {last[0]}; the rest is in summary.csv.",
        )
    columns = [Column("Place", 22), Column("Product", 14), Column("Measure", 34), Column("Unit", 12), *_across(facts)]
    writer.table("Summary", columns, iter(rows[:MOST_ROWS]), cut)


def _summary_rows(facts: Facts) -> list[list[object]]:
    table = facts.tables.summary
    own = table[table["policy"] == facts.baseline.name]
    rows: list[list[object]] = []
    for site, product, kpi in zip(own["site"], own["product"], own["kpi"], strict=True):
        values = list(_estimates(facts, kpi, site, product))
        if any(values):  # neither undefined nor 0 everywhere
            rows.append([_place(site), product or "all", facts.title_of(kpi), facts.kpi_units[kpi], *values])
    return rows


def _place(site: str) -> str:
    if not site:
        return "whole network"
    if site.startswith(ECHELON):
        return f"all of kind {kind_words(site.removeprefix(ECHELON))}"
    return f"group {shown(site.removeprefix(GROUP))}" if site.startswith(GROUP) else shown(site)


def _comparison(writer: Writer, facts: Facts) -> None:
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
    writer.table(
        "Comparison", columns, rows, ["Differences are paired by replication; rows of no difference are left out."]
    )


def _pairs(writer: Writer, facts: Facts) -> None:
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
    writer.table("Pairs", columns, rows, [note.replace("`", "") for note in notes])


def _risk(writer: Writer, facts: Facts) -> None:
    """What means hide."""
    labels = {p.name: p.label for p in facts.policies}
    table = facts.tables.risk
    names = ("policy", "kpi", "statistic", "value", "low", "high", "n")
    rows = [
        [
            labels[policy], str(kpi).replace("_", " "), str(statistic).replace("_", " "),
            facts.kpi_units["total_cost"] if kpi == "total_cost" else "share", value, low, high, n,
        ]
        for policy, kpi, statistic, value, low, high, n in zip(*(table[c].tolist() for c in names), strict=True)
    ]  # fmt: skip
    columns = [
        Column("Policy", 26), Column("Measure", 26), Column("Statistic", 16), Column("Unit", 12), Column("Value", 12), Column("Low", 12),
        Column("High", 12), Column("Replications", 12),
    ]  # fmt: skip
    writer.table(
        "Risk",
        columns,
        iter(rows),
        [f"Over replications, each a {facts.replication}; an end is empty where so few say nothing of it."],
    )


def _lanes(writer: Writer, facts: Facts) -> None:
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
    cut = [f"The first {MOST_ROWS} of {len(rows)} rows; the rest is in lanes.csv."] if len(rows) > MOST_ROWS else []
    writer.table("Lanes", columns, iter(rows[:MOST_ROWS]), [*cut, _level(facts)])


def _replications(writer: Writer, facts: Facts) -> None:
    """Measures of the whole network, a row a replication and policy."""
    kpis = [k for k in facts.kpis if any(facts.mean(p, k) not in (0, None) for p in facts.policies)]
    columns = [Column("Policy", 26), Column("Replication", 11)]
    columns += [Column(facts.title_of(k), 13, wrap=True, unit=facts.kpi_units[k]) for k in kpis]
    rows = _replication_rows(facts, kpis)
    notes = ["Whole network; echelons and sites, as far as they were kept, are in replications.csv.", *_kept(facts)]
    writer.table("Replications", columns, rows, notes, pages=max(1, len(kpis) // 16))


def _replication_rows(facts: Facts, kpis: list[str]) -> Iterator[list[object]]:
    def of(policy: Policy) -> Iterator[list[object]]:
        samples = [facts.samples(policy, k).tolist() for k in kpis]
        for r, values in enumerate(zip(*samples, strict=True)):
            yield [policy.label, r, *values]

    for policy in facts.policies:
        yield from of(policy)


def _derived(writer: Writer, facts: Facts) -> None:
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
    # cut evenly: something of every policy
    each = MOST_ROWS // len(facts.policies)
    kept = rows
    if len(rows) > MOST_ROWS:
        kept = [row for p in facts.policies for row in [r for r in rows if r[0] == p.label][:each]]
    notes = (
        [f"The first {each} rows of each policy, of {len(rows)} in all; the rest is in derived.csv."]
        if len(kept) < len(rows)
        else []
    )
    columns = [
        Column("Policy", 22, wrap=True), Column("Site", 14), Column("Product", 14), Column("Parameter", 18), Column("Symbol", 8), Column("Used", 11),
        Column("Before rounding", 11), Column("Unit", 8), Column("Formula", 46, wrap=True), Column("Inputs", 46, wrap=True),
    ]  # fmt: skip
    writer.table("Derived", columns, iter(kept), notes)


def _kept(facts: Facts) -> list[str]:
    """What the tables do not tell because the network is large, where it is missed."""
    return [sentence.replace("`", "") for sentence in kept(facts)]
