"""replications.csv, the longest table: a row for each policy, replication, part of the network and measure, made a block of replications
at a time.

Of so many replications that all measures of the whole network would be more than `budget.MOST_ROWS` rows, it tells of the network as one,
and of as many measures as there is room for: first those a run is judged on, then in natural order. Left out without loss are measures
that have the same value in every replication of every policy, or none; summary.csv has all of them, of all replications.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from chainsim.kpis import KPIS, Parts
from chainsim.kpis.scopes import Scope
from chainsim.scenario.model import Scenario
from chainsim.study import budget
from chainsim.study.csvtext import cell_text, lines_bytes
from chainsim.study.judging import ALWAYS

Array = np.ndarray[Any, Any]
COLUMNS = ("policy", "replication", "site", "product", "kpi", "value", "numerator", "denominator")
BLOCK = 500
"""Replications whose numbers are looked at together."""


def judged_on(scenario: Scenario) -> tuple[str, ...]:
    """The measures a run is judged on: what is always looked at, has a target, is to be precise, or has a material difference."""
    precise = () if scenario.precision is None else scenario.precision.asked
    return tuple(dict.fromkeys((*ALWAYS, *scenario.targets, *(a.measure for a in (*precise, *scenario.material)))))


def measures_told(
    ids: Sequence[str], measured: Sequence[Parts], network: int, first: Sequence[str]
) -> tuple[str, ...] | None:
    """The measures that replications.csv tells of, among `ids`; None: all. measured: by policy, the whole network as the first scope.
    network: how many scopes the coarsest level has. first: those that come first."""
    rows = len(measured) * len(measured[0].numerators)
    if rows * network * len(ids) <= budget.MOST_ROWS:
        return None
    differ = _differ(measured)
    order = dict.fromkeys(id for id in (*first, *ids) if id in ids and (id in differ or id in first))
    kept = set(list(order)[: max(1, budget.MOST_ROWS // rows)])
    return tuple(id for id in ids if id in kept)


def _differ(measured: Sequence[Parts]) -> set[str]:
    """The measures of the whole network that are not the same wherever they are defined."""
    found = set()
    for k, id in enumerate(KPIS.names()):
        values = np.concatenate([Parts(own.numerators[:, 0, k], own.denominators[:, 0, k]).values for own in measured])
        defined = values[~np.isnan(values)]
        if len(defined) and (defined != defined[0]).any():
            found.add(id)
    return found


def by_replication(
    ids: Sequence[str], policies: Sequence[str], measured: Sequence[Parts], scopes: Sequence[Scope], told: Sequence[int]
) -> bytes:
    """The table of these measures. told: places of the scopes it goes down to."""
    return lines_bytes(COLUMNS, _lines(ids, policies, measured, scopes, told))


def _lines(
    ids: Sequence[str], policies: Sequence[str], measured: Sequence[Parts], scopes: Sequence[Scope], told: Sequence[int]
) -> Iterator[str]:
    kpis = [KPIS.names().index(id) for id in ids]
    # text cells are made once, not once a row
    ends = [
        [f"{cell_text(scopes[s].site)},{cell_text(scopes[s].product)},{cell_text(id)}," for id in ids] for s in told
    ]
    for policy, own in zip(policies, measured, strict=True):
        for first in range(0, len(own.numerators), BLOCK):
            some = np.ix_(range(first, min(first + BLOCK, len(own.numerators))), told, kpis)
            for r, replication in enumerate(_cells(Parts(own.numerators[some], own.denominators[some])), first):
                start = f"{cell_text(policy)},{r},"
                for middle, row in zip(ends, replication, strict=True):
                    for m, cells in zip(middle, row, strict=True):
                        yield start + m + ",".join(map(cell_text, cells))


def _cells(parts: Parts) -> list[Any]:
    """Value, numerator, denominator of each; of what is no ratio only the value is told."""
    above = np.where(np.isnan(parts.denominators), np.nan, parts.numerators)
    cells: list[Any] = np.stack([parts.values, above, parts.denominators], axis=-1).tolist()
    return cells
