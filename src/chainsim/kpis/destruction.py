"""Stock destroyed in disruptions."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainsim.kpis.base import kpi
from chainsim.kpis.view import View
from chainsim.plan.plan import Plan

Array = np.ndarray[Any, Any]


def has_destruction(plan: Plan) -> bool:
    """Whether any disruption destroys stock."""
    return any(outage["destroys"] > 0.0 for outage in plan.outages)


@kpi(
    "destroyed_per_year",
    concerns=has_destruction,
    title="Destroyed",
    unit="units/year",
    direction="lower",
    definition="Units on hand that disruptions destroyed, per year.",
    denominator="length of the window",
)
def destroyed_per_year(view: View) -> Array:
    return view.total(view.ledger_flow("destroyed")) * view.per_year
