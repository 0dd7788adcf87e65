"""What happened in the replications of a Plan, measured: simulated once for Plans that differ in prices alone, or in nothing.

What becomes of stock does not depend on what it costs. A point of a sweep over prices whose levels stay is measured anew and not
simulated again; nor are two policies that come to the same rule and the same numbers, as `eoq` and `s_Q` do where no lot is cheaper than the textbook's. The numbers are
the same to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

import numpy as np

from chainsim.engines.base import runner
from chainsim.kpis import Detail, Scopes, View
from chainsim.plan.plan import Array, Layout, Plan
from chainsim.record.audit import audit_block
from chainsim.record.stack import Records
from chainsim.record.totals import TOTALS
from chainsim.study.measuring import measures_of

TOLD = frozenset(["policy", "money", "derived", "warnings", "promises", "expected_events", "busy"])
"""Fields of a Plan that say what it is called, what things cost, and what is said of it: nothing that happens depends on them."""
MOST_HELD = 64 * 2**20
"""Bytes of the replications of one policy that are held for the next point."""


@dataclass(frozen=True)
class Seen:
    """numerators, denominators: [replications, scopes, kpis], as in `kpis.Parts`. events: of all replications."""

    numerators: Array
    denominators: Array
    events: int


@dataclass(frozen=True)
class _Held:
    plan: Plan
    first: int
    count: int
    records: list[Records]


class Courses:
    """Replications by the engine of one name; of each policy the last ones are held, where they are small."""

    def __init__(self, engine: str) -> None:
        self._engine = engine
        self._runs: dict[str, Callable[[Plan, int, int], Iterator[Records]]] = {}
        self._held: dict[str, _Held] = {}
        self._scopes: dict[Detail, tuple[Layout, Scopes]] = {}

    def scopes_of(self, layout: Layout, detail: Detail) -> Scopes:
        """Where is measured; points one after the other often have the very same layout."""
        known, scopes = self._scopes.get(detail, (None, None))
        if scopes is None or known is not layout:
            scopes = Scopes.of(layout, detail)
            self._scopes[detail] = layout, scopes
        return scopes

    def measured(self, plan: Plan, first: int, count: int, detail: Detail) -> Seen:
        """Replications first … first + count − 1, audited and measured. Raises as the engine, the audit and the measures do."""
        scopes = self.scopes_of(plan.layout, detail)
        blocks = self._records(plan, first, count)
        parts = [measures_of(View(records, plan, scopes)) for records in blocks]
        return Seen(
            np.concatenate([part.numerators for part in parts]),
            np.concatenate([part.denominators for part in parts]),
            sum(int(records.events.sum()) for records in blocks),
        )

    def _records(self, plan: Plan, first: int, count: int) -> list[Records]:
        held = self._alike(plan, first, count)
        if held is not None:
            blocks = [replace(records, policy=plan.policy) for records in held.records]
            self._held[plan.policy] = _Held(plan, first, count, blocks)
            return blocks
        blocks = []
        run = self._runs.get(plan.policy) or runner(self._engine)  # its memory serves the next point, too
        self._runs[plan.policy] = run
        for records in run(plan, first, count):
            audit_block(records, plan)
            blocks.append(records)
        self._held.pop(plan.policy, None)
        if sum(map(_bytes, blocks)) <= MOST_HELD:
            self._held[plan.policy] = _Held(plan, first, count, blocks)
        return blocks

    def _alike(self, plan: Plan, first: int, count: int) -> _Held | None:
        """What is held of these replications under this policy, or under another one that does the same."""
        known = [self._held[plan.policy]] if plan.policy in self._held else []
        for held in (*known, *self._held.values()):
            if (held.first, held.count) == (first, count) and same_course(held.plan, plan):
                return held
        return None


def same_course(one: Plan, other: Plan) -> bool:
    """Whether the same happens in every replication of both: they differ in what things cost, if in anything."""
    return all(_same(getattr(one, f.name), getattr(other, f.name)) for f in fields(Plan) if f.name not in TOLD)


def _same(one: Any, other: Any) -> bool:
    if one is other:
        return True
    if isinstance(one, np.ndarray):
        return (one.dtype, one.shape) == (other.dtype, other.shape) and one.tobytes() == other.tobytes()
    if is_dataclass(one):
        return all(_same(getattr(one, f.name), getattr(other, f.name)) for f in fields(one))
    return bool(one == other)


def _bytes(records: Records) -> int:
    tables = [moment[name].nbytes for moment in (records.opening, records.closing) for name in TOTALS]
    return (
        int(sum(tables)) + int(records.series.nbytes) + int(records.waiting.nbytes) + int(records.waiting_time.nbytes)
    )
