"""Perishable stock under base stock, lost sales, no lead time: units live for m periods.

Each period: fresh units are ordered up to S on all usable stock and received; demand is served oldest first (FIFO) or
freshest first (LIFO), the rest is lost; units that have completed their m-th period are thrown away.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from chainsim.theory.markov import stationary

Issuing = Literal["fifo", "lifo"]


class PerishableMeasures(NamedTuple):
    """Per period: units outdated, lost, ordered; share of demand met, outdated share of orders, P(nothing lost)."""

    outdated: float
    lost: float
    ordered: float
    fill_rate: float
    outdated_share: float
    no_stockout: float


def base_stock(demand: Sequence[float], level: int, lifetime: int, issuing: Issuing = "fifo") -> PerishableMeasures:
    """Exact, by the Markov chain of ages; demand[j] = P(a period wants j units). Nahmias (2011), Perishable Inventory
    Systems, Springer.

    >>> from chainsim.theory.s_S import poisson_probabilities
    >>> fifo, lifo = (base_stock(poisson_probabilities(4), 8, 2, issuing) for issuing in ("fifo", "lifo"))
    >>> round(fifo.outdated, 6), round(lifo.outdated, 6), round(fifo.fill_rate, 6)
    (0.684584, 1.762942, 0.991593)
    """
    if lifetime < 1:
        raise ValueError("a lifetime of at least one period")
    wanted = [(d, p) for d, p in enumerate(demand[:level])]
    wanted.append((level, 1.0 - sum(p for _, p in wanted)))  # all sold, whatever more was wanted

    def after(old: tuple[int, ...], sold: int) -> tuple[int, ...]:
        """Units left by age, oldest first; those at the end of their life at the front."""
        shelf = [*old, level - sum(old)]
        for k in range(lifetime) if issuing == "fifo" else reversed(range(lifetime)):
            taken = min(shelf[k], sold)
            shelf[k] -= taken
            sold -= taken
        return tuple(shelf)

    def moves(old: tuple[int, ...]) -> list[tuple[tuple[int, ...], float]]:
        return [(after(old, sold)[1:], p) for sold, p in wanted]

    outdated = ordered = 0.0
    for old, p in stationary((0,) * (lifetime - 1), moves).items():
        ordered += p * (level - sum(old))
        outdated += p * sum(after(old, sold)[0] * q for sold, q in wanted)
    mean = sum(d * p for d, p in enumerate(demand))
    served = sum(sold * p for sold, p in wanted)
    enough = sum(demand[: level + 1])
    return PerishableMeasures(outdated, mean - served, ordered, served / mean, outdated / ordered, enough)
