"""When customers run short while a place is out: one bar a place, from the time to survive to the recovery."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from chainsim.report.charts.base import Drawing
from chainsim.report.charts.style import INK, finish, grid, new_figure
from chainsim.report.names import shown
from chainsim.report.numbers import length
from chainsim.stress.tables import Felt

MOST = 12


def draw_outages(felt: Sequence[Felt], days: float, unit: str, label: str) -> Drawing:
    """The places that hurt most, worst first. A recovery beyond the horizon ends in an arrow."""
    worst = list(felt[:MOST])
    names = [shown(one.out.where.name, 26) for one in worst]
    figure, axes = new_figure(1.5 + 0.27 * len(worst))
    ends = [days + r if isfinite(r := one.out.recovery(0.5)) else days * 1.6 for one in worst]
    starts = [s if isfinite(s := one.out.survival(0.5)) else end for one, end in zip(worst, ends, strict=True)]
    axes.axvspan(0.0, days, color="#ececec", zorder=0)
    for row, (one, begin, end) in enumerate(zip(worst, starts, ends, strict=True)):
        axes.barh(row, max(end - begin, 0.0), left=begin, height=0.55, color="#d55e00", zorder=2)
        if not isfinite(one.out.recovery(0.5)):
            axes.annotate("→", (end, row), va="center", ha="left", color=INK)
    axes.axvline(days, color=INK, linewidth=1.0, linestyle=(0, (4, 2)), zorder=3)
    axes.set_yticks(range(len(worst)), names)
    axes.set_ylim(len(worst) - 0.4, -0.6)
    axes.set_xlim(0.0, max([days, *ends]) * 1.06)
    axes.tick_params(axis="y", length=0)
    grid(axes, "x")
    axes.set_xlabel(f"{unit}s since it went out; grey: it is out")
    first = worst[0].out
    title = f"{names[0]} out for {length(float(f'{days:.3g}'), unit)}: customers run short after {length(float(f'{first.survival(0.5):.3g}'), unit)} under {label}"
    finish(figure, title)
    told = "; ".join(
        f"{name} from {begin:.3g} to {end:.3g}" for name, begin, end in zip(names, starts, ends, strict=True)
    )
    more = f" The {len(worst)} worst of {len(felt)}." if len(felt) > len(worst) else ""
    return Drawing(
        figure,
        title,
        f"When customers lack what they would have on the calm path, place by place; medians.{more}",
        f"{told}.",
    )
