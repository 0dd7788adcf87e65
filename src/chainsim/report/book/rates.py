"""The sheet on which one can play: every cost rate in a yellow cell, what it is charged on under every policy, and costs, differences and
ranking as formulas of these. Exact, because costs are sums of rate × quantity; order parameters stay as they were run.
"""

from __future__ import annotations

import math
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from chainsim.report.book.grid import Grid
from chainsim.report.book.sums import Sum, sums
from chainsim.report.book.writer import EDGE, INPUT, PALE, STRONG, Column, Writer

MOST_ABREAST = 7
"""Policies on a printed page."""
NOTES = (
    "Type other rates into the yellow cells: costs, ranking and the charts of Overview follow. Every line of cost is the sum of rate × "
    "quantity, so these are the costs of a run at other rates that orders as this one did.",
    "Order levels stay as run: a policy that derives its levels from costs would derive others (run the scenario again for that). Service "
    "does not depend on rates. A rate that nothing was charged on is left out; rates too many to list are one factor on what they cost.",
)


def rates(writer: Writer, sheet: Any, grid: Grid) -> None:
    """Fill the sheet."""
    columns = _columns(grid)
    sheet.write_string(0, 0, "Play with costs", writer.look(bold=True, font_size=14))
    sheet.set_row(0, 22)
    for row, text in enumerate(NOTES, start=1):
        writer.note(sheet, row, text, len(columns), sum(c.width for c in columns))
    _compared_with(writer, sheet, grid)
    writer.heads(sheet, grid.HEAD, columns)
    for i in range(len(grid.tally.rates)):
        _rate(writer, sheet, grid, i)
    title = f"Costs at these rates, {grid.tally.facts.kpi_units['total_cost']}"
    for column in range(len(columns)):
        sheet.write_string(grid.costs, column, "" if column else title, writer.look(bold=True, bottom=1, bg_color=PALE))
    for told in sums(grid):
        _sum(writer, sheet, grid, told)
    sheet.freeze_panes(grid.HEAD + 1, 1)
    writer.printed(sheet, grid.last, len(columns) - 1, wide=math.ceil(grid.policies / MOST_ABREAST))
    sheet.repeat_rows(grid.HEAD)
    sheet.repeat_columns(0, 1)


def _columns(grid: Grid) -> list[Column]:
    return [
        Column("Rate", 30, wrap=True), Column("Where", 26, wrap=True), Column("Unit", 19), Column("As run", 11), Column("Now", 11),
        Column("Charged on", 22), *(Column(p.label, 17, wrap=True) for p in grid.tally.facts.policies),
    ]  # fmt: skip


def _compared_with(writer: Writer, sheet: Any, grid: Grid) -> None:
    """The cell that says with which policy others are compared, and below it its number."""
    (row, column), number = grid.AGAINST, grid.ITS_NUMBER
    sheet.write_string(row, 0, "Compare with", writer.look(bold=True))
    sheet.write_string(row, column, grid.tally.facts.baseline.label, writer.look(**_INPUT))
    sheet.data_validation(row, column, row, column, {"validate": "list", "source": f"={grid.across()}"})
    sheet.write_string(number[0], 0, "its place among the policies", writer.look(font_color="#666666"))
    formula = f"=MATCH({xl_rowcol_to_cell(row, column)},{grid.across()},0)"
    sheet.write_formula(*number, formula, writer.look("count", align="left", font_color="#666666"), 1)


_INPUT: dict[str, Any] = {"bold": True, "bg_color": INPUT, "border": 1, "border_color": EDGE, "locked": False}


def _rate(writer: Writer, sheet: Any, grid: Grid, i: int) -> None:
    """A row: the rate as run and now, and what it is charged on."""
    rate, row = grid.tally.rates[i], grid.rate(i)
    for column, text in enumerate((rate.title, rate.where, rate.unit)):
        sheet.write_string(row, column, text, writer.look(text_wrap=True))
    sheet.write_string(row, grid.COUNTED, rate.counts, writer.look(align="left", indent=1))
    sheet.write_number(row, grid.AS_RUN, rate.value, writer.look(rate.kind))
    sheet.write_number(row, grid.NOW, rate.value, writer.look(rate.kind, **_INPUT))
    for p, mean in enumerate(grid.tally.means[:, i].tolist()):
        look = writer.look("units" if abs(mean) >= 10.0 else "rate")
        if grid.years:
            sheet.write_formula(row, grid.FIRST + p, f"=AVERAGE({grid.over_years(p, 2 + i)})", look, mean)
        else:
            sheet.write_number(row, grid.FIRST + p, mean, look)


def _sum(writer: Writer, sheet: Any, grid: Grid, told: Sum) -> None:
    row = grid.sums[told.name]
    bold: dict[str, Any] = {"bold": True, "bg_color": STRONG} if told.strong else {}
    for column in range(grid.FIRST):
        sheet.write_string(row, column, "" if column else told.label, writer.look(**bold))
    if told.live_label:
        sheet.write_formula(row, 0, told.live_label, writer.look(**bold), told.label)
    for p, value in enumerate(told.values):
        look = writer.look(told.kind, align="right", text_wrap=True, **bold)
        if told.formula is not None:
            sheet.write_formula(row, grid.FIRST + p, told.formula(p), look, "" if value is None else value)
        elif isinstance(value, str):
            sheet.write_string(row, grid.FIRST + p, value, look)
        elif value is None:
            sheet.write_blank(row, grid.FIRST + p, None, look)
        else:
            sheet.write_number(row, grid.FIRST + p, value, look)
