"""The tables of an experiment's folder. Rows come in the order of the design, so the bytes depend on nothing else."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from chainsim.experiments.data import Data
from chainsim.experiments.model import Response
from chainsim.experiments.told import COLUMNS, in_short, one_by_one
from chainsim.kpis import KPIS
from chainsim.statistics import compare
from chainsim.study.csvtext import Cell, csv_bytes


def tables(data: Data) -> dict[str, bytes]:
    """Points, results, replications and differences, by file name."""
    names = [factor.name for factor in data.asked.factors]
    return {
        "factors.csv": csv_bytes(("factor", "path", "unit", "values"), _factors(data)),
        "points.csv": csv_bytes(("point", *names, "status", "events", "message"), _points(data)),
        "results.csv": csv_bytes(
            (
                "point",
                *names,
                "policy",
                "site",
                "product",
                "kpi",
                "unit",
                "value",
                "half_width",
                "low",
                "high",
                "level",
                "n",
            ),
            _results(data),
        ),
        "replications.csv": csv_bytes(
            ("point", *names, "policy", "replication", "site", "product", "kpi", "value", "numerator", "denominator"),
            _replications(data),
        ),
        "differences.csv": csv_bytes(
            (
                "point",
                *names,
                "policy",
                "baseline",
                "site",
                "product",
                "kpi",
                "difference",
                "half_width",
                "verdict",
                "n",
            ),
            _differences(data),
        ),
        "warnings.csv": csv_bytes(COLUMNS, one_by_one(data.asked, data.found)),
    }


def cells(data: Data, i: int) -> tuple[Cell, ...]:
    """The number of a point and its factors' values."""
    point = data.points[i]
    values = (f.cell(value) for f, value in zip(data.asked.factors, point.values, strict=True))
    return (point.number, *values)


def responses_at(data: Data) -> list[Response]:
    """Everything results.csv tells: all measures of the whole network, and what was asked for elsewhere."""
    network = [Response(kpi) for kpi in KPIS.names()]
    return list(dict.fromkeys([*network, *data.asked.watched]))


def unit_of(data: Data, kpi: str) -> str:
    """Its unit in the scenario's words."""
    scenario = data.asked.base.scenario
    return KPIS.get(kpi).unit_text(scenario.currency, scenario.time.unit)


def _factors(data: Data) -> Iterator[Sequence[Cell]]:
    for k, factor in enumerate(data.asked.factors):
        values = dict.fromkeys(str(factor.cell(point.values[k])) for point in data.points)
        yield factor.name, factor.path, factor.unit, "; ".join(values)


def _points(data: Data) -> Iterator[Sequence[Cell]]:
    for i, found in enumerate(data.found):
        status = "failed" if found.failure else "done"
        yield *cells(data, i), status, found.events, found.failure or "; ".join(in_short(data.asked, [found]))


def _results(data: Data) -> Iterator[Sequence[Cell]]:
    for i in data.good:
        for policy in data.asked.alternatives:
            for response in responses_at(data):
                e = data.estimate(i, policy, response)
                place = policy, response.site, response.product, response.kpi, unit_of(data, response.kpi)
                yield *cells(data, i), *place, e.mean, e.half_width, e.low, e.high, e.level, e.n


def _replications(data: Data) -> Iterator[Sequence[Cell]]:
    for i in data.good:
        for policy in data.asked.alternatives:
            for response in data.asked.watched:
                sample = data.sample(i, policy, response)
                if sample is None:
                    continue
                ratio = sample.denominators is not None
                below = sample.denominators or [math.nan] * len(sample)
                above = sample.numerators if ratio else [math.nan] * len(sample)
                for r, (value, a, b) in enumerate(zip(sample.values, above, below, strict=True)):
                    yield *cells(data, i), policy, r, response.site, response.product, response.kpi, value, a, b


def _differences(data: Data) -> Iterator[Sequence[Cell]]:
    """Every policy against the first, on the same customers."""
    baseline, *others = data.asked.alternatives
    for i in data.good:
        for policy in others:
            for response in data.asked.watched:
                ours, theirs = data.sample(i, policy, response), data.sample(i, baseline, response)
                if ours is None or theirs is None:
                    continue
                c = compare(ours, theirs, data.level, KPIS.get(response.kpi).direction)
                place = policy, baseline, response.site, response.product, response.kpi
                yield *cells(data, i), *place, c.difference.mean, c.difference.half_width, c.verdict, c.difference.n
