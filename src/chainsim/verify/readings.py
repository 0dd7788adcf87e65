"""What is read off a replication: any measure of `chainsim.kpis`, and a few numbers that textbooks print and reports do not."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from itertools import groupby
from typing import Any

import numpy as np

from chainsim.errors import UsageError
from chainsim.kpis import KPIS, Scopes, View
from chainsim.plan.plan import Plan
from chainsim.record.audit import audit
from chainsim.record.record import Record
from chainsim.registry import did_you_mean
from chainsim.verify.cases import Reading, Scale

Array = np.ndarray[Any, Any]
Value = float | list[float] | list[list[float]]


class Sight:
    """One replication, and what may be read off it at a place."""

    def __init__(self, record: Record, plan: Plan, scopes: Scopes) -> None:
        self.record, self.plan, self.scopes = record, plan, scopes
        self.view = View(record, plan, scopes)
        self._kpis: dict[str, Array] = {}

    @cached_property
    def length(self) -> float:
        """Length of the window in time units."""
        return self.view.window / self.plan.clock.ticks_per_unit

    def scope(self, place: str) -> int:
        """Which scope a place is; raises UsageError for an unknown one."""
        site, _, product = place.partition("/")
        for i, scope in enumerate(self.scopes.names):
            if (scope.site, scope.product) == (site, product):
                return i
        known = [f"{s.site}/{s.product}".rstrip("/") for s in self.scopes.names]
        raise UsageError(f"no place '{place}' in the network{did_you_mean(place, known)}")

    def kpi(self, name: str, place: str) -> float:
        """A measure of `chainsim.kpis`."""
        if name not in self._kpis:
            self._kpis[name] = KPIS.get(name).compute(self.view)
        return float(self._kpis[name][self.scope(place)])

    def flow(self, column: str, place: str) -> float:
        """Growth of a total of the stock points over the window, summed over the place."""
        return float(self.view.total(self.view.flow(column))[self.scope(place)])

    def series(self, name: str, place: str) -> Array:
        """A bucket series over the window, summed over the place."""
        values: Array = self.view.total(self.view.series(name))[self.scope(place)]
        return values[self.view.full_buckets]

    def points(self, place: str) -> set[int]:
        """Stock points of a place."""
        wanted = self.scope(place)
        return {int(p) for member in self.scopes.members for p in np.flatnonzero(member == wanted)}

    def lines(self, place: str) -> list[Any]:
        """Lines of the event log at a place."""
        assert self.record.log is not None
        points = self.points(place)
        return [line for line in self.record.log if line.point in points]


READINGS: dict[str, Callable[..., Value]] = {}
SCALES: dict[str, Scale] = {}
"""Of each reading, what it is measured against."""
LOGGED: set[str] = set()
"""Readings that need the event log."""


def reading(scale: Scale = "units", *, log: bool = False) -> Callable[[Callable[..., Value]], Callable[..., Value]]:
    """Decorator: offer the function `(sight, place, *arguments)` under its name."""

    def add(function: Callable[..., Value]) -> Callable[..., Value]:
        READINGS[function.__name__] = function
        SCALES[function.__name__] = scale
        if log:
            LOGGED.add(function.__name__)
        return function

    return add


def read(sight: Sight, wanted: Reading) -> Value:
    """The number (or numbers) a reading gives in one replication."""
    if wanted.measure in READINGS:
        return READINGS[wanted.measure](sight, wanted.place, *wanted.arguments)
    return sight.kpi(wanted.measure, wanted.place)


def scale_of(wanted: Reading) -> Scale:
    """What a reading is measured against."""
    if wanted.measure in READINGS:
        return SCALES[wanted.measure]
    unit = KPIS.get(wanted.measure).unit
    return "share" if unit == "share" else "ratio" if unit == "ratio" else "units"


# totals of the window


@reading()
def total(sight: Sight, place: str, column: str) -> float:
    return sight.flow(column, place)


@reading()
def rate(sight: Sight, place: str, column: str) -> float:
    """Growth of a total per time unit."""
    return sight.flow(column, place) / sight.length


@reading()
def ratio(sight: Sight, place: str, above: str, below: str) -> float:
    """Growth of one total ÷ growth of another."""
    return sight.flow(above, place) / sight.flow(below, place)


@reading("share")
def share(sight: Sight, place: str, above: str, below: str) -> float:
    return sight.flow(above, place) / sight.flow(below, place)


@reading()
def cycle_time(sight: Sight, place: str) -> float:
    """Time between orders."""
    return sight.length / sight.flow("orders", place)


@reading("share")
def stockout_fraction(sight: Sight, place: str) -> float:
    return 1.0 - sight.kpi("ready_rate", place)


@reading()
def difference(sight: Sight, place: str, measure: str, other: str) -> float:
    """A measure here less the same measure at another place: 0 when equals are treated alike."""
    return sight.kpi(measure, place) - sight.kpi(measure, other)


@reading("ratio")
def quotient(sight: Sight, place: str, measure: str, other: str) -> float:
    """A measure here ÷ the same measure at another place."""
    return sight.kpi(measure, place) / sight.kpi(measure, other)


@reading()
def ordered_from(sight: Sight, place: str, source: str) -> float:
    """Units ordered per time unit on the lanes from one site."""
    layout = sight.plan.layout
    lanes = sight.record.closing["lanes"]
    origin = np.array([layout.sites[layout.site[p]] if p >= 0 else "" for p in lanes["origin"]])
    return float(sight.view.lane_flow("ordered")[origin == source].sum() / sight.length)


@reading()
def level_mean(sight: Sight, place: str) -> float:
    """Time average of stock less backorders."""
    return sight.kpi("on_hand_mean", place) - sight.kpi("backorders_mean", place)


@reading()
def stock_cost(sight: Sight, place: str, holding: str, backorder: str) -> float:
    """What stock on hand and customers who wait cost per time unit; goods under way are free."""
    stock, waiting = sight.kpi("on_hand_mean", place), sight.kpi("backorders_mean", place)
    return float(holding) * stock + float(backorder) * waiting


@reading()
def ordering_and_transport(sight: Sight, place: str) -> float:
    """What orders cost: so much each, and so much per unit."""
    return sight.kpi("ordering_cost", place) + sight.kpi("transport_cost", place)


@reading()
def beer_cost(sight: Sight, place: str) -> float:
    """The board game's cost: 0.50 a week for a case on hand, 1.00 for one owed, to customers or to the team below."""
    stock, owed = sight.flow("on_hand_time", place), sight.flow("backorder_time", place)
    return (0.5 * stock + owed) / sight.plan.clock.ticks_per_unit


