"""What a measure is: one formula, with its unit, denominator, window and bucket said once.

A measure is one function of a `View`, registered by `@kpi`. It returns one number per replication and scope (the
network, a product, an echelon, a site, a stock point) as an array [replications, scopes]; or, when it is a ratio, its
numerator and its denominator (`ratio`), both such arrays. They are kept apart because a ratio is estimated as the sum of its
numerators ÷ the sum of its denominators over replications: the mean of the ratios would be biased.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import numpy as np

from chainsim.registry import Registry

if TYPE_CHECKING:
    from chainsim.kpis.view import View
    from chainsim.plan.plan import Plan

Array = np.ndarray[Any, Any]
Direction = Literal["higher", "lower", "none"]
Cost = Literal["", "paid", "penalty"]


@dataclass(frozen=True)
class Ratio:
    """A measure that is a ratio: numerator and denominator [replications, scopes]. No arithmetic is done on it: what scales the
    measure belongs into its numerator or denominator.

    >>> Ratio(np.array([1.0, 0.0]), np.array([4.0, 0.0])).value
    array([0.25,  nan])
    """

    numerator: Array
    denominator: Array

    @property
    def value(self) -> Array:
        """Numerator ÷ denominator, NaN where the denominator is 0."""
        defined = self.denominator != 0
        return np.where(defined, self.numerator / np.where(defined, self.denominator, 1.0), np.nan)


Measured = Array | Ratio
"""What a measure returns."""
Compute = TypeVar("Compute", bound="Callable[[View], Measured]")


@dataclass(frozen=True)
class Kpi:
    """A measure as the report shows it.

    unit: 'share', 'units', 'days', 'ratio', or with '{currency}' and '{time}' to be filled in.
    direction: which way is better; 'none' when that depends.
    denominator, window, bucket: what it is divided by, what time it covers, on which buckets ('' when none).
    undefined: why there may be no number.
    money: an amount per year.
    cost: a line of the total cost, 'paid' in cash or a 'penalty' that nobody pays; '' for all other measures.
    concerns: the Plans that have what it measures; None: all. Elsewhere it is not computed, and no table has a row of it.
    few_buckets: with fewer full buckets in the window than this its estimate is biased, as `bias` says (0: never).
    """

    id: str
    title: str
    unit: str
    direction: Direction
    wording: str
    denominator: str
    window: str
    bucket: str
    undefined: str
    money: bool
    compute: Callable[[View], Measured]
    cost: Cost = ""
    few_buckets: int = 0
    bias: str = ""
    concerns: Callable[[Plan], bool] | None = None

    @property
    def definition(self) -> str:
        """What it is, in a sentence. `{cost_lines}` in the wording becomes the titles of all cost lines there are."""
        titles = [line.title for line in cost_lines()] if "{cost_lines}" in self.wording else []
        named = " + ".join(title if i == 0 else title[:1].lower() + title[1:] for i, title in enumerate(titles))
        return self.wording.replace("{cost_lines}", named)

    def unit_text(self, currency: str, time_unit: str) -> str:
        """The unit in the scenario's words.

        >>> KPIS.get("total_cost").unit_text("EUR", "day"), KPIS.get("wait_mean").unit_text("EUR", "day")
        ('EUR/year', 'day')
        """
        if self.unit == "days" and time_unit == "period":
            return "periods"
        return self.unit.replace("{currency}", currency or "money").replace("{time}", time_unit)


KPIS: Registry[Kpi] = Registry("measure", "chainsim.kpis", "chainsim.kpis")

MONEY = "{currency}/year"
WINDOW = "the statistics window, after the warm-up"


def cost_lines(*kinds: Cost) -> tuple[Kpi, ...]:
    """The lines of the total cost, in order of registration (ours first): all of them, or those of these kinds.

    >>> [line.id for line in cost_lines("penalty")]
    ['shortage_cost', 'stockout_cost']
    """
    return tuple(k for _, k in KPIS.items() if k.cost and (not kinds or k.cost in kinds))


def kpis_of(plans: Sequence[Plan]) -> dict[str, Kpi]:
    """The measures that concern any of these Plans, in order of registration."""
    return {id: k for id, k in KPIS.items() if k.concerns is None or any(map(k.concerns, plans))}


def kpi(
    id: str,
    *,
    title: str,
    unit: str,
    direction: Direction,
    definition: str,
    denominator: str = "",
    window: str = WINDOW,
    bucket: str = "",
    undefined: str = "",
    money: bool = False,
    cost: Cost = "",
    few_buckets: int = 0,
    bias: str = "",
    concerns: Callable[[Plan], bool] | None = None,
) -> Callable[[Compute], Compute]:
    """Decorator: register the function as the measure `id`. An id never changes its meaning."""

    def add(compute: Compute) -> Compute:
        KPIS.register(id)(
            Kpi(
                id, title, unit, direction, definition, denominator, window, bucket, undefined, money, compute, cost, few_buckets, bias,
                concerns,
            )
        )  # fmt: skip
        return compute

    return add


def cost(
    id: str, *, title: str, definition: str, paid: bool = True
) -> Callable[[Callable[[View], Array]], Callable[[View], Array]]:
    """Decorator: register the function as a measure that is a line of the total cost, an amount per year.

    That is all a cost needs: `total_cost` adds it up, the chart of costs draws it, and the recommendation weighs it.
    paid: False for a penalty that nobody pays in cash, which `margin` leaves out.
    """
    kind: Cost = "paid" if paid else "penalty"
    return kpi(id, title=title, unit=MONEY, direction="lower", definition=definition, money=True, cost=kind)


def ratio(numerator: Array, denominator: Array) -> Ratio:
    """The measure numerator ÷ denominator, scope by scope; undefined where the denominator is 0.

    >>> ratio(np.array([1.0, 0.0]), np.array([4.0, 0.0])).value
    array([0.25,  nan])
    """
    return Ratio(numerator, denominator)
