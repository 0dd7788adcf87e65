"""Where everything stands on the sheets Rates and Years, known before they are written: their formulas need each other's cells."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from chainsim.report.book.tally import Tally
from chainsim.report.book.writer import LONGEST

RATES, YEARS = "Rates", "Years"
MOST_YEARS = 20_000
"""Rows of Years; where replications of all policies are more, intervals stay as run."""


@dataclass(frozen=True)
class Grid:
    """Rows and columns count from 0. Cells of Rates are named without their sheet, those of Years with it."""

    tally: Tally

    # Rates: a row a rate, then a row a sum; policies across

    HEAD = 7
    UNIT, AS_RUN, NOW, COUNTED, FIRST = 2, 3, 4, 5, 6
    AGAINST, ITS_NUMBER = (4, 1), (5, 1)

    @property
    def policies(self) -> int:
        return len(self.tally.facts.policies)

    def rate(self, i: int) -> int:
        """The row of a rate."""
        return self.HEAD + 1 + i

    @property
    def costs(self) -> int:
        """The row above the sums."""
        return self.rate(len(self.tally.rates)) + 1

    @cached_property
    def sums(self) -> dict[str, int]:
        """The rows below: every cost line, and what is made of them."""
        made = ["total", "as_run", "change", "half", "gap", "gap_half", "sure", "fill", "meets", "rank"]
        if not self.years:
            made = [name for name in made if name not in ("half", "gap_half", "sure")]
        return {name: self.costs + 1 + i for i, name in enumerate([*self.tally.lines, *made])}

    @property
    def last(self) -> int:
        return max(self.sums.values())

    def at(self, name: str, policy: int) -> str:
        """The cell of a sum of a policy."""
        return str(xl_rowcol_to_cell(self.sums[name], self.FIRST + policy))

    def far(self, name: str, policy: int) -> str:
        """The same as other sheets name it."""
        return f"{RATES}!{xl_rowcol_to_cell(self.sums[name], self.FIRST + policy, row_abs=True, col_abs=True)}"

    def across(self, name: str = "") -> str:
        """A sum of all policies; their names, where none is named."""
        row = self.sums[name] if name else self.HEAD
        return _absolute(row, self.FIRST, row, self.FIRST + self.policies - 1)

    def rates_now(self, own: range) -> str:
        """Neighbouring rates, as they are now."""
        return _absolute(self.rate(own.start), self.NOW, self.rate(own.stop - 1), self.NOW)

    def amounts(self, own: range, policy: int) -> str:
        """What neighbouring rates are charged on under a policy."""
        column = xl_col_to_name(self.FIRST + policy)
        return f"{column}{self.rate(own.start) + 1}:{column}{self.rate(own.stop - 1) + 1}"

    def now(self, i: int) -> str:
        """A rate as it is now, as other sheets name it."""
        return f"{RATES}!{xl_rowcol_to_cell(self.rate(i), self.NOW, row_abs=True, col_abs=True)}"

    @property
    def changed(self) -> str:
        """How many rates are not as run, as other sheets count it."""
        own = [_absolute(self.rate(0), c, self.rate(len(self.tally.rates) - 1), c) for c in (self.AS_RUN, self.NOW)]
        return f"SUMPRODUCT(--({RATES}!{own[0]}<>{RATES}!{own[1]}))"

    @property
    def compared(self) -> str:
        """The policy compared with, as all sheets name it."""
        return f"{RATES}!{xl_rowcol_to_cell(*self.AGAINST, row_abs=True, col_abs=True)}"

    @property
    def base(self) -> str:
        """The number of the policy compared with."""
        return str(xl_rowcol_to_cell(*self.ITS_NUMBER, row_abs=True, col_abs=True))

    # Years: a row a policy and replication, a column a rate, then total cost and its difference

    TOP = 4
    """The row of rates, below which the heads are."""

    @property
    def replications(self) -> int:
        return int(self.tally.drivers.shape[1])

    @property
    def years(self) -> bool:
        """Whether there is such a sheet."""
        return self.replications > 1 and self.policies * self.replications <= min(MOST_YEARS, LONGEST)

    def year(self, policy: int, replication: int) -> int:
        """The row of a replication."""
        return self.TOP + 2 + policy * self.replications + replication

    @property
    def total_column(self) -> int:
        return 2 + len(self.tally.rates)

    def over_years(self, policy: int, column: int) -> str:
        """A column of a policy on Years, as other sheets name it."""
        return f"{YEARS}!{self.column_of_years(policy, policy, column)}"

    def column_of_years(self, first: int, last: int, column: int) -> str:
        """A column of several policies on Years, for its own formulas."""
        return _absolute(self.year(first, 0), column, self.year(last, self.replications - 1), column)


def _absolute(row: int, column: int, last_row: int, last_column: int) -> str:
    ends = (xl_rowcol_to_cell(r, c, row_abs=True, col_abs=True) for r, c in ((row, column), (last_row, last_column)))
    return ":".join(ends)
