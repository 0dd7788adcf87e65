"""How the choice stands shocks: rows of stress/stress.csv with levels unchanged, in the order of the library."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass

from chainsim.report.decision.situation import Situation
from chainsim.report.facts import Facts, Policy

FILE = "stress/stress.csv"
CALM = "calm"
BEST = ("cheapest", "may be cheapest")


@dataclass(frozen=True)
class Stood:
    """A policy under a shock. survives: it meets the target, and no other that does is clearly cheaper."""

    service: float | None
    cost: float | None
    meets: bool | None
    standing: str

    @property
    def survives(self) -> bool:
        return self.meets is not False and self.standing in BEST


@dataclass(frozen=True)
class Shock:
    """words: what happens; stood: by place of policy."""

    name: str
    words: str
    stood: Mapping[int, Stood]


@dataclass(frozen=True)
class WhatIf:
    """columns: policies shown, the choice first. survived: of each policy, how many shocks."""

    title: str
    columns: tuple[Policy, ...]
    shocks: tuple[Shock, ...]
    survived: Mapping[int, int]


def what_if(s: Situation) -> WhatIf | None:
    """None where no stress test was made."""
    shocks = _shocks(s.facts)
    if not shocks:
        return None
    survived = {p.index: sum(x.stood[p.index].survives for x in shocks if p.index in x.stood) for p in s.facts.policies}
    others = [p for p in s.facts.policies if p not in (s.chosen, s.runner_up)]
    second = s.runner_up or max(others, key=lambda p: survived[p.index], default=None)
    columns = tuple(p for p in (s.chosen, second) if p is not None)
    n = survived[s.chosen.index]
    return WhatIf(f"What if? The choice survives {n} of {len(shocks)}", columns, tuple(shocks), survived)


def _shocks(facts: Facts) -> list[Shock]:
    if not facts.has(FILE):
        return []
    places = {p.name: p.index for p in facts.policies}
    kpi = "fill_rate"
    found: dict[str, tuple[str, dict[int, dict[str, str]]]] = {}
    for row in csv.DictReader(io.StringIO(facts.tables.files[FILE].decode())):
        if row["levels"] != "unchanged" or row["shock"] == CALM or row["policy"] not in places or not row["mean"]:
            continue
        own = found.setdefault(row["shock"], (row["what"], {}))[1].setdefault(places[row["policy"]], {})
        own[row["kpi"]] = row["mean"]
        own["meets"], own["standing"] = row["meets_target"], row["standing"]
    return [
        Shock(name, words, {
            i: Stood(
                _number(own.get(kpi)), _number(own.get("total_cost")), None if not own["meets"] else own["meets"] == "true",
                own["standing"],
            )
            for i, own in of.items()
        })
        for name, (words, of) in found.items()
    ]  # fmt: skip


def _number(text: str | None) -> float | None:
    return float(text) if text else None
