"""Experiments whose numbers are made up, so that the right answer is known: nothing is simulated."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainsim.experiments.data import Data
from chainsim.experiments.findings import Findings
from chainsim.experiments.job import Found
from chainsim.experiments.reading import read_experiment
from chainsim.kpis import KPIS

from .town import GRID

REPLICATIONS = 6
Made = Callable[[tuple[float, ...], str, int], tuple[float, float]]
"""Total cost and fill rate at the factors' numbers (of names their places), of a policy, in a replication."""


def findings(factors: dict[str, Any], made: Made, *, failed: tuple[int, ...] = (), **more: Any) -> Findings:
    """The findings of an experiment in which every replication costs and fills what `made` says, of 100 units demanded."""
    document = {key: value for key, value in GRID.items() if key != "constraint"}
    asked = read_experiment({**document, "responses": ["total_cost", "fill_rate"], "factors": factors, **more})
    points, found = asked.points(), []
    for point in points:
        values = tuple(
            float(f.cell(v) if f.numeric else f.values.index(v))
            for f, v in zip(asked.factors, point.values, strict=True)
        )
        above = np.zeros((len(asked.alternatives), REPLICATIONS, 1, len(KPIS.names())))
        below = np.full_like(above, np.nan)
        for a, policy in enumerate(asked.alternatives):
            for r in range(REPLICATIONS):
                cost, fill = made(values, policy, r)
                above[a, r, 0, KPIS.names().index("total_cost")] = cost
                above[a, r, 0, KPIS.names().index("fill_rate")] = 100.0 * fill
                below[a, r, 0, KPIS.names().index("fill_rate")] = 100.0
        scopes = (("", ""),)
        good = Found(point.number, tuple(asked.alternatives), scopes, above, below, events=1)
        found.append(Found(point.number, failure="it cannot be") if point.number in failed else good)
    return Findings(Data(asked, points, found))


TWO = {
    "a": {"path": "costs.carrying_rate", "values": ["10% per year", "30% per year"]},
    "b": {"path": "lanes[source->dc].lead_time.cv", "values": [0.2, 0.8]},
}


def coded(values: tuple[float, ...]) -> tuple[float, float]:
    """The values of `TWO` as −1 and +1."""
    a, b = values
    return (a - 20.0) / 10.0, (b - 0.5) / 0.3
