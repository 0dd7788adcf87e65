"""A chart of an experiment by itself, for a notebook or slides."""

from __future__ import annotations

from chainsim.errors import UsageError
from chainsim.experiments.findings import Findings
from chainsim.registry import did_you_mean
from chainsim.report.charts.style import settings
from chainsim.report.charts.svg import svg_bytes
from chainsim.report.experiment.charts import charts
from chainsim.report.experiment.view import View
from chainsim.report.inline import InlineChart


def chart_of(found: Findings, name: str | None) -> InlineChart:
    """The chart of that name as the page has it, the first one without a name. Raises UsageError that names those there are."""
    with settings():
        known = dict(charts(View(found)))
        if not known:
            raise UsageError("there is nothing to draw")
        chosen = next(iter(known)) if name is None else name
        if chosen not in known:
            raise UsageError(f"no chart '{chosen}'{did_you_mean(chosen, list(known))}; known: {', '.join(known)}")
        drawing = known[chosen]
        return InlineChart(
            chosen, drawing.title, drawing.caption, drawing.alt, svg_bytes(chosen, drawing).decode(), drawing
        )
