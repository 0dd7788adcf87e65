"""Kanban: containers with cards; an empty container is an order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from chainsim.fields import field_of
from chainsim.policies.base import POLICIES, Derived, PointFacts, Policy, Settings
from chainsim.policies.knobs import Knobs
from chainsim.policies.textbook import in_whole_periods
from chainsim.rules.grid import lots_in, on_grid
from chainsim.rules.position import on_hand_in_books


def order_quantity(stock: Any, p: Sequence[float], memory: list[float]) -> float:
    """Order the empty containers. p = (cards, container)."""
    lots = lots_in(p[0] * p[1] - on_hand_in_books(stock) - stock.on_order, p[1])
    return lots * p[1] if lots > 0.0 else 0.0


@POLICIES.register("kanban")
@dataclass(frozen=True, kw_only=True)
class Kanban(Policy):
    """Kanban: n cards, one per container of C units. A container that was emptied is ordered again; what customers wait
    for is not, so there are never more than n·C units on hand and on order together.

    Symbols: n cards, C container size (units), d mean demand per time unit, M lead time, with the review interval where
    the review is periodic, α safety allowance. Derived: n = ⌈d·M·(1 + α) / C⌉, at least 1.

    Source: Sugimori, Kusunoki, Cho & Uchikawa (1977), International Journal of Production Research 15:553-564 (the
    Toyota formula); Hopp & Spearman, Factory Physics, 3rd ed. (2008), ch. 4.

    Three containers of 4 with 7 units left: 5 units are gone, one container is empty:

    >>> from chainsim.plan.tables import POINT
    >>> order_quantity(POINT.row(whole=1, on_hand=7.0, on_order=0.0, backorders=0.0), (3.0, 4.0), [])
    4.0
    """

    title = "Kanban"
    summary = "Order the containers that were emptied; never more than the cards, however many customers wait."
    source = "Sugimori, Kusunoki, Cho & Uchikawa (1977): n = d·M·(1 + α) / C"
    watches = "on_hand"
    rule = staticmethod(order_quantity)
    # the container is what it is: only the number of cards can be moved
    knobs = Knobs(
        lambda policy, by, target: replace(policy, safety=max(policy.safety + 0.5 * by, 0.0)),
        lambda policy, known: replace(policy, cards=int(known.p[0])),
        "cards",
        least=1.0,
    )

    container: float = field_of(
        "units", "Units in one container.", unit="units", symbol="C", example=12, above=0, lot=True
    )
    cards: int | None = field_of(
        "count",
        "Number of cards. Left out: d·M·(1 + safety) / C, rounded up.",
        default=None,
        symbol="n",
        example=5,
        least=1,
    )
    safety: float = field_of(
        "number",
        "Allowance for variation in the derived number of cards.",
        default=0.1,
        symbol="α",
        example=0.1,
        least=0,
    )
    review_interval: float | None = field_of(
        "duration",
        "Time between reviews. Left out: a container is ordered when it is empty.",
        default=None,
        symbol="R",
        example="1 day",
        above=0,
    )

    def settings(self, point: PointFacts) -> Settings:
        if self.cards is not None:
            cards = Derived("cards", "n", float(self.cards), float(self.cards), "cards", "given", {}, given=True)
        else:
            cards = self._derived_cards(point)
        units = cards.value * self.container
        size = Derived("container", "C", self.container, self.container, "units", "given", {}, given=True)
        return Settings(
            (cards.value, self.container),
            order_up_to=units,
            derived=(cards, size),
            wake_at=on_grid(units - self.container),
        )

    def _derived_cards(self, point: PointFacts) -> Derived:
        from math import ceil

        interval = in_whole_periods(point).protection_interval
        exact = point.demand_mean * interval * (1.0 + self.safety) / self.container
        number = float(max(1, ceil(exact - 1e-9 * max(1.0, exact))))
        inputs = {"d": point.demand_mean, "M": interval, "α": self.safety, "C": self.container}
        return Derived("cards", "n", number, exact, "cards", "n = d·M·(1 + α) / C, at least 1", inputs)
