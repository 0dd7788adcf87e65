"""Echelon positions: who watches what, and where they start (GLOSSARY §1, echelon stock)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from chainsim.plan.network import Network
from chainsim.plan.plan import Array
from chainsim.rules.position import ECHELON

CRUMB = 1e-12
"""Relative difference of contents that is none: products and sums of decimals."""


def watchers_above(network: Network, points: Array) -> list[list[int]]:
    """For each stock point, those that watch an echelon it belongs to, itself included."""
    above: list[list[int]] = [[] for _ in network.points]
    for a in range(len(network.points)):
        if points[a]["watch"] == ECHELON and points[a]["policy"] >= 0:
            for i in sorted({a} | network.below(a)):
                above[i].append(a)
    return above


def gains_of_lanes(network: Network, above: list[list[int]]) -> list[list[tuple[int, float]]]:
    """For each way, the echelons that gain stock when it ships, and how much by each unit: those of which the target is strictly
    downstream, less what the origin, or the components, held of it (what moves within an echelon changes nothing)."""
    gains = []
    for way, bill in zip(network.ways, network.bills, strict=True):
        gained = []
        used = bill or (((way.origin, 1.0),) if way.origin >= 0 else ())
        for a in above[way.target]:
            inside = sum(per * network.content(a, i) for i, per in used if a in above[i])
            content = network.content(a, way.target)
            if a != way.target and abs(content - inside) > CRUMB * content:
                gained.append((a, content - inside))
        gains.append(gained)
    return gains


def on_hand_below(network: Network, on_hand: Sequence[float], i: int) -> float:
    """Stock on hand at time 0 everywhere downstream of a stock point. Those downstream come first, so theirs is known."""
    total = 0.0
    for d in network.downstream[i]:
        total += network.content(i, d) * on_hand[d]
    return total


def echelon_positions(
    network: Network, on_hand: Sequence[float], shipments: Array, orders: Array, watched: Collection[int]
) -> list[float]:
    """Own stock and everything ordered, plus what is on hand or in transit anywhere downstream; nobody waits at time 0.
    0 where nobody watches it."""
    under_way = [0.0] * len(network.points)
    ordered = [0.0] * len(network.points)
    for row in shipments:
        under_way[network.target[row["lane"]]] += float(row["quantity"])
    for row in orders:
        ordered[network.target[row["lane"]]] += float(row["quantity"])
    positions = [0.0] * len(network.points)
    for i in watched:
        position = on_hand[i] + under_way[i] + ordered[i]
        for d in network.downstream[i]:
            position += network.content(i, d) * (on_hand[d] + under_way[d])
        positions[i] = position
    return positions
