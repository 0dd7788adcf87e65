"""What a line of cost is made of: rates × physical quantities, added up over stock points and lanes.

A line registered by `charged` is written down once, as its charges: the measure is their sum at every scope, and `kpis.tariff` takes
the same charges apart the other way round, into every rate of a scenario and the quantity it is charged on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from chainsim.kpis.base import cost
from chainsim.kpis.view import View
from chainsim.plan.plan import Money, Plan
from chainsim.record.stack import add_up

Array = np.ndarray[Any, Any]


class Words(NamedTuple):
    """A rate for people: what it is called, its unit, and what is counted of it in a year; {currency} and {time} are to be filled in."""

    title: str
    unit: str
    counts: str


@dataclass(frozen=True)
class Charge:
    """A kind of rate, and the quantity it is charged on.

    name: short; charges of a line with the same name share their rates. words: of such a rate.
    quantity: of the window, [replications, points], or [replications, lanes] where there is a `payer`.
    rate: money for one of the quantity, [points] or [lanes].
    payer: the stock point that pays for each lane, -1 none; None: the quantity is the stock points' own.
    customers: whether only stock points at which end customers buy can be charged.
    value: where a rate is a share of a value, that value and the share of it per time unit (NaN where it is not), [points] or [lanes];
        share_words: of such a share, of a year.
    where: whether each can be charged, [points] or [lanes]; None: all.
    """

    name: str
    words: Words
    quantity: Callable[[View], Array]
    rate: Callable[[Money], Array]
    payer: Callable[[Plan], Array] | None = None
    customers: bool = False
    value: Callable[[Money], tuple[Array, Array]] | None = None
    share_words: Words | None = None
    where: Callable[[Plan], Array] | None = None


@dataclass(frozen=True)
class Line:
    """A line of the total cost: its charges, and what turns their quantities into those of a year."""

    charges: Sequence[Charge]
    yearly: Callable[[View], float]


LINES: dict[str, Line] = {}
"""Lines that are made of charges, by measure."""


def charged(
    id: str,
    *charges: Charge,
    title: str,
    definition: str,
    paid: bool = True,
    yearly: Callable[[View], float] = lambda view: view.per_year,
) -> Callable[[View], Array]:
    """Register a line of the total cost that is the sum of these charges; returns the measure. paid: as in `cost`."""
    LINES[id] = Line(charges, yearly)

    def line(view: View) -> Array:
        return _window(view, charges) * yearly(view)

    return cost(id, title=title, definition=definition, paid=paid)(line)


def _window(view: View, charges: Sequence[Charge]) -> Array:
    """Sum of charges in the window [replications, scopes]."""
    amounts = [(c.payer, c.quantity(view) * c.rate(view.plan.money)) for c in charges]
    own = [amount for payer, amount in amounts if payer is None]
    at_points = [sum(own[1:], start=own[0])] if own else []
    at_points += [at_payer(view, payer(view.plan), amount) for payer, amount in amounts if payer is not None]
    first, *others = [view.total(amount) for amount in at_points]
    return sum(others, start=first)


def at_payer(view: View, payer: Array, by_lane: Array) -> Array:
    """Amounts [replications, lanes] at the stock points that pay for them, -1 for nobody [replications, points]."""
    paid = np.flatnonzero(payer >= 0)
    return add_up(payer[paid], by_lane[:, paid], len(view.plan.points))
