"""Bullwhip: how much more the orders of each echelon swing than what end customers buy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from chainsim.report import findings
from chainsim.report.charts.base import Drawing, chart
from chainsim.report.charts.labels import label_ends, row_names
from chainsim.report.charts.style import FONT, INK, finish, first_height, grid, ink, look, new_figure, text_size
from chainsim.report.facts import Facts, Policy, echelon, kind_words
from chainsim.report.numbers import PLAIN, grouped, length, on
from chainsim.statistics import Estimate

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from chainsim.report.verdict import Narrative

CALM = 0.005
"""Nothing is drawn where every ratio is 1 to within this."""


@chart("bullwhip", place="first", rank=3)
def draw(facts: Facts, narrative: Narrative) -> Drawing | None:
    """None when no echelon has a bullwhip ratio (steady demand), or every one passes its orders on as they come."""
    kinds = [
        k
        for k in facts.echelons
        if any(facts.mean(p, findings.BULLWHIP, echelon(k)) is not None for p in facts.policies)
    ]
    if not kinds:
        return None
    lines = [(p, [facts.estimate(p, findings.BULLWHIP, echelon(k)) for k in kinds]) for p in facts.policies]
    lines = [(p, estimates) for p, estimates in lines if any(e.mean is not None for e in estimates)]
    values = [e.mean for _, estimates in lines for e in estimates if e.mean is not None]
    if all(abs(v - 1.0) <= CALM for v in values):
        return None
    logarithmic = min(values) > 0 and max(values) / min(values) > 12
    figure, axes = new_figure(first_height(len(facts.policies)))
    shift = 0.28 / max(len(lines), 1)
    places = [
        [(i + (row - (len(lines) - 1) / 2) * shift, e) for i, e in enumerate(estimates) if e.mean is not None]
        for row, (_, estimates) in enumerate(lines)
    ]
    for (policy, _), line in zip(lines, places, strict=True):
        _line(axes, policy, line, logarithmic)
    # not under the names on the right
    axes.plot([-0.4, len(kinds) - 0.7], [1.0, 1.0], color=INK, linewidth=1.0, linestyle=(0, (1, 1.5)), zorder=1)
    if logarithmic:
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0), numticks=12))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: grouped(v, 0) if v >= 1 else f"{v:g}"))
        axes.yaxis.set_minor_formatter(NullFormatter())
    else:
        axes.set_ylim(0, 1.08 * max(max((e.high or e.mean or 0.0) for _, es in lines for e in es), 1.0))
    names = row_names([p.label for p, _ in lines])
    _echelons(axes, figure, kinds, names)
    grid(axes, "y")
    bucket = facts.manifest["time"]["bucket"]
    axes.set_ylabel(f"Var(orders) ÷ Var(end demand){', log scale' if logarithmic else ''}")
    axes.set_xlabel(f"echelon, downstream to upstream (buckets of {length(bucket, facts.time_unit)})")
    title = findings.bullwhip(facts, narrative, kinds)
    finish(figure, title)
    ends = [(line[-1][0], line[-1][1].mean or 0.0) for line in places]
    label_ends(axes, ends, names, [ink(look(p.index).colour) for p, _ in lines])
    told = "; ".join(
        f"{p.label}: "
        + ", ".join(f"{kind_words(k, 18)} {on(PLAIN, e.mean, e.half_width)}" for k, e in zip(kinds, es, strict=True))
        for p, es in lines
    )
    caption = "Variance of the orders each echelon places, relative to that of end demand; 1 means no amplification."
    return Drawing(figure, title, caption, f"{told}.")


def _line(axes: Axes, policy: Policy, line: list[tuple[float, Estimate]], logarithmic: bool) -> None:
    style = look(policy.index)
    means = [e.mean or 0.0 for _, e in line]
    spread = [e.half_width or 0.0 for _, e in line]
    # on a log scale an interval that reaches below 0 is cut just above the bottom
    below = [min(s, 0.9 * m) if logarithmic else s for s, m in zip(spread, means, strict=True)]
    axes.errorbar(
        [x for x, _ in line], means, yerr=[below, spread], color=style.colour, marker=style.marker, linestyle=style.dash,
        markersize=6, capsize=2.5, linewidth=1.6, elinewidth=1.1, zorder=3,
    )  # fmt: skip


def _echelons(axes: Axes, figure: Figure, kinds: list[str], names: list[str]) -> None:
    """The echelons along the axis, over all the width that the names of the policies leave; names of echelons that
    would touch take turns on two or three rows, and are cut when that is not enough."""
    width = 0.84 * figure.get_figwidth() * 72
    widest = max(text_size(figure, line, FONT, "bold")[0] for name in names for line in name.split("\n"))
    share = min(0.5, (widest + 14) / width)
    ends = len(kinds) - 0.8
    axes.set_xlim(-0.4, ends + (ends + 0.4) * share / (1 - share))
    pitch = width * (1 - share) / (ends + 0.4)
    for rows, limit in ((1, 18), (2, 18), (3, 18), (3, 8)):
        labels = [kind_words(k, limit) for k in kinds]
        half = [text_size(figure, label)[0] / 2 + 3 for label in labels]
        if all(half[i] + half[i + rows] <= rows * pitch for i in range(len(kinds) - rows)):
            break
    axes.set_xticks(range(len(kinds)), labels)
    for i, tick in enumerate(axes.xaxis.get_major_ticks()):
        tick.set_pad(3 + i % rows * FONT * 1.25)
