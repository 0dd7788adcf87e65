"""What stock is for: cycle stock comes of lots, safety stock is what lies there besides, the pipeline is on its way.

E. A. Silver, D. F. Pyke, D. J. Thomas 2017, Inventory and Production Management in Supply Chains, ch. 2.4: half a lot on average
is cycle stock. Told of the stock that was there, not of the levels that were meant. Stock built up ahead of a season or a
shutdown lies there besides, and is counted with the safety stock: no record says which unit waits for what.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chainsim.kpis.base import kpi
from chainsim.kpis.view import View

Array = np.ndarray[Any, Any]


@kpi(
    "cycle_stock_value",
    title="Value of cycle stock",
    unit="{currency}",
    direction="lower",
    definition="Half of the mean order of each stock point, but no more than lies there on average, at unit cost: stock that comes of "
    "ordering in lots. With `safety_stock_value` it is the average inventory value.",
    denominator="orders of the window",
)
def cycle_stock_value(view: View) -> Array:
    return view.total(_cycle_stock(view) * view.plan.money.unit_cost)


@kpi(
    "safety_stock_value",
    title="Value of safety stock",
    unit="{currency}",
    direction="lower",
    definition="Average stock on hand beyond the cycle stock, at unit cost: what is held in case, and what is built up ahead of a season "
    "or a shutdown.",
    denominator="length of the window",
)
def safety_stock_value(view: View) -> Array:
    return view.total((view.on_hand - _cycle_stock(view)) * view.plan.money.unit_cost)


@kpi(
    "pipeline_value",
    title="Value of stock on its way",
    unit="{currency}",
    direction="lower",
    definition="Average units shipped and not yet received, or in production, at the receiver's unit cost, whoever owns them.",
    denominator="length of the window",
)
def pipeline_value(view: View) -> Array:
    return view.total(view.at_target(view.under_way) / view.window * view.plan.money.unit_cost)


def _cycle_stock(view: View) -> Array:
    """Units [replications, points]; none where nothing was ordered."""
    lot = view.flow("ordered") / np.maximum(view.flow("orders"), 1.0)
    return np.minimum(0.5 * lot, view.on_hand)
