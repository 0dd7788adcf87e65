"""Measures: fill rate, stock, money, bullwhip …, each defined once (`KPIS`), computed from a Record.

`measure(record, plan, detail)` gives every measure at every scope of one replication, `measure_block(view)` those of a
block of replications. A new measure is one function with `@kpi` in one of these files, or in an outside package.
"""

from __future__ import annotations

from chainsim.kpis import money, service, stock, variability, work
from chainsim.kpis.base import KPIS, Kpi, kpi, ratio
from chainsim.kpis.delivery import DELIVERY, delivery_block
from chainsim.kpis.measure import SERIES_NAMES, Measures, bucket_series, measure, measure_block, series_block
from chainsim.kpis.scopes import DETAILS, Detail, Scope, Scopes
from chainsim.kpis.view import View

__all__ = [
    "DELIVERY",
    "DETAILS",
    "KPIS",
    "SERIES_NAMES",
    "Detail",
    "Kpi",
    "Measures",
    "Scope",
    "Scopes",
    "View",
    "bucket_series",
    "delivery_block",
    "kpi",
    "measure",
    "measure_block",
    "money",
    "ratio",
    "series_block",
    "service",
    "stock",
    "variability",
    "work",
]
