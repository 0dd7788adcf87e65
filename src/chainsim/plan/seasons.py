"""Pages of levels that follow a season, as rows: stock points with the same pages share them."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf

import numpy as np

from chainsim.plan.plan import Array, Clock
from chainsim.plan.tables import PAGE
from chainsim.policies.base import Page, Settings


def compile_pages(points: Array, settings: Mapping[int, Settings], clock: Clock) -> tuple[Array, Array]:
    """Rows of `tables.PAGE` and the parameters they name; fills in which rows are each stock point's.

    A page that begins at or after the end of the run is left out.
    """
    rows: list[tuple[int, int, int, float]] = []
    numbers: list[float] = []
    known: dict[tuple[bool, tuple[Page, ...]], tuple[int, int]] = {}
    places: dict[tuple[bool, int], tuple[int, int]] = {}
    for i, chosen in settings.items():
        if not chosen.pages:
            continue
        continuous = bool(points[i]["review_interval"] == 0)
        shared = (continuous, id(chosen.pages))  # most share the very pages: to compare all of them takes long
        if shared not in places:
            key = (continuous, chosen.pages)
            if key not in known:
                first = len(rows)
                for page in chosen.pages:
                    at = clock.ticks(page.at)
                    if at < clock.end:
                        rows.append((at, len(numbers), len(page.p), page.wake_at if continuous else -inf))
                        numbers.extend(page.p)
                known[key] = first, len(rows) - first
            places[shared] = known[key]
        first, count = places[shared]
        points[i]["first_page"], points[i]["pages"], points[i]["page"] = first, count, first
        points[i]["wake_at"] = rows[first][3]
    table = PAGE.array(len(rows))
    for row, (at, first, count, wake_at) in zip(table, rows, strict=True):
        row["at"], row["first"], row["count"], row["wake_at"] = at, first, count, wake_at
    return table, np.array(numbers, float)
