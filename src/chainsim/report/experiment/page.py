"""The page of an experiment: one self-contained file that loads nothing and runs nothing."""

from __future__ import annotations

from chainsim.experiments.findings import Findings
from chainsim.report.charts.style import settings
from chainsim.report.charts.svg import png_bytes, svg_bytes
from chainsim.report.experiment import tables
from chainsim.report.experiment.charts import charts
from chainsim.report.experiment.view import View
from chainsim.report.experiment.words import answer
from chainsim.report.html import ChartOnPage, inline, rendered
from chainsim.report.numbers import several
from chainsim.version import __version__


def write_experiment(found: Findings) -> dict[str, bytes]:
    """Page and charts, by file name (experiment.html, charts/*.svg, charts/*.png). The same results give the same bytes."""
    view = View(found)
    files: dict[str, bytes] = {}
    on_page = []
    with settings():
        for name, drawing in charts(view):
            svg = svg_bytes(name, drawing)
            files[f"charts/{name}.svg"], files[f"charts/{name}.png"] = svg, png_bytes(drawing)
            on_page.append(ChartOnPage(name, svg.decode(), drawing.caption))
    return {"experiment.html": _page(view, on_page).encode(), **files}


def _page(view: View, on_page: list[ChartOnPage]) -> str:
    data = view.found.data
    asked = data.asked
    shown = (
        tables.breaks_table(view), tables.best_table(view), tables.effects_table(view), tables.theory_table(view),
        tables.results_table(view),
    )  # fmt: skip
    return rendered(
        "experiment",
        title=asked.title,
        provenance=[
            f"experiment {asked.name}",
            several(len(data.points), "point"),
            several(len(asked.alternatives), "policy").replace("policys", "policies"),
            several(asked.replications, "replication"),
            "common random numbers",
            f"seed {asked.base.scenario.seed}",
            f"chainsim {__version__}",
        ],
        story=asked.story,
        answer=answer(view),
        charts=[inline(chart) for chart in on_page],
        tables=[table for table in shown if table],
        factors=tables.factors_table(view),
        definitions=tables.definitions_table(view),
        failures=[
            f"{point.told(asked.factors)}: {found.failure}"
            for point, found in zip(data.points, data.found, strict=True)
            if found.failure
        ],
        warnings=data.warnings()[:20],
    )
