"""What is read off totals of the window, off the balances and off the event log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from chainsim.kpis import Ratio
from chainsim.record.audit import audit_block
from chainsim.record.record import Event
from chainsim.verify.readings.registry import reading
from chainsim.verify.readings.sight import Found, Sight, Value

# totals of the window


@reading()
def total(sight: Sight, place: str, column: str) -> Found:
    return sight.flow(column, place)


@reading()
def rate(sight: Sight, place: str, column: str) -> Found:
    """Growth of a total per time unit."""
    return sight.flow(column, place) / sight.length


@reading()
def ratio(sight: Sight, place: str, above: str, below: str) -> Found:
    """Growth of one total ÷ growth of another."""
    return Ratio(sight.flow(above, place), sight.flow(below, place))


@reading()
def left_after_loss(sight: Sight, place: str) -> Found:
    """Stock at the ends of periods once what vanishes then has vanished: a bucket is closed before."""
    return sight.kpi("on_hand_end_mean", place) - rate(sight, place, "shrunk")


@reading()
def cycle_time(sight: Sight, place: str) -> Found:
    """Time between orders."""
    orders = sight.flow("orders", place)
    return Ratio(np.full_like(orders, sight.length), orders)


@reading()
def cycle_years(sight: Sight, place: str) -> Found:
    """Years between orders."""
    orders = sight.kpi("orders_per_year", place)
    return Ratio(np.ones_like(orders), orders)


@reading("share")
def stockout_fraction(sight: Sight, place: str) -> Found:
    return 1.0 - sight.kpi("ready_rate", place)


@reading()
def difference(sight: Sight, place: str, measure: str, other: str) -> Found:
    """A measure here less the same measure at another place: 0 when equals are treated alike."""
    return sight.kpi(measure, place) - sight.kpi(measure, other)


@reading("ratio")
def quotient(sight: Sight, place: str, measure: str, other: str) -> Found:
    """A measure here ÷ the same measure at another place."""
    return Ratio(sight.kpi(measure, place), sight.kpi(measure, other))


@reading()
def ordered_from(sight: Sight, place: str, source: str) -> Found:
    """Units ordered per time unit on the lanes from one site."""
    layout = sight.plan.layout
    origin = np.array([layout.sites[layout.site[p]] if p >= 0 else "" for p in sight.plan.lanes["origin"]])
    return sight.view.lane_flow("ordered")[:, origin == source].sum(axis=1) / sight.length


@reading()
def level_mean(sight: Sight, place: str) -> Found:
    """Time average of stock less backorders."""
    return sight.kpi("on_hand_mean", place) - sight.kpi("backorders_mean", place)


@reading()
def stock_cost(sight: Sight, place: str, holding: str, backorder: str) -> Found:
    """What stock on hand and customers who wait cost per time unit; goods under way are free."""
    stock, waiting = sight.kpi("on_hand_mean", place), sight.kpi("backorders_mean", place)
    return float(holding) * stock + float(backorder) * waiting


@reading()
def ordering_and_transport(sight: Sight, place: str) -> Found:
    """What orders cost: so much each, and so much per unit."""
    return sight.kpi("ordering_cost", place) + sight.kpi("transport_cost", place)


@reading()
def beer_cost(sight: Sight, place: str) -> Found:
    """The board game's cost: 0.50 a week for a case on hand, 1.00 for one owed, to customers or to the team below."""
    stock, owed = sight.flow("on_hand_time", place), sight.flow("backorder_time", place)
    return (0.5 * stock + owed) / sight.plan.clock.ticks_per_unit


# conservation


@reading()
def imbalance(sight: Sight, place: str) -> Found:
    """The largest gap in any balance of units at a stock point, lane or the network."""
    return [report.imbalance for report in audit_block(sight.records, sight.plan)]


@reading()
def order_imbalance(sight: Sight, place: str) -> Found:
    """Ordered − received − still on order, the largest over lanes, in the window."""
    first, last = sight.records.opening["lanes"], sight.records.closing["lanes"]
    parts = [sign * (last[c] - first[c]) for c, sign in (("ordered", 1), ("received", -1), ("on_order", -1))]
    return np.abs(sum(parts)).max(axis=1)


# the event log


@reading(log=True)
def highest_stock(sight: Sight, place: str) -> Found:
    """The most there was on the shelf, seen after all that happens at one instant."""
    return [max(line.on_hand for line in _settled(lines)) for lines in sight.lines(place)]


@reading(log=True)
def position(sight: Sight, place: str) -> Found:
    """The inventory position after all that happens at one instant, if it is always the same; else undefined."""
    found: list[Value] = []
    for lines in sight.lines(place):
        seen = {line.on_hand + line.on_order - line.backorders for line in _settled(lines)}
        found.append(seen.pop() if len(seen) == 1 else float("nan"))
    return found


def _settled(lines: Sequence[Event]) -> Iterable[Event]:
    """The last line of every instant."""
    return {line.tick: line for line in lines}.values()
