"""The tables of a results folder, made from the numbers of all replications. Rows come in natural order: policies as in
the scenario, replications, scopes, measures as registered; so the bytes depend on nothing else."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainsim.dated import told
from chainsim.kpis import DETAILS, KPIS, SERIES_NAMES, Kpi, Parts, Scopes, kpis_of
from chainsim.kpis.scopes import Scope
from chainsim.ordering import natural
from chainsim.plan.buckets import full_buckets
from chainsim.plan.plan import Plan
from chainsim.scenario.model import Scenario
from chainsim.statistics import estimate
from chainsim.statistics.quantiles import fan
from chainsim.study.budget import Levels
from chainsim.study.by_lane import LANES, by_lane
from chainsim.study.by_replication import by_replication
from chainsim.study.csvtext import Cell, csv_bytes
from chainsim.study.delivered import COLUMNS, delivered
from chainsim.study.inspection import LIMIT, Inspection
from chainsim.study.judging import BEST, COMPARISON, PAIRS, best, comparison, pairs, sample_of
from chainsim.study.measuring import AUDIT
from chainsim.study.rates import DRIVERS, RATES, drivers, rates
from chainsim.study.risk import MONTHS, RISK, months_of, risk
from chainsim.study.starting import WARM_UP, starting

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Numbers:
    """Everything measured: one array per policy, the first axis is the replication.

    measured: [replications, scopes, kpis], as in kpis.Parts; series: [replications, series scopes, names, buckets], of the first
    `Levels.first` replications; audit, events, delivery, months
    as in measuring.Measured; lanes: [replications, lanes, measures of lanes]; drivers: [replications, rates]. edges: ticks of the buckets.
    """

    measured: tuple[Parts, ...]
    series: tuple[Array, ...]
    audit: tuple[Array, ...]
    events: tuple[Array, ...]
    delivery: tuple[Array, ...]
    months: tuple[Array, ...]
    lanes: tuple[Parts, ...]
    drivers: tuple[Array, ...]
    edges: Array


DERIVED_ROWS = 250_000
"""Of derived.csv, from which on it tells stock points with the same numbers once."""
NO_SERIES = "bucket series are kept of groups of stock points, and none of this part alone"


def make_tables(
    plans: Sequence[Plan],
    numbers: Numbers,
    levels: Levels,
    scenario: Scenario,
    inspections: Sequence[Inspection],
) -> dict[str, bytes]:
    """Every CSV of the folder, by file name."""
    confidence, targets, material = scenario.confidence, scenario.targets, scenario.material
    every = Scopes.of(plans[0].layout, levels.summary)
    dated = ("date",) if scenario.time.start else ()
    scopes, unseen = every.names, _unseen(plans[0], every)
    wide = Scopes.of(plans[0].layout, levels.written["series.csv"]).names  # the first of those measured
    names, kpis = [plan.policy for plan in plans], list(kpis_of(plans))
    lowest = DETAILS.index(levels.written["replications.csv"])
    told = [i for i, scope in enumerate(scopes) if DETAILS.index(scope.level) <= lowest]
    if levels.measures is not None:
        told = told[:1]  # the whole network
    return {
        "replications.csv": by_replication(levels.measures or kpis, names, numbers.measured, scopes, told),
        "summary.csv": csv_bytes(
            ("policy", "site", "product", "kpi", "unit", "mean", "half_width", "low", "high", "level", "n", "method"),
            _summary(plans, numbers, scopes, confidence, unseen),
        ),
        "comparison.csv": csv_bytes(COMPARISON, comparison(kpis, names, numbers.measured, confidence, material)),
        "pairs.csv": csv_bytes(PAIRS, pairs(kpis, names, numbers.measured, confidence, material)),
        "best.csv": csv_bytes(BEST, best(kpis, names, numbers.measured, confidence)),
        "risk.csv": csv_bytes(RISK, risk(plans, numbers.measured, numbers.months, targets, confidence)),
        "months.csv": csv_bytes(
            (*MONTHS, *dated), months_of(plans, numbers.months, numbers.edges) if levels.months else iter(())
        ),
        "lanes.csv": csv_bytes(LANES, by_lane(plans, numbers.lanes, confidence)),
        "rates.csv": csv_bytes(RATES, rates(plans[0], numbers.drivers)),
        "drivers.csv": csv_bytes(DRIVERS, drivers(plans, numbers.drivers)),
        "warm_up.csv": csv_bytes(WARM_UP, starting(scenario, plans, numbers.series, numbers.edges)),
        "series.csv": csv_bytes(
            ("policy", "site", "product", "bucket", "start", "statistic", *SERIES_NAMES, *dated),
            _series(plans, numbers, wide),
        ),
        "derived.csv": csv_bytes(
            DERIVED,
            _derived(plans, shown_once(plans)),
        ),
        "delivered.csv": csv_bytes(COLUMNS, _delivered(plans, numbers, levels, targets, confidence)),
        "audit.csv": csv_bytes(
            ("policy", "check", "value", "limit", "passed", "meaning"), _audit(names, numbers, inspections)
        ),
    }


DERIVED = (
    "policy", "site", "product", "name", "symbol", "value", "exact", "unit", "formula", "inputs", "given", "warning",
)  # fmt: skip
"""Columns of derived.csv. warning: in the first row of a stock point, what must be said of its levels."""


def _summary(
    plans: Sequence[Plan], numbers: Numbers, scopes: Sequence[Scope], level: float, unseen: Container[int]
) -> Iterator[Sequence[Cell]]:
    for plan, measured in zip(plans, numbers.measured, strict=True):
        kpis = [
            (
                KPIS.names().index(id),
                kpi,
                kpi.unit_text(plan.money.currency, plan.clock.unit),
                _bias(kpi, numbers.edges, plan),
            )
            for id, kpi in kpis_of(plans).items()
        ]
        for s, scope in enumerate(scopes):
            for k, kpi, unit, note in kpis:
                e = estimate(sample_of(measured, s, k), level)
                why = NO_SERIES if kpi.few_buckets and s in unseen else kpi.undefined
                method = f"undefined: {why}" if e.mean is None else e.method + note
                where = plan.policy, scope.site, scope.product
                yield *where, kpi.id, unit, e.mean, e.half_width, e.low, e.high, e.level, e.n, method


def _unseen(plan: Plan, scopes: Scopes) -> Container[int]:
    """Numbers of scopes that are not made of whole groups, where bucket series are of groups."""
    if not plan.grouped:
        return ()
    return frozenset(np.flatnonzero(~scopes.by_row(plan.points["series_row"]).whole).tolist())


def _bias(kpi: Kpi, edges: Array, plan: Plan) -> str:
    """What an estimate over too few buckets should not be read without."""
    buckets = int(full_buckets(edges, plan.clock).sum())
    return f"; {buckets} buckets are few: {kpi.bias}" if buckets < kpi.few_buckets else ""


def _series(plans: Sequence[Plan], numbers: Numbers, scopes: Sequence[Scope]) -> Iterator[Sequence[Cell]]:
    clock = plans[0].clock
    starts = ((numbers.edges[:-1] - clock.warm_up) / clock.ticks_per_unit).tolist()
    dates = [[told(clock.start, int(tick))] if clock.start else [] for tick in numbers.edges[:-1]]
    for plan, series in zip(plans, numbers.series, strict=True):
        statistics = {name: values.transpose(0, 2, 1).tolist() for name, values in fan(series).items()}
        for s, scope in enumerate(scopes):
            for b, start in enumerate(starts):
                for statistic, values in statistics.items():
                    yield plan.policy, scope.site, scope.product, b, start, statistic, *values[s][b], *dates[b]


def shown_once(plans: Sequence[Plan]) -> list[list[tuple[str, str]]] | None:
    """Where derived.csv would be very long: of each plan the stock points it tells of, one of those of a product at a kind of sites that
    run with the same numbers. None: it tells of all."""
    if sum(len(rows) for plan in plans for rows in plan.derived.values()) <= DERIVED_ROWS:
        return None
    found = []
    for plan in plans:
        kind_of = dict(zip(plan.layout.sites, plan.layout.kinds, strict=True))
        first: dict[tuple[str, str, str], tuple[str, str]] = {}
        told: dict[int, str] = {}  # copies below the same source share what was derived for them
        for site, product in _in_order(plan):
            rows = plan.derived[site, product]
            if id(rows) not in told:
                told[id(rows)] = repr([(d.name, d.value, d.exact, d.formula, d.inputs, d.given) for d in rows])
            first.setdefault((kind_of[site], product, told[id(rows)]), (site, product))
        found.append(list(first.values()))
    return found


def _in_order(plan: Plan) -> list[tuple[str, str]]:
    return sorted(plan.derived, key=lambda point: (natural(point[0]), natural(point[1])))


def _derived(plans: Sequence[Plan], shown: list[list[tuple[str, str]]] | None) -> Iterator[Sequence[Cell]]:
    for k, plan in enumerate(plans):
        said: dict[str, list[str]] = {}
        for warning in plan.warnings:
            place, _, words = warning.partition(": ")
            said.setdefault(place, []).append(words)
        for site, product in _in_order(plan) if shown is None else shown[k]:
            warnings = ". ".join(said.get(f"{site} / {product}", ()))
            for d in plan.derived[site, product]:
                inputs = "; ".join(f"{name} = {value!r}" for name, value in d.inputs.items())
                number = (float(d.value), float(d.exact))
                yield (
                    plan.policy,
                    site,
                    product,
                    d.name,
                    d.symbol,
                    *number,
                    d.unit,
                    d.formula,
                    inputs,
                    d.given,
                    warnings,
                )
                warnings = ""  # once for a stock point


def _delivered(
    plans: Sequence[Plan], numbers: Numbers, levels: Levels, targets: Mapping[str, float], confidence: float
) -> Iterator[Sequence[Cell]]:
    scopes = Scopes.of(plans[0].layout, levels.delivered)
    for plan, sums in zip(plans, numbers.delivery, strict=True):
        for row in delivered(plan, scopes, sums, targets, confidence):
            yield row.cells()


def _audit(policies: Sequence[str], numbers: Numbers, inspections: Sequence[Inspection]) -> Iterator[Sequence[Cell]]:
    for policy, audit, events, seen in zip(policies, numbers.audit, numbers.events, inspections, strict=True):
        of = {name: audit[:, i] for i, name in enumerate(AUDIT)}
        ratios = of["in_transit"][~np.isnan(of["in_transit"])]
        balances, n = int(of["checks"].sum()), len(audit)
        yield (
            policy, "units_conserved", float(of["imbalance"].max()), 0.0, True,
            f"largest imbalance in {balances} balances over {n} replications, units; exact for whole units",
        )  # fmt: skip
        yield (
            policy, "littles_law", float(of["little"].max()), 1e-9, True,
            "time integral of customers' backorders against the sum of their waits, largest relative difference",
        )  # fmt: skip
        yield (
            policy, "in_transit", float(ratios.mean()) if len(ratios) else None, None, None,
            "average in transit ÷ (rate × mean lead time); near 1 in a long run, the rest is what was under way at "
            "either end",
        )  # fmt: skip
        followed = seen.stays is not None
        yield (
            policy, "littles_law_for_stock", seen.stays, LIMIT if followed else None, True if followed else None,
            "times that units stayed on a shelf, from the event log of replication 0, against the time integral of its "
            "stock, largest relative difference" if followed else f"not followed: {seen.unseen}",
        )  # fmt: skip
        counted = seen.difference is not None
        yield (
            policy, "cost_from_event_log", seen.difference, LIMIT if counted else None, True if counted else None,
            "total cost recounted from the event log of replication 0 against the measure, relative difference"
            if counted else f"not recounted: {seen.reason}",
        )  # fmt: skip
        yield policy, "events", int(events.sum()), None, None, f"events simulated in {n} replications"
