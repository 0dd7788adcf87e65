"""Production as queues: make-to-stock, two stages in tandem, and a closed loop of cards.

Servers are exponential, demand is a Poisson process of single units, unmet demand waits.
"""

from __future__ import annotations

from math import ceil, log
from typing import NamedTuple

from chainsim.theory.markov import stationary

NEGLIGIBLE = 1e-15  # probability at which queue lengths are cut off


class MakeToStock(NamedTuple):
    """Mean units on hand, owed and in process, fill rate, mean wait of a customer."""

    on_hand: float
    backorders: float
    in_process: float
    fill_rate: float
    wait: float


def make_to_stock(demand_rate: float, service_rate: float, level: int) -> MakeToStock:
    """Base stock S before one server, ρ = λ/μ: on hand S − ρ(1 − ρˢ)/(1 − ρ), owed ρˢ⁺¹/(1 − ρ), fill rate 1 − ρˢ.

    Buzacott & Shanthikumar, Stochastic Models of Manufacturing Systems (1993), chapter 4.

    >>> m = make_to_stock(0.8, 1.0, 5)
    >>> round(m.on_hand, 5), round(m.backorders, 5), round(m.fill_rate, 5), round(m.wait, 4)
    (2.31072, 1.31072, 0.67232, 1.6384)
    """
    load = _load(demand_rate, service_rate)
    in_process = load / (1.0 - load)
    owed = load ** (level + 1) / (1.0 - load)
    return MakeToStock(level - in_process + owed, owed, in_process, 1.0 - load**level, owed / demand_rate)


class Tandem(NamedTuple):
    """Mean finished units on hand and owed, fill rate, mean units on hand between the stages, mean units at the second."""

    on_hand: float
    backorders: float
    fill_rate: float
    between: float
    in_last_stage: float


def tandem(demand_rate: float, last_rate: float, first_rate: float, last_level: int, first_level: int) -> Tandem:
    """Raw material → first server → stock of base stock S_2 → last server → stock of base stock S_1 → customers.

    Every demand releases an order at both stages. Markov chain of N_2, outstanding at the first server, and M_1, units at
    the last: IL_1 = S_1 − M_1 − (N_2 − S_2)⁺. Buzacott, Price & Shanthikumar (1992), in New Directions for Operations
    Research in Manufacturing, Springer. Exact up to where queues are cut off (probability 10⁻¹⁵).

    >>> m = tandem(0.7, last_rate=1.0, first_rate=1.1, last_level=4, first_level=3)
    >>> round(m.on_hand, 5), round(m.fill_rate, 6), round(m.between, 5), round(m.in_last_stage, 5)
    (2.05308, 0.714639, 1.70098, 2.23005)
    """
    most_first = ceil(log(NEGLIGIBLE) / log(_load(demand_rate, first_rate))) + first_level
    most_last = ceil(log(NEGLIGIBLE) / log(_load(demand_rate, last_rate))) + first_level

    def moves(state: tuple[int, int]) -> list[tuple[tuple[int, int], float]]:
        first, last = state
        passed = min(last + 1, most_last)
        steps = []
        if first < most_first:
            steps.append(((first + 1, passed if first < first_level else last), demand_rate))
        if first > 0:
            steps.append(((first - 1, passed if first > first_level else last), first_rate))
        if last > 0:
            steps.append(((first, last - 1), last_rate))
        return steps

    on_hand = owed = filled = between = in_last = 0.0
    for (first, last), p in stationary((0, 0), moves).items():
        net = last_level - last - max(first - first_level, 0)
        on_hand += p * max(net, 0)
        owed += p * max(-net, 0)
        filled += p * (net > 0)
        between += p * max(first_level - first, 0)
        in_last += p * last
    return Tandem(on_hand, owed, filled, between, in_last)


class CardLoop(NamedTuple):
    """Units per time unit, time of a card's round, mean jobs at each station."""

    throughput: float
    cycle_time: float
    jobs_per_station: float


def card_loop(stations: int, cards: int, service_rate: float) -> CardLoop:
    """CONWIP: N cards circulate through M equal exponential servers: TH = μN/(N + M − 1), CT = (N + M − 1)/μ.

    Hopp & Spearman, Factory Physics, the "practical worst case"; Spearman, Woodruff & Hopp (1990), International Journal of
    Production Research 28:879-894.

    >>> round(card_loop(4, 8, 1.0).throughput, 6), card_loop(4, 8, 1.0).cycle_time
    (0.727273, 11.0)
    """
    round_time = (cards + stations - 1) / service_rate
    return CardLoop(cards / round_time, round_time, cards / stations)


def _load(demand_rate: float, service_rate: float) -> float:
    load = demand_rate / service_rate
    if load >= 1.0:
        raise ValueError(f"a server of rate {service_rate:g} cannot keep up with a demand of {demand_rate:g}")
    return load
