"""What a simpy event does when its moment has come and nobody tells a story of it: a shipment arrives, an order reaches its
supplier, those who waited are served. (Who acts again and again of his own accord: `engines.processes`.)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chainsim.rules.customer import lose_patience
from chainsim.rules.happenings import HAPPENINGS
from chainsim.rules.phases import PATIENCE_ENDS

RULES = {row.kind: (row.rule, row.arguments) for row in HAPPENINGS if row.rule is not None}
REPEATED = tuple(row.kind for row in HAPPENINGS if row.number is not None)
"""Kinds that have one key for ever."""


def moment(w: Any, kind: int, index: int) -> Callable[[object], None]:
    """What a simpy event of this kind calls."""
    if kind == PATIENCE_ENDS:
        return patience(w, index, w.claims[index].number)
    rule, arguments = RULES[kind]
    return lambda _: rule(w, index, *arguments)


def patience(w: Any, k: int, number: int) -> Callable[[object], None]:
    """The patience of the customer with claim k: it ends if the customer still waits then, and not another in its row."""

    def ends(_: object) -> None:
        if w.claims[k].number == number:
            lose_patience(w, k)

    return ends
