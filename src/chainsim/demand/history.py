"""Past demand replayed from a table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, pvariance

from chainsim.chance.base import Problem
from chainsim.chance.facts import EventLaw
from chainsim.chance.lists import Empirical
from chainsim.demand.base import DEMANDS, DemandContext, DemandFacts, Periodic
from chainsim.fields import field_of
from chainsim.registry import did_you_mean
from chainsim.rules.arrivals import REPLAY

ROUNDING = 1e-9  # shares such as three thirds are taken to sum to 1


@DEMANDS.register("history")
@dataclass(frozen=True, kw_only=True)
class Replay(Periodic):
    """The quantities of a column, one row a period; every replication meets the same demand.

    With a `share` below 1 the column is split, unit by unit for products in whole units: each stream takes its share of
    what those before it (by site, product and name) left, so that shares which sum to 1 give out the column exactly,
    in every period. Parts are rounded on their running totals, so that none is lost over time either.
    """

    file: str = field_of("file", "Table of past demand (CSV) beside the scenario.", example="daily.csv")
    column: str | None = field_of("text", "Column of quantities; default: the product.", default=None, example="soup")
    share: float = field_of("fraction", "Part of the column's demand.", default=1.0, above=0, most=1, example=0.5)
    start_row: int = field_of("count", "Rows of the table to leave out at its head.", default=0, least=0, example=90)
    on_end: str = field_of(
        "choice",
        "When the table ends before the run: refuse, begin again, or no more demand.",
        default="error",
        choices=("error", "repeat", "zero"),
    )
    gaps: str = field_of(
        "choice", "Periods missing from the table: refuse, or no demand.", default="error", choices=("error", "zero")
    )

    def problems(self) -> list[Problem]:
        found = super().problems()
        if not 0 < self.share <= 1:
            found.append(("share", f"must be above 0 and at most 1, found {self.share:g}", ""))
        if self.start_row < 0:
            found.append(("start_row", f"must be at least 0, found {self.start_row}", ""))
        for name, known in (("on_end", ("error", "repeat", "zero")), ("gaps", ("error", "zero"))):
            value = getattr(self, name)
            if value not in known:
                text = f"unknown choice '{value}'{did_you_mean(value, list(known))}; known: {', '.join(known)}"
                found.append((name, text, ""))
        return found

    def problems_at(self, here: DemandContext) -> list[Problem]:
        found = super().problems_at(here)
        if found:
            return found
        if self.file not in here.tables:
            return [("file", f"the table '{self.file}' was not read", "")]
        columns = here.tables[self.file].columns
        column = self.column or here.product
        if column not in columns:
            hint = did_you_mean(column, list(columns))
            return [("column", f"'{self.file}' has no column '{column}'{hint}", f"Columns: {', '.join(columns)}.")]
        rows, periods = len(columns[column]), self.periods(here)
        if self.start_row >= rows:
            return [("start_row", f"is {self.start_row} but '{self.file}' has {rows} rows", "")]
        if self.on_end == "error" and rows - self.start_row < periods:
            text = (
                f"'{self.file}' has {rows - self.start_row} periods of demand, the run (warm-up and horizon) {periods}"
            )
            return [("on_end", text, "Shorten the run, or say on_end: repeat or zero.")]
        return []

    def facts(self, here: DemandContext) -> DemandFacts:
        levels = self.known_levels(here)
        quantities = [self.share * q * level for q, level in zip(self._rows(here), levels, strict=True)] or [0.0]
        mean, variance = fmean(quantities), pvariance(quantities)
        law = EventLaw(
            Empirical(values=tuple(quantities)), 1.0, self.every, self.offset, unknown=("the order of past demand",)
        )
        return DemandFacts(
            mean / self.every, variance / self.every, self.every, mean, math.sqrt(variance), False, law,
            self.foreseen(here),
        )  # fmt: skip

    def columns(self, here: DemandContext) -> dict[str, float | int]:
        quantities = self._slice(
            here, [q * level for q, level in zip(self._rows(here), self.levels(here), strict=True)]
        )
        return {
            "kind": REPLAY,
            "values_first": here.store_values(quantities),
            "values_count": len(quantities),
            **self.calendar(here),
        }

    def _rows(self, here: DemandContext) -> list[float]:
        """The column's quantities, one for each period of the run."""
        column = here.tables[self.file].columns[self.column or here.product][self.start_row :]
        periods = self.periods(here)
        if self.on_end == "repeat":
            return [float(column[k % len(column)]) for k in range(periods)]
        return [float(q) for q in column[:periods]] + [0.0] * (periods - len(column))

    def _slice(self, here: DemandContext, quantities: Sequence[float]) -> list[float]:
        """This stream's part of what the streams before it left of the column."""
        if not here.whole:
            return [self.share * q for q in quantities]
        key = ("share", self.file, self.column or here.product, tuple(quantities))
        share_left, left = here.shared.get(key, (0.0, ()))
        if self.share > share_left + ROUNDING:  # all given out: this stream begins the column anew
            share_left, left = 1.0, whole_part(quantities, 1.0)
        ratio = self.share / share_left
        part = whole_part(left, ratio if ratio < 1.0 - ROUNDING else 1.0)
        here.shared[key] = (share_left - self.share, [q - taken for q, taken in zip(left, part, strict=True)])
        return part


def whole_part(quantities: Sequence[float], share: float) -> list[float]:
    """Whole units whose running total is the share of the running total, rounded half up.

    >>> whole_part([1, 1, 1, 1], 0.5)
    [1.0, 0.0, 1.0, 0.0]
    """
    part = []
    total, taken = 0.0, 0.0
    for quantity in quantities:
        total += quantity
        now = float(math.floor(total * share + 0.5))
        part.append(now - taken)
        taken = now
    return part
