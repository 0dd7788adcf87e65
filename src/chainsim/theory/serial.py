"""Serial systems: optimal echelon base-stock and (r, nQ) levels, and the newsvendor bounds.

Stages are numbered downstream first: stage 1 serves the customers, stage N orders from an unlimited supplier. D_i is
the demand over the lead time of stage i, h_i its echelon holding cost (its local rate minus that of stage i + 1), b the
backorder cost. Costs are per time unit. Units in transit to stage i are charged at the local rate of stage i + 1.

Sources: Clark & Scarf (1960), Management Science 6:475-490; Chen & Zheng (1994), Management Science 40:1426-1443 (the
recursion, also with batches); Shang & Song (2003), Management Science 49:618-638 (the bounds).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from math import exp, sqrt

import numpy as np

from chainsim.theory.lattice import (
    FEW_PRODUCTS,
    Array,
    DemandEvent,
    Integers,
    Lattice,
    fill_rate,
    moving_mean,
    step_for,
)
from chainsim.theory.lead_time_demand import moments_over

Cost = Callable[[Integers], Array]  # a cost as a function of a stock level, in lattice steps


@dataclass(frozen=True)
class SerialSystem:
    """A serial system, stage 1 (customers) first.

    lead_times: time from shipment by the stage above to receipt; for a periodic system stage 1's includes the review.
    echelon_holding: h_i ≥ 0, money per unit per time unit. backorder_cost: b > 0, the same unit.
    demand_mean, demand_sd: per time unit, variance growing linearly with time; sd None: Poisson.
    lead_sds: standard deviations of the lead times (none: constant).
    whole: quantities are whole units. grid: lattice step of continuous demand; None: a hundredth of the smallest
    standard deviation.
    """

    lead_times: tuple[float, ...]
    echelon_holding: tuple[float, ...]
    backorder_cost: float
    demand_mean: float
    demand_sd: float | None = None
    lead_sds: tuple[float, ...] = ()
    whole: bool = True
    grid: float | None = None

    def __post_init__(self) -> None:
        if not self.lead_times or len(self.lead_times) != len(self.echelon_holding):
            raise ValueError("a serial system needs one lead time and one echelon holding cost per stage")
        if min(self.echelon_holding) < 0.0 or sum(self.echelon_holding) <= 0.0:
            raise ValueError("echelon holding costs must not be negative, nor all zero")
        if self.backorder_cost <= 0.0 or self.demand_mean <= 0.0 or min(self.lead_times) < 0.0:
            raise ValueError("backorder cost and demand must be positive, lead times at least 0")

    @cached_property
    def demands(self) -> tuple[Lattice, ...]:
        """D_i, the demand over each lead time."""
        sd = sqrt(self.demand_mean) if self.demand_sd is None else self.demand_sd
        lead_sds = self.lead_sds or (0.0,) * len(self.lead_times)
        moments = [
            moments_over(time, self.demand_mean, sd, lead_sd)
            for time, lead_sd in zip(self.lead_times, lead_sds, strict=True)
        ]
        step = self.grid or step_for([m for m, _ in moments], [s for _, s in moments], self.whole)
        return tuple(Lattice.demand(m, s, step, self.whole) for m, s in moments)

    @property
    def step(self) -> float:
        return self.demands[0].step


@dataclass(frozen=True)
class SerialLevels:
    """What a serial system should run with, stage 1 first.

    levels: highest echelon positions: base-stock levels S_i, or r_i + Q_i with batches.
    batches: Q_i; one lattice step (one unit) means base stock. cost: per time unit.
    """

    levels: tuple[float, ...]
    batches: tuple[float, ...]
    cost: float


def optimal_levels(system: SerialSystem, batches: Sequence[float] = ()) -> SerialLevels:
    """Echelon base-stock levels of least cost (exact); with `batches` Q_i, each a multiple of the one below, the
    echelon-stock (r, nQ) policy found stage by stage, its cost exact.

    Shang & Song (2003), Table 1, row 1:

    >>> best = optimal_levels(SerialSystem((0.25,) * 4, (0.25,) * 4, backorder_cost=9.0, demand_mean=16.0))
    >>> best.levels, round(best.cost, 3)
    ((8.0, 13.0, 18.0, 22.0), 12.688)
    """
    return _recursion(system, batches, None)


def cost_of_levels(system: SerialSystem, levels: Sequence[float], batches: Sequence[float] = ()) -> float:
    """Cost per time unit of any echelon levels (S_i, or r_i + Q_i with batches Q_i).

    >>> system = SerialSystem((1.0, 1.5), (1.0, 0.5), backorder_cost=20.0, demand_mean=5.0)
    >>> round(cost_of_levels(system, (6 + 4, 14 + 8), batches=(4, 8)), 4)  # r = (6, 14), Q = (4, 8)
    13.6258
    """
    return _recursion(system, batches, levels).cost


def _recursion(system: SerialSystem, batches: Sequence[float], levels: Sequence[float] | None) -> SerialLevels:
    """C_i(y) = E[h_i (y − D_i) + C̲_{i−1}(y − D_i)], C̲_0(x) = (b + Σh)·x⁻. The position of stage i is spread evenly over
    a window of length Q_i; C̲_i(x) is C_i at x, or where x exceeds the window, at x − nQ_i inside it."""
    step = system.step
    sizes = _sizes(system, batches)
    highest = sum(max(d.last, 0) for d in system.demands) + max(sizes)
    lowest = -sum(max(d.last, 0) for d in system.demands)
    n = np.arange(lowest, highest + 1)
    below: Cost = _penalty(step * (system.backorder_cost + sum(system.echelon_holding)))
    tops: list[int] = []
    cost = 0.0
    for i, (demand, holding, size) in enumerate(zip(system.demands, system.echelon_holding, sizes, strict=True)):
        x = np.arange(lowest - demand.last, highest - demand.first + 1)
        cost_at = _expected(holding * step * x + below(x), demand.mass)
        window = moving_mean(cost_at, size)  # over n[k] … n[k + size − 1]
        if levels is None:
            least = float(window.min())
            # the smallest of equals: where holding downstream costs nothing extra, costs only level off
            k = int(np.argmax(window <= least + 1e-10 * max(1.0, abs(least))))
        else:
            k = round(levels[i] / step) - size + 1 - lowest
        cost = float(window[k])
        tops.append(int(n[k]) + size - 1)
        below = _within(cost_at, lowest, tops[-1], size)
    return SerialLevels(tuple(top * step for top in tops), tuple(size * step for size in sizes), cost)


def _expected(cost: Array, mass: Array) -> Array:
    """E[cost(x − D)] wherever all of D is inside."""
    if len(cost) * len(mass) <= FEW_PRODUCTS:
        return np.convolve(cost, mass, mode="valid")
    from scipy import signal  # a second to load, and seldom needed

    return np.asarray(signal.convolve(cost, mass, mode="valid"), np.float64)


def _penalty(rate: float) -> Cost:
    return lambda n: rate * np.maximum(-n, 0).astype(np.float64)


def _within(cost: Array, lowest: int, top: int, size: int) -> Cost:
    """The cost of a stage as the stage above sees it: its position is at most `top`, and whole batches below otherwise;
    far below, costs are a straight line."""

    def at(n: Integers) -> Array:
        position = np.where(n > top, top - size + 1 + (n - top - 1) % size, n)
        inside = cost[np.maximum(position - lowest, 0)]
        return np.asarray(inside + np.minimum(n - lowest, 0) * (cost[1] - cost[0]), np.float64)

    return at


def _sizes(system: SerialSystem, batches: Sequence[float]) -> list[int]:
    """Batches in lattice steps, at least one; on a coarse lattice still multiples of each other."""
    if not batches:
        return [1] * len(system.lead_times)
    ratios = [up / down for down, up in pairwise(batches)]
    if len(batches) != len(system.lead_times) or any(r < 1.0 or abs(r - round(r)) > 1e-9 for r in ratios):
        raise ValueError("batches: one per stage, each a multiple of the one downstream")
    sizes = [max(1, round(batches[0] / system.step))]
    for ratio in ratios:
        sizes.append(sizes[-1] * round(ratio))
    return sizes


def customer_net_stock(system: SerialSystem, levels: Sequence[float], batches: Sequence[float] = ()) -> Lattice:
    """Distribution of the net stock (on hand − backorders) of stage 1 at a random instant.

    >>> system = SerialSystem((0.25,) * 4, (0.25,) * 4, backorder_cost=9.0, demand_mean=16.0)
    >>> stock = customer_net_stock(system, (8, 13, 18, 22))
    >>> round(1.0 - stock.probability_up_to(0.0), 6)  # ready rate
    0.853016
    """
    step = system.step
    stock: Lattice | None = None
    for level, size, demand in reversed(list(zip(levels, _sizes(system, batches), system.demands, strict=True))):
        top = round(level / step)
        position = Lattice(step, top - size + 1, np.ones(size) / size) if stock is None else _cut(stock, top, size)
        stock = position.plus(demand.negative())
    assert stock is not None
    return stock


def _cut(stock: Lattice, top: int, size: int) -> Lattice:
    """Position of the stage below, given the echelon net stock of this one: n if n ≤ top, else n less whole batches."""
    n = np.arange(stock.first, stock.last + 1)
    position = np.where(n > top, top - size + 1 + (n - top - 1) % size, n)
    first = int(position.min())
    return Lattice(stock.step, first, np.asarray(np.bincount(position - first, weights=stock.mass), np.float64))


def levels_for_fill_rate(
    system: SerialSystem, target: float, event: DemandEvent, batches: Sequence[float] = ()
) -> SerialLevels:
    """Levels of least cost for the smallest backorder cost at which customers' fill rate reaches `target`.

    The system's own backorder cost is not used.

    >>> system = SerialSystem((1.0, 1.5), (1.0, 0.5), backorder_cost=1.0, demand_mean=5.0)
    >>> levels_for_fill_rate(system, 0.95, DemandEvent()).levels
    (10.0, 21.0)
    """
    before = replace(system, lead_times=(max(system.lead_times[0] - event.time, 0.0), *system.lead_times[1:]))
    size = event.size(before.step, system.whole)

    def rate(found: SerialLevels) -> float:
        return fill_rate(customer_net_stock(before, found.levels, batches), size)

    return _least_backorder_cost(system, batches, rate, target)


def levels_for_service_level(system: SerialSystem, target: float, batches: Sequence[float] = ()) -> SerialLevels:
    """Levels of least cost for the smallest backorder cost at which stage 1, its position at its lowest, owes nothing
    with probability `target`. The system's own backorder cost is not used.

    Without batches this is close to b / (b + Σh) = target (van Houtum & Zijm 1991).

    >>> system = SerialSystem((1.0, 1.5), (1.0, 0.5), backorder_cost=1.0, demand_mean=5.0)
    >>> levels_for_service_level(system, 0.95).levels
    (9.0, 20.0)
    """

    def probability(found: SerialLevels) -> float:
        lowest = found.levels[0] - found.batches[0] + system.step
        stock = customer_net_stock(system, (lowest, *found.levels[1:]), (system.step, *found.batches[1:]))
        return 1.0 - stock.probability_up_to(-system.step)

    return _least_backorder_cost(system, batches, probability, target)


def _least_backorder_cost(
    system: SerialSystem, batches: Sequence[float], service: Callable[[SerialLevels], float], target: float
) -> SerialLevels:
    """Optimal levels for the smallest b / Σh (to one per cent) whose service reaches the target."""
    low, high = -4.0, 16.0  # logarithms of b / Σh

    def solved(log_ratio: float) -> SerialLevels:
        backorder_cost = sum(system.echelon_holding) * exp(log_ratio)
        return optimal_levels(replace(system, backorder_cost=backorder_cost), batches)

    best = solved(high)
    while high - low > 0.01:
        middle = (low + high) / 2.0
        found = solved(middle)
        if service(found) >= target:
            best, high = found, middle
        else:
            low = middle
    return best


def shang_song_bounds(system: SerialSystem) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Lower and upper bounds of the optimal echelon base-stock levels (Shang & Song 2003).

    S_i^l = F_i⁻¹((b + Σ_{j>i} h_j) / (b + Σ_j h_j)) and S_i^u = F_i⁻¹((b + Σ_{j>i} h_j) / (b + Σ_{j≥i} h_j)), F_i the
    distribution of demand over the lead times of stages 1 … i.

    >>> shang_song_bounds(SerialSystem((0.25,) * 4, (0.25,) * 4, backorder_cost=9.0, demand_mean=16.0))
    ((8.0, 13.0, 17.0, 21.0), (8.0, 14.0, 19.0, 24.0))
    """
    lower, upper = [], []
    total = Lattice.point(0.0, system.step)
    b, h = system.backorder_cost, system.echelon_holding
    for i, demand in enumerate(system.demands):
        total = total.plus(demand)
        kept = b + sum(h[i + 1 :])
        lower.append(total.quantile(kept / (b + sum(h))))
        upper.append(total.quantile(kept / (kept + h[i])))
    return tuple(lower), tuple(upper)


