"""Stock: averages are time integrals, never means of snapshots."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainsim.kpis.base import kpi, ratio
from chainsim.kpis.view import View

Array = np.ndarray[Any, Any]


@kpi(
    "on_hand_mean",
    title="Average stock on hand",
    unit="units",
    direction="lower",
    definition="Time integral of stock on hand ÷ time.",
    denominator="length of the window",
)
def on_hand_mean(view: View) -> Array:
    return view.total(view.on_hand)


@kpi(
    "in_transit_mean",
    title="Average stock in transit",
    unit="units",
    direction="lower",
    definition="Time integral of units shipped (or in production) and not yet received ÷ time, at the receiver.",
    denominator="length of the window",
)
def in_transit_mean(view: View) -> Array:
    return view.total(view.at_target(view.lane_flow("in_transit_time"))) / view.window


@kpi(
    "inventory_value_mean",
    title="Average inventory value",
    unit="{currency}",
    direction="lower",
    definition="Average stock on hand × unit cost; stock in transit excluded.",
    denominator="length of the window",
)
def inventory_value_mean(view: View) -> Array:
    return view.total(view.on_hand * view.plan.money.unit_cost)


@kpi(
    "turns",
    title="Inventory turns",
    unit="per year",
    direction="higher",
    definition="Cost of goods that left in a year ÷ average inventory value: at the network's scope to end customers, "
    "below it to downstream sites as well.",
    denominator="average inventory value",
    undefined="no stock, or stock without value",
)
def turns(view: View) -> Array:
    cost = view.plan.money.unit_cost * view.per_year
    sold = view.flow("filled") + view.flow("backfilled") + view.flow("transshipped")
    left = view.total(cost * view.flow("shipped"), network=cost * sold)
    return ratio(left, inventory_value_mean(view))


@kpi(
    "days_of_supply",
    title="Days of supply",
    unit="days",
    direction="lower",
    definition="Average stock on hand ÷ mean daily demand (with abstract periods: ÷ mean demand per period).",
    denominator="mean demand per day (below the network's scope also of downstream sites)",
    undefined="nothing was demanded",
)
def days_of_supply(view: View) -> Array:
    clock = view.plan.clock
    day = clock.ticks_per_unit * (1.0 if clock.unit == "period" else clock.units_per_year / 365.0)
    return ratio(view.total(view.on_hand), view.demanded * (day / view.window))


@kpi(
    "outdated_per_year",
    title="Outdated units per year",
    unit="per year",
    direction="lower",
    definition="Units thrown away at the end of their life, per year.",
    denominator="length of the window",
)
def outdated_per_year(view: View) -> Array:
    return view.total(view.flow("outdated")) * view.per_year


@kpi(
    "outdated_rate",
    title="Outdated share",
    unit="share",
    direction="lower",
    definition="Units thrown away at the end of their life ÷ units received; at the network's scope ÷ units that came in "
    "from suppliers and production.",
    denominator="units received in the window",
    undefined="nothing was received",
)
def outdated_rate(view: View) -> Array:
    outdated = view.flow("outdated")
    return ratio(view.total(outdated), view.total(view.flow("received"), network=view.at_target(view.came_in)))
