"""Guaranteed service on spanning trees: dynamic programming (Graves & Willems 2000, §4, with the 2003 erratum).

Stages are numbered from the leaves inwards, so that each but the last has exactly one neighbour with a higher number.
A stage whose that neighbour is its customer hands on f_k(S), the least cost of the subtree behind it when it quotes S;
one whose neighbour is its supplier hands on g_k(SI), the least cost when it is quoted SI.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from chainsim.theory.guaranteed_service_problem import Array, Problem


def is_forest(count: int, arcs: Sequence[tuple[int, int]]) -> bool:
    """Whether the network has no undirected cycle.

    >>> is_forest(4, [(0, 1), (0, 2), (1, 3)]), is_forest(4, [(0, 1), (0, 2), (1, 3), (2, 3)])
    (True, False)
    """
    root = list(range(count))

    def find(k: int) -> int:
        while root[k] != k:
            root[k] = root[root[k]]
            k = root[k]
        return k

    for a, b in set(arcs):
        if find(a) == find(b):
            return False
        root[find(a)] = find(b)
    return True


def solve_tree(problem: Problem) -> list[int]:
    """Outbound service times, in steps, of least cost.

    >>> from chainsim.theory.guaranteed_service_problem import Stage
    >>> line = [Stage(2.0, 1.0, demand_sd=1.0), Stage(2.0, 3.0, demand_sd=1.0, service_time=0.0)]
    >>> solve_tree(Problem.of(line, [(0, 1)], steps=100))
    [0, 0]
    """
    count = len(problem.longest)
    order, parent = _inwards(count, problem.arcs)
    children: list[list[int]] = [[] for _ in range(count)]
    for k, up in enumerate(parent):
        if up >= 0:
            children[up].append(k)
    supplies = set(problem.arcs)
    tables: list[Array] = [np.empty(0)] * count  # cost of the subtree behind k by (S, SI)
    best: list[Array] = [np.empty(0)] * count  # f_k(S) or g_k(SI), made monotone
    for k in order:
        table = _own_cost(problem, k)
        quoted, inbound = table.shape
        for child in children[k]:
            if (child, k) in supplies:  # quotes k at most SI
                table = table + _longer(best[child], inbound)[None, :]
            else:  # accepts any SI of at least S
                table = table + _longer(best[child], quoted)[:, None]
        tables[k] = table
        up = parent[k]
        if up >= 0 and (k, up) in supplies:
            best[k] = np.minimum.accumulate(table.min(axis=1))
        elif up >= 0:
            best[k] = np.minimum.accumulate(table.min(axis=0)[::-1])[::-1]
    return _outwards(order, parent, supplies, tables)


def _outwards(order: list[int], parent: list[int], supplies: set[tuple[int, int]], tables: list[Array]) -> list[int]:
    """Read the choices off the tables, from the last stage back to the leaves."""
    times, inbounds = [0] * len(order), [0] * len(order)
    for k in reversed(order):
        table, up = tables[k], parent[k]
        if up >= 0 and (k, up) in supplies:
            table = table[: inbounds[up] + 1, :]
        elif up >= 0:
            least = min(times[up], table.shape[1] - 1)
            table = np.where(np.arange(table.shape[1]) >= least, table, np.inf)
        times[k], inbounds[k] = (int(i) for i in np.unravel_index(int(np.argmin(table)), table.shape))
    return times


def _own_cost(problem: Problem, k: int) -> Array:
    """Safety-stock cost of stage k by (S, SI); infinite where S > SI + T, S is too long or SI shorter than the outside
    supplier's."""
    quoted = np.arange(problem.promised[k] + 1)[:, None]
    inbound = np.arange(problem.longest[k] - problem.lead_times[k] + 1)[None, :]
    tau = inbound + problem.lead_times[k] - quoted
    cost = problem.costs[k][np.clip(tau, 0, problem.longest[k])]
    return np.where((tau < 0) | (inbound < problem.inbound[k]), np.inf, cost)


def _longer(best: Array, length: int) -> Array:
    """A child's cost at 0 … length − 1; beyond its own longest time nothing changes."""
    return best[np.minimum(np.arange(length), len(best) - 1)]


def _inwards(count: int, arcs: Sequence[tuple[int, int]]) -> tuple[list[int], list[int]]:
    """An order of the stages from the leaves inwards, and each one's neighbour further in (−1: none)."""
    near: list[list[int]] = [[] for _ in range(count)]
    for a, b in arcs:
        near[a].append(b)
        near[b].append(a)
    order: list[int] = []
    parent = [-1] * count
    seen = [False] * count
    for start in range(count):
        if seen[start]:
            continue
        seen[start] = True
        reached = [start]
        for k in reached:
            for other in near[k]:
                if not seen[other]:
                    seen[other], parent[other] = True, k
                    reached.append(other)
        order.extend(reversed(reached))
    return order, parent
