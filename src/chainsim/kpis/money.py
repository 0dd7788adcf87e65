"""Money, per year: what happens in the window counts, at the moment it happens.

The order cost is due when the order is placed. A lane's costs belong to the stock point that receives.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chainsim.kpis.base import MONEY, Cost, Ratio, cost, cost_lines, kpi, ratio
from chainsim.kpis.view import View
from chainsim.record.stack import add_up

Array = np.ndarray[Any, Any]


@cost(
    "carrying_cost",
    title="Carrying cost",
    definition="Holding cost of stock on hand (over time, or at the ends of buckets: `charge`) and of stock in transit, the "
    "latter charged to `in_transit_owner` (not at all to an outside supplier).",
)
def carrying_cost(view: View) -> Array:
    money, clock = view.plan.money, view.plan.clock
    on_hand = view.total(_charged(view, "on_hand", "on_hand_time") / view.window * money.holding)
    in_transit = _at_owner(view, view.lane_flow("in_transit_time") / view.window * money.in_transit_holding)
    return (on_hand + in_transit) * clock.units_per_year


@kpi(
    "carrying_cost_rate",
    title="Carrying cost, share of stock value",
    unit="per year",
    direction="none",
    definition="Carrying cost per year ÷ average value of the stock it is charged on (on hand, and in transit where "
    "an owner pays for it).",
    denominator="average value of stock on hand and of charged stock in transit, at unit cost",
    undefined="no stock, or stock without value",
)
def carrying_cost_rate(view: View) -> Ratio:
    return ratio(carrying_cost(view), charged_value_mean(view))


@kpi(
    "charged_value_mean",
    title="Cash in stock",
    unit="{currency}",
    direction="lower",
    definition="Average value of the stock that carrying cost is charged on: on hand, and on the road or in production where an "
    "owner pays for it; at unit cost.",
    denominator="length of the window",
)
def charged_value_mean(view: View) -> Array:
    money = view.plan.money
    units = np.where(money.in_transit_holding > 0, view.lane_flow("in_transit_time") / view.window, 0.0)
    in_transit = _at_owner(view, units * money.unit_cost[money.in_transit_point])
    on_hand = view.total(_charged(view, "on_hand", "on_hand_time") / view.window * money.unit_cost)
    return on_hand + in_transit


@cost(
    "ordering_cost",
    title="Ordering cost",
    definition="Fixed cost × orders placed, production orders included.",
)
def ordering_cost(view: View) -> Array:
    return _at_receiver(view, view.lane_flow("orders") * view.plan.money.order_cost)


@cost(
    "transport_cost",
    title="Transport cost",
    definition="Unit cost of the lane × units shipped on it.",
)
def transport_cost(view: View) -> Array:
    units = np.where(view.produced_on, 0.0, view.lane_flow("shipped"))
    return _at_receiver(view, units * view.plan.money.lane_unit_cost)


@cost(
    "production_cost",
    title="Production cost",
    definition="Unit cost of production × units finished.",
)
def production_cost(view: View) -> Array:
    units = np.where(view.produced_on, view.lane_flow("received"), 0.0)
    return _at_receiver(view, units * view.plan.money.lane_unit_cost)


@cost(
    "shortage_cost",
    title="Shortage cost",
    definition="Backorder cost × time units of end customers' units waiting (over time, or as at the ends of buckets: "
    "`charge`), plus lost-sale cost × units lost.",
    paid=False,
)
def shortage_cost(view: View) -> Array:
    money, clock = view.plan.money, view.plan.clock
    waiting = _charged(view, "customer_backorders", "customer_backorder_time") / clock.ticks_per_unit * money.backorder
    return view.total(waiting + view.flow("lost") * money.lost_sale) * view.per_year


@cost(
    "emergency_cost",
    title="Emergency cost",
    definition="Emergency cost of a unit (on top of its value) × units supplied in emergency.",
)
def emergency_cost(view: View) -> Array:
    return view.total(view.flow("emergency") * view.plan.money.emergency) * view.per_year


@cost(
    "transshipment_cost",
    title="Transshipment cost",
    definition="Transshipment cost of a unit × units that other sites handed over, at the site whose customers got them.",
)
def transshipment_cost(view: View) -> Array:
    return view.total(view.flow("transshipped") * view.plan.money.transshipment) * view.per_year


@cost(
    "outdating_cost",
    title="Outdating cost",
    definition="Cost of an outdated unit (its value, unless `outdating` says otherwise) × units thrown away at the end of "
    "their life.",
)
def outdating_cost(view: View) -> Array:
    return view.total(view.flow("outdated") * view.plan.money.outdating) * view.per_year


@kpi(
    "total_cost",
    title="Total cost",
    unit=MONEY,
    direction="lower",
    definition="{cost_lines} (the cost of the goods sold is not in it).",
    money=True,
)
def total_cost(view: View) -> Array:
    return _sum_of_lines(view, "paid") + _sum_of_lines(view, "penalty")


@kpi(
    "revenue",
    title="Revenue",
    unit=MONEY,
    direction="higher",
    definition="Unit price × units handed to end customers.",
    money=True,
)
def revenue(view: View) -> Array:
    return _sold(view, view.plan.money.unit_price)


@kpi(
    "margin",
    title="Margin",
    unit=MONEY,
    direction="higher",
    definition="Revenue − unit cost of what was sold − total cost without the shortage cost (a penalty nobody pays "
    "in cash).",
    money=True,
)
def margin(view: View) -> Array:
    return revenue(view) - _sold(view, view.plan.money.unit_cost) - _sum_of_lines(view, "paid")


def _charged(view: View, series: str, time: str) -> Array:
    """Unit-ticks that holding and backorder costs are charged on: what stood over time, or at the ends of buckets."""
    return view.end_mean(series) * view.window if view.plan.money.bucket_ends else view.flow(time)


def _sum_of_lines(view: View, kind: Cost) -> Array:
    """The cost lines of a kind; there is at least one of each, and none is a ratio."""
    found: list[Any] = [line.compute(view) for line in cost_lines(kind)]
    lines: list[Array] = [np.multiply(values, 1.0) for values in found]
    return sum(lines[1:], start=lines[0])


def _sold(view: View, amount: Array) -> Array:
    """Amount per unit × units handed to end customers, per year."""
    handed_over = view.flow("filled") + view.flow("backfilled") + view.flow("emergency") + view.flow("transshipped")
    return view.total(handed_over * amount) * view.per_year


def _at_receiver(view: View, amount: Array) -> Array:
    """Amounts by lane, per year, at the stock points that receive."""
    return view.total(view.at_target(amount)) * view.per_year


def _at_owner(view: View, amount: Array) -> Array:
    """Amounts by lane at the stock points that own what is in transit."""
    owner = view.plan.money.in_transit_point
    owned = np.flatnonzero(owner >= 0)
    return view.total(add_up(owner[owned], amount[:, owned], len(view.plan.points)))
