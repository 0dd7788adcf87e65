"""Set-ups of machines: how many, and how much machine time they take."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainsim.kpis.base import Ratio, kpi
from chainsim.kpis.view import View
from chainsim.kpis.work import of_machines
from chainsim.plan.plan import Plan

Array = np.ndarray[Any, Any]


def has_setups(plan: Plan) -> bool:
    """Whether any machine is set up."""
    return bool((plan.resources["setup"] > 0).any())


@kpi(
    "setups_per_year",
    concerns=has_setups,
    title="Set-ups per year",
    unit="per year",
    direction="lower",
    definition="Set-ups of machines begun, per year, at the stock point that they make for.",
    denominator="length of the window",
)
def setups_per_year(view: View) -> Array:
    return view.total(view.at_target(view.lane_flow("setups"))) * view.per_year


@kpi(
    "setup_share",
    concerns=has_setups,
    title="Share of time set up",
    unit="share",
    direction="lower",
    definition="Machine time that the set-ups begun take ÷ machine time there was. Over several work centres: the plain average.",
    denominator="machines × length of the window",
    undefined="no machine here is set up",
)
def setup_share(view: View) -> Ratio:
    resources = view.plan.resources
    there = resources["machines"] * view.window
    return of_machines(view, view.resource_flow("setup_time"), there, resources["setup"] > 0)
