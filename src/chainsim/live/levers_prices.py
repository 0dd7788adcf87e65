"""Levers of prices: a factor of all that stand at some paths; one that stands alone is told by its amount, in the currency."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from chainsim.live.levers_offer import Ground, Offer, shown, times, written
from chainsim.scenario.change import steps_of, values_at
from chainsim.scenario.positions import as_written, number_in
from chainsim.showing import SIGNS

PRICES = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0)
RATE = "carrying_rate"
"""The price that is no amount of money."""


def price(id: str, label: str, *paths: str) -> Callable[[Ground], Iterator[Offer]]:
    """A lever of prices that stand at some paths, as a factor of all of them; one that stands alone is told by its amount."""

    def offers(ground: Ground) -> Iterator[Offer]:
        found = [path for path in written(ground, *paths) if _is_price(ground, path)]
        if not found:
            return
        values = [value for path in found for value in values_at(ground.source, path) if _can_grow(value)]
        only = values[0] if len(set(map(repr, values))) == 1 else None

        def text(by: float) -> str:
            if only is None:
                return f"× {by:g}"
            number, star, share, unit = number_in(only)
            if not share and unit.strip() == f"per {ground.scenario.time.unit}" and _is_rate(found):
                # as the resolved scenario has it, which nobody reads
                number, share, unit = 100.0 * number * ground.scenario.time.units_per_year, " %", " per year"
            amount = shown(as_written(float(f"{number * by:.4g}"), star, share, unit))
            return amount if share or _is_rate(found) else f"{_sign(ground)}{cents(amount)}"

        yield times(id, label, "prices", PRICES, lambda by: dict.fromkeys(found, f"*{by:g}"), text)

    return offers


def lost_sale(ground: Ground) -> Iterator[Offer]:
    """Amounts as a factor; a margin that is the same everywhere by the amount that it is."""
    margins = [path for path in ("costs.lost_sale", "stock[*].lost_sale") if "margin" in values_at(ground.source, path)]
    if not margins:
        yield from price("lost-sale", "Cost of a lost sale", "costs.lost_sale", "stock[*].lost_sale")(ground)
        return
    lost = {(d.site, d.product) for d in ground.scenario.demands if d.unmet != "backorder"}
    amounts = {p.lost_sale_cost for p in ground.scenario.points if (p.site, p.product) in lost}
    if margins != ["costs.lost_sale"] or len(amounts) != 1 or values_at(ground.source, "stock[*].lost_sale"):
        return
    amount = amounts.pop()
    if amount > 0.0:
        yield times(
            "lost-sale", "Cost of a lost sale", "prices", PRICES,
            lambda by: {"costs.lost_sale": as_written(float(f"{amount * by:.12g}"), "", "", "")},
            lambda by: f"{_sign(ground)}{cents(f'{amount * by:g}')}",
        )  # fmt: skip


def cents(amount: str) -> str:
    """An amount of money as a price is written: a single decimal has a second.

    >>> cents("0.5"), cents("0.375"), cents("2"), cents("1.5 per week")
    ('0.50', '0.375', '2', '1.50 per week')
    """
    return re.sub(r"^(\d+\.\d)(?!\d)", r"\g<1>0", amount)


def _is_rate(paths: Sequence[str]) -> bool:
    return any(steps_of(path)[-1] == RATE for path in paths)


def _is_price(ground: Ground, path: str) -> bool:
    return any(_can_grow(value) for value in values_at(ground.source, path))


def _can_grow(value: Any) -> bool:
    try:
        return number_in(value)[0] > 0.0
    except ValueError:
        return False


def _sign(ground: Ground) -> str:
    """What stands before an amount."""
    currency = ground.scenario.currency
    return SIGNS.get(currency, f"{currency} " if currency else "")
