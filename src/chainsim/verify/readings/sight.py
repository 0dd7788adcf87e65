"""A block of replications as the cases look at it: totals, series, measures and event logs at a place."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from chainsim.errors import UsageError
from chainsim.kpis import KPIS, Scopes, View
from chainsim.plan.plan import Plan
from chainsim.record.record import Event
from chainsim.record.stack import Records
from chainsim.registry import did_you_mean

Array = np.ndarray[Any, Any]
Value = float | list[float] | list[list[float]]
"""What one replication gives."""
Found = Array | list[Value]
"""What a block gives, by replication."""


class Sight:
    """A block of replications of a Plan, and what may be read off them at a place. The first axis is the replication."""

    def __init__(self, records: Records, plan: Plan, logs: Sequence[Sequence[Event]] = ()) -> None:
        self.records, self.plan, self.logs = records, plan, logs
        self.view = View(records, plan, Scopes.of(plan.layout))
        self._kpis: dict[str, Array] = {}

    @cached_property
    def length(self) -> float:
        """Length of the window in time units."""
        return self.view.window / self.plan.clock.ticks_per_unit

    def kpi(self, name: str, place: str) -> Array:
        """A measure of `chainsim.kpis`."""
        if name not in self._kpis:
            self._kpis[name] = KPIS.get(name).compute(self.view)
        values: Array = self._kpis[name][:, scope_of(self.view.scopes, place)]
        return values

    def flow(self, column: str, place: str) -> Array:
        """Growth of a total of the stock points over the window, summed over the place."""
        grown: Array = self.view.flow(column)[:, self.points(place)].sum(axis=1)
        return grown

    def series(self, name: str, place: str) -> Array:
        """A bucket series over the window, summed over the place [replications, buckets]."""
        values: Array = self.view.series(name)[:, self.points(place)].sum(axis=1)[:, self.view.full_buckets]
        return values

    def points(self, place: str) -> Array:
        """Stock points of a place."""
        wanted = scope_of(self.view.scopes, place)
        return np.unique(np.concatenate([np.flatnonzero(member == wanted) for member in self.view.scopes.members]))

    def lines(self, place: str) -> list[list[Event]]:
        """Lines of the event log at a place, by replication."""
        points = set(self.points(place).tolist())
        return [[line for line in log if line.point in points] for log in self.logs]


def scope_of(scopes: Scopes, place: str) -> int:
    """Which scope a place is; raises UsageError for an unknown one."""
    site, _, product = place.partition("/")
    for i, scope in enumerate(scopes.names):
        if (scope.site, scope.product) == (site, product):
            return i
    known = [f"{s.site}/{s.product}".rstrip("/") for s in scopes.names]
    raise UsageError(f"no place '{place}' in the network{did_you_mean(place, known)}")
