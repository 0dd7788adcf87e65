"""The charts, one file each. A chart registers itself in `CHARTS`; page, files and lists follow from there."""

from __future__ import annotations

from chainsim.report.charts import (
    bullwhip,
    cost_service,
    cost_stack,
    network,
    site_service,
    stock_fan,
    utilisation,
    warm_up,
)
from chainsim.report.charts.base import CHARTS, Chart, Drawing, chart, in_order

__all__ = [
    "CHARTS",
    "Chart",
    "Drawing",
    "bullwhip",
    "chart",
    "cost_service",
    "cost_stack",
    "in_order",
    "network",
    "site_service",
    "stock_fan",
    "utilisation",
    "warm_up",
]
