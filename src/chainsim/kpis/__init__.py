"""Measures: fill rate, stock, money, bullwhip …, each defined once (`KPIS`), computed from a Record.

`measure(record, plan, detail)` gives every measure at every scope of one replication, `measure_block(view)` those of a
block of replications. A new measure is one function with `@kpi` in one of these files, or in an outside package; a new
line of the total cost one with `@cost`, or with `charged` as rates × quantities.
"""

from __future__ import annotations

from chainsim.kpis import (
    ages,
    decay,
    destruction,
    endings,
    excess,
    loads,
    money,
    production,
    records,
    service,
    setups,
    split,
    stock,
    terms,
    variability,
    volume,
    work,
)
from chainsim.kpis.base import KPIS, Kpi, Ratio, cost, cost_lines, kpi, kpis_of, ratio
from chainsim.kpis.charges import Charge, Words, charged
from chainsim.kpis.delivery import DELIVERY, delivery_block
from chainsim.kpis.lanes import LANE_KPIS, lane_block, lane_kpi
from chainsim.kpis.measure import SERIES_NAMES, Measures, Parts, bucket_series, measure, measure_block, series_block
from chainsim.kpis.months import MONTHLY, Months, months_block
from chainsim.kpis.scopes import DETAILS, Detail, Scope, Scopes
from chainsim.kpis.tariff import Rate, Tariff
from chainsim.kpis.view import View

__all__ = [
    "DELIVERY",
    "DETAILS",
    "KPIS",
    "LANE_KPIS",
    "MONTHLY",
    "SERIES_NAMES",
    "Charge",
    "Detail",
    "Kpi",
    "Measures",
    "Months",
    "Parts",
    "Rate",
    "Ratio",
    "Scope",
    "Scopes",
    "Tariff",
    "View",
    "Words",
    "ages",
    "bucket_series",
    "charged",
    "cost",
    "cost_lines",
    "decay",
    "delivery_block",
    "destruction",
    "endings",
    "excess",
    "kpi",
    "kpis_of",
    "lane_block",
    "lane_kpi",
    "loads",
    "measure",
    "measure_block",
    "money",
    "months_block",
    "production",
    "ratio",
    "records",
    "series_block",
    "service",
    "setups",
    "split",
    "stock",
    "terms",
    "variability",
    "volume",
    "work",
]
