"""A block of replications of one policy: what a worker does, and what it hands back.

Replication r of a policy is a pure function of the Plan and r, so blocks can be cut anywhere, run anywhere and in
any order. Replications are measured many at once, as many as the engine hands over. Nothing here touches a disk. Workers load this
module: no pandas, no scipy, no pydantic.
"""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from chainsim.engines.base import replications
from chainsim.errors import BudgetError, ChainsimError, ConservationError
from chainsim.kpis import Detail, Parts, Scopes, View, delivery_block, measure_block, series_block
from chainsim.plan.plan import Plan
from chainsim.record.audit import audit_block
from chainsim.record.stack import Records

Array = np.ndarray[Any, Any]

AUDIT = ("checks", "imbalance", "little", "in_transit")
"""Columns of `Outcome.audit`: the fields of record.audit.AuditReport."""

HUGE = 1e150


class ReplicationError(ChainsimError):
    """One replication failed; the message names policy, replication and seed, a note carries the trace."""


@dataclass(frozen=True)
class Block:
    """Replications first … first + count − 1 of one policy (its place among the alternatives)."""

    policy: int
    first: int
    count: int


@dataclass(frozen=True)
class Outcome:
    """What a block leaves: the first axis of every array is the replication."""

    block: Block
    numerators: Array  # [replications, scopes, kpis], as in kpis.Parts
    denominators: Array
    series: Array  # [replications, series scopes, names, buckets]
    audit: Array  # [replications, AUDIT]
    events: Array  # [replications]
    delivery: Array  # [replications, delivery scopes, DELIVERY]

    @property
    def values(self) -> Array:
        """The measures of each replication [replications, scopes, kpis], NaN where undefined."""
        return Parts(self.numerators, self.denominators).values


@dataclass(frozen=True)
class Failure:
    """A block that failed, as plain data: exceptions do not travel well between processes."""

    block: Block
    error: ChainsimError
    trace: str


@dataclass(frozen=True)
class Task:
    """All a worker needs for one block."""

    block: Block
    plan: Plan
    engine: str
    seed: int
    detail: Detail
    series_detail: Detail
    delivery_detail: Detail = "stock_point"


def simulate_block(task: Task) -> Outcome | Failure:
    """Simulate, audit and measure every replication of the block; never raises."""
    block, meter = task.block, _Meter(task)
    parts: list[_Numbers] = []
    done = 0
    try:
        for records in replications(task.plan, block.first, block.count, engine=task.engine):
            try:
                parts.append(meter.read(records))
            except Exception as error:
                return meter.first_failure(records) or _failure(error, task, block.first + done)
            done += len(records)
        return Outcome(block, *(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))
    except Exception as error:  # told to the caller with its place; the other blocks go on
        return _failure(error, task, block.first + done)


class _Numbers(NamedTuple):
    """The arrays of an Outcome, of some of its replications."""

    numerators: Array
    denominators: Array
    series: Array
    audit: Array
    events: Array
    delivery: Array


class _Meter:
    """Audits and measures records of one task."""

    def __init__(self, task: Task) -> None:
        self.task = task

    @cached_property
    def scopes(self) -> Scopes:
        return Scopes.of(self.task.plan.layout, self.task.detail)

    @cached_property
    def series_scopes(self) -> Scopes:
        same = self.task.series_detail == self.task.detail
        return self.scopes if same else Scopes.of(self.task.plan.layout, self.task.series_detail)

    @cached_property
    def delivery_scopes(self) -> Scopes:
        same = self.task.delivery_detail == self.task.detail
        return self.scopes if same else Scopes.of(self.task.plan.layout, self.task.delivery_detail)

    def read(self, records: Records) -> _Numbers:
        """All numbers of these replications; raises when one fails the audit or has a measure that is not finite."""
        plan = self.task.plan
        reports = audit_block(records, plan)
        view = View(records, plan, self.scopes)
        measured = measure_block(view)
        _check_finite(measured, records)
        here = view if self.delivery_scopes is self.scopes else View(records, plan, self.delivery_scopes)
        delivery = delivery_block(here)
        if self.series_scopes is not self.scopes:
            view = View(records, plan, self.series_scopes)
        checks = np.array([[getattr(report, name) for name in AUDIT] for report in reports], np.float64)
        series = series_block(view)
        return _Numbers(measured.numerators, measured.denominators, series, checks, records.events, delivery)

    def first_failure(self, records: Records) -> Failure | None:
        """Told of the first of these that cannot be read by itself."""
        for place in range(len(records)):
            try:
                self.read(records[place])
            except Exception as error:
                return _failure(error, self.task, int(records.replications[place]))
        return None


def _check_finite(measured: Parts, records: Records) -> None:
    """NaN means undefined, or no ratio; infinity, or what has no square, is a number that overflowed."""
    parts = (measured.numerators, measured.denominators, measured.values)
    overflowed = np.any([(np.abs(part) > HUGE).any(axis=(1, 2)) for part in parts], axis=0)
    if overflowed.any():
        raise BudgetError(
            f"policy '{records.policy}', replication {records.replications[overflowed.argmax()]}: a measure is not "
            "finite. Are costs or quantities huge?"
        )


def _failure(error: Exception, task: Task, replication: int) -> Failure:
    where = f"policy '{task.plan.policy}', replication {replication}, seed {task.seed}"
    again = (
        f"To repeat it: chainsim.run(scenario, policies=['{task.plan.policy}'], seed={task.seed}, "
        f"replications={replication + 1}, jobs=1)"
    )
    text = str(error) if isinstance(error, ChainsimError) else f"{type(error).__name__}: {error}"
    kind = next((k for k in (BudgetError, ConservationError) if isinstance(error, k)), ReplicationError)
    told: ChainsimError = kind(f"{where}: {text}\n{again}")
    if isinstance(error, ChainsimError):
        told.exit_code = error.exit_code
    return Failure(task.block, told, "".join(traceback.format_exception(error)))
