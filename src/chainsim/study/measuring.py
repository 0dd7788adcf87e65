"""All that a run reads of its replications: the audit, every measure, the bucket series, the sums of deliveries.

Replications are audited and measured many at once, as many as the engine hands over. Workers load this module: no pandas,
no scipy, no pydantic.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from chainsim.errors import BudgetError, ChainsimError
from chainsim.kpis import (
    KPIS,
    LANE_KPIS,
    Detail,
    Parts,
    Scopes,
    Tariff,
    View,
    delivery_block,
    lane_block,
    measure_block,
    months_block,
    series_block,
)
from chainsim.plan.plan import Plan
from chainsim.record.audit import audit_block
from chainsim.record.stack import Records
from chainsim.replicate.task import Failure, Logs, ReplicationError

Array = np.ndarray[Any, Any]

AUDIT = ("checks", "imbalance", "little", "in_transit")
"""Columns of `Measured.audit`: the fields of record.audit.AuditReport."""

HUGE = 1e150


class Measured(NamedTuple):
    """What is kept of replications: the first axis of every array is the replication."""

    numerators: Array  # [replications, scopes, kpis], as in kpis.Parts
    denominators: Array
    series: Array  # [replications, series scopes, names, buckets]
    audit: Array  # [replications, AUDIT]
    events: Array  # [replications]
    delivery: Array  # [replications, delivery scopes, DELIVERY]
    months: Array  # [replications, MONTHLY, months] of the whole network
    lanes: (
        Array  # [replications, 2, lanes, measures of lanes]: numerators and denominators, as in kpis.Parts; or no lanes
    )
    drivers: Array  # [replications, rates]: what each rate is charged on, as in kpis.Tariff

    @property
    def values(self) -> Array:
        """The measures of each replication [replications, scopes, kpis], NaN where undefined."""
        return Parts(self.numerators, self.denominators).values


class Meter:
    """Audits and measures replications of a Plan: a reader of `chainsim.replicate`.

    detail, series, delivered: how far down measures, series and sums of deliveries go. lanes: whether lanes are measured.
    """

    def __init__(
        self, plan: Plan, detail: Detail, series: Detail, delivered: Detail = "stock_point", *, lanes: bool = True
    ) -> None:
        self.plan, self.detail, self.series, self.delivered, self.lanes = plan, detail, series, delivered, lanes

    @cached_property
    def scopes(self) -> Scopes:
        """Those of the measures."""
        return Scopes.of(self.plan.layout, self.detail)

    @cached_property
    def tariff(self) -> Tariff:
        """The rates of the plan."""
        return Tariff(self.plan)

    @cached_property
    def series_scopes(self) -> Scopes:
        """Those of the bucket series."""
        return self.scopes if self.series == self.detail else Scopes.of(self.plan.layout, self.series)

    @cached_property
    def delivery_scopes(self) -> Scopes:
        """Those of the sums of deliveries."""
        return self.scopes if self.delivered == self.detail else Scopes.of(self.plan.layout, self.delivered)

    def __call__(self, records: Records, _: Logs = ()) -> Measured:
        """All numbers of these replications; raises when one fails the audit or has a measure that is not finite."""
        plan = self.plan
        reports = audit_block(records, plan)
        view = View(records, plan, self.scopes)
        measured = measures_of(view)
        here = view if self.delivery_scopes is self.scopes else View(records, plan, self.delivery_scopes)
        delivery, months, lanes = delivery_block(here), months_block(view), self._by_lane(view)
        drivers = self.tariff.drivers(view)
        if self.series_scopes is not self.scopes:
            view = View(records, plan, self.series_scopes)
        checks = np.array([[getattr(report, name) for name in AUDIT] for report in reports], np.float64)
        series = series_block(view)
        return Measured(
            measured.numerators,
            measured.denominators,
            series,
            checks,
            records.events,
            delivery,
            months,
            lanes,
            drivers,
        )

    def _by_lane(self, view: View) -> Array:
        if not self.lanes:
            return np.zeros((len(view.records), 2, 0, len(LANE_KPIS.names())))
        parts = lane_block(view)
        return np.stack([parts.numerators, parts.denominators], axis=1)


def measures_of(view: View) -> Parts:
    """Every measure of replications; raises BudgetError when one is not finite."""
    measured = measure_block(view)
    _check_finite(measured, view.records)
    return measured


def _check_finite(measured: Parts, records: Records) -> None:
    """NaN means undefined, or no ratio; infinity, or what has no square, is a number that overflowed."""
    parts = (measured.numerators, measured.denominators, measured.values)
    huge = np.any([np.abs(part) > HUGE for part in parts], axis=0)
    overflowed = huge.any(axis=(1, 2))
    if overflowed.any():
        raise BudgetError(
            f"policy '{records.policy}', replication {records.replications[overflowed.argmax()]}: the measure "
            f"'{KPIS.names()[int(huge.any(axis=(0, 1)).argmax())]}' is not finite. Are costs, prices or "
            "quantities huge?"
        )


def told(failure: Failure, policy: str, seed: int) -> ChainsimError:
    """The error of a run whose block failed: which replication it was, and how to repeat it."""
    where = f"policy '{policy}', replication {failure.replication}, seed {seed}"
    again = (
        f"To repeat it: chainsim.run(scenario, policies=['{policy}'], seed={seed}, "
        f"replications={failure.replication + 1}, jobs=1)"
    )
    # `where` says so, and the seed
    text = failure.text.removeprefix(f"policy '{policy}', replication {failure.replication}: ")
    family = failure.family if issubclass(failure.family, ChainsimError) else ReplicationError
    error = family(f"{where}: {text}\n{again}")
    if failure.exit_code is not None:
        error.exit_code = failure.exit_code
    error.add_note(failure.trace)
    return error
