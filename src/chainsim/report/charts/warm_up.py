"""Welch's picture: stock of the whole network from the start of the run, averaged over replications and smoothed, under every policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from chainsim.report.charts.base import Drawing, chart
from chainsim.report.charts.style import MUTED, columns_that_fit, finish, grid, look, new_figure
from chainsim.report.charts.time_axis import across, name_axis
from chainsim.report.facts import Array, Facts
from chainsim.report.settling import settling

if TYPE_CHECKING:
    from chainsim.report.verdict import Narrative


@chart("warm-up", place="advice", rank=1)
def draw(facts: Facts, narrative: Narrative) -> Drawing | None:
    """None where there are hardly any buckets, or nothing was kept of the start."""
    found = settling(facts)
    if found is None:
        return None
    figure, axes = new_figure()
    for policy, line in found.lines.items():
        style = look(policy.index)
        axes.plot(
            _across(facts, line.starts), line.values, color=style.colour, linestyle=style.dash, linewidth=1.6, label=policy.label
        )  # fmt: skip
    if facts.warm_up:
        axes.axvline(
            _across(facts, np.array([facts.warm_up]))[0],
            color=MUTED,
            linewidth=1.0,
            linestyle=(0, (3, 2)),
            label="counting begins",
        )
    axes.set_ylim(bottom=0.0)
    axes.set_xlim(left=_across(facts, np.array([0.0]))[0])
    name_axis(axes, facts, f"{facts.time_unit}s since the start of the run")
    axes.set_ylabel("stock on hand, units")
    grid(axes)
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(
        handles, labels, loc="outside lower center", ncols=columns_that_fit(figure, labels), columnspacing=0.9
    )
    finish(figure, found.title)
    numbers = " ".join(f"{p.label} ends at {float(line.values[-1]):.4g} units." for p, line in found.lines.items())
    return Drawing(figure, found.title, found.caption, numbers)


def _across(facts: Facts, starts: Array) -> Array:
    """Times since the start of the run, on the axis."""
    return across(facts, starts - facts.warm_up) if facts.dated else starts
