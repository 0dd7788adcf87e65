"""Money, per year: what happens in the window counts, at the moment it happens.

The order cost is due when the order is placed. A lane's costs belong to the stock point that receives.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from chainsim.kpis.base import MONEY, Cost, Ratio, cost_lines, kpi, ratio
from chainsim.kpis.charges import Charge, Words, at_payer, charged
from chainsim.kpis.paid import bought, buys, premium, premium_of_stock, priced
from chainsim.kpis.view import View
from chainsim.plan.plan import Money, Plan

Array = np.ndarray[Any, Any]


def _receiver(plan: Plan) -> Array:
    target: Array = plan.lanes["target"]
    return target


def _receiver_of_what_moves(plan: Plan) -> Array:
    return np.where(plan.lanes["origin"] < 0, -1, plan.lanes["target"])


def _maker(plan: Plan) -> Array:
    return np.where(plan.lanes["origin"] < 0, plan.lanes["target"], -1)


def _owner(plan: Plan) -> Array:
    return plan.money.in_transit_point


def _value_on_the_way(money: Money) -> tuple[Array, Array]:
    return money.in_transit_value, money.in_transit_rate


_carrying = partial(
    Charge,
    "carrying",
    Words("Carrying a unit", "{currency} a unit and {time}", "unit-{time}s"),
    share_words=Words("Carrying rate", "of value a year", "{currency} of stock"),
)
_A_UNIT = "{currency} a unit"

carrying_cost = charged(
    "carrying_cost",
    _carrying(
        quantity=lambda view: _charged(view, "on_hand", "on_hand_time") / view.window,
        rate=lambda money: money.holding,
        value=lambda money: (money.unit_cost, money.carrying_rate),
    ),
    _carrying(
        quantity=lambda view: view.under_way / view.window,
        rate=lambda money: money.in_transit_holding,
        payer=_owner,
        value=_value_on_the_way,
    ),
    _carrying(
        quantity=lambda view: _charged(view, "on_hand", "on_hand_time") / view.window * premium_of_stock(view),
        rate=lambda money: _known(money.carrying_rate),
        value=lambda money: (np.ones(len(money.carrying_rate)), money.carrying_rate),
        where=lambda plan: buys(plan) & ~np.isnan(plan.money.carrying_rate),
    ),
    _carrying(
        quantity=lambda view: view.under_way / view.window * premium(view),
        rate=lambda money: _known(money.in_transit_rate),
        payer=_owner,
        value=lambda money: (np.ones(len(money.in_transit_rate)), money.in_transit_rate),
        where=lambda plan: priced(plan) & ~np.isnan(plan.money.in_transit_rate),
    ),
    title="Carrying cost",
    definition="Holding cost of stock on hand (over time, or at the ends of buckets: `charge`) and of stock in transit, the "
    "latter charged to `in_transit_owner` (not at all to an outside supplier). Work in process of what is made of components costs what "
    "holding its components costs, until it is finished. Where goods are bought at prices by order size, a carrying rate is charged on the "
    "mean price of the orders.",
    yearly=lambda view: view.plan.clock.units_per_year,
)


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
    "owner pays for it; at unit cost, or at the mean price of the orders where that depends on their size.",
    denominator="length of the window",
)
def charged_value_mean(view: View) -> Array:
    money = view.plan.money
    units = np.where(money.in_transit_holding > 0, view.under_way / view.window, 0.0)
    in_transit = at_payer(view, money.in_transit_point, units * (money.in_transit_value + premium(view)))
    worth = money.unit_cost + premium_of_stock(view)
    on_hand = _charged(view, "on_hand", "on_hand_time") / view.window * worth
    return view.total(on_hand) + view.total(in_transit)


ordering_cost = charged(
    "ordering_cost",
    Charge(
        "order",
        Words("An order", "{currency} an order", "orders"),
        quantity=lambda view: view.lane_flow("orders"),
        rate=lambda money: money.order_cost,
        payer=_receiver,
    ),
    title="Ordering cost",
    definition="Fixed cost × orders placed, production orders included.",
)

setup_cost = charged(
    "setup_cost",
    Charge(
        "setup",
        Words("A set-up", "{currency} a set-up", "set-ups"),
        quantity=lambda view: view.lane_flow("setups"),
        rate=lambda money: money.setup,
        payer=_maker,
    ),
    title="Set-up cost",
    definition="Cost of a set-up × set-ups of machines.",
)

transport_cost = charged(
    "transport_cost",
    Charge(
        "transport",
        Words("Moving a unit", _A_UNIT, "units shipped"),
        quantity=lambda view: view.lane_flow("shipped"),
        rate=lambda money: money.lane_unit_cost,
        payer=_receiver_of_what_moves,
    ),
    title="Transport cost",
    definition="Unit cost of the lane × units shipped on it.",
)

production_cost = charged(
    "production_cost",
    Charge(
        "production",
        Words("Making a unit", _A_UNIT, "units made"),
        quantity=lambda view: view.lane_flow("received"),
        rate=lambda money: money.lane_unit_cost,
        payer=_maker,
    ),
    title="Production cost",
    definition="Unit cost of production × units finished.",
)

shortage_cost = charged(
    "shortage_cost",
    Charge(
        "backorder",
        Words("A unit waited for", "{currency} a unit and {time}", "unit-{time}s of waiting"),
        quantity=lambda view: (
            _charged(view, "customer_backorders", "customer_backorder_time") / view.plan.clock.ticks_per_unit
        ),
        rate=lambda money: money.backorder,
        customers=True,
    ),
    Charge(
        "lost_sale",
        Words("A lost sale", _A_UNIT, "units lost"),
        quantity=lambda view: view.flow("lost"),
        rate=lambda money: money.lost_sale,
        customers=True,
    ),
    title="Shortage cost",
    definition="Backorder cost × time units of end customers' units waiting (over time, or as at the ends of buckets: "
    "`charge`), plus lost-sale cost × units lost.",
    paid=False,
)

emergency_cost = charged(
    "emergency_cost",
    Charge(
        "emergency",
        Words("Emergency supply of a unit", _A_UNIT, "units in emergency"),
        quantity=lambda view: view.flow("emergency"),
        rate=lambda money: money.emergency,
        customers=True,
    ),
    title="Emergency cost",
    definition="Emergency cost of a unit (on top of its value) × units supplied in emergency.",
)

transshipment_cost = charged(
    "transshipment_cost",
    Charge(
        "transshipment",
        Words("Transshipment of a unit", _A_UNIT, "units transshipped"),
        quantity=lambda view: view.flow("transshipped"),
        rate=lambda money: money.transshipment,
        customers=True,
    ),
    title="Transshipment cost",
    definition="Transshipment cost of a unit × units that other sites handed over, at the site whose customers got them.",
)

outdating_cost = charged(
    "outdating_cost",
    Charge(
        "outdating", Words("An outdated unit", _A_UNIT, "units outdated"),
        quantity=lambda view: view.outdated,
        rate=lambda money: money.outdating,
    ),
    title="Outdating cost",
    definition="Cost of an outdated unit (its value, unless `outdating` says otherwise) × units thrown away at the end of "
    "their life.",
)  # fmt: skip


shrinkage_cost = charged(
    "shrinkage_cost",
    Charge(
        "shrinkage",
        Words("A unit lost unseen", _A_UNIT, "units lost unseen"),
        quantity=lambda view: view.ledger_flow("shrunk"),
        rate=lambda money: money.shrinkage,
    ),
    title="Shrinkage cost",
    definition="Cost of a unit lost unseen (its value, unless `loss` says otherwise) × units lost unseen.",
)

decay_cost = charged(
    "decay_cost",
    Charge(
        "decay",
        Words("A unit that decays", _A_UNIT, "units decayed"),
        quantity=lambda view: view.ledger_flow("decayed"),
        rate=lambda money: money.decay,
    ),
    title="Cost of decay",
    definition="Cost of a unit that decays (its value, unless `decay` says otherwise) × units decayed.",
)

destruction_cost = charged(
    "destruction_cost",
    Charge(
        "destruction",
        Words("A unit destroyed", _A_UNIT, "units destroyed"),
        quantity=lambda view: view.ledger_flow("destroyed"),
        rate=lambda money: money.unit_cost,
    ),
    title="Cost of destroyed stock",
    definition="Unit cost × units destroyed in disruptions.",
)

storage_cost = charged(
    "storage_cost",
    Charge(
        "storage",
        Words("Room of a unit", "{currency} a unit and {time}", "unit-{time}s"),
        quantity=lambda view: _charged(view, "on_hand", "on_hand_time") / view.window,
        rate=lambda money: money.storage,
    ),
    title="Storage cost",
    definition="Cost of storing goods of volume 1 (`storage`) × volume of stock on hand, over time or at the ends of buckets (`charge`); beside "
    "carrying cost, and not of what is on its way.",
    yearly=lambda view: view.plan.clock.units_per_year,
)

write_off_cost = charged(
    "write_off_cost",
    Charge(
        "write_off",
        Words("A unit left over", _A_UNIT, "units left over"),
        quantity=lambda view: view.ledger_flow("left_over"),
        rate=lambda money: money.left_over,
    ),
    title="Cost of what is left over",
    definition="What a unit costs that is left over when the life of its product ends (its value, unless `write_off` says otherwise), less "
    "the `salvage` it fetches × units left over, those that arrive later included.",
)

count_cost = charged(
    "count_cost",
    Charge(
        "counting",
        Words("A count", "{currency} a count", "counts"),
        quantity=lambda view: view.ledger_flow("counts"),
        rate=lambda money: money.counting,
    ),
    title="Cost of counting",
    definition="Cost of a count × counts, of one product at one site each.",
)


@kpi(
    "total_cost",
    title="Total cost",
    unit=MONEY,
    direction="lower",
    definition="{cost_lines} (the cost of the goods sold is in it only where their price depends on the size of orders).",
    money=True,
)
def total_cost(view: View) -> Array:
    return _sum_of_lines(view, "paid") + _sum_of_lines(view, "penalty")


@kpi(
    "revenue",
    title="Revenue",
    unit=MONEY,
    direction="higher",
    definition="Unit price × units handed to end customers, less what old units are cheaper where they are marked down.",
    money=True,
)
def revenue(view: View) -> Array:
    cheaper = view.total(view.ledger_flow("marked_down") * view.plan.money.markdown) * view.per_year
    return _sold(view, view.plan.money.unit_price) - cheaper


@kpi(
    "margin",
    title="Margin",
    unit=MONEY,
    direction="higher",
    definition="Revenue − unit cost of what was sold − total cost without the shortage cost and that of stock-outs (penalties nobody "
    "pays in cash). Of goods bought at prices by order size what they cost takes the place of their unit cost.",
    money=True,
)
def margin(view: View) -> Array:
    goods = _sold(view, view.plan.money.unit_cost) - view.total(view.at_target(bought(view))) * view.per_year
    return revenue(view) - goods - _sum_of_lines(view, "paid")


def _known(share: Array) -> Array:
    """A share of value per time unit, 0 where it is none."""
    return np.where(share == share, share, 0.0)


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
