"""Levels as a textbook derives them (`derivation: textbook`): normal demand over the mean time an order covers.

Symbols: d and σ mean and standard deviation of demand over one time unit, M protection interval, σ_L standard deviation
of the lead time, D_M demand over M, G its loss function. The forecasting policies take M and σ_L from here too, but of
whole demands (`covered`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from math import sqrt
from typing import TYPE_CHECKING, Literal, cast

from chainsim.policies.base import Derived, PointFacts, Promise, round_up, where
from chainsim.policies.service import ServiceDriven, Target

if TYPE_CHECKING:
    from chainsim.theory.lead_time_demand import Family, LeadTimeDemand

# Theory is imported inside functions: it needs scipy, which workers that load a policy for its rule must not pay for.


def order_up_to_level(
    point: PointFacts, target: Target, family: str, *, one_for_one: bool = False, more_variance: float = 0.0
) -> Derived:
    """S of a base-stock policy. `one_for_one`: every unit is ordered as it is demanded, so that with Poisson demand and
    orders that may cross the units on order are Poisson whatever the lead time's distribution (Palm).
    `more_variance`: variance of net stock beyond that of demand, units²."""
    from chainsim.theory.base_stock import level_for_fill_rate, level_for_service

    palm = one_for_one and family == "auto" and point.poisson and point.crossing and point.demand_interval == 0
    demand = protected_demand(point, "poisson" if palm else family, least_cover(point, target), more_variance)
    try:
        if target.kind == "service":
            exact = level_for_service(demand, target.value)
            formula = _quantile_formula("S", demand)
        else:
            start, end = cycle_demands(point, demand, more_variance)
            exact = level_for_fill_rate(start, end, target.value)
            formula = f"smallest S with 1 − [G_end(S) − G_start(S)] / (E[D_end] − E[D_start]) ≥ β, {_law(demand)}"
    except ValueError as error:
        raise ValueError(f"{where(point)}: {error}") from None
    return Derived(
        "order_up_to_level", "S", round_up(exact, point.whole), exact, "units",
        f"{formula}; {target}", inputs_of(point, demand, target),
    )  # fmt: skip


def reorder_point(point: PointFacts, target: Target, family: str, order_quantity: float) -> Derived:
    """s of (s, Q) and (s, S): D_M against the service target."""
    from chainsim.theory.reorder_point import reorder_point_for_fill_rate, reorder_point_for_service

    demand = protected_demand(point, family)
    try:
        if target.kind == "service":
            exact = reorder_point_for_service(demand, target.value)
            formula = _quantile_formula("s", demand)
        else:
            exact = reorder_point_for_fill_rate(demand, order_quantity, target.value)
            formula = f"smallest s with 1 − [G(s) − G(s + Q)] / Q ≥ β, {_law(demand)}"
    except ValueError as error:
        raise ValueError(f"{where(point)}: {error}") from None
    inputs = dict(inputs_of(point, demand, target))
    if target.kind == "fill_rate":
        inputs["Q"] = order_quantity
    return Derived("reorder_point", "s", round_up(exact, point.whole), exact, "units", f"{formula}; {target}", inputs)


def in_whole_periods(point: PointFacts) -> PointFacts:
    """The same facts with the lead time that a mean over whole demands asks for: mean and deviation of the number of
    demands an order covers, in periods, in place of those of the lead time. As they are in continuous time.

    A lead time of 0 stays 0: who must serve at once asks for `least_cover`.
    """
    from chainsim.policies.stages import same, stage_of
    from chainsim.theory.cover import moments_of

    scaled = stage_of(same(point)) if point.demand_interval > 0.0 else None
    if scaled is None or scaled.stage.rhythm is None or point.lead_mean == 0.0:
        return point
    rhythm = scaled.stage.rhythm
    mean, sd = (x * rhythm.every for x in moments_of(rhythm.until_next(scaled.stage.leads)))
    more = point.review_interval  # what the convention adds to a lead time
    if more > 0.0 and point.review_meets_demand and not point.before_demand:
        more -= point.demand_interval
    return replace(point, lead_mean=max(mean - more, 0.0), lead_sd=sd)


def lateness(point: PointFacts, source: PointFacts) -> float:
    """Time units that a shipment which had to wait at its source takes longer than its lead time in whole demands, since it
    leaves when the source is replenished, between two demands: e·(E⌈u + L/e⌉ − ½ − E⌈L/e⌉), u even on [0, 1].

    0 for lead times spread evenly over whole periods, half a period for constant ones of whole periods; 0 where the source
    is replenished at the instants of demand, or demand comes in continuous time.
    """
    from chainsim.policies.stages import same

    return _lateness(same(point), same(source)) if point.demand_interval > 0.0 else 0.0


@lru_cache(maxsize=2048)  # equal stock points share one
def _lateness(point: PointFacts, source: PointFacts) -> float:
    import numpy as np

    from chainsim.policies.stages import stage_of

    every, own, above = point.demand_interval, stage_of(point), stage_of(source)
    if own is None or above is None:
        return 0.0
    off = above.stage.leads / every
    if float(abs(off - off.round()).max()) < 1e-6:
        return 0.0
    leads = own.stage.leads / every
    starts = (np.arange(16) + 0.5) / 16
    between = float(np.ceil(np.add.outer(starts, leads) - 1e-9).mean()) - 0.5
    return max(every * (between - float(np.ceil(leads - 1e-9).mean())), 0.0)


def protected_demand(point: PointFacts, family: str, least: float = 0.0, more_variance: float = 0.0) -> LeadTimeDemand:
    """D_M, demand over the protection interval, at least `least` long, with `more_variance` added."""
    from chainsim.theory.lead_time_demand import LeadTimeDemand, moments_over

    interval = max(point.protection_interval, least)
    mean, sd = moments_over(interval, point.demand_mean, point.demand_sd, point.lead_sd)
    try:
        return LeadTimeDemand(mean, sqrt(sd**2 + more_variance), family_of(point, family))
    except ValueError as error:
        raise ValueError(f"{where(point)}: {error}") from None


def cycle_demands(
    point: PointFacts, demand: LeadTimeDemand, more_variance: float = 0.0
) -> tuple[LeadTimeDemand, LeadTimeDemand]:
    """Demand from an order until its receipt, and until just before the next order's: the fill rate of base stock.

    Periodic review: the last review interval of D_M is what the order must serve. Continuous review: the next customer,
    or the next period's demand, since each of them leads to an order.
    """
    from chainsim.theory.lead_time_demand import LeadTimeDemand, moments_over

    step = point.review_interval or point.demand_interval
    if step == 0.0:
        size, spread = point.demand_size_mean or 1.0, point.demand_size_sd
        if spread == 0.0:
            return demand, demand.plus(size)
        return demand, LeadTimeDemand(demand.mean + size, sqrt(demand.sd**2 + spread**2), demand.family)
    before = max(demand.mean / point.demand_mean - step, 0.0)
    mean, sd = moments_over(before, point.demand_mean, point.demand_sd, point.lead_sd)
    return LeadTimeDemand(mean, sqrt(sd**2 + more_variance), demand.family), demand


def least_cover(point: PointFacts, target: Target | None = None) -> float:
    """Shortest interval that a level must cover. With a lead time below one period and review after demand, M leaves out
    a demand that waits for no time; it counts where it would be lost, and for a fill rate: who was served at once."""
    counts = point.lost_sales or (target is not None and target.kind == "fill_rate")
    return point.demand_interval if counts else 0.0


def family_of(point: PointFacts, family: str) -> Family:
    """The distribution meant by `auto`: exactly Poisson where it is, the textbook's normal elsewhere."""
    if family == "auto":
        family = "poisson" if point.poisson and point.lead_sd == 0.0 else "normal"
    return cast("Family", family)


