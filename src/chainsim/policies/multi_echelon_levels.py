"""Levels of one connected group of stock points, by each of `multi_echelon`'s methods.

All theory speaks of base-stock levels S; with batches the position rests between S and S + Q − 1 (whole units), so that
the reorder level is r = S − 1, and S for divisible products.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from math import ceil, sqrt
from statistics import NormalDist

from chainsim.policies.base import Derived, PointFacts, Settings, round_up
from chainsim.policies.multi_echelon_network import Group, Wish, batch_of, goal_of
from chainsim.policies.textbook import in_whole_periods, lateness
from chainsim.rules.position import Watch
from chainsim.theory.eoq import economic_order_quantity
from chainsim.theory.guaranteed_service import place_safety_stock
from chainsim.theory.guaranteed_service_problem import Stage
from chainsim.theory.guaranteed_service_tree import is_forest
from chainsim.theory.lattice import DemandEvent, Lattice, level_for_fill_rate, level_for_probability, step_for
from chainsim.theory.lead_time_demand import moments_over
from chainsim.theory.one_warehouse import Retailer, Stream, set_levels
from chainsim.theory.serial import (
    SerialSystem,
    levels_for_fill_rate,
    levels_for_service_level,
    nested_levels,
    optimal_levels,
)

MOST_IN_BATCH = 100_000  # units: batches of a line beyond it are counted in coarser steps
TREE_STEPS, NETWORK_STEPS = 200, 60  # time steps in the longest path: enough, and soon solved


def levels_of(policy: Wish, group: Group) -> dict[int, Settings]:
    """Settings of every stock point of the group, by index in the network."""
    method = policy.method
    if method == "auto":
        if group.is_serial():
            method = "echelon_base_stock"
        else:
            method = "metric" if group.is_one_warehouse() else "guaranteed_service"
    if method == "echelon_base_stock":
        return echelon_levels(policy, group)
    return metric_levels(policy, group) if method == "metric" else service_levels(policy, group)


def echelon_levels(policy: Wish, group: Group) -> dict[int, Settings]:
    """Clark-Scarf on a line, for the newsvendor ratio's backorder cost, or for the least one that gives the service
    wanted. Raises ValueError when the group is not a line."""
    points = group.points
    if not group.is_serial():
        raise ValueError(
            f"method: echelon_base_stock needs a serial system, but {_name(points[-1])} and what it supplies branch or "
            "have several sources, or the line ends before the customers; use method: auto or guaranteed_service"
        )
    goal = goal_of(policy, points[0])
    local, warnings = _rising_holding(points)
    last = points[0] if policy.derivation == "textbook" else in_whole_periods(points[0])
    system = SerialSystem(
        # reviews at common instants delay the last stage only: the others see its order at once
        (last.protection_interval, *(point.lead_mean for point in points[1:])),
        tuple(here - above for here, above in zip(local, (*local[1:], 0.0), strict=True)),
        local[0] * goal.probability / (1.0 - goal.probability),
        points[0].demand_mean,
        None if points[0].poisson else points[0].demand_sd,
        (last.lead_sd, *(point.lead_sd for point in points[1:])),
        all(point.whole for point in points),
        _coarse([batch_of(policy, point) for point in points]),
    )
    batches = _nested_batches(policy, points, system.step)
    if goal.fill_rate is not None:
        best = levels_for_fill_rate(system, goal.fill_rate, _event(points[0]), batches)
    elif goal.from_cost:
        best = optimal_levels(system, batches)
    else:
        best = levels_for_service_level(system, goal.probability, batches)
    formula = "echelon_base_stock (Clark-Scarf): S_i least cost of E[h_i (y - D_i) + C_(i-1)(min(S_(i-1), y - D_i))]"
    inputs = {"cost per time unit": best.cost}
    settings = {}
    for k, (point, top) in enumerate(zip(points, nested_levels(best.levels), strict=True)):
        size = batches[k] if batches else 0.0
        level = top - size + (1.0 if point.whole and size else 0.0)
        found = {"h_i": system.echelon_holding[k], "mean D_i": system.demands[k].mean, **inputs}
        settings[point.index] = _settings(
            point, level, size, f"{formula}; {goal.reason}", found, echelon=True, warnings=warnings
        )
    return settings


def metric_levels(policy: Wish, group: Group) -> dict[int, Settings]:
    """METRIC on one warehouse and its retailers. Raises ValueError for another shape."""
    points = group.points
    if not group.is_one_warehouse():
        raise ValueError(
            f"method: metric needs one warehouse that alone supplies two or more retailers, unlike {_name(points[-1])} "
            "and what it is linked with; use method: auto or guaranteed_service"
        )
    whole = all(point.whole for point in points)
    met = [_in_whole_periods(policy, p, group.serves_customers(k)) for k, p in enumerate(points)]
    covers = [_cover(p, last=group.serves_customers(k)) for k, p in enumerate(met)]
    moments = [moments_over(time, p.demand_mean, p.demand_sd, p.lead_sd) for p, time in zip(met, covers, strict=True)]
    sizes = [batch_of(policy, point) for point in points]
    lumps = _batch_variance(group, len(points) - 1, sizes)
    sds = [sqrt(sd**2 + (lumps if k == len(points) - 1 else 0.0)) for k, (_, sd) in enumerate(moments)]
    step = step_for([mean for mean, _ in moments], sds, whole, sizes)
    streams = [
        Stream(p.demand_mean, p.demand_sd, time, p.lead_sd, step, whole and step == 1.0)
        for p, time in zip(met, covers, strict=True)
    ]
    goals = [goal_of(policy, point) for point in points]
    costs = _holding(points)
    retailers = [
        Retailer(
            stream,
            cost,
            point.backorder_cost if goal.from_cost else 0.0,
            goal.probability,
            goal.from_cost,
            goal.fill_rate,
            _event(point),
            max(size, step),
            lateness(point, points[-1]) if policy.derivation == "auto" else 0.0,
        )
        for point, stream, goal, cost, size in list(zip(points, streams, goals, costs, sizes, strict=True))[:-1]
    ]
    warehouse = replace(streams[-1], extra_variance=lumps)
    best = set_levels(warehouse, costs[-1], retailers, max(sizes[-1], step))
    settings = {}
    for k, (point, level) in enumerate(zip(points, (*best.retailers, best.warehouse), strict=True)):
        if k < len(retailers):
            formula = f"metric: smallest S for {goals[k].reason}, lead time + mean wait for the warehouse"
        else:
            formula = "metric: S_0 of least holding and backorder cost, the retailers' levels following it"
        inputs = {"d": point.demand_mean, "L": covers[k], "cost per time unit": best.cost}
        settings[point.index] = _settings(point, level, sizes[k], formula, inputs)
    return settings


def service_levels(policy: Wish, group: Group) -> dict[int, Settings]:
    """Guaranteed service on any acyclic group. Upstream stages bound demand as the strictest of those they serve."""
    points = group.points
    goals = [goal_of(policy, point) for point in points]
    probability = [goal.probability if group.serves_customers(k) else 0.0 for k, goal in enumerate(goals)]
    for k, below in enumerate(group.customers_of):  # downstream first, so those below are known
        probability[k] = max([probability[k], *(probability[j] for j in below)])
    met = [_in_whole_periods(policy, p, group.serves_customers(k)) for k, p in enumerate(points)]
    stages = [
        Stage(
            _cover(point, last=group.serves_customers(k)),
            cost,
            point.demand_sd,
            point.demand_mean,
            max(_safety_factor(p), 0.0),
            point.lead_sd,
            service_time=policy.service_time if group.serves_customers(k) else None,
        )
        for k, (point, cost, p) in enumerate(zip(met, _holding(points), probability, strict=True))
    ]
    tree = is_forest(len(stages), group.arcs)
    best = place_safety_stock(stages, group.arcs, steps=TREE_STEPS if tree else NETWORK_STEPS)
    sizes = [batch_of(policy, point) for point in points]
    settings = {}
    for k, (point, stage, tau) in enumerate(zip(points, stages, best.net_replenishment_times, strict=True)):
        goal, size = goals[k], sizes[k]
        inputs = {"SI": best.inbound_times[k], "T": stage.lead_time, "service time": best.service_times[k], "tau": tau}
        if goal.fill_rate is not None and group.serves_customers(k) and policy.service_time == 0.0:
            event = _event(point)
            mean, sd = stage.covered(max(tau - event.time, 0.0))
            level = _level_for_fill_rate(mean, sd, event, goal.fill_rate, size, point.whole)
            formula = f"guaranteed_service: smallest S for {goal.reason} over tau = SI + T - service time"
        else:
            mean, sd = stage.covered(tau)
            if mean > 0.0:  # the orders of those below come in lumps
                sd = sqrt(sd**2 + _batch_variance(group, k, sizes))
            inputs = {**inputs, "z": stage.safety_factor, "mean over tau": mean, "sd over tau": sd}
            formula = "guaranteed_service: S = mean + z·sd of demand over tau = SI + T - service time"
            level = mean + stage.safety_factor * sd
            if size > 0.0 and mean > 0.0 and (goal.from_cost or not group.serves_customers(k)):
                # a batch covers on average over its positions; customers' service level holds at the lowest
                level = _level_for_probability(mean, sd, probability[k], size)
                formula = (
                    "guaranteed_service: demand over tau = SI + T - service time is covered, on average over a batch"
                )
            formula = f"{formula}; {goal.reason}"
        settings[point.index] = _settings(point, level, size, formula, inputs)
    return settings


def _settings(
    point: PointFacts,
    level: float,
    batch: float,
    formula: str,
    inputs: dict[str, float],
    *,
    echelon: bool = False,
    warnings: tuple[str, ...] = (),
) -> Settings:
    """Base stock to `level`, or (r, nQ) with the position never resting below it."""
    base = round_up(level, point.whole)
    unit = 1.0 if point.whole else 0.0
    if point.lost_sales and base < (least := max(unit, 0.0 if batch > 0.0 else min(1.0, point.demand_size_mean))):
        base = least  # r ≥ 0 and S ≥ 1 unit: with lost sales the position never falls below 0
        formula += (
            f"; at least {least - (unit if batch > 0.0 else 0.0):g}: with lost sales the position never falls below 0"
        )
    kind = "echelon " if echelon else ""
    if batch <= 0.0:
        level_shown = Derived(
            f"{kind}base-stock level", "S_e" if echelon else "S", base, level, "units", formula, inputs
        )
        highest = base
        p = (base, 0.0)
        derived: tuple[Derived, ...] = (level_shown,)
    else:
        reorder = base - unit
        exact = batch
        if point.order_cost > 0.0 and point.holding_cost > 0.0:
            exact = economic_order_quantity(point.order_cost, point.demand_mean, point.holding_cost)
        derived = (
            Derived(f"{kind}reorder point", "r_e" if echelon else "r", reorder, level - unit, "units", formula, inputs),
            Derived(
                "order quantity",
                "Q",
                batch,
                exact,
                "units",
                "Q = sqrt(2·K·d / h)" + (", a multiple of the batch downstream" if echelon else ""),
                {"K": point.order_cost, "d": point.demand_mean, "h": point.holding_cost},
            ),
        )
        highest = reorder + batch
        p = (reorder, batch)
    watch: Watch = "echelon" if echelon else "position"
    return Settings(p, highest, derived, wake_at=p[0], watch=watch, warnings=warnings)


def _in_whole_periods(policy: Wish, point: PointFacts, last: bool) -> PointFacts:
    """Who serves customers covers whole demands."""
    return in_whole_periods(point) if last and policy.derivation == "auto" else point


def _cover(point: PointFacts, last: bool) -> float:
    """Time an order must cover: the protection interval. Under periodic review those further up receive orders at the
    common reviews only, and answer at once: with a constant lead time, the whole review intervals that hold it."""
    interval = point.review_interval
    if last or interval <= 0.0 or point.lead_sd > 0.0:
        return point.protection_interval
    return interval * ceil(point.lead_mean / interval - 1e-9)


def _event(point: PointFacts) -> DemandEvent:
    """One demand of the customers: a period's, a review interval's, or a single arrival."""
    time = max(point.review_interval, point.demand_interval)
    if time > 0.0:
        return DemandEvent(point.demand_mean * time, point.demand_sd * sqrt(time), time)
    return DemandEvent(max(point.demand_size_mean, 1e-9), point.demand_size_sd)


def _holding(points: tuple[PointFacts, ...]) -> list[float]:
    """Holding costs; all 1 where nobody gave any, so that units count."""
    costs = [point.holding_cost for point in points]
    return costs if any(cost > 0.0 for cost in costs) else [1.0] * len(points)


def _rising_holding(points: tuple[PointFacts, ...]) -> tuple[list[float], tuple[str, ...]]:
    """Holding costs that never fall towards the customer, as echelon stock needs, with a warning where they did."""
    costs = _holding(points)
    rising = [max(costs[k:]) for k in range(len(costs))]
    if rising == costs:
        return costs, ()
    return rising, ("holding cost falls towards the customer: echelon levels take it as constant from the dearest on",)


def _coarse(batches: list[float]) -> float | None:
    """A step of whole units for batches that would make a lattice without end; None where the usual step will do."""
    largest = max(batches)
    return float(ceil(largest / MOST_IN_BATCH)) if largest > MOST_IN_BATCH else None


def _nested_batches(policy: Wish, points: tuple[PointFacts, ...], step: float) -> list[float]:
    """Batches of a line, each a whole multiple of the one downstream; none when nobody batches. Who does not, below one
    who does, orders single units, or steps of the lattice where the product is divisible."""
    sizes: list[float] = []
    for point in points:
        below = sizes[-1] if sizes else 1.0 if point.whole else step
        sizes.append(max(1.0, round(batch_of(policy, point) / below)) * below)
    return sizes if any(size > (1.0 if points[0].whole else step) for size in sizes) else []


def _batch_variance(group: Group, k: int, sizes: list[float]) -> float:
    """Variance added to demand over a lead time because those below order in batches of Q instead of units: (Q² − 1) / 6
    each, the difference of two positions spread evenly over a batch (Q² / 6 for divisible products)."""
    unit = 1.0 if group.points[k].whole else 0.0
    orders = [group.share(k, j) * sizes[j] for j in group.customers_of[k]]
    return sum(max(q * q - unit, 0.0) / 6.0 for q in orders)


@lru_cache(maxsize=4096)  # the stores of one kind are many and equal
def _level_for_fill_rate(mean: float, sd: float, event: DemandEvent, target: float, batch: float, whole: bool) -> float:
    step = step_for([mean, event.mean], [sd, event.sd], whole, [batch])
    outstanding = Lattice.demand(mean, sd, step, whole)
    return level_for_fill_rate(outstanding, event.size(step, whole), target, max(batch, step))


@lru_cache(maxsize=256)
def _safety_factor(probability: float) -> float:
    """z = Φ⁻¹(probability)."""
    return NormalDist().inv_cdf(probability)


@lru_cache(maxsize=4096)
def _level_for_probability(mean: float, sd: float, probability: float, batch: float) -> float:
    """Lowest position at which a normal demand is covered with this probability on average over the batch."""
    return level_for_probability(
        Lattice.demand(mean, sd, step_for([mean], [sd], False, [batch]), False), probability, batch
    )


def _name(point: PointFacts) -> str:
    return f"{point.site} / {point.product}"
