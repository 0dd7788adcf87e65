"""The Beer Game as played on the board: retailer, wholesaler, distributor, factory.

Each week: 1 receive and advance the shipping boxes, 2 fill the incoming order and the backlog, 3 record costs, 4 advance
the order slips (the factory's request enters production), 5 place an order. An order placed in week t is filled in t + 2
and arrives in t + 4; the factory's is received in t + 3. At the start 12 units are on hand at each, 4 in every box. Costs
½ per unit on hand and 1 per unit owed, per week.

Source: Sterman (1989), Management Science 35:321-339; equations as in Edali & Yasarcan (2014), JASSS 17(4):2.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import pvariance
from typing import NamedTuple

STAGES = 4
START, BOX = 12, 4


@dataclass
class Seat:
    """One player's side of the board. boxes: the two delays before the shelf, nearest first; slip: the order last placed;
    incoming: the order to be filled this week."""

    on_hand: int = START
    backlog: int = 0
    boxes: list[int] = field(default_factory=lambda: [BOX, BOX])
    slip: int = BOX
    incoming: int = BOX


Rule = Callable[[int, int, Seat, int], int]  # (week from 1, stage from 0, seat, supply line) → order


class Game(NamedTuple):
    """By stage, retailer first: cost, largest order, largest backlog, net stock at the end, variance of orders."""

    cost: tuple[float, ...]
    peak_order: tuple[int, ...]
    most_backlog: tuple[int, ...]
    final_net: tuple[int, ...]
    order_variance: tuple[float, ...]


def pass_on(week: int, stage: int, seat: Seat, supply_line: int) -> int:
    """Order exactly what was ordered from you this week.

    >>> pass_on(7, 2, Seat(incoming=8), 0)
    8
    """
    return seat.incoming


def sterman(levels: Sequence[int] = (28, 28, 28, 20), expected: int = 4, fixed_weeks: int = 4) -> Rule:
    """Anchoring and adjustment with θ = 0, α = β = 1: expected demand + S' − net stock − supply line, at least 0; the first
    orders are fixed at what the board starts with. Sterman's benchmark of 204 needs these parameters.

    >>> sterman()(5, 0, Seat(on_hand=8), supply_line=12)  # 4 + 28 − 8 − 12
    12
    """

    def order(week: int, stage: int, seat: Seat, supply_line: int) -> int:
        net = seat.on_hand - seat.backlog
        return BOX if week <= fixed_weeks else max(0, expected + levels[stage] - net - supply_line)

    return order


def play(rule: Rule, demand: Sequence[int]) -> Game:
    """The game with every seat playing by `rule`; demand of each week at the retailer.

    The supply line counts both boxes, the slip just passed to the supplier and the supplier's backlog.

    >>> step = [4] * 4 + [8] * 32
    >>> benchmark = play(sterman(), step)
    >>> sum(benchmark.cost), benchmark.cost  # Sterman (1989): 204 = 46 + 50 + 54 + 54
    (204.0, (46.0, 50.0, 54.0, 54.0))
    >>> sum(play(pass_on, step).cost)
    792.0
    """
    seats = [Seat() for _ in range(STAGES)]
    costs: list[list[float]] = [[] for _ in seats]
    backlogs: list[list[int]] = [[] for _ in seats]
    orders: list[list[int]] = [[] for _ in seats]
    for week, wanted in enumerate(demand, start=1):
        seats[0].incoming = wanted
        for seat in seats:
            seat.on_hand += seat.boxes[0]
            seat.boxes = [seat.boxes[1], 0]
        for stage, seat in enumerate(seats):
            due = seat.backlog + seat.incoming
            shipped = min(seat.on_hand, due)
            seat.on_hand, seat.backlog = seat.on_hand - shipped, due - shipped
            if stage > 0:
                seats[stage - 1].boxes[1] += shipped
            costs[stage].append(0.5 * seat.on_hand + 1.0 * seat.backlog)
            backlogs[stage].append(seat.backlog)
        filled = [seat.incoming for seat in seats]
        for below, above in pairwise(seats):
            above.incoming = below.slip
        seats[-1].boxes[1] += seats[-1].slip
        suppliers: list[Seat | None] = [*seats[1:], None]
        for stage, (seat, supplier) in enumerate(zip(seats, suppliers, strict=True)):
            line = sum(seat.boxes) + (supplier.incoming + supplier.backlog if supplier else 0)
            seat.slip = rule(week, stage, replace(seat, incoming=filled[stage]), line)
            orders[stage].append(seat.slip)
    return Game(
        tuple(map(sum, costs)),
        tuple(map(max, orders)),
        tuple(map(max, backlogs)),
        tuple(seat.on_hand - seat.backlog for seat in seats),
        tuple(float(pvariance(placed)) for placed in orders),
    )
