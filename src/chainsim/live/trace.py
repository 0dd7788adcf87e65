"""The measures as a program for a page: the functions of `chainsim.kpis` are called once, on symbols instead of numbers.

So each measure is written once, in Python, and a plugin's measure comes along, or is refused by name with the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import numpy as np

from chainsim.kpis import KPIS, Months, Ratio, Scopes, View, kpis_of
from chainsim.kpis.months import MONTHLY, units_by_month
from chainsim.kpis.sums import Sums
from chainsim.live.program import Array, Program, Symbol
from chainsim.plan.buckets import bucket_edges
from chainsim.plan.plan import Money, Plan
from chainsim.record.record import SERIES
from chainsim.record.totals import TOTALS

PRICES = tuple(f.name for f in fields(Money) if f.type == "Array" and f.name != "in_transit_point")
"""Fields of Money that hold prices, by stock point or lane."""


@dataclass(frozen=True)
class Traced:
    """A program and what it gives, by number of operation.

    measures: by id (numerator, denominator), the latter None for a measure that is no ratio. refused: why a measure cannot be told.
    series: net stock, orders and demand [scopes, buckets]. months: units of the network by month.
    """

    program: Program
    measures: dict[str, tuple[int, int | None]]
    refused: dict[str, str]
    series: dict[str, int]
    months: dict[str, int]

    @property
    def roots(self) -> list[int]:
        """All operations that somebody wants the results of."""
        measured = [n for parts in self.measures.values() for n in parts if n is not None]
        return [*measured, *self.series.values(), *self.months.values()]


def traced(plan: Plan, scopes: Scopes, ids: Sequence[str] | None = None) -> Traced:
    """The program of all measures that concern the Plan (or those named) at these scopes, with any prices and levels of the Plan."""
    program = Program()
    view = NotedView(plan, scopes, program)
    expected = (1, len(scopes))
    measures: dict[str, tuple[int, int | None]] = {}
    refused: dict[str, str] = {}
    for id in kpis_of([plan]) if ids is None else ids:
        try:
            found = KPIS.get(id).compute(view)
            parts = (found.numerator, found.denominator) if isinstance(found, Ratio) else (found,)
            numbers = [_root(program, part, expected) for part in parts]
        except Exception as error:  # whatever somebody else's function runs into on symbols, a page cannot do it
            refused[id] = f"{type(error).__name__}: {error}"
        else:
            measures[id] = (numbers[0], numbers[1] if len(numbers) > 1 else None)
    series = {"net_stock": view.net_stock, "orders": view.placed_orders, "demand": view.received_orders}
    months = Months.of(bucket_edges(plan.clock), plan.clock)
    by_month = {name: units_by_month(view, name, months) for name in MONTHLY}
    return Traced(
        program,
        measures,
        refused,
        {name: _root(program, value) for name, value in series.items()},
        {name: _root(program, value) for name, value in by_month.items()},
    )


def _root(program: Program, value: Any, shape: tuple[int, ...] | None = None) -> int:
    if shape is not None and np.shape(value) != shape:
        raise TypeError(
            f"an array of shape {np.shape(value)}; it must have one number for each replication and scope, here {shape}"
        )
    symbol = value if isinstance(value, Symbol) else program.constant(value)
    return symbol.number


class NotedSums(Sums):
    """Sums of symbols are noted, those of numbers are done."""

    def __call__(self, values: Any) -> Any:
        if isinstance(values, Symbol):
            return values.added_up(self.group, self.point, self.count)
        return super().__call__(values)


class NotedScopes(Scopes):
    """Scopes over which sums are noted."""

    sums = NotedSums

    def _joined(self, at_wide: Any, values: Any) -> Any:
        below = self._at_narrow(values)
        symbols = [x for x in (at_wide, below) if isinstance(x, Symbol)]
        if not symbols:
            return super()._joined(at_wide, values)
        program = symbols[0].program
        first, second = (x if isinstance(x, Symbol) else program.constant(x) for x in (at_wide, below))
        place = np.empty(len(self), np.int64)
        place[self.wide], place[~self.wide] = np.arange(first.shape[1]), first.shape[1] + np.arange(second.shape[1])
        shape = (1, len(self), *first.shape[2:])
        return program.note(shape, "join", first.number, second.number, program.whole(place), first.width)


class NotedRecords:
    """One replication that has not been simulated."""

    def __init__(self, plan: Plan, program: Program) -> None:
        self.edges = bucket_edges(plan.clock)
        self.waiting = program.note((1, len(plan.points)), "array", "waiting")

    def __len__(self) -> int:
        return 1


class NotedView(View):
    """A View of symbols."""

    def __init__(self, plan: Plan, scopes: Scopes, program: Program) -> None:
        self.program = program
        noted = NotedScopes(**{f.name: getattr(scopes, f.name) for f in fields(Scopes)})
        prices: dict[str, Any] = {
            name: program.note((len(getattr(plan.money, name)),), "array", f"money.{name}") for name in PRICES
        }
        records: Any = NotedRecords(plan, program)
        super().__init__(records, replace(plan, money=replace(plan.money, **prices)), noted)

    def series(self, name: str) -> Any:
        shape = (1, len(self.plan.points), len(self.records.edges) - 1)
        return self.program.note(shape, "series", SERIES.index(name))

    def _growth(self, table: str, column: str) -> Any:
        rows = len(getattr(self.plan, table))
        if column == "buckets":  # rules.bucket
            return np.full((1, rows), float(self.full_buckets.sum()))
        if column == "buckets_good":
            return self._good_buckets
        names = TOTALS[table].names
        kind = TOTALS[table].columns[names.index(column)].type
        return self.program.note((1, rows), "growth", table, names.index(column), kind)

    @cached_property
    def _good_buckets(self) -> Any:
        owed, lost, emergency = (self.series(name) for name in ("backorders", "lost", "emergency"))
        trouble = np.maximum(np.maximum(owed, lost), emergency) > 0.0
        return self.over_window(np.where(trouble, 0.0, 1.0))

    def over_window(self, values: Any) -> Any:
        """Sums over full buckets, in the order of time."""
        return self.program.note(values.shape[:2], "window", values.number)

    def end_mean(self, name: str) -> Any:
        return self.over_window(self.series(name)) / float(self.full_buckets.sum())

    def variance(self, values: Any) -> Any:
        if self.full_buckets.sum() < 2:
            return super().variance(values)
        return self.program.note(values.shape[:2], "variance", values.number)


__all__ = ["PRICES", "Array", "Traced", "traced"]
