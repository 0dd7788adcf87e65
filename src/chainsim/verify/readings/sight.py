"""A block of replications as the cases look at it: totals, series, measures and event logs at a place."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from chainsim.errors import UsageError
from chainsim.kpis import KPIS, Ratio, Scopes, View
from chainsim.kpis.base import Measured
from chainsim.plan.plan import Plan
from chainsim.plan.tables_records import LEDGER
from chainsim.record.record import Event
from chainsim.record.stack import Records
from chainsim.registry import did_you_mean

Array = np.ndarray[Any, Any]


class Quotient(NamedTuple):
    """What one replication gives of a ratio. Over replications it is the sum of the first ÷ the sum of the second."""

    above: float
    below: float

    @property
    def value(self) -> float:
        """The replication's own ratio, NaN where it is undefined."""
        return self.above / self.below if self.below != 0 else math.nan


Value = float | Quotient | list[float] | list[list[float]]
"""What one replication gives."""
Found = Array | Ratio | list[Value]
"""What a block gives, by replication."""


class Sight:
    """A block of replications of a Plan, and what may be read off them at a place. The first axis is the replication."""

    def __init__(self, records: Records, plan: Plan, logs: Sequence[Sequence[Event]] = ()) -> None:
        self.records, self.plan, self.logs = records, plan, logs
        self.view = View(records, plan, Scopes.of(plan.layout))
        self._kpis: dict[str, Measured] = {}

    @cached_property
    def length(self) -> float:
        """Length of the window in time units."""
        return self.view.window / self.plan.clock.ticks_per_unit

    def measured(self, name: str, place: str) -> Measured:
        """A measure of `chainsim.kpis`, a ratio in its parts."""
        if name not in self._kpis:
            self._kpis[name] = KPIS.get(name).compute(self.view)
        found, here = self._kpis[name], scope_of(self.view.scopes, place)
        if isinstance(found, Ratio):
            return Ratio(found.numerator[:, here], found.denominator[:, here])
        values: Array = found[:, here]
        return values

    def kpi(self, name: str, place: str) -> Array:
        """The same as one number for each replication."""
        found = self.measured(name, place)
        return found.value if isinstance(found, Ratio) else found

    def flow(self, column: str, place: str) -> Array:
        """Growth of a total of the stock points, or of their records, over the window, summed over the place."""
        of_point = self.view.ledger_flow if column in LEDGER.names else self.view.flow
        grown: Array = of_point(column)[:, self.points(place)].sum(axis=1)
        return grown

    def series(self, name: str, place: str) -> Array:
        """A bucket series over the window, summed over the place [replications, buckets]."""
        if self.view.plan.grouped:
            raise UsageError("a case reads series of stock points: leave out time.series")
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
