"""Charts of the spreadsheet itself: they read the cells, so they follow whatever rates are typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chainsim.report.book.grid import RATES, Grid
from chainsim.report.charts.style import fill, look
from chainsim.report.facts import Facts
from chainsim.report.numbers import percent

FEW = 5
"""Of more policies the points have a legend in place of names beside them."""


def height(policies: int) -> int:
    """Of a chart, in pixels."""
    return 290 + 14 * max(0, policies - 6)


_MARKERS = {"o": "circle", "s": "square", "^": "triangle", "D": "diamond", "v": "triangle", "P": "plus", "X": "x"}


def cost_stack(book: Any, grid: Grid) -> Any:
    """What the money is spent on, by policy."""
    facts, names = grid.tally.facts, f"={RATES}!{grid.across()}"
    chart = book.add_chart({"type": "bar", "subtype": "stacked"})
    for i, id in enumerate(facts.cost_lines):
        if id in grid.tally.lines:
            # a line that is 0 everywhere may become dear
            chart.add_series({
                "name": f"={RATES}!$A${grid.sums[id] + 1}", "categories": names, "values": f"={RATES}!{grid.across(id)}",
                "fill": {"color": fill(i)[0]}, "gap": 60,
            })  # fmt: skip
    return _framed(chart, "Where the money goes", facts.kpi_units["total_cost"], legend="bottom")


def cost_service(book: Any, facts: Facts, sheet: str, rows: Sequence[int], cost: int, served: int) -> Any:
    """Cost against service, a point a policy. rows: of the policies on the sheet, whose names are in column 0; cost, served: columns."""
    chart = book.add_chart({"type": "scatter"})
    for policy, row in zip(facts.policies, rows, strict=True):
        own = look(policy.index)
        marker = {
            "type": _MARKERS.get(own.marker, "circle"),
            "size": 8,
            "fill": {"color": own.colour},
            "border": {"color": own.colour},
        }
        label = {
            "series_name": True,
            "value": False,
            "position": "above" if policy.index % 2 else "right",
            "font": {"size": 8},
        }
        chart.add_series({
            "name": [sheet, row, 0], "categories": [sheet, row, cost, row, cost], "values": [sheet, row, served, row, served],
            "marker": marker, **({"data_labels": label} if len(facts.policies) <= FEW else {}),
        })  # fmt: skip
    target = "" if facts.target is None else f" (target {percent(facts.target)})"
    _framed(
        chart,
        f"Cost and service{target}",
        facts.kpi_units["total_cost"],
        legend="none" if len(facts.policies) <= FEW else "bottom",
    )
    known = [m for p in facts.policies if (m := facts.mean(p, "fill_rate")) is not None]
    y_axis: dict[str, Any] = {
        "num_format": "0.0%",
        "major_gridlines": {"visible": True, "line": {"color": "#DDDDDD"}},
        "name": "fill rate",
    }
    if known:
        lowest, spread = min(known), max(known) - min(known)
        y_axis |= {"min": max(0.0, round(lowest - 0.3 * spread - 0.005, 2)), "max": 1.0}
    chart.set_y_axis(y_axis)
    return chart


def cash(book: Any, facts: Facts, first: tuple[str, int, int], parts: list[tuple[str, int]]) -> Any:
    """What is tied up, by policy. first: the cell of the first policy's name; parts: name and column of each part."""
    sheet, row, column = first
    last = row + len(facts.policies) - 1
    chart = book.add_chart({"type": "bar", "subtype": "stacked"})
    for i, (name, at) in enumerate(parts):
        chart.add_series({
            "name": name, "categories": [sheet, row, column, last, column], "values": [sheet, row, at, last, at],
            "fill": {"color": fill(i + 1)[0]}, "gap": 60,
        })  # fmt: skip
    return _framed(chart, "Cash tied up", facts.units.currency or "money", legend="bottom")


def _framed(chart: Any, title: str, unit: str, legend: str) -> Any:
    chart.set_title({"name": title, "name_font": {"size": 11, "bold": True}, "overlay": False})
    chart.set_x_axis(
        {
            "name": unit,
            "num_format": "#,##0",
            "name_font": {"size": 9, "bold": False},
            "major_gridlines": {"visible": False},
        }
    )
    chart.set_y_axis(
        {"reverse": True, "crossing": "max", "num_font": {"size": 9}, "major_gridlines": {"visible": False}}
    )
    chart.set_legend({"none": True} if legend == "none" else {"position": legend, "font": {"size": 9}})
    chart.set_chartarea({"border": {"color": "#CCCCCC"}})
    return chart
