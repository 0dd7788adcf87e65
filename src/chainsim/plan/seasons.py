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
    for i, chosen in settings.items():
        if not chosen.pages:
            continue
        continuous = bool(points[i]["review_interval"] == 0)
        key = (continuous, chosen.pages)
        if key not in known:
            first = len(rows)
            for page in chosen.pages:
                at = clock.ticks(page.at)
                if at < clock.end:
                    rows.append((at, len(numbers), len(page.p), page.wake_at if continuous else -inf))
                    numbers.extend(page.p)
            known[key] = first, len(rows) - first
        points[i]["first_page"], points[i]["pages"] = known[key]
        points[i]["page"] = points[i]["first_page"]
        points[i]["wake_at"] = rows[known[key][0]][3]
    table = PAGE.array(len(rows))
    for row, (at, first, count, wake_at) in zip(table, rows, strict=True):
        row["at"], row["first"], row["count"], row["wake_at"] = at, first, count, wake_at
    return table, np.array(numbers, float)
