"""Guaranteed service: where to hold safety stock in an acyclic network so that every service time is kept.

Every stage k quotes its successors a service time S_k and is quoted SI_k, the longest of its suppliers'. With lead time
T_k it must cover demand over its net replenishment time τ_k = SI_k + T_k − S_k, and holds z·σ_k·√τ_k of safety stock:
enough as long as demand stays within its bound d·τ + z·σ·√τ. Chosen are the service times of least holding cost.

Sources: Simpson (1958), Operations Research 6:863-873; Graves & Willems (2000), M&SOM 2:68-83 and the erratum (2003),
M&SOM 5:176-177 (dynamic programming on spanning trees); Magnanti, Shen, Shu, Simchi-Levi & Teo (2006), Operations
Research Letters 34:228-238 (mixed-integer programming on acyclic networks); Humair, Ruark, Tomlin & Willems (2013),
Interfaces 43:421-434 (random lead times).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from chainsim.theory.guaranteed_service_general import solve_network
from chainsim.theory.guaranteed_service_problem import Problem, Stage, suppliers_of, topological_order
from chainsim.theory.guaranteed_service_tree import is_forest, solve_tree

Method = Literal["auto", "tree", "mixed_integer"]


@dataclass(frozen=True)
class Placement:
    """Service times and stocks, one number per stage in the order given; `cost` per time unit."""

    service_times: tuple[float, ...]
    inbound_times: tuple[float, ...]
    net_replenishment_times: tuple[float, ...]
    safety_stocks: tuple[float, ...]
    base_stocks: tuple[float, ...]
    cost: float


def place_safety_stock(
    stages: Sequence[Stage], arcs: Sequence[tuple[int, int]], method: Method = "auto", steps: int = 400
) -> Placement:
    """Service times of least safety-stock cost. arcs: (supplier, customer) pairs of stage numbers.

    `tree` needs a network without undirected cycles; `auto` takes it when it can. Times are counted in their greatest
    common step; if the longest path has more than `steps` of these, in a coarser one (lead times then rounded down for
    the choice of service times, not for the stocks). Raises ValueError for directed cycles and for `tree` on others.

    A serial line (Simpson 1958), supplier first:

    >>> line = [Stage(t, h, demand_sd=4.0, demand_mean=20.0, safety_factor=1.645) for t, h in ((3, 1), (3, 2), (4, 4))]
    >>> line.append(Stage(2, 7, demand_sd=4.0, demand_mean=20.0, safety_factor=1.645, service_time=0.0))
    >>> best = place_safety_stock(line, [(0, 1), (1, 2), (2, 3)])
    >>> best.service_times, best.net_replenishment_times, round(best.cost, 3)
    ((3.0, 0.0, 4.0, 0.0), (0.0, 6.0, 0.0, 6.0), 145.059)
    """
    forest = is_forest(len(stages), arcs)
    if method == "tree" and not forest:
        raise ValueError("the network has an undirected cycle: use method 'mixed_integer'")
    problem = Problem.of(stages, arcs, steps)
    chosen = solve_tree(problem) if forest and method != "mixed_integer" else solve_network(problem)
    return evaluate(stages, arcs, _off_grid(problem, stages, chosen))


def evaluate(stages: Sequence[Stage], arcs: Sequence[tuple[int, int]], service_times: Sequence[float]) -> Placement:
    """The stocks that go with these outbound service times; a time longer than SI + T is shortened to it.

    >>> line = [Stage(2.0, 1.0, demand_sd=1.0), Stage(2.0, 3.0, demand_sd=1.0, service_time=0.0)]
    >>> [round(evaluate(line, [(0, 1)], (s, 0.0)).cost, 4) for s in (0.0, 2.0)]  # stock at both, or all at the end
    [5.6569, 6.0]
    """
    times, inbound, net = [float(s) for s in service_times], [0.0] * len(stages), [0.0] * len(stages)
    suppliers = suppliers_of(len(stages), arcs)
    for k in topological_order(len(stages), arcs):
        stage = stages[k]
        inbound[k] = max([stage.inbound, *(times[i] for i in suppliers[k])])
        times[k] = min(times[k], inbound[k] + stage.lead_time)
        net[k] = inbound[k] + stage.lead_time - times[k]
    safety = [stage.safety_stock(tau) for stage, tau in zip(stages, net, strict=True)]
    base = [stage.covered(tau)[0] + stock for stage, tau, stock in zip(stages, net, safety, strict=True)]
    cost = sum(stage.holding_cost * stock for stage, stock in zip(stages, safety, strict=True))
    return Placement(tuple(times), tuple(inbound), tuple(net), tuple(safety), tuple(base), cost)


def pooled_sds(
    count: int,
    arcs: Sequence[tuple[int, int]],
    end_sds: Sequence[float],
    pooling: Literal["end_items", "successors"] = "end_items",
) -> tuple[float, ...]:
    """Standard deviation of demand at each stage, from those of the end items' own demand.

    pooling: `end_items`: σ_k² = Σ_j (φ_kj·σ_j)², φ_kj the units of k in one unit of j, one for each path (Graves & Willems
    2000, §2; name an arc twice for two units). `successors`: σ_k² = own² + Σ σ_j² over the stages directly downstream, as
    if their orders were independent; the same where only one path leads from any stage to any end item.

    >>> arcs = [(0, 1), (0, 2), (1, 3), (2, 3)]  # two paths from 0 to 3: what 3 asks for comes to 0 twice
    >>> pooled_sds(4, arcs, [0.0, 0.0, 3.0, 5.0])  # √(3² + 10²), 5, √(3² + 5²), 5
    (10.44030650891055, 5.0, 5.830951894845301, 5.0)
    >>> pooled_sds(4, arcs, [0.0, 0.0, 3.0, 5.0], pooling="successors")  # √(5² + 3² + 5²)
    (7.681145747868608, 5.0, 5.830951894845301, 5.0)
    """
    own = np.asarray(end_sds, np.float64) ** 2
    units, variances = np.eye(count), own.copy()
    for i in reversed(topological_order(count, arcs)):
        for supplier, customer in arcs:
            if supplier == i:
                units[i] += units[customer]
                variances[i] += variances[customer]
    return tuple(np.sqrt(units * units @ own if pooling == "end_items" else variances).tolist())


def _off_grid(problem: Problem, stages: Sequence[Stage], chosen: Sequence[int]) -> list[float]:
    """Service times in time units. A stage that holds nothing on the grid passes its whole time on, exactly."""
    times = []
    suppliers = suppliers_of(len(stages), problem.arcs)
    for k, stage in enumerate(stages):
        inbound = max([problem.inbound[k], *(chosen[i] for i in suppliers[k])])
        longest = float("inf") if stage.service_time is None else stage.service_time
        passes = chosen[k] >= inbound + problem.lead_times[k]
        times.append(longest if passes else min(chosen[k] * problem.step, longest))
    return times
