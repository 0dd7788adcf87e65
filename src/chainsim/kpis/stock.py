"""Stock: averages are time integrals, never means of snapshots."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainsim.kpis.base import Ratio, kpi, ratio
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
    "on_hand_end_mean",
    title="Average stock at the ends of buckets",
    unit="units",
    direction="lower",
    definition="Stock on hand as it stands at the end of a bucket, just before anything that happens at that instant, "
    "averaged over buckets: the end-of-period stock of periodic texts when the bucket is the period.",
    denominator="full buckets",
    bucket="the scenario's bucket; only buckets of full length",
)
def on_hand_end_mean(view: View) -> Array:
    return view.total(view.end_mean("on_hand"))


@kpi(
    "in_transit_mean",
    title="Average stock in transit",
    unit="units",
    direction="lower",
    definition="Time integral of units shipped, or in production from the start of work on them, and not yet received ÷ time, "
    "at the receiver.",
    denominator="length of the window",
)
def in_transit_mean(view: View) -> Array:
    return view.total(view.in_transit) / view.window


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
def turns(view: View) -> Ratio:
    return ratio(_cost_of_goods(view), inventory_value_mean(view))


@kpi(
    "turns_with_in_transit",
    title="Inventory turns, with stock in transit",
    unit="per year",
    direction="higher",
    definition="As `turns`, over the average value of stock on hand and in transit to it (or in production), whoever owns "
    "it, at the receiver's unit cost.",
    denominator="average value of stock on hand and in transit",
    undefined="no stock, or stock without value",
)
def turns_with_in_transit(view: View) -> Ratio:
    return ratio(_cost_of_goods(view), view.total(_on_hand_and_in_transit(view) * view.plan.money.unit_cost))


@kpi(
    "days_of_supply",
    title="Days of supply",
    unit="days",
    direction="lower",
    definition="Average stock on hand ÷ mean daily demand (with abstract periods: ÷ mean demand per period).",
    denominator="mean demand per day (below the network's scope also of downstream sites)",
    undefined="nothing was demanded",
)
def days_of_supply(view: View) -> Ratio:
    return ratio(view.total(view.on_hand), _demanded_per_day(view))


@kpi(
    "days_of_supply_with_in_transit",
    title="Days of supply, with stock in transit",
    unit="days",
    direction="lower",
    definition="Average stock on hand and in transit to it (or in production) ÷ mean daily demand (with abstract periods: "
    "÷ mean demand per period).",
    denominator="mean demand per day (below the network's scope also of downstream sites)",
    undefined="nothing was demanded",
)
def days_of_supply_with_in_transit(view: View) -> Ratio:
    return ratio(view.total(_on_hand_and_in_transit(view)), _demanded_per_day(view))


@kpi(
    "outdated_per_year",
    title="Outdated units per year",
    unit="per year",
    direction="lower",
    definition="Units thrown away at the end of their life, per year.",
    denominator="length of the window",
)
def outdated_per_year(view: View) -> Array:
    return view.total(view.outdated) * view.per_year


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
def outdated_rate(view: View) -> Ratio:
    return ratio(view.total(view.outdated), view.came_in)


def _on_hand_and_in_transit(view: View) -> Array:
    """Average units on hand, and on their way, by stock point."""
    return view.on_hand + view.in_transit / view.window


def _cost_of_goods(view: View) -> Array:
    """Unit cost of what left in a year: to end customers, below the network's scope to downstream sites as well."""
    cost = view.plan.money.unit_cost * view.per_year
    sold = view.flow("filled") + view.flow("backfilled") + view.flow("transshipped")
    return view.total(cost * view.flow("shipped"), network=cost * sold)


def _demanded_per_day(view: View) -> Array:
    """Units demanded per day, or per abstract period."""
    clock = view.plan.clock
    day = clock.ticks_per_unit * (1.0 if clock.unit == "period" else clock.units_per_year / 365.0)
    return view.demanded * (day / view.window)
