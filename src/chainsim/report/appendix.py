"""Below the fold: where every number comes from. Derived parameters, audit, definitions, warnings."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

from chainsim.kpis.base import WINDOW
from chainsim.policies.season import SEASON_INPUTS
from chainsim.report.facts import Facts
from chainsim.report.names import check_in_words, shown
from chainsim.report.numbers import NARROW, UNDEFINED, exactly, grouped, several
from chainsim.report.precision import tiny
from chainsim.report.symbols import notation, one_symbol, rounding_sentence
from chainsim.report.tables import Cell, Table, number_cell, text_table
from chainsim.study.manifest import AS_LEAN
from chainsim.verify.passed import Passed

MOST_ROWS = 40
SEASON_AT = 5
"""Place of the column on the season in the tables of parameters."""
DETAILED = ("summary.csv", "replications.csv", "delivered.csv")
"""Tables that go as far down as the run is asked for."""
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3})")
"""Of numbers in a sentence of the command line: a page parts them as its others."""
_DIGITS = re.compile(r"(?<![\w.])\d+(?![\w.])")


def derived_tables(facts: Facts) -> list[Table]:
    """Per policy every parameter with its formula and inputs; stock points with the same numbers share a row."""
    tables = []
    for policy in facts.policies:
        own = facts.tables.derived
        own = own[own["policy"] == policy.name]
        columns = ["name", "symbol", "value", "exact", "unit", "formula", "inputs", "given"]
        groups: dict[tuple[object, ...], list[str]] = {}
        for site, product, *values in zip(
            *(own[c].astype(object).tolist() for c in ("site", "product", *columns)), strict=True
        ):
            groups.setdefault(tuple(values), []).append(f"{shown(site, 24)} / {shown(product, 24)}")
        rows = []
        for (name, symbol, value, exact, unit, formula, inputs, given), points in list(groups.items())[:MOST_ROWS]:
            where = points[0] if len(points) == 1 else f"{points[0]} and {len(points) - 1} more"
            source = "given in the scenario" if given is True else notation(str(formula))
            season, others = _over_the_season(_float(value), str(inputs))
            told = f"{str(name).replace('_', ' ')} {one_symbol(str(name), str(symbol))}".strip()
            rows.append(
                [
                    Cell(where, hint="; ".join(points[:20])), Cell(told), number_cell(_float(value)),
                    number_cell(_float(exact)), Cell(str(unit)), Cell(season), Cell(source), Cell(notation(_tidy(others))),
                ]
            )  # fmt: skip
        if not rows:
            continue
        cut = [f"{several(len(groups) - MOST_ROWS, 'further row')} in derived.csv."] if len(groups) > MOST_ROWS else []
        heads = [("Stock points", False), ("Parameter", False), ("Used", True), ("Before rounding", True), ("Unit", False), ("Over the season", False), ("Formula", False), ("Inputs", False)]  # fmt: skip
        if not any(row[SEASON_AT].text for row in rows):  # nothing follows a season here
            heads, rows = _without(SEASON_AT, heads), [_without(SEASON_AT, row) for row in rows]
        else:
            cut.append(
                "Over the season: the level where the demand that an order must cover is lowest and highest; used is that of its mean."
            )
        used = own[own["given"] != True]  # noqa: E712 (a column of objects)
        rounding = rounding_sentence(
            zip(*(used[c].astype(object).tolist() for c in ("name", "value", "exact")), strict=True)
        )
        tables.append(Table(policy.label, heads, rows, [*cut, *([rounding] if rounding else [])]))
    return tables


def audit_table(facts: Facts) -> Table:
    """What was checked at the end of every replication: a row a check, over the policies of which the same can be said."""
    audit = facts.tables.audit
    found: dict[tuple[str, str, str, str], list[tuple[str, float, str]]] = {}
    for policy, check, value, limit, passed, meaning in zip(
        *(audit[c].astype(object).tolist() for c in ("policy", "check", "value", "limit", "passed", "meaning")),
        strict=True,
    ):
        # what is only told, not judged, has no limit
        verdict = "passed" if passed is True else "failed" if passed is False else ""
        limit = _float(limit)
        allowed = UNDEFINED if limit != limit else tiny(limit) if 0 < abs(limit) < 1e-3 else number_cell(limit).text
        key = (str(check), verdict, allowed, _DIGITS.sub("#", str(meaning)))
        found.setdefault(key, []).append((str(policy), _float(value), str(meaning)))
    labels = {p.name: p.label for p in facts.policies}
    rows = []
    for (check, verdict, allowed, _), same in found.items():
        everyone = len(same) == len(facts.policies)
        who = "all" if everyone and len(same) > 1 else ", ".join(labels.get(p, p) for p, _, _ in same)
        values = [v for _, v, _ in same]
        worst = max(values, key=lambda v: (v == v, abs(v)))
        held = _audited(min(values)) if len(set(values)) == 1 or not verdict else _audited(worst)
        if not verdict and len(set(values)) > 1 and worst == worst:
            held = f"{_audited(min(values))} to {_audited(max(values))}"
        name = check_in_words(check)
        # the exact number stands beside one number only
        exact = worst if worst == worst and " to " not in held else None
        rows.append(
            [
                Cell(name),
                Cell(who),
                Cell(held, exact),
                Cell(allowed),
                Cell(verdict),
                Cell(_ranges([m for _, _, m in same])),
            ]
        )
    heads = [
        ("Check", False),
        ("Policies", False),
        ("Value", True),
        ("Limit", True),
        ("Result", False),
        ("Meaning", False),
    ]
    several_policies = ["Of several policies the largest value of a check is shown."] if len(facts.policies) > 1 else []
    return Table("Audit", heads, rows, [*several_policies, "A violation would have stopped the run."])


def _audited(value: float) -> str:
    return tiny(value) if 0 < abs(value) < 1e-3 else number_cell(value).text


def _ranges(meanings: Sequence[str]) -> str:
    """One sentence for several that differ in their numbers.

    >>> _ranges(["in 5100 balances", "in 4080 balances"]).replace("\\u202f", "_")
    'in 4_080 to 5_100 balances'
    """
    numbers = [[int(d) for d in _DIGITS.findall(m)] for m in meanings]
    columns = iter(list(zip(*numbers, strict=True)))

    def span(_: re.Match[str]) -> str:
        low, high = min(own := next(columns)), max(own)
        return grouped(low, 0) if low == high else f"{grouped(low, 0)} to {grouped(high, 0)}"

    return _DIGITS.sub(span, meanings[0])


def audit_notes(facts: Facts) -> list[str]:
    """Do both engines tell one story, and does this chainsim know its known answers? Folders of before say nothing of parity."""
    labels = {p.name: p.label for p in facts.policies}
    told: dict[str, list[str]] = {}
    for policy, verdict in facts.manifest.get("parity", {}).items():
        told.setdefault(str(verdict), []).append(labels.get(policy, policy))
    notes = []
    for verdict, of in told.items():
        same = verdict == "identical"
        words = (
            "replication 0 is identical on the compiled and the simpy engine" if same else f"not compared ({verdict})"
        )
        notes.append(f"Engine parity: {words}{'' if len(told) == 1 else ': ' + ', '.join(of)}.")
    return [*notes, _THOUSANDS.sub(NARROW, Passed.read().sentence())]


def definitions_table(facts: Facts) -> Table:
    """Every measure shown: what it is, over what, in which unit. Of those that are nothing here only the names."""
    rows = []
    nothing = [k for k in facts.kpis if all(facts.mean(p, k) in (0, None) for p in facts.policies)]
    for id, kpi in facts.kpis.items():
        if id in nothing:
            continue
        if kpi is None:
            rows.append([id, facts.kpi_units[id], "A measure of an extension that is not loaded here.", "", ""])
            continue
        # said once below, not in every row
        window = "; ".join(w for w in (kpi.window if kpi.window != WINDOW else "", kpi.bucket) if w)
        rows.append(
            [
                f"{facts.title_of(id)} ({id})",
                facts.kpi_units[id],
                facts.counted_over(kpi.definition),
                kpi.denominator or UNDEFINED,
                window,
            ]
        )
    notes = [f"Unless said otherwise a measure covers {WINDOW}."]
    if nothing:
        notes.append(
            f"0 or undefined under every policy, and not defined here (`chainsim explain` does): {', '.join(f'`{id}`' for id in nothing)}."
        )
    return text_table("Definitions", ["Measure", "Unit", "Definition", "Divided by", "Window and bucket"], rows, notes)


def kept(facts: Facts) -> list[str]:
    """What the tables do not tell because the network is large, in a sentence; none where they tell all."""
    said: list[str] = facts.manifest["detail"]["left_out"]
    if not said:
        return []
    large = [words for words in said if not words.endswith(AS_LEAN)]
    more = [table for table in DETAILED if any(words.startswith(table) for words in large)]
    cure = f" `--detail stock_point` (in Python `detail=`) keeps all of {' and '.join(more)}." if more else ""
    if len(large) < len(said):
        cure += " The same command without `--lean` keeps all of it; `chainsim run` with `--resume` simulates nothing again for that."
    return [f"Not everything is kept, so that files stay small: {'; '.join(said)}. The workbook has no more.{cure}"]


def warnings_of(facts: Facts) -> list[str]:
    """What the scenario's author should know, in sentences."""
    labels = {p.name: p.label for p in facts.policies}
    told = []
    for warning in facts.manifest["warnings"]:
        where = " ".join(shown(w, 60) for w in (labels.get(warning["policy"], ""), warning["where"]) if w)
        told.append(
            ": ".join(part for part in (where, " ".join((warning["message"], warning["cure"])).strip()) if part)
        )
    return list(dict.fromkeys(told))