# series


@reading()
def series(sight: Sight, place: str, name: str) -> list[float]:
    """Every bucket, one after the other."""
    return [float(x) for x in sight.series(name, place)]


@reading()
def apart(sight: Sight, place: str, other: str) -> float:
    """Largest difference in any period between the stock, backorders and orders of two places; 0 for one and the same path."""
    names = ("on_hand", "backorders", "ordered")
    return max(float(np.abs(sight.series(n, place) - sight.series(n, other)).max()) for n in names)


@reading()
def end_mean(sight: Sight, place: str, name: str) -> float:
    """Mean over buckets of a series (stock: as it stands at the end of each bucket)."""
    return float(sight.series(name, place).mean())


@reading()
def peak(sight: Sight, place: str, name: str) -> float:
    return float(sight.series(name, place).max())


@reading()
def last_net_stock(sight: Sight, place: str) -> float:
    """On hand less owed at the end."""
    return float(sight.series("on_hand", place)[-1] - sight.series("backorders", place)[-1])


@reading("ratio")
def variance(sight: Sight, place: str, name: str) -> float:
    """Variance over the buckets of a whole history (divided by their number)."""
    return float(sight.series(name, place).var())


@reading("ratio")
def sample_ratio(sight: Sight, place: str, above: str, below: str) -> float:
    """Variance of one series ÷ variance of another, over the buckets there are."""
    return float(sight.series(above, place).var() / sight.series(below, place).var())


