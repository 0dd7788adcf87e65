"""All pairs of policies on the page: cost and service of each against each, what the difference is worth, and how many replications
would settle it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from chainsim.report.facts import Facts
from chainsim.report.numbers import HARD, UNDEFINED, Scale, percent, plus_minus, several, signed
from chainsim.report.precision import replications
from chainsim.report.same_rule import sentence
from chainsim.report.tables import Cell, Table
from chainsim.statistics import Estimate

MOST_PAIRS = 28
"""Pairs on the page: those of eight policies. pairs.csv has all."""
TOLD = ("total_cost", "fill_rate")
OPEN = "cannot be told apart"


class Judged(NamedTuple):
    """A pair of policies, by label, in one measure."""

    first: str
    second: str
    difference: Estimate
    verdict: str
    settles: int | None


def judged(facts: Facts, kpi: str) -> list[Judged]:
    """Every pair in a measure of the whole network, in the order of the table."""
    if not facts.has("pairs.csv"):
        return []
    table, labels = facts.tables.pairs, {p.name: p.label for p in facts.policies}
    own = table[table["kpi"] == kpi]
    columns = (
        own[c].tolist() for c in ("first", "second", "difference", "half_width", "level", "n", "verdict", "settles")
    )
    return [
        Judged(
            labels[first], labels[second], Estimate(_known(d), _known(h), level, int(n), ""), str(verdict),
            None if settles != settles else int(settles),
        )
        for first, second, d, h, level, n, verdict, settles in zip(*columns, strict=True)
    ]  # fmt: skip


def pairs_table(facts: Facts) -> Table | None:
    """None with fewer than two different rules, or where there is nothing to compare."""
    by_kpi = {kpi: {(j.first, j.second): j for j in judged(facts, kpi)} for kpi in TOLD}
    if not any(facts.mean(p, "total_cost") for p in facts.policies):
        by_kpi["total_cost"] = {}
    pairs = list(dict.fromkeys(pair for found in by_kpi.values() for pair in found))
    if not pairs:
        return None
    columns = [("Policy", False), ("Against", False)]
    rows = [[Cell(first), Cell(second)] for first, second in pairs[:MOST_PAIRS]]
    for kpi, found in by_kpi.items():
        if not found:
            continue
        scale = facts.units.scale(
            facts.kpi_units[kpi], [(j.difference.mean, j.difference.half_width) for j in found.values()]
        )
        unit = "percentage points" if scale.unit == "%" else scale.unit
        columns += [(f"{facts.title_of(kpi)}, {unit}", True), ("is", False)]
        for row, pair in zip(rows, pairs, strict=False):
            row += _cells(scale, found.get(pair))
    if any(_open(by_kpi, pair) for pair in pairs):
        columns.append(("Would be settled by", False))
        for row, pair in zip(rows, pairs, strict=False):
            row.append(Cell(_open(by_kpi, pair)))
    return Table("All pairs", columns, rows, pairs_notes(facts))


def material_in_words(facts: Facts) -> str:
    """What is material, in a sentence."""
    if not facts.materials:
        return (
            "No difference was named that is too small to matter (`material:` in the scenario, or `--material 1%`), so every sure one "
            "counts."
        )
    told = []
    for amount in facts.materials:
        size = facts.material(amount.measure)
        name = facts.title_of(amount.measure).lower()
        if amount.scale == "points":
            told.append(f"{amount.size:g} percentage points of {name}")
            continue
        value = facts.units.value(facts.kpi_units.get(amount.measure, ""), size)
        told.append(
            f"{percent(amount.size / 100)} of {name} ({value})" if amount.scale == "%" else f"{value} of {name}"
        )
    return f"Equal for practical purposes: surely less apart than {' and '.join(told)}."


def _cells(scale: Scale, pair: Judged | None) -> list[Cell]:
    if pair is None or pair.difference.mean is None:
        return [Cell(UNDEFINED), Cell("undefined")]
    d = pair.difference
    return [Cell(signed(plus_minus(scale, d.mean, d.half_width)), d.mean), Cell(pair.verdict)]


def _open(by_kpi: Mapping[str, Mapping[tuple[str, str], Judged]], pair: tuple[str, str]) -> str:
    """How many replications would settle what cannot be told apart."""
    told = []
    for kpi, found in by_kpi.items():
        one = found.get(pair)
        if one is not None and one.verdict == OPEN:
            words = (
                replications(one.settles)
                if one.settles is not None
                else "no number of them"
                if one.difference.n > 1
                else "more"
            )
            told.append(f"{'cost' if kpi == 'total_cost' else 'service'}: {words}".replace(" ", HARD, 1))
    return "; ".join(told)


def pairs_notes(facts: Facts) -> list[str]:
    """How to read the table, what is material, and who counts once."""
    groups = facts.rules
    pairs = len(groups) * (len(groups) - 1) // 2
    at_once = f"The {several(pairs, 'interval')} of a measure" if pairs > 1 else "The interval of a measure"
    hold = "hold together with" if pairs > 1 else "holds with"
    bounds = f"{at_once} {hold} {percent(facts.level)} confidence (Bonferroni)."
    bounds += " So they are wider than those of a single comparison above." if pairs > 1 else ""
    how = (
        f"First minus second, paired by replication. {bounds}"
        if facts.random and facts.n > 1
        else "First minus second."
    )
    notes = [how, material_in_words(facts)]
    if twins := sentence([p.label for p in facts.policies], groups):
        notes.append(twins)
    if pairs > MOST_PAIRS:
        notes.append(f"{several(pairs - MOST_PAIRS, 'further pair')} in pairs.csv.")
    return notes


def _known(x: float) -> float | None:
    return None if x != x else float(x)
