"""What was delivered, as sums: what goes above and below the line of the service asked for, and what tells why it was missed.

Sums, not ratios: over replications numerators and denominators are added up first. One row per scope; where only end
customers count (`Scopes.wide`), only stock points at which they buy.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chainsim.kpis.view import View

Array = np.ndarray[Any, Any]

DELIVERY = (
    "demanded",  # units demanded
    "filled",  # of these, at once
    "cycles",  # replenishment cycles
    "cycles_good",  # of these, without a stock-out
    "lost",  # units lost or supplied from elsewhere (in emergency, by a partner)
    "busy_demanded",  # units end customers demanded in buckets that a season, step or surge makes busy
    "busy_filled",
    "requested",  # units that sites downstream ordered, where these count
    "requests",  # their orders
    "orders",  # orders placed
    "orders_waited",  # of these, not complete at once at the source
    "ordered",  # units ordered
    "sent",  # units that left the source
    "wait_ticks",  # unit-ticks these had waited there
    "shipments",  # shipments that left the source
    "overtook",  # of these, arriving before an earlier one
    "held_ticks",  # ticks that shipments were held so as not to overtake
    "received",  # units received
    "scrapped",  # of these, of no use
    "outdated",  # units thrown away at the end of their life
    "shrunk",  # units lost unseen
    "on_order",  # units on order at the end
)
"""Columns of `delivery_block`."""
AT = {name: i for i, name in enumerate(DELIVERY)}
"""Place of each column."""


def delivery_block(view: View) -> Array:
    """The sums [replications, scopes, DELIVERY] over the window."""
    own = view.customers
    flow, lane = view.flow, view.lane_flow

    def at_shops(values: Array) -> Array:
        return view.total(values, network=values * own)

    cycles, failed = flow("cycles"), flow("cycles_failed")
    columns = {
        "demanded": view.demanded,
        "filled": view.units("filled", "requested_filled"),
        "cycles": at_shops(cycles),
        "cycles_good": at_shops(cycles - failed),
        "lost": at_shops(flow("lost") - flow("lost_early") + flow("emergency") + flow("transshipped")),
        "busy_demanded": _busy(view, "demanded"),
        "busy_filled": _busy(view, "filled"),
        "requested": view.total(flow("requested"), network=0.0 * flow("requested")),
        "requests": view.total(flow("requests"), network=0.0 * flow("requests")),
        "scrapped": at_shops(flow("scrapped")),
        "outdated": at_shops(view.outdated),
        "shrunk": at_shops(view.ledger_flow("shrunk")),
        "on_order": at_shops(view.records.closing["points"]["on_order"].astype(np.float64)),
        "received": at_shops(flow("received")),
        "orders": at_shops(view.at_target(lane("orders"))),
        "sent": at_shops(view.at_target(lane("shipped"))),
    }
    for name in ("orders_waited", "ordered", "wait_ticks", "shipments", "overtook", "held_ticks"):
        columns[name] = at_shops(view.at_target(lane(name)))
    return np.stack([columns[name] for name in DELIVERY], axis=2)


def _busy(view: View, series: str) -> Array:
    """Units of a series within the window's busy buckets, by scope; 0 where demand is level."""
    values = view.series(series)
    if not view.plan.busy.size:
        return np.zeros((len(values), len(view.scopes)))
    chosen = view.plan.busy & (np.asarray(view.records.edges)[:-1] >= view.plan.clock.warm_up)
    if view.plan.grouped:  # all of a group are busy in the same buckets
        chosen = chosen[np.unique(view.plan.points["series_row"], return_index=True)[1]]
    units = view.total(np.ascontiguousarray(np.where(chosen, values, 0.0)).sum(axis=2))
    return np.where(np.isnan(units), 0.0, units)  # a part of the network whose series is not known is not called busy
