"""Risk beside means, over replications of the whole network: risk.csv; and service month by month: months.csv.

| statistic | what |
|---|---|
| misses_target | share of replications whose fill rate misses the scenario's target |
| worst_in_20 | one replication in twenty is as bad or worse |
| p10, p50, p90 | eight replications in ten lie between the first and the last |

kpi `fill_rate_worst_month` is the lowest fill rate of any month of a replication. A replication stands for a year where the horizon is
one. Shares have Wilson's interval, quantiles one of order statistics, which is empty where so few replications say nothing about an end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import numpy as np

from chainsim.dated import told
from chainsim.kpis import KPIS, Months, Parts
from chainsim.plan.plan import Plan
from chainsim.statistics import miss_share, quantile, worst_bucket, worst_in
from chainsim.study.csvtext import Cell
from chainsim.study.measuring import Array

RISK = ("policy", "kpi", "statistic", "value", "low", "high", "level", "n", "target")
MONTHS = ("policy", "replication", "month", "start", "demanded", "filled", "fill_rate")
QUANTILES = {"p10": 0.1, "p50": 0.5, "p90": 0.9}
OF = ("fill_rate", "total_cost")
WORST_MONTH = "fill_rate_worst_month"


def risk(
    plans: Sequence[Plan],
    measured: Sequence[Parts],
    months: Sequence[Array],
    targets: Mapping[str, float],
    level: float,
) -> Iterator[Sequence[Cell]]:
    """The rows of risk.csv."""
    names = KPIS.names()
    for plan, own, monthly in zip(plans, measured, months, strict=True):
        values = {id: own.values[:, 0, names.index(id)].tolist() for id in OF}
        if "fill_rate" in targets:
            target = targets["fill_rate"]
            s = miss_share(values["fill_rate"], target, "higher", level)
            yield plan.policy, "fill_rate", "misses_target", s.value, s.low, s.high, level, s.n, target
        if monthly.shape[2]:
            values[WORST_MONTH] = worst_bucket(monthly[:, 1].tolist(), monthly[:, 0].tolist())
        for id, sample in values.items():
            better: Literal["higher", "lower"] = "lower" if id == "total_cost" else "higher"
            told = {
                "worst_in_20": worst_in(sample, 20, better, level),
                **{name: quantile(sample, p, level) for name, p in QUANTILES.items()},
            }
            for statistic, q in told.items():
                yield plan.policy, id, statistic, q.value, q.low, q.high, level, q.n, None


def months_of(plans: Sequence[Plan], months: Sequence[Array], edges: Array) -> Iterator[Sequence[Cell]]:
    """The rows of months.csv."""
    clock = plans[0].clock
    cut = Months.of(edges, clock)
    ticks = edges[cut.buckets[:-1]]
    starts = ((ticks - clock.warm_up) / clock.ticks_per_unit).tolist()
    dates = [[told(clock.start, int(tick))] if clock.start else [] for tick in ticks]
    for plan, monthly in zip(plans, months, strict=True):
        rates = np.where(monthly[:, 0] > 0, monthly[:, 1] / np.where(monthly[:, 0] > 0, monthly[:, 0], 1.0), np.nan)
        for r, (counts, shares) in enumerate(zip(monthly.tolist(), rates.tolist(), strict=True)):
            for m, start in enumerate(starts):
                yield plan.policy, r, m, start, counts[0][m], counts[1][m], shares[m], *dates[m]
