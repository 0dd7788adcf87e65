"""The same numbers for a spreadsheet: one sheet a table, typed cells, text never a formula, the same bytes every time."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from chainsim.report.appendix import definitions_table
from chainsim.report.facts import Facts
from chainsim.report.names import shown
from chainsim.report.verdict import Narrative

MOST_ROWS = 20_000
"""Longer tables are cut, with a note: nobody scrolls through more, and the CSV has them all."""
FORMATS = {"share": "0.0%", "ratio": "0.00", "money": "#,##0", "units": "#,##0.0", "": "#,##0.00"}


def workbook_bytes(facts: Facts, narrative: Narrative) -> bytes:
    """workbook.xlsx: policies at a glance, then every table."""
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(stream, options)
    # a fixed date: the same results give the same bytes
    book.set_properties(
        {"title": facts.title, "created": datetime(2000, 1, 1), "comments": f"chainsim {facts.manifest['chainsim']}"}
    )
    writer = _Writer(book)
    _overview(writer, facts, narrative)
    tables = facts.tables
    whole = tables.replications
    whole = whole[(whole["site"] == "") & (whole["product"] == "")]
    writer.frame("Summary", tables.summary, "summary.csv", facts)
    writer.frame("Comparison", tables.comparison, "comparison.csv", facts)
    writer.frame(
        "Replications", whole, "replications.csv", facts, "Whole network; sites and products are in replications.csv."
    )
    writer.frame("Derived", tables.derived, "derived.csv", facts)
    if facts.has_delivered:
        writer.frame("Delivered", tables.delivered, "delivered.csv", facts)
    writer.frame("Audit", tables.audit, "audit.csv", facts)
    definitions = definitions_table(facts)
    rows = [[cell.text for cell in row] for row in definitions.rows]
    writer.sheet("Definitions", [name for name, _ in definitions.columns], rows, [32, 14, 70, 40, 40])
    book.close()
    return stream.getvalue()


def _overview(writer: _Writer, facts: Facts, narrative: Narrative) -> None:
    """Measures down, policies across: mean and half-width."""
    sheet = writer.add("Overview")
    sheet.write_string(0, 0, facts.title, writer.bold)
    sheet.write_string(1, 0, f"{narrative.headline} {narrative.text} {narrative.sensitivity}".strip(), writer.wrap)
    sheet.merge_range(1, 0, 1, 1 + 2 * len(facts.policies), "", writer.wrap)
    sheet.write_string(1, 0, f"{narrative.headline} {narrative.text} {narrative.sensitivity}".strip(), writer.wrap)
    sheet.set_row(1, 80)
    heads = ["Measure", "Unit", *(h for p in facts.policies for h in (p.label, "± half-width"))]
    for column, head in enumerate(heads):
        sheet.write_string(3, column, head, writer.head)
    for row, kpi in enumerate(facts.kpis, start=4):
        unit = facts.kpi_units[kpi]
        sheet.write_string(row, 0, facts.title_of(kpi))
        sheet.write_string(row, 1, unit)
        for p in facts.policies:
            e = facts.estimate(p, kpi)
            for offset, value in ((0, e.mean), (1, e.half_width)):
                writer.cell(sheet, row, 2 + 2 * p.index + offset, value, writer.number_of(unit, facts))
    sheet.write_string(len(facts.kpis) + 4, 0, "Verdict", writer.bold)
    for p in facts.policies:
        sheet.write_string(len(facts.kpis) + 4, 2 + 2 * p.index, narrative.standings[p.index], writer.bold)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 14)
    sheet.set_column(2, 1 + 2 * len(facts.policies), 16)
    sheet.freeze_panes(4, 2)


class _Writer:
    def __init__(self, book: Any) -> None:
        self.book = book
        self.bold = book.add_format({"bold": True})
        self.wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self.head = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#EEF3F1"}
        )
        self.numbers = {kind: book.add_format({"num_format": code}) for kind, code in FORMATS.items()}

    def add(self, name: str) -> Any:
        return self.book.add_worksheet(name)

    def number_of(self, unit: str, facts: Facts) -> Any:
        """The number format of a unit."""
        return self.numbers["money" if facts.units.is_money(unit) else unit if unit in FORMATS else ""]

    def cell(self, sheet: Any, row: int, column: int, value: object, format: Any = None) -> None:
        """One cell by its type; what is undefined stays empty."""
        if isinstance(value, str):
            sheet.write_string(row, column, shown(value, 32_000), format)
        elif value is None or value != value:
            sheet.write_blank(row, column, None, format)
        elif isinstance(value, bool):
            sheet.write_boolean(row, column, value, format)
        else:
            sheet.write_number(row, column, float(value), format)  # type: ignore[arg-type]

    def sheet(self, name: str, heads: Sequence[str], rows: Iterable[Sequence[object]], widths: Sequence[int]) -> Any:
        """A sheet with a frozen, filtered head row."""
        sheet = self.add(name)
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head, self.head)
        last = 0
        for last, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                self.cell(sheet, last, column, value)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, last, len(heads) - 1)
        return sheet

    def frame(self, name: str, table: Any, source: str, facts: Facts, note: str = "") -> None:
        """A table of the results folder."""
        heads = [str(c) for c in table.columns]
        told = table.head(MOST_ROWS)
        columns = [told[c].tolist() for c in heads]
        widths = [
            max(10, min(60, max([len(h) + 2, *(len(str(v)) for v in column[:200])])))
            for h, column in zip(heads, columns, strict=True)
        ]
        sheet = self.sheet(name, heads, zip(*columns, strict=True), widths)
        if len(table) > MOST_ROWS:
            note = f"{note} The first {MOST_ROWS} of {len(table)} rows; all are in {source}.".strip()
        if note:
            sheet.write_string(0, len(heads) + 1, note)
