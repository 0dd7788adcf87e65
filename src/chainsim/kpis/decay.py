"""Decay: what is lost of stock that melts away."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainsim.kpis.base import Ratio, kpi, ratio
from chainsim.kpis.view import View
from chainsim.plan.plan import Plan

Array = np.ndarray[Any, Any]


def has_decay(plan: Plan) -> bool:
    """Whether anything decays."""
    return bool((plan.ledgers["decay"] > 0.0).any())


@kpi(
    "decayed_per_year",
    concerns=has_decay,
    title="Decayed",
    unit="units/year",
    direction="lower",
    definition="Units that decayed on the shelf, per year.",
    denominator="length of the window",
)
def decayed_per_year(view: View) -> Array:
    return view.total(view.ledger_flow("decayed")) * view.per_year


@kpi(
    "decayed_rate",
    concerns=has_decay,
    title="Share decayed",
    unit="share",
    direction="lower",
    definition="Units that decayed on the shelf ÷ units received; at the network's scope ÷ units that came in from suppliers and "
    "production.",
    denominator="units received in the window",
    undefined="nothing was received",
)
def decayed_rate(view: View) -> Ratio:
    return ratio(view.total(view.ledger_flow("decayed")), view.came_in)