@reading("ratio")
def mean_square(sight: Sight, place: str, name: str, centre: str) -> float:
    """Mean squared distance of a series from a known mean."""
    return float(((sight.series(name, place) - float(centre)) ** 2).mean())


@reading("share")
def share_without(sight: Sight, place: str, name: str, every: str = "1", first: str = "0") -> float:
    """Share of the buckets first, first + every, … in which a series is 0 (at whose end it is, for stock and backorders)."""
    return float((sight.series(name, place)[int(first) :: int(every)] == 0).mean())


@reading("share")
def share_met(sight: Sight, place: str) -> float:
    """Share of the buckets in which all that was demanded was filled at once."""
    return float((sight.series("filled", place) >= sight.series("demanded", place)).mean())


@reading()
def history(sight: Sight, place: str, *names: str) -> list[list[float]]:
    """Bucket by bucket: its number and these series, of the place or of another (`ordered@dc`).

    on_order is ordered less received, of a place that begins with nothing on order.
    """
    columns = []
    for name in names:
        what, _, where = name.partition("@")
        if what == "on_order":
            columns.append(
                np.cumsum(sight.series("ordered", where or place) - sight.series("received", where or place))
            )
        else:
            columns.append(sight.series(what, where or place))
    return [[float(k), *map(float, line)] for k, line in enumerate(zip(*columns, strict=True))]


# the event log


@reading(log=True)
def highest_stock(sight: Sight, place: str) -> float:
    """The most there was on the shelf at any time."""
    return max(float(line.on_hand) for line in sight.lines(place))


@reading(log=True)
def position(sight: Sight, place: str) -> float:
    """The inventory position after all that happens at one instant, if it is always the same; else undefined."""
    seen = set()
    for _, lines in groupby(sight.lines(place), key=lambda line: line.tick):
        *_, last = lines
        seen.add(last.on_hand + last.on_order - last.backorders)
    return seen.pop() if len(seen) == 1 else float("nan")


# conservation


@reading()
def imbalance(sight: Sight, place: str) -> float:
    """The largest gap in any balance of units at a stock point, lane or the network."""
    return audit(sight.record, sight.plan).imbalance


@reading()
def order_imbalance(sight: Sight, place: str) -> float:
    """Ordered − received − still on order, the largest over lanes, in the window."""
    first, last = sight.record.opening["lanes"], sight.record.closing["lanes"]
    gap = sum(sign * (last[c] - first[c]) for c, sign in (("ordered", 1), ("received", -1), ("on_order", -1)))
    return float(np.abs(gap).max())


# output series: what the mean of one run is worth


@reading("ratio")
def mean_error_square(sight: Sight, place: str, name: str, centre: str) -> float:
    """Squared error of the mean of a series, about its known mean."""
    return (end_mean(sight, place, name) - float(centre)) ** 2  # type: ignore[operator]


@reading("ratio")
def naive_variance_of_mean(sight: Sight, place: str, name: str) -> float:
    """s²/n, as if the values of a series were independent."""
    values = sight.series(name, place)
    return float(values.var(ddof=1) / len(values))


@reading("ratio")
def batch_variance_of_mean(sight: Sight, place: str, name: str, batches: str) -> float:
    """The same from the means of batches."""
    values = sight.series(name, place)
    means = values.reshape(int(batches), -1).mean(axis=1)
    return float(means.var(ddof=1) / len(means))


@reading("ratio")
def neighbour_product(sight: Sight, place: str, name: str, centre: str, variance: str) -> float:
    """Mean product of neighbouring deviations ÷ the known variance: the correlation of a value with the next."""
    x = sight.series(name, place) - float(centre)
    return float((x[1:] * x[:-1]).mean() / float(variance))
