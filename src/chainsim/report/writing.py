"""All files of a report, as bytes. The same results give the same bytes."""

from __future__ import annotations

from chainsim.report.charts import in_order
from chainsim.report.charts.base import Drawing
from chainsim.report.charts.style import settings
from chainsim.report.charts.svg import png_bytes, svg_bytes
from chainsim.report.decision import decide
from chainsim.report.decision.orders import COLUMNS, FILE, file_rows
from chainsim.report.facts import Facts
from chainsim.report.folder import Tables
from chainsim.report.html import Picture, page_html
from chainsim.report.narrative import narrate
from chainsim.report.workbook import workbook_bytes
from chainsim.study.csvtext import csv_bytes

OURS = "chainsim."
"""Charts of this package are drawn by data on the page; those of extensions are put there as pictures."""


def write_report(results: Tables) -> dict[str, bytes]:
    """Page, workbook, order parameters and charts of a run, by file name (report.html, workbook.xlsx, order-parameters.csv,
    charts/*.svg, charts/*.png)."""
    facts = Facts(results)
    narrative = narrate(facts)
    decision = decide(facts, narrative)
    files: dict[str, bytes] = {}
    pictures = []
    for chart in in_order():
        with settings():
            drawing: Drawing | None = chart.draw(facts, narrative)
            if drawing is None:
                continue
            files[f"charts/{chart.id}.svg"], files[f"charts/{chart.id}.png"] = (
                svg_bytes(chart.id, drawing),
                png_bytes(drawing),
            )
        if not chart.draw.__module__.startswith(OURS):
            pictures.append(Picture(chart.id, files[f"charts/{chart.id}.png"], drawing.alt, drawing.caption))
    return {
        "report.html": page_html(facts, decision, pictures=pictures).encode(),
        "workbook.xlsx": workbook_bytes(facts, narrative),
        **({FILE: csv_bytes(COLUMNS, file_rows(decision.situation))} if decision.orders else {}),
        **files,
    }
