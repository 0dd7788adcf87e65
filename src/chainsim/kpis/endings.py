"""What is left over when the life of a product ends."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainsim.kpis.base import kpi
from chainsim.kpis.view import View
from chainsim.plan.plan import Plan

Array = np.ndarray[Any, Any]


def has_endings(plan: Plan) -> bool:
    """Whether the life of any product ends."""
    return bool((plan.ledgers["ends"] >= 0).any())


@kpi(
    "left_over_per_year",
    concerns=has_endings,
    title="Left over",
    unit="units/year",
    direction="lower",
    definition="Units thrown away, or sold for their salvage, because the life of their product had ended, per year.",
    denominator="length of the window",
)
def left_over_per_year(view: View) -> Array:
    return view.total(view.ledger_flow("left_over")) * view.per_year
