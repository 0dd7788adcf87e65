"""What every line of the total cost is charged by, and on how much: rates.csv, drivers.csv. Σ value × driver is the line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from chainsim.kpis import Rate, Tariff
from chainsim.plan.plan import Plan
from chainsim.study.csvtext import Cell

Array = np.ndarray[Any, Any]

RATES = ("rate", "kpi", "title", "from", "to", "product", "value", "unit", "counts")
DRIVERS = ("policy", "replication", "rate", "driver")


def rates(plan: Plan, amounts: Sequence[Array]) -> Iterator[Sequence[Cell]]:
    """A row a rate that anything was charged on, in the scenario's words."""

    def said(text: str) -> str:
        return text.replace("{currency}", plan.money.currency or "money").replace("{time}", plan.clock.unit)

    for _, id, rate in _used(plan, amounts):
        words = rate.words
        yield (
            id, rate.line, words.title, *rate.place, rate.value, said(words.unit), said(words.counts),
        )  # fmt: skip


def drivers(plans: Sequence[Plan], amounts: Sequence[Array]) -> Iterator[Sequence[Cell]]:
    """A row a policy, replication and rate."""
    used = [(k, id) for k, id, _ in _used(plans[0], amounts)]
    for plan, by_replication in zip(plans, amounts, strict=True):
        for r, row in enumerate(by_replication.tolist()):
            for k, id in used:
                yield plan.policy, r, id, row[k]


def _used(plan: Plan, amounts: Sequence[Array]) -> Iterator[tuple[int, str, Rate]]:
    """Place, name and rate of those that are charged on anything under any policy; the name of a charge with several rates has a number."""
    told = Tariff(plan).rates
    used = [k for k in range(len(told)) if any(by_replication[:, k].any() for by_replication in amounts)]
    several, so_far = Counter(told[k].name for k in used), Counter[str]()
    for k in used:
        name = told[k].name
        so_far[name] += 1
        yield k, f"{name}-{so_far[name]}" if several[name] > 1 else name, told[k]
