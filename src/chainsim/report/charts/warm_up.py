"""Welch's picture: stock of the whole network from the start of the run, averaged over replications and smoothed, under every policy.

Where the lines have levelled out, counting may begin.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chainsim.report.charts.base import Drawing, chart
from chainsim.report.charts.style import MUTED, columns_that_fit, finish, grid, look, new_figure
from chainsim.report.facts import Facts
from chainsim.report.numbers import length, several
from chainsim.report.phrases import listed
from chainsim.report.starting import starts
from chainsim.statistics import welch

if TYPE_CHECKING:
    from chainsim.report.verdict import Narrative

FEWEST = 12
"""Buckets below which there is nothing to smooth."""
PART = 20
"""The window reaches over a twentieth of the run to either side."""


@chart("warm-up", place="advice", rank=1)
def draw(facts: Facts, narrative: Narrative) -> Drawing | None:
    """None where there are hardly any buckets, or nothing was kept of the start."""
    table = facts.tables.series
    whole = table[(table["site"] == "") & (table["product"] == "") & (table["statistic"] == "mean")]
    lines = {p: whole[whole["policy"] == p.name].sort_values("start") for p in facts.policies}
    n = min((len(line) for line in lines.values()), default=0)
    if n < FEWEST:
        return None
    window = max(1, n // PART)
    figure, axes = new_figure()
    ends = {}
    for policy, line in lines.items():
        smooth = welch(line["on_hand"].to_numpy(float), window)
        starts = line["start"].to_numpy(float)[: len(smooth)] + facts.warm_up
        axes.plot(
            starts,
            smooth,
            color=look(policy.index).colour,
            linestyle=look(policy.index).dash,
            linewidth=1.6,
            label=policy.label,
        )
        ends[policy.label] = float(smooth[-1])
    if facts.warm_up:
        axes.axvline(facts.warm_up, color=MUTED, linewidth=1.0, linestyle=(0, (3, 2)), label="counting begins")
    axes.set_ylim(bottom=0.0)
    axes.set_xlim(left=0.0)
    axes.set_xlabel(f"{facts.time_unit}s since the start of the run")
    axes.set_ylabel("stock on hand, units")
    grid(axes)
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(
        handles, labels, loc="outside lower center", ncols=columns_that_fit(figure, labels), columnspacing=0.9
    )
    title = _finding(facts)
    finish(figure, title)
    buckets = (
        f"{several(2 * window + 1, 'bucket')} of {length(float(facts.manifest['time']['bucket']), facts.time_unit)}"
    )
    mean = f"the average of {several(facts.n, 'replication')}" if facts.n > 1 else "the only replication"
    caption = f"Welch’s picture: stock on hand of the whole network at the ends of buckets, {mean}, each point the mean over {buckets} (fewer at the start)."
    numbers = " ".join(f"{label} ends at {value:.4g} units." for label, value in ends.items())
    return Drawing(figure, title, caption, numbers)


def _finding(facts: Facts) -> str:
    """What was found of the start, in a title."""
    found = starts(facts)
    sure = [s.label for s in found if s.sure]
    if sure:
        return f"Stock still settles when counting begins: {listed(sure, 'and')}"
    if found and facts.warm_up and all(s.cut is not None for s in found):
        return "Stock has settled when counting begins"
    return "When does the start end? Stock from the first moment on"
