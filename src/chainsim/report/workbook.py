"""The same numbers for a spreadsheet, and costs to play with: typed cells with units and labels, text never a formula, pages that can
be printed, the same bytes every time."""

from __future__ import annotations

import io
from datetime import datetime

import xlsxwriter

from chainsim.report.book import contents, do_this, overview, tables
from chainsim.report.book.grid import RATES, YEARS, Grid
from chainsim.report.book.measures import measures, summary
from chainsim.report.book.rates import rates
from chainsim.report.book.tally import tally
from chainsim.report.book.writer import Writer
from chainsim.report.book.years import years
from chainsim.report.decision import decide
from chainsim.report.facts import Facts
from chainsim.report.verdict import Narrative


def workbook_bytes(facts: Facts, narrative: Narrative) -> bytes:
    """workbook.xlsx: the first screen, what to do, rates to play with, then every table."""
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(stream, options)
    # a fixed date: the same results give the same bytes
    book.set_properties(
        {"title": facts.title, "created": datetime(2000, 1, 1), "comments": f"chainsim {facts.manifest['chainsim']}"}
    )
    writer, decision, tallied = Writer(book, facts.units.is_money), decide(facts, narrative), tally(facts)
    grid = None if tallied is None else Grid(tallied)
    overview.overview(writer, writer.sheet(overview.NAME, overview.ABOUT), decision, grid)
    listing = writer.sheet(contents.NAME, "")
    do_this.do_this(writer, decision)
    if grid is not None:
        rates(writer, writer.sheet(RATES, "Every cost rate, to play with: costs, ranking and charts follow."), grid)
    if grid is not None and grid.years:
        years(
            writer,
            writer.sheet(YEARS, "Total cost of every replication at these rates: where intervals come from."),
            grid,
        )
    measures(writer, facts, narrative)
    summary(writer, facts)
    tables.comparison(writer, facts)
    if facts.has("pairs.csv"):
        tables.pairs(writer, facts)
    if facts.has("risk.csv"):
        tables.risk(writer, facts)
    if facts.has("lanes.csv") and len(facts.tables.lanes):
        tables.lanes(writer, facts)
    tables.replications(writer, facts)
    tables.derived(writer, facts)
    if facts.has_delivered:
        tables.delivered(writer, facts)
    tables.words(writer, facts)
    contents.contents(
        writer,
        listing,
        [facts.title, "Every policy is on every sheet. The folder of the results has all tables as CSV files."],
    )
    book.close()
    return stream.getvalue()
