"""What a measure may look at: totals of the statistics window, summed over scopes.

Window = closing − opening totals of the Record. Suppliers of unlimited stock belong to no scope; what their lanes
cost belongs to the stock point that receives. At the network and at each product of it, only end customers count as
demand; at an echelon, a site or a stock point the orders of downstream stock points count too.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from chainsim.kpis.scopes import Scopes
from chainsim.plan.plan import Plan
from chainsim.record.record import SERIES, Record

Array = np.ndarray[Any, Any]


class View:
    """One replication seen through its scopes."""

    def __init__(self, record: Record, plan: Plan, scopes: Scopes) -> None:
        self.record, self.plan, self.scopes = record, plan, scopes
        self.window = float(plan.clock.end - plan.clock.warm_up)
        """Length of the statistics window, ticks."""
        self.per_year = plan.clock.ticks_per_unit * plan.clock.units_per_year / self.window
        """What turns an amount of the window into an amount per year."""

    # by stock point and lane, within the window

    def flow(self, column: str) -> Array:
        """Growth of a total of the stock points over the window."""
        return self._growth("points", column)

    def lane_flow(self, column: str) -> Array:
        """Growth of a total of the lanes over the window."""
        return self._growth("lanes", column)

    def at_target(self, by_lane: Array) -> Array:
        """Sums of values by lane at the stock point that receives."""
        out = np.zeros(len(self.record.closing["points"]))
        np.add.at(out, self.record.closing["lanes"]["target"], by_lane)
        return out

    def _growth(self, table: str, column: str) -> Array:
        growth: Array = self.record.closing[table][column].astype(np.float64) - self.record.opening[table][column]
        return growth

    @cached_property
    def customers(self) -> Array:
        """1.0 where end customers buy, by stock point."""
        return np.asarray(self.plan.layout.customers, np.float64)

    @cached_property
    def produced_on(self) -> Array:
        """By lane: whether it is production at the target's own site."""
        produced: Array = self.record.closing["lanes"]["origin"] < 0
        return produced

    @cached_property
    def came_in(self) -> Array:
        """By lane: units received from outside the network, a supplier of unlimited stock or production."""
        origin = self.record.closing["lanes"]["origin"]
        outside = self.produced_on | np.asarray(self.plan.layout.unlimited, bool)[origin]
        return np.where(outside, self.lane_flow("received"), 0.0)

    # over scopes

    def total(self, values: Array, network: Array | None = None) -> Array:
        """Sums over scopes; `network` replaces the values at network scopes."""
        return self.scopes.total(values, network)

    def units(self, customers: str, downstream: str = "") -> Array:
        """Units (or orders) of end customers, and below the network's scope of downstream stock points as well."""
        own = self.flow(customers)
        return self.total(own + self.flow(downstream) if downstream else own, network=own)

    @cached_property
    def demanded(self) -> Array:
        """Units demanded."""
        return self.units("demanded", "requested")

    @cached_property
    def on_hand(self) -> Array:
        """Average stock on hand by stock point, units."""
        return self.flow("on_hand_time") / self.window

    @cached_property
    def waiting(self) -> Array:
        """Units of end customers demanded in the window and still waiting at the end."""
        return self.total(np.asarray(self.record.waiting, np.float64))

    # bucket series

    def series(self, name: str) -> Array:
        """A bucket series of the Record, by stock point and bucket."""
        values: Array = self.record.series[SERIES.index(name)]
        return values

    @cached_property
    def full_buckets(self) -> Array:
        """Which buckets lie in the window with their full length."""
        edges, clock = np.asarray(self.record.edges), self.plan.clock
        full: Array = (np.diff(edges) == clock.bucket) & (edges[:-1] >= clock.warm_up) & (edges[1:] <= clock.end)
        return full

    @cached_property
    def received_orders(self) -> Array:
        """Units demanded by scope and bucket: customers, and below the network's scope downstream orders."""
        own = self.series("demanded")
        return self.total(own + self.series("requested"), network=own)

    @cached_property
    def placed_orders(self) -> Array:
        """Units ordered by scope and bucket; at the network's scope by the most upstream echelon of each product."""
        placed = self.series("ordered")
        return self.total(placed, network=np.where(self.scopes.most_upstream[:, None], placed, 0.0))

    @cached_property
    def upstream_received(self) -> Array:
        """As `received_orders`, but at the network's scope those of the most upstream echelon of each product."""
        received = self.series("demanded") + self.series("requested")
        return self.total(received, network=np.where(self.scopes.most_upstream[:, None], received, 0.0))

    @cached_property
    def net_stock(self) -> Array:
        """Stock on hand less units owed at the end of each bucket; at the network's scope owed to end customers."""
        on_hand = self.series("on_hand")
        return self.total(on_hand - self.series("backorders"), network=on_hand - self.series("customer_backorders"))

    def variance(self, values: Array) -> Array:
        """Variance over full buckets (ddof 1) by scope; exactly 0 for a constant, NaN with fewer than two buckets."""
        values = values[:, self.full_buckets]
        if values.shape[1] < 2:
            return np.full(len(values), np.nan)
        spread = values.max(axis=1) - values.min(axis=1)
        # rounding must not make a variance out of a constant
        constant = spread <= 1e-9 * np.abs(values).max(axis=1)
        return np.where(constant, 0.0, values.var(axis=1, ddof=1))
