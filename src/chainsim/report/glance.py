"""Results at a glance: the recommendation in a sentence and a line per policy, as the terminal and a notebook show them."""

from __future__ import annotations

from dataclasses import dataclass

from chainsim.report.facts import Facts
from chainsim.report.folder import Tables
from chainsim.report.intervals import in_words
from chainsim.report.narrative import narrate

SHOWN = ("fill_rate", "total_cost", "inventory_value_mean", "bullwhip_cumulative")
"""Measures of a line; after the first those that are 0 or undefined under every policy are left out."""


@dataclass(frozen=True)
class Glance:
    """paragraphs: title, headline, what it says, what would change it; those that are empty are left out. year: how long a year
    is, where nobody can know. columns, rows: a line per policy, in the order of the scenario."""

    paragraphs: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    year: str


def glance(results: Tables) -> Glance:
    """What results say in a few lines."""
    facts = Facts(results)
    told = narrate(facts)
    rows = []
    kpis = [k for k in SHOWN if k == SHOWN[0] or any(facts.mean(p, k) for p in facts.policies)]
    for policy, standing in zip(facts.policies, told.standings, strict=True):
        numbers = [in_words(facts.units, facts.kpi_units[kpi], facts.estimate(policy, kpi)) for kpi in kpis]
        rows.append((policy.label, *numbers, standing))
    return Glance(
        paragraphs=tuple(p for p in (facts.title, told.headline, told.text, told.sensitivity) if p),
        columns=("policy", *(facts.title_of(kpi).lower() for kpi in kpis), "verdict"),
        rows=tuple(rows),
        year=f"A year is {facts.year}." if facts.year else "",
    )
