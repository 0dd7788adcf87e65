"""What a chart is: a function from the facts to a figure whose title says the finding. Saving is the caller's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from matplotlib.figure import Figure

from chainsim.registry import Registry
from chainsim.report.facts import Facts

if TYPE_CHECKING:
    from chainsim.report.verdict import Narrative


@dataclass(frozen=True)
class Drawing:
    """A figure and its words. title: the finding. caption: what is drawn. numbers: what a reader who cannot see it
    needs to know."""

    figure: Figure
    title: str
    caption: str
    numbers: str

    @property
    def alt(self) -> str:
        """The text alternative."""
        return f"{self.caption} {self.numbers}".strip()


Place = Literal["first", "below", "advice"]
Draw = Callable[[Facts, "Narrative"], Drawing | None]
"""None when the chart has nothing to show (no money, one site, …)."""


@dataclass(frozen=True)
class Chart:
    """place: 'first' is the first screen of the page, 'below' the part on the network, 'advice' that on the run; rank: the order
    within."""

    id: str
    place: Place
    rank: int
    draw: Draw


CHARTS: Registry[Chart] = Registry("chart", "chainsim.report.charts", "chainsim.charts")


def chart(id: str, *, place: Place = "below", rank: int = 100) -> Callable[[Draw], Draw]:
    """Decorator: register the function as the chart `id`, which is also the name of its files."""

    def add(draw: Draw) -> Draw:
        CHARTS.register(id)(Chart(id, place, rank, draw))
        return draw

    return add


def in_order() -> list[Chart]:
    """All charts as the page shows them."""
    return sorted((chart for _, chart in CHARTS.items()), key=lambda c: (c.place != "first", c.rank))
