"""All files of a report, as bytes. The same results give the same bytes."""

from __future__ import annotations

from chainsim.report.charts import in_order
from chainsim.report.charts.style import settings
from chainsim.report.charts.svg import png_bytes, svg_bytes
from chainsim.report.facts import Facts
from chainsim.report.folder import Tables
from chainsim.report.html import ChartOnPage, page_html
from chainsim.report.narrative import narrate
from chainsim.report.workbook import workbook_bytes


def write_report(results: Tables) -> dict[str, bytes]:
    """Page, workbook and charts of a run, by file name (report.html, workbook.xlsx, charts/*.svg, charts/*.png)."""
    facts = Facts(results)
    narrative = narrate(facts)
    files: dict[str, bytes] = {}
    on_page = []
    for chart in in_order():
        id = chart.id
        with settings():
            drawing = chart.draw(facts, narrative)
            if drawing is None:
                continue
            svg = svg_bytes(id, drawing)
            files[f"charts/{id}.svg"], files[f"charts/{id}.png"] = svg, png_bytes(drawing)
        on_page.append(ChartOnPage(id, chart.place, svg.decode(), drawing.caption))
    return {
        "report.html": page_html(facts, narrative, on_page).encode(),
        "workbook.xlsx": workbook_bytes(facts, narrative),
        **files,
    }
