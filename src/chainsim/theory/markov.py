"""Long-run probabilities of small Markov chains, in discrete or continuous time."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import spsolve

State = TypeVar("State", bound=Hashable)


def stationary(start: State, moves: Callable[[State], Iterable[tuple[State, float]]]) -> dict[State, float]:
    """Stationary probability of every state that can be reached from `start`.

    `moves(state)` lists (next state, probability of the step) or, in continuous time, (next state, rate). Solves
    Σ_i π_i·q_ij = π_j·Σ_k q_jk with Σ π_i = 1, directly. The chain must have one recurrent class.

    >>> sun_or_rain = {"sun": [("rain", 0.1), ("sun", 0.9)], "rain": [("sun", 0.5), ("rain", 0.5)]}
    >>> {state: round(p, 4) for state, p in stationary("sun", sun_or_rain.__getitem__).items()}
    {'sun': 0.8333, 'rain': 0.1667}
    """
    number = {start: 0}
    states = [start]
    to, by, flow = [], [], []
    for state in states:  # grows while it is read
        here = number[state]
        for other, rate in moves(state):
            if other not in number:
                number[other] = len(states)
                states.append(other)
            if other != state and rate > 0.0:
                to += [number[other], here]
                by += [here, here]
                flow += [rate, -rate]
    size = len(states)
    balance = sparse.csc_matrix((flow, (to, by)), shape=(size, size)).tolil()
    balance[0, :] = 1.0  # one equation follows from the others; probabilities sum to 1
    right = np.zeros(size)
    right[0] = 1.0
    found = spsolve(balance.tocsc(), right)
    return dict(zip(states, map(float, np.atleast_1d(found)), strict=True))
