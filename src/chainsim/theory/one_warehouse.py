"""One warehouse and N retailers under base stock: exact, METRIC and two-moment stock measures, and their levels.

Every demand at a retailer is ordered one-for-one from the warehouse, which serves first come, first served and orders
one-for-one from an unlimited supplier. N_0 is what the warehouse has outstanding, B_0 = (N_0 − S_0)⁺ its backorders,
of which retailer i waits for a share p_i = λ_i / λ_0; retailer i has B_i + D_i(L_i) outstanding.

Sources: Sherbrooke (1968), Operations Research 16:122-141 (METRIC: the mean delay E[B_0] / λ_0 is added to the lead
time); Graves (1985), Management Science 31:1247-1256 (mean and variance of B_i); Simon (1971), Operations Research
19:1446-1453 (exact: for Poisson demand B_i given B_0 is binomial).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from math import ceil, isclose, sqrt
from typing import Literal

import numpy as np

from chainsim.theory.kept import Kept
from chainsim.theory.lattice import (
    Curve,
    DemandEvent,
    Lattice,
    fill_rate,
    fill_rate_curve,
    mean_shortage,
    probability_curve,
)
from chainsim.theory.lead_time_demand import moments_over

Method = Literal["exact", "metric", "two_moment"]
MOST_TRIED = 41  # warehouse levels compared at once: first over the whole range, then around the best


@dataclass(frozen=True)
class Stream:
    """Demand met by one stocking place over its lead time.

    mean, sd: per time unit, variance growing linearly with time (Poisson: sd = √mean). lead_time, lead_sd: time units.
    step, whole: the lattice of quantities (see `theory.lattice.step_for`). extra_variance: of demand over the lead time,
    for example because it comes in batches.
    """

    mean: float
    sd: float
    lead_time: float
    lead_sd: float = 0.0
    step: float = 1.0
    whole: bool = True
    extra_variance: float = 0.0

    @classmethod
    def poisson(cls, rate: float, lead_time: float) -> Stream:
        return cls(rate, sqrt(rate), lead_time)

    @property
    def lead_mean(self) -> float:
        """Mean demand over the lead time."""
        return self.mean * self.lead_time

    @property
    def lead_variance(self) -> float:
        """Variance of demand over the lead time: Lσ² + d²σ_L²."""
        return moments_over(self.lead_time, self.mean, self.sd, self.lead_sd)[1] ** 2 + self.extra_variance

    def outstanding(self, mean: float = 0.0, variance: float = 0.0) -> Lattice:
        """What is outstanding: demand over the lead time plus a wait of this mean and variance, in units."""
        return Lattice.demand(self.lead_mean + mean, sqrt(self.lead_variance + variance), self.step, self.whole)


@dataclass(frozen=True)
class StockMeasures:
    """Long-run averages of one stocking place: units on hand, units owed, share of units filled at once."""

    on_hand: float
    backorders: float
    fill_rate: float


def warehouse_measures(warehouse: Stream, level: float) -> StockMeasures:
    """Stock measures of the warehouse under base stock S_0 = level (Palm's theorem for Poisson demand).

    >>> measures = warehouse_measures(Stream.poisson(3.5, 2.0), 6)
    >>> round(measures.backorders, 4), round(measures.on_hand, 4), round(measures.fill_rate, 4)
    (1.5933, 0.5933, 0.3007)
    """
    return _measures(warehouse.outstanding(), level)


def retailer_measures(
    warehouse: Stream, warehouse_level: float, retailer: Stream, level: float, method: Method = "exact"
) -> StockMeasures:
    """Stock measures of one retailer of the warehouse. `exact` needs Poisson demand of unit size.

    >>> warehouse, retailer = Stream.poisson(3.5, 2.0), Stream.poisson(1.0, 1.0)
    >>> for method in ("exact", "metric", "two_moment"):
    ...     print(method, round(retailer_measures(warehouse, 6, retailer, 3, method).backorders, 4))
    exact 0.1054
    metric 0.0815
    two_moment 0.1051
    """
    outstanding = retailer_outstanding(warehouse, warehouse_level, retailer, method)
    return _measures(outstanding, level)


def retailer_outstanding(warehouse: Stream, warehouse_level: float, retailer: Stream, method: Method) -> Lattice:
    """Distribution of what a retailer has outstanding: waiting at the warehouse and in transit.

    >>> warehouse, retailer = Stream.poisson(3.5, 2.0), Stream.poisson(1.0, 1.0)
    >>> round(retailer_outstanding(warehouse, 6, retailer, "exact").mean, 4)  # 1.5933/3.5 + 1
    1.4552
    """
    owed = warehouse_backorders(warehouse, warehouse_level)
    if method == "two_moment":
        return _two_moment(warehouse, owed, retailer)
    if method == "metric":
        delay = owed.mean / warehouse.mean
        return retailer.outstanding(retailer.mean * delay, retailer.sd * retailer.sd * delay)
    if not _is_poisson(warehouse) or not _is_poisson(retailer):
        raise ValueError("exact measures of one warehouse and its retailers need Poisson demand")
    return _thinned(owed, retailer.mean / warehouse.mean).plus(Lattice.poisson(retailer.lead_mean))


@dataclass(frozen=True)
class Retailer:
    """A retailer whose level is to be set: its demand, its money, and the service it must give.

    holding_cost, backorder_cost: per unit per time unit. event: one demand of its customers, for the fill rate.
    service_level: P(nothing is owed) wanted, when the position is at its lowest, or if `average` over all positions.
    fill_rate: if given, the goal instead.
    batch: Q of its (r, nQ) rule; one step means base stock.
    late: time units that a shipment which waited takes longer, because it leaves between two demands (`theory.cover`).
    """

    stream: Stream
    holding_cost: float
    backorder_cost: float = 0.0
    service_level: float = 0.95
    average: bool = False
    fill_rate: float | None = None
    event: DemandEvent = field(default_factory=DemandEvent)
    batch: float = 1.0
    late: float = 0.0

    def level(self, warehouse: Stream, owed: Lattice) -> float:
        """Smallest level that gives the service wanted, the warehouse owing as much as `owed`."""
        return self.curve(warehouse, owed).level(self.wanted)

    @property
    def wanted(self) -> float:
        """The service wanted, of the kind that is wanted."""
        return self.service_level if self.fill_rate is None else self.fill_rate

    def curve(self, warehouse: Stream, owed: Lattice) -> Curve:
        """Service of the kind wanted by its level, the warehouse owing as much as `owed`."""
        later = self.late * (1.0 - owed.probability_up_to(0.0)) if self.late else 0.0
        lead_time = self.stream.lead_time + later
        if self.fill_rate is None:
            batch = self.batch if self.average else self.stream.step
            return probability_curve(_two_moment(warehouse, owed, replace(self.stream, lead_time=lead_time)), batch)
        before = replace(self.stream, lead_time=max(lead_time - self.event.time, 0.0))
        event = self.event.size(self.stream.step, self.stream.whole)
        return fill_rate_curve(_two_moment(warehouse, owed, before), event, self.batch)


@dataclass(frozen=True)
class Levels:
    """Base-stock levels of the warehouse and the retailers, and the cost per time unit they were chosen by."""

    warehouse: float
    retailers: tuple[float, ...]
    cost: float


def set_levels(
    warehouse: Stream, warehouse_holding_cost: float, retailers: Sequence[Retailer], warehouse_batch: float = 1.0
) -> Levels:
    """Levels of least holding and backorder cost by METRIC's decomposition, with two-moment backorders.

    For each warehouse level the retailers part: each takes the smallest level that gives its service. Kept is the
    warehouse level of least h_0·E[OH_0] + Σ(h_i·E[OH_i] + b_i·E[B_i]) (Sherbrooke 1968; Graves 1985). With batches the
    position of each is spread evenly over S … S + Q − one step.

    >>> shop = Retailer(Stream.poisson(1.0, 1.0), holding_cost=1.0, fill_rate=0.95)
    >>> levels = set_levels(Stream.poisson(3.0, 2.0), 0.2, [shop, shop, shop])
    >>> levels.warehouse, levels.retailers
    (7.0, (4.0, 4.0, 4.0))
    """
    return _set_levels(warehouse, warehouse_holding_cost, tuple(retailers), warehouse_batch)


@lru_cache(maxsize=512)  # many products go the same way
def _set_levels(
    warehouse: Stream, warehouse_holding_cost: float, retailers: tuple[Retailer, ...], warehouse_batch: float
) -> Levels:
    counts: dict[Retailer, int] = {}  # equal retailers have equal levels
    for retailer in retailers:
        counts[retailer] = counts.get(retailer, 0) + 1
    step = warehouse.step

    def tried(level: int) -> tuple[float, int, tuple[float, ...]]:
        owed = _owed(warehouse, level * step, warehouse_batch)
        on_hand = level * step + (warehouse_batch - step) / 2.0 - warehouse.lead_mean + owed.mean
        cost = warehouse_holding_cost * on_hand
        chosen = []
        for retailer, count in counts.items():
            outstanding, served = _below(warehouse, level * step, warehouse_batch, _whatever_is_wanted(retailer))
            chosen.append(served.level(retailer.wanted))
            short = mean_shortage(outstanding, chosen[-1], retailer.batch)
            held = chosen[-1] + (retailer.batch - step) / 2.0 - outstanding.mean + short
            cost += count * (retailer.holding_cost * held + retailer.backorder_cost * short)
        return cost, level, tuple(chosen)

    highest = ceil(warehouse.outstanding().quantile(0.9999) / step)
    stride = max(1, ceil(highest / (MOST_TRIED - 1)))
    best = min(tried(level) for level in range(0, highest + stride, stride))
    if stride > 1:
        finer = max(1, stride // (MOST_TRIED // 2))
        around = range(max(0, best[1] - stride), best[1] + stride + 1, finer)
        best = min(best, *(tried(level) for level in around))
    cost, level, chosen = best
    of = dict(zip(counts, chosen, strict=True))
    return Levels(level * step, tuple(of[retailer] for retailer in retailers), cost)


def _whatever_is_wanted(retailer: Retailer) -> Retailer:
    """The same for retailers that differ only in how much service they want, and in prices."""
    fill_rate = None if retailer.fill_rate is None else 0.5
    return replace(retailer, holding_cost=0.0, backorder_cost=0.0, service_level=0.5, fill_rate=fill_rate)


_OWED = Kept[Lattice](lambda owed: owed.mass.nbytes)
_BELOW = Kept[tuple[Lattice, Curve]](lambda pair: pair[0].mass.nbytes + pair[1].share.nbytes)
"""A tuning asks for the same warehouses and retailers again and again, with other services wanted."""


def _owed(warehouse: Stream, level: float, batch: float) -> Lattice:
    return _OWED.get((warehouse, level, batch), lambda: warehouse_backorders(warehouse, level, batch))


def _below(warehouse: Stream, level: float, batch: float, retailer: Retailer) -> tuple[Lattice, Curve]:
    """What a retailer has outstanding below a warehouse of this level, and its service by its own level."""

    def found() -> tuple[Lattice, Curve]:
        owed = _owed(warehouse, level, batch)
        return _two_moment(warehouse, owed, retailer.stream), retailer.curve(warehouse, owed)

    return _BELOW.get((warehouse, level, batch, retailer), found)


def warehouse_backorders(warehouse: Stream, level: float, batch: float = 1.0) -> Lattice:
    """Distribution of B_0, what the warehouse owes; its position is spread over level … level + batch − one step.

    >>> round(warehouse_backorders(Stream.poisson(3.5, 2.0), 6).mean, 4)
    1.5933
    """
    step = warehouse.step
    short = _short(warehouse, max(1, round(batch / step)))
    first = short.first - round(level / step)
    owed = np.maximum(np.arange(first, first + len(short.mass)), 0)
    return Lattice(step, 0, np.asarray(np.bincount(owed, weights=short.mass), np.float64))


@lru_cache(maxsize=256)  # whatever the level is
def _short(warehouse: Stream, size: int) -> Lattice:
    """What is outstanding beyond a position that is spread over so many steps from 0 on."""
    position = Lattice(warehouse.step, 0, np.ones(size) / size)
    return warehouse.outstanding().plus(position.negative())


def _two_moment(warehouse: Stream, owed: Lattice, retailer: Stream) -> Lattice:
    """Graves (1985): E[B_i] = p·E[B_0], Var[B_i] = p²·Var[B_0] + p(1 − p)·E[B_0].

    Units that were demanded together wait together: the second term is multiplied by their number, variance / mean."""
    share = retailer.mean / warehouse.mean
    size = max(warehouse.sd * warehouse.sd / warehouse.mean, warehouse.step)
    variance = share * share * owed.variance + share * (1.0 - share) * owed.mean * size
    return retailer.outstanding(share * owed.mean, variance)


def _thinned(owed: Lattice, share: float) -> Lattice:
    """B_i given the distribution of B_0: each unit owed is retailer i's with probability p_i."""
    from scipy import stats  # half a second to load, and no level needs it

    n = np.arange(owed.last + 1)
    return Lattice(1.0, 0, stats.binom.pmf(n[:, None], n[None, :], share) @ owed.mass)


def _is_poisson(stream: Stream) -> bool:
    return (
        stream.whole
        and stream.step == 1.0
        and stream.lead_sd == stream.extra_variance == 0.0
        and isclose(stream.sd * stream.sd, stream.mean)
    )


def _measures(outstanding: Lattice, level: float) -> StockMeasures:
    """Measures under base stock, demand coming in single units (one lattice step)."""
    net = Lattice.point(level, outstanding.step).plus(outstanding.negative())
    unit = Lattice.point(outstanding.step, outstanding.step)
    return StockMeasures(net.shortage(0.0), net.negative().shortage(0.0), fill_rate(net, unit))
