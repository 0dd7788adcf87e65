"""Two stores that help each other out: emergency lateral transshipment with complete pooling."""

from __future__ import annotations

from typing import NamedTuple

from chainsim.theory.markov import stationary


class StoreShares(NamedTuple):
    """Share of a store's demand served from its own shelf and by the other store; mean units on hand."""

    own: float
    transshipped: float
    on_hand: float


class TransshipmentMeasures(NamedTuple):
    """The two stores, and the share of all demand that neither can serve."""

    first: StoreShares
    second: StoreShares
    lost: float


def two_stores(rates: tuple[float, float], lead_time: float, levels: tuple[int, int]) -> TransshipmentMeasures:
    """(S − 1, S) at both, unit Poisson demand; an empty store takes a unit from the other at once and the sending store
    reorders; with both empty demand is lost (or served by an emergency source).

    Lead times are independent and exponential, which makes the stocks a Markov chain. The share lost is Erlang's loss
    formula for the pooled stock. Axsäter (1990), Management Science 36:1329-1338; Kukreja, Schmidt & Miller (2001),
    Management Science 47:1371-1383.

    >>> m = two_stores((2.0, 1.0), 1.0, (3, 2))
    >>> round(m.first.own, 6), round(m.second.own, 6), round(m.first.transshipped, 6), round(m.lost, 6)
    (0.752321, 0.708964, 0.137625, 0.110054)
    """

    def moves(stock: tuple[int, int]) -> list[tuple[tuple[int, int], float]]:
        one, two = stock
        first, second = (one - 1, two), (one, two - 1)
        steps = [((one + 1, two), (levels[0] - one) / lead_time), ((one, two + 1), (levels[1] - two) / lead_time)]
        if one or two:
            steps.append((first if one else second, rates[0]))
            steps.append((second if two else first, rates[1]))
        return [step for step in steps if step[1] > 0.0]

    odds = stationary(levels, moves)
    lost = odds[(0, 0)]
    own = [sum(p for stock, p in odds.items() if stock[k]) for k in (0, 1)]
    held = [sum(p * stock[k] for stock, p in odds.items()) for k in (0, 1)]
    first, second = (StoreShares(own[k], 1.0 - own[k] - lost, held[k]) for k in (0, 1))
    return TransshipmentMeasures(first, second, lost)
