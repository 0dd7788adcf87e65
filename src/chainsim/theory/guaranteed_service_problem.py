"""The problem of guaranteed service: stages, their network, and the same on a grid of time (`theory.guaranteed_service`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import erf, exp, floor, gcd, lcm, pi, sqrt

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Stage:
    """One stage.

    lead_time, lead_sd: T, time units (mean and standard deviation). holding_cost: h, per unit per time unit.
    demand_mean, demand_sd: pooled end demand per time unit (see `pooled_sds`). safety_factor: z of the demand bound.
    inbound: service time of its outside supplier. service_time: longest it may quote its customers; None: no customers.
    """

    lead_time: float
    holding_cost: float
    demand_sd: float
    demand_mean: float = 0.0
    safety_factor: float = 1.0
    lead_sd: float = 0.0
    inbound: float = 0.0
    service_time: float | None = None

    def covered(self, tau: float) -> tuple[float, float]:
        """Mean and standard deviation of the demand over a net replenishment time of mean tau.

        With a random lead time the net replenishment time is X⁺, X normal with mean tau and the lead time's deviation:
        the variance is σ²·E[X⁺] + d²·Var[X⁺] (Humair et al. 2013).
        """
        mean, variance = tau, 0.0
        if self.lead_sd > 0.0:
            u = tau / self.lead_sd
            density, below = exp(-u * u / 2.0) / sqrt(2.0 * pi), (1.0 + erf(u / sqrt(2.0))) / 2.0
            mean = tau * below + self.lead_sd * density
            variance = max(
                (tau * tau + self.lead_sd * self.lead_sd) * below + tau * self.lead_sd * density - mean * mean, 0.0
            )
        return self.demand_mean * mean, sqrt(
            self.demand_sd * self.demand_sd * mean + self.demand_mean * self.demand_mean * variance
        )

    def safety_stock(self, tau: float) -> float:
        """z·σ·√τ, units."""
        return self.safety_factor * self.covered(tau)[1]


@dataclass(frozen=True)
class Problem:
    """The same problem on a time grid: all times in whole steps, and what each net replenishment time would cost.

    longest: M_k, the longest time stage k can take to deliver (over its suppliers' paths).
    promised: longest service time it may quote (M_k where it has no customers).
    """

    step: float
    lead_times: tuple[int, ...]
    inbound: tuple[int, ...]
    longest: tuple[int, ...]
    promised: tuple[int, ...]
    costs: tuple[Array, ...]  # costs[k][τ], τ = 0 … longest[k]
    arcs: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, stages: Sequence[Stage], arcs: Sequence[tuple[int, int]], steps: int) -> Problem:
        count = len(stages)
        suppliers = suppliers_of(count, arcs)
        order = topological_order(count, arcs)

        def longest(lead: Sequence[float], inbound: Sequence[float]) -> list[float]:
            path = [0.0] * count
            for k in order:
                path[k] = lead[k] + max([inbound[k], *(path[i] for i in suppliers[k])])
            return path

        reach = max(longest([s.lead_time for s in stages], [s.inbound for s in stages]))
        times = [t for s in stages for t in (s.lead_time, s.inbound, s.service_time or 0.0)]
        step = _time_step(times, reach, steps)
        lead = [floor(s.lead_time / step + 1e-9) for s in stages]
        inbound = [floor(s.inbound / step + 1e-9) for s in stages]
        path = [int(m) for m in longest(lead, inbound)]
        promised = [
            m if s.service_time is None else min(m, floor(s.service_time / step + 1e-9))
            for s, m in zip(stages, path, strict=True)
        ]
        costs = tuple(
            s.holding_cost * np.array([s.safety_stock(step * tau) for tau in range(m + 1)])
            for s, m in zip(stages, path, strict=True)
        )
        unique = tuple(sorted(set(arcs)))
        return cls(step, tuple(lead), tuple(inbound), tuple(path), tuple(promised), costs, unique)


def suppliers_of(count: int, arcs: Sequence[tuple[int, int]]) -> list[list[int]]:
    """The suppliers of each stage.

    >>> suppliers_of(3, [(0, 2), (1, 2)])
    [[], [], [0, 1]]
    """
    suppliers: list[list[int]] = [[] for _ in range(count)]
    for supplier, customer in sorted(set(arcs)):
        suppliers[customer].append(supplier)
    return suppliers


def topological_order(count: int, arcs: Sequence[tuple[int, int]]) -> list[int]:
    """Stages, suppliers before customers. Raises ValueError when arcs run in a circle.

    >>> topological_order(3, [(2, 1), (1, 0)])
    [2, 1, 0]
    """
    waiting = [len(s) for s in suppliers_of(count, arcs)]
    customers: list[list[int]] = [[] for _ in range(count)]
    for supplier, customer in sorted(set(arcs)):
        customers[supplier].append(customer)
    order = [k for k in range(count) if not waiting[k]]
    for k in order:
        for j in customers[k]:
            waiting[j] -= 1
            if not waiting[j]:
                order.append(j)
    if len(order) < count:
        raise ValueError("the arcs run in a circle: guaranteed service needs an acyclic network")
    return order


def _time_step(times: Sequence[float], reach: float, steps: int) -> float:
    """The greatest common step of all times, or reach / steps where that would be finer."""
    parts = [Fraction(t).limit_denominator(1000) for t in times if t > 0.0]
    if not parts:
        return 1.0
    base = lcm(*(p.denominator for p in parts))
    common = gcd(*(int(p * base) for p in parts)) / base
    return max(common, reach / steps)
