"""Total cost in every replication, at the rates of the sheet Rates: from these come its means, intervals and paired differences."""

from __future__ import annotations

from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from chainsim.report.book.grid import RATES, Grid
from chainsim.report.book.writer import PALE, Column, Writer


def years(writer: Writer, sheet: Any, grid: Grid) -> None:
    """Fill the sheet: what each rate is charged on, the total at the rates above, and its difference to the policy compared with."""
    facts, tally = grid.tally.facts, grid.tally
    columns = [
        Column("Policy", 28), Column("Replication", 11), *(Column(f"{r.title}, {r.where}: {r.counts}", 16, wrap=True) for r in tally.rates),
        Column("Total cost", 14, unit=facts.kpi_units["total_cost"]), Column("Against the one compared with", 14, wrap=True),
    ]  # fmt: skip
    each = f"A replication is a {facts.replication}; amounts are per {facts.over}. "
    text = f"{each}Rates are those of the sheet Rates; all policies meet the same customers, so differences are taken replication by replication."
    writer.note(sheet, 0, text, len(columns), sum(c.width for c in columns))
    sheet.write_string(grid.TOP, 0, "Rate now", writer.look(bold=True, bg_color=PALE))
    sheet.write_string(grid.TOP, 1, "", writer.look(bg_color=PALE))
    for i, rate in enumerate(tally.rates):
        sheet.write_formula(
            grid.TOP, 2 + i, f"={grid.now(i)}", writer.look(rate.kind, bold=True, bg_color=PALE), rate.value
        )
    writer.heads(sheet, grid.TOP + 1, columns)
    for policy in facts.policies:
        for r, amounts in enumerate(tally.drivers[policy.index].tolist()):
            row = grid.year(policy.index, r)
            sheet.write_string(row, 0, policy.label, writer.look())
            sheet.write_number(row, 1, r, writer.look("count"))
            for i, amount in enumerate(amounts):
                sheet.write_number(row, 2 + i, amount, writer.look("units"))
            _total(writer, sheet, grid, policy.index, r)
    last = grid.year(grid.policies - 1, grid.replications - 1)
    sheet.freeze_panes(grid.TOP + 2, 2)
    sheet.autofilter(grid.TOP + 1, 0, last, len(columns) - 1)
    writer.printed(sheet, last, len(columns) - 1)
    sheet.repeat_rows(grid.TOP + 1)


def _total(writer: Writer, sheet: Any, grid: Grid, policy: int, replication: int) -> None:
    row, totals, column = grid.year(policy, replication), grid.tally.totals, grid.total_column
    look = writer.look("money" if abs(totals).max() >= 1000.0 else "cents")

    def cells(of: int) -> str:
        fixed = of == grid.TOP
        return ":".join(xl_rowcol_to_cell(of, c, row_abs=fixed) for c in (2, column - 1))

    total = float(totals[policy, replication])
    sheet.write_formula(row, column, f"=SUMPRODUCT({cells(grid.TOP)},{cells(row)})", look, total)
    own = xl_rowcol_to_cell(row, column)
    everything = grid.column_of_years(0, grid.policies - 1, column)
    there = f"({RATES}!{grid.base}-1)*{grid.replications}+{xl_rowcol_to_cell(row, 1)}+1"
    sheet.write_formula(
        row, column + 1, f"={own}-INDEX({everything},{there})", look, total - float(totals[0, replication])
    )
