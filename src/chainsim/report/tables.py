"""The tables of the page: policies, measures, echelons, products, sites. Every cell keeps its exact number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from chainsim.places import GROUP
from chainsim.report.facts import Facts, Policy, echelon, kind_words
from chainsim.report.intervals import explained, written
from chainsim.report.names import shown
from chainsim.report.numbers import UNDEFINED, Scale, exactly, percent, plus_minus, several, signed
from chainsim.report.verdict import Narrative
from chainsim.statistics import Estimate

BULLWHIP = "bullwhip_cumulative"
MAIN = (
    "fill_rate", "cycle_service_level", "ready_rate", "total_cost", "charged_value_mean", "on_hand_mean", "days_of_supply", BULLWHIP,
)  # fmt: skip
"""Measures of the table of policies."""
ALWAYS = ("fill_rate", "total_cost")
"""Those of them that are told even where they are 0 under every policy."""
PLACES = ("fill_rate", "cycle_service_level", "ready_rate", "on_hand_mean", "days_of_supply", "total_cost", "bullwhip")
"""Measures of the tables by echelon, product and site."""
MOST_SITES = 40
MOST_GROUPS = 60
"""Rows of a table of groups."""


@dataclass(frozen=True)
class Cell:
    """text for people; value: the exact number of the tables, if it is one; hint: shown on hovering."""

    text: str
    value: float | None = None
    hint: str = ""


@dataclass(frozen=True)
class Table:
    """columns: heading and whether the column holds numbers. notes: below the table."""

    caption: str
    columns: Sequence[tuple[str, bool]]
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[str] = field(default=())
    strong: int | None = None  # the row to stand out


def policies_table(facts: Facts, narrative: Narrative) -> Table:
    """All policies, mean ± half-width, the paired cost difference to the baseline, and the verdict."""
    kpis = [k for k in MAIN if k in facts.kpis and (k in ALWAYS or any(facts.mean(p, k) != 0 for p in facts.policies))]
    # one name, one number: the bullwhip of the card and of the chart's title
    of = {k: echelon(facts.top) if k == BULLWHIP and facts.top else "" for k in kpis}
    of = {k: site if any(facts.mean(p, k, site) is not None for p in facts.policies) else "" for k, site in of.items()}
    scales = {k: _scale(facts, k, [(of[k], "")], facts.policies) for k in kpis}
    notes = _Reasons()
    # the verdict stands where it is seen without scrolling
    rows = [
        [Cell(p.label), Cell(word), *(_cell(facts, p, k, scales[k], of[k], notes=notes) for k in kpis)]
        for p, word in zip(facts.policies, narrative.standings, strict=True)
    ]
    heads = {
        k: f"Bullwhip at {facts.place(facts.top)}" if of[k] and facts.top else _head(facts, k, scales[k]) for k in kpis
    }
    columns = [("Policy", False), ("Verdict", False), *((heads[k], True) for k in kpis)]
    money = any(facts.mean(p, "total_cost") for p in facts.policies)
    if money and len(facts.policies) > 1:
        columns.append((f"Cost against {facts.baseline.label}, {scales['total_cost'].unit}", True))
        for row, policy in zip(rows, facts.policies, strict=True):
            row.append(_against_baseline(facts, policy, scales["total_cost"]))
    strong = narrative.chosen if narrative.standings[narrative.chosen] == "recommended" else None
    told = [_intervals_of(facts, paired=money and len(facts.policies) > 1), *_explained(rows), *notes.told()]
    return Table("All policies", columns, rows, told, strong)


def _intervals_of(facts: Facts, *, paired: bool) -> str:
    """What the intervals of the page are, where there are any."""
    if facts.n == 1:
        return "One replication, no intervals."
    if not facts.random:
        return "Nothing here is random: all replications are the same, and there are no intervals."
    level = f"Mean ± half-width of the {percent(facts.level)} interval over {several(facts.n, 'replication')}"
    return f"{level}{'; differences to the baseline are paired by replication' if paired else ''}."


def _explained(rows: Iterable[Sequence[Cell]]) -> list[str]:
    return explained(cell.text for row in rows for cell in row)


def measures_table(facts: Facts) -> Table:
    """Every measure of the whole network, policy by policy. What is nothing under every policy is named below, not shown."""
    notes = _Reasons()
    rows = []
    nothing = [k for k in facts.kpis if all(facts.mean(p, k) == 0 for p in facts.policies)]
    for kpi in facts.kpis:
        if kpi in nothing:
            continue
        scale = _scale(facts, kpi, [("", "")], facts.policies)
        cells = [_cell(facts, p, kpi, scale, notes=notes) for p in facts.policies]
        if all(cell.value is None for cell in cells):
            continue  # undefined everywhere: the note below says why
        rows.append([Cell(facts.title_of(kpi), hint=kpi), Cell(scale.unit or "ratio"), *cells])
    columns = [("Measure", False), ("Unit", False), *((p.label, True) for p in facts.policies)]
    zeros = ", ".join(facts.title_of(k).lower() for k in nothing)
    told = [f"0 under every policy, and not shown: {zeros}."] if nothing else []
    return Table("All measures, whole network", columns, rows, [*_explained(rows), *told, *notes.told()])


def echelon_table(facts: Facts) -> Table | None:
    """Every echelon under every policy; None when the tables do not go that far."""
    places = [(kind_words(kind), p, echelon(kind), "") for kind in facts.echelons for p in facts.policies]
    table = _places_table(facts, "By echelon, downstream first", "Echelon", places, with_policy=True)
    return table if _has_numbers(table) else None


def site_group_table(facts: Facts) -> Table | None:
    """Every group of sites under every policy; None where there are none."""
    places = [(shown(group, 40), p, GROUP + group, "") for group in facts.site_groups for p in facts.policies]
    return _groups_table(facts, "By group of sites", places)


def product_group_table(facts: Facts) -> Table | None:
    """Every group of products under every policy; None where there are none."""
    places = [(shown(group, 40), p, "", GROUP + group) for group in facts.product_groups for p in facts.policies]
    return _groups_table(facts, "By group of products", places)


def _groups_table(facts: Facts, caption: str, places: Sequence[tuple[str, Policy, str, str]]) -> Table | None:
    table = _places_table(facts, caption, "Group", places[:MOST_GROUPS], with_policy=True)
    if not places or not _has_numbers(table):
        return None
    left_out = len(places) - MOST_GROUPS
    cut = [f"{several(left_out, 'further row')} in summary.csv."] if left_out > 0 else []
    return replace(table, notes=[*cut, *table.notes])


def product_table(facts: Facts, policy: Policy) -> Table | None:
    """Every product under one policy, lowest fill rate first; None with a single product."""
    if len(facts.products) < 2:
        return None
    ranked = _worst_first(facts, policy, [("", p) for p in facts.products])
    places = [(shown(product, 40), policy, "", product) for _, product in ranked[:MOST_SITES]]
    table = _places_table(
        facts, f"By product, {policy.label}", "Product", places, with_policy=False, left_out=len(ranked) - len(places)
    )
    return table if _has_numbers(table) else None


def site_table(facts: Facts, policy: Policy) -> Table | None:
    """Every site under one policy, lowest fill rate first; None when the tables do not go that far."""
    if not facts.sites:
        return None
    ranked = _worst_first(facts, policy, [(s, "") for s in facts.sites])
    places = [(shown(site, 40), policy, site, "") for site, _ in ranked[:MOST_SITES]]
    return _places_table(
        facts, f"By site, {policy.label}", "Site", places, with_policy=False, left_out=len(ranked) - len(places)
    )


def _places_table(
    facts: Facts,
    caption: str,
    head: str,
    places: Sequence[tuple[str, Policy, str, str]],
    *,
    with_policy: bool,
    left_out: int = 0,
) -> Table:
    kpis = [k for k in PLACES if k in facts.kpis]
    policies = list(dict.fromkeys(p for _, p, _, _ in places))
    scopes = list(dict.fromkeys((site, product) for _, _, site, product in places))
    scales = {k: _scale(facts, k, scopes, policies) for k in kpis}
    notes = _Reasons()
    rows = []
    for name, policy, site, product in places:
        cells = [_cell(facts, policy, k, scales[k], site, product, notes) for k in kpis]
        rows.append([Cell(name), *([Cell(policy.label)] if with_policy else []), *cells])
    columns = [
        (head, False),
        *([("Policy", False)] if with_policy else []),
        *((_head(facts, k, scales[k]), True) for k in kpis),
    ]
    cut = (
        [f"{several(left_out, head.lower())} with a higher fill rate left out here; summary.csv has them."]
        if left_out
        else []
    )
    return Table(caption, columns, rows, [*_explained(rows), *cut, *notes.told()])


class _Reasons:
    """Why there is no number, collected for below a table."""

    def __init__(self) -> None:
        self._by_kpi: dict[str, str] = {}

    def add(self, title: str, e: Estimate) -> None:
        self._by_kpi.setdefault(title, e.method.removeprefix("undefined: ") or "undefined")

    def told(self) -> list[str]:
        same: dict[str, list[str]] = {}
        for title, reason in self._by_kpi.items():
            same.setdefault(reason, []).append(title)
        return [
            f"{UNDEFINED} {', '.join([first, *(title.lower() for title in more)])}: {reason}."
            for reason, (first, *more) in same.items()
        ]


def _cell(
    facts: Facts,
    policy: Policy,
    kpi: str,
    scale: Scale,
    site: str = "",
    product: str = "",
    notes: _Reasons | None = None,
) -> Cell:
    e = facts.estimate(policy, kpi, site, product)
    if e.mean is None and notes is not None:
        notes.add(facts.title_of(kpi), e)
    return Cell(written(scale, e), e.mean, e.method if e.mean is None or e.undefined else "")


def _against_baseline(facts: Facts, policy: Policy, scale: Scale) -> Cell:
    if policy.index == 0:
        return Cell("baseline")
    table = facts.tables.comparison
    row = table[(table["policy"] == policy.name) & (table["kpi"] == "total_cost")].iloc[0]
    mean, half_width = (None if v != v else float(v) for v in (row["difference"], row["half_width"]))
    own = facts.units.scale(facts.kpi_units["total_cost"], [(mean, half_width)])
    text = plus_minus(
        scale._replace(decimals=own.decimals) if own.divisor == scale.divisor else scale, mean, half_width
    )
    return Cell(f"{signed(text)} · {row['verdict']}", mean)


def _scale(facts: Facts, kpi: str, scopes: Sequence[tuple[str, str]], policies: Iterable[Policy]) -> Scale:
    estimates = [facts.estimate(p, kpi, site, product) for p in policies for site, product in scopes]
    return facts.units.scale(facts.kpi_units[kpi], [(e.mean, e.half_width) for e in estimates])


def _head(facts: Facts, kpi: str, scale: Scale) -> str:
    title = facts.title_of(kpi)
    said = title.lower().startswith(f"{scale.unit} ")  # 'Days of supply' says that it counts days
    return f"{title}, {scale.unit}" if scale.unit and not said else title


def _worst_first(facts: Facts, policy: Policy, scopes: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    def rank(scope: tuple[str, str]) -> float:
        fill = facts.mean(policy, "fill_rate", *scope)
        return 2.0 if fill is None else fill

    return sorted(scopes, key=rank)


def _has_numbers(table: Table) -> bool:
    return any(cell.value is not None for row in table.rows for cell in row)


def text_table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[str]], notes: Sequence[str] = ()) -> Table:
    """A table of words."""
    return Table(caption, [(c, False) for c in columns], [[Cell(text) for text in row] for row in rows], notes)


def number_cell(x: float) -> Cell:
    """A parameter, with all its digits that matter."""
    return Cell(exactly(x), None if x != x else float(x))
