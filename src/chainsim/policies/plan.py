"""A plan of orders: at each review, order what a given table says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from chainsim.fields import field_of
from chainsim.policies.base import POLICIES, Derived, OrderSizes, PointFacts, Policy, Settings, Steps, where
from chainsim.policies.knobs import Knobs
from chainsim.rules.order import adjust
from chainsim.showing import counted

SIZES = "(whole units, minimum, multiple and maximum orders)"
MOST_TOLD = 5
"""Orders that cannot be placed, told one by one."""


def order_quantity(stock: Any, p: Sequence[float], memory: list[float]) -> float:
    """Order what is planned for this review. p = (reviews, orders of one review after the other); memory = [reviews so far]."""
    k = int(memory[0])
    memory[0] += 1.0
    return p[1 + k] if k < p[0] else 0.0


@POLICIES.register("plan")
@dataclass(frozen=True, kw_only=True)
class Plan(Policy):
    """A given plan: the k-th review orders the k-th quantity of a list, whatever the stock. It replays what people ordered in
    a game, what a lot-sizing method chose, what an ERP system planned.

    Orders are given in the file, for the policy or by its `rules` for each stock point; or in a table (CSV) with the columns
    `period` (the review, from 1), `site`, `product` (may be left out) and `quantity`. There is one for every review of the
    run, warm-up included; 0 is none. An order that the stock point could not place as it is (half a unit, below a minimum
    order) is refused. Without `initial` a stock point starts empty.

    Source: H. Wagner & T. Whitin (1958), Management Science 5(1):89-96: demand of 90, 120, 80 and 70, an order costs 500, a
    unit kept for a period 2; to order 210 and 150 is best (1380).

    >>> memory = [0.0]
    >>> [order_quantity(None, (4.0, 210.0, 0.0, 150.0, 0.0), memory) for _ in range(4)]
    [210.0, 0.0, 150.0, 0.0]
    """

    title = "Given plan of orders"
    summary = "At each review, order what a given table says."
    source = "Wagner & Whitin (1958): orders planned period by period"
    review = "periodic"
    rule = staticmethod(order_quantity)
    knobs = Knobs(refusal="orders what its table says, whatever the stock: there is no level to move")

    review_interval: float = field_of("duration", "Time between reviews.", symbol="R", example="1 week", above=0)
    orders: tuple[float, ...] | None = field_of(
        "numbers", "Quantity of each review, in order of time.", default=None, example=(210, 0, 150, 0), least=0
    )
    file: str | None = field_of(
        "file",
        "Table of orders (CSV) beside the scenario, in place of `orders`: period, site, product, quantity.",
        default=None,
        example="orders.csv",
    )

    def problems(self) -> list[tuple[str, str, str]]:
        if self.file is not None:  # that of the policy itself was read, and is in `orders` and rules
            return [
                ("file", "a table of orders goes with the policy itself, not with a rule", "give its `orders` here")
            ]
        if self.orders is None:
            return [("", "a plan needs its orders", "give `orders`, one for every review, or a table of them: `file`")]
        return []

    def problems_over(self, reviews: int) -> list[tuple[Literal["error", "warning"], Steps, str, str]]:
        given = len(self.orders or ())
        if 0 < given < reviews:
            message = (
                f"has {counted(given, 'order')}, the run {counted(reviews, 'review')}: period {given + 1} is missing"
            )
            return [
                ("error", ("orders", given - 1), message, "write 0 for a review without an order, or shorten the run")
            ]
        if given > reviews:
            message = f"has {counted(given, 'order')}, the run {counted(reviews, 'review')}: the last {given - reviews} are never placed"
            return [("warning", ("orders", reviews), message, "lengthen the run")]
        return []

    def problems_of(self, sizes: OrderSizes) -> list[tuple[Steps, str, str]]:
        odd = self._odd(sizes)
        found: list[tuple[Steps, str, str]] = [
            (("orders", k), f"{said} {SIZES}", "plan what can be ordered") for k, said in odd[:MOST_TOLD]
        ]
        if len(odd) > MOST_TOLD:
            more = f"and {counted(len(odd) - MOST_TOLD, 'further order')} could not be placed as given"
            found.append((("orders", odd[MOST_TOLD][0]), more, ""))
        return found

    def _odd(self, sizes: OrderSizes) -> list[tuple[int, str]]:
        """Orders that would not be placed as they are: their numbers from 0, and what is said of them."""
        stock: Any = sizes
        pairs = ((k, quantity, adjust(stock, quantity)) for k, quantity in enumerate(self.orders or ()))
        return [
            (k, f"the order of period {k + 1} is {quantity:.15g}, but would be placed as {placed:.15g}")
            for k, quantity, placed in pairs
            if placed != quantity
        ]

    def settings(self, point: PointFacts) -> Settings:
        if not self.orders:
            raise ValueError(f"{where(point)}: the plan has no orders for it")
        odd = self._odd(OrderSizes(int(point.whole), point.minimum_order, point.order_multiple, point.maximum_order))
        if odd:  # of a scenario made in code; one that is read was refused before (`problems_of`)
            raise ValueError(f"{where(point)}: {odd[0][1]} {SIZES}")
        total = sum(self.orders)
        shown = Derived("ordered", "ΣQ", total, total, "units", "sum of the orders given", given=True)
        return Settings((float(len(self.orders)), *self.orders), order_up_to=0.0, derived=(shown,), memory=(0.0,))
