"""Levels derived from a service target, with the formula that the report shows.

Symbols: d and σ mean and standard deviation of demand over one time unit, M protection interval, σ_L standard deviation
of the lead time, D_M demand over M, G its loss function.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt
from typing import TYPE_CHECKING, cast

from chainsim.policies.base import Derived, PointFacts, round_up
from chainsim.policies.service import Target

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


def reorder_point(
    point: PointFacts, target: Target, family: str, order_quantity: float, undershoot: float = 0.0
) -> Derived:
    """s of (s, Q) and (s, S): D_M, and the undershoot if it is to be covered, against the service target."""
    from chainsim.theory.reorder_point import reorder_point_for_fill_rate, reorder_point_for_service

    demand = protected_demand(point, family).plus(undershoot)
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
    if undershoot > 0.0:
        inputs["U"] = undershoot
        formula += ", mean undershoot U added to D_M"
    return Derived("reorder_point", "s", round_up(exact, point.whole), exact, "units", f"{formula}; {target}", inputs)


def economic_lot(point: PointFacts) -> Derived:
    """Q = √(2KD/h) from the stock point's own order cost, demand and holding cost; √(2KD / (h(1 − D/P))) where a lot is
    made at a finite rate P."""
    from chainsim.theory.eoq import economic_order_quantity, economic_production_quantity

    try:
        if point.production_rate > 0.0:
            costs = (point.order_cost, point.demand_mean, point.holding_cost, point.production_rate)
            exact = economic_production_quantity(*costs).quantity
        else:
            exact = economic_order_quantity(point.order_cost, point.demand_mean, point.holding_cost)
    except ValueError as error:
        cure = "give `order_quantity` (policy s_Q) or the missing cost, or let this stock point use another policy"
        raise ValueError(f"{where(point)}: {error}; {cure}") from None
    inputs = {"K": point.order_cost, "D": point.demand_mean, "h": point.holding_cost}
    formula = "Q = √(2KD/h)"
    if point.production_rate > 0.0:
        formula, inputs["P"] = "Q = √(2KD / (h(1 − D/P)))", point.production_rate
    return Derived("order_quantity", "Q", round_up(exact, point.whole), exact, "units", formula, inputs)


def undershoot_of(point: PointFacts) -> float:
    """Mean undershoot of s: of one customer's demand, or of a review interval's where the review is periodic."""
    from chainsim.theory.s_S import mean_undershoot

    if point.review_interval > 0:
        mean = point.demand_mean * point.review_interval
        return mean_undershoot(mean, point.demand_sd * sqrt(point.review_interval), point.whole)
    return mean_undershoot(point.demand_size_mean, point.demand_size_sd, point.whole)


def given(name: str, symbol: str, value: float) -> Derived:
    """A parameter as the user wrote it; never rounded."""
    return Derived(name, symbol, value, value, "units", "given", {}, given=True)


def echelon_needs(watch: str, level: float | None, key: str) -> list[tuple[str, str, str]]:
    """A problem where the echelon is watched without a given level: what is derived covers the own lead time only."""
    if watch != "echelon" or level is not None:
        return []
    cure = f"give `{key}` (base_stock, s_Q, s_S), or use multi_echelon, which derives levels of echelons"
    return [("watch", f"is echelon, which needs a given `{key}`: a derived one is for the stock point by itself", cure)]


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


def where(point: PointFacts) -> str:
    """The stock point in a sentence."""
    return f"{point.site} / {point.product}"


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