def shang_song_levels(system: SerialSystem) -> tuple[float, ...]:
    """Shang & Song's heuristic: the mean of the two bounds, in whole units rounded down.

    >>> shang_song_levels(SerialSystem((0.25,) * 4, (0.25,) * 4, backorder_cost=9.0, demand_mean=16.0))
    (8.0, 13.0, 18.0, 22.0)
    """
    means = [(low + up) / 2.0 for low, up in zip(*shang_song_bounds(system), strict=True)]
    return tuple(float(np.floor(m)) if system.whole else m for m in means)


def nested_levels(levels: Sequence[float]) -> tuple[float, ...]:
    """min over the stages j ≥ i of S_j: echelon levels that never exceed those above, with the same sample path.

    >>> nested_levels((9.0, 10.0, 8.0))
    (8.0, 8.0, 8.0)
    """
    nested = []
    least = float("inf")
    for level in reversed(levels):
        least = min(least, level)
        nested.append(least)
    return tuple(reversed(nested))


def local_levels(levels: Sequence[float]) -> tuple[float, ...]:
    """Local base-stock levels with the same sample path as echelon levels (both one-for-one).

    >>> local_levels((8.0, 13.0, 18.0, 22.0))
    (8.0, 5.0, 5.0, 4.0)
    """
    nested = nested_levels(levels)
    return tuple(up - down for down, up in zip((0.0, *nested), nested, strict=False))
