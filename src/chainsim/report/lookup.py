"""What the page's script looks up: every measure of every place it has room for, and every policy against every other.

All of it is text made here: the script shows it and computes nothing.
"""

from __future__ import annotations

from typing import Any

from chainsim.places import ECHELON, GROUP
from chainsim.report.facts import Facts, Policy, kind_words
from chainsim.report.intervals import written
from chainsim.report.names import shown
from chainsim.report.numbers import plus_minus, signed

ROOM = 60_000
"""Characters of the numbers of places; the tables have the rest."""
MOST_POLICIES = 12
"""With more the baseline cannot be switched: pairs grow with their square."""


def page_data(facts: Facts) -> dict[str, Any]:
    """policies: name and label; measures: title and unit by id; places: site, product, and for each measure a text by policy;
    note: how to read a number, and where the rest is; against: cost against each baseline, by policy."""
    kpis = [k for k in facts.kpis if any(facts.mean(p, k) not in (0, None) for p in facts.policies)]
    return {
        "policies": [{"name": shown(p.name), "label": p.label} for p in facts.policies],
        "measures": [{"title": facts.title_of(k), "unit": facts.units.scale(facts.kpi_units[k], [(facts.mean(p, k), None) for p in facts.policies]).unit} for k in kpis],
        **_places(facts, kpis),
        "against": _against(facts),
    }  # fmt: skip


def _places(facts: Facts, kpis: list[str]) -> dict[str, Any]:
    """Places from the whole network down, as many as there is room for."""
    sites = [("", "The whole network")]
    sites += [(ECHELON + kind, f"All of kind {kind_words(kind, 24)}") for kind in facts.echelons]
    sites += [(GROUP + group, f"Group {shown(group, 40)}") for group in facts.site_groups]
    sites += [(site, shown(site, 40)) for site in facts.sites]
    products = [("", "All products")] + [(GROUP + group, f"Group {shown(group, 40)}") for group in facts.product_groups]
    products += [(product, shown(product, 40)) for product in facts.products] if len(facts.products) > 1 else []
    found: list[tuple[int, int, list[list[str]]]] = []
    size = 0
    for s, (site, _) in enumerate(sites):
        for q, (product, _) in enumerate(products):
            texts = [_texts(facts, k, site, product) for k in kpis]
            size += sum(len(t) + 3 for row in texts for t in row)
            if any(texts) and size <= ROOM:
                found.append((s, q, texts))
    labels = {"sites": [label for _, label in sites], "products": [label for _, label in products]}
    notes = ["Mean ± half-width."] if facts.random else []
    notes += ["Other places are in summary.csv."] if size > ROOM else []
    return {**labels, "found": found, "note": " ".join(notes)}


def _texts(facts: Facts, kpi: str, site: str, product: str) -> list[str]:
    """A measure under every policy; nothing where no policy has it there."""
    estimates = [facts.estimate(p, kpi, site, product) for p in facts.policies]
    if all(e.mean is None for e in estimates):
        return []
    # the scale of the whole network, so that one unit holds for all places
    scale = facts.units.scale(facts.kpi_units[kpi], [(facts.mean(p, kpi), None) for p in facts.policies])
    own = facts.units.scale(facts.kpi_units[kpi], [(e.mean, e.half_width) for e in estimates])
    return [
        written(scale._replace(decimals=own.decimals if own.divisor == scale.divisor else None), e) for e in estimates
    ]


def _against(facts: Facts) -> list[list[str]]:
    """Total cost of each policy (inner) less that of each baseline (outer), with the interval of the pair."""
    if len(facts.policies) < 3 or len(facts.policies) > MOST_POLICIES:
        return []
    return [[_gap(facts, p, base) for p in facts.policies] for base in facts.policies]


def _gap(facts: Facts, policy: Policy, base: Policy) -> str:
    if policy == base:
        return "baseline"
    c = facts.paired(policy, base, "total_cost")
    d = c.difference
    scale = facts.units.scale(facts.kpi_units["total_cost"], [(d.mean, d.half_width)])
    return (
        f"{signed(scale.told(plus_minus(scale, d.mean, d.half_width)))} · {c.verdict}"
        if d.mean is not None
        else "undefined"
    )
