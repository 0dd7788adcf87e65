"""A chart of the page by itself, to be looked at in a notebook or put into slides."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from chainsim.errors import UsageError
from chainsim.report.charts.base import CHARTS, Drawing
from chainsim.report.charts.style import settings
from chainsim.report.charts.svg import png_bytes, svg_bytes
from chainsim.report.facts import Facts
from chainsim.report.folder import Tables
from chainsim.report.narrative import narrate


@dataclass(frozen=True)
class InlineChart:
    """A chart that a notebook shows. title: the finding; caption: what is drawn; alt: the same with its numbers, for who cannot
    see it; svg: the picture, which loads nothing."""

    name: str
    title: str
    caption: str = field(repr=False)
    alt: str = field(repr=False)
    svg: str = field(repr=False)
    drawing: Drawing = field(repr=False, compare=False)

    def save(self, path: str | Path) -> Path:
        """Write it as `.svg` or `.png`, by the ending of the path. Raises UsageError for any other."""
        file = Path(path)
        if file.suffix == ".svg":
            file.write_text(self.svg, "utf-8")
        elif file.suffix == ".png":
            with settings():
                file.write_bytes(png_bytes(self.drawing))
        else:
            raise UsageError(f"a chart is saved as .svg or .png, not as '{file.name}'")
        return file

    def _repr_svg_(self) -> str:
        return self.svg


def chart_of(results: Tables, name: str) -> InlineChart:
    """The chart of that name as the page has it. Raises UsageError for an unknown one, and for one with nothing to show."""
    chart = CHARTS.get(name)
    facts = Facts(results)
    with settings():
        drawing = chart.draw(facts, narrate(facts))
        if drawing is None:
            raise UsageError(f"the chart '{name}' has nothing to show here, and the page leaves it out")
        svg = svg_bytes(chart.id, drawing).decode()
    return InlineChart(chart.id, drawing.title, drawing.caption, drawing.alt, svg, drawing)
