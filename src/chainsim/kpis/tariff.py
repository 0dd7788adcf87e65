"""Every rate of a scenario, and what it is charged on: total cost is linear in rates, so whoever has both can try other rates without
simulating again, as long as order parameters stay what they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from chainsim.kpis.base import KPIS, cost_lines
from chainsim.kpis.charges import LINES, Charge, Line, Words
from chainsim.kpis.holds import Place, where
from chainsim.kpis.view import View
from chainsim.plan.plan import Plan
from chainsim.record.stack import add_up

Array = np.ndarray[Any, Any]
MOST_RATES = 8
"""A charge with more rates than this is told as one factor on all of them."""


@dataclass(frozen=True)
class Rate:
    """One rate. line: of the total cost; name: of the charge; value: as run, in the unit of its words; place: where it holds, as
    `kpis.holds` names it (production has no origin)."""

    line: str
    name: str
    value: float
    words: Words
    place: Place


class _Key(NamedTuple):
    """What two places must share to be charged by one rate."""

    ends: tuple[str, str]
    by_value: bool
    value: float


class _Part(NamedTuple):
    """A charge taken apart: of every place its rate's number (-1: not charged), and what turns its quantity into what is counted."""

    line: Line
    charge: Charge
    number: Array
    weight: Array


class Tariff:
    """The rates of a Plan. Each cost line is Σ value × driver over its rates.

    A charge of very many rates is one factor, as run 1, on what it cost; so is a line that is not made of charges (an outside
    package's).
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    @property
    def rates(self) -> tuple[Rate, ...]:
        """Line by line, each in the order of its places."""
        return self._taken_apart[0]

    def drivers(self, view: View) -> Array:
        """What each rate is charged on in a year, in the whole network [replications, rates]."""
        rates, parts = self._taken_apart
        out = np.zeros((len(view.records), len(rates)))
        for part in parts:
            here = np.flatnonzero(part.number >= 0)
            counted = (part.charge.quantity(view) * part.weight)[:, here] * part.line.yearly(view)
            out += add_up(part.number[here], counted, len(rates))
        for i, rate in enumerate(rates):
            if rate.line not in LINES:
                # the first scope is the whole network
                out[:, i] = np.asarray(KPIS.get(rate.line).compute(view), np.float64)[:, 0]
        return out

    @cached_property
    def _taken_apart(self) -> tuple[tuple[Rate, ...], list[_Part]]:
        rates: list[Rate] = []
        parts: list[_Part] = []
        for kpi in cost_lines():
            line = LINES.get(kpi.id)
            if line is None:
                rates.append(_factor(kpi.id, kpi.id, kpi.title))
                continue
            for name in dict.fromkeys(charge.name for charge in line.charges):
                charges = [charge for charge in line.charges if charge.name == name]
                keys = [self._keys(charge) for charge in charges]
                each = list(dict.fromkeys(key for own in keys for key in own.values()))
                factor = len(each) > MOST_RATES
                number = {key: len(rates) + (0 if factor else i) for i, key in enumerate(each)}
                for charge, own in zip(charges, keys, strict=True):
                    parts.append(self._part(line, charge, {p: number[k] for p, k in own.items()}, own, factor=factor))
                if factor:
                    rates.append(_factor(kpi.id, name, f"{charges[0].words.title}, all rates"))
                else:
                    rates += self._told(kpi.id, charges, keys)
        return tuple(rates), parts

    def _part(
        self, line: Line, charge: Charge, numbers: Mapping[int, int], keys: Mapping[int, _Key], *, factor: bool
    ) -> _Part:
        rate = np.array(charge.rate(self.plan.money), np.float64)
        number = np.full(len(rate), -1, np.int64)
        number[list(numbers)] = list(numbers.values())
        weight = rate if factor else np.ones(len(rate))
        if charge.value is not None and not factor:
            by_value = [place for place, key in keys.items() if key.by_value]
            weight[by_value] = charge.value(self.plan.money)[0][by_value] / self.plan.clock.units_per_year
        return _Part(line, charge, number, weight)

    def _keys(self, charge: Charge) -> dict[int, _Key]:
        """The points or lanes that can be charged, and what makes the rate of each."""
        layout, money = self.plan.layout, self.plan.money
        rate = charge.rate(money)
        share = np.full(len(rate), np.nan) if charge.value is None else charge.value(money)[1]
        found = {}
        here = np.ones(len(rate), bool) if charge.where is None else charge.where(self.plan)
        for i, point in enumerate(self._payers(charge).tolist()):
            if (
                not here[i]
                or point < 0
                or layout.unlimited[point]
                or (charge.customers and not layout.customers[point])
            ):
                continue
            by_value = bool(share[i] == share[i])
            told = share[i] * self.plan.clock.units_per_year if by_value else rate[i]
            place = self._place(charge, i, point)
            # a rate of stock is the same wherever the stock is, one of lanes belongs to the kinds of their ends
            ends = ("", "") if _of_stock(charge) else (self._kinds.get(place.origin, ""), self._kinds[place.target])
            # twelve digits: 25 % a year, divided by 365 days and multiplied again
            found[i] = _Key(ends, by_value, float(f"{told:.12g}"))
        return found

    def _told(self, line: str, charges: Sequence[Charge], keys: Sequence[Mapping[int, _Key]]) -> list[Rate]:
        """The rates of charges of one name, with where they hold among those with the same ends."""
        members: dict[_Key, set[Place]] = {}
        alike: dict[tuple[str, str], set[Place]] = {}
        for charge, own in zip(charges, keys, strict=True):
            payers = self._payers(charge)
            for i, key in own.items():
                place = self._place(charge, i, int(payers[i]))
                members.setdefault(key, set()).add(place)
                alike.setdefault(key.ends, set()).add(place)
        charge = charges[0]
        return [
            Rate(
                line,
                charge.name,
                key.value,
                charge.share_words if key.by_value and charge.share_words else charge.words,
                where(places, alike[key.ends], self._kinds, lanes=not _of_stock(charge)),
            )
            for key, places in members.items()
        ]

    def _payers(self, charge: Charge) -> Array:
        return np.arange(len(self.plan.points)) if charge.payer is None else charge.payer(self.plan)

    def _place(self, charge: Charge, i: int, point: int) -> Place:
        layout = self.plan.layout
        origin = -1 if _of_stock(charge) else int(self.plan.lanes["origin"][i])
        source = layout.sites[layout.site[origin]] if origin >= 0 else ""
        return Place(source, layout.sites[layout.site[point]], layout.products[layout.product[point]])

    @cached_property
    def _kinds(self) -> dict[str, str]:
        return dict(zip(self.plan.layout.sites, self.plan.layout.kinds, strict=True))


def _of_stock(charge: Charge) -> bool:
    """Whether a rate is one of stock (also on the way), not of lanes."""
    return charge.payer is None or charge.value is not None


def _factor(line: str, name: str, title: str) -> Rate:
    return Rate(line, name, 1.0, Words(title, "× as run", "{currency} as run"), Place("", "", ""))
