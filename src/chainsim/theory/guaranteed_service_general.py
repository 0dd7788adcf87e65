"""Guaranteed service on general acyclic networks: a mixed-integer program with a binary for each net replenishment time.

    min Σ_k Σ_t c_k(t)·x_kt
    Σ_t x_kt = 1,   SI_k + T_k − S_k ≤ Σ_t t·x_kt,   SI_j ≥ S_i for every arc (i, j),   S_k ≤ promised,   SI_k ≥ inbound

The cost c_k may be any function of the net replenishment time t. Extreme points of the feasible region have whole times
(differences of service times only), so S and SI may stay continuous (Magnanti et al. 2006).
"""

from __future__ import annotations

import numpy as np

from chainsim.theory.guaranteed_service_problem import Problem, suppliers_of


def solve_network(problem: Problem) -> list[int]:
    """Outbound service times, in steps, of least cost. Raises ValueError if the solver finds none.

    >>> from chainsim.theory.guaranteed_service_problem import Stage
    >>> line = [Stage(2.0, 1.0, demand_sd=1.0), Stage(2.0, 3.0, demand_sd=1.0, service_time=0.0)]
    >>> solve_network(Problem.of(line, [(0, 1)], steps=100))
    [0, 0]
    """
    smaller, place = _merge_leaves(problem)
    chosen = _solve(smaller)
    return [chosen[place[k]] for k in range(len(place))]


def _merge_leaves(problem: Problem) -> tuple[Problem, list[int]]:
    """The problem with all stages that serve only customers, at once, merged when they have the same suppliers: they have
    no choice, only a cost that depends on SI. Also where each stage went."""
    supplying = {i for i, _ in problem.arcs}
    suppliers = suppliers_of(len(problem.longest), problem.arcs)
    kinds: dict[tuple[int, ...], list[int]] = {}
    for k, own in enumerate(suppliers):
        leaf = k not in supplying and problem.promised[k] == 0
        kinds.setdefault((problem.inbound[k], *own) if leaf else (-1, k), []).append(k)
    place = [0] * len(suppliers)
    lead_times, longest, costs = [], [], []
    for g, (kind, members) in enumerate(kinds.items()):
        first, merged = members[0], kind[0] >= 0
        for k in members:
            place[k] = g
        lead_times.append(0 if merged else problem.lead_times[first])
        longest.append(problem.longest[first] - (problem.lead_times[first] if merged else 0))
        paid = [problem.costs[k][problem.lead_times[k] if merged else 0 :] for k in members]
        costs.append(np.sum(paid, axis=0))
    firsts = [members[0] for members in kinds.values()]
    smaller = Problem(
        problem.step,
        tuple(lead_times),
        tuple(problem.inbound[k] for k in firsts),
        tuple(longest),
        tuple(problem.promised[k] for k in firsts),
        tuple(costs),
        tuple(sorted({(place[i], place[j]) for i, j in problem.arcs})),
    )
    return smaller, place


def _solve(problem: Problem) -> list[int]:
    from scipy import sparse  # a third of a second to load, and trees need none of it
    from scipy.optimize import Bounds, LinearConstraint, milp

    count = len(problem.longest)
    first = np.concatenate(([2 * count], 2 * count + np.cumsum([m + 1 for m in problem.longest])))  # of each x_k·
    size = int(first[-1])
    rows: list[tuple[dict[int, float], float, float]] = []  # coefficients, lower, upper
    for k in range(count):
        choices = range(int(first[k]), int(first[k + 1]))
        rows.append((dict.fromkeys(choices, 1.0), 1.0, 1.0))
        net = {x: float(t) for t, x in enumerate(choices)}
        net[k], net[count + k] = 1.0, -1.0  # S_k, SI_k
        rows.append((net, float(problem.lead_times[k]), np.inf))
        rows.append(({count + k: 1.0, k: -1.0}, -float(problem.lead_times[k]), np.inf))  # S ≤ SI + T
    rows.extend(({count + j: 1.0, i: -1.0}, 0.0, np.inf) for i, j in problem.arcs)
    lower, upper = np.zeros(size), np.ones(size)
    upper[:count] = problem.promised
    lower[count : 2 * count] = problem.inbound
    upper[count : 2 * count] = np.subtract(problem.longest, problem.lead_times)
    matrix = sparse.csr_array(
        (
            [value for row, _, _ in rows for value in row.values()],
            ([r for r, (row, _, _) in enumerate(rows) for _ in row], [x for row, _, _ in rows for x in row]),
        ),
        shape=(len(rows), size),
    )
    result = milp(
        np.concatenate((np.zeros(2 * count), *problem.costs)),
        integrality=np.concatenate((np.zeros(2 * count), np.ones(size - 2 * count))),
        bounds=Bounds(lower, upper),
        constraints=LinearConstraint(matrix, [low for _, low, _ in rows], [up for _, _, up in rows]),
        options={"mip_rel_gap": 1e-7},
    )
    if result.x is None:
        raise ValueError(f"guaranteed service: the mixed-integer program was not solved ({result.message})")
    return [round(s) for s in result.x[:count]]
