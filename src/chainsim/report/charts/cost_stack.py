"""What the money is spent on: the cost lines of every policy, with the total."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.patches import Patch

from chainsim.report import findings
from chainsim.report.charts.base import Drawing, chart
from chainsim.report.charts.labels import label_rows, row_names
from chainsim.report.charts.style import INK, fill, finish, first_height, grid, new_figure
from chainsim.report.facts import Facts
from chainsim.report.numbers import on

if TYPE_CHECKING:
    from chainsim.report.verdict import Narrative


@chart("cost-stack", place="first", rank=2)
def draw(facts: Facts, narrative: Narrative) -> Drawing | None:
    """None when the scenario has no costs."""
    fills = {id: fill(i) for i, id in enumerate(facts.cost_lines)}
    lines = [id for id in fills if any(facts.mean(p, id) for p in facts.policies)]
    if not lines:
        return None
    unit = facts.kpi_units["total_cost"]
    totals = [facts.mean(p, "total_cost") or 0.0 for p in facts.policies]
    scale = facts.units.scale(
        unit, [(t, facts.estimate(p, "total_cost").half_width) for p, t in zip(facts.policies, totals, strict=True)]
    )
    figure, axes = new_figure(first_height(len(totals)))
    rows = range(len(totals))
    start = [0.0] * len(totals)
    for id in lines:
        widths = [(facts.mean(p, id) or 0.0) / scale.divisor for p in facts.policies]
        colour, hatch = fills[id]
        axes.barh(rows, widths, left=start, height=0.66, color=colour, hatch=hatch, edgecolor="white", linewidth=0.6)
        start = [s + w for s, w in zip(start, widths, strict=True)]
    for row, (total, end) in enumerate(zip(totals, start, strict=True)):
        axes.annotate(
            on(scale, total),
            (end, row),
            (4, 0),
            textcoords="offset points",
            va="center",
            fontweight="bold",
            color=INK,
            annotation_clip=False,
        )
    label_rows(axes, row_names([p.label for p in facts.policies]))
    axes.tick_params(axis="y", length=0)
    axes.invert_yaxis()
    axes.set_xlim(0, 1.16 * max(*start, 1e-9))
    grid(axes, "x")
    axes.set_xlabel(f"total cost, {scale.unit}")
    handles = [Patch(facecolor=fills[id][0], hatch=fills[id][1], edgecolor="white") for id in lines]
    figure.legend(
        handles,
        [facts.title_of(id).lower() for id in lines],
        loc="outside lower center",
        ncols=min(3, len(lines)),
        handlelength=1.8,
    )
    title = findings.cost_stack(facts, narrative, lines)
    finish(figure, title)
    told = "; ".join(
        f"{p.label}: {scale.told(on(scale, facts.mean(p, 'total_cost')))} ("
        + ", ".join(f"{facts.title_of(id).lower()} {on(scale, facts.mean(p, id))}" for id in lines)
        + ")"
        for p in facts.policies
    )
    return Drawing(figure, title, "Yearly cost of each policy by cost line, with the total.", f"{told}.")
