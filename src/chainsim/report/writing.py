"""All files of a report, as bytes. The same results give the same bytes."""

from __future__ import annotations

from markupsafe import Markup

from chainsim.live.levers import BUDGET, DECIDING
from chainsim.live.panel import panel_of
from chainsim.report.charts import in_order
from chainsim.report.charts.base import Drawing
from chainsim.report.charts.style import settings
from chainsim.report.charts.svg import png_bytes, svg_bytes
from chainsim.report.decision import Decision, decide
from chainsim.report.decision.orders import COLUMNS, FILE, file_rows
from chainsim.report.facts import Facts
from chainsim.report.folder import Tables
from chainsim.report.html import Picture, page_html
from chainsim.report.live import Block, Live
from chainsim.report.narrative import narrate
from chainsim.report.steps import Steps, steps
from chainsim.report.verdict import Narrative
from chainsim.report.workbook import workbook_bytes
from chainsim.study.csvtext import csv_bytes
from chainsim.study.results import Results


def _levers(results: Tables, facts: Facts, narrative: Narrative) -> Live | None:
    """The levers of the page: of results that know, or whose folder knows, what they were simulated with."""
    if not isinstance(results, Results) or "scenario.yaml" not in results.files:
        return None
    budget = DECIDING if results.manifest["command"].endswith(" --decide") else BUDGET
    made = panel_of(results, chosen=facts.policies[narrative.chosen].name, budget=budget)
    if made is None:
        return None
    blocks = tuple(Block(*block) for block in made.data)
    return Live(
        Markup(made.html), made.early, made.scripts, made.styles, blocks, made.engine
    )  # the panel's template has escaped it


def _steps(results: Tables, decision: Decision) -> Steps | None:
    """A replication to step through, of results that know what they were simulated with."""
    if not isinstance(results, Results) or "scenario.yaml" not in results.files:
        return None
    return steps(results, decision.situation)


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
        "report.html": page_html(
            facts, decision, _levers(results, facts, narrative), pictures, _steps(results, decision)
        ).encode(),
        "workbook.xlsx": workbook_bytes(facts, narrative),
        **({FILE: csv_bytes(COLUMNS, file_rows(decision.situation))} if decision.orders else {}),
        **files,
    }
