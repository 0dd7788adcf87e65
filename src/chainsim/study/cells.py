"""A block of replications of one policy: what a worker does, and what it hands back.

Replication r of a policy is a pure function of the Plan and r, so blocks can be cut anywhere, run anywhere and in
any order. Nothing here touches a disk. Workers load this module: no pandas, no scipy, no pydantic.
"""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainsim.engines.base import simulate
from chainsim.errors import BudgetError, ChainsimError, ConservationError
from chainsim.kpis import Detail, Scopes, bucket_series, measure
from chainsim.plan.plan import Plan
from chainsim.record.audit import audit

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
    values: Array  # [replications, scopes, kpis], NaN where undefined
    series: Array  # [replications, series scopes, names, buckets]
    audit: Array  # [replications, AUDIT]
    events: Array  # [replications]


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


def simulate_block(task: Task) -> Outcome | Failure:
    """Simulate, audit and measure every replication of the block; never raises."""
    block, plan = task.block, task.plan
    r = block.first
    try:
        scopes = Scopes.of(plan.layout, task.detail)
        wide = Scopes.of(plan.layout, task.series_detail)
        values, series, checks, events = [], [], [], []
        for r in range(block.first, block.first + block.count):
            record = simulate(plan, r, engine=task.engine)
            report = audit(record, plan)
            values.append(_finite(measure(record, plan, scopes).values, plan.policy, r))
            series.append(bucket_series(record, plan, wide))
            checks.append([getattr(report, name) for name in AUDIT])
            events.append(record.events)
        return Outcome(
            block, np.stack(values), np.stack(series), np.array(checks, np.float64), np.array(events, np.int64)
        )
    except Exception as error:  # told to the caller with its place; the other blocks go on
        return _failure(error, task, r)


def _finite(values: Array, policy: str, replication: int) -> Array:
    """NaN means undefined; infinity, or what has no square, is a number that overflowed."""
    if (np.abs(values) > HUGE).any():
        raise BudgetError(
            f"policy '{policy}', replication {replication}: a measure is not finite. Are costs or quantities huge?"
        )
    return values


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
