"""Records: how far the books are from the shelf, and what that does."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainsim.kpis.base import Ratio, kpi, ratio
from chainsim.kpis.view import View
from chainsim.plan.plan import Plan

Array = np.ndarray[Any, Any]


def has_records(plan: Plan) -> bool:
    """Whether the books of any stock point may differ from its shelf, or are counted."""
    rows = plan.ledgers
    says = (
        (rows["gap_stream"] >= 0)
        | (rows["misbooking_stream"] >= 0)
        | (rows["count_every"] > 0)
        | (rows["when_empty"] == 1)
    )
    return bool(says.any())


@kpi(
    "record_accuracy",
    concerns=has_records,
    title="Record accuracy",
    unit="share",
    direction="higher",
    definition="Counts that find the books right, within the `tolerance` ÷ counts: inventory record accuracy as cycle counting "
    "reports it.",
    denominator="counts in the window",
    undefined="nothing was counted",
)
def record_accuracy(view: View) -> Ratio:
    return ratio(view.total(view.ledger_flow("counts_right")), view.total(view.ledger_flow("counts")))


@kpi(
    "record_error_mean",
    concerns=has_records,
    title="Average error of records",
    unit="units",
    direction="lower",
    definition="Time integral of |books − shelf| ÷ time, added up over stock points.",
    denominator="length of the window",
)
def record_error_mean(view: View) -> Array:
    return view.total(view.ledger_flow("unseen_time")) / view.window


@kpi(
    "shrinkage_rate",
    concerns=has_records,
    title="Shrinkage",
    unit="share",
    direction="lower",
    definition="Units lost unseen ÷ units received; at the network's scope ÷ units that came in from suppliers and production.",
    denominator="units received in the window",
    undefined="nothing was received",
)
def shrinkage_rate(view: View) -> Ratio:
    return ratio(view.total(view.ledger_flow("shrunk")), view.came_in)


@kpi(
    "phantom_rate",
    concerns=has_records,
    title="Demand short of phantom stock",
    unit="share",
    direction="lower",
    definition="Units that end customers were short of at the shelf while the books had them ÷ units demanded.",
    denominator="units demanded by end customers in the window",
    undefined="nothing was demanded",
)
def phantom_rate(view: View) -> Ratio:
    return ratio(view.total(view.ledger_flow("phantom")), view.total(view.flow("demanded")))


@kpi(
    "phantom_stockouts_per_year",
    concerns=has_records,
    title="Phantom stock-outs per year",
    unit="per year",
    direction="lower",
    definition="Orders of end customers short at the shelf of units that the books had, per year.",
    denominator="length of the window",
)
def phantom_stockouts_per_year(view: View) -> Array:
    return view.total(view.ledger_flow("phantom_lines")) * view.per_year


@kpi(
    "adjustments_value",
    concerns=has_records,
    title="Value of adjustments",
    unit="{currency}/year",
    direction="lower",
    definition="Unit cost × units that counts added to the books or took from them, whichever way, per year.",
    denominator="length of the window",
    money=True,
)
def adjustments_value(view: View) -> Array:
    adjusted = view.ledger_flow("found") + view.ledger_flow("missing")
    return view.total(adjusted * view.plan.money.unit_cost) * view.per_year