def inputs_of(point: PointFacts, demand: LeadTimeDemand, target: Target) -> Mapping[str, float]:
    """What went into a level: the symbols of the formula."""
    return {
        "d": point.demand_mean,
        "σ": point.demand_sd,
        "M": demand.mean / point.demand_mean,
        "σ_L": point.lead_sd,
        target.symbol: target.value,
    }


def _quantile_formula(symbol: str, demand: LeadTimeDemand) -> str:
    if demand.family == "normal":
        return f"{symbol} = d·M + z·√(M·σ² + d²·σ_L²), z = Φ⁻¹(α)"
    return f"smallest {symbol} with P(D_M ≤ {symbol}) ≥ α, {_law(demand)}"


def _law(demand: LeadTimeDemand) -> str:
    """The distribution in words."""
    name = {"poisson": "Poisson", "negative_binomial": "negative binomial"}.get(demand.family, demand.family)
    moments = "mean d·M" if demand.family == "poisson" else "mean d·M, variance M·σ² + d²·σ_L²"
    return f"D_M {name} with {moments}"


def by_two_moments(policy: ServiceDriven, point: PointFacts, target: Target) -> Promise:
    """The promise of a level that follows a forecast: two moments of demand, and its movement left out."""
    unknown = (*point.unknown, "more of demand than its mean and variance")
    by: Literal["moments", "textbook"] = "textbook" if policy.derivation == "textbook" else "moments"
    if target.from_prices:
        return Promise("cost", None, target.origin, by=by, unknown=unknown)
    return Promise(target.kind, target.value, target.origin, by=by, unknown=unknown)
