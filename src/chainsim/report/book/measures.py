"""Every measure, policies side by side: of the whole network, and of every place in it."""

from __future__ import annotations

from collections.abc import Iterator

from chainsim.places import ECHELON, GROUP
from chainsim.report.appendix import kept
from chainsim.report.book.writer import Column, Writer
from chainsim.report.facts import Facts, kind_words
from chainsim.report.intervals import beside, lopsided
from chainsim.report.names import shown
from chainsim.report.numbers import HARD, percent, several
from chainsim.report.verdict import Narrative

MOST_ROWS = 20_000
"""Longer tables are cut, with a note above them: nobody scrolls through more, and the CSV has them all."""
FIRST = ("total_cost", "fill_rate")
"""Measures that come before all others."""


def measures(writer: Writer, facts: Facts, narrative: Narrative) -> None:
    """Of the whole network: verdict, cost and fill rate first, then every other measure."""
    columns = [Column("Measure", 34, wrap=True), Column("Unit", 14), *across(facts)]
    strong = 2 + 2 * narrative.chosen if narrative.standings[narrative.chosen] == "recommended" else None
    about = "Every measure of the whole network, policies side by side, with its interval."
    writer.table("Measures", about, columns, _rows(facts, narrative), [level(facts)], strong=strong)


def _rows(facts: Facts, narrative: Narrative) -> Iterator[list[object]]:
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


def across(facts: Facts) -> list[Column]:
    """Mean and half-width of every policy, each under its name."""
    return [c for p in facts.policies for c in (Column(p.label, 15, wrap=True), Column(f"± {p.label}", 12, wrap=True))]


def _estimates(facts: Facts, kpi: str, site: str = "", product: str = "") -> Iterator[float | str | None]:
    """Mean and half-width of every policy; where the interval is lopsided its two ends in words instead of the half-width."""
    for policy in facts.policies:
        e = facts.estimate(policy, kpi, site, product)
        scale = facts.units.scale(facts.kpi_units[kpi], [(e.mean, e.half_width)])
        yield from (e.mean, beside(facts.units, facts.kpi_units[kpi], e) if lopsided(scale, e) else e.half_width)


def level(facts: Facts) -> str:
    """What the intervals are."""
    if facts.n == 1:
        return "One replication, no intervals."
    return (
        f"± is the half-width of the {percent(facts.level)} interval over {several(facts.n, 'replication')}; where the interval does not reach "
        "equally far to both sides, its ends, in per cent: 93 to 99.9.".replace(HARD, " ")
    )


def summary(writer: Writer, facts: Facts) -> None:
    """Every measure at every place."""
    rows = _summary_rows(facts)
    notes, cut = [*left_out(facts), level(facts)], ""
    if len(rows) > MOST_ROWS:
        last = rows[MOST_ROWS - 1]
        cut = f"The first {MOST_ROWS} of {len(rows)} rows, of all policies, down to {last[0]}; the rest is in summary.csv."
        notes.insert(0, cut)
    columns = [Column("Place", 22), Column("Product", 14), Column("Measure", 34), Column("Unit", 12), *across(facts)]
    about = "Every measure of every part of the network that was kept, policies side by side."
    writer.table("Summary", about, columns, iter(rows[:MOST_ROWS]), notes, rest=cut or "summary.csv")


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


def left_out(facts: Facts) -> list[str]:
    """What the tables do not tell because the network is large, where it is missed."""
    return [sentence.replace("`", "") for sentence in kept(facts)]
