"""What a measure may look at: totals of the statistics window, summed over scopes.

Window = closing − opening totals of the Record. Suppliers of unlimited stock belong to no scope; what their lanes
cost belongs to the stock point that receives. At the network, at each product of it, and at a group of sites where end
customers buy, only these count as demand; at an echelon, a site or a stock point the orders of downstream stock points
count too. What is said below of the network's scope holds for all scopes of the first kind.

A View shows a block of replications at once: the first axis of every array is the replication, the second the stock
point, lane or scope, the third, of series, the bucket.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from chainsim.kpis.scopes import Scopes
from chainsim.plan.buckets import full_buckets
from chainsim.plan.plan import Plan
from chainsim.record.record import SERIES
from chainsim.record.stack import Records, add_up

Array = np.ndarray[Any, Any]
ENDS = {"on_hand": "on_hand_ends", "customer_backorders": "owed_ends"}
"""What stands at the ends of buckets, by series: the total of the stock points that adds it up."""


class View:
    """A block of replications of one Plan, seen through its scopes."""

    def __init__(self, records: Records, plan: Plan, scopes: Scopes) -> None:
        self.records, self.plan, self.scopes = records, plan, scopes
        self.window = float(plan.clock.end - plan.clock.warm_up)
        """Length of the statistics window, ticks."""
        self.per_year = plan.clock.ticks_per_unit * plan.clock.units_per_year / self.window
        """What turns an amount of the window into an amount per year."""
        self._rows = scopes.by_row(plan.points["series_row"]) if plan.grouped else None
        """The scopes over rows of the bucket series, where these are of groups."""
        self._grown: dict[tuple[str, str], Array] = {}

    # by stock point and lane, within the window

    def flow(self, column: str) -> Array:
        """Growth of a total of the stock points over the window [replications, points]."""
        return self._growth("points", column)

    def lane_flow(self, column: str) -> Array:
        """Growth of a total of the lanes over the window [replications, lanes]."""
        return self._growth("lanes", column)

    def resource_flow(self, column: str) -> Array:
        """Growth of a total of the resources over the window [replications, resources]."""
        return self._growth("resources", column)

    def assembly_flow(self, column: str) -> Array:
        """Growth of a total of what is made of components over the window [replications, assemblies]."""
        return self._growth("assemblies", column)

    def aging_flow(self, column: str) -> Array:
        """Growth of a total of stock points where goods keep their age [replications, agings], at all stock points [replications, points]."""
        return add_up(self.plan.agings["point"], self._growth("agings", column), len(self.plan.points))

    def ledger_flow(self, column: str) -> Array:
        """Growth of a total of records over the window, at the stock points that have them [replications, points]."""
        return add_up(self.plan.ledgers["point"], self._growth("ledgers", column), len(self.plan.points))

    def terms_flow(self, column: str) -> Array:
        """Growth of a total of terms of supply over the window, at the lanes that have them [replications, lanes]."""
        terms = self.plan.terms
        if not len(terms):
            return np.zeros((len(self.records), len(self.plan.lanes)))
        return add_up(terms["lane"], self._growth("terms", column), len(self.plan.lanes))

    def at_target(self, by_lane: Array) -> Array:
        """Sums of values [replications, lanes] at the stock points that receive [replications, points]."""
        return add_up(self.plan.lanes["target"], by_lane, len(self.plan.points))

    def _growth(self, table: str, column: str) -> Array:
        key = table, column
        if key not in self._grown:
            closing, opening = self.records.closing[table][column], self.records.opening[table][column]
            self._grown[key] = closing.astype(np.float64) - opening
            self._grown[key].flags.writeable = False  # many measures read it
        return self._grown[key]

    @cached_property
    def customers(self) -> Array:
        """1.0 where end customers buy [points]."""
        return np.asarray(self.plan.layout.customers, np.float64)

    @cached_property
    def produced_on(self) -> Array:
        """Whether a lane is production at the target's own site [lanes]."""
        produced: Array = self.plan.lanes["origin"] < 0
        return produced

    @cached_property
    def came_in(self) -> Array:
        """Units received by scope; where only end customers count, those that came in from outside: from suppliers of
        unlimited stock, from production, and into a group of sites from sites that do not belong to it."""
        origin, received = self.plan.lanes["origin"], self.lane_flow("received")
        outside = self.produced_on | np.asarray(self.plan.layout.unlimited, bool)[origin]
        came = self.total(self.flow("received"), network=self.at_target(np.where(outside, received, 0.0)))
        for region in self.scopes.regions:
            inside = self.scopes.inside(region)
            from_outside = self.produced_on | ~np.isin(origin, inside)
            entered = self.at_target(np.where(from_outside, received, 0.0)).take(inside, axis=1)
            here = np.arange(len(self.scopes)) == region
            came = np.where(here, add_up(np.zeros(len(inside), np.int64), entered, 1), came)
        return came

    @cached_property
    def outdated(self) -> Array:
        """Units thrown away at the end of their own life, and not of their product's [replications, points]."""
        return self.flow("outdated") - self.ledger_flow("left_over")

    @cached_property
    def under_way(self) -> Array:
        """Unit-ticks in transit, and of what is made of components also those of released units that wait for the plant
        [replications, lanes]."""
        in_transit = self.lane_flow("in_transit_time")
        assemblies = self.plan.assemblies
        if not len(assemblies):
            return in_transit
        return in_transit + add_up(assemblies["lane"], self.assembly_flow("at_plant_time"), len(self.plan.lanes))

    # over scopes

    def total(self, values: Array, network: Array | None = None) -> Array:
        """Sums over scopes [replications, scopes] of values [replications, points], or of such by bucket; `network`
        replaces the values at network scopes. Where bucket series are of groups, of values of these as well: NaN at a scope that is
        not made of whole groups."""
        return self._over(values).total(values, network)

    def at_top(self, values: Array) -> Array:
        """As `total`, but at wide scopes only over the most upstream stock points (`Scopes.at_top`)."""
        return self._over(values).at_top(values)

    def reached(self, values: Array) -> Array:
        """As `total`, over the stock points with customers at or downstream of each scope."""
        return self._over(values).reached(values)

    def _over(self, values: Array) -> Scopes:
        """The scopes, over stock points or over rows of the bucket series."""
        rows = self._rows
        return rows if rows is not None and values.shape[1] < len(self.plan.points) else self.scopes

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
        """Average stock on hand [replications, points], units."""
        return self.flow("on_hand_time") / self.window

    @cached_property
    def in_transit(self) -> Array:
        """Unit-ticks in transit to, or in production for, each stock point [replications, points]."""
        return self.at_target(self.lane_flow("in_transit_time"))

    @cached_property
    def waiting(self) -> Array:
        """Units of end customers demanded in the window and still waiting at the end."""
        return self.total(self.records.waiting)

    # bucket series

    def series(self, name: str) -> Array:
        """A bucket series of the Record [replications, points, buckets], or [replications, groups, buckets] (`plan.series`)."""
        values: Array = self.records.series[:, SERIES.index(name)]
        return values

    @cached_property
    def full_buckets(self) -> Array:
        """Which buckets lie in the window with their full length."""
        return full_buckets(np.asarray(self.records.edges), self.plan.clock)

    def end_mean(self, name: str) -> Array:
        """Mean over full buckets of what stands at the end of each [replications, points]; of a name of `ENDS` also where series are
        of groups."""
        if self.plan.grouped:
            added: Array = self.flow(ENDS[name]) / np.float64(self.full_buckets.sum())
            return added
        rows = self._by_full_bucket(self.series(name))
        values: Array = _in_order(rows) / len(rows)
        return values

    @cached_property
    def received_orders(self) -> Array:
        """Units demanded by scope and bucket: customers, and below the network's scope downstream orders."""
        own = self.series("demanded")
        return self.total(own + self.series("requested"), network=own)

    @cached_property
    def placed_orders(self) -> Array:
        """Units ordered by scope and bucket; at the network's scope by the most upstream echelon of each product."""
        return self.at_top(self.series("ordered"))

    @cached_property
    def upstream_received(self) -> Array:
        """As `received_orders`, but at the network's scope those of the most upstream echelon of each product."""
        return self.at_top(self.series("demanded") + self.series("requested"))

    @cached_property
    def net_stock(self) -> Array:
        """Stock on hand less units owed at the end of each bucket; at the network's scope owed to end customers."""
        on_hand = self.series("on_hand")
        return self.total(on_hand - self.series("backorders"), network=on_hand - self.series("customer_backorders"))

    def variance(self, values: Array) -> Array:
        """Variance over full buckets (ddof 1) of values [replications, scopes, buckets]; exactly 0 for a constant, NaN
        with fewer than two buckets."""
        n = int(self.full_buckets.sum())
        if n < 2:
            return np.full(values.shape[:2], np.nan)
        rows = self._by_full_bucket(values)  # the work is done in place
        most, least = rows.max(axis=0), rows.min(axis=0)
        # rounding must not make a variance out of a constant
        constant = most - least <= 1e-9 * np.maximum(np.abs(most), np.abs(least))
        rows -= _in_order(rows) / n
        rows *= rows
        return np.where(constant, 0.0, _in_order(rows) / (n - 1))

    def over_window(self, values: Array) -> Array:
        """Sums over full buckets [replications, rows] of values by bucket [replications, rows, buckets]."""
        added: Array = _in_order(self._by_full_bucket(values))
        return added

    def _by_full_bucket(self, values: Array) -> Array:
        """Values [replications, any, buckets] as one row per full bucket, for `_in_order`."""
        return np.ascontiguousarray(np.moveaxis(values, 2, 0)[self.full_buckets])


def _in_order(rows: Array) -> Array:
    """Sums over rows, each added to those before: a single column NumPy would add by pairs, and the last digit would tell how many
    replications were measured together."""
    summed: Array = np.add.accumulate(rows, axis=0)[-1] if rows.size == len(rows) > 0 else rows.sum(axis=0)
    return summed
