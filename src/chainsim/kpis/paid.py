"""What goods cost that were bought at prices by the size of an order, against what a unit is worth (its unit_cost)."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainsim.kpis.view import View
from chainsim.plan.plan import Plan

Array = np.ndarray[Any, Any]


def priced(plan: Plan) -> Array:
    """Whether the units ordered on a lane cost by the size of the order [lanes]."""
    found = np.zeros(len(plan.lanes), bool)
    found[plan.terms["lane"][plan.terms["breaks"] > 0]] = True
    return found


def worth(view: View) -> Array:
    """What a unit is worth where a lane brings it, whatever it cost [lanes]."""
    value: Array = view.plan.money.unit_cost[view.plan.lanes["target"]]
    return value


def bought(view: View) -> Array:
    """What the units ordered on lanes with such prices are worth [replications, lanes]; 0 on others."""
    return np.where(priced(view.plan), view.lane_flow("ordered") * worth(view), 0.0)


def premium(view: View) -> Array:
    """What a unit ordered on a lane cost on average beyond what it is worth [replications, lanes]; below 0: it was cheaper; 0 on lanes
    without such prices, and where nothing was ordered in the window."""
    ordered = view.lane_flow("ordered")
    beyond = view.terms_flow("purchases") - bought(view)
    return np.where(ordered > 0.0, beyond, 0.0) / np.where(ordered > 0.0, ordered, 1.0)


def premium_of_stock(view: View) -> Array:
    """The same of a unit at a stock point, over all its lanes [replications, points]."""
    ordered = view.at_target(view.lane_flow("ordered"))
    beyond = view.at_target(view.terms_flow("purchases") - bought(view))
    return np.where(ordered > 0.0, beyond, 0.0) / np.where(ordered > 0.0, ordered, 1.0)


def buys(plan: Plan) -> Array:
    """Whether units of a stock point may cost something else than they are worth [points]."""
    found = np.zeros(len(plan.points), bool)
    found[plan.lanes["target"][priced(plan)]] = True
    return found


def duty_value(view: View) -> Array:
    """Value of what arrived on each lane: what it cost, or is worth [replications, lanes]."""
    value: Array = view.lane_flow("received") * (worth(view) + premium(view))
    return value