def _over_the_season(base: float, inputs: str) -> tuple[str, str]:
    """The level at the ends of a season that it follows, with the factors of demand there; and the other inputs.

    >>> _over_the_season(100.0, "d = 5.0; lowest factor = 0.5; rise at lowest = -40.0; highest factor = 2.0; rise at highest = 90.0")
    ('60 (demand × 0.5) to 190 (demand × 2)', 'd = 5.0')
    """
    pairs = [part.partition(" = ") for part in inputs.split("; ")]
    known = {name: float(value) for name, _, value in pairs if name in SEASON_INPUTS}
    if len(known) < len(SEASON_INPUTS):
        return "", inputs
    low, fall, high, rise = (known[name] for name in SEASON_INPUTS)
    ends = [
        f"{exactly(base + by)} (demand × {exactly(round(factor, 2))})" for factor, by in ((low, fall), (high, rise))
    ]
    rest = "; ".join(f"{name}{is_}{value}" for name, is_, value in pairs if name not in SEASON_INPUTS)
    return " to ".join(dict.fromkeys(ends)), rest


def _without(place: int, row: Sequence[Any]) -> list[Any]:
    return [one for i, one in enumerate(row) if i != place]


def _tidy(inputs: str) -> str:
    """'d = 20.0; L = 7.333333333' with the digits that matter."""
    parts = []
    for part in inputs.split("; "):
        name, equals, value = part.partition(" = ")
        number = _float(value)
        parts.append(f"{name} = {number_cell(number).text}" if equals and number == number else part)
    return "; ".join(parts)


def _float(value: object) -> float:
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return math.nan
