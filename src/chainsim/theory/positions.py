"""Where the position rests after a review, and how far below its trigger it has fallen when an order is placed.

J is the position after a review less the level sought (S, or s), U the level less the position at the moment of an order
(the undershoot), B demand between two reviews. Neither law depends on the level, so one serves every level.
All laws are arrays on one lattice; a law that does not begin at 0 comes with its first value.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Rule = Literal["S", "sQ", "sS"]
Law = tuple[int, Array]  # the first value and the probabilities from there on

FEW = 64  # values of a law up to which a sum is done term by term


def positions(rule: Rule, lot: int, between: Array, density: Array | None = None) -> Array:
    """P(J = j), j = 0, 1, 2 … Base stock rests at its level; (s, nQ) evenly over s + 1 … s + Q (Hadley & Whitin 1963;
    Axsäter, Inventory Control, 3rd ed. 2015, §5.3); (s, S) by the renewal density of demand between reviews, for Δ = S − s
    steps (Zheng & Federgruen 1991, Operations Research 39:654-665, eq. 2): the first of `density`, where it is known.

    >>> positions("sQ", 4, np.array([0.5, 0.5])).tolist()
    [0.0, 0.25, 0.25, 0.25, 0.25]
    >>> positions("sS", 2, np.array([0.0, 0.5, 0.5])).round(4).tolist()  # twos jump past s + 1 half of the time
    [0.0, 0.3333, 0.6667]
    """
    if rule == "S":
        return np.ones(1)
    if rule == "sQ":
        return np.concatenate(([0.0], np.full(lot, 1.0 / lot)))
    density = renewal_density(between, lot) if density is None else density[:lot]
    return np.concatenate(([0.0], density[::-1] / density.sum()))


def renewal_density(law: Array, length: int) -> Array:
    """m(0) … m(length − 1): mean number of reviews that the position spends j steps below S between two orders, where
    demand between reviews has this law f. m = 1 / (1 − f) as a power series: of k known terms the next k are m·(f·m).

    Raises ValueError where demand is never above 0.

    >>> renewal_density(np.array([0.5, 0.5]), 3).tolist()  # one unit every other review
    [2.0, 2.0, 2.0]
    """
    moves = 1.0 - float(law[0])
    if moves <= 0.0:
        raise ValueError("demand is never above 0")
    sizes = np.where(law[:length] > 1e-15, law[:length], 0.0) / moves
    sizes[0] = 0.0
    density = np.ones(1)
    while len(density) < length:
        known, more = len(density), min(len(density), length - len(density))
        short = convolved(sizes[: known + more], density)[known : known + more]
        density = np.concatenate((density, convolved(density, short)[:more]))
    return density / moves


def undershoot(rule: Rule, resting: Array, between: Array) -> Array:
    """P(U = u), u = 0, 1, 2 …: demand between reviews beyond J, given that an order is due; base stock: B given B > 0.

    P(U = u) ∝ P(B − J = u), u ≥ 0, since every review starts from the law of J.

    >>> undershoot("sQ", np.array([0.0, 0.5, 0.5]), np.array([0.0, 0.0, 1.0])).tolist()  # twos, from s + 1 or s + 2
    [0.5, 0.5]
    """
    if rule == "S":
        law = between.copy()
        law[0] = 0.0
    elif rule == "sQ":
        law = mean_at(rule, np.concatenate((between[1:], np.zeros(len(resting) - 1))), resting)
    else:
        first, mass = less(between, resting)
        law = mass[-first:]
    last = int(np.flatnonzero(law > 0.0)[-1])
    return np.asarray(law[: last + 1] / law.sum(), np.float64)


def mean_at(rule: Rule, values: Array, resting: Array) -> Array:
    """E[g(l + J)] for l = 0, 1 … of `values` = g(1), g(2) …, none below 0: over where the position rests with a lot.

    >>> mean_at("sQ", np.array([0.0, 2.0, 6.0]), np.array([0.0, 0.5, 0.5])).tolist()
    [1.0, 4.0]
    """
    law = resting[1:]
    if rule == "sQ":  # even
        total = np.concatenate(([0.0], np.cumsum(values)))
        return np.asarray((total[len(law) :] - total[: -len(law)]) / len(law), np.float64)
    return convolved(values, law[::-1])[len(law) - 1 : len(values)]


def less(law: Array, other: Array) -> Law:
    """The law of A − B, both from 0 on."""
    return -(len(other) - 1), convolved(law, other[::-1])


def convolved(a: Array, b: Array) -> Array:
    """The law of a sum."""
    return Addends(b).to(a)[0]


class Addends:
    """Laws of one length that are added to one law after the other: what has to be done once for all is kept.

    >>> [law.tolist() for law in Addends(np.array([0.5, 0.5]), np.array([0.0, 1.0])).to(np.array([1.0, 0.0]))]
    [[0.5, 0.5, 0.0], [0.0, 1.0, 0.0]]
    """

    def __init__(self, *laws: Array) -> None:
        self.laws = laws
        self._transforms: dict[int, list[NDArray[np.complex128]]] = {}

    def to(self, law: Array) -> list[Array]:
        """The law of its sum with each, as `convolved` gives it."""
        shorter, size = min(len(law), len(self.laws[0])), len(law) + len(self.laws[0]) - 1
        if shorter < FEW:
            return [np.convolve(law, other) for other in self.laws]
        length = 1 << (size - 1).bit_length()
        if length not in self._transforms:
            self._transforms[length] = [np.fft.rfft(other, length) for other in self.laws]
        own = np.fft.rfft(law, length)
        products = (np.fft.irfft(own * other, length) for other in self._transforms[length])
        return [np.asarray(np.maximum(product[:size], 0.0), np.float64) for product in products]


def loss(law: Law, levels: Any) -> Array:
    """E[(W − l)⁺] for whole levels l.

    >>> loss((-1, np.array([0.5, 0.0, 0.5])), np.array([-2, 0, 1])).tolist()  # W is −1 or 1
    [2.0, 0.5, 0.0]
    """
    first, mass = law
    n = len(mass)
    beyond = np.concatenate((np.cumsum(mass[::-1])[::-1], [0.0]))  # P(W ≥ first + k)
    tail = np.concatenate((np.cumsum(beyond[::-1])[::-1], [0.0, 0.0]))  # Σ over i ≥ k of P(W ≥ first + i)
    k = np.asarray(levels) + 1 - first
    inside = tail[np.clip(k, 0, n + 1)]
    return np.asarray(np.where(k < 0, inside - k * beyond[0], inside), np.float64)


def up_to(law: Law, levels: Any) -> Array:
    """P(W ≤ l) for whole levels l.

    >>> up_to((-1, np.array([0.5, 0.0, 0.5])), np.array([-2, 0, 1])).tolist()
    [0.0, 0.5, 1.0]
    """
    first, mass = law
    below = np.concatenate(([0.0], np.cumsum(mass)))
    return np.asarray(below[np.clip(np.asarray(levels) + 1 - first, 0, len(mass))], np.float64)
