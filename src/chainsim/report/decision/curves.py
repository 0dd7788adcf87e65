"""Cost against service of every rule at other aims: the curves of a tuning, from tune/frontier.csv."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import NamedTuple

from chainsim.report.facts import Facts

FILE = "tune/frontier.csv"


class At(NamedTuple):
    """A point of a curve."""

    service: float
    cost: float


def curves(facts: Facts) -> Mapping[int, tuple[At, ...]]:
    """By place of policy, in order of service; nothing where the policies were not tuned."""
    if not facts.has(FILE):
        return {}
    places = {p.name: p.index for p in facts.policies}
    found: dict[int, list[At]] = {}
    for row in csv.DictReader(io.StringIO(facts.tables.files[FILE].decode())):
        if row["source"] == "ray" and row["policy"] in places:
            found.setdefault(places[row["policy"]], []).append(At(float(row["service"]), float(row["cost"])))
    return {i: tuple(sorted(points)) for i, points in found.items()}
